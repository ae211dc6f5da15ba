"""Printed locations and the parts of an item go in, the characters that stand at each of them come out."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scanner.model import Column, Location, Part, Segment
from scanner.segment import line_starts, locate

_RANGE = re.compile(r"(-?[0-9]{1,12})-(-?[0-9]{1,12})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Passage:
    """The text at a location, and what stands around it.

    `before` and `after` are text of the same part; `row` the cells of the same row of a table, (column number, label,
    value) each, in order. `start` and `end` are characters of the part's text, or of the cell.
    """

    location: str
    text: str
    before: str = ""
    after: str = ""
    label: str = ""
    row: tuple[tuple[int, str, str], ...] = ()
    start: int = 0
    end: int = 0

    def cells(self, numbers: Sequence[int]) -> str:
        """The cells with these column numbers: a finding that is split over several of them."""
        return " ".join(value for number, _, value in self.row if number in numbers)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A location taken apart: characters start:end of what `base` names; `line` 0 = it has none."""

    printed: str
    base: str
    start: int
    end: int
    line: int = 0
    row: int = 0
    col: int = 0


def _taken_apart(printed: str) -> list[_Wanted]:
    """All ways to read a location: as a place of its own, as a line of one, as a cell of a table."""
    steps = list(Location.parse(printed).steps)
    found = _RANGE.fullmatch(steps[-1][1]) if steps and steps[-1][0] == "chars" else None
    if found is None:
        raise ValueError(f"not a place in a text: {printed!r}")
    start, end = int(found[1]), int(found[2])
    steps.pop()
    ways = [_Wanted(printed, str(Location(tuple(steps))), start, end)]
    names = [name for name, _ in steps]
    if names[-1:] == ["line"]:
        ways.append(_Wanted(printed, str(Location(tuple(steps[:-1]))), start, end, line=int(steps[-1][1])))
    if names[-2:] == ["row", "col"]:
        row, col = int(steps[-2][1]), int(steps[-1][1])
        ways.append(_Wanted(printed, str(Location(tuple(steps[:-2]))), start, end, row=row, col=col))
    return ways


class Finder:
    """Looks for locations in the parts of one item as they come. The first part that has a place is believed."""

    def __init__(self, locations: Sequence[str], context: int = 80) -> None:
        self._context = context
        self._open = set(locations)
        self._places: dict[str, list[_Wanted]] = defaultdict(list)
        self._lines: dict[str, list[_Wanted]] = defaultdict(list)
        self._rows: dict[str, dict[int, list[_Wanted]]] = defaultdict(lambda: defaultdict(list))
        for printed in self._open:
            for way in _taken_apart(printed):
                if way.col:
                    self._rows[way.base][way.row].append(way)
                elif way.line:
                    self._lines[way.base].append(way)
                else:
                    self._places[way.base].append(way)
        self._block: list[Column] = []

    @property
    def done(self) -> bool:
        """Whether every location was found."""
        return not self._open

    def read(self, part: Part) -> Iterator[Passage]:
        """The passages that this part decides."""
        if isinstance(part, Column):
            if self._block and not _goes_on(self._block, part):
                yield from self._of_block()
            if str(part.table) in self._rows:
                self._block.append(part)
            return
        yield from self._of_block()
        if isinstance(part, Segment):
            yield from self._of_segment(part)

    def rest(self) -> Iterator[Passage]:
        """What was waiting for the end."""
        yield from self._of_block()

    def _of_segment(self, segment: Segment) -> Iterator[Passage]:
        if segment.first_line:
            ways = self._lines.get(str(segment.where), [])
            candidates = [(way, start) for way in ways if (start := _in_line(segment, way)) is not None]
        elif segment.pieces:
            candidates = [
                (way, piece.start + way.start)
                for piece in segment.pieces
                for way in self._places.get(str(piece.where), [])
            ]
        else:
            ways = self._places.get(str(segment.where), [])
            candidates = [(way, way.start - segment.first_char) for way in ways]
        for way, start in candidates:
            end = start + way.end - way.start
            if way.printed in self._open and self._stands(segment, start, end, way.printed):
                self._open.discard(way.printed)
                yield Passage(
                    way.printed,
                    segment.text[start:end],
                    segment.text[max(0, start - self._context) : start],
                    segment.text[end : end + self._context],
                    segment.label,
                    start=start,
                    end=end,
                )

    @staticmethod
    def _stands(segment: Segment, start: int, end: int, printed: str) -> bool:
        first, last = segment.owned or (0, len(segment.text))
        return first <= start < last and end <= len(segment.text) and str(locate(segment, start, end)) == printed

    def _of_block(self) -> Iterator[Passage]:
        block, self._block = self._block, []
        if not block:
            return
        rows = self._rows[str(block[0].table)]
        wanted = {row for row, ways in rows.items() if any(way.printed in self._open for way in ways)}
        cells: dict[int, list[tuple[int, str, str]]] = {row: [] for row in wanted}
        for column in block:
            for row, value in _values_in(column, wanted):
                cells[row].append((column.number, column.label, value))
        for row in sorted(wanted):
            known = {number: (label, value) for number, label, value in cells[row]}
            for way in rows[row]:
                label, value = known.get(way.col, ("", ""))
                if way.printed in self._open and 0 <= way.start < len(value) and way.end <= len(value):
                    self._open.discard(way.printed)
                    before = value[max(0, way.start - self._context) : way.start]
                    after = value[way.end : way.end + self._context]
                    text = value[way.start : way.end]
                    yield Passage(
                        way.printed, text, before, after, label, tuple(sorted(cells[row])), way.start, way.end
                    )


def _goes_on(block: list[Column], column: Column) -> bool:
    """Whether a column belongs to the same rows of the same table as those before it."""
    return column.table == block[0].table and all(column.number != before.number for before in block)


def _values_in(column: Column, wanted: set[int]) -> Iterator[tuple[int, str]]:
    if column.rows:
        yield from ((row, value) for row, value in zip(column.rows, column.values, strict=True) if row in wanted)
        return
    for row in wanted:
        index = row - column.first_row
        if 0 <= index < len(column.values):
            yield row, column.values[index]


def _in_line(segment: Segment, way: _Wanted) -> int | None:
    """Where in a segment of raw lines this place begins; None when its line is not here."""
    if way.line == segment.first_line:
        return way.start - segment.first_char
    lines = line_starts(segment.text)
    index = way.line - segment.first_line - 1
    return lines[index] + way.start if 0 <= index < len(lines) else None
