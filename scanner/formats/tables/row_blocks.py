"""Rows of a database table go in one by one, blocks of its Columns come out, and the files that stand in its cells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from scanner.formats.tables.blocks import BLOCK_CELLS, BLOCK_ROWS, columns_of
from scanner.formats.tables.db_rows import BLOCK_CHARS, Binaries, Cell, printed, texts_of
from scanner.formats.tables.foreign_keys import Owner
from scanner.model import Location, Part

Value: TypeAlias = str | bytes | int | float | None


@dataclass(frozen=True, slots=True)
class Heading:
    """What rows are of: the table, its columns by number (from 1), the numbers of those in a row (none = all).

    `owner` tells whose rows they are, where a foreign key says so.
    """

    table: str
    columns: Mapping[int, str]
    numbers: Sequence[int]
    owner: Owner | None = None


class RowBlocks:
    """Collects rows until they fill a block."""

    def __init__(self, heading: Heading, binaries: Binaries) -> None:
        self._heading = heading
        self._binaries = binaries
        self._rows: list[list[Cell]] = []
        self._own: list[int] = []
        self._chars = 0
        self._most = max(1, min(BLOCK_ROWS, BLOCK_CELLS // max(len(heading.numbers), 1)))
        self.count = 0
        self.last: int | None = None

    def again(self) -> "RowBlocks":
        """An empty collection for another query of the same columns."""
        return RowBlocks(self._heading, self._binaries)

    def add(self, number: int | None, values: Sequence[Value]) -> Iterator[Part]:
        """Add a row, by its own number if it has one; gives the block, and the files in it, when it is full."""
        self.count += 1
        self.last = number = self.count if number is None else number
        cells: list[Cell] = [value if isinstance(value, (str, bytes)) else printed(value) for value in values]
        self._rows.append(cells)
        self._own.append(number)
        self._chars += sum(map(len, cells))
        if len(self._rows) >= self._most or self._chars >= BLOCK_CHARS:
            yield from self.flush()

    def flush(self) -> Iterator[Part]:
        """Give what was collected."""
        rows, own, heading = self._rows, self._own, self._heading
        self._rows, self._own, self._chars = [], [], 0
        numbers = heading.numbers or range(1, len(rows[0]) + 1 if rows else 1)
        texts = []
        for number, values in zip(numbers, zip(*rows, strict=True), strict=False):
            name = f"{heading.table}/{heading.columns.get(number, '')}"
            texts.append((yield from texts_of(values, name, own, self._binaries)))
        if texts:
            owner = heading.owner if heading.owner and heading.owner.column in numbers else None
            owners = owner.of(texts[list(numbers).index(owner.column)]) if owner else None
            where = Location.of(table=heading.table)
            yield from columns_of(texts, numbers, own, heading.columns, where, owners=owners)
