"""Packed bytes of a container's member go in, a readable stream comes out that ends at damage and tells of it."""

import bz2
import io
import lzma
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Protocol

STORED, DEFLATED, BZIP2, LZMA = 0, 8, 12, 14
METHODS = (STORED, DEFLATED, BZIP2, LZMA)  # of zip
BLOCK = 64 * 1024
_MOST_AT_ONCE = 256 * 1024
_XZ_MEMORY = 256 * 1024 * 1024
_LZMA_DICTIONARY = 128 * 1024 * 1024
FAULTS = (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, struct.error)


class Decompressor(Protocol):
    """What bz2 and lzma offer, and Inflate for zlib."""

    @property
    def eof(self) -> bool:
        """Whether the end mark was reached."""
        ...

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes without further input."""
        ...

    @property
    def unused_data(self) -> bytes:
        """What stands behind the end mark."""
        ...

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """At most max_length unpacked bytes."""
        ...


class Inflate:
    """zlib with the interface of the other two; negative `wbits` = raw deflate, 31 = gzip."""

    def __init__(self, wbits: int) -> None:
        self._engine = zlib.decompressobj(wbits)
        self._full = False

    @property
    def eof(self) -> bool:
        """Whether the end mark was reached."""
        return self._engine.eof

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes without further input."""
        return not self._full and not self._engine.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        """What stands behind the end mark."""
        return self._engine.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """At most max_length unpacked bytes."""
        found = self._engine.decompress(self._engine.unconsumed_tail + data, max(max_length, 0))
        self._full = len(found) == max_length  # more may wait inside, although all input is taken
        return found


def gzip() -> Decompressor:
    """One stream of a gzip file."""
    return Inflate(31)


def deflate() -> Decompressor:
    """A deflated member of a zip."""
    return Inflate(-15)


def bzip2() -> Decompressor:
    """One bzip2 stream."""
    return bz2.BZ2Decompressor()


def xz() -> Decompressor:
    """One xz or lzma stream; one that needs more memory than any usual one is refused."""
    return lzma.LZMADecompressor(lzma.FORMAT_AUTO, memlimit=_XZ_MEMORY)


def zip_lzma(properties: bytes) -> Decompressor:
    """An LZMA member of a zip, which carries its settings in front: pb, lp, lc in one byte, then the dictionary."""
    packed, size = struct.unpack_from("<BL", properties)
    if packed >= 225 or size > _LZMA_DICTIONARY:
        raise ValueError("settings of LZMA")
    rest, lc = divmod(packed, 9)
    pb, lp = divmod(rest, 5)
    chain = [{"id": lzma.FILTER_LZMA1, "lc": lc, "lp": lp, "pb": pb, "dict_size": max(size, 4096)}]
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=chain)


def blocks(stream: IO[bytes], start: int, size: int | None = None) -> Iterator[bytes]:
    """The bytes of a stretch of a seekable stream; EOFError when it ends too early."""
    at = start
    end = None if size is None else start + size
    while end is None or at < end:
        stream.seek(at)  # others may have moved it since
        data = stream.read(BLOCK if end is None else min(BLOCK, end - at))
        if not data:
            if end is not None:
                raise EOFError
            return
        at += len(data)
        yield data


def unpack(packed: Iterator[bytes], make: Callable[[], Decompressor], many: bool = False) -> Iterator[bytes]:
    """Unpack one stream, or (`many`) all that follow one another; padding behind them is passed over."""
    data = next(packed, b"")
    first = True
    while data:
        engine = make()
        given = False
        while not engine.eof:
            try:
                found = engine.decompress(data, _MOST_AT_ONCE)
            except FAULTS:
                if not first and not given:
                    return  # padding that is no stream
                raise
            data = b""
            if found:
                given = True
                yield found
            if engine.needs_input and not engine.eof:
                data = next(packed, b"")
                if not data:
                    raise EOFError
        first = False
        data = (engine.unused_data or next(packed, b"")) if many else b""
        while data and not (data := data.lstrip(b"\0")):
            data = next(packed, b"")


def unpack_method(method: int, data: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack a member of a zip by the number of its method, which is one of METHODS."""
    if method == STORED:
        yield from data
    elif method == LZMA:
        yield from _zip_lzma(data)
    else:
        yield from unpack(data, deflate if method == DEFLATED else bzip2)


def _zip_lzma(data: Iterator[bytes]) -> Iterator[bytes]:
    """Version and length of the settings, the settings, then the packed bytes, perhaps without an end mark."""
    first = next(data, b"")
    length = int.from_bytes(first[2:4], "little")
    engine = zip_lzma(first[4 : 4 + length])
    waiting = first[4 + length :]
    while not engine.eof:
        yield engine.decompress(waiting, BLOCK)
        waiting = b""
        if engine.needs_input and not engine.eof:
            waiting = next(data, b"")
            if not waiting:
                return


class MemberStream(io.RawIOBase):
    """A stream made of chunks. Damage ends it like an end of file, and is told to `note`.

    So the part of a member before the damage is examined; whoever made the stream must report the fault.
    """

    def __init__(self, chunks: Iterator[bytes], note: Callable[[str], None], checksum: int | None = None) -> None:
        super().__init__()
        self._chunks = chunks
        self._note = note
        self._ended = False
        self._rest = memoryview(b"")
        self._sum = 0
        self._expected = checksum

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """The next bytes."""
        while not self._rest:
            chunk = self._next()
            if not chunk:
                return 0
            self._rest = memoryview(chunk)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def _next(self) -> bytes:
        fault = ""
        try:
            for chunk in self._chunks:
                if chunk:
                    self._sum = zlib.crc32(chunk, self._sum)
                    return chunk
        except EOFError:
            fault = "cut off"
        except FAULTS:
            fault = "damaged"
        if not fault and self._expected is not None and self._sum != self._expected:
            fault = "changed: the checksum is wrong"
        if not self._ended:
            self._note(fault)
        self._ended = True
        return b""
