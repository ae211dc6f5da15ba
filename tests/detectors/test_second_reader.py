"""The second reader: capitals and lists reach it, people are told from things, and no text changes another."""

from types import ModuleType

import pytest

from detectors import rampart, second_reader
from detectors.name_parts import believed
from detectors.names import load
from detectors.token_kinds import KINDS, NO_WORD, kinds
from detectors.types import DetectorOptions


def chance(text: str, name: str) -> float:
    """The least chance of a name among the words of `name`."""
    start = text.index(name)
    (tags,) = second_reader.tag([text], 0.0)
    own = [one.score for one in tags if start <= one.start < start + len(name)]
    assert len(own) == len(name.split())
    return min(own)


def test_the_kind_of_a_token_is_how_its_word_is_written_and_listed() -> None:
    text = "Please ask MARGARET Thorpe-x, iPad 7!"
    words = {word: (text.index(word), text.index(word) + len(word)) for word in ("Please", "ask", "MARGARET", "Thorpe")}
    places = [*words.values(), (text.index("Thorpe") + 3, text.index("-")), (text.index("7"), text.index("7") + 1)]
    first, small, capitals, surname, rest, digit = kinds(text, places)
    assert [number // 10 for number in (first, small, capitals, surname)] == [1, 0, 2, 1]
    assert [number % 2 for number in (first, small, capitals, surname)] == [1, 0, 0, 0]
    assert capitals % 10 // 2 in {2, 4}
    assert surname % 10 // 2 == 3
    assert rest == surname
    assert digit == NO_WORD
    assert all(number % 10 < 2 for number in kinds(text, places[:4], listed=False))
    assert all(0 <= number < KINDS for number in (first, small, capitals, surname, digit))


def test_a_text_without_words_has_tokens_of_no_word() -> None:
    assert kinds("7 + 8", [(0, 1), (2, 3), (4, 5)]) == [NO_WORD] * 3
    assert kinds("", []) == []


@pytest.mark.parametrize(
    ("person", "thing", "name"),
    [
        ("Mrs Gardner rang about the rota on Monday.", "The tug Gardner berths at the north quay at noon.", "Gardner"),
        ("Please ask Martha whether she is free.", "Prune Martha hard after flowering, like any other rose.", "Martha"),
        ("Tell Robert Gordon that I will be late.", "Shares in Robert Gordon fell four per cent.", "Robert Gordon"),
    ],
)
def test_people_are_told_from_things_by_the_words_around(person: str, thing: str, name: str) -> None:
    assert chance(person, name) > 0.8
    assert chance(thing, name) < 0.5


def test_capitals_reach_it() -> None:
    assert chance("We met Will at the station.", "Will") > chance("We met will at the station.", "will") + 0.1


def test_firms_and_towns_count_as_places() -> None:
    (tags,) = second_reader.tag(["The invoice came from Hargreaves Plumbing Ltd of Leeds."], 0.0)
    assert max(one.place for one in tags) > 0.8


def test_who_has_read_with_the_lists_says_so() -> None:
    (tags,) = second_reader.tag(["Please ask Margaret Thorpe."])
    assert [one.weighed for one in tags] == [True, True]


def test_what_stands_beside_a_text_changes_nothing_of_it() -> None:
    lines = ["Please ask Margaret Thorpe about it.", "Value: Søren Nörgaard", "MINUTES: PRIYA NAIR", "x", "Ask Wing."]
    alone = [second_reader.tag([line], 0.01)[0] for line in lines]
    together = second_reader.tag([*lines, "Nothing here. " * 90, "Dear Piotr Kowalski, " * 40], 0.01)[: len(lines)]
    for one, other in zip(alone, together, strict=True):
        assert [tag[1:3] for tag in one] == [tag[1:3] for tag in other]
        assert all(abs(a.score - b.score) <= 0.002 for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("missing", [rampart, second_reader])
@pytest.mark.parametrize("mode", ["standard", "thorough"])
def test_a_model_that_is_missing_is_told_when_a_scan_begins(
    monkeypatch: pytest.MonkeyPatch, missing: ModuleType, mode: str
) -> None:
    def check() -> None:
        raise rampart.ModelError("install whosedata again")

    monkeypatch.setattr(missing, "check", check)
    with pytest.raises(rampart.ModelError, match="install whosedata again"):
        load(DetectorOptions(names=mode))
    assert load(DetectorOptions(names="fast"))


def test_what_a_reader_says_who_was_told_of_the_lists_is_hardly_raised_by_them() -> None:
    said = rampart.Tag("GIVEN_NAME", 0, 8, 0.4, 0.5)
    alone, told = (believed("Margaret Nörgaard", 0, 8, one) for one in (said, said._replace(weighed=True)))
    assert alone > 0.7
    assert told == pytest.approx(0.5)
    unlisted = rampart.Tag("SURNAME", 9, 17, 0.4, 0.5, weighed=True)
    assert believed("Margaret Nörgaard", 9, 17, unlisted) == pytest.approx(0.4)
