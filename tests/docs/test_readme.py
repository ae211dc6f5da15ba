"""The README against the program: its commands run, what they print stands there, its tables name what exists."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from detectors.countries import known_countries
from detectors.entities import WORDS
from detectors.registry import load_detectors
from detectors.types import DetectorOptions
from scanner.formats import formats
from subjects.cli import scan_command, whosedata

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CODES = {"scan sample_data/trouble --out trouble.parquet": 3}


def sessions() -> list[tuple[str, str]]:
    """(command, printed) of every console block."""
    found = []
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            found.append((command, printed))
    return found


def same(text: str) -> str:
    """Ids are keyed by the home folder: they differ from one computer to the next, their form does not."""
    return re.sub(r"\b[0-9a-f]{16}\b", "ID", text).strip()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "sample_data", folder / "sample_data")
    return folder


@pytest.mark.parametrize(("command", "printed"), sessions(), ids=[command for command, _ in sessions()])
def test_a_session_is_as_printed(command: str, printed: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    monkeypatch.setenv("WHOSEDATA_HOME", str(place / "home"))
    program, *words = shlex.split(command)
    entry = {"scan": scan_command, "whosedata": whosedata}[program]
    # 80 columns, of which click keeps two for the margin; its test runner would use all.
    result = CliRunner().invoke(entry, words, prog_name=program, terminal_width=78)
    assert result.exit_code == CODES.get(command, 0), result.output
    assert same(result.stdout) == same(printed)


def test_two_lines_set_everything_up() -> None:
    lines = re.findall(r"^pip install .*$", README, re.MULTILINE)
    assert [line.split("  ")[0] for line in lines] == [
        "pip install . && scan sample_data/share --out report.parquet",
        "pip install '.[dev]' && pytest",
    ]


def test_every_format_and_entity_type_is_in_a_table() -> None:
    rows = "\n".join(line for line in README.splitlines() if line.startswith("|"))
    assert [row.what for row in formats().values() if row.what not in rows] == []
    types = {kind for detector in load_detectors(DetectorOptions(names="off")) for kind in detector.entity_types} | {
        "PERSON"
    }
    assert sorted(kind for kind in types if f"`{kind}`" not in rows) == []


def test_every_command_has_help_with_an_example() -> None:
    for words in ([], ["scan"], ["show"], ["explain"], ["verdict"]):
        text = CliRunner().invoke(whosedata, [*words, "--help"]).output
        assert "Example" in text, words


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("https://") or (ROOT / target).exists(), target


def test_every_entity_type_has_words() -> None:
    everything = load_detectors(DetectorOptions(countries=known_countries()))
    assert {kind for detector in everything for kind in detector.entity_types} == set(WORDS)


def test_every_promise_names_a_test_that_is_there_and_a_figure() -> None:
    table = README.partition("| promise | the test behind it | figure |")[2].partition("\n\n")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    assert len(rows) > 20
    for row in rows:
        assert len(row) == 3, row
        named = re.findall(r"`(tests/[^`]*)`", row[1])
        assert named, row
        assert all((ROOT / path).exists() for path in named), named
        assert row[2], row
