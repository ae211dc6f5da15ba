"""What was read lately is not read again, and what was read long ago is forgotten."""

from collections.abc import Sequence

import pytest

from detectors.rampart import Tag
from detectors.remembered import LONGEST, Remembering


def reader(asked: list[str], kept: int) -> Remembering:
    def read(texts: Sequence[str]) -> list[list[Tag]]:
        asked.extend(texts)
        return [[Tag("SURNAME", 0, len(text), 0.9)] for text in texts]

    return Remembering(read, kept)


def test_each_text_is_read_once_and_answered_in_its_place() -> None:
    asked: list[str] = []
    read = reader(asked, 100)
    first = read(["Khan", "Ng", "Khan"])
    assert [len(tags) and tags[0].end for tags in first] == [4, 2, 4]
    assert [tags[0].end for tags in read(["Ng", "Nowak", "Khan"])] == [2, 5, 4]
    assert asked == ["Khan", "Ng", "Nowak"]
    assert read([]) == []


def test_what_was_asked_longest_ago_is_forgotten_first() -> None:
    asked: list[str] = []
    read = reader(asked, 2)
    for text in ("a", "b", "a", "c", "a", "b"):
        read([text])
    assert asked == ["a", "b", "c", "b"]
    assert len(read([str(number) for number in range(50)])) == 50


def test_long_texts_are_read_each_time() -> None:
    asked: list[str] = []
    read = reader(asked, 10 * LONGEST)
    for _ in range(2):
        read(["x" * LONGEST, "x" * (LONGEST + 1)])
    assert [len(text) for text in asked] == [LONGEST, LONGEST + 1, LONGEST + 1]


def test_long_texts_take_no_room_of_those_that_are_kept() -> None:
    asked: list[str] = []
    read = reader(asked, 10 * LONGEST)
    read(["short"])
    read([f"{number}{'x' * LONGEST}" for number in range(20)])
    read(["short"])
    assert asked.count("short") == 1


def test_a_reader_that_fails_once_costs_nothing_of_what_is_remembered() -> None:
    asked: list[str] = []

    def read(texts: Sequence[str]) -> list[list[Tag]]:
        asked.extend(texts)
        if "bad" in texts:
            raise MemoryError
        return [[] for _ in texts]

    remembering = Remembering(read, 10)
    remembering(["a", "b"])
    with pytest.raises(MemoryError):
        remembering(["a", "bad", "b"])
    remembering(["b", "a", "cdefghij"])
    remembering(["a", "b", "cdefghij"])
    assert asked == ["a", "b", "bad", "cdefghij"]
