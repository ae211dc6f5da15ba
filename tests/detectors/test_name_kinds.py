"""Apples, ships and law firms that are called like people: things where their line speaks of such, else somebody."""

import pytest

from detectors.name_kinds import kinds, speaks_of_thing
from detectors.names import load
from detectors.types import DetectorOptions, Text


def found(text: str) -> list[str]:
    (detector,) = load(DetectorOptions(names="fast"))
    (spans,) = detector.detect([Text(text)])
    return [text[span.start : span.end] for span in spans if span.score >= 0.5]


@pytest.mark.parametrize(
    ("text", "name", "thing"),
    [
        ("The orchard has two Charles Ross and a Bramley.", "Charles Ross", True),
        ("Charles Ross, James Grieve and Annie Elizabeth for the school.", "Charles Ross", True),
        ("Charles Ross will chair the meeting.", "Charles Ross", False),
        ("The orchard is mown by Jane Okafor.", "Jane Okafor", False),
        ("Charles Ross rang.\nThe orchard is shut.", "Charles Ross", False),
        ("Laing O\u2019Rourke have left the scaffolding.", "Laing O\u2019Rourke", True),
        ("Laing O'Rourke have left the scaffolding.", "Laing O'Rourke", True),
        ("The A4 locomotive Sir Nigel Gresley is in steam.", "Nigel Gresley", True),
        ("The A4 locomotive Sir Nigel Gresley is in steam.", "Gresley", True),
        ("Sir Nigel Gresley sends his apologies.", "Nigel Gresley", False),
    ],
)
def test_a_line_tells_whether_it_speaks_of_such_things(text: str, name: str, thing: bool) -> None:
    start = text.index(name)
    assert speaks_of_thing(text, start, start + len(name)) is thing


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Please prune the orchard: Charles Ross first, then James Grieve.", []),
        ("Charles Ross will chair the meeting.", ["Charles Ross"]),
        ("Spoke to Charles Ross about the orchard.", ["Charles Ross"]),
        ("Dear Charles Ross, the orchard is yours until May.", ["Charles Ross"]),
        ("Charles Ross said the orchard floods.", ["Charles Ross"]),
        ("Mr Charles Ross planted the orchard.", ["Charles Ross"]),
        ("Charles Ross fell in the orchard and his daughter was told.", ["Charles Ross"]),
    ],
)
def test_somebody_who_is_called_like_an_apple_is_found(text: str, names: list[str]) -> None:
    assert found(text) == names


def test_every_kind_has_names_and_words_that_tell_of_it() -> None:
    said, pairs, *_ = kinds()
    assert len(said) > 40
    assert all(len(words) >= 15 for words in said)
    assert all(sum(number in own for own in pairs.values()) >= 20 for number in range(len(said)))
    assert all(len(pair.split()) == 2 and pair == pair.lower() for pair in pairs)


def test_words_that_tell_of_a_kind_are_written_as_they_are_looked_for() -> None:
    assert all(word == word.lower().strip() for said in kinds().said for word in said)
