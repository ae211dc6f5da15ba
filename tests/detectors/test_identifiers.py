"""Numbers that a site gives out itself: what a table of whosedata.toml finds, and what it is refused for."""

import pickle
from pathlib import Path

import pytest

from detectors.identifiers import load, read_identifiers
from detectors.types import DetectorOptions, Span, Text
from scanner.config import read_config
from scanner.plan import PlanError, make_plan, make_roots

CUSTOMER = {
    "name": "CUSTOMER_NUMBER",
    "regex": "C[0-9]{6}",
    "checksum": "luhn",
    "context": ["customer no"],
    "labels": ["customer number"],
    "score": 0.6,
    "examples": ["C123455"],
}


def spans(table: dict[str, object], text: str, label: str = "") -> list[Span]:
    [detector] = load(DetectorOptions(identifiers=read_identifiers([table])))
    [found] = detector.detect([Text(text, label)])
    return found


@pytest.mark.parametrize(
    ("text", "label", "score"),
    [
        ("C123455", "", 0.6),
        ("customer no C123455.", "", 0.88),
        ("Customer-No: C123455", "", 0.88),
        ("C123455", "CustomerNumber", 0.92),
        ("C123455", "Our customer_number:", 0.92),
        ("C123455", "number", 0.6),
        ("C123456", "customer number", None),
        ("AC123455", "", None),
        ("C1234550", "", None),
        ("C123455_x", "", None),
        ("(C123455)", "", 0.6),
    ],
)
def test_found(text: str, label: str, score: float | None) -> None:
    assert [span.score for span in spans(CUSTOMER, text, label)] == ([] if score is None else [score])


def test_a_finding_says_which_identifier_it_is() -> None:
    [span] = spans(CUSTOMER, "customer no c/o C123455")
    assert (span.entity_type, span.value, span.detector) == (
        "CUSTOMER_NUMBER",
        "C123455",
        "identifiers.customer_number",
    )
    assert "right Luhn digit" in span.reason
    assert "customer no" in span.reason


def test_name_and_regex_are_enough() -> None:
    [span] = spans({"name": "STAFF_NO", "regex": "E1|E12"}, "E12")
    assert (span.start, span.end, span.score) == (0, 3, 0.6)


def test_a_match_never_runs_into_the_next_cell() -> None:
    [detector] = load(DetectorOptions(identifiers=read_identifiers([{"name": "CASE_REF", "regex": r"[^;]*REF-\S+"}])))
    cells = [Text("REF-1"), Text("REF-2"), Text("nothing"), Text("a REF-3")]
    assert [[span.value for span in found] for found in detector.detect(cells)] == [["REF1"], ["REF2"], [], ["AREF3"]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": None}, r"1: name: is missing"),
        ({"name": "customer"}, r"\(customer\): name: .*must be capitals"),
        ({"name": "UK_NINO"}, "name: UK_NINO is a type that whosedata has already"),
        ({"name": "US_SSN"}, "name: US_SSN is a type"),
        ({"regex": None}, r"\[\[identifiers\]\] 1 \(CUSTOMER_NUMBER\): regex: is missing"),
        ({"regex": 7}, "regex: is missing, or no text"),
        ({"regex": "C[0-9"}, "regex: .* is no regular expression of Python: unterminated"),
        ({"regex": "a)|(b"}, "is no regular expression"),
        ({"regex": "C[0-9]*|"}, "matches nothing at all"),
        ({"regex": "(?i)c[0-9]{6}"}, r"write \(\?i:\.\.\.\)"),
        ({"checksum": "mod7"}, "checksum: 'mod7' is not known; known are: .*luhn.*verhoeff"),
        ({"checksum": ["luhn"]}, "checksum: "),
        ({"context": "customer"}, "context: must be a list of words"),
        ({"labels": [""]}, "labels: must be a list of words"),
        ({"labels": ["--"]}, "labels: '--' has neither letters"),
        ({"score": 0}, "score: 0 must be"),
        ({"score": 1.5}, "score: 1.5 must be"),
        ({"score": "high"}, "score: 'high' must be"),
        ({"score": True}, "score: True must be"),
        ({"examples": ["C123456"]}, "examples: 'C123456' is not found"),
        ({"pattern": "x"}, "unknown key pattern; known are: name, regex"),
    ],
)
def test_refused(change: dict[str, object], message: str) -> None:
    table = {key: value for key, value in {**CUSTOMER, **change}.items() if value is not None}
    with pytest.raises(ValueError, match=message):
        read_identifiers([table])


def test_two_of_one_name_and_no_tables_at_all() -> None:
    with pytest.raises(ValueError, match=r"2 \(CUSTOMER_NUMBER\): name: CUSTOMER_NUMBER stands there twice"):
        read_identifiers([CUSTOMER, CUSTOMER])
    for wrong in ({"name": "X1"}, ["X1"], "X1"):
        with pytest.raises(ValueError, match=r"written as \[\[identifiers\]\]"):
            read_identifiers(wrong)


@pytest.mark.parametrize(
    ("checksum", "right", "wrong"),
    [
        ("luhn", "C123455", "C123456"),
        ("verhoeff", "C2363", "C2364"),
        ("damm", "C5724", "C5725"),
        ("mod_11_10", "C794623", "C794624"),
        ("mod_11_2", "0000-0001-2281-955X", "0000-0001-2281-9551"),
        ("mod_97_10", "C79444", "C79445"),
        ("nhs", "943 476 5919", "943 476 5918"),
    ],
)
def test_checksums(checksum: str, right: str, wrong: str) -> None:
    table: dict[str, object] = {"name": "SITE_NO", "regex": "C?[0-9][0-9 -]+[0-9X]", "checksum": checksum}
    assert len(spans(table, right)) == 1
    assert spans(table, wrong) == []


def test_the_plan_carries_them_to_the_workers_and_the_report(tmp_path: Path) -> None:
    file = tmp_path / "w.toml"
    file.write_text('[[identifiers]]\nname = "STAFF_NO"\nregex = "E[0-9]{5}"\n', encoding="utf-8")
    plan = make_plan(make_roots([tmp_path]), read_config(file))
    copy = pickle.loads(pickle.dumps(plan))
    assert [detector.entity_types for detector in load(copy.detectors)] == [("STAFF_NO",)]
    assert '"name": "STAFF_NO"' in plan.printed()


def test_the_file_is_named_in_what_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "w.toml"
    file.write_text('[[identifiers]]\nname = "STAFF_NO"\nregex = "E["\n', encoding="utf-8")
    with pytest.raises(PlanError, match=r"w\.toml: \[\[identifiers\]\] 1 \(STAFF_NO\): regex: 'E\['"):
        read_config(file)
