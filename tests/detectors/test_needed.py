"""A regex that is left out because its characters are missing would not have matched: of our rules and of any form."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.needed import alphabet, may_match, needed
from detectors.rulefiles import builtin_rules

PATTERNS = sorted({pattern.regex for rule in builtin_rules() for pattern in rule.patterns}, key=str)
FORMS = (
    "a|b", "(?:ab|)c?d", "x{0,3}y", "[^a-z]{2}", r"\w+@\w+", r"(?a:\d)\s", "(?i:straße)", "(?i)[ſk]x", "(?>ab|a)b*+",
    r"(['\"])q\1", "a(?=z)z", "(?<=@)b", "(?<!a)b", ".", "é[à-ü]", r"[\d-]x", "(a)?(?(1)b|c)", r"\Aab\Z", r"\D\W\S",
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_what_a_rule_matches_has_what_it_needs(data: st.DataObject) -> None:
    regex = data.draw(st.sampled_from(PATTERNS))
    text = data.draw(st.from_regex(regex))
    assert may_match(needed(regex), alphabet(text))


@pytest.mark.parametrize("form", FORMS)
def test_what_a_form_matches_has_what_it_needs(form: str) -> None:
    @settings(max_examples=60, deadline=None)
    @given(st.from_regex(form))
    def holds(text: str) -> None:
        assert may_match(needed(re.compile(form)), alphabet(text))

    holds()


@pytest.mark.parametrize("char", ["\u017f", "\u212a", "s", "K", "\u0130", "\u0131"])
def test_other_forms_of_a_letter_count(char: str) -> None:
    """The long s is an s, the sign of Kelvin a k, where case does not matter."""
    for letter in "ksi\u017f\u212a\u0130\u0131":
        regex = re.compile(letter, re.IGNORECASE)
        if regex.search(char):
            assert may_match(needed(regex), alphabet(char))


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("[a-z]+@x", "no sign of it"),
        ("[0-9]{4}", "no digits"),
        ("a(?:b|c)", "ad"),
        (r"\d", "none"),
        ("(?i:q)", "abc"),
    ],
)
def test_what_cannot_match_is_left_out(form: str, text: str) -> None:
    assert not may_match(needed(re.compile(form)), alphabet(text))
