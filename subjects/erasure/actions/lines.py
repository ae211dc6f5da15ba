"""A plain text goes in, the same text with some characters replaced comes out; every other byte stays."""

from collections.abc import Sequence
from typing import IO

from scanner.model import Location
from scanner.segment import line_starts
from subjects.erasure.actions import ERASED, CannotErase, Cut, Cuts
from subjects.erasure.actions.occurrences import Edit, spliced
from subjects.erasure.actions.texts import decoded


def rewrite(source: IO[bytes], target: IO[bytes], cuts: Cuts) -> None:
    """Replace each cut; raises CannotErase when something else stands there."""
    text, encode = decoded(source.read())
    target.write(encode(spliced(text, ranges(text, cuts.cuts))))


def ranges(text: str, cuts: Sequence[Cut]) -> list[Edit]:
    """Where the cuts stand in the whole text, and what stands there afterwards; merged where they meet."""
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
        found.append((at + int(first), at + int(last), cut.words))
    merged: list[Edit] = []
    for start, end, words in sorted(found, key=lambda edit: (edit[0], -edit[1])):
        last_end, said = (merged[-1][1], merged[-1][2]) if merged else (-1, "")
        if words == said == ERASED and start <= last_end:
            merged[-1] = (merged[-1][0], max(end, last_end), said)
        else:
            merged.append((start, end, words))
    return merged
