"""Rows of text cells go in, blocks of Columns come out; cells as long as a letter come out as prose."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count, zip_longest

from scanner.model import Column, Location, Owners, Segment

BLOCK_ROWS = 10_000
BLOCK_CELLS = 1_000_000
LONG_CELL = 64 * 1024  # longer ones are searched in windows, as prose is


def blocks_of(
    rows: Sequence[Sequence[str]],
    first_row: int,
    labels: Mapping[int, str],
    table: Location | None = None,
    *,
    numbers: Sequence[int] = (),
    columns: Sequence[int] = (),
) -> Iterator[Column | Segment]:
    """Columns of at most BLOCK_ROWS rows. A short row is filled up: all columns of a block have the same rows.

    `labels` by column number. `numbers` are the rows' own numbers where they do not count up from `first_row`,
    `columns` the columns' own numbers where they do not count up from 1.
    """
    table = table or Location()
    width = max(map(len, rows), default=0)
    step = _step(width)
    for start in range(0, len(rows), step):
        own = tuple(numbers[start : start + step])
        first = own[0] if own else first_row + start
        for column, cells in zip(
            columns or count(1), zip_longest(*rows[start : start + step], fillvalue=""), strict=False
        ):
            yield from _shown(Column(labels.get(column, ""), cells, column, first, table, own))


def columns_of(
    columns: Sequence[Sequence[str]],
    numbers: Sequence[int],
    rows: Sequence[int],
    labels: Mapping[int, str],
    table: Location,
    *,
    owners: Owners | None = None,
) -> Iterator[Column | Segment]:
    """The same from columns of equal length: `numbers` are theirs, `rows` those of their rows."""
    step = _step(len(columns))
    for start in range(0, len(rows), step):
        own = tuple(rows[start : start + step])
        straight = own == tuple(range(own[0], own[0] + len(own)))
        theirs = replace(owners, records=owners.records[start : start + step]) if owners else None
        for number, values in zip(numbers, columns, strict=True):
            cells = tuple(values[start : start + step])
            label, rest = labels.get(number, ""), () if straight else own
            yield from _shown(Column(label, cells, number, own[0], table, rest, theirs))


def _step(width: int) -> int:
    return max(1, min(BLOCK_ROWS, BLOCK_CELLS // max(width, 1)))


def _shown(column: Column) -> Iterator[Column | Segment]:
    """The column without its longest cells, and those as prose; nothing of a column that is empty."""
    values = column.values
    if max(map(len, values)) > LONG_CELL:
        for index, value in enumerate(values):
            if len(value) > LONG_CELL:
                yield Segment(value, column.table.then(row=column.row(index), col=column.number), label=column.label)
        column = replace(column, values=tuple("" if len(value) > LONG_CELL else value for value in values))
    if any(column.values):
        yield column
