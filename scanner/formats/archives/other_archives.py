"""RAR, CAB, ISO, CPIO, LHA, AR, XAR and RPM, and single files packed by rarer programs: what libarchive reads."""

import io
import struct
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import IO

from scanner.formats.archives.libarchive import ArchiveFault, Entry, Reader
from scanner.formats.archives.member_streams import Damage, opener
from scanner.limits import Budget
from scanner.model import Child, Lost, Part, Reason, Skip, Tally

_LOCKED = "needs a password: unpack it with the program that made it, then scan what comes out"
_EMPTY = 1024  # an archive of no members is not larger than this
_WITH_MODES = frozenset(("cpio", "ar", "xar"))  # it makes owner and permissions up for the others
_MOST_BAD = 1000  # entries that cannot be read, one after the other


def extract_archive(
    stream: IO[bytes], budget: Budget, *, formats: tuple[str, ...], filters: tuple[str, ...] = ()
) -> Iterator[Part]:
    """Members in the order of the archive, of one of these formats, perhaps packed by one of these filters."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    with closing(Reader(stream, formats, filters)) as reader:
        if not reader.supported:
            raise Skip(Reason.UNSUPPORTED, "this system's libarchive cannot read it")
        yield from _parts(reader, size, budget, told=bool(_WITH_MODES.intersection(formats)))


def _parts(reader: Reader, size: int, budget: Budget, told: bool) -> Iterator[Part]:
    damage = Damage()
    seen = given = bad = met = 0
    try:
        for entry in reader.entries():
            if entry is None:
                damage.note("not readable")
                bad += 1
                if bad > _MOST_BAD:
                    break
                continue
            met += 1
            if entry.folder:
                continue
            budget.charge_member()
            seen += 1
            part = _part(reader, entry, damage, told)
            given += isinstance(part, Child)
            yield part
    except ArchiveFault as fault:
        if fault.locked:
            if not seen:
                raise Skip(Reason.ENCRYPTED, _LOCKED) from fault
            yield Lost("", Reason.ENCRYPTED, _LOCKED)
        elif not seen:
            raise Skip(Reason.DAMAGED, "no member can be read") from fault
        else:
            yield Lost("", Reason.DAMAGED, "parts of the archive are damaged or cut off")
    if not met and size > _EMPTY:  # it may be wrong without saying so
        raise Skip(Reason.DAMAGED, "no member can be found")
    yield from damage.told()
    yield Tally(seen, given)


def _part(reader: Reader, entry: Entry, damage: Damage, told: bool) -> Child | Lost:
    raw = entry.name if isinstance(entry.name, bytes) else None
    name = entry.name if isinstance(entry.name, str) else entry.name.decode("utf-8", "surrogateescape")
    if entry.encrypted:
        return Lost(name, Reason.ENCRYPTED, _LOCKED)
    if entry.special:
        return Lost(name, Reason.SPECIAL, "link or device")
    return Child(
        name, opener(reader.data, damage), entry.size, entry.modified, raw_name=raw, owner=entry.owner if told else "",
        mode=entry.mode & 0o7777 if told else None,
    )  # fmt: skip


def extract_packed(stream: IO[bytes], budget: Budget, *, filters: tuple[str, ...]) -> Iterator[Part]:
    """The one member of a packed file; no name is kept."""
    stream.seek(0)
    damage = Damage()
    budget.charge_member()
    with closing(Reader(stream, ("raw",), filters)) as reader:
        if not reader.supported:
            raise Skip(Reason.UNSUPPORTED, "this system's libarchive cannot read it")
        try:
            for entry in reader.entries():
                if entry is not None:
                    yield Child("", opener(reader.data, damage), None, None)
        except ArchiveFault as fault:
            raise Skip(Reason.DAMAGED, "cannot be unpacked") from fault
        yield from damage.told()


def extract_rar(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Members of a RAR archive of version 4 or 5; a part of one in several files says so."""
    parted = _is_volume(stream)
    parts = extract_archive(stream, budget, formats=("rar", "rar5"))
    if not parted:
        yield from parts
        return
    try:
        yield from parts
    except Skip as skip:
        raise Skip(skip.reason, f"{skip.detail}; {_VOLUME}") from skip
    yield Lost("", Reason.DAMAGED, _VOLUME)


_VOLUME = "one part of an archive in several files: unpack it with the program that made it, then scan what comes out"


def _is_volume(stream: IO[bytes]) -> bool:
    """The flag in the main header, which follows the signature."""
    stream.seek(0)
    head = stream.read(64)
    if head.startswith(b"Rar!\x1a\x07\x00") and len(head) >= 12:
        kind, flags = struct.unpack_from("<BH", head, 9)
        return kind == 0x73 and bool(flags & 1)
    at = 8 + 4  # signature, checksum
    numbers = []
    for _ in range(5):  # size, type, flags, size of extra area (if flagged), flags of the archive
        value = shift = 0
        while at < len(head):
            value |= (head[at] & 0x7F) << shift
            shift += 7
            at += 1
            if not head[at - 1] & 0x80:
                break
        numbers.append(value)
    archive_flags = numbers[4] if numbers[2] & 1 else numbers[3]
    return numbers[1] == 1 and bool(archive_flags & 1)


_PACKERS = ("gzip", "bzip2", "xz", "lzma", "zstd", "compress")
extract_cab = partial(extract_archive, formats=("cab",))
extract_iso = partial(extract_archive, formats=("iso9660",))
extract_cpio = partial(extract_archive, formats=("cpio",))
extract_lha = partial(extract_archive, formats=("lha",))
extract_ar = partial(extract_archive, formats=("ar",))
extract_xar = partial(extract_archive, formats=("xar",))
extract_rpm = partial(extract_archive, formats=("cpio",), filters=("rpm", *_PACKERS))
extract_sevenzip = partial(extract_archive, formats=("7zip",))
extract_compress = partial(extract_packed, filters=("compress",))
extract_lz4 = partial(extract_packed, filters=("lz4",))
extract_lzip = partial(extract_packed, filters=("lzip",))
