"""An Arrow file, stream or Feather file goes in, Columns for the leaves of its schema come out, batch by batch."""

import warnings
from collections.abc import Iterator
from typing import IO

import pyarrow as pa
from pyarrow import feather, ipc

from scanner.formats.tables.arrow_cells import Leaves, check, words_of_schema
from scanner.formats.tables.blocks import BLOCK_CELLS, BLOCK_ROWS
from scanner.formats.tables.db_rows import Binaries
from scanner.formats.tables.parquet import CELLS_PER_BYTE
from scanner.limits import Budget
from scanner.model import Lost, Part, Reason, Skip

_FAULTS = (pa.ArrowException, OSError, ValueError, OverflowError)
_FILE, _FEATHER = b"ARROW1", b"FEA1"


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read a file batch by batch; behind one that is damaged nothing can be found."""
    budget.allow_cells(CELLS_PER_BYTE)
    head = stream.read(6)
    stream.seek(0)
    leaves = Leaves(Binaries(budget))
    try:
        for number, batch in enumerate(_batches(stream, head)):
            check(batch)
            if not number:
                yield from words_of_schema(batch.schema)
            step = max(1, min(BLOCK_ROWS, BLOCK_CELLS // max(batch.num_columns, 1)))
            for start in range(0, batch.num_rows, step):
                yield from leaves.parts(batch.slice(start, step))
    except _FAULTS as error:
        if not leaves.table.rows.count:
            raise Skip(Reason.DAMAGED, "cannot be read as an Arrow file") from error
        yield Lost("", Reason.DAMAGED, f"cannot be read behind its first {leaves.table.rows.count:,} rows")
    yield from leaves.binaries.losses()


def _batches(stream: IO[bytes], head: bytes) -> Iterator[pa.RecordBatch]:
    if head.startswith(_FEATHER):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nobody should write this form any more
            table = feather.read_table(stream, use_threads=False, memory_map=False)
        yield from table.to_batches()
    elif head.startswith(_FILE):
        try:
            reader = ipc.open_file(stream, options=ipc.IpcReadOptions(use_threads=False))
        except _FAULTS:
            stream.seek(8)  # without its end it is still a stream
            yield from ipc.open_stream(stream)
            return
        for index in range(reader.num_record_batches):
            yield reader.get_batch(index)
    else:
        yield from ipc.open_stream(stream)
