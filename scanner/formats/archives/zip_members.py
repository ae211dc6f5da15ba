"""A zip file goes in, its entries come out: from its directory, or from their own headers when that is damaged."""

import io
import re
import stat
import struct
import zlib
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO

_TAIL = 66 * 1024  # the end record, behind it a comment of at most 64 KB
_CHUNK = 256 * 1024
_LAST_METHOD = 99
_MOST_COMMENTS = 10_000
_EMPTY_PACKED = 64  # nothing, compressed: more bytes than this hold something
AES_METHOD = 99
_DOS_FOLDER = 0x10
_NO_DISK = 0xFFFF
_ZIP64 = 0xFFFFFFFF
_ENTRY = struct.Struct("<4s4B4HL2L5H2L")
_LOCAL = struct.Struct("<4s2B4HL2L2H")
_HEADER = re.compile(rb"PK(?:\x03\x04|\x01\x02|\x05\x06|\x07\x08)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One member as the archive describes it; `packed` None = how much it is, is not told. Offsets in the file."""

    name: str
    flags: int
    method: int
    local: int
    packed: int | None
    size: int | None
    checksum: int | None
    modified: float | None
    mode: int = 0
    dos: int = 0  # attributes of DOS and Windows
    clock: int = 0  # DOS time, which an old cipher uses for a check
    aes: bytes = b""  # extra field 0x9901: version, "AE", strength, the method that is underneath

    @property
    def aes_strength(self) -> int:
        """1, 2, 3 = AES-128, -192, -256; 0 = none."""
        return self.aes[4] if len(self.aes) >= 7 and self.method == AES_METHOD else 0

    @property
    def inner_method(self) -> int:
        """How it was packed before it was encrypted."""
        return int.from_bytes(self.aes[5:7], "little") if self.aes_strength else self.method

    @property
    def encrypted(self) -> bool:
        """Whether a password is needed."""
        return bool(self.flags & 0x41) or self.method == AES_METHOD

    @property
    def folder(self) -> bool:
        """Whether it is a folder's entry; a name that only looks like one may hide data."""
        named = self.name.endswith("/") or self.dos & _DOS_FOLDER
        return bool(named) and not self.size and (self.packed or 0) < _EMPTY_PACKED

    @property
    def link(self) -> bool:
        """Whether it is a symbolic link or a device of a Unix system."""
        kind = stat.S_IFMT(self.mode)
        return bool(kind) and kind not in (stat.S_IFREG, stat.S_IFDIR)


class Directory:
    """The list of members at the end of a zip. `complete` is known when all entries were asked for."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._size = stream.seek(0, io.SEEK_END)
        self.complete = False
        self.parts = 1  # files that the archive is spread over
        self.comments: list[bytes] = []  # of the archive, and of its members as they are read
        self.behind = 0  # bytes behind its end

    def entries(self) -> Iterator[Entry]:
        """Entries in the order of the directory, read piece by piece."""
        found = self._place()
        if found is None:
            return
        start, shift, count, length = found
        at, given = start, 0
        while at < start + length or given < count:
            fixed = _read(self._stream, at, _ENTRY.size)
            if len(fixed) < _ENTRY.size or not fixed.startswith(b"PK\x01\x02"):
                break
            fields = _ENTRY.unpack(fixed)
            names, extras, comments = fields[12], fields[13], fields[14]
            more = _read(self._stream, at + _ENTRY.size, names + extras)
            if len(more) < names + extras:
                break
            yield _central(fields, more[:names], more[names:], shift)
            given += 1
            at += _ENTRY.size + names + extras
            if comments and len(self.comments) < _MOST_COMMENTS:
                self.comments.append(_read(self._stream, at, comments))
            at += comments
        # The 16-bit count of a zip without zip64 wraps around.
        self.complete = given == count or (given > 0xFFFF and given & 0xFFFF == count)

    def _place(self) -> tuple[int, int, int, int] | None:
        """Start of the directory, what to add to its offsets, number of entries, length; None = not found."""
        begin = max(0, self._size - _TAIL)
        tail = _read(self._stream, begin, _TAIL)
        end = tail.rfind(b"PK\x05\x06")
        while end >= 0 and len(tail) < end + 22:
            end = tail.rfind(b"PK\x05\x06", 0, end)
        if end < 0:
            return None
        (length,) = struct.unpack_from("<H", tail, end + 20)
        if comment := tail[end + 22 : end + 22 + length]:
            self.comments.append(comment)
        self.behind = len(tail[end + 22 + length :].strip(b"\0\r\n"))
        (disk,) = struct.unpack_from("<H", tail, end + 4)
        self.parts = disk + 1 if disk < _NO_DISK else 1
        count, length, offset = struct.unpack_from("<HLL", tail, end + 10)
        behind = begin + end
        locator = _read(self._stream, behind - 20, 20) if behind >= 20 else b""
        if locator.startswith(b"PK\x06\x07"):
            (place,) = struct.unpack_from("<Q", locator, 8)
            for where in (place, behind - 20 - 56):
                record = _read(self._stream, where, 56) if 0 <= where < self._size else b""
                if record.startswith(b"PK\x06\x06") and len(record) == 56:
                    count, length, offset = struct.unpack_from("<QQQ", record, 32)
                    behind = where
                    break
        # The directory ends where the end record begins, whatever its offset says: bytes may stand before the archive.
        for start in dict.fromkeys((behind - length, offset)):
            if 0 <= start < self._size and _read(self._stream, start, 4) == b"PK\x01\x02":
                return start, start - offset, count, length
        return (behind, 0, 0, 0) if count == 0 else None


def local_entries(stream: IO[bytes]) -> Iterator[Entry]:
    """Entries by the headers before each member, for an archive that lost its directory."""
    at = _find(stream, 0, b"PK\x03\x04")
    while at >= 0:
        fixed = _read(stream, at, _LOCAL.size)
        if len(fixed) < _LOCAL.size:
            return
        _, _, _, flags, method, clock, day, checksum, packed, size, names, extras = _LOCAL.unpack(fixed)
        more = _read(stream, at + _LOCAL.size, names + extras)
        if not names or method > _LAST_METHOD:  # no header, but packed bytes that look like one
            at = _find(stream, at + 4, b"PK\x03\x04")
            continue
        values = _wide(more[names:], [size, packed])
        size, packed = values[0], values[1]
        data = at + _LOCAL.size + names + extras
        told = not flags & 8 or packed > 0
        following = data + packed if told else _next_header(stream, data)
        packed = following - data
        yield Entry(
            _name(more[:names], flags, more[names:]), flags, method, at, packed, size if told else None,
            checksum if told else None, _moment(day, clock), clock=clock, aes=_field(more[names:], 0x9901),
        )  # fmt: skip
        at = _find(stream, following, b"PK\x03\x04")


def data_start(stream: IO[bytes], entry: Entry) -> int:
    """Where the packed bytes of an entry begin, -1 when its own header does not stand where it should."""
    fixed = _read(stream, entry.local, _LOCAL.size) if entry.local >= 0 else b""
    if len(fixed) < _LOCAL.size or not fixed.startswith(b"PK\x03\x04"):
        return -1
    fields = _LOCAL.unpack(fixed)
    return int(entry.local + _LOCAL.size + fields[-2] + fields[-1])


class Spans:
    """Stretches of the file that belong to members; two members that share bytes are the mark of a bomb."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def free(self, start: int) -> bool:
        """Whether no member has this byte."""
        at = bisect(self._starts, start)
        return not (at and self._ends[at - 1] > start)

    def claim(self, start: int, end: int) -> bool:
        """Whether the stretch was free; it is taken then."""
        at = bisect(self._starts, start)
        if (at and self._ends[at - 1] > start) or (at < len(self._starts) and self._starts[at] < end):
            return False
        self._starts.insert(at, start)
        self._ends.insert(at, end)
        return True


def _read(stream: IO[bytes], at: int, count: int) -> bytes:
    stream.seek(at)
    return stream.read(count)


def _find(stream: IO[bytes], at: int, mark: bytes) -> int:
    """Where a mark stands next, -1 = nowhere."""
    while data := _read(stream, at, _CHUNK):
        found = data.find(mark)
        if found >= 0:
            return at + found
        if len(data) <= len(mark):
            return -1
        at += len(data) - len(mark) + 1
    return -1


def _next_header(stream: IO[bytes], at: int) -> int:
    """Where the next header, directory or data descriptor begins; the end of the file when there is none."""
    while data := _read(stream, at, _CHUNK):
        found = _HEADER.search(data)
        if found:
            return at + found.start()
        if len(data) < 4:
            return at + len(data)
        at += len(data) - 3
    return at


def _central(fields: tuple[int, ...], name: bytes, extra: bytes, shift: int) -> Entry:
    flags, method, clock, day, checksum, packed, size = fields[5:12]
    attributes, local = fields[17], fields[18]
    size, packed, local = _wide(extra, [size, packed, local])
    mode = attributes >> 16 if fields[2] in (3, 19) else 0  # made on Unix or macOS
    return Entry(
        _name(name, flags, extra), flags, method, local + shift, packed, size, checksum, _moment(day, clock), mode,
        attributes & 0xFF, clock, _field(extra, 0x9901),
    )  # fmt: skip


def _fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        yield kind, extra[at + 4 : at + 4 + length]
        at += 4 + length


def _field(extra: bytes, wanted: int) -> bytes:
    return next((content for kind, content in _fields(extra) if kind == wanted), b"")


def _wide(extra: bytes, values: list[int]) -> list[int]:
    """Numbers that do not fit into 32 bits stand in an extra field, in this order."""
    wide = _field(extra, 1)
    at = 0
    for index, value in enumerate(values):
        if value == _ZIP64 and at + 8 <= len(wide):
            values[index] = struct.unpack_from("<Q", wide, at)[0]
            at += 8
    return values


def _name(raw: bytes, flags: int, extra: bytes) -> str:
    """The name: UTF-8 where that is said or where it is valid, else the DOS code page of the standard."""
    for kind, content in _fields(extra):
        if kind == 0x7075 and len(content) > 5 and struct.unpack_from("<L", content, 1)[0] == zlib.crc32(raw):
            raw, flags = content[5:], 0x800
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "surrogateescape") if flags & 0x800 else raw.decode("cp437")


def _moment(day: int, clock: int) -> float | None:
    """Time stamp of DOS, which knows no time zone."""
    try:
        return datetime(
            (day >> 9) + 1980, day >> 5 & 15, day & 31, clock >> 11, clock >> 5 & 63, min(59, (clock & 31) * 2),
            tzinfo=UTC,
        ).timestamp()  # fmt: skip
    except ValueError:
        return None
