"""The second reader reads what our own tagger is unsure of and nothing else, and both opinions count."""

import time
from collections.abc import Sequence

import pytest

from detectors import names_unsure, second_reader, tagger
from detectors.names import load
from detectors.rampart import Tag
from detectors.types import DetectorOptions, Text

LETTER = """Dear Mrs Margaret Thorpe,

thank you for the forms that Priya Nair brought on Monday. The hall is free in June.

Kind regards
Siobhan Gallagher
"""


def tags_of(monkeypatch: pytest.MonkeyPatch, first: Sequence[Tag], second: Sequence[Tag]) -> list[str]:
    """What each reader says of every text he is given; gives a list of what the second is asked from now on."""
    asked: list[str] = []

    def read(texts: Sequence[str], threshold: float = 0.0) -> list[list[Tag]]:
        asked.extend(texts)
        return [list(second) for _ in texts]

    monkeypatch.setattr(tagger, "tag", lambda texts, threshold=0.0: [list(first) for _ in texts])
    monkeypatch.setattr(second_reader, "tag", read)
    return asked


def test_of_a_plain_letter_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(second_reader, "tag", lambda texts, _: asked.extend(texts) or [[] for _ in texts])
    (detector,) = load(DetectorOptions())
    (found,) = detector.detect([Text(LETTER)])
    assert [LETTER[one.start : one.end] for one in found] == ["Margaret Thorpe", "Priya Nair", "Siobhan Gallagher"]
    assert asked == []


def test_only_the_line_that_leaves_a_doubt_is_asked_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Nothing here.\nThen Quuxley came by.\nNor here.\nThen Quuxley came by.\n"
    at, again = text.index("Quuxley"), text.rindex("Quuxley")
    doubt = [Tag("SURNAME", at, at + 7, 0.5), Tag("SURNAME", again, again + 7, 0.5)]
    asked = tags_of(monkeypatch, doubt, [Tag("GIVEN_NAME", 5, 12, 0.99)])
    (found,) = names_unsure.tag([text])
    assert asked == ["Then Quuxley came by."]
    assert [(one.start, one.label, one.score > 0.85) for one in found] == [
        (at, "SURNAME", True),
        (again, "SURNAME", True),
    ]


@pytest.mark.parametrize(("second", "least", "most"), [([], 0.0, 0.2), ([Tag("SURNAME", 5, 12, 0.5)], 0.45, 0.55)])
def test_both_opinions_count(monkeypatch: pytest.MonkeyPatch, second: list[Tag], least: float, most: float) -> None:
    tags_of(monkeypatch, [Tag("SURNAME", 5, 12, 0.5)], second)
    found = names_unsure.tag(["Then Quuxley came by."])[0]
    assert least <= max((one.score for one in found), default=0.0) <= most


def test_a_name_that_only_the_second_reader_sees_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    tags_of(monkeypatch, [Tag("SURNAME", 5, 12, 0.5)], [Tag("GIVEN_NAME", 18, 24, 0.99)])
    found = names_unsure.tag(["Then Quuxley came Ombudo."])[0]
    assert [(one.start, one.label) for one in found if one.score >= 0.4] == [(18, "GIVEN_NAME")]


def test_forenames_that_are_words_are_asked_about_but_no_months(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = tags_of(monkeypatch, [], [])
    names_unsure.tag(["she wrote to Mark today. Mark this.\nit is due in May, or June.\nMark my words\n"])
    assert asked == ["she wrote to Mark today."]


def test_a_lone_word_of_no_list_is_asked_about_however_certain_the_tagger_is(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = tags_of(monkeypatch, [Tag("SURNAME", 14, 18, 0.999)], [])
    (found,) = names_unsure.tag(["6 May 2024 is\nCame from\npartner.example\n"])
    assert asked == ["Came from"]
    assert [one for one in found if one.score >= 0.5] == []


def test_a_long_text_full_of_doubts_takes_a_time_that_grows_with_its_length(monkeypatch: pytest.MonkeyPatch) -> None:
    def seconds(lines: int) -> float:
        text = "Then Quuxley came by.\n" * lines
        doubts = [Tag("SURNAME", at, at + 7, 0.5) for at in range(5, len(text), 22)]
        tags_of(monkeypatch, doubts, [Tag("SURNAME", 5, 12, 0.9)])
        began = time.process_time()
        names_unsure.tag([text])
        return time.process_time() - began

    seconds(100)
    assert min(seconds(8_000) for _ in range(3)) < 24 * min(seconds(1_000) for _ in range(3))


def test_a_lone_word_within_a_sentence_of_which_the_tagger_is_certain_is_not_asked_about(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = tags_of(monkeypatch, [Tag("SURNAME", 5, 12, 0.97)], [])
    (found,) = names_unsure.tag(["Then Quuxley came by."])
    assert (asked, [one.score for one in found]) == ([], [0.97])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Please call Harry Smith about the rent.", ["Harry Smith"]),
        ("I met Carol Turner and Dean Marsh at the clinic.", ["Carol Turner", "Dean Marsh"]),
        ("Please visit Harry Smith's flat on Monday.", ["Harry Smith"]),
        ("Faith Scott rang on Monday and said the boiler is broken.", ["Faith Scott"]),
        ("The grand hall of Victoria Street is let to Summer Events.", []),
    ],
)
def test_names_made_of_two_ordinary_words_are_read_by_the_second_reader(text: str, names: list[str]) -> None:
    (detector,) = load(DetectorOptions())
    (found,) = detector.detect([Text(text)])
    assert [text[one.start : one.end] for one in found if one.score >= 0.5] == names


@pytest.mark.parametrize(
    ("first", "asked_too"),
    [
        (Tag("SURNAME", 4, 11, 0.99, 0.01), False),
        (Tag("SURNAME", 4, 11, 0.7, 0.25), True),
        (Tag("SURNAME", 4, 11, 0.25, 0.7), True),
        (Tag("SURNAME", 4, 11, 0.1, 0.85), False),
    ],
)
def test_a_word_that_may_be_a_thing_as_well_is_asked_about(
    monkeypatch: pytest.MonkeyPatch, first: Tag, asked_too: bool
) -> None:
    asked = tags_of(monkeypatch, [first], [])
    names_unsure.tag(["The Okonkwo is here."])
    assert bool(asked) == asked_too


def test_a_forename_that_the_tagger_takes_for_a_thing_is_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [Tag("GIVEN_NAME", 9, 14, 0.02, 0.95), Tag("SURNAME", 15, 23, 0.01, 0.98)]
    asked = tags_of(monkeypatch, both, [])
    names_unsure.tag(["Café for Peggy Tolliver", "Café for Ngulp Tolliver"])
    assert asked == ["Café for Peggy Tolliver"]


@pytest.mark.parametrize(
    ("tagger_says", "second_says", "thing", "asked_too"),
    [(0.98, 0.0, True, False), (0.7, 0.9, True, True), (0.7, 0.3, False, True), (0.4, 0.9, False, False)],
)
def test_what_only_the_lists_tell_is_a_thing_where_both_readers_say_so(
    monkeypatch: pytest.MonkeyPatch, tagger_says: float, second_says: float, thing: bool, asked_too: bool
) -> None:
    text = "The gates are shut.\nEdmund Gardner berths at noon."
    tags = [Tag("GIVEN_NAME", 0, 6, 0.1, second_says), Tag("SURNAME", 7, 14, 0.1, second_says)]
    asked = tags_of(monkeypatch, [], [*tags, Tag("SURNAME", 15, 21, 0.1, 1 - second_says)])
    monkeypatch.setattr(tagger, "thing_chance", lambda *_: tagger_says)
    assert names_unsure.takes_for_thing(text, 20, 34) == thing
    assert asked == (["Edmund Gardner berths at noon."] if asked_too else [])


def test_of_such_a_pair_the_second_reader_gives_the_half_at_which_the_tagger_is_blind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = tags_of(monkeypatch, [Tag("SURNAME", 18, 24, 0.9)], [Tag("GIVEN_NAME", 12, 17, 0.97)])
    (found,) = names_unsure.tag(["Please call Carol Turner now."])
    assert asked == ["Please call Carol Turner now."]
    assert [(one.start, one.score) for one in found if one.score >= 0.5] == [(12, 0.97), (18, 0.9)]


def test_a_sure_half_of_such_a_pair_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    tags_of(monkeypatch, [Tag("GIVEN_NAME", 6, 10, 0.91)], [Tag("SURNAME", 11, 16, 0.6)])
    (found,) = names_unsure.tag(["Could Rich Banks come at ten?"])
    assert [(one.start, one.score) for one in found] == [(6, 0.91), (11, 0.6)]


@pytest.mark.parametrize(
    ("text", "asked_too"),
    [
        ("See http://www.quuxley.example/a now.", False),
        ("Write to quuxley@ombudo.example now.", False),
        ("Write to jo@quuxley.example now.", False),
        ("Thanks\n@quuxley for all.", True),
        ("Write to quuxley\njo@ombudo.example", True),
        ("ombudo@example.org quuxley", True),
    ],
)
def test_a_word_of_a_web_or_mail_address_is_no_question(
    monkeypatch: pytest.MonkeyPatch, text: str, asked_too: bool
) -> None:
    at = text.index("quuxley")
    asked = tags_of(monkeypatch, [Tag("SURNAME", at, at + 7, 0.6)], [])
    names_unsure.tag([text])
    assert bool(asked) == asked_too


@pytest.mark.parametrize(
    ("text", "asked_too"),
    [
        ("subject: [ILUG] kernel options", False),
        ("subject: Dear Faith", True),
        ("subject: uncle mark and Mark", True),
        ("Value: IVY BELL", True),
        ("note: miss Hill", True),
        ("note: siobhan", True),
        ("subject: [Razor-users] can somebody tell me why it does not start", False),
        ("note: call Tlaloc back", True),
        ("note: DeShawn", True),
        ("note: 田中太郎", True),
    ],
)
def test_a_cell_is_asked_about_where_the_tagger_or_the_lists_see_any_chance(
    monkeypatch: pytest.MonkeyPatch, text: str, asked_too: bool
) -> None:
    asked = tags_of(monkeypatch, [], [Tag("SURNAME", 9, 12, 0.9)])
    (found,) = names_unsure.tag_short([text])
    assert (asked == [text], bool(found)) == (asked_too, asked_too)
    asked = tags_of(monkeypatch, [Tag("SURNAME", 9, 12, 0.02)], [])
    names_unsure.tag_short([text])
    assert asked == [text]


def test_where_all_is_of_one_case_a_doubt_costs_its_sentence_only(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "the hall was full. mrs. quuxley rang from st. mary's church. nobody else came."
    at = text.index("quuxley")
    for written in (text, text.upper()):
        asked = tags_of(monkeypatch, [Tag("SURNAME", at, at + 7, 0.6)], [])
        monkeypatch.setattr(names_unsure, "announced_before", lambda *_: False)
        names_unsure.tag([written])
        assert [piece.lower() for piece in asked] == ["mrs. quuxley rang from st. mary's church."]
