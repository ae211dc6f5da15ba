"""A packed block of a 7z archive and perhaps a password go in, the bytes of its members come out as they are asked for.

A block (7z calls it a folder) is one packed stream that holds the bytes of one or many members behind one another.
py7zr reads the lists of the archive and knows the methods; it has no way of its own to read without extracting.
"""

import hashlib
import lzma
import struct
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import IO, Any, Protocol

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from py7zr.compressor import SevenZipDecompressor
from py7zr.exceptions import ArchiveError, UnsupportedCompressionMethodError

# What it raises on nonsense; there is no end to its ways.
FAULTS = (
    ArchiveError, lzma.LZMAError, zlib.error, struct.error, OSError, EOFError, ValueError, TypeError, IndexError,
    KeyError, AttributeError, AssertionError, ArithmeticError, RuntimeError,
)  # fmt: skip

_AES = b"\x06\xf1\x07\x01"
_COPY = b"\x00"
_AES_BLOCK = 16
_OUTPUT = 64 * 1024
_PROOF = 1024 * 1024  # of a member: with a wrong key unpacking breaks long before
_MOST_ROUNDS = 24  # as a power of two; 7-Zip writes 19
_ROUNDS_AT_ONCE = 1 << 16
# zstandard, brotli, deflate and deflate64 give all at once that a piece of input holds: the pieces must be small.
_UNBOUNDED = (b"\x04\xf7\x11", b"\x04\x01\x08", b"\x04\x01\x09")
_SMALL_INPUT, _INPUT = 4 * 1024, 32 * 1024


class Engine(Protocol):
    """Unpacks what it reads from a file."""

    def decompress(self, fp: IO[bytes], max_length: int = -1) -> bytes:
        """At most so many bytes; none when the file gives none."""
        ...


class _Stored:
    def decompress(self, fp: IO[bytes], max_length: int = -1) -> bytes:
        return fp.read(max_length)


class Block:
    """Number `number` of an archive; `readable`: its methods are known; `broken`: nothing more can come of it."""

    def __init__(self, stream: IO[bytes], archive: Any, number: int) -> None:
        streams = archive.header.main_streams
        folder = streams.unpackinfo.folders[number]
        behind = sum(len(before.packed_indices) for before in streams.unpackinfo.folders[:number])
        positions = streams.packinfo.packpositions
        self.folder = folder
        self._stream = stream
        self._start = archive.afterheader + streams.packinfo.packpos + positions[behind]
        self._size = positions[behind + 1] - positions[behind]
        self.encrypted = any(coder["method"] == _AES for coder in folder.coders)
        self._lock = folder.coders[0]["properties"] if self.encrypted else None
        self._coders = folder.coders[1:] if self.encrypted else folder.coders
        self._sizes = folder.unpacksizes[1:] if self.encrypted else folder.unpacksizes
        self.password: str | None = None
        self.broken = False
        self._engine: Engine | None = None
        self._file: _Packed = self._packed()
        self._done = 0  # unpacked bytes so far
        self.readable = self._known()

    def _known(self) -> bool:
        if any(coder["method"] == _AES for coder in self._coders):  # not where it always is
            return False
        try:
            self._make()
        except UnsupportedCompressionMethodError:
            return False
        except FAULTS:  # settings that make no sense: damage, which reading will meet
            return True
        return True

    def _packed(self) -> "_Packed":
        key = iv = b""
        if self._lock is not None and self.password is not None:
            rounds, salt, iv = _settings(self._lock)
            key = _key(self.password, salt, rounds)
        return _Packed(self._stream, self._start, self._size, key, iv)

    def _make(self) -> Engine:
        if all(coder["method"] == _COPY for coder in self._coders):
            return _Stored()
        size = self.folder.unpacksizes[0] if self.encrypted else self._size
        small = any(coder["method"].startswith(_UNBOUNDED) for coder in self._coders)
        engine: Engine = SevenZipDecompressor(
            self._coders, size, self._sizes, None, None, _SMALL_INPUT if small else _INPUT
        )
        return engine

    def read(self, offset: int, size: int) -> Iterator[bytes]:
        """Unpacked bytes from `offset` on; those before it that nobody asked for are passed over.

        Raises:
            ValueError: damaged. EOFError: cut off.
        """
        while self._done < offset:
            self._next(offset - self._done)
        left = size
        while left > 0:
            found = self._next(left)
            left -= len(found)
            yield found

    def _next(self, most: int) -> bytes:
        try:
            if self._engine is None:
                self._file, self._engine = self._packed(), self._make()
            while True:
                before = self._file.left
                found = self._engine.decompress(self._file, min(most, _OUTPUT))  # type: ignore[arg-type]  # read() will do
                if found:
                    self._done += len(found)
                    return bytes(found)
                if self._file.left == before:
                    raise EOFError
        except FAULTS as error:
            self.broken = True
            if isinstance(error, EOFError):
                raise
            raise ValueError(type(error).__name__) from error

    def proves(self, password: str, size: int, checksum: int | None) -> bool:
        """Whether its first member, of `size` bytes, unpacks with this password: the whole, or a megabyte of it."""
        self.password = password
        total, fits = 0, True
        try:
            for found in self.read(0, min(size, _PROOF)):
                total = zlib.crc32(found, total)
        except (ValueError, EOFError):
            fits = False
        self._engine, self._done, self.broken = None, 0, False
        if fits and (size > _PROOF or checksum is None or total == checksum):
            return True
        self.password = None
        return False


class _Packed:
    """The packed bytes, in clear; `left` = not read yet."""

    def __init__(self, stream: IO[bytes], start: int, size: int, key: bytes, iv: bytes) -> None:
        self._stream = stream
        self._at = start
        self.left = size
        self._rest = b""
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor() if key else None

    def read(self, count: int) -> bytes:
        """At most so many bytes."""
        wanted = count if self._cipher is None else -(-max(0, count - len(self._rest)) // _AES_BLOCK) * _AES_BLOCK
        self._stream.seek(self._at)  # others may have moved it since
        data = self._stream.read(min(wanted, self.left))
        self._at += len(data)
        self.left -= len(data)
        if self._cipher is None:
            return data
        clear = self._rest + self._cipher.update(data)
        self._rest = clear[count:]
        return clear[:count]


def _settings(properties: bytes) -> tuple[int, bytes, bytes]:
    """(rounds as a power of two, salt, first vector) of 7zAES."""
    first = properties[0]
    second = properties[1] if len(properties) > 1 else 0
    salt_size = (first >> 7 & 1) + (second >> 4)
    iv_size = (first >> 6 & 1) + (second & 0x0F)
    salt = properties[2 : 2 + salt_size]
    iv = properties[2 + salt_size : 2 + salt_size + iv_size]
    return first & 0x3F, salt, iv.ljust(_AES_BLOCK, b"\0")[:_AES_BLOCK]


@lru_cache(maxsize=64)  # every block of an archive mostly has the same
def _key(password: str, salt: bytes, rounds: int) -> bytes:
    """SHA-256 over salt, password and a counter, for each of its 2**rounds values."""
    secret = salt + password.encode("utf-16-le", "surrogatepass")
    if rounds == 0x3F:
        return secret.ljust(32, b"\0")[:32]
    if rounds > _MOST_ROUNDS:
        raise ValueError("rounds")
    digest = hashlib.sha256()
    for first in range(0, 1 << rounds, _ROUNDS_AT_ONCE):
        count = min(_ROUNDS_AT_ONCE, 1 << rounds)
        table = np.empty((count, len(secret) + 8), dtype=np.uint8)
        table[:, : len(secret)] = np.frombuffer(secret, dtype=np.uint8)
        counters = np.arange(first, first + count, dtype="<u8")
        table[:, len(secret) :] = counters.view(np.uint8).reshape(count, 8)
        digest.update(table.data)
    return digest.digest()
