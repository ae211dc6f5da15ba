"""A zip or OLE file goes in, the media type of what it really is comes out: only the names inside are looked at."""

import io
import re
import struct
import zlib
from collections.abc import Iterator
from typing import IO

_TAIL = 128 * 1024  # where the end record of a zip stands: it may be followed by a comment of 64 KB
_DIRECTORY = 256 * 1024
_CONTENT_TYPES = "[Content_Types].xml"
_ODF = "application/vnd.oasis.opendocument."
_OPENOFFICE_1 = "application/vnd.sun.xml."
_OOXML = "application/vnd.openxmlformats-officedocument."
DOCX = _OOXML + "wordprocessingml.document"
XLSX = _OOXML + "spreadsheetml.sheet"
PPTX = _OOXML + "presentationml.presentation"

# What the main part of an Office file is declared as, macros and templates included; the first that is found counts.
_MAIN_PARTS = (
    (
        re.compile(rb"ms-excel\.sheet\.binary\.macroEnabled\.main"),
        "application/vnd.ms-excel.sheet.binary.macroenabled.12",
    ),
    (re.compile(rb"wordprocessingml\.(?:document|template)\.main|ms-word\.\w+\.macroEnabled\w*\.main"), DOCX),
    (re.compile(rb"spreadsheetml\.(?:sheet|template)\.main|ms-excel\.(?:sheet|template)\.macroEnabled\.main"), XLSX),
    (re.compile(rb"presentationml\.\w+\.main|ms-powerpoint\.\w+\.macroEnabled\.main"), PPTX),
    (re.compile(rb"ms-visio\.\w+\.main"), "application/vnd.ms-visio.drawing"),
    (re.compile(rb"xps-fixeddocument"), "application/vnd.ms-xpsdocument"),
    (re.compile(rb"ms-office\.theme\+xml"), "application/vnd.ms-officetheme"),
)
_FOLDERS = (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX), ("visio/", "application/vnd.ms-visio.drawing"))

# Streams directly below the root of an OLE file; the first that is found counts.
_STREAMS = (
    ("encryptedpackage", "application/x-ole-encrypted"),
    ("worddocument", "application/msword"),
    ("powerpoint document", "application/vnd.ms-powerpoint"),
    ("pp40", "application/vnd.ms-powerpoint"),
    ("workbook", "application/vnd.ms-excel"),
    ("book", "application/vnd.ms-excel"),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
    ("__nameid_version1.0", "application/vnd.ms-outlook"),
    ("visiodocument", "application/vnd.visio"),
    ("quill", "application/x-mspublisher"),
    ("matost", "application/vnd.ms-works"),
    ("hwpsummaryinformation", "application/x-hwp"),
)
OLE = "application/x-ole-storage"
_OLE_SECTORS = 256  # of the directory that are read: 1,024 names
_END_OF_CHAIN = 0xFFFFFFFA


def zip_type(head: bytes, stream: IO[bytes] | None) -> str:
    """Media type of a zip file: an office document, or application/zip."""
    names = dict(_central_names(stream)) if stream is not None else {}
    names = names or dict(_local_names(head))
    kind = ""
    if "mimetype" in names:
        kind = _member(head, stream, names["mimetype"])[:100].decode("ascii", "replace").strip()
    if kind.startswith((_ODF, _OPENOFFICE_1)):
        return _open_document(kind)
    if kind.startswith("application/epub"):
        return kind
    if _CONTENT_TYPES in names:
        declared = _member(head, stream, names[_CONTENT_TYPES])
        for pattern, media_type in _MAIN_PARTS:
            if pattern.search(declared):
                return media_type
        for folder, media_type in _FOLDERS:
            if any(name.startswith(folder) for name in names):
                return media_type
    return "application/zip"


def _open_document(kind: str) -> str:
    """Templates, master documents and the files of OpenOffice 1 are read as the kind of document that they make."""
    own = kind.removeprefix(_ODF).removeprefix(_OPENOFFICE_1)
    own = re.sub(r"[.-](?:template|master|web|global)$", "", own)
    return _ODF + {"writer": "text", "calc": "spreadsheet", "impress": "presentation", "draw": "graphics"}.get(own, own)


def _central_names(stream: IO[bytes]) -> Iterator[tuple[str, int]]:
    """(name, offset of the local header) from the directory at the end of the file."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - _TAIL))
    tail = stream.read(_TAIL)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        return
    length, offset = struct.unpack_from("<LL", tail, end + 12)
    # The directory ends where the end record begins (zip64: a little before), whatever the offset says.
    start = max(0, size - len(tail) + end - length)
    for place in dict.fromkeys((start, offset)):
        stream.seek(min(place, size))
        directory = stream.read(min(length, _DIRECTORY))
        if directory.startswith(b"PK\x01\x02"):
            yield from _entries(directory, shift=place - offset if offset < 0xFFFFFFFF else 0)
            return


def _entries(directory: bytes, shift: int) -> Iterator[tuple[str, int]]:
    at = 0
    while directory[at : at + 4] == b"PK\x01\x02" and at + 46 <= len(directory):
        name, extra, comment = struct.unpack_from("<HHH", directory, at + 28)
        (local,) = struct.unpack_from("<L", directory, at + 42)
        yield directory[at + 46 : at + 46 + name].decode("utf-8", "replace"), local + shift
        at += 46 + name + extra + comment


def _local_names(head: bytes) -> Iterator[tuple[str, int]]:
    """The same from the members' own headers, for a file that has lost its end."""
    at = head.find(b"PK\x03\x04")
    while 0 <= at <= len(head) - 30:
        packed, _, name, extra = struct.unpack_from("<LLHH", head, at + 18)
        yield head[at + 30 : at + 30 + name].decode("utf-8", "replace"), at
        at = head.find(b"PK\x03\x04", at + 30 + name + extra + packed)


def _member(head: bytes, stream: IO[bytes] | None, at: int) -> bytes:
    """The first 64 KB of a small member, "" where it cannot be had."""
    if stream is not None:
        stream.seek(max(0, at))
        data = stream.read(64 * 1024)
    else:
        data = head[at:]
    if not data.startswith(b"PK\x03\x04") or len(data) < 30:
        return b""
    (method,) = struct.unpack_from("<H", data, 8)
    size, _, name, extra = struct.unpack_from("<LLHH", data, 18)
    packed = data[30 + name + extra :]
    if method == 0:
        return packed[: size or len(packed)]
    try:
        return zlib.decompressobj(-15).decompress(packed, 64 * 1024)
    except zlib.error:
        return b""


def ole_type(head: bytes, stream: IO[bytes] | None) -> str:
    """Media type of an OLE file by the streams below its root; embedded documents do not count."""
    try:
        names = set(_root_names(stream or io.BytesIO(head)))
    except (struct.error, ValueError, OverflowError):
        names = set()
    if not names:  # damaged: look for the names wherever they stand
        names = {name for name, _ in _STREAMS if _utf16(name) in head.lower()}
    if any(name.startswith("__substg1.0_") for name in names):
        names.add("__nameid_version1.0")
    return next((media_type for name, media_type in _STREAMS if name in names), OLE)


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le") + b"\0\0"


def _root_names(stream: IO[bytes]) -> Iterator[str]:
    """Names of the root's children, lower case and without control characters."""
    entries = list(_directory(stream))
    (child,) = struct.unpack_from("<L", entries[0], 76) if entries else (_END_OF_CHAIN,)
    waiting, seen = [child], set()
    while waiting:
        number = waiting.pop()
        if number in seen or number >= len(entries):
            continue
        seen.add(number)
        entry = entries[number]
        length, _, _, left, right = struct.unpack_from("<HBBLL", entry, 64)
        name = entry[: min(max(length - 2, 0), 62)].decode("utf-16-le", "replace")
        yield name.lstrip("\x01\x02\x03\x05\x06").lower()
        waiting += [left, right]


def _directory(stream: IO[bytes]) -> Iterator[bytes]:
    """The 128-byte entries of the directory, following its chain of sectors."""
    stream.seek(0)
    header = stream.read(512)
    (shift,) = struct.unpack_from("<H", header, 30)
    if shift not in (9, 12):
        return
    size = 1 << shift
    (sector,) = struct.unpack_from("<L", header, 48)
    fat = struct.unpack_from("<109L", header, 76)
    seen: set[int] = set()
    while sector < _END_OF_CHAIN and sector not in seen and len(seen) < _OLE_SECTORS:
        seen.add(sector)
        stream.seek((sector + 1) * size)
        data = stream.read(size)
        yield from (data[at : at + 128] for at in range(0, len(data) - 127, 128))
        sector = _next_sector(stream, fat, sector, size)


def _next_sector(stream: IO[bytes], fat: tuple[int, ...], sector: int, size: int) -> int:
    """What the allocation table says; the first 109 table sectors cover 7 MB, the directory mostly stands there."""
    table, slot = divmod(sector, size // 4)
    if table >= len(fat) or fat[table] >= _END_OF_CHAIN:
        return _END_OF_CHAIN
    stream.seek((fat[table] + 1) * size + slot * 4)
    data = stream.read(4)
    return int.from_bytes(data, "little") if len(data) == 4 else _END_OF_CHAIN
