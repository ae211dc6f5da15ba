"""Findings that no form, row or header binds to a person go in, the person slots that their places tell come out.

In running text only nearness speaks: what stands within a line of exactly one named person is taken for that person's,
weakly; where several people are named, each mention stays by itself. A full name that comes back in one document is one
person there.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# A stable place, a line or paragraph within it, and the first character there.
_PLACE = re.compile(
    r"(?P<base>.*?);?(?:(?P<unit>line|paragraph|para|row)=(?P<number>[0-9]+);?)?chars=(?P<start>[0-9]+)-"
)
_LINES_APART = 2
_CHARACTERS_APART = 300


@dataclass(frozen=True, slots=True)
class Mention:
    """A finding in running text: `name` tells PERSON from the rest, `full` that a name has forename and surname."""

    place: str
    value_id: int
    name: bool
    full: bool


@dataclass(frozen=True, slots=True)
class _Placed:
    index: int
    base: str
    line: int
    start: int


def slots(mentions: Sequence[Mention]) -> list[str]:
    """The slot of each mention of one item, in their order: equal words mean one person; never empty."""
    found = [""] * len(mentions)
    for block in _blocks(mentions):
        people = {mentions[placed.index].value_id for placed in block if mentions[placed.index].name}
        if len(people) == 1 and any(mentions[placed.index].full for placed in block):
            slot = f"name {people.pop()}"
            for placed in block:
                found[placed.index] = slot
            continue
        for placed in block:
            mention = mentions[placed.index]
            # A surname alone may be two people's in one letter; a full name hardly ever is.
            same = mention.full or not mention.name
            kind = "name" if mention.name else "value"
            found[placed.index] = f"{kind} {mention.value_id}" if same else f"mention {placed.index}"
    return found


def _blocks(mentions: Sequence[Mention]) -> Iterator[list[_Placed]]:
    """Mentions that follow each other closely in one place."""
    block: list[_Placed] = []
    for placed in sorted((_placed(index, mention.place) for index, mention in enumerate(mentions)), key=_order):
        if block and not _near(block[-1], placed):
            yield block
            block = []
        block.append(placed)
    if block:
        yield block


def _placed(index: int, place: str) -> _Placed:
    match = _PLACE.match(place)
    if not match:
        return _Placed(index, place, 0, 0)
    return _Placed(index, match["base"], int(match["number"] or 0), int(match["start"]))


def _order(placed: _Placed) -> tuple[str, int, int]:
    return placed.base, placed.line, placed.start


def _near(before: _Placed, placed: _Placed) -> bool:
    if before.base != placed.base:
        return False
    if before.line or placed.line:
        return placed.line - before.line <= _LINES_APART
    return placed.start - before.start <= _CHARACTERS_APART
