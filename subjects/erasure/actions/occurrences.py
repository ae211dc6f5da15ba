"""Cuts and readable texts of a file go in, the edits of its raw characters come out; nothing is taken out by guess.

A readable text (an XML paragraph, a JSON string, the body of a mail) knows for each of its characters where it stands
in the raw file. So the raw file is changed in exactly these places, however it is written there.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from subjects.erasure.actions import CannotErase, Cut

Edit: TypeAlias = tuple[int, int, str]  # raw characters start:end, and what stands there afterwards

_GAP = r"\s+"


@dataclass(slots=True)
class Readable:
    """Text as a person reads it; character i stands at raw characters spans[i]."""

    text: str = ""
    spans: list[tuple[int, int]] = field(default_factory=list)

    def add(self, text: str, start: int, end: int) -> None:
        """One raw sequence that reads `text` (one character, or a pair of surrogates in JSON)."""
        self.text += text
        self.spans += [(start, end)] * len(text)

    def edits(self, start: int, end: int, words: str) -> Iterator[Edit]:
        """Replace characters start:end; where they stand in several pieces, the first piece gets the words."""
        done = -1
        first, last = self.spans[start]
        for left, right in self.spans[start + 1 : end]:
            if left in {last, first}:
                last = max(last, right)
                continue
            yield first, last, words if done < 0 else ""
            done, first, last = last, left, right
        yield first, last, words if done < 0 else ""


class Occurrences:
    """Looks for the texts of the cuts, the longest first; counts what it met.

    A value that is one person's alone is taken wherever it stands. Anything else (a name, a date) only when it stands
    exactly as often as was decided: else one of these may be a namesake's.
    """

    def __init__(self, cuts: Iterable[Cut], copies: Iterable[Cut] = ()) -> None:
        """`copies`: cuts whose own places are dealt with; only further copies of these values are looked for."""
        self._cuts = {_key(cut.text, cut.everywhere): cut for cut in copies if cut.everywhere}
        self._wanted: Counter[str] = Counter()
        self._met: Counter[str] = Counter()
        for cut in cuts:
            key = _key(cut.text, cut.everywhere)
            self._wanted[key] += 1
            self._cuts[key] = cut
        keys = sorted(self._cuts, key=len, reverse=True)
        self._pattern = re.compile("|".join(_bounded(key, self._cuts[key]) for key in keys)) if keys else None

    def edits(self, readable: Readable, escaped: Callable[[str], str], counts: bool = True) -> Iterator[Edit]:
        """The edits in one readable text. `counts`: not so in a second version of a text, of which no finding tells."""
        for found in self._pattern.finditer(readable.text) if self._pattern else ():
            cut = self._cuts.get(_key(found[0], False)) or self._cuts.get(_key(found[0], True))
            if cut is None:
                continue
            if counts:
                self._met[_key(cut.text, cut.everywhere)] += 1
            yield from readable.edits(found.start(), found.end(), escaped(cut.words))

    def check(self) -> None:
        """Raises CannotErase where something was met less, or a name more, often than was decided."""
        for key, number in self._wanted.items():
            if not self._met[key]:
                raise CannotErase("something that was found does not stand there any more, or is written in pieces")
            if not self._cuts[key].everywhere and self._met[key] != number:
                raise CannotErase("the same words stand in other places of it, too, on which nothing was decided")


def _key(text: str, everywhere: bool) -> str:
    """White space does not count: a line may be broken anywhere."""
    words = " ".join(text.split())
    return words.casefold() if everywhere else words


def _bounded(text: str, cut: Cut) -> str:
    before = r"(?<!\w)" if text[:1].isalnum() else ""
    after = r"(?!\w)" if text[-1:].isalnum() else ""
    pattern = f"{before}{_GAP.join(map(re.escape, text.split(' ')))}{after}"
    return f"(?i:{pattern})" if cut.everywhere else pattern


def spliced(raw: str, edits: Iterable[Edit]) -> str:
    """The raw characters with these edits; one that lies within another falls away."""
    pieces: list[str] = []
    done = 0
    for start, end, words in sorted(edits, key=lambda edit: (edit[0], -edit[1])):
        if start < done:
            if end > done:
                raise CannotErase("two places that were found overlap")
            continue
        pieces += [raw[done:start], words]
        done = end
    return "".join([*pieces, raw[done:]])


def smallest(areas: Sequence[tuple[int, int, str]], texts: Iterable[str]) -> list[tuple[int, int]]:
    """Of nested areas (start, end, what is read there) the innermost in which all of these texts stand."""
    wanted = list(texts)
    fit = [(start, end) for start, end, text in areas if all(one in text for one in wanted)]
    return [
        (start, end)
        for start, end in fit
        if not any(start <= left and right <= end and (left, right) != (start, end) for left, right in fit)
    ]
