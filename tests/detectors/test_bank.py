"""Sort codes and account numbers: a pair says much, half of one only where words name it."""

import pytest

from detectors.bank import load
from detectors.types import DetectorOptions, Span, Text

[DETECTOR] = load(DetectorOptions())


def detect(text: str, label: str = "") -> list[Span]:
    [spans] = DETECTOR.detect([Text(text, label)])
    return spans


PAIRS = [
    ("Sort code 08-99-99 account 66374958", "089999 66374958", 0.85),
    ("08-99-99 66374958", "089999 66374958", 0.5),
    ("40-47-84 / 12345678", "404784 12345678", 0.5),
    ("sort code: 107999\naccount number: 88837491", "107999 88837491", 0.7),
    ("A/C 63748472 at 20-29-59", "202959 63748472", 0.7),
    ("Bank details 87 14 27 46238510", "871427 46238510", 0.7),
    ("bank 40-47-84 account 1234567", "404784 01234567", 0.7),
    ("BACS 20-00-00 12345678", "200000 12345678", 0.8),
    ("sort code 12-03-24, account 12345678", "120324 12345678", 0.7),
    ("account 12345678 sort code 40-47-84 and account 87654321 sort code 40-47-85", "404784 12345678", 0.7),
    ("40-47-84-12345678", "404784 12345678", 0.5),
]


@pytest.mark.parametrize(("text", "value", "score"), PAIRS)
def test_pair(text: str, value: str, score: float) -> None:
    pairs = {span.value: span for span in detect(text) if span.entity_type == "UK_BANK_ACCOUNT"}
    assert value in pairs, detect(text)
    assert pairs[value].score >= score
    covered = "".join(char for char in text[pairs[value].start : pairs[value].end] if char.isdigit())
    assert sorted(covered.zfill(14)) == sorted(value.replace(" ", ""))


ALONE = [
    ("the sort code is 20-00-00", "", "UK_SORT_CODE", "200000"),
    ("sortcode 404784", "", "UK_SORT_CODE", "404784"),
    ("40-47-84", "Sort code", "UK_SORT_CODE", "404784"),
    ("404784", "sort_code", "UK_SORT_CODE", "404784"),
    ("12345678", "Account number", "UK_BANK_ACCOUNT", "12345678"),
    ("1234567", "Account number", "UK_BANK_ACCOUNT", "01234567"),
]


@pytest.mark.parametrize(("text", "label", "kind", "value"), ALONE)
def test_half_of_a_pair_needs_a_name(text: str, label: str, kind: str, value: str) -> None:
    assert [(span.entity_type, span.value) for span in detect(text, label) if span.score >= 0.5] == [(kind, value)]
    if not label:
        return
    assert detect(text) == []


NOTHING = [
    "20-00-00",
    "12345678",
    "dated 12-03-24, reference 12345678",
    "12-03-24 12345678",
    "404784 12345678",
    "Tel 01908 880677",
    "020 7946 0123",
    "GB82WEST12345698765433",
    "40-47-84\n\n12345678",
    "40-47-84" + " x" * 40 + " 12345678",
    "2024-01-02 12345678",
    "1.40-47-84 is a version",
    "card 4111 1111 1111 1111",
]


@pytest.mark.parametrize("text", NOTHING)
def test_nothing(text: str) -> None:
    assert [span for span in detect(text) if span.score >= 0.5] == []


def test_both_pairs_of_a_line_are_found() -> None:
    spans = detect("account 12345678 sort code 40-47-84 and account 87654321 sort code 40-47-85")
    assert {span.value for span in spans} == {"404784 12345678", "404785 87654321"}


@pytest.mark.parametrize(
    "iban", ["GB29 NWBK 6016 1331 9268 19", "gb29nwbk60161331926819", "GB29-NWBK-6016-1331-9268-19"]
)
def test_a_british_iban_names_its_account(iban: str) -> None:
    [span] = detect(f"Pay to {iban}, please")
    assert (span.entity_type, span.value) == ("UK_BANK_ACCOUNT", "601613 31926819")
    assert "".join(filter(str.isdigit, f"Pay to {iban}"[span.start : span.end])) == "60161331926819"


def test_an_order_number_is_no_account() -> None:
    assert [span for span in detect("12345678", "Order number") if span.score >= 0.5] == []
