"""A plain text goes in, the same text with some characters replaced comes out; every other byte stays."""

from collections.abc import Sequence
from typing import IO

from scanner.model import Location
from scanner.segment import line_starts
from subjects.erasure.actions import CannotErase, Cut, Cuts
from subjects.erasure.actions.texts import decoded

ERASED = "[erased]"


def rewrite(source: IO[bytes], target: IO[bytes], cuts: Cuts) -> None:
    """Replace each cut; raises CannotErase when something else stands there."""
    text, encode = decoded(source.read())
    target.write(encode(replaced(text, ranges(text, cuts.cuts))))


def ranges(text: str, cuts: Sequence[Cut]) -> list[tuple[int, int]]:
    """Where the cuts stand in the whole text, merged where they meet."""
    starts = [0, *line_starts(text)]
    found = []
    for cut in cuts:
        steps = dict(Location.parse(cut.location).steps)
        first, _, last = steps.get("chars", "").partition("-")
        line = steps.get("line", "")
        if not (first.isdigit() and last.isdigit() and line.isdigit() and 0 < int(line) <= len(starts)):
            raise CannotErase("it is not told by line and characters where the data stand")
        at = starts[int(line) - 1]
        if text[at + int(first) : at + int(last)] != cut.text:
            raise CannotErase("something else stands there than was found")
        found.append((at + int(first), at + int(last)))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def replaced(text: str, places: Sequence[tuple[int, int]]) -> str:
    """The text with each of these places replaced."""
    pieces, done = [], 0
    for start, end in places:
        pieces += [text[done:start], ERASED]
        done = end
    return "".join([*pieces, text[done:]])
