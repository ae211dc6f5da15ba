"""Typed bytes of MAPI properties (MS-OXCDATA) go in, plain values come out; the names of named ones are looked up."""

import struct
from collections.abc import Mapping

from scanner.encoding import decode
from scanner.formats.outlook.mapi import Value

SHORT, INTEGER, FLOATING, BOOLEAN, OBJECT, LONG, STRING8, UNICODE, TIME, GUID, BINARY = (
    0x02, 0x03, 0x05, 0x0B, 0x0D, 0x14, 0x1E, 0x1F, 0x40, 0x48, 0x102,
)  # fmt: skip
MULTIPLE = 0x1000
_UNIX_EPOCH = 11_644_473_600  # seconds from 1601, when the clock of Windows begins
_LAST = 7_258_118_400.0  # the year 2200
_NUMBERS = {SHORT: "<h", INTEGER: "<l", BOOLEAN: "<B", LONG: "<q"}


def value(kind: int, data: bytes, charset: str = "") -> Value | None:
    """One value; None for a kind in which nobody can stand, and for bytes that are too few."""
    if kind == UNICODE:
        return data[: len(data) // 2 * 2].decode("utf-16-le", "replace").rstrip("\0")
    if kind == STRING8:
        return decode(data.rstrip(b"\0"), charset)
    if kind in (BINARY, OBJECT):
        return data
    if kind == TIME and len(data) >= 8:
        return moment(int.from_bytes(data[:8], "little"))
    layout = _NUMBERS.get(kind)
    if layout and len(data) >= struct.calcsize(layout):
        return int(struct.unpack_from(layout, data)[0])
    return None


def moment(ticks: int) -> float | None:
    """Tenths of microseconds since 1601 as seconds since 1970; None for "never"."""
    seconds = ticks / 10_000_000 - _UNIX_EPOCH
    return seconds if ticks and seconds < _LAST else None


def names(entries: bytes, texts: bytes) -> dict[int, int | str]:
    """Number of a property (from 0x8000 on) -> its number within its set, or its name."""
    found: dict[int, int | str] = {}
    for at in range(0, len(entries) // 8 * 8, 8):
        key, kind, index = struct.unpack_from("<LHH", entries, at)
        if not kind & 1:
            found[0x8000 + index] = key
        elif key + 4 <= len(texts):
            length = int.from_bytes(texts[key : key + 4], "little")
            found[0x8000 + index] = texts[key + 4 : key + 4 + min(length, 2000)].decode("utf-16-le", "replace")
    return found


def split_named(
    properties: Mapping[int, Value], known: Mapping[int, int | str]
) -> tuple[dict[int, Value], dict[int | str, Value]]:
    """(properties of fixed numbers, named ones by what they are called)."""
    fixed: dict[int, Value] = {}
    named: dict[int | str, Value] = {}
    for number, content in properties.items():
        if number < 0x8000:
            fixed[number] = content
        elif number in known:
            named[known[number]] = content
    return fixed, named
