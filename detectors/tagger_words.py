"""A text goes in, its words come out, and for each word the rows of the table of the name tagger that describe it."""

import re
import zlib
from collections.abc import Iterator

from detectors.name_lists import look_up, plain
from detectors.name_words import TITLES
from detectors.name_words import words as listed

ROWS = 1 << 16  # of the table
GRAM_ROWS = 1 << 13  # of them for triples of letters, at the front
# Every character belongs to one word, so that the lengths of the words tell their places. A blank goes with the word
# behind it: " Smith" and "Smith" are two words, and which of them it is says what stands before.
_WORD = re.compile(
    r" ?[^\W\d_]+(?:['\u2019][^\W\d_]{2,})*| ?\d+|[ \t]*\n\s*\n[ \t]*|[ \t]*\n[ \t]*|[ \t]{2,}| ?[^\w\s]|.", re.DOTALL
)
_LONGEST = 24  # letters of a word that are looked at
# Checksums of what features of one kind begin with: those of the features go on from there.
_BEGINNINGS = tuple((n, zlib.crc32(b"p%d " % n)) for n in (2, 3, 4))
_ENDS = tuple((n, zlib.crc32(b"e%d " % n)) for n in (2, 3, 4, 5))
_TRIPLE = zlib.crc32(b"t ")
IDENTITY, LISTS_FROM = 2, 11  # the first rows of a word say which it is, those from here on what the lists say of it
_LISTS = ("common", "ambiguous", "organisation", "place", "thing_before", "particle", "around", "figure", "no_value")


def split(text: str) -> list[str]:
    """The words of a text; joined they are the text."""
    return _WORD.findall(text)


def rows(word: str, rare: tuple[frozenset[int], frozenset[int]]) -> tuple[list[int], list[int]]:
    """Rows that are added up, and rows of which the mean is taken, for one word as it is written.

    `rare`: checksums of the forenames and surnames of the long lists.
    """
    bare = word.strip(" ")
    lowered = plain(bare)[:_LONGEST]
    glued = word[:1] != " "
    if not bare[:1].isalpha():
        kind = "9" * min(len(bare), 6) if bare.isdigit() else _gap(word) if not bare.strip() else bare
        return [_row(f"k {kind}"), _row(f"k {kind} {glued}")], []
    case = written_as(bare)
    added = [
        _row(f"w {lowered}"),
        _row(f"c {case} {lowered}"),
        _row(f"s {case} {min(len(bare), 10)}"),
        _row(f"g {case} {glued}"),
        *(_row(lowered[:n], seed) for n, seed in _BEGINNINGS),
        *(_row(lowered[-n:], seed) for n, seed in _ENDS),
        *map(_row, _on_lists(bare, lowered, case, rare)),
    ]
    marked = f"^{lowered}$"
    return added, [zlib.crc32(one, _TRIPLE) % GRAM_ROWS for one in _triples(marked)]


def _triples(marked: str) -> Iterator[bytes]:
    """Each three characters that stand together."""
    if marked.isascii():
        plain_bytes = marked.encode()
        yield from (plain_bytes[at : at + 3] for at in range(len(marked) - 2))
    else:
        yield from (marked[at : at + 3].encode("utf-8", "replace") for at in range(len(marked) - 2))


def checksum(name: str) -> int:
    """A name as it stands in the long lists."""
    return zlib.crc32(name.encode("utf-8", "replace"))


def _on_lists(bare: str, lowered: str, case: str, rare: tuple[frozenset[int], frozenset[int]]) -> Iterator[str]:
    known, number = look_up(bare), checksum(lowered)
    long = (number in rare[0], number in rare[1])
    yield f"l {known.given} {known.surname} {known.word}"
    yield f"l {case} {known.given} {known.surname} {known.word} {long}"
    yield f"r {long} {known.known}"
    for name in _LISTS:
        if lowered in listed(name):
            yield f"o {name}"
    if lowered in TITLES:
        yield f"title {case[0]}"


def written_as(word: str) -> str:
    """How a word is written: lower, one (capital letter), UPPER, Title, Mixed or humps."""
    if word.islower():
        return "lower"
    if len(word) == 1:
        return "one"
    if word.isupper():
        return "UPPER"
    return "Title" if word[0].isupper() and word[1:].islower() else "Mixed" if word[0].isupper() else "humps"


def _gap(word: str) -> str:
    breaks = word.count("\n")
    return "blank" if not breaks else "line" if breaks == 1 else "lines"


def _row(feature: str, seed: int = 0) -> int:
    """The row of a feature; `seed`: the checksum of what stands before it."""
    return GRAM_ROWS + zlib.crc32(feature.encode("utf-8", "replace"), seed) % (ROWS - GRAM_ROWS)
