"""Packed bytes go in, unpacked ones come out a little at a time: deflate, bzip2, xz, lzma, zstandard."""

import bz2
import lzma
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Protocol

from inflate64 import Inflater

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdDecompressor, ZstdError
else:
    from backports.zstd import ZstdDecompressor, ZstdError

STORED, DEFLATED, DEFLATED64, BZIP2, LZMA, ZSTANDARD, XZ = 0, 8, 9, 12, 14, 93, 95
METHODS = (STORED, DEFLATED, DEFLATED64, BZIP2, LZMA, ZSTANDARD, XZ)  # of zip
BLOCK = 64 * 1024
_LITTLE = 4 * 1024
_MOST_AT_ONCE = 256 * 1024
_XZ_MEMORY = 256 * 1024 * 1024
_LZMA_DICTIONARY = 128 * 1024 * 1024
FAULTS = (zlib.error, lzma.LZMAError, ZstdError, OSError, EOFError, ValueError, struct.error)


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


def zstandard() -> Decompressor:
    """One frame of zstandard; one that needs more memory than any usual one is refused."""
    return ZstdDecompressor()


class Deflate64:
    """Deflate with a window of 64 KB, which Windows uses for large files; gives all at once that a piece holds."""

    def __init__(self) -> None:
        self._engine = Inflater()
        self._waiting = b""
        self.unused_data = b""

    @property
    def eof(self) -> bool:
        """Whether the end mark was reached."""
        return bool(self._engine.eof)

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes without further input."""
        return not self._waiting

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:  # noqa: ARG002 - bounded by the input
        """What comes of the next few kilobytes."""
        self._waiting += data
        piece, self._waiting = self._waiting[:_LITTLE], self._waiting[_LITTLE:]
        return bytes(self._engine.inflate(piece))


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


class Behind(Exception):  # noqa: N818 - what stands there, not what went wrong
    """Bytes follow that are neither padding nor a further stream."""


def unpack(packed: Iterator[bytes], make: Callable[[], Decompressor], many: bool = False) -> Iterator[bytes]:
    """Unpack one stream, or (`many`) all that follow one another; zero bytes behind them are passed over.

    Raises Behind when something else stands there, and one of FAULTS or EOFError for a damaged stream.
    """
    data = next(packed, b"")
    first = True
    while data:
        engine = make()
        begins = data[:64]
        given = False
        while not engine.eof:
            try:
                found = engine.decompress(data, _MOST_AT_ONCE)
            except FAULTS:
                if first or given:
                    raise
                if begins.strip():
                    raise Behind from None
                return  # line ends that a transfer added
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
        makers: dict[int, Callable[[], Decompressor]] = {
            DEFLATED: deflate, DEFLATED64: Deflate64, BZIP2: bzip2, ZSTANDARD: zstandard, XZ: xz
        }  # fmt: skip
        yield from unpack(data, makers[method])


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
