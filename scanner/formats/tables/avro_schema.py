"""An Avro schema goes in, a function comes out that reads one value: it adds the leaves of a record, paths and cells.

Avro 1.11 specification. Written here, because a library holds whatever a file says that a list is long.
"""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from scanner.formats.tables.db_rows import Cell, printed

Path: TypeAlias = tuple[str, ...]
Leaves: TypeAlias = list[tuple[Path, Cell]]
Read: TypeAlias = Callable[["Cursor", Path, Leaves], None]

_MOST_LEAVES = 100_000  # of one record: lists of empty values cost no bytes
_DEEPEST = 64
_MOST_DIGITS = 400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TooMuchError(ValueError):
    """A record with more values than anybody writes."""


class Cursor:
    """The bytes of one block, and where the next value stands."""

    __slots__ = ("at", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def long(self) -> int:
        """A whole number of 1 to 10 bytes, the sign in its lowest bit."""
        data, at, shift = self.data, self.at, 7
        byte = data[at]
        value = byte & 0x7F
        while byte & 0x80:
            at += 1
            byte = data[at]
            value |= (byte & 0x7F) << shift
            shift += 7
            if shift > 70:
                raise ValueError
        self.at = at + 1
        return (value >> 1) ^ -(value & 1)

    def raw(self, count: int) -> bytes:
        """So many bytes."""
        end = self.at + count
        if count < 0 or end > len(self.data):
            raise IndexError
        found = self.data[self.at : end]
        self.at = end
        return found


@dataclass(frozen=True, slots=True)
class _Names:
    """The types that have names so far, the namespace that is meant without one, and how deep a type stands."""

    known: dict[str, Read]
    space: str = ""
    depth: int = 0

    def deeper(self, space: str = "") -> "_Names":
        """The same one step further in."""
        if self.depth > _DEEPEST:
            raise ValueError
        return _Names(self.known, space or self.space, self.depth + 1)

    def whole(self, name: str) -> str:
        """A name with its namespace."""
        return name if "." in name or not self.space else f"{self.space}.{name}"


def reader_of(schema: Any) -> Read:
    """The function that reads a value of this schema; raises ValueError, TypeError or KeyError where it is none."""
    return _reader(schema, _Names({}))


def _reader(schema: Any, names: _Names) -> Read:
    if isinstance(schema, list):
        return _union([_reader(one, names.deeper()) for one in schema])
    if isinstance(schema, str):
        return _SIMPLE[schema] if schema in _SIMPLE else _known(names, schema)
    if not isinstance(schema, Mapping):
        raise TypeError
    kind = schema.get("type")
    if isinstance(kind, str):
        if make := _COMPLEX.get(kind):
            return make(schema, names)
        if logical := _LOGICAL.get((kind, str(schema.get("logicalType")))):
            return logical
    return _reader(kind, names.deeper())


def _known(names: _Names, name: str) -> Read:
    """A type by its name; it may stand within itself, so it is looked up when it is read."""
    whole = names.whole(name)

    def read(cursor: Cursor, path: Path, leaves: Leaves) -> None:
        if len(path) > _DEEPEST:
            raise TooMuchError
        (names.known.get(whole) or names.known[name])(cursor, path, leaves)

    return read


def _remember(names: _Names, schema: Mapping[str, Any], read: Read) -> _Names:
    """Let a type be known by its name. Returns the names as they are within it."""
    name = str(schema.get("name", ""))
    within = names.deeper(str(schema.get("namespace") or name.rpartition(".")[0]))
    names.known[within.whole(name)] = read
    return within


def _record(schema: Mapping[str, Any], names: _Names) -> Read:
    fields: list[tuple[str, Read]] = []

    def read(cursor: Cursor, path: Path, leaves: Leaves) -> None:
        for name, inner in fields:
            inner(cursor, (*path, name), leaves)

    within = _remember(names, schema, read)
    fields.extend((str(field["name"]), _reader(field["type"], within)) for field in schema["fields"])
    return read


def _union(branches: list[Read]) -> Read:
    def read(cursor: Cursor, path: Path, leaves: Leaves) -> None:
        which = cursor.long()
        if not 0 <= which < len(branches):
            raise ValueError
        branches[which](cursor, path, leaves)

    return read


def _array(schema: Mapping[str, Any], names: _Names) -> Read:
    inner = _reader(schema["items"], names.deeper())

    def read(cursor: Cursor, path: Path, leaves: Leaves) -> None:
        while count := _count(cursor, leaves):
            for _ in range(count):
                inner(cursor, path, leaves)

    return read


def _map(schema: Mapping[str, Any], names: _Names) -> Read:
    inner = _reader(schema["values"], names.deeper())

    def read(cursor: Cursor, path: Path, leaves: Leaves) -> None:
        while count := _count(cursor, leaves):
            for _ in range(count):
                key = cursor.raw(cursor.long()).decode("utf-8", "replace")
                own: Leaves = []
                inner(cursor, (), own)
                leaves.extend((path, f"{key}: {_text(cell)}") for _, cell in own)

    return read


def _text(cell: Cell) -> str:
    return cell.decode("utf-8", "replace") if isinstance(cell, bytes) else cell


def _count(cursor: Cursor, leaves: Leaves) -> int:
    """How many values the next piece of a list has; a negative count is followed by its size in bytes."""
    count = cursor.long()
    if count < 0:
        count = -count
        cursor.long()
    if len(leaves) + count > _MOST_LEAVES:
        raise TooMuchError
    return count


def _enum(schema: Mapping[str, Any], names: _Names) -> Read:
    symbols = list(schema["symbols"])
    read = _leaf(lambda cursor: str(symbols[cursor.long()]))
    _remember(names, schema, read)
    return read


def _fixed(schema: Mapping[str, Any], names: _Names) -> Read:
    size = int(schema["size"])
    read = _decimal(schema, lambda _: size)
    _remember(names, schema, read)
    return read


def _bytes(schema: Mapping[str, Any], _names: _Names) -> Read:
    return _decimal(schema, Cursor.long)


def _decimal(schema: Mapping[str, Any], size: Callable[[Cursor], int]) -> Read:
    """Bytes, or the number with a fixed point that they are."""
    scale = int(schema.get("scale", 0))
    if schema.get("logicalType") != "decimal" or not 0 <= scale < _MOST_DIGITS:
        return _leaf(lambda cursor: cursor.raw(size(cursor)))

    def number(cursor: Cursor) -> Cell:
        value = int.from_bytes(cursor.raw(size(cursor))[:_MOST_DIGITS], "big", signed=True)
        return str(Decimal(value).scaleb(-scale))

    return _leaf(number)


def _leaf(value: Callable[[Cursor], Cell]) -> Read:
    def read(cursor: Cursor, path: Path, leaves: Leaves) -> None:
        leaves.append((path, value(cursor)))

    return read


def _nothing(_cursor: Cursor, _path: Path, leaves: Leaves) -> None:
    if len(leaves) > _MOST_LEAVES:
        raise TooMuchError


def _string(cursor: Cursor) -> Cell:
    raw = cursor.raw(cursor.long())
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw


def _boolean(cursor: Cursor) -> Cell:
    return "true" if cursor.raw(1) != b"\0" else "false"


def _day(cursor: Cursor) -> Cell:
    days = cursor.long()
    try:
        return (date(1970, 1, 1) + timedelta(days=days)).isoformat()
    except OverflowError:
        return str(days)


def _moment(per_second: int) -> Callable[[Cursor], Cell]:
    def read(cursor: Cursor) -> Cell:
        value = cursor.long()
        try:
            when = _EPOCH + timedelta(microseconds=value * 1_000_000 // per_second)
        except OverflowError:
            return str(value)
        return when.strftime("%Y-%m-%d %H:%M:%S").removesuffix(" 00:00:00")

    return read


_SIMPLE: Mapping[str, Read] = {
    "null": _nothing,
    "boolean": _leaf(_boolean),
    "int": _leaf(lambda cursor: str(cursor.long())),
    "long": _leaf(lambda cursor: str(cursor.long())),
    "float": _leaf(lambda cursor: printed(struct.unpack("<f", cursor.raw(4))[0])),
    "double": _leaf(lambda cursor: printed(struct.unpack("<d", cursor.raw(8))[0])),
    "bytes": _leaf(lambda cursor: cursor.raw(cursor.long())),
    "string": _leaf(_string),
}
_COMPLEX: Mapping[str, Callable[[Mapping[str, Any], _Names], Read]] = {
    "record": _record,
    "error": _record,
    "enum": _enum,
    "fixed": _fixed,
    "array": _array,
    "map": _map,
    "bytes": _bytes,
}
_LOGICAL: Mapping[tuple[str, str], Read] = {
    ("int", "date"): _leaf(_day),
    ("long", "timestamp-millis"): _leaf(_moment(1_000)),
    ("long", "timestamp-micros"): _leaf(_moment(1_000_000)),
    ("long", "local-timestamp-millis"): _leaf(_moment(1_000)),
    ("long", "local-timestamp-micros"): _leaf(_moment(1_000_000)),
}
