"""A ZIP file goes in, the same with some members changed or left out comes out; every other member keeps every byte.

Order, methods, dates, comments and extra fields stay. Nothing is packed anew that is not changed.
"""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, TypeAlias

from subjects.erasure.actions import CannotErase
from subjects.erasure.actions.texts import MOST

# Name, content and place (offset in the file) of a member -> its new content, or None when it goes.
Change: TypeAlias = Callable[[str, Callable[[], bytes], int], bytes | None]
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s4H2LH")
_LARGE = 0xFFFFFFFF
_ENCRYPTED, _DESCRIPTOR = 0x1, 0x8
_DAMAGED = "its list of members and its members do not fit together"


class _Same(bytes):
    """The content stays."""


SAME = _Same()


@dataclass(slots=True)
class _Entry:
    info: zipfile.ZipInfo
    record: bytes  # as it stands in the list at the end
    start: int
    end: int


def rewrite_entries(source: IO[bytes], target: IO[bytes], change: Change) -> None:
    """Copy the package; `change` gives SAME for what stays. Raises CannotErase when it is no plain ZIP file."""
    size = source.seek(0, 2)
    try:
        with zipfile.ZipFile(source) as package:
            entries, listed = _entries(source, package, size)
            written = [made for entry in sorted(entries, key=lambda one: one.start)
                       for made in _write(source, target, package, entry, change)]  # fmt: skip
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError) as error:
        raise CannotErase(_DAMAGED) from error
    order = {id(entry): number for number, entry in enumerate(entries)}
    records = [record for _, record in sorted(written, key=lambda one: order[id(one[0])])]
    at = target.tell()
    target.write(b"".join(records))
    source.seek(listed)
    source.seek(listed + sum(len(entry.record) for entry in entries))
    end = source.read()
    fields = list(_END.unpack(end[: _END.size]))
    fields[3] = fields[4] = len(records)
    fields[5:7] = [target.tell() - at, at]
    target.write(_END.pack(*fields) + end[_END.size :])


def _entries(source: IO[bytes], package: zipfile.ZipFile, size: int) -> tuple[list[_Entry], int]:
    """The members with the bytes that they take up, and where the list begins; nothing may lie between."""
    listed, at = package.start_dir, package.start_dir
    entries = []
    for info in package.infolist():
        source.seek(at)
        head = source.read(_CENTRAL.size)
        fields = _CENTRAL.unpack(head)
        length = _CENTRAL.size + sum(fields[10:13])
        if fields[0] != b"PK\1\2" or _LARGE in (*fields[8:10], fields[16]):
            raise CannotErase("it is a large or unusual ZIP file")
        source.seek(at)
        entries.append(_Entry(info, source.read(length), info.header_offset, 0))
        at += length
    source.seek(at)
    end = source.read(_END.size)
    if end[:4] != b"PK\5\6" or at + _END.size + _END.unpack(end)[7] != size:
        raise CannotErase("it is a large, signed or unusual ZIP file")
    place = 0
    for entry in sorted(entries, key=lambda one: one.start):
        if entry.start != place:
            raise CannotErase("it holds bytes that its list of members does not name")
        place = entry.end = _end_of(source, entry)
    if place != listed:
        raise CannotErase("it holds bytes that its list of members does not name")
    return entries, listed


def _end_of(source: IO[bytes], entry: _Entry) -> int:
    source.seek(entry.start)
    fields = _LOCAL.unpack(source.read(_LOCAL.size))
    if fields[0] != b"PK\3\4":
        raise CannotErase(_DAMAGED)
    end = entry.start + _LOCAL.size + fields[9] + fields[10] + entry.info.compress_size
    if fields[2] & _DESCRIPTOR:
        source.seek(end)
        crc = struct.pack("<L", entry.info.CRC)
        mark = source.read(16)
        # The signature of a descriptor is optional.
        end += 16 if mark[:8] == b"PK\7\x08" + crc else 12 if mark[:4] == crc else 0
    return int(end)


def _write(
    source: IO[bytes], target: IO[bytes], package: zipfile.ZipFile, entry: _Entry, change: Change
) -> Iterator[tuple[_Entry, bytes]]:
    made = change(entry.info.filename, lambda: _content(package, entry.info), entry.start)
    if made is None:
        return
    at = target.tell()
    fields = list(_CENTRAL.unpack(entry.record[: _CENTRAL.size]))
    source.seek(entry.start)
    raw = source.read(entry.end - entry.start)
    if made is SAME:
        target.write(raw)
    else:
        fields[3] &= ~_DESCRIPTOR
        packed = _packed(made, entry.info)
        fields[7:10] = [zlib.crc32(made), len(packed), len(made)]
        local = list(_LOCAL.unpack(raw[: _LOCAL.size]))
        local[2] &= ~_DESCRIPTOR
        local[6:9] = fields[7:10]
        head = _LOCAL.size + local[9]
        extra = raw[head : head + local[10]]
        local[10] = len(short := _without_sizes(extra))
        target.write(_LOCAL.pack(*local) + raw[_LOCAL.size : head] + short + packed)
    fields[16] = at
    yield entry, _CENTRAL.pack(*fields) + entry.record[_CENTRAL.size :]


def _without_sizes(extra: bytes) -> bytes:
    """Extra fields without the one for sizes over 4 GB, which would tell of the old content."""
    kept, at = b"", 0
    while at + 4 <= len(extra):
        number, length = struct.unpack_from("<2H", extra, at)
        kept += b"" if number == 1 else extra[at : at + 4 + length]
        at += 4 + length
    return kept + extra[at:]


def _content(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.flag_bits & _ENCRYPTED:
        raise CannotErase("a part of it is encrypted")
    if info.file_size > MOST:
        raise CannotErase(f"a part of it is larger than {MOST // 1024**2} MB")
    with package.open(info) as stream:
        data = stream.read(MOST + 1)
    if len(data) > MOST:
        raise CannotErase(f"a part of it is larger than {MOST // 1024**2} MB")
    return data


def _packed(data: bytes, info: zipfile.ZipInfo) -> bytes:
    if info.flag_bits & _ENCRYPTED:
        raise CannotErase("a part of it is encrypted")
    if info.compress_type == zipfile.ZIP_STORED:
        return data
    if info.compress_type != zipfile.ZIP_DEFLATED:
        raise CannotErase("a part of it is packed in an unusual way")
    packer = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()
