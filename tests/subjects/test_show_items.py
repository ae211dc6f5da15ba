"""`whosedata show --items`: what was not examined and why, and what a report says of types that it does not know."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from subjects.cli import scan_command, whosedata


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WHOSEDATA_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "share" / "hr").mkdir(parents=True)
    (tmp_path / "share" / "a.txt").write_text("NI number AB 12 34 56 C\n", encoding="utf-8")
    (tmp_path / "share" / "hr" / "broken.pdf").write_bytes(b"%PDF-1.4\nbroken")
    (tmp_path / "share" / "tune.mp3").write_bytes(b"ID3\x03\x00\x00\x00\x00\x00\x0f" + b"\x00" * 64)
    return tmp_path


def scanned() -> Result:
    return CliRunner().invoke(scan_command, ["share", "--names", "off", "--jobs", "1", "--no-progress"])


def show(*words: str) -> Result:
    return CliRunner().invoke(whosedata, ["show", "report.parquet", *words])


def test_a_scan_says_how_to_list_what_it_did_not_examine(place: Path) -> None:
    result = scanned()
    assert result.exit_code == 3
    line = next(line for line in result.stdout.splitlines() if "--items" in line)
    listed = show(*line.partition("#")[0].split()[3:])
    assert listed.exit_code == 0
    assert "damaged  share/hr/broken.pdf  (" in listed.stdout
    assert "share/tune.mp3" in listed.stdout
    assert "a.txt" not in listed.stdout


def test_items_by_status_place_and_form(place: Path) -> None:
    scanned()
    rows = [json.loads(line) for line in show("--items", "--item", "hr", "--format", "json").stdout.splitlines()]
    assert [(row["item"], row["status"], row["reason"]) for row in rows] == [
        ("hr/broken.pdf", "not_examined", "damaged")
    ]
    read = list(csv.DictReader(show("--items", "--status", "examined", "--format", "csv").stdout.splitlines()))
    assert [(row["item"], row["findings"]) for row in read] == [("a.txt", "1")]
    assert "no item matches" in show("--items", "--status", "partial").stderr
    assert show("--status", "partial").exit_code == 2
    assert show("--items", "--type", "UK_NINO").exit_code == 2


@pytest.mark.parametrize(
    ("typed", "said"), [("UK_NIN", "Did you mean UK_NINO"), ("nhs", "UK_NHS"), ("QQQQQ", "lists the types")]
)
def test_an_unknown_type_is_no_empty_answer(place: Path, typed: str, said: str) -> None:
    scanned()
    answer = show("--type", typed)
    assert (answer.exit_code, said in answer.stderr) == (2, True), answer.output
    assert show("--type", "UK_NHS").exit_code == 0  # known, but none is there


def test_a_site_s_own_type_is_known(place: Path) -> None:
    (place / "w.toml").write_text('[[identifiers]]\nname = "OUR_NUMBER"\nregex = "Q[0-9]{6}"\n', encoding="utf-8")
    CliRunner().invoke(scan_command, ["share", "--names", "off", "--jobs", "1", "--config", "w.toml"])
    assert show("--type", "OUR_NUMBER").exit_code == 0
    assert "OUR_NUMBER" in show("--type", "OUR_NUMBR").stderr


def test_nobody_told_apart_is_said_in_words(place: Path) -> None:
    (place / "share" / "a.txt").write_text("nothing here\n", encoding="utf-8")
    scanned()
    answer = CliRunner().invoke(whosedata, ["people", "report.parquet"])
    assert answer.exit_code == 0
    assert not answer.stdout
    assert "nobody is told apart" in answer.stderr
