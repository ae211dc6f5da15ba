"""Firms, places and materials that are called like people, and the people who are called like them."""

import pytest

from detectors.names import load
from detectors.types import DetectorOptions, Text


def found(text: str) -> list[str]:
    (detector,) = load(DetectorOptions())
    (spans,) = detector.detect([Text(text)])
    return [text[span.start : span.end] for span in spans if span.score >= 0.5]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Referral made to Medigold on 3 May.", []),
        ("Spoke to Medigold today re Priya.", ["Priya"]),
        ("Meeting at Tŷ Glas with Gwen.", ["Gwen"]),
        ("James Hardie cladding was used on the gable.", []),
        ("I spoke to James Hardie about his boiler.", ["James Hardie"]),
        ("James Hardie said the cladding is loose.", ["James Hardie"]),
    ],
)
def test_what_is_called_like_a_person(text: str, names: list[str]) -> None:
    assert found(text) == names
