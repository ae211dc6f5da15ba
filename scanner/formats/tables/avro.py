"""An Avro file goes in, Columns for the leaves of its records come out; a damaged block costs itself."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO

import pyarrow as pa

from scanner.formats.archives.nested import MOST_LISTED, short_label
from scanner.formats.archives.packed import FAULTS, bzip2, deflate, unpack, xz, zstandard
from scanner.formats.tables.avro_schema import Cursor, Leaves, Path, Read, TooMuchError, reader_of
from scanner.formats.tables.blocks import BLOCK_CELLS, BLOCK_ROWS
from scanner.formats.tables.db_rows import BLOCK_CHARS, Binaries, Cell, Table
from scanner.limits import MB, Budget
from scanner.model import Location, Lost, Part, Reason, Skip

_MAGIC = b"Obj\x01"
_HEAD = 16 * MB  # schema and notes of a file
_LARGEST_BLOCK = 256 * MB
_DAMAGE = (*FAULTS, IndexError, KeyError, TypeError, RecursionError, AttributeError, pa.ArrowException)
_CODECS = {"deflate": deflate, "bzip2": bzip2, "xz": xz, "zstandard": zstandard}


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read a file block by block."""
    try:
        head = Cursor(stream.read(_HEAD))
        notes = _notes(head)
        read = reader_of(json.loads(notes["avro.schema"]))
        mark = head.raw(16)
    except _DAMAGE as error:
        raise Skip(Reason.DAMAGED, "its schema cannot be read") from error
    codec = notes.get("avro.codec", b"null").decode("ascii", "replace")
    if codec not in ("null", "snappy", *_CODECS):
        raise Skip(Reason.UNSUPPORTED, "compressed in a way that is not known")
    rows = _Rows(Binaries(budget))
    blocks = _Blocks(stream, head.at, mark)
    broken = 0
    for count, packed in blocks.read():
        try:
            data = _unpacked(packed, codec, budget)
            yield from _records(Cursor(data), count, read, rows)
        except _DAMAGE:
            broken += 1
    yield from rows.rest()
    yield from rows.binaries.losses()
    if broken or blocks.damaged:
        stretches = f"{broken + blocks.damaged} stretches of it are damaged"
        yield Lost("", Reason.DAMAGED, f"{stretches}; {rows.table.rows.count:,} records were read")


def _notes(head: Cursor) -> dict[str, bytes]:
    if head.raw(4) != _MAGIC:
        raise ValueError
    notes: dict[str, bytes] = {}
    while count := head.long():
        if count < 0:
            count = -count
            head.long()
        for _ in range(count):
            key = head.raw(head.long()).decode("utf-8", "replace")
            notes[key] = head.raw(head.long())
    return notes


@dataclass(slots=True)
class _Blocks:
    """Blocks of records; behind what is no block the next mark is looked for."""

    stream: IO[bytes]
    at: int
    mark: bytes
    damaged: int = 0

    def read(self) -> Iterator[tuple[int, bytes]]:
        """The number of records of each block, and its bytes."""
        while True:
            self.stream.seek(self.at)
            head = Cursor(self.stream.read(20))
            if not head.data:
                return
            try:
                count, size = head.long(), head.long()
            except (IndexError, ValueError):
                count = size = -1
            whole = b""
            if count >= 0 and 0 <= size <= _LARGEST_BLOCK:
                self.stream.seek(self.at + head.at)
                whole = self.stream.read(size + 16)
            if len(whole) == size + 16 and whole.endswith(self.mark):
                self.at += head.at + size + 16
                yield count, whole[:-16]
                continue
            self.damaged += 1
            if not self._find_mark():
                return

    def _find_mark(self) -> bool:
        self.stream.seek(self.at)
        waiting = b""
        start = self.at
        while block := self.stream.read(MB):
            waiting = waiting[-15:] + block
            place = waiting.find(self.mark)
            if place >= 0:
                self.at = start + place + 16
                return True
            start += len(waiting) - 15
        return False


def _unpacked(packed: bytes, codec: str, budget: Budget) -> bytes:
    if codec == "null":
        return packed
    if codec == "snappy":
        size = _snappy_size(packed)
        budget.charge_bytes(size)
        return bytes(pa.Codec("snappy").decompress(packed[:-4], decompressed_size=size))
    make: Callable[[], object] = _CODECS[codec]
    chunks = []
    for chunk in unpack(iter((packed,)), make):  # type: ignore[arg-type]  # they are all makers of Decompressors
        budget.charge_bytes(len(chunk))
        chunks.append(chunk)
    return b"".join(chunks)


def _snappy_size(packed: bytes) -> int:
    """What a block of snappy says that it unpacks to: at most 64 times its size."""
    size = shift = 0
    for byte in packed[:5]:
        size |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            break
    if size > 64 * len(packed) + 64:
        raise ValueError
    return size


def _records(cursor: Cursor, count: int, read: Read, rows: "_Rows") -> Iterator[Part]:
    if count > len(cursor.data):  # records without any value
        raise TooMuchError
    for _ in range(count):
        leaves: Leaves = []
        read(cursor, (), leaves)
        yield from rows.add(leaves)


@dataclass(slots=True)
class _Rows:
    """Collects records into blocks of columns; a list has a column for each of its places."""

    binaries: Binaries
    table: Table = field(default_factory=lambda: Table("", Location(), {}))
    _numbers: dict[tuple[Path, int], int] = field(default_factory=dict)
    _rows: list[dict[int, Cell]] = field(default_factory=list)
    _chars: int = 0

    def add(self, leaves: Leaves) -> Iterator[Part]:
        """One more record; gives the block when it is full."""
        row: dict[int, Cell] = {}
        behind: dict[int, list[str]] = {}
        places: Counter[Path] = Counter()
        for path, cell in leaves:
            place = min(places[path], MOST_LISTED - 1)
            places[path] += 1
            number = self._numbers.get((path, place))
            if number is None:
                number = self._numbers[path, place] = len(self._numbers) + 1
                self.table.labels[number] = short_label(path)
            if number in row:
                behind.setdefault(number, [_text(row[number])]).append(_text(cell))
            else:
                row[number] = cell
            self._chars += len(cell)
        self._rows.append(row | {number: "\n".join(cells) for number, cells in behind.items()})
        most = max(1, min(BLOCK_ROWS, BLOCK_CELLS // max(len(self._numbers), 1)))
        if len(self._rows) >= most or self._chars >= BLOCK_CHARS:
            yield from self.rest()

    def rest(self) -> Iterator[Part]:
        """Give what waits."""
        rows, self._rows, self._chars = self._rows, [], 0
        self.binaries.budget.charge_cells(len(rows))
        numbers = tuple(self._numbers.values())
        columns = [[row.get(number, "") for row in rows] for number in numbers]
        yield from self.table.parts(columns, numbers, self.binaries)


def _text(cell: Cell) -> str:
    return cell.decode("utf-8", "replace") if isinstance(cell, bytes) else cell
