"""Encoded mail parts (base64, quoted-printable, uuencode) go in block by block, their bytes come out, however broken."""

import binascii
import io
import re
from collections.abc import Callable, Iterator
from typing import IO

_BLOCK = 64 * 1024
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_UU_BEGIN = re.compile(rb"begin(?:-base64)? [0-7]{3,4} ")


class Decoded(io.RawIOBase):
    """The bytes that an iterator gives, as a readable stream."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._rest = b""

    def readable(self) -> bool:
        """It can be read, and nothing else."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size` of them."""
        if size < 0:
            everything = self._rest + b"".join(self._blocks)
            self._rest = b""
            return everything
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return b""
            self._rest = block
        data, self._rest = self._rest[:size], self._rest[size:]
        return data

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # the stub's buffer type is newer than 3.11
        """As read."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def decoded(source: IO[bytes] | io.RawIOBase, encoding: str) -> IO[bytes]:
    """The bytes of a part as a stream; an unknown encoding means that they stand there as they are."""
    decode = _DECODERS.get(encoding.strip().lower())
    blocks = _blocks(source)
    return io.BufferedReader(Decoded(decode(blocks) if decode else blocks), _BLOCK)


def _blocks(source: IO[bytes] | io.RawIOBase) -> Iterator[bytes]:
    while block := source.read(_BLOCK):
        yield block


def _base64(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Foreign characters are dropped; padding ends a quantum, not the part (joined base64 texts exist)."""
    waiting = b""
    for block in blocks:
        *ended, waiting = (waiting + block).split(b"=")
        for piece in ended:
            yield _quanta(_NOT_BASE64.sub(b"", piece))
        waiting = _NOT_BASE64.sub(b"", waiting)
        whole = len(waiting) // 4 * 4
        yield _quanta(waiting[:whole])
        waiting = waiting[whole:]
    yield _quanta(waiting)


def _quanta(letters: bytes) -> bytes:
    """Decode base64 letters; a single letter too many at the end carries no whole byte."""
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _quoted_printable(blocks: Iterator[bytes]) -> Iterator[bytes]:
    waiting = b""
    for block in blocks:
        waiting += block
        cut = waiting.rfind(b"\n") + 1
        if not cut and len(waiting) > _BLOCK:
            # A line of this length breaks the standard; "=4" and "1" must still not be torn apart.
            cut = len(waiting) - 3
            cut = waiting.rfind(b"=", cut - 2, cut) if b"=" in waiting[cut - 2 : cut] else cut
        yield binascii.a2b_qp(waiting[:cut])
        waiting = waiting[cut:]
    yield binascii.a2b_qp(waiting)


def _uuencode(blocks: Iterator[bytes]) -> Iterator[bytes]:
    waiting = b""
    inside = False
    for block in blocks:
        *lines, waiting = (waiting + block).split(b"\n")
        if len(waiting) > _BLOCK:
            lines, waiting = [*lines, waiting], b""
        for line in lines:
            stripped = line.rstrip(b"\r")
            if not inside:
                inside = _UU_BEGIN.match(stripped) is not None
            elif stripped.strip() == b"end":
                inside = False
            else:
                yield _uu_line(stripped)


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Some encoders pad too much: believe the length that the line's first character gives, as the email package does.
        try:
            return binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3])
        except (binascii.Error, IndexError):
            return b""


_DECODERS: dict[str, Callable[[Iterator[bytes]], Iterator[bytes]]] = {
    "base64": _base64,
    "quoted-printable": _quoted_printable,
    "x-uuencode": _uuencode,
    "uuencode": _uuencode,
    "uue": _uuencode,
    "x-uue": _uuencode,
}
