"""The commands as a person types them: exit codes, what is printed where, one clear sentence when it goes wrong."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from subjects.cli import scan_command, whosedata

LETTER = "Dear Ann, my e-mail is ann.lee@mail.example and my NI number is AB 12 34 56 C.\n"


@pytest.fixture
def share(empty_share: Path) -> Path:
    (empty_share / "a.txt").write_text(LETTER, encoding="utf-8")
    return empty_share


def run(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(scan_command, [*words, "--names", "off", "--jobs", "1"], input=stdin)


def test_a_scan_ends_with_a_table_and_the_next_command(share: Path) -> None:
    result = run("share", "--out", "report.parquet")
    assert result.exit_code == 0, result.output
    for words in (
        "1 met",
        "1  examined",
        "1  UK_NINO",
        "share/a.txt",
        "report.parquet",
        "whosedata show report.parquet",
    ):
        assert words in result.stdout
    assert not result.stderr
    assert "ann.lee" not in result.output


def test_the_next_command_works(share: Path) -> None:
    run("share", "--out", "report.parquet")
    shown = CliRunner().invoke(whosedata, ["show", "report.parquet", "--type", "uk_nino", "--format", "json"])
    [row] = map(json.loads, shown.stdout.splitlines())
    explained = CliRunner().invoke(whosedata, ["explain", "report.parquet", row["finding_id"][:8]])
    assert explained.exit_code == 0
    assert "UK_NINO" in explained.stdout
    assert "ni number" in explained.stdout


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "jsonl"])
def test_forms_for_people(share: Path, suffix: str) -> None:
    result = run("share", "--out", f"report.{suffix}")
    assert result.exit_code == 0, result.output
    assert {path.name for path in share.parent.glob("report*")} == {f"report.{suffix}", f"report.items.{suffix}"}


def test_what_was_not_examined_is_exit_3_and_named(share: Path) -> None:
    (share / "x.exe").write_bytes(b"MZ\x90\x00" + bytes(100))
    result = run("share", "-v", "--fail-on", "UK_NINO")
    assert result.exit_code == 3
    assert "not_examined  unsupported  share/x.exe" in result.stdout
    assert "matched 1" in result.stderr


@pytest.mark.parametrize(
    ("rule", "code"),
    [("UK_NINO", 1), ("uk_nino:0.5", 1), ("UK_NINO:1.0", 0), ("CREDIT_CARD", 0), ("NINO", 2), ("x:y", 2)],
)
def test_fail_on(share: Path, rule: str, code: int) -> None:
    assert run("share", "--fail-on", rule).exit_code == code


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nowhere",), "does not exist"), ((), "Nothing to scan"), (("share", "--out", "x.doc"), "must end in"),
        (("share", "--entities", "NINO"), "unknown entity type"), (("share", "--max-file-size", "big"), "not a size"),
        (("share", "--config", "no.toml"), "cannot be read"), (("share", "--min-score", "7"), "out of range"),
        (("share", "--label", "a", "--label", "b"), "2 labels"), (("share", "--out", "no/r.csv"), "does not exist"),
        (("share", "--home", "share/a.txt"), "home folder"),
    ],
)  # fmt: skip
def test_wrong_use_is_exit_2_and_one_sentence(share: Path, words: tuple[str, ...], message: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not result.stdout


def test_a_bad_configuration_names_file_and_key(share: Path) -> None:
    Path("w.toml").write_text("[scan]\nentity = ['X']\n", encoding="utf-8")
    result = run("share", "--config", "w.toml")
    assert (result.exit_code, "unknown key entity in [scan]" in result.stderr) == (2, True)


def test_standard_input(share: Path) -> None:
    command = [sys.executable, "-c", "from subjects.cli import scan_command; scan_command()"]
    command += ["-", "--names", "off", "--jobs", "1"]
    done = subprocess.run(command, input=LETTER.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert b"1  UK_NINO" in done.stdout
    assert not list(share.parent.glob("*.journal"))


def test_quiet(share: Path) -> None:
    result = run("share", "-q")
    assert (result.exit_code, result.output) == (0, "")


def test_clear_values_come_with_a_warning(share: Path) -> None:
    result = run("share", "--values", "clear")
    assert "holds personal data in clear" in result.stderr
    assert "ann.lee" not in result.output


def test_show_of_what_is_no_report(share: Path) -> None:
    for name, words in (("nothing.parquet", "does not exist"), ("share/a.txt", "not a .parquet report")):
        result = CliRunner().invoke(whosedata, ["show", name])
        assert (result.exit_code, words in result.stderr) == (2, True)


def test_lists(share: Path) -> None:
    result = CliRunner().invoke(scan_command, ["--formats", "--detectors"])
    assert result.exit_code == 0
    for words in ("text/csv", "application/pdf", "UK_NINO", "PERSON"):
        assert words in result.stdout


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX systems")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stop_is_told_and_resumable(share: Path, number: int, code: int) -> None:
    for index in range(3000):
        (share / f"{index}.csv").write_text("email\n" + "".join(f"a{index}.{row}@mail.example\n" for row in range(8)))
    words = [sys.executable, "-c", "from subjects.cli import scan_command; scan_command()"]
    process = subprocess.Popen(
        [*words, "share", "--names", "off", "--jobs", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    journal = share.parent / "report.parquet.journal"
    while not list(journal.glob("*.items.arrow")):
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    os.killpg(process.pid, number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (code, b"")
    assert err.decode() == "whosedata: Stopped. The same command goes on with what is not done yet.\n"
    assert journal.is_dir()
    assert run("share").exit_code == 0
    assert not journal.exists()


@pytest.mark.parametrize("name", ["share/a.csv", "donors.xlsx", "list.jsonl"])
def test_a_file_that_is_no_report_is_never_written_over(share: Path, name: str) -> None:
    Path(name).write_text("name,email\nann,ann@mail.example\n", encoding="utf-8")
    before = Path(name).read_bytes()
    result = run("share", "--out", name)
    assert (result.exit_code, "is no report of whosedata" in result.stderr) == (2, True)
    assert Path(name).read_bytes() == before
    for _ in range(2):  # a report is, by the next one
        assert run("share", "--out", "report.csv").exit_code == 0


def test_show_takes_places_as_they_are_printed(share: Path) -> None:
    run("share")
    for item, lines in (("share/a.txt", 3), ("a.txt", 3), ("share", 3), ("nowhere", 0)):
        result = CliRunner().invoke(whosedata, ["show", "report.parquet", "--item", item])
        assert len(result.stdout.splitlines()) == lines
        assert ("no finding matches" in result.stderr) is (lines == 0)
    assert CliRunner().invoke(whosedata, ["show", "report.parquet", "--limit", "-1"]).exit_code == 2


def test_no_command_waits_for_a_library_that_only_another_needs() -> None:
    heavy = ("spacy", "pandas", "clevercsv", "presidio_analyzer", "sqlalchemy", "distributed")
    code = f"import sys, subjects.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
