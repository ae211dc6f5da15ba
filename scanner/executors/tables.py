"""A table goes in, numbers and bytes come out, and back: whoever wrote the bytes, they make no more than they are.

Arrow's own stream would be shorter, and would unpack what is compressed in it: a message of a kilobyte filled gigabytes
of the process that nothing may harm. Here each buffer is a stretch of what came, behind the one before it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from typing import TypeAlias

import pyarrow as pa

# Lengths of all columns and of what is nested in them, and sizes of their buffers (-1: there is none), in one order.
Layout: TypeAlias = tuple[list[int], list[int]]
STEP = 8  # each buffer begins where a number of any type may stand


def put(table: pa.Table) -> tuple[Layout, bytes]:
    """Where all of it stands, and the bytes."""
    columns = [_from_zero(column.combine_chunks()) for column in table.columns]
    buffers = [buffer for column in columns for buffer in column.buffers()]
    lengths = [length for column in columns for length in _lengths(column)]
    sizes = [-1 if buffer is None else buffer.size for buffer in buffers]
    padded = b"".join(bytes(buffer) + bytes(-buffer.size % STEP) for buffer in buffers if buffer is not None)
    return (lengths, sizes), padded


def take(layout: Layout, raw: memoryview, schema: pa.Schema) -> pa.Table:
    """The inverse of put(). Lengths and text are checked before anything else looks at them.

    Raises:
        ValueError, IndexError, StopIteration: put() cannot have made this of a table with this schema.
    """
    lengths, sizes = layout
    if min(sizes, default=0) < -1:
        raise ValueError("a buffer of no size")
    ends = list(accumulate((size + -size % STEP if size > 0 else 0 for size in sizes), initial=0))
    if ends[-1] != len(raw):
        raise ValueError("buffers that are not what came")
    whole = pa.py_buffer(raw)
    buffers = iter(
        [None if size < 0 else whole.slice(begin, size) for size, (begin, _) in zip(sizes, pairwise(ends), strict=True)]
    )
    left = iter(lengths)
    arrays = [_array(_shape(field.type), left, buffers) for field in schema]
    if next(left, None) is not None or next(buffers, whole) is not whole:
        raise ValueError("more columns than there are")
    table = pa.Table.from_arrays(arrays, schema=schema)
    table.validate(full=True)
    return table


def _from_zero(array: pa.Array) -> pa.Array:
    """Where an array is a stretch of a longer one, that stretch alone."""
    return pa.concat_arrays([array]) if array.offset or any(child.offset for child in _nested(array)) else array


def _nested(array: pa.Array) -> list[pa.Array]:
    if not array.type.num_fields:
        return []
    if pa.types.is_map(array.type):
        return [array.values]
    return [array.field(index) for index in range(array.type.num_fields)]


def _lengths(array: pa.Array) -> Iterator[int]:
    yield len(array)
    for child in _nested(array):
        yield from _lengths(child)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What is known of a type: of so many buffers it is made, and what is nested in it."""

    kind: pa.DataType
    buffers: int
    nested: "tuple[_Shape, ...]"


@cache
def _shape(kind: pa.DataType) -> _Shape:
    """Of a few types that come a million times."""
    return _Shape(kind, kind.num_buffers, tuple(_shape(kind.field(index).type) for index in range(kind.num_fields)))


def _array(shape: _Shape, lengths: Iterator[int], buffers: "Iterator[pa.Buffer | None]") -> pa.Array:
    """Of the types that a report has: numbers, words, yes and no, structs and maps of these."""
    length = next(lengths)
    own = [next(buffers) for _ in range(shape.buffers)]
    if not shape.nested:
        return pa.Array.from_buffers(shape.kind, length, own)
    children = [_array(nested, lengths, buffers) for nested in shape.nested]
    return pa.Array.from_buffers(shape.kind, length, own, children=children)
