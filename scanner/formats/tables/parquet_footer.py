"""The end of a Parquet file goes in; what it tells of the columns of each row group comes out: values and bytes.

Arrow tells it, too, but where the end is damaged, asking it ends the whole process (pyarrow 26: an exception of C++
that nothing catches). Thrift's compact protocol, as far as parquet.thrift uses it.
"""

import io
from dataclasses import dataclass
from typing import IO, Any

_LONGEST = 32 * 1024 * 1024  # of a description that is worth reading: ten thousand columns of a hundred row groups
_DEEPEST = 16
_COLUMNS, _TELLS, _VALUES, _SIZE = 1, 3, 5, 6  # fields of RowGroup, ColumnChunk and ColumnMetaData
_ROW_GROUPS = 4


@dataclass(frozen=True, slots=True)
class Chunk:
    """One column of one row group."""

    values: int
    size: int


def read_chunks(stream: IO[bytes]) -> list[list[Chunk]]:
    """For each row group its columns; empty where nothing can be told. The stream is moved."""
    try:
        stream.seek(-8, io.SEEK_END)
        length = int.from_bytes(stream.read(4), "little")
        if length > _LONGEST:
            return []
        stream.seek(-8 - length, io.SEEK_END)
        told = _Compact(stream.read(length)).struct(0)
        return [[_chunk(column) for column in group[_COLUMNS]] for group in told[_ROW_GROUPS]]
    except (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError):
        return []


def _chunk(column: dict[int, Any]) -> Chunk:
    tells = column[_TELLS]
    return Chunk(max(0, int(tells[_VALUES])), max(0, int(tells[_SIZE])))


class _Compact:
    """Values of the compact protocol; a struct is a dictionary by the numbers of its fields."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def struct(self, depth: int) -> dict[int, Any]:
        fields: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            step, kind = head >> 4, head & 15
            number = number + step if step else self._zigzag()
            fields[number] = kind == 1 if kind in (1, 2) else self._value(kind, depth)
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        if depth > _DEEPEST:
            raise ValueError
        if kind in (4, 5, 6):
            return self._zigzag()
        if kind in (1, 2, 3):
            return self._byte()
        if kind == 7:
            return self._bytes(8)
        if kind == 8:
            return self._bytes(self._number())
        if kind in (9, 10):
            return self._list(depth)
        if kind == 12:
            return self.struct(depth + 1)
        raise ValueError

    def _list(self, depth: int) -> list[Any]:
        head = self._byte()
        count, kind = head >> 4, head & 15
        count = self._number() if count == 15 else count
        if count > len(self._data) - self._at:
            raise ValueError
        return [self._value(kind, depth + 1) for _ in range(count)]

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _bytes(self, count: int) -> bytes:
        if count > len(self._data) - self._at:
            raise ValueError
        self._at += count
        return self._data[self._at - count : self._at]

    def _number(self) -> int:
        value = shift = 0
        while shift < 70:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
        raise ValueError

    def _zigzag(self) -> int:
        value = self._number()
        return (value >> 1) ^ -(value & 1)
