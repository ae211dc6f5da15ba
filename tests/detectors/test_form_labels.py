"""Labels of special categories in forms: without a colon, with a question mark, above a box; and what only looks so."""

import pytest

from detectors.about import Around, keep_about_people
from detectors.forms import forms_in
from detectors.lexicons import load_lexicons
from detectors.special import SpecialDetector
from detectors.types import Span, Text

PERSON = "Wilf Garside"


def found(text: str) -> list[tuple[str, str]]:
    """What stands under a label; the person of the form is known."""
    [spans] = SpecialDetector(load_lexicons()).detect([Text(text)])
    at = text.index(PERSON)
    person = Span("PERSON", at, at + len(PERSON), 0.9, "names", "marked", PERSON)
    kept = keep_about_people(text, sorted([person, *spans], key=lambda span: span.start), Around())
    return [(span.entity_type, text[span.start : span.end]) for span in kept if span.evidence.label]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("Medical\nUses a hoist", [("HEALTH", "Uses a hoist")]),
        ("Medical: uses a hoist", [("HEALTH", "uses a hoist")]),
        ("Medical    uses a hoist", [("HEALTH", "uses a hoist")]),
        ("Dietary\nGluten free", [("HEALTH", "Gluten free")]),
        ("Any dietary requirements?\nGluten free", [("HEALTH", "Gluten free")]),
        ("Unspent convictions?\nOne, theft 2019", [("CRIMINAL", "One, theft 2019")]),
        ("Any health conditions? Uses a hoist", [("HEALTH", "Uses a hoist")]),
        ("Have you any unspent convictions?  Yes, theft", [("CRIMINAL", "Yes, theft")]),
        ("- Religion\n  Quaker", [("RELIGION", "Quaker")]),
        ("Medical\r\nUses a hoist\r\nDietary\r\nVegan", [("HEALTH", "Uses a hoist"), ("HEALTH", "Vegan")]),
        ("Any disability? (please state): uses a hoist", [("HEALTH", "uses a hoist")]),
        # Nothing was filled in, or not by the person.
        ("Medical\nNone", []),
        ("Medical\nDietary\nEthnicity", []),
        ("Any health conditions? Please tell us", []),
        ("Medical\nIf so, ring the office", []),
        ("Disability\nWe welcome applications from all.", []),
        ("Unspent convictions? No", []),
        # These are no labels of that kind.
        ("Medical: yes", []),
        ("Medical centre: Brook Surgery", []),
        ("Medical secretary\nBrook Surgery", []),
        ("Dietary supplements: two boxes", []),
        ("The medical\nwas on Tuesday", []),
    ],
)
def test_labels_of_forms(lines: str, expected: list[tuple[str, str]]) -> None:
    assert found(f"Name: {PERSON}\n{lines}\n") == expected


def test_headings_alone_make_no_form() -> None:
    """A leaflet has them, too: something must be a field for certain."""
    leaflet = f"{PERSON} wrote this leaflet.\n\nMedical\nA hoist is by the pool.\nReligion\nQuakers meet on Sundays.\n"
    assert (found(leaflet), forms_in(leaflet)) == ([], [])


def test_a_cell_of_a_table_headed_medical_may_be_insurance() -> None:
    [spans] = SpecialDetector(load_lexicons()).detect([Text("Standard cover", "Medical")])
    assert spans == []
