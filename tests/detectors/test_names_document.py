"""Who is named again in a text by one half of the name: of somebody named in full, or alone without any doubt."""

from detectors.name_parts import Part
from detectors.names_document import again
from detectors.names_written import name_words


def named_again(text: str, name: str, score: float) -> list[int]:
    """How often each word of a text is somebody again, when the first mention of `name` was found."""
    at = text.index(name)
    part = Part(at, at + len(name), score, "name by the model", name.casefold())
    return [one.start for one in again(text, name_words(text), [part])]


def test_who_is_named_in_full_is_known_by_either_half() -> None:
    text = "Margaret Appleyard rang. Ward 4, then Appleyard home. Margaret slept."
    assert named_again(text, "Margaret Appleyard", 0.6) == [text.index("Appleyard home"), text.index("Margaret slept")]


def test_a_lone_name_that_a_reader_is_certain_of_is_known_again() -> None:
    text = "badge 7 Bagshaw door 2, escorting Bagshaw"
    assert named_again(text, "Bagshaw", 0.95) == [text.rindex("Bagshaw")]
    assert named_again(text, "Bagshaw", 0.8) == []


def test_a_lone_name_that_is_a_word_or_a_town_is_not() -> None:
    assert named_again("Lincoln rang, then off to Lincoln", "Lincoln", 0.99) == []
    assert named_again("ask Grant about the other Grant", "Grant", 0.99) == []
    assert named_again("Bagshaw rang from Bagshaw Building Services", "Bagshaw", 0.99) == []
