"""A text and the places of its tokens go in, how each token's word is written and listed comes out, as a number.

Rampart reads without capitals and without lists of names; these numbers tell the second reader of both.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence

from detectors.name_lists import look_up
from detectors.tagger_words import written_as

NO_WORD = 40
KINDS = NO_WORD + 1  # four ways of writing, five of being listed, the first word of a text or another
_CASES, OTHERWISE = {"lower": 0, "Title": 1, "UPPER": 2}, 3
_WORD = re.compile(r"[^\W\d_]+")


def kinds(text: str, places: Sequence[tuple[int, int]], *, listed: bool = True) -> list[int]:
    """The kind of each token, 0 to KINDS - 1; `listed`: with what the lists of names say of its word."""
    starts, ends, numbers = list[int](), list[int](), list[int]()
    for word in _WORD.finditer(text):
        starts.append(word.start())
        ends.append(word.end())
        numbers.append(
            _CASES.get(written_as(word[0]), OTHERWISE) * 10 + (_listed(word[0]) * 2 if listed else 0) + (not numbers)
        )
    found = []
    for start, _ in places:
        word_at = bisect_right(starts, start) - 1
        found.append(numbers[word_at] if word_at >= 0 and start < ends[word_at] else NO_WORD)
    return found


def _listed(word: str) -> int:
    """0 on no list, 1 a word as well, 2 a forename, 3 a surname, 4 both."""
    known = look_up(word)
    if not known.known:
        return 0
    if known.word:
        return 1
    return 4 if known.given and known.surname else 2 if known.given else 3
