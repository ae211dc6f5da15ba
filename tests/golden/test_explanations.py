"""Every finding of the sample share explains itself, from the report alone, and no explanation gives the value away."""

import re
from pathlib import Path

import pytest

from detectors.registry import load_detectors
from detectors.types import DetectorOptions
from reports.explain import explain
from reports.ids import format_id
from reports.parquet import Report
from scanner import scan

SAMPLE = Path(__file__).parents[2] / "sample_data" / "share"
LAYERS = ("pattern", "validator", "context", "label", "document")
TITLES = {"pattern": "Pattern", "validator": "Check", "context": "Words near it", "label": "Label"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def report(home: Path) -> Report:
    return scan(SAMPLE, home=home, values="clear")


@pytest.fixture(scope="module")
def masked(home: Path) -> tuple[Path, Report]:
    return home / "report.parquet", scan(SAMPLE, home=home, out=home / "report.parquet")


def test_every_finding_has_a_layer_that_speaks_for_it(report: Report) -> None:
    for row in report.findings.to_pylist():
        said = [row["evidence"].get(layer) or "" for layer in LAYERS]
        assert [words for words in said if words and not words.startswith("not: ")], row["finding_id"]
        assert len(row["reason"].split()) >= 3, row["reason"]


def test_all_kinds_of_detectors_are_among_them(report: Report) -> None:
    made = {detector.partition(".")[0] for detector in report.findings["detector"].to_pylist()}
    there = {detector.name for detector in load_detectors(DetectorOptions())}
    assert made >= {"rules", "phones", "dates", "bank", "addresses", "names"}
    assert made <= there


def test_no_reason_and_no_evidence_holds_the_value(report: Report) -> None:
    for row in report.findings.to_pylist():
        value = re.sub(r"\W", "", row["value"] or "").casefold()
        said = [row["reason"], *(row["evidence"].get(layer) or "" for layer in LAYERS), *dict(row["facts"]).values()]
        # A short name may be part of a word by chance: Ann in "manner".
        if len(value) > 4:
            assert not [words for words in said if value in re.sub(r"\W", "", words).casefold()], row["finding_id"]


def test_explain_says_what_the_evidence_holds_and_nothing_of_the_value(
    report: Report, masked: tuple[Path, Report]
) -> None:
    """One finding of each detector, type and set of layers, through the command's own function."""
    out, findings = masked
    values = {row["location"] + row["item"] + row["entity_type"]: row["value"] for row in report.findings.to_pylist()}
    seen = set()
    for row in findings.findings.to_pylist():
        evidence = row["evidence"]
        layers = frozenset(layer for layer in TITLES if evidence[layer])
        if (row["detector"], row["entity_type"], layers, row["is_test"]) in seen:
            continue
        seen.add((row["detector"], row["entity_type"], layers, row["is_test"]))
        lines = list(explain(out, format_id(row["finding_id"])))
        starts = {line[2:17].strip() for line in lines}
        assert starts >= {"Finding", "Where", "Why", *(TITLES[layer] for layer in layers)}
        assert ("Test value" in starts) == row["is_test"]
        assert bool(starts & {"Column", "Text"}) == bool(evidence["column_total"])
        value = values[row["location"] + row["item"] + row["entity_type"]] or ""
        assert len(value) < 5 or value not in "\n".join(lines)
        assert "the form of a name by" not in "\n".join(lines)
    assert len(seen) > 25
