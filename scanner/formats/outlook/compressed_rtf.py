"""Compressed RTF of Outlook (MS-OXRTFCP) goes in, plain RTF comes out, cut where it is broken or the budget ends."""

import struct

from scanner.limits import Budget

_COMPRESSED, _PLAIN = b"LZFu", b"MELA"
_HEADER = struct.Struct("<LL4sL")
_WINDOW = 4096
_BLOCK = 64 * 1024
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def decompressed(data: bytes, budget: Budget) -> bytes:
    """The RTF; what is not compressed RTF is given back as it is. Charges the budget for what it unpacks."""
    if len(data) < _HEADER.size:
        return data
    _, _, kind, _ = _HEADER.unpack_from(data)
    if kind == _PLAIN:
        return data[_HEADER.size :]
    return _unpacked(data, budget) if kind == _COMPRESSED else data


def _unpacked(data: bytes, budget: Budget) -> bytes:
    """References of 12 bits into a window of 4 KB, and of 4 bits for a length; 8 tokens behind each control byte."""
    out = bytearray(_DICTIONARY)
    at, end, charged = _HEADER.size, len(data), 0
    while at < end:
        control = data[at]
        at += 1
        for bit in range(8):
            if at >= end:
                break
            if not control & (1 << bit):
                out.append(data[at])
                at += 1
                continue
            if at + 1 >= end:
                at = end
                break
            reference = data[at] << 8 | data[at + 1]
            at += 2
            write = len(out) % _WINDOW
            offset = reference >> 4
            if offset == write:
                at = end
                break
            back = (write - offset) % _WINDOW
            _copy(out, back, (reference & 15) + 2)
        if len(out) - charged > _BLOCK:
            budget.charge_bytes(len(out) - charged)
            charged = len(out)
    return bytes(out[len(_DICTIONARY) :])


def _copy(out: bytearray, back: int, count: int) -> None:
    """What stands `back` bytes before the end again; it may overlap itself, and point before the beginning."""
    for _ in range(count):
        out.append(out[-back] if back <= len(out) else 0x20)
