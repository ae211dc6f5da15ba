"""The people found in a text go in, those come out who stand where the lines around name people: rotas, scores.

"Braithwaite → Otley, chair" may be a town to a reader who sees one line. Beside "Micklethwaite → home" and
"Ahmed → ward 4" it is a patient.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from detectors.name_like import is_name_only
from detectors.name_parts import Part
from detectors.name_things import is_thing
from detectors.names_written import Word

IN_ROWS = 0.6  # how sure one is of somebody whom only the lines around tell
LEAST, SHARE = 2, 0.5  # of the lines that begin alike so many, and so large a part of them, name somebody there
AROUND = 8  # lines to each side that are looked at
COLUMNS = 5  # words of a line among which the place may be
SURE = 0.5
KEPT = 4096  # lines of which is remembered what they look like: a text may have a million
_LINE = re.compile(r"[^\n]+")
_TOKEN = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
# "Calder Navigation, 3" among the people of an index; an address, a setting, a file.
_BEHIND = re.compile(r"['\u2019]s\b|[ \u00a0]['\u2019]?[^\W\d_a-z]|[@_\\=/]|\.\w")
_BEFORE = re.compile(r"(?:[^\W\d_a-z][\w'\u2019-]{0,30}[ \u00a0]|[@_\\=/#])\Z")


class _Row(NamedTuple):
    """The first words of a line: where each stands, and what the line looks like before it."""

    spans: list[tuple[int, int]]
    before: list[str]


def in_rows(text: str, words: Sequence[Word], parts: Sequence[Part]) -> Iterator[Part]:
    """Listed names at a place of their line at which most lines around that begin alike have somebody found."""
    seen = {part.start for part in parts if part.score >= SURE}
    if len(seen) < LEAST or text.count("\n") < LEAST:
        return
    taken = sorted((part.start, part.end) for part in parts)
    lines = [match.span() for match in _LINE.finditer(text) if not match[0].isspace()]
    begins, rows = [start for start, _ in lines], dict[int, _Row]()
    for word in words:
        if not word.listed.sure or not _stands_alone(text, word) or _is_taken(taken, word):
            continue
        number = bisect_right(begins, word.start) - 1
        low, high = max(0, number - AROUND), min(len(lines), number + AROUND + 1)
        if len(rows) > KEPT:
            rows.clear()
        for one in range(low, high):
            if one not in rows:
                rows[one] = _row(text, *lines[one])
        own, near = rows[number], [rows[one] for one in range(low, high) if one != number]
        name = word.text.casefold()
        if _named_alike(own, near, word.start, seen) and not is_thing(text, word.start, word.end, [name]):
            yield Part(word.start, word.end, IN_ROWS, "a name where the lines around have names", name)


def _named_alike(own: _Row, near: Sequence[_Row], start: int, seen: set[int]) -> bool:
    """Whether most of the lines `near` that look like this one up to `start` name somebody there."""
    place = next((place for place, (begin, _) in enumerate(own.spans) if begin == start), None)
    if place is None:
        return False
    alike = [row for row in near if row.before[place : place + 1] == own.before[place : place + 1]]
    named = sum(row.spans[place][0] in seen for row in alike)
    return named >= LEAST and named >= SHARE * len(alike)


def _row(text: str, start: int, end: int) -> _Row:
    spans, before, looks = list[tuple[int, int]](), list[str](), ""
    at = start
    for match in _TOKEN.finditer(text, start, end):
        looks += text[at : match.start()]
        spans.append(match.span())
        before.append(looks)
        looks, at = looks + _shape(match[0]), match.end()
        if len(spans) == COLUMNS:
            break
    return _Row(spans, before)


def _shape(word: str) -> str:
    """What a word looks like: a number, a code such as 3A, a word in small letters, a word with a capital."""
    if word.isdigit():
        return "9"
    if word[0].isdigit() or (word.isupper() and len(word) < 4):
        return "A"
    return "w" if word.islower() else "W"


def _is_taken(taken: Sequence[tuple[int, int]], word: Word) -> bool:
    last = bisect_left(taken, (word.end, 0)) - 1
    return last >= 0 and taken[last][1] > word.start


def _stands_alone(text: str, word: Word) -> bool:
    """Whether it is a name with a capital, and stands for itself: no other beside it."""
    beside = _BEHIND.match(text, word.end) or _BEFORE.search(text, max(0, word.start - 32), word.start)
    return word.text[0].isupper() and is_name_only(word.text) and not beside
