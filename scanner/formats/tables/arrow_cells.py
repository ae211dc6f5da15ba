"""A batch of Arrow's columns goes in; a column of text cells for each of its leaves comes out, labelled by its path.

A list has a column for each of its places: so a place names one value, and a row stays one record.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from scanner.encoding import decode
from scanner.formats.archives.nested import MOST_LISTED, is_data, short_label
from scanner.formats.tables.db_rows import Binaries, Cell, Table, printed
from scanner.model import Location, Part, Segment

_OF_PROGRAMS = frozenset(("ARROW:schema", "pandas", "huggingface"))
Cells: TypeAlias = Sequence[Cell]
Path: TypeAlias = tuple[str | int, ...]  # names of fields, and places in lists from 1 on
_MIDNIGHT = re.compile(r"(?: 00:00:00)?(?:\.0+)?Z?\Z")


@dataclass(slots=True)
class Leaves:
    """Hands batches of one table on; its leaves keep their numbers."""

    binaries: Binaries
    table: Table = field(default_factory=lambda: Table("", Location(), {}))
    _numbers: dict[Path, int] = field(default_factory=dict)

    def parts(self, batch: pa.RecordBatch) -> Iterator[Part]:
        """The rows of a batch, which follow those of the batch before."""
        self.binaries.budget.charge_cells(batch.num_rows)
        numbers, columns = [], []
        for name, array in zip(batch.schema.names, batch.columns, strict=True):
            for path, cells in _leaves(array, name):
                number = self._numbers.setdefault(path, len(self._numbers) + 1)
                self.table.labels[number] = short_label(tuple(step for step in path if isinstance(step, str)))
                numbers.append(number)
                columns.append(cells)
        if columns:
            yield from self.table.parts(columns, numbers, self.binaries)


def words_of_schema(schema: pa.Schema) -> Iterator[Segment]:
    """What somebody wrote into the description of a table, and names of columns that are data themselves."""
    for key, value in (schema.metadata or {}).items():
        name = key.decode("utf-8", "replace")
        if name not in _OF_PROGRAMS and not name.startswith("org.apache."):
            yield Segment(decode(value), Location.of(metadata=name))
    names = [name for name in schema.names if is_data(name)]
    if names:
        yield Segment("\n".join(names), Location.of(metadata="names of columns"))


def check(batch: pa.RecordBatch) -> None:
    """Raises ArrowInvalid for a batch that tells of values outside of its own bytes, as a damaged file may.

    Text that is no UTF-8 is no such damage: it is read as bytes.
    """
    try:
        batch.validate(full=True)
    except pa.ArrowInvalid:
        for array in batch.columns:
            as_bytes = {pa.string(): pa.binary(), pa.large_string(): pa.large_binary()}.get(array.type)
            (array.view(as_bytes) if as_bytes else array).validate(full=True)


def _leaves(array: pa.Array, name: str) -> Sequence[tuple[Path, Cells]]:
    """The leaves of a column; of a type that Arrow itself cannot take apart, what it prints."""
    try:
        return list(leaves(array, (name,)))
    except pa.ArrowNotImplementedError:
        return [((name,), ["" if value is None else str(value) for value in array.to_pylist()])]


def leaves(array: pa.Array, path: Path) -> Iterator[tuple[Path, Cells]]:
    """The path and the cells of each leaf below an array."""
    kind = array.type
    if isinstance(array, pa.ExtensionArray):
        yield from leaves(array.storage, path)
    elif pa.types.is_struct(kind):
        for index, inner in enumerate(array.flatten()):
            yield from leaves(inner, (*path, kind.field(index).name))
    elif pa.types.is_map(kind):
        yield path, _mapped(array)
    elif _is_list(kind):
        yield from _listed(array, path)
    elif pa.types.is_dictionary(kind):
        # Only those that stand in these rows: a row group may have a million different ones.
        used = pc.unique(array.indices).drop_null()
        indices, places = array.indices.to_pylist(), {index: at for at, index in enumerate(used.to_pylist())}
        for inner_path, cells in leaves(array.dictionary.take(used), path):
            yield inner_path, ["" if index is None else cells[places[index]] for index in indices]
    elif pa.types.is_run_end_encoded(kind):
        yield from leaves(pc.run_end_decode(array), path)
    else:
        yield path, _cells(array)


def _listed(array: pa.Array, path: Path) -> Iterator[tuple[Path, Cells]]:
    """The leaves of each place in a list."""
    sizes = pc.fill_null(pc.list_value_length(array), 0).to_pylist()
    for inner_path, cells in leaves(array.flatten(), path):
        for place, own in enumerate(_apart(cells, sizes)):
            yield (*inner_path, place) if place else inner_path, own


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def _apart(cells: Cells, sizes: Sequence[int]) -> Iterator[Cells]:
    """The first cell of each list, the second one ...; those behind MOST_LISTED share a cell, a line each."""
    ends = list(accumulate(sizes))
    most = min(max(sizes, default=0), MOST_LISTED)
    for place in range(max(most, 1)):
        if place < MOST_LISTED - 1:
            yield [cells[end - size + place] if place < size else "" for size, end in zip(sizes, ends, strict=True)]
        else:
            yield [_lines(cells[min(end - size + place, end) : end]) for size, end in zip(sizes, ends, strict=True)]


def _lines(cells: Cells) -> Cell:
    return cells[0] if len(cells) == 1 else "\n".join(_text(cell) for cell in cells if cell)


def _mapped(array: pa.MapArray) -> Cells:
    """A map as lines of key and value, as a form has them."""
    offsets = array.offsets.to_pylist()
    start, count = offsets[0], offsets[-1] - offsets[0]
    columns = [cells for inner in (array.keys, array.items) for _, cells in leaves(inner.slice(start, count), ())]
    lines = [f"{_text(key)}: {', '.join(filter(None, map(_text, own)))}" for key, *own in zip(*columns, strict=True)]
    return [_lines(lines[begin - start : end - start]) for begin, end in pairwise(offsets)]


def _text(cell: Cell) -> str:
    return decode(cell) if isinstance(cell, bytes) else cell


def _cells(array: pa.Array) -> Cells:
    kind = array.type
    if array.null_count == len(array):
        return [""] * len(array)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return _texts(array)
    if _is_binary(kind):
        return [value or "" for value in array.to_pylist()]
    if pa.types.is_floating(kind):
        return ["" if value is None or math.isnan(value) else printed(value) for value in array.to_pylist()]
    return _written(array)


def _is_binary(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)
        or pa.types.is_binary_view(kind)
    )  # fmt: skip


def _texts(array: pa.Array) -> Cells:
    try:
        return [value or "" for value in array.to_pylist()]
    except UnicodeDecodeError:
        whole = array.cast(pa.binary()) if pa.types.is_string(array.type) else array.cast(pa.large_binary())
        return [decode(value) if value else "" for value in whole.to_pylist()]


def _written(array: pa.Array) -> Cells:
    """Numbers, dates and times as text: a time at midnight is a date."""
    try:
        values: list[Any] = pc.cast(array, pa.string()).to_pylist()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, UnicodeDecodeError):
        values = [None if value is None else str(value) for value in _plain(array)]
    if pa.types.is_temporal(array.type):
        return ["" if value is None else _MIDNIGHT.sub("", value) for value in values]
    return [value or "" for value in values]


def _plain(array: pa.Array) -> list[Any]:
    try:
        return list(array.to_pylist())
    except (pa.ArrowException, ValueError, OverflowError):  # a time after the year 9999
        return list(array.cast(pa.int64()).to_pylist()) if pa.types.is_temporal(array.type) else [None] * len(array)
