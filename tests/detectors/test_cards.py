"""Magnetic stripes, and security codes that stand behind a card and its expiry date."""

import pytest

from detectors.cards import load
from detectors.overlaps import resolve
from detectors.types import DetectorOptions, Span, Text

[DETECTOR] = load(DetectorOptions())


def spans(text: str, label: str = "") -> list[Span]:
    [found] = DETECTOR.detect([Text(text, label)])
    return resolve(found)


def test_track_1_holds_card_and_name() -> None:
    text = "read: %B4111111111111111^DOE/JANE MARIE^29121010000000000123? ok"
    track, card, person = spans(text)
    assert (track.entity_type, card.entity_type, person.entity_type) == ("CARD_TRACK", "CREDIT_CARD", "PERSON")
    assert text[track.start : track.end] == text[6:-3]
    assert (card.value, card.is_test, person.value) == ("4111111111111111", True, "Jane Marie Doe")


@pytest.mark.parametrize(
    "text",
    [";4111111111111111=29121010000012345678?", "4111111111111111=291210100000", "4111111111111111D29121010000012345F"],
)
def test_track_2_holds_a_card(text: str) -> None:
    assert [span.entity_type for span in spans(text)] == ["CARD_TRACK", "CREDIT_CARD"]


@pytest.mark.parametrize(
    "text",
    [
        ";4111111111111112=29121010000012345678?",
        ";4111111111111111=29131010000012345678?",
        "4111111111111111",
        "x=4111111111111111",
        "id=4111111111111111=abc",
    ],
)
def test_no_track(text: str) -> None:
    assert spans(text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("4111 1111 1111 1111 12/27 123", "123"),
        ("4111111111111111,12/27,123,Smith", "123"),
        ("4111-1111-1111-1111 exp 12/2027 / 123", "123"),
        ("3782 822463 10005 01/28 1234", "1234"),
    ],
)
def test_code_behind_card_and_expiry(text: str, code: str) -> None:
    assert [(span.entity_type, span.value) for span in spans(text)] == [("CARD_SECURITY_CODE", code)]


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1111 12/27 1234",
        "4111 1111 1111 1112 12/27 123",
        "4111 1111 1111 1111 13/27 123",
        "4111 1111 1111 1111 12/27 123.50",
        "4111 1111 1111 1111 123",
        "12/27 123",
    ],
)
def test_no_code(text: str) -> None:
    assert spans(text) == []
