"""Texts that are looked at together go in, what several detectors ask of all of them is worked out once."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence, Set
from functools import cached_property
from itertools import accumulate, islice
from operator import itemgetter
from typing import NamedTuple

from detectors.needed import Alphabet, alphabet, may_match, needed_by
from detectors.types import Text

# Between the texts while they are searched as one. No hint may match it, so none runs from one text into the next.
BORDER = "\x00"
# The anchors around which almost all is looked for.
# Possessive (`*+`), so that a long run costs neither memory nor a second look.
DIGITS = re.compile(r"[0-9](?:[^0-9]{0,24}+[0-9])*+")
NUMBER = re.compile(r"[0-9](?:[ .\u00a0-]{0,2}+[0-9]){5,}+")
_SIX = 6  # digits of the shortest NUMBER
# Stretches nearer than this are searched as one: starting a search costs as much as reading on.
GAP = 100
SHORT = 100  # characters of a cell

_ALNUM = re.compile(r"[^\W_]+")
# Other signs of ASCII as blanks: to split then takes a third of the time of a regex.
_BLANKED = "".join(char if char.isalnum() else " " for char in map(chr, range(128)))

Stretch = tuple[int, int]
_start, _end = itemgetter(0), itemgetter(1)
Rows = list[tuple[int, int, int]]  # start, end, number of the pattern


def words_in(lowered: str) -> frozenset[str]:
    """The distinct runs of letters and digits of a text in lower case."""
    return frozenset(lowered.translate(_BLANKED).split() if lowered.isascii() else _ALNUM.findall(lowered))


class Near(NamedTuple):
    """Around an anchor of at least `least` characters: so many characters before it, and so many behind it."""

    anchor: re.Pattern[str]
    least: int
    before: int
    after: int


class Batch(tuple[Text, ...]):
    """Texts, also as one string. Every detector is given the same one, and asks it again for shapes and shares."""

    @classmethod
    def of(cls, texts: Sequence[Text]) -> "Batch":
        """The texts themselves where they are a batch already."""
        return texts if isinstance(texts, cls) else cls(texts)

    @cached_property
    def joined(self) -> str:
        """All texts as one, with a border between them."""
        return BORDER.join([text.text for text in self])

    @cached_property
    def lowered(self) -> str:
        """The same in lower case; it may be of another length."""
        return self.joined.lower()

    @cached_property
    def words(self) -> Set[str]:
        """The distinct runs of letters and digits, in lower case."""
        return words_in(self.lowered)

    @cached_property
    def _vocabulary(self) -> str:
        """Each word once: far shorter than a long text."""
        return " ".join(self.words)

    @cached_property
    def alphabet(self) -> Alphabet:
        """The characters of all texts."""
        return alphabet(self.joined)

    @cached_property
    def ends(self) -> list[int]:
        """Where in the joined string the next text begins, for each text."""
        return list(accumulate([len(text.text) + len(BORDER) for text in self]))

    @cached_property
    def labels(self) -> Set[str]:
        """The distinct labels."""
        return frozenset([text.label for text in self])

    @cached_property
    def candidates(self) -> dict[object, Rows]:
        """What a rule found in the joined string: to look for its shape again would cost a second search."""
        return {}

    @cached_property
    def _places(self) -> dict[re.Pattern[str], list[Stretch]]:
        return {}

    @cached_property
    def _stretches(self) -> dict[Near, list[Stretch]]:
        return {}

    def number_at(self, position: int) -> int:
        """Which text a position of the joined string lies in."""
        return bisect_right(self.ends, position)

    def offset(self, index: int) -> int:
        """Where a text begins in the joined string."""
        return self.ends[index - 1] if index else 0

    def mentions(self, pieces: Sequence[str]) -> bool:
        """Whether any of these pieces of words, in lower case, stands anywhere in the texts, in any case."""
        return any(piece in (self._vocabulary if piece.isalnum() else self.lowered) for piece in pieces)

    def holding(self, hint: re.Pattern[str], near: Near | None = None) -> Set[int]:
        """The numbers of the texts in which the hint occurs. To its look-arounds a border is what the end of a text is.

        `near`: where each match lies, with all that its look-arounds look at.
        """
        numbers: set[int] = set()
        if not may_match(needed_by(hint), self.alphabet):
            return numbers
        search, whole, ends = hint.search, self.joined, self.ends
        if len(whole) < SHORT * len(ends):  # a match in each cell: to go on behind it is quicker than to begin anew
            for low, high in self.stretches(near) if near else ((0, len(whole)),):
                numbers.update([bisect_right(ends, match.start()) for match in hint.finditer(whole, low, high)])
            return numbers
        for low, high in self.stretches(near) if near else ((0, len(whole)),):
            match = search(whole, low, high)
            while match is not None:
                number = bisect_right(ends, match.start())
                numbers.add(number)
                match = search(whole, ends[number], high) if ends[number] < high else None
        return numbers

    def stretches(self, near: Near) -> list[Stretch]:
        """Stretches of the joined string around the places of an anchor, merged where they meet."""
        known = self._stretches.get(near)
        if known is None:
            known, size = [], len(self.joined)
            anchor, least, before, after = near
            low = high = -1
            for start, end in self.places(anchor):
                if end - start >= least:
                    if high < 0:
                        low = max(0, start - before)
                    elif start - before > high + GAP:
                        known.append((low, high))
                        low = start - before
                    high = min(size, end + after)
            if high >= 0:
                known.append((low, high))
            self._stretches[near] = known
        return known

    def stretches_of(self, index: int, near: Near) -> list[Stretch]:
        """The same of one text, in its own characters."""
        known = self.stretches(near)
        low, high = self.offset(index), self.ends[index] - len(BORDER)
        first = bisect_right(known, low, key=_end)
        return [
            (max(start, low) - low, min(end, high) - low)
            for start, end in islice(known, first, bisect_left(known, high, first, key=_start))
        ]

    def places(self, anchor: re.Pattern[str]) -> list[Stretch]:
        """Where an anchor stands in the joined string."""
        known = self._places.get(anchor)
        if known is None:
            whole = self.joined
            if not may_match(needed_by(anchor), self.alphabet):
                known = []
            elif anchor is NUMBER:  # lies within a stretch of digits
                known = [
                    match.span()
                    for low, high in self.places(DIGITS)
                    if high - low >= _SIX
                    for match in NUMBER.finditer(whole, low, high)
                ]
            else:
                known = [match.span() for match in anchor.finditer(whole)]
            self._places[anchor] = known
        return known
