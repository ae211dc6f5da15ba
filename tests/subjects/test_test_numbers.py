"""Published test numbers and drama numbers: reported in every form, counted apart, never hidden."""

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from subjects.cli import scan_command, whosedata

# A published test card, a number of the drama range, the NHS test range - and real-looking ones beside them.
TEXT = "Card: 4111 1111 1111 1111\nTel: 07700 900123\nNHS number: 999 000 0018\nNHS number: 943 476 5919\n"
TESTS = ["CREDIT_CARD", "PHONE_NUMBER", "UK_NHS"]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WHOSEDATA_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "a.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def scanned(out: str) -> str:
    result = CliRunner().invoke(scan_command, ["share", "--out", out, "--names", "off", "--jobs", "1"])
    assert result.exit_code == 0, result.output
    return result.stdout


def shown(*words: str) -> str:
    return CliRunner().invoke(whosedata, ["show", "report.parquet", *words]).stdout


def test_the_summary_counts_them_apart(place: Path) -> None:
    assert "4\n" in scanned("report.parquet").split("Findings")[1][:8]
    assert "3  of them published test values or numbers reserved for drama" in scanned("report.parquet")


def test_show_names_them(place: Path) -> None:
    scanned("report.parquet")
    table = shown().splitlines()
    assert len(table) == 5
    assert [line.split()[1] for line in table if line.endswith("(test)")] == TESTS
    rows = [json.loads(line) for line in shown("--format", "json").splitlines()]
    assert [row["entity_type"] for row in rows if row["is_test"]] == TESTS
    rows = list(csv.DictReader(shown("--format", "csv").splitlines()))
    assert [row["entity_type"] for row in rows if row["is_test"] == "True"] == TESTS


def test_exports_hold_them(place: Path) -> None:
    def read_xlsx(path: str) -> pd.DataFrame:
        return pd.read_excel(path, engine="openpyxl")

    for suffix, read in (("csv", pd.read_csv), ("xlsx", read_xlsx), ("parquet", pd.read_parquet)):
        scanned(f"report.{suffix}")
        frame = read(f"report.{suffix}")
        assert len(frame) == 4
        assert sorted(frame[frame["is_test"].astype(bool)]["entity_type"]) == TESTS
    scanned("report.jsonl")
    rows = [json.loads(line) for line in Path("report.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sorted(row["entity_type"] for row in rows if row["is_test"]) == TESTS
