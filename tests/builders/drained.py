"""A format and bytes go in, all that it gives of them comes out, each part held against what is true of every part."""

import io
from collections.abc import Callable, Iterator
from typing import IO

from scanner.limits import Budget, Limits
from scanner.model import About, Child, Column, Cut, Location, Lost, Part, Reason, Segment, Skip, Tally
from scanner.pipeline import DAMAGE


class ReadOnly(io.BytesIO):
    """A stream that nobody may write to."""

    def write(self, data: object) -> int:
        raise AssertionError("a format wrote to its input")

    def truncate(self, size: object = None) -> int:
        raise AssertionError("a format cut its input")

    def writelines(self, lines: object) -> None:
        raise AssertionError("a format wrote to its input")


def drain(target: Callable[[IO[bytes], Budget], Iterator[Part]], data: bytes) -> tuple[list[object], list[str]]:
    """All parts with the bytes of members in place of their openers, and what was raised for the item or a member."""
    budget = Budget(Limits(max_extracted=50_000_000), len(data))
    found: list[object] = []
    raised = []
    try:
        for part in target(ReadOnly(data), budget):
            if isinstance(part, Child):
                try:
                    with part.open() as source, budget.spooled(source) as copy:
                        found.append((part.name, part.size, part.hint, part.modified, part.raw_name, copy.read()))
                except (Skip, *DAMAGE) as error:
                    raised.append(repr(error))
            else:
                found.append(part)
            check(part)
    except (Skip, *DAMAGE) as error:
        raised.append(repr(error))
    return found, raised


def check(part: Part) -> None:
    """What is true of every part."""
    assert isinstance(part, (Segment, Column, Child, Lost, Tally, About, Cut))
    places = []
    if isinstance(part, Segment):
        starts = [piece.start for piece in part.pieces]
        assert starts == sorted(starts)
        assert all(0 <= start <= len(part.text) for start in starts)
        places = [part.where, *(piece.where for piece in part.pieces)]
        part.text.encode("utf-8")
    elif isinstance(part, Column):
        assert 1 <= len(part.values) <= 10_000
        assert part.number >= 1
        assert not part.rows or len(part.rows) == len(part.values)
        places = [part.table.then(row=part.row(0), col=part.number)]
        "".join((part.label, *part.values)).encode("utf-8")
    elif isinstance(part, Lost):
        assert isinstance(part.reason, Reason)
    for place in places:
        assert Location.parse(str(place)) == place
