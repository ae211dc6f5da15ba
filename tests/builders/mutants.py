"""Files and a chance go in, damaged files come out: as disks, mails, programs and enemies leave them."""

import io
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence

INTERESTING = (0, 1, 0x7F, 0x80, 0xFF, 0x0A, 0x22, 0x3C, 0x5C)  # ends, signs, line feed, quote, <, backslash
NUMBERS = (0, 1, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
WRITTEN = (b"-1", b"0", b"99999999999", b"9" * 5000, b"1e999", b"0.5", b"")  # Python refuses to read 4,301 digits
_DIGITS = re.compile(rb"[0-9]+")
_LENGTHS = ("<H", "<L", ">H", ">L")


def mutant(data: bytes, chance: random.Random, others: Sequence[bytes] = ()) -> bytes:
    """One way of damage to a file that is not empty; `others` are files that a part may come from."""
    return chance.choice(WAYS)(data, chance, others or (data,))


def flipped(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Single bytes changed."""
    changed = bytearray(data)
    for _number in range(chance.randrange(1, 40)):
        changed[chance.randrange(len(data))] = chance.choice((*INTERESTING, chance.randrange(256)))
    return bytes(changed)


def near_the_start(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """A few bytes changed where headers stand."""
    changed = bytearray(data)
    for _number in range(chance.randrange(1, 5)):
        changed[chance.randrange(min(len(data), 512))] = chance.choice((*INTERESTING, chance.randrange(256)))
    return bytes(changed)


def truncated(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Cut off."""
    return data[: chance.randrange(len(data))]


def beheaded(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """The end kept, the beginning but for a signature lost."""
    keep = chance.choice((0, 4, 8, 16))
    return data[:keep] + data[chance.randrange(keep, max(keep + 1, len(data))) :]


def zeroed(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """A stretch that was never written."""
    at, size = chance.randrange(len(data)), chance.randrange(1, 4096)
    return data[:at] + bytes(len(data[at : at + size])) + data[at + size :]


def repeated(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """A stretch several times."""
    at, size = chance.randrange(len(data)), chance.choice((1, 16, 512, 4096))
    return data[:at] + data[at : at + size] * chance.choice((2, 3, 50)) + data[at + size :]


def spliced(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """The beginning of one file and the end of another, or a piece of another within."""
    other = chance.choice(others)
    at, start = chance.randrange(len(data)), chance.randrange(max(1, len(other)))
    piece = other[start : start + chance.choice((8, 64, 1024, len(other)))]
    return data[:at] + piece + (data[at:] if chance.random() < 0.5 else b"")


def lied(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """A number, such as a length or a count, exchanged for one that parsers trip over."""
    form = chance.choice(_LENGTHS)
    at = chance.randrange(max(1, len(data) - 3))
    number = struct.pack(form, chance.choice(NUMBERS) % (1 << 8 * struct.calcsize(form)))
    return data[:at] + number + data[at + len(number) :]


def numbered(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """A number in digits exchanged for one that no program counts with; where there is none as `lied`."""
    found = list(_DIGITS.finditer(data))
    if not found:
        return lied(data, chance, others)
    place = chance.choice(found)
    return data[: place.start()] + chance.choice(WRITTEN) + data[place.end() :]


def shuffled(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Lines, or pieces, in another order."""
    mark = b"\n" if b"\n" in data else data[chance.randrange(len(data)) :][:1]
    pieces = data.split(mark)
    if len(pieces) < 10_000:
        chance.shuffle(pieces)
    return mark.join(pieces)


def within(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """One member of a ZIP archive damaged, as Office files are; other files as `flipped`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, zlib.error):
        members = {}
    inner = [name for name, content in members.items() if content]
    if not inner:
        return flipped(data, chance, others)
    chosen = chance.choice(inner)
    ways = [way for way in WAYS if way is not within]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            damaged = chance.choice(ways)(content, chance, others) if name == chosen else content
            archive.writestr(zipfile.ZipInfo(name), damaged)
    return out.getvalue()


Way = Callable[[bytes, random.Random, Sequence[bytes]], bytes]
WAYS: tuple[Way, ...] = (
    flipped, near_the_start, truncated, beheaded, zeroed, repeated, spliced, lied, shuffled, numbered, within,
)  # fmt: skip
