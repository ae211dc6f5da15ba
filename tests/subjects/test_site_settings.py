"""Countries and a site's own numbers through the command: options, whosedata.toml, workers, what is printed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from reports.parquet import open_report, read_metadata
from subjects.cli import scan_command, whosedata

TEXT = "Customer no C123455, not C123456. Steuer-ID 36 574 261 809, SSN 536-90-4399.\n"
TOML = """
[scan]
countries = ["gb", "de"]

[[identifiers]]
name = "CUSTOMER_NUMBER"
regex = "C[0-9]{6}"
checksum = "luhn"
context = ["customer no"]
labels = ["customer number"]
"""


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WHOSEDATA_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "w.toml").write_text(TOML, encoding="utf-8")
    place = tmp_path / "share"
    place.mkdir()
    (place / "a.txt").write_text(TEXT, encoding="utf-8")
    return place


def run(*words: str) -> Result:
    return CliRunner().invoke(scan_command, [*words, "--names", "off", "--jobs", "1"])


def found() -> set[str]:
    shown = CliRunner().invoke(whosedata, ["show", "report.parquet", "--format", "json"])
    return {json.loads(line)["entity_type"] for line in shown.stdout.splitlines()}


@pytest.mark.parametrize(
    ("words", "types"),
    [
        ((), set()),
        (("--countries", "gb,us"), {"US_SSN"}),
        (("--countries", "eu", "--countries", "us"), {"DE_TAX_ID", "US_SSN"}),
        (("--config", "w.toml"), {"CUSTOMER_NUMBER", "DE_TAX_ID"}),
        (("--config", "w.toml", "--countries", "us"), {"CUSTOMER_NUMBER", "US_SSN"}),
        (("--config", "w.toml", "--entities", "customer_number"), {"CUSTOMER_NUMBER"}),
    ],
)
def test_what_is_looked_for(share: Path, words: tuple[str, ...], types: set[str]) -> None:
    result = run("share", *words)
    assert result.exit_code == 0, result.output
    assert found() == types


def test_the_report_says_what_was_asked(share: Path) -> None:
    assert run("share", "--config", "w.toml", "--fail-on", "CUSTOMER_NUMBER").exit_code == 1
    metadata = read_metadata(open_report(Path("report.parquet")).findings)
    plan = json.loads(metadata["plan"])
    assert plan["detectors"]["countries"] == ["de", "gb"]
    assert plan["detectors"]["identifiers"][0]["name"] == "CUSTOMER_NUMBER"


def test_the_list_follows_the_settings(share: Path) -> None:
    def listed(*words: str) -> set[str]:
        return {line.split()[0] for line in run("--detectors", *words).stdout.splitlines()}

    assert listed("--countries", "gb,de") - listed() == {"DE_TAX_ID", "EU_VAT"}
    assert {"UK_NINO", "UK_SORT_CODE"} <= listed() - listed("--countries", "de")
    assert listed("--config", "w.toml") - listed() == {"DE_TAX_ID", "EU_VAT", "CUSTOMER_NUMBER"}


@pytest.mark.parametrize(
    ("words", "toml", "message"),
    [
        (("--countries", "de,zz"), "", "unknown country zz; known are: be, de, dk,"),
        (("--detectors", "--countries", "uk"), "", "unknown country uk"),
        (("--config", "w.toml"), '[scan]\ncountries = ["xx"]\n', "unknown country xx"),
        (
            ("--config", "w.toml"),
            '[[identifiers]]\nname = "X1"\nregex = "["\n',
            "w.toml: [[identifiers]] 1 (X1): regex",
        ),
        (("--config", "w.toml"), '[identifiers]\nname = "X1"\n', "w.toml: identifiers is written as [[identifiers]]"),
    ],
)
def test_wrong_settings_are_exit_2(share: Path, words: tuple[str, ...], toml: str, message: str) -> None:
    if toml:
        Path("w.toml").write_text(toml, encoding="utf-8")
    result = run("share", *words)
    assert (result.exit_code, message in result.stderr) == (2, True), result.output


def test_a_regex_without_end_costs_its_file_only(share: Path) -> None:
    slow = '[limits]\nstall_seconds = 2\n[[identifiers]]\nname = "SLOW_ONE"\nregex = "(A+)+B"\n'
    Path("w.toml").write_text(slow, encoding="utf-8")
    (share / "trap.txt").write_text("A" * 60 + " B", encoding="utf-8")  # with a B, else it is not even looked for
    (share / "b.txt").write_text("NI number AB 12 34 56 C", encoding="utf-8")
    result = run("share", "--config", "w.toml", "-v")
    assert result.exit_code == 3, result.output
    assert "timed_out  share/trap.txt" in result.stdout
    assert "2  examined" in result.stdout
    assert found() == {"UK_NINO"}
