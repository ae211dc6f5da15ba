"""Commands: each is imported when it is asked for, and its line in the table is the first sentence of its own help."""

import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from subjects import cli
from subjects.commands import COMMANDS, Listed, whosedata

HEAVY = ("pyarrow", "pandas", "numpy", "presidio_analyzer", "onnxruntime", "phonenumbers", "cryptography", "scanner")


@pytest.mark.parametrize("name", COMMANDS)
def test_what_is_listed_of_a_command_is_the_first_sentence_of_its_help(name: str) -> None:
    listed = COMMANDS[name]
    command = listed.load()
    assert command.name == name
    # 1,000: no line is so narrow that the sentence is cut.
    assert click.Command(name, help=listed.sentence).get_short_help_str(1_000) == listed.sentence
    assert command.get_short_help_str(1_000) == listed.sentence
    assert not command.hidden


@pytest.mark.parametrize("width", [50, 80, 200])
def test_help_is_as_if_all_commands_were_loaded(width: int) -> None:
    loaded = click.Group(
        whosedata.name,
        commands={name: listed.load() for name, listed in COMMANDS.items()},
        params=whosedata.params,
        help=whosedata.help,
        context_settings=whosedata.context_settings,
    )
    here, there = (
        CliRunner().invoke(group, ["--help"], prog_name="whosedata", terminal_width=width).output
        for group in (whosedata, loaded)
    )
    assert here == there
    assert len(COMMANDS) > 25


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["no-such-command"]])
def test_what_asks_for_no_command_imports_none(words: list[str]) -> None:
    code = (
        "import atexit, sys; from subjects.commands import whosedata; "
        f"atexit.register(lambda: print(sorted(set({HEAVY}) & set(sys.modules)))); whosedata({words}, 'whosedata')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == (2 if words == ["no-such-command"] else 0), done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_installed_command_is_the_one_that_imports_nothing() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"] == {"scan": "subjects.cli:main", "whosedata": "subjects.commands:main"}
    assert cli.whosedata is whosedata


def test_a_line_that_names_no_command_says_so() -> None:
    with pytest.raises(TypeError, match=r"^subjects\.cli:LISTED is no command"):
        Listed("subjects.cli:LISTED", "").load()


@pytest.mark.parametrize("program", ["subjects.cli", "subjects.commands"])
def test_the_programs_import_no_pandas(program: str, tmp_path: Path) -> None:
    """Arrow would, for its first array: a third of a second of each command."""
    (tmp_path / "note.txt").write_text("write to jane@example.org", encoding="utf-8")
    words = ["whosedata", "scan", "note.txt", "--home", "home", "--engine", "serial", "--names", "off", "--quiet"]
    code = (
        "import atexit, sys; atexit.register(lambda: print('pandas' in sys.modules)); "
        f"sys.argv = {words if program == 'subjects.commands' else words[1:]}; from {program} import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.split() == ["False"]
    assert (tmp_path / "report.parquet").exists()


def test_who_needs_pandas_later_gets_it() -> None:
    code = (
        "import sys; from reports.without_pandas import keep_pandas_out; keep_pandas_out(); "
        "assert 'pandas' not in sys.modules; import pandas; keep_pandas_out(); print(len(pandas.DataFrame({'a': [1]})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1"]
