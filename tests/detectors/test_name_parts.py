"""What a reader is certain of: whether it names somebody where marks, addresses and settings stand beside it."""

import re

import pytest

from detectors.name_parts import people
from detectors.rampart import Tag


def named(text: str, score: float = 0.99) -> list[str]:
    """Who is named in a text in which every word within ‹› has a tag of this chance."""
    tags, bare, at = [], "", 0
    for match in re.finditer(r"‹([^›]*)›", text):
        bare += text[at : match.start()]
        tags.append(Tag("SURNAME", len(bare), len(bare) + len(match[1]), score, 0.0))
        bare, at = bare + match[1], match.end()
    bare += text[at:]
    return [bare[part.start : part.end] for part in people(bare, 0, tags) if part.score >= 0.5]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Minutes agreed (‹Sharma›/‹Bajwa›).", ["Sharma", "Bajwa"]),
        ("Doubles: ‹Lennox›/‹Ionie› lost to ‹Sun›/‹Lam› 61-58.", ["Lennox", "Ionie", "Sun", "Lam"]),
        ("Photograph: ‹Layth› ‹Ismail›/AFP", ["Layth Ismail"]),
        ("‹O'Neill›/‹Khan-Lees› to bring cakes", ["O'Neill", "Khan-Lees"]),
        ("saved in /home/‹Sharma›/Letters", []),
        ("saved in Letters/Old/‹Sharma›/Photos", []),
        ("see example.org/‹Sharma›/‹Bajwa›", []),
        ("see ‹Sharma›/‹Bajwa›.docx", []),
        ("‹Sharma›/" * 20, []),
    ],
)
def test_a_slash_between_names_is_no_path(text: str, names: list[str]) -> None:
    assert named(text) == names


def test_the_letter_of_a_flat_is_no_initial() -> None:
    assert named("9A ‹Sikora›, late\n10‹F› ‹Chmielewski›, lip") == ["Sikora", "Chmielewski"]
    assert named("ask ‹F› ‹Chmielewski›") == ["F Chmielewski"]


def test_an_address_behind_a_comma_makes_no_street_of_a_name() -> None:
    assert named("‹Uddin›, Attlee Court 3A") == ["Uddin"]
    assert named("‹Uddin›, Hall Crescent") == ["Uddin"]
    assert named("‹Uddin› Court 3A") == named("‹Uddin› Building Services") == named("‹Uddin›, Solicitors") == []


def test_whoever_is_greeted_is_somebody_although_things_end_like_that() -> None:
    assert named("Dear ‹Zhao› ‹Wing›,\nyour form", 0.9) == ["Zhao Wing"]
    assert named("opened the ‹Zhao› ‹Wing›,\nnew beds", 0.9) == []


def test_an_article_is_no_name_nor_is_a_word_with_which_streets_end() -> None:
    assert named("went to ‹a› ‹John› ‹Smith› concert") == ["John Smith"]
    assert named("27 President ‹St›\nOtley", 0.8) == []


def test_two_with_an_ampersand_are_a_firm_unless_the_reader_is_certain() -> None:
    assert named("‹Byrne› & ‹Deasy› won") == ["Byrne", "Deasy"]
    assert named("‹Byrne› & ‹Deasy› won", 0.6) == []


def test_a_town_that_the_reader_is_certain_of_is_somebody() -> None:
    assert named("2 ‹Devon› 3 out", 0.99) == ["Devon"]
    assert named("2 ‹Devon› 3 out", 0.5) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("owner=‹Okafor›\nnext=1", ["Okafor"]),
        ("owner=‹Okafor›, level=2", ["Okafor"]),
        ("owner=‹okafor›\n", []),
        ("owner=‹Okafor›.log\n", []),
        ("NOTE:ask for ‹Zaman›\\, retired", ["Zaman"]),
        ("C:\\Users\\‹Zaman›\\notes", []),
    ],
)
def test_a_value_of_a_setting_or_a_card_may_name_somebody(text: str, names: list[str]) -> None:
    assert named(text) == names


def test_a_type_with_its_size_is_nobody() -> None:
    assert named("surname ‹VARCHAR›(80), gender ‹char› (10)") == []
    assert named("TRIES: ‹TUIPULOTU›(2), ‹ANNE-MARIE› ‹QUUXLEY›(1)") == ["TUIPULOTU", "ANNE-MARIE QUUXLEY"]
    assert named("Mr ‹BRZECZYK›(45) rang") == ["BRZECZYK"]
    assert named("poems by ‹Char› (1907 to 1988)") == ["Char"]


def test_a_lone_forename_that_is_a_word_counts_only_where_the_reader_is_rather_sure() -> None:
    assert named("wrote to ‹Mark› again", 0.7) == ["Mark"]
    assert named("wrote to ‹Mark› again", 0.6) == []
    assert named("wrote to ‹Jane› again", 0.6) == ["Jane"]
