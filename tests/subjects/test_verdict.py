"""`whosedata verdict` as a person types it: one finding, several, a list, an undo, and what is refused."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from scanner.verdicts import VERDICTS_FILE
from subjects.cli import scan_command, whosedata

LETTER = "Dear Ann, my e-mail is ann.lee@mail.example and my NI number is AB 12 34 56 C.\n"


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WHOSEDATA_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(LETTER, encoding="utf-8")
    rescan()
    return tmp_path / "report.parquet"


def rescan(*words: str) -> Result:
    return CliRunner().invoke(scan_command, ["a.txt", "--names", "off", "--jobs", "1", *words])


def verdict(*words: str) -> Result:
    return CliRunner().invoke(whosedata, ["verdict", *words])


def ids() -> dict[str, str]:
    shown = CliRunner().invoke(whosedata, ["show", "report.parquet", "--format", "json"]).stdout
    return {row["entity_type"]: row["finding_id"] for row in map(json.loads, shown.splitlines())}


def test_a_false_positive_stays_dead_until_undone(report: Path) -> None:
    nino = ids()["UK_NINO"]
    given = verdict("report.parquet", nino[:8], "--not-personal", "--why", "an order number")
    assert given.exit_code == 0, given.output
    assert nino in given.stdout
    result = rescan("--fail-on", "UK_NINO")
    assert result.exit_code == 0
    assert "1  left out by your verdicts" in result.stdout
    assert ids().keys() == {"EMAIL_ADDRESS"}
    listed = verdict("--list").stdout
    for words in (nino, "not-personal", "UK_NINO", "an order number"):
        assert words in listed
    assert verdict("--undo", nino[:8]).exit_code == 0
    assert "There are no verdicts" in verdict("--list").stdout
    assert rescan("--fail-on", "UK_NINO").exit_code == 1


def test_several_at_once_and_accepted_ones_stay(report: Path) -> None:
    before = ids()
    assert verdict("report.parquet", *before.values(), "--accepted", "--why", "known").exit_code == 0
    assert len(verdict("--list").stdout.splitlines()) == 2
    assert "left out" not in rescan().stdout
    assert ids() == before


def test_signed_ids_of_a_data_frame_are_taken(report: Path) -> None:
    found = [int(text, 16) for text in ids().values()]
    signed = [str(number - 2**64 if number >= 2**63 else number) for number in found]
    assert verdict("report.parquet", *signed, "--test-data", "--why", "made up").exit_code == 0
    assert len(verdict("--list").stdout.splitlines()) == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("report.parquet", "ID", "--test-data"), "--why"), (("report.parquet", "--test-data", "--why", "x"), "Name"),
        (("report.parquet", "ID", "--why", "x"), "one of --not-personal"), ((), "Give a report"),
        (("report.parquet", "zzzz", "--accepted", "--why", "x"), "not the id"), (("--undo", "0123"), "No verdict"),
        (("report.parquet", "ID", "0000000000000000", "--accepted", "--why", "x"), "No finding"),
        (("none.parquet", "ID", "--accepted", "--why", "x"), "does not exist"),
        (("report.parquet", "ID", "--accepted", "--why", "x", "--home", "other"), "not made with the key"),
        (("report.parquet", "ID", "--acepted", "--accepted", "--why", "x"), "not the id"),
    ],
)  # fmt: skip
def test_wrong_use_stores_nothing(report: Path, words: tuple[str, ...], message: str) -> None:
    nino = ids()["UK_NINO"]
    result = verdict(*(nino if word == "ID" else word for word in words))
    assert (result.exit_code, message in result.stderr) == (2, True), result.output
    assert len(result.stderr.splitlines()) == 1
    assert "There are no verdicts" in verdict("--list").stdout
    assert not Path("other").exists()


def test_another_homes_report_is_refused(report: Path) -> None:
    nino = ids()["UK_NINO"]
    rescan("--home", "other", "--out", "other.parquet")
    result = verdict("report.parquet", nino, "--accepted", "--why", "x", "--home", "other")
    assert (result.exit_code, "--home DIR" in result.stderr) == (2, True)


def test_no_clear_value_is_kept_and_the_home_is_not_scanned(report: Path) -> None:
    verdict("report.parquet", *ids().values(), "--test-data", "--why", "made up")
    content = (report.parent / "home" / VERDICTS_FILE).read_bytes()
    for clear in (b"ann.lee", b"123456", b"12 34 56", b"a.txt"):
        assert clear not in content
    CliRunner().invoke(scan_command, ["home", "--names", "off", "--jobs", "1", "--out", "h.parquet"])
    assert pq.read_table("h.items.parquet")["item"].to_pylist() == []
