"""The parts of one item as a scan sees them go in, its text and rows with the findings marked in them come out.

An extract holds what was read and nothing else: no metadata, no hidden layer, no earlier version can slip through a
copy of the file, because no copy is made.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from scanner.model import Location, Part, Segment
from scanner.places import Finder, Passage
from subjects.reopening import looks_like

Row: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters start:end of a text, or of the cell in `column`, and the row of the report that tells of them."""

    start: int
    end: int
    finding: Row
    column: int = 0


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A piece of running text, such as a header, a paragraph or a page."""

    where: str
    label: str
    text: str
    marks: tuple[Mark, ...]
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class RowBlock:
    """One row of a table: (column number, heading, value) each. `table` is where the table stands, "" = the file."""

    table: str
    row: int
    cells: tuple[tuple[int, str, str], ...]
    marks: tuple[Mark, ...]


Block: TypeAlias = TextBlock | RowBlock


@dataclass(slots=True)
class Extractor:
    """Reads the parts of one item (a PartReader). `findings` are all rows of the report for this item."""

    findings: Sequence[Row]
    by_mask: bool = False  # nothing else tells whether the source is as it was
    done: bool = False  # the whole item is wanted
    found: set[int] = field(default_factory=set)  # ids of the findings that stand where the report says
    _finder: Finder = field(init=False)
    _by_place: dict[str, list[Row]] = field(init=False)
    _in_row: dict[tuple[str, int], set[str]] = field(init=False)  # where findings stand in each row, by_mask only

    def __post_init__(self) -> None:
        self._by_place = defaultdict(list)
        for row in self.findings:
            self._by_place[row["location"]].append(row)
        self._in_row = defaultdict(set)
        for where in self._by_place if self.by_mask else ():
            if ";col=" in where:
                self._in_row[_row_of(where)].add(where)
        self._finder = Finder(list(self._by_place))

    def read(self, part: Part) -> Iterator[Block]:
        """The blocks that this part decides."""
        passages = list(self._finder.read(part))
        yield from self._rows([one for one in passages if one.row])
        if isinstance(part, Segment):
            yield from self._text(part, [one for one in passages if not one.row])

    def rest(self) -> Iterator[Block]:
        """The rows of the last table."""
        yield from self._rows(list(self._finder.rest()))

    def _text(self, segment: Segment, passages: Sequence[Passage]) -> Iterator[TextBlock]:
        first, last = segment.owned or (0, len(segment.text))
        text = segment.text[first:last]
        if not text.strip():
            return
        if not self._as_found(passages):
            return
        marks = [
            Mark(one.start - first, one.end - first, row)
            for one in passages
            for row in self._by_place[one.location]
        ]  # fmt: skip
        self.found.update(mark.finding["finding_id"] for mark in marks)
        where = str(segment.pieces[0].where if segment.pieces else segment.where)
        yield TextBlock(where, segment.label, text, tuple(marks), segment.quoted)

    def _rows(self, passages: Sequence[Passage]) -> Iterator[RowBlock]:
        """Rows with a finding in them; the others are of nobody whom the report knows."""
        by_row: dict[tuple[str, int], list[Passage]] = defaultdict(list)
        for one in passages:
            by_row[_row_of(one.location)].append(one)
        for (table, number), mine in sorted(by_row.items()):
            if not self._as_found(mine):
                continue
            marks = tuple(mark for one in mine for row in self._by_place[one.location] for mark in _marks(one, row))
            self.found.update(mark.finding["finding_id"] for mark in marks)
            yield RowBlock(table, number, mine[0].row, marks)

    def _as_found(self, passages: Sequence[Passage]) -> bool:
        """Whether it is what was found: in a live table somebody else's data may stand at the place by now."""
        if not self.by_mask:
            return True
        there = {one.location for one in passages}
        rows = {_row_of(one.location) for one in passages if one.row}
        return all(self._in_row[row] <= there for row in rows) and all(
            looks_like(row, one) for one in passages for row in self._by_place[one.location]
        )


def _row_of(location: str) -> tuple[str, int]:
    steps = Location.parse(location).steps
    place = [name for name, _ in steps].index("row")
    return str(Location(steps[:place])), int(steps[place][1])


def _marks(passage: Passage, row: Row) -> Iterator[Mark]:
    """Where a finding stands in its row; one that is split over cells is all of these cells."""
    own = int(dict(Location.parse(passage.location).steps)["col"])
    columns = dict(row["facts"] or ()).get("columns", "")
    if not columns:
        yield Mark(passage.start, passage.end, row, own)
        return
    wanted = {int(number) for number in columns.split("+")}
    yield from (Mark(0, len(value), row, number) for number, _, value in passage.row if number in wanted)
