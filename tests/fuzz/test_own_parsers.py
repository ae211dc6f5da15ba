"""Our own parsers, fed with the words of their formats in any order: they give parts or a reason, and no surprise."""

import os
import re

import pytest
from drained import drain
from fragments import GRAMMARS, Grammar
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import SAMPLES

from scanner.formats import formats, load_format

QUICK, NIGHTLY = 100, 5_000
PLACES, STEP = 24, 7
EACH = pytest.mark.parametrize("grammar", GRAMMARS.values(), ids=list(GRAMMARS))
# The same in every quick run, others every night.
CHECKS = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
quickly = settings(max_examples=QUICK, deadline=None, derandomize=True, suppress_health_check=CHECKS)
nightly = settings(max_examples=int(os.environ.get("WHOSEDATA_FUZZ_EXAMPLES", NIGHTLY)), deadline=None, suppress_health_check=CHECKS)  # fmt: skip  # noqa: E501


def texts(grammar: Grammar) -> st.SearchStrategy[bytes]:
    """Fragments in any order and number, with a little noise between them."""
    word = st.one_of(st.sampled_from(grammar.fragments), st.sampled_from(grammar.fragments), st.binary(max_size=4))
    return st.lists(word, max_size=60).map(b"".join)


def check(grammar: Grammar, body: bytes) -> None:
    data = grammar.wrap(body)
    if data:
        found = drain(load_format(formats()[grammar.media_type]), data)
        assert drain(load_format(formats()[grammar.media_type]), data) == found


@EACH
@quickly
@given(data=st.data())
def test_words_in_any_order(grammar: Grammar, data: st.DataObject) -> None:
    check(grammar, data.draw(texts(grammar)))


@pytest.mark.slow
@EACH
@nightly
@given(data=st.data())
def test_words_in_any_order_at_length(grammar: Grammar, data: st.DataObject) -> None:
    check(grammar, data.draw(texts(grammar)))


@EACH
def test_a_fragment_alone(grammar: Grammar) -> None:
    for fragment in grammar.fragments:
        check(grammar, fragment)
        check(grammar, fragment * 300)


@EACH
@pytest.mark.parametrize(
    "number", [b"9" * 5000, b"0" * 5000 + b"1", b"-1", b"99999999999"], ids=["9s", "0s", "-1", "11"]
)
def test_numbers_that_nobody_counts_with(grammar: Grammar, number: bytes) -> None:
    words = [re.sub(rb"[0-9]+", number, word) for word in grammar.fragments]
    for word in words:
        check(grammar, word)
        check(grammar, b"".join(grammar.fragments) + word)
    check(grammar, b"".join(words))


@pytest.mark.parametrize(
    "grammar", [one for one in GRAMMARS.values() if one.wrap is bytes], ids=lambda one: one.media_type
)
def test_a_fragment_within_a_valid_file(grammar: Grammar) -> None:
    """At the places where words end: there a parser is in the middle of something."""
    data = SAMPLES[grammar.media_type]()
    places = [match.end() for match in re.finditer(rb"\W", data)]
    target = load_format(formats()[grammar.media_type])
    for number, fragment in enumerate(grammar.fragments):
        for place in places[number % STEP :: max(1, len(places) // PLACES)]:
            drain(target, data[:place] + fragment + data[place:])
