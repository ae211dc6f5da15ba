"""What is looked for only near digits, or only where a word stands, is found as if it were looked for everywhere."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detectors import addresses, bank, dates, phones
from detectors.batch import DIGITS, NUMBER, Batch, Near, words_in
from detectors.context import _pattern, cues_of
from detectors.lexicons import load_lexicons
from detectors.rulefiles import builtin_rules
from detectors.types import Text

GATED = [
    (addresses.POSTCODE, addresses._NEAR_POSTCODE),
    (addresses._NUMBER_BEFORE_NAME, addresses._NEAR_NUMBER),
    (addresses.OPEN_STREET, addresses._NEAR_STREET),
    (addresses.SAID_STREET, addresses._NEAR_SAID),
    (addresses.SAID_NUMBER, addresses._NEAR_SAID_NUMBER),
    (bank._WORTH_A_LOOK, bank._SIX_DIGITS),
    (bank._DASHED, bank._SIX_DIGITS),
    (bank._IBAN, bank._SIX_DIGITS),
    (bank._ACCOUNT, bank._SIX_DIGITS),
    (bank._BARE_SORT, bank._SIX_DIGITS),
    (bank._OLD_ACCOUNT, bank._SIX_DIGITS),
    (dates._AGE, dates._NEAR_AGE),
    (dates._AGE_IN_COMMAS, dates._NEAR_AGE),
    (phones._RUN, phones._NEAR_RUN),
]
AROUND = st.text(alphabet="019 aZ.-/:+(,\n\u00a0\u00e9", max_size=160)
WORDS = sorted({words for rule in builtin_rules() for words in (rule.context, rule.against) if words})


@pytest.mark.parametrize(("hint", "near"), GATED, ids=lambda one: getattr(one, "pattern", "")[:30])
def test_a_hint_near_digits_is_found_as_everywhere(hint: re.Pattern[str], near: Near) -> None:
    @settings(max_examples=150, deadline=None)
    @given(AROUND, st.from_regex(hint), AROUND, st.lists(AROUND, max_size=3))
    def holds(before: str, bait: str, behind: str, others: list[str]) -> None:
        texts = Batch(Text(text.replace("\x00", "")) for text in (before + bait + behind, *others))
        assert texts.holding(hint, near) == texts.holding(hint)
        for index, text in enumerate(texts):
            pieces = [
                match.span()
                for low, high in texts.stretches_of(index, near)
                for match in hint.finditer(text.text, low, high)
            ]
            assert pieces == [match.span() for match in hint.finditer(text.text)]

    holds()


@settings(max_examples=200, deadline=None)
@given(st.from_regex(addresses.SAID_STREET))
def test_a_street_that_is_said_has_a_number_that_is_said(text: str) -> None:
    assert addresses.SAID_NUMBER.search(text)


@given(st.lists(st.text(alphabet="0123456789 .-x", max_size=40), max_size=5))
def test_numbers_are_found_within_stretches_of_digits(bodies: list[str]) -> None:
    batch = Batch(map(Text, bodies))
    assert batch.places(NUMBER) == [match.span() for match in NUMBER.finditer(batch.joined)]


@pytest.mark.parametrize(("hint", "near"), GATED, ids=lambda one: getattr(one, "pattern", "")[:30])
def test_a_text_without_what_a_hint_needs_is_not_searched(hint: re.Pattern[str], near: Near) -> None:
    """Of a column of numbers most is known by its alphabet."""

    @settings(max_examples=100, deadline=None)
    @given(st.text(max_size=60), st.from_regex(hint), st.text(alphabet="0123456789 ", max_size=60))
    def holds(before: str, bait: str, number: str) -> None:
        bodies = [number, before.replace("\x00", "") + bait.replace("\x00", ""), number]
        batch = Batch(map(Text, bodies))
        assert batch.holding(hint) == {index for index, body in enumerate(bodies) if hint.search(body)}
        assert batch.places(near.anchor) == [match.span() for match in near.anchor.finditer(batch.joined)]

    holds()


def test_a_stretch_ends_with_its_text() -> None:
    batch = Batch([Text("no digit"), Text("7 and"), Text("then 8")])
    near = Near(DIGITS, 0, 12, 20)
    assert [batch.stretches_of(index, near) for index in range(3)] == [[(0, 8)], [(0, 5)], [(0, 6)]]
    assert Batch([Text("none")]).stretches_of(0, near) == []


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_where_a_context_word_stands_its_cue_does(data: st.DataObject) -> None:
    words = data.draw(st.sampled_from(WORDS))
    said = data.draw(st.from_regex(_pattern(words), alphabet=st.characters(max_codepoint=127)))
    cues = cues_of(words)
    assert cues.among(words_in(said.lower()))
    assert cues.within(said.lower())


def test_a_word_of_signs_alone_leaves_the_search_open() -> None:
    assert cues_of(("order", "#")).among(frozenset())
    assert not cues_of(("order", "account no")).among(words_in("ordered by nobody"))


def test_each_term_of_a_lexicon_is_looked_for_where_it_stands() -> None:
    lexicons = load_lexicons()
    for head, terms in lexicons.terms.items():
        for term in terms:
            for written in (term, term.replace("'", "\u2019")):
                assert head in lexicons.heads(words_in(f"She has ({written}), they say".lower())), term
    assert not lexicons.heads(words_in("the hall was opened on monday"))


@given(st.text(max_size=60))
def test_words_are_the_runs_of_letters_and_digits(text: str) -> None:
    lowered = text.lower()
    assume(lowered)
    assert words_in(lowered) == frozenset(re.findall(r"[^\W_]+", lowered))
