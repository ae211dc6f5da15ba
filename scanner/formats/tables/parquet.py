"""A Parquet file goes in, Columns for the leaves of its schema come out, a few thousand rows at a time."""

import io
from collections.abc import Iterator, Sequence
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from scanner.formats.tables.arrow_cells import Leaves, words_of_schema
from scanner.formats.tables.blocks import BLOCK_CELLS, BLOCK_ROWS
from scanner.formats.tables.db_rows import BLOCK_CHARS, Binaries
from scanner.formats.tables.parquet_footer import Chunk, read_chunks
from scanner.limits import MB, Budget
from scanner.model import Lost, Part, Reason, Skip

CELLS_PER_BYTE = 100  # equal values in a column cost next to nothing; a bomb has a million times as many
_THRIFT = 100 * MB  # what the description of a file may need
_MOST_COLUMNS = 50_000
_MOST_VALUES = 10_000_000  # of one row
_READ = MB
_REPEATED = 8  # bytes of a value: what is stored for less repeats
_FAULTS = (pa.ArrowException, OSError, ValueError, OverflowError)


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read a file row group by row group; one that is damaged costs itself."""
    budget.allow_cells(CELLS_PER_BYTE)
    stream.seek(-4, io.SEEK_END)
    if stream.read(4) == b"PARE":
        raise Skip(Reason.ENCRYPTED, "an encrypted Parquet file: needs the key of whoever wrote it")
    chunks = read_chunks(stream)
    stream.seek(0)
    try:
        file = _opened(stream, [])
        if repeated := _repeated_texts(file.metadata, chunks):
            file = _opened(stream, repeated)
    except _FAULTS as error:
        raise Skip(_reason(error), "the description of its columns at its end cannot be read") from error
    yield from words_of_schema(file.schema_arrow)
    leaves = Leaves(Binaries(budget))
    for index in range(file.num_row_groups):
        yield from _row_group(file, index, chunks[index] if index < len(chunks) else [], leaves)
    yield from leaves.binaries.losses()


def _row_group(file: pq.ParquetFile, index: int, chunks: Sequence[Chunk], leaves: Leaves) -> Iterator[Part]:
    group = file.metadata.row_group(index)
    before, most = leaves.table.rows.count, _rows(group.num_rows, chunks)
    if not most:
        told = f"row group {index + 1} of {file.num_row_groups} has lists of more than {_MOST_VALUES:,} values"
        yield Lost("", Reason.LIMIT, told)
        return
    try:
        for batch in file.iter_batches(most, row_groups=[index], use_threads=False):
            yield from leaves.parts(batch)
    except _FAULTS as error:
        read = leaves.table.rows.count - before
        told = f"row group {index + 1} of {file.num_row_groups} cannot be read behind its first {read:,} rows"
        yield Lost("", _reason(error), told)
        leaves.table.rows.count = before + max(group.num_rows, read)


def _rows(rows: int, chunks: Sequence[Chunk]) -> int:
    """How many rows fit into a block, by what is told of their values (of a list each counts) and bytes; 0: not one."""
    rows = max(rows, 1)
    values = sum(chunk.values for chunk in chunks) / rows
    size = sum(chunk.size for chunk in chunks) / rows
    if values > _MOST_VALUES:
        return 0
    return max(1, int(min(BLOCK_ROWS, BLOCK_CELLS / max(values, 1), 4 * BLOCK_CHARS / max(size, 1))))


def _opened(stream: IO[bytes], repeated: list[str]) -> pq.ParquetFile:
    return pq.ParquetFile(
        stream, buffer_size=_READ, pre_buffer=False, memory_map=False, read_dictionary=repeated,
        thrift_string_size_limit=_THRIFT, thrift_container_size_limit=_MOST_COLUMNS * 100,
    )  # fmt: skip


def _repeated_texts(metadata: pq.FileMetaData, chunks: Sequence[Sequence[Chunk]]) -> list[str]:
    """Columns of text in which the same values repeat: held once, a long one cannot fill the memory."""
    columns = [metadata.schema.column(index) for index in range(metadata.num_columns)]
    return [
        column.path for index, column in enumerate(columns)
        if column.physical_type == "BYTE_ARRAY" and column.max_repetition_level == 0
        and column.logical_type.type in ("STRING", "JSON", "ENUM")
        and chunks and all(index < len(group) for group in chunks)
        and sum(group[index].size for group in chunks) < _REPEATED * metadata.num_rows
    ]  # fmt: skip


def _reason(error: BaseException) -> Reason:
    """What a fault of Arrow means; its words may quote the file."""
    words = str(error)
    if isinstance(error, MemoryError) or "malloc" in words:
        return Reason.OUT_OF_MEMORY
    if "ncrypt" in words or "ecrypt" in words:
        return Reason.ENCRYPTED
    return Reason.UNSUPPORTED if isinstance(error, NotImplementedError) else Reason.DAMAGED
