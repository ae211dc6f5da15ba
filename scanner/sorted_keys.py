"""Key rows of all parts in, each distinct one out in the order of the report: beyond memory they wait in files.

Keys are spread evenly (they are made by HMAC), so the leading bits of a key tell its share of the whole, and each share
is made distinct and sorted by itself: the memory that this takes does not grow with the report until it is a hundred
times larger than what is kept in memory.
"""

from collections.abc import Iterator, Set
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

ROWS_IN_MEMORY = 250_000
SHARES = 64
_BITS = 64 - 6  # the six leading bits of a key number its share


class SortedKeys:
    """Use inside `with`; add() tables of the schema of parts, then take sorted() once."""

    def __init__(self, folder: Path, rows_in_memory: int = ROWS_IN_MEMORY) -> None:
        self._folder = folder
        self._limit = rows_in_memory
        self._waiting: list[pa.Table] = []
        self._rows = 0
        self._writers: list[pa.RecordBatchStreamWriter] = []
        self._open = ExitStack()

    def __enter__(self) -> "SortedKeys":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the files."""
        self._open.close()
        for share in range(SHARES):
            self._path(share).unlink(missing_ok=True)

    def add(self, table: pa.Table) -> None:
        """More rows; equal ones may come again at any time."""
        self._waiting.append(table)
        self._rows += table.num_rows
        if self._rows < self._limit:
            return
        self._waiting = [_distinct(self._waiting)]
        self._rows = self._waiting[0].num_rows
        # Mostly repeats: what is left is little, and may wait on. Else it would be made distinct again and again.
        if self._rows > self._limit // 2:
            self._spill()

    def sorted(self, without: Set[int]) -> Iterator[pa.Table]:
        """All rows in the order of key, kind and value id, but those of values that no finding has any more."""
        gone = pa.array(sorted(without), pa.int64())
        for rows in self._shares():
            table = _distinct(rows)
            table = table.filter(pc.invert(pc.is_in(table["value_id"], value_set=gone))) if without else table
            yield table.sort_by([("key", "ascending"), ("kind", "ascending"), ("value_id", "ascending")])

    def _shares(self) -> Iterator[list[pa.Table]]:
        if not self._writers:
            yield from [self._waiting] if self._waiting else []
            return
        self._spill()
        self._open.close()
        for share in range(SHARES):
            with pa.ipc.open_stream(self._path(share)) as reader:
                yield [reader.read_all()]

    def _spill(self) -> None:
        """Every row to the file of its share."""
        if not self._waiting:
            return
        whole = pa.concat_tables(self._waiting)
        shares = (whole["key"].to_numpy() >> _BITS) + SHARES // 2  # keys are signed: the lowest share is the first
        order = np.argsort(shares, kind="stable")
        whole = whole.take(pa.array(order))
        ends = np.searchsorted(shares[order], np.arange(SHARES + 1))
        if not self._writers:
            self._writers = [self._writer(share, whole.schema) for share in range(SHARES)]
        for writer, start, end in zip(self._writers, ends, ends[1:], strict=False):
            writer.write_table(whole.slice(start, end - start).combine_chunks())
        self._waiting, self._rows = [], 0

    def _writer(self, share: int, schema: pa.Schema) -> pa.RecordBatchStreamWriter:
        file = self._open.enter_context(self._path(share).open("wb"))
        return self._open.enter_context(pa.ipc.new_stream(file, schema))

    def _path(self, share: int) -> Path:
        """In the work folder, which only its owner can enter."""
        return self._folder / f"keys.{share:02}.arrow"


def _distinct(tables: list[pa.Table]) -> pa.Table:
    whole = pa.concat_tables(tables)
    return whole.group_by(whole.column_names).aggregate([])
