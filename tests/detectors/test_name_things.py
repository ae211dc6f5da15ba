"""Firms, places and materials that are called like people, and the people who are called like them."""

import pytest

from detectors.name_things import may_be_somebody
from detectors.name_words import known_things, namesakes
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
        ("Please call Paul Smith about the rent.", ["Paul Smith"]),
        (
            "Paul Smith rang this morning about the rent; he wears a Paul Smith shirt whenever he comes to see us.",
            ["Paul Smith"],
        ),
        ("Paul Smith wrote about the damp in his flat. At Paul Smith's request we sent a man.", ["Paul Smith"] * 2),
        ("We have hired Sarah Lee to cover reception.", ["Sarah Lee"]),
        ("Peter Jones stores his bicycle in the hallway.", ["Peter Jones"]),
        ("Jane Gleeson and Paul Smith have moved out.", ["Jane Gleeson", "Paul Smith"]),
        ("I do not know what comes next, Paul Smith said.", ["Paul Smith"]),
        ("We waited. Next, Paul Smith came in.", ["Paul Smith"]),
        ("Our sponsors were Tesco, John Lewis, William Hill and Boots.", []),
        ("13/03/2024  CARD PAYMENT  William Hill  20.00", []),
        ("The van is leased from Arnold Clark until next summer.", []),
        ("Spoke to Martin Lewis and Peter Jones today.", ["Martin Lewis", "Peter Jones"]),
        ("John Lewis will chair the meeting.", ["John Lewis"]),
        ("A voucher from John Lewis was the prize.", []),
        ("We met at Peter Jones on Monday.", []),
        ("Waitrose and John Lewis have made a joint offer.", []),
        ("The Thomas Cook holiday was paid for.", []),
        ("Dear Harry Potter,\nyour form has come.", ["Harry Potter"]),
        ("We have asked Grant Thornton for the accounts.", []),
        ("Dear Grant Thornton,\nyour form has come.", ["Grant Thornton"]),
        ("The sermon is by Bishop Walsh this year.", ["Bishop Walsh"]),
        ("We read a book called Harry Potter.", []),
        ("Visited Harvey Nichols on Friday.", []),
        ("I ordered a sofa from John Lewis.", []),
        ("Dan Brown's novel lay on the desk; Dan Brown rang.", ["Dan Brown"]),
        ("Harry Potter and the Goblet of Fire is on loan.", []),
        ("Two bottles of Jack Daniel's were left over.", []),
        ("Tom Jones\nTom Ford\n", ["Tom Jones", "Tom Ford"]),
    ],
)
def test_what_is_called_like_a_person(text: str, names: list[str]) -> None:
    assert found(text) == names


def test_every_namesake_is_a_known_thing_that_may_be_somebody() -> None:
    assert namesakes() <= known_things()
    assert [name for name in sorted(namesakes()) if not may_be_somebody(name.split())] == []
