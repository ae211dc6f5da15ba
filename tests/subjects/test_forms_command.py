"""`whosedata report` on a scanned share: a page, SARIF, JSON and tables, and never over somebody else's file."""

import csv
import json
import os
import stat
from pathlib import Path
from urllib.parse import unquote

import pytest
from browsers import AXE_RUN, axe, chromium
from click.testing import CliRunner, Result
from selectolax.lexbor import LexborHTMLParser

from subjects.cli import whosedata

EVIL = "<img src=x onerror=alert(1)> =1+1.csv"
LEVELS = {"none", "note", "warning", "error"}


def run(*words: str) -> Result:
    return CliRunner().invoke(whosedata, [*words], prog_name="whosedata")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("forms")
    os.environ["WHOSEDATA_HOME"] = str(place / "home")
    share = place / "share"
    (share / "hr").mkdir(parents=True)
    (share / "hr" / "staff.csv").write_text(
        "Name,NI number,E-mail\nAnn Carter,AB123456C,ann@carter.example\nBob Marsh,JG103759A,=bob@marsh.example\n"
    )
    (share / "note.txt").write_text("First line\nHer NI number is AB 12 34 56 C.\n")
    if os.name == "posix":
        (share / EVIL).write_text("E-mail\nann@carter.example\n")
    (share / "broken.zip").write_bytes(b"PK\x03\x04 cut off")
    out = place / "report.parquet"
    assert run("scan", str(share), "--out", str(out), "--jobs", "1", "-q").exit_code == 3
    yield out
    del os.environ["WHOSEDATA_HOME"]


@pytest.fixture
def sarif(report: Path, tmp_path: Path) -> dict:
    out = tmp_path / "x.sarif"
    result = run("report", str(report), "--out", str(out))
    assert result.exit_code == 0, result.output
    log = json.loads(out.read_bytes())
    assert log["version"] == "2.1.0"
    [found] = log["runs"]
    return found


def test_sarif_results_name_a_rule_a_place_and_a_stable_id(sarif: dict):
    rules = sarif["tool"]["driver"]["rules"]
    assert sarif["results"]
    for result in sarif["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in LEVELS
        [place] = result["locations"]
        uri = place["physicalLocation"]["artifactLocation"]["uri"]
        assert unquote(uri).startswith("share/")
        assert " " not in uri
        assert "<" not in uri
        assert len(result["partialFingerprints"]["whosedataFindingId/v1"]) == 16
    fingerprints = [result["partialFingerprints"]["whosedataFindingId/v1"] for result in sarif["results"]]
    assert len(set(fingerprints)) == len(fingerprints)
    assert len({rule["id"] for rule in rules}) == len(rules)


def test_sarif_points_at_the_characters_of_a_line(sarif: dict):
    [region] = [
        place["physicalLocation"]["region"]
        for result in sarif["results"]
        for place in result["locations"]
        if result["ruleId"] == "UK_NINO" and place["physicalLocation"]["artifactLocation"]["uri"] == "share/note.txt"
    ]
    line = "Her NI number is AB 12 34 56 C."
    assert region["startLine"] == 2
    assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == "AB 12 34 56 C"


def test_sarif_says_what_was_not_read(sarif: dict):
    [invocation] = sarif["invocations"]
    assert invocation["executionSuccessful"] is False
    [told] = invocation["toolExecutionNotifications"]
    assert told["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "share/broken.zip"
    assert told["descriptor"]["id"] == "damaged"


@pytest.mark.parametrize("form", ["sarif", "json", "html", "csv", "jsonl"])
def test_no_form_holds_a_value(report: Path, tmp_path: Path, form: str):
    out = tmp_path / f"x.{form}"
    assert run("report", str(report), "--out", str(out)).exit_code == 0
    text = out.read_text(encoding="utf-8")
    for value in ("AB123456C", "AB 12 34 56 C", "JG103759A", "ann@carter", "bob@marsh"):
        assert value not in text
    if os.name == "posix":
        assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_json_is_one_document_with_both_tables(report: Path, tmp_path: Path):
    out = tmp_path / "x.json"
    run("report", str(report), "--out", str(out))
    document = json.loads(out.read_bytes())
    assert {row["item"] for row in document["items"]} >= {"hr/staff.csv", "note.txt", "broken.zip"}
    assert "UK_NINO" in {row["entity_type"] for row in document["findings"]}


@pytest.mark.skipif(os.name != "posix", reason="Windows takes no such name")
def test_a_hostile_name_stays_text(report: Path, tmp_path: Path):
    page, table = tmp_path / "x.html", tmp_path / "x.csv"
    assert run("report", str(report), "--html", str(page), "--out", str(table)).exit_code == 0
    tree = LexborHTMLParser(page.read_text(encoding="utf-8"))
    assert not tree.css("img, script, iframe, [onerror]")
    assert EVIL in tree.body.text()
    assert "1 item could not be read" in tree.body.text()
    with table.open(encoding="utf-8-sig", newline="") as file:
        assert not [cell for row in csv.reader(file) for cell in row if cell.startswith(("=", "+", "@", "\t"))]


@pytest.mark.parametrize("name", ["mine.html", "mine.json", "mine.sarif", "mine.csv"])
def test_nobody_elses_file_is_written_over(report: Path, tmp_path: Path, name: str):
    mine = tmp_path / name
    mine.write_text("my own work")
    result = run("report", str(report), "--out", str(mine))
    assert result.exit_code == 2
    assert "Choose another name" in result.stderr
    assert mine.read_text() == "my own work"
    mine.unlink()
    for _ in range(2):  # its own it may
        assert run("report", str(report), "--out", str(mine)).exit_code == 0


def test_nothing_asked_and_no_such_form_say_what_to_write(report: Path, tmp_path: Path):
    for words in ((), ("--out", str(tmp_path / "x.docx"))):
        result = run("report", str(report), *words)
        assert result.exit_code == 2
        assert ".sarif" in result.stderr


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_a_scan_in_a_browser(report: Path, tmp_path: Path, scheme: str):
    page_file = tmp_path / "x.html"
    run("report", str(report), "--html", str(page_file))
    script = axe()
    with chromium() as browser:
        context = browser.new_context(bypass_csp=True, color_scheme=scheme, viewport={"width": 390, "height": 844})
        page = context.new_page()
        page.goto(page_file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.evaluate(script)
        assert page.evaluate(AXE_RUN) == []
