"""The bytes of an old Excel stream go in; its records, strings and packed numbers come out."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

CONTINUE = 0x3C
_CONSTANT = re.compile(rb"\x17(.)([\x00\x01])", re.DOTALL)
_PAGES = {
    437: "cp437", 367: "ascii", 10000: "mac_roman", 32768: "mac_roman", 32769: "cp1252", 932: "cp932", 936: "gbk",
    949: "cp949", 950: "big5", 10007: "mac_cyrillic", 10029: "mac_latin2", 1200: "cp1252", 1201: "cp1252",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """One record with what continues it; `at` is its place in the stream."""

    kind: int
    at: int
    chunks: tuple[bytes, ...]

    @property
    def data(self) -> bytes:
        """Its bytes without what continues it."""
        return self.chunks[0]


def records(stream: bytes) -> Iterator[Record]:
    """All records of a stream, up to the first that is cut off; CONTINUE records are joined to theirs."""
    at, size = 0, len(stream)
    while at + 4 <= size:
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == 0 and length == 0:
            return  # what fills up the last sector
        start = at
        chunks = [stream[at + 4 : at + 4 + length]]
        at += 4 + length
        while at + 4 <= size and stream[at] == CONTINUE and stream[at + 1] == 0:
            length = int.from_bytes(stream[at + 2 : at + 4], "little")
            chunks.append(stream[at + 4 : at + 4 + length])
            at += 4 + length
        yield Record(kind, start, tuple(chunks))


def encoding(page: int) -> str:
    """Python's name of a code page."""
    return _PAGES.get(page, f"cp{page}")


def rk_number(raw: int) -> float:
    """The number in an RK value: an integer of 30 bits or the upper half of a double, perhaps in hundredths."""
    value: float
    if raw & 2:
        value = (raw >> 2) - (1 << 30 if raw & 0x80000000 else 0)
    else:
        (value,) = struct.unpack("<d", struct.pack("<LL", 0, raw & 0xFFFFFFFC))
    return value / 100 if raw & 1 else value


class Strings:
    """Reads Unicode strings that may run over the ends of chunks: each further chunk begins with a flag of its own."""

    def __init__(self, chunks: tuple[bytes, ...], at: int = 0) -> None:
        self._chunks = chunks
        self._index = 0
        self._at = at

    @property
    def ended(self) -> bool:
        """Whether all is read."""
        return self._index >= len(self._chunks) or (
            self._index == len(self._chunks) - 1 and self._at >= len(self._chunks[-1])
        )

    def take(self, count: int) -> bytes:
        """So many bytes, over the ends of chunks; fewer at the end."""
        out = b""
        while len(out) < count and not self.ended:
            piece = self._chunks[self._index][self._at : self._at + count - len(out)]
            out += piece
            self._at += len(piece)
            if self._at >= len(self._chunks[self._index]) and self._index + 1 < len(self._chunks):
                self._index, self._at = self._index + 1, 0
        return out

    def string(self, size: int = 2) -> str:
        """A string behind its length of `size` bytes, its flag and what flags announce ([MS-XLS] 2.5.293)."""
        count = int.from_bytes(self.take(size), "little")
        flags = self.take(1)
        flag = flags[0] if flags else 0
        runs = int.from_bytes(self.take(2), "little") if flag & 8 else 0
        extra = int.from_bytes(self.take(4), "little") if flag & 4 else 0
        text = self.characters(count, bool(flag & 1))
        self.take(runs * 4 + extra)
        return text

    def characters(self, count: int, wide: bool) -> str:
        """So many characters, wide or not, until another chunk says otherwise."""
        texts = []
        while count > 0 and not self.ended:
            chunk = self._chunks[self._index]
            width = 2 if wide else 1
            raw = chunk[self._at : self._at + count * width]
            texts.append(raw.decode("utf-16-le" if wide else "latin-1", "replace"))
            count -= max(1, len(raw) // width)
            self._at += len(raw)
            if count > 0:
                self._index, self._at = self._index + 1, 1
                if self._index < len(self._chunks):
                    wide = self._chunks[self._index][:1] == b"\x01"
            elif self._at >= len(chunk) and self._index + 1 < len(self._chunks):
                self._index, self._at = self._index + 1, 0
        return "".join(texts)


def constants(formula: bytes) -> Iterator[str]:
    """Texts that are written into a formula, as far as they can be told from other codes."""
    for found in _CONSTANT.finditer(formula):
        width = 2 if found[2] == b"\x01" else 1
        raw = formula[found.end() : found.end() + found[1][0] * width]
        if raw and len(raw) == found[1][0] * width:
            text = raw.decode("utf-16-le" if width == 2 else "latin-1", "replace")
            if text.isprintable():
                yield text
