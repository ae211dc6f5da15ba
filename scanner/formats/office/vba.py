"""The stream of a macro module goes in; its source text comes out ([MS-OVBA] 2.4.1)."""

from collections.abc import Iterator

from scanner.encoding import decode
from scanner.limits import Budget
from scanner.model import Location, Segment

# The source follows compiled code of any length; compressed, it always begins with these bytes: "Attribut" + "e".
_BEGINNING = b"\x00Attribut\x00e "


def modules(name: str, data: bytes, budget: Budget) -> Iterator[Segment]:
    """The source of one module as part=NAME, without the lines that the editor writes itself."""
    at = data.find(_BEGINNING)
    if at < 3 or data[at - 3] != 1:
        return
    source = decompress(data[at - 3 :])
    budget.charge_bytes(len(source))
    lines = [line for line in decode(source, "cp1252").splitlines() if not line.startswith("Attribute VB_")]
    text = "\n".join(lines).strip()
    if text:
        yield Segment(text, Location.of(part=f"macro {name}"))


def decompress(data: bytes) -> bytes:
    """What a compressed container holds; a damaged one as far as it can be read."""
    out = bytearray()
    at = 1
    while at + 2 <= len(data):
        header = int.from_bytes(data[at : at + 2], "little")
        end = min(at + (header & 0xFFF) + 3, len(data))
        at += 2
        if not header & 0x8000:
            out += data[at : at + 4096]
            at += 4096
            continue
        start = len(out)
        while at < end:
            flags = data[at]
            at += 1
            for bit in range(8):
                if at >= end:
                    break
                if not flags >> bit & 1:
                    out.append(data[at])
                    at += 1
                elif not _copy(out, start, int.from_bytes(data[at : at + 2], "little")):
                    return bytes(out)
                else:
                    at += 2
    return bytes(out)


def _copy(out: bytearray, start: int, token: int) -> bool:
    """Repeat earlier bytes of the chunk; how the token is divided depends on how much of the chunk there is."""
    done = len(out) - start
    bits = max((done - 1).bit_length(), 4)
    length = (token & (0xFFFF >> bits)) + 3
    offset = (token >> (16 - bits)) + 1
    if offset > done:
        return False
    for _ in range(length):
        out.append(out[-offset])
    return True
