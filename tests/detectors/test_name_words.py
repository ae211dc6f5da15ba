"""What stands before a name is told by a quick look at its end first: never otherwise than by the whole pattern."""

import random

import pytest

from detectors.name_parts import one_form
from detectors.name_words import (
    ANNOUNCED_BEFORE,
    TITLE_BEFORE,
    TITLES,
    announced_before,
    thing_before,
    thing_before_pattern,
    title_before,
    words,
)

GLUE = (" ", "  ", ". ", ", ", ": ", "\n", " \n", "\u00a0", "-", "", ".", "\t", " - ")
SAID = ("Dear", "signed by", "F.A.O.", "spoke to", "c/o", "the", "at", "of", "Lord", "letter", "ſister", "MÄNNER")


def made_up(seed: int) -> str:
    """Titles, words that announce and others, with all that may stand between them."""
    rng = random.Random(seed)
    known = [*TITLES, *SAID, *sorted(words("thing_before"))]
    cases = (str, str.upper, str.title)
    return "".join(rng.choice(cases)(rng.choice(known)) + rng.choice(GLUE) for _ in range(40))


@pytest.mark.parametrize("seed", range(30))
def test_a_quick_look_tells_what_the_pattern_tells(seed: int) -> None:
    text = made_up(seed)
    for start in range(len(text) + 1):
        assert title_before(text, start) == bool(TITLE_BEFORE.search(text[max(0, start - 14) : start])), text[:start]
        assert announced_before(text, start) == bool(ANNOUNCED_BEFORE.search(text[max(0, start - 24) : start]))
        assert thing_before(text, start) == bool(thing_before_pattern().search(text[max(0, start - 24) : start]))


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Nasir Khan", "nasir khan"),
        ("Mrs Adams Smith", "adams smith"),
        ("Williams Jones", "williams jones"),
        ("Prof. Dr Jane Ali", "jane ali"),
        ("Lord", "lord"),
    ],
)
def test_a_forename_that_ends_like_a_title_keeps_its_end(written: str, form: str) -> None:
    assert one_form(written, turned=False) == form
