"""Names that only the lines around tell: a rota, a score list; and what stands at such a place and is nobody."""

from collections.abc import Sequence

import pytest

from detectors.name_parts import Part
from detectors.names_in_rows import AROUND, KEPT, in_rows
from detectors.names_written import name_words


def named(text: str, found: Sequence[str], score: float = 0.8) -> list[str]:
    """Who is named besides those `found`, each of whom stands once in the text."""
    parts = [Part(at, at + len(name), score, "", name) for name in found for at in [text.index(name)]]
    return [text[part.start : part.end] for part in in_rows(text, name_words(text), parts)]


ROTA = "Micklethwaite → home\nAhmed → ward 4\nBraithwaite → Otley, chair\nSkipton → full\n"


def test_a_line_that_begins_as_most_around_do_begins_with_a_name() -> None:
    assert named(ROTA, ["Micklethwaite", "Ahmed"]) == ["Braithwaite"]  # but no town: "Skipton"


def test_one_line_is_not_enough_nor_are_two_of_many() -> None:
    assert named(ROTA, ["Ahmed"]) == []
    assert named(ROTA + "today → none\n" * 3, ["Micklethwaite", "Ahmed"]) == []
    assert named(ROTA, ["Micklethwaite", "Ahmed"], 0.4) == []  # of whom one is not sure


@pytest.mark.parametrize(
    ("text", "found", "more"),
    [
        ("1 Ahmed 20\n2 Kaur 19\n3 Bagshaw 17\n", ["Ahmed", "Kaur"], ["Bagshaw"]),
        ("pen 1 Ahmed\npen 2 Kaur\nbull Bagshaw\n", ["Ahmed", "Kaur"], []),
        ("- Ahmed: tea\n- Kaur: cups\n- Bagshaw: urn\n", ["Ahmed", "Kaur"], ["Bagshaw"]),
        ("Ahmed, 12\nKaur, 14\nBagshaw Navigation, 33\n", ["Ahmed", "Kaur"], []),
        ("Ahmed, 12\nKaur, 14\nBagshaw's Field, 33\n", ["Ahmed", "Kaur"], []),
        ("Ahmed, 12\nKaur, 14\nBagshaw Solicitors, 33\n", ["Ahmed", "Kaur"], []),
        ("Ahmed 12\nKaur 14\nBagshaw_lease.pdf 33\n", ["Ahmed", "Kaur"], []),
        ("Ahmed 12\nKaur 14\nFriday 33\nThe 4\n", ["Ahmed", "Kaur"], []),
    ],
)
def test_the_place_in_the_line_counts_and_what_stands_beside_it(text: str, found: list[str], more: list[str]) -> None:
    assert named(text, found) == more


def test_whom_the_lines_tell_tells_of_nobody_else() -> None:
    assert named("1 Ahmed\n2 Kaur\n" + "3 Bagshaw\n" * 30, ["Ahmed", "Kaur"]) == []


def test_what_was_looked_at_is_forgotten_in_a_long_text_and_looked_at_again() -> None:
    long = "".join(f"{number} Bagshaw\n" for number in range(KEPT + 20))
    assert named(long + "- tea\n" * AROUND + ROTA, ["Micklethwaite", "Ahmed"]) == ["Braithwaite"]
