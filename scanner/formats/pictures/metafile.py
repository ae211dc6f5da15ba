"""A Windows drawing (EMF, WMF) goes in, the text that it draws comes out: embedded files are shown by such drawings."""

import struct
from collections.abc import Iterator
from typing import IO

from scanner.encoding import decode
from scanner.formats.office.rtf_codes import CHARSETS
from scanner.formats.text.prose import Prose
from scanner.limits import MB, Budget
from scanner.model import Location, Lost, Part, Reason

_MOST = 64 * MB
_PICTURE = 20_000  # bytes of a bitmap that may be a scanned page
# Types of records ([MS-EMF] 2.1.1, [MS-WMF] 2.1.1.1).
_TEXT_NARROW, _TEXT_WIDE, _TEXT_SMALL, _BITMAPS, _END = 83, 84, 108, frozenset((76, 77, 78, 80, 81)), 14
_WMF_FONT, _WMF_TEXT, _WMF_LONG_TEXT, _WMF_BITMAPS = 0x02FB, 0x0521, 0x0A32, frozenset((0x0F43, 0x0940, 0x0B41))
_PLACEABLE = b"\xd7\xcd\xc6\x9a"

Drawn = tuple[int, str]  # height on the page, text


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read the drawn text line by line as line=N; text on one height is one line."""
    data = stream.read(_MOST)
    budget.charge_bytes(len(data))
    windows = data[40:44] == b" EMF"
    drawn: list[Drawn] = []
    largest = 0
    for found in _enhanced(data) if windows else _old(data):
        if isinstance(found, int):
            largest = max(largest, found)
        else:
            drawn.append(found)
    prose = Prose()
    for number, line in enumerate(_lines(drawn), start=1):
        yield from prose.add(line, Location.of(line=number))
    yield from prose.rest()
    if not drawn and largest > _PICTURE:
        yield Lost("", Reason.NEEDS_OCR, "a drawing that holds only a picture")


def _lines(drawn: list[Drawn]) -> Iterator[str]:
    line, height = "", drawn[0][0] if drawn else 0
    for at, text in drawn:
        if at == height:
            line += text if not line or line.endswith(" ") or text.startswith(" ") else f" {text}"
        else:
            yield line
            line, height = text, at
    yield line


def _enhanced(data: bytes) -> Iterator[Drawn | int]:
    """What an EMF draws: texts, and sizes of bitmaps."""
    at = 0
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<LL", data, at)
        record = data[at : at + size]
        if size < 8 or kind == _END:
            return
        if kind in {_TEXT_NARROW, _TEXT_WIDE} and len(record) >= 52:
            height, count, offset = struct.unpack_from("<lLL", record, 40)
            raw = record[offset : offset + count * (2 if kind == _TEXT_WIDE else 1)]
            yield height, _text(raw, kind == _TEXT_WIDE)
        elif kind == _TEXT_SMALL and len(record) >= 36:
            height, count, options = struct.unpack_from("<lLL", record, 12)
            start = 36 if options & 0x100 else 52
            narrow = bool(options & 0x200)
            yield height, _text(record[start : start + count * (1 if narrow else 2)], not narrow)
        elif kind in _BITMAPS:
            yield size
        at += size


def _old(data: bytes) -> Iterator[Drawn | int]:
    """What a WMF draws."""
    page = "cp1252"
    at = 18 + (22 if data.startswith(_PLACEABLE) else 0)
    while at + 6 <= len(data):
        words, kind = struct.unpack_from("<LH", data, at)
        record = data[at + 6 : at + words * 2]
        if words < 3 or kind == 0:
            return
        if kind == _WMF_FONT and len(record) > 13:
            page = CHARSETS.get(record[13], "cp1252")
        elif kind == _WMF_TEXT and len(record) > 2:
            (count,) = struct.unpack_from("<H", record)
            place = 2 + count + count % 2
            height = int.from_bytes(record[place : place + 2], "little", signed=True)
            yield height, decode(record[2 : 2 + count], page)
        elif kind == _WMF_LONG_TEXT and len(record) > 8:
            height, _, count, options = struct.unpack_from("<hhHH", record)
            start = 16 if options & 6 else 8
            yield height, decode(record[start : start + count], page)
        elif kind in _WMF_BITMAPS:
            yield words * 2
        at += words * 2


def _text(raw: bytes, wide: bool) -> str:
    return (raw.decode("utf-16-le", "replace") if wide else decode(raw, "cp1252")).replace("\0", "")
