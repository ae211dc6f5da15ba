"""Rows of text cells go in, blocks of Columns come out; cells as long as a letter come out as prose."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count, zip_longest

from scanner.model import Column, Location, Segment

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
    step = max(1, min(BLOCK_ROWS, BLOCK_CELLS // max(width, 1)))
    for start in range(0, len(rows), step):
        own = tuple(numbers[start : start + step])
        first = own[0] if own else first_row + start
        for column, cells in zip(
            columns or count(1), zip_longest(*rows[start : start + step], fillvalue=""), strict=False
        ):
            label = labels.get(column, "")
            values = cells
            if max(map(len, cells)) > LONG_CELL:
                for index, value in enumerate(cells):
                    if len(value) > LONG_CELL:
                        row = own[index] if own else first + index
                        yield Segment(value, table.then(row=row, col=column), label=label)
                values = tuple("" if len(value) > LONG_CELL else value for value in cells)
            if any(values):
                yield Column(label, values, column, first, table, own)
