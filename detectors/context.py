"""A text and a place in it go in, the nearest context word out: what a careful reader looks at around a number."""

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import lru_cache

from detectors.batch import words_in

BEFORE, AFTER = 60, 30
# "01908 880677, NHS number 943 …": what follows a comma or a full stop names the next value.
_NEXT_FIELD = re.compile(r"[,;|\t\n]|\.\s")
_NUMBER = re.compile(r"[0-9](?:[ ./-]?[0-9]){4,}")


@dataclass(frozen=True, slots=True)
class Cues:
    """The longest run of letters and digits of each context word: where none of them is, no context word can be.

    `open`: a word has none, so nothing can be told.
    """

    runs: frozenset[str]
    open: bool

    def among(self, words: Set[str]) -> bool:
        """Whether a text with these runs, in lower case, may hold a context word."""
        return self.open or not self.runs.isdisjoint(words)

    def within(self, lowered: str) -> bool:
        """Whether a piece of a text, in lower case, may hold one: for a tenth of the time of the search for it."""
        return self.open or any(run in lowered for run in self.runs)


def cues_of(words: Iterable[str]) -> Cues:
    """The cues of some context words."""
    runs = [max(words_in(word.lower()), key=_length_then_letters, default="") for word in words]
    return Cues(frozenset(filter(None, runs)), "" in runs)


def _length_then_letters(run: str) -> tuple[int, str]:
    return len(run), run


def find_context(
    text: str,
    start: int,
    end: int,
    words: tuple[str, ...],
    *,
    before: int = BEFORE,
    after: int = AFTER,
    own_field: bool = False,
) -> str:
    """The context word that stands nearest to `text[start:end]`, as it is listed; "" when there is none.

    Looks `before` characters back and `after` characters ahead, never across a blank line: the label of the next form
    field is not ours. Words match whole words in any case; a blank in a word matches any blanks, `_` or `-`.
    `own_field`: only words that cannot belong to another number, behind the last one and before the next field.
    """
    return find_nearest(text, start, end, words, before=before, after=after, own_field=own_field)[0]


def find_nearest(
    text: str,
    start: int,
    end: int,
    words: tuple[str, ...],
    *,
    before: int = BEFORE,
    after: int = AFTER,
    own_field: bool = False,
) -> tuple[str, int]:
    """The same word, and how many characters lie between it and the value."""
    if not words:
        return "", before + after
    pattern = _pattern(words)
    low = max(0, start - before)
    back = text[low:start]
    back = back[back.rfind("\n\n") + 1 :]
    ahead, _, _ = text[end : end + after].partition("\n\n")
    if own_field:
        back = back[max((match.end() for match in _NUMBER.finditer(back)), default=0) :]
        ahead = _NEXT_FIELD.split(ahead, maxsplit=1)[0]
    nearest, distance = "", before + after
    for match in pattern.finditer(back):
        nearest, distance = match.group(), len(back) - match.end()
    # What stands in front of a value names it; behind it, it only counts when it is nearer.
    behind = pattern.search(ahead)
    if behind and behind.start() < distance:
        nearest, distance = behind.group(), behind.start()
    return " ".join(re.split(r"[\s_-]+", nearest)).lower(), distance


@lru_cache(maxsize=1024)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(_alternatives(words))})(?![^\W_])", re.IGNORECASE)


def _alternatives(words: Iterable[str]) -> Iterable[str]:
    """Longest first, so that "national insurance number" is named rather than "national insurance"."""
    for word in sorted(words, key=len, reverse=True):
        yield r"[\s_-]{1,3}".join(re.escape(piece) for piece in word.split())
