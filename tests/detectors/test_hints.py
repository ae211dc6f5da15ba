"""One search over many texts says of each what a search of its own would say."""

import re

from hypothesis import given
from hypothesis import strategies as st

from detectors.hints import holding, mentions
from detectors.types import Text

DIGITS, WORD = re.compile("[0-9]{2}"), re.compile(r"(?<![\w.])a\b")


@given(st.lists(st.text(alphabet="0123 abc.keyK\x00\n", max_size=8), max_size=12))
def test_texts_with_a_hint_are_told_as_by_one_search_each(bodies: list[str]) -> None:
    texts = [Text(body.replace("\x00", "")) for body in bodies]
    for hint in (DIGITS, WORD):
        assert set(holding(texts, hint)) == {index for index, text in enumerate(texts) if hint.search(text.text)}


@given(st.lists(st.text(alphabet="0123\x00", max_size=6), max_size=8))
def test_a_text_may_hold_the_border_itself(bodies: list[str]) -> None:
    texts = list(map(Text, bodies))
    assert set(holding(texts, DIGITS)) == {index for index, text in enumerate(texts) if DIGITS.search(text.text)}


def test_words_are_found_in_any_case_and_not_over_a_border() -> None:
    assert mentions([Text("nothing"), Text("my PassWord")], ("key", "password"))
    assert not mentions([Text("pass"), Text("word")], ("password",))
