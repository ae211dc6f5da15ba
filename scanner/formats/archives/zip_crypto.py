"""An encrypted member of a zip and passwords go in, its packed bytes in clear come out: ZipCrypto and WinZip's AES."""

import hashlib
import hmac
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import IO, TypeAlias

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from scanner.formats.archives import packed
from scanner.formats.archives.zip_members import AES_METHOD, Entry
from scanner.limits import Budget

Chunks: TypeAlias = Callable[[], Iterator[bytes]]

_AUTHENTICATION = 10
_HEADER = 12
_AES_BLOCK = 16
_ROUNDS = 1000  # WinZip's, for all strengths
_PROOF = 1024 * 1024  # of a packed member: with a wrong key it breaks long before


def unlock(stream: IO[bytes], entry: Entry, start: int, budget: Budget) -> tuple[int, Chunks] | None:
    """(line of the password that fits, what gives the packed bytes in clear); None when no password fits.

    `start` is where the member's bytes begin. A password is believed only when the member proves it.
    """
    if entry.flags & 0x40 or entry.packed is None:  # PKWARE's own, which nobody else writes
        return None
    attempt = _aes if entry.method == AES_METHOD else _traditional
    for line, password in budget.tries():
        for raw in _spellings(password):
            if chunks := attempt(stream, entry, start, raw):
                budget.fits(line)
                return line, chunks
    return None


def _spellings(password: str) -> list[bytes]:
    """The bytes that archivers of several systems make of it."""
    found = {password.encode("utf-8", "surrogatepass"): None}
    for code_page in ("cp1252", "cp437"):
        try:
            found[password.encode(code_page)] = None
        except UnicodeEncodeError:
            continue
    return list(found)


def _aes(stream: IO[bytes], entry: Entry, start: int, password: bytes) -> Chunks | None:
    """AE-1 and AE-2: salt, two bytes that check the password, the data, ten bytes that prove it is unchanged."""
    length = {1: 16, 2: 24, 3: 32}.get(entry.aes_strength)
    if length is None or entry.packed is None:
        return None
    salt_length = length // 2
    size = entry.packed - salt_length - 2 - _AUTHENTICATION
    if size < 0:
        return None
    head = _read(stream, start, salt_length + 2)
    keys = hashlib.pbkdf2_hmac("sha1", password, head[:salt_length], _ROUNDS, 2 * length + 2)
    if keys[-2:] != head[salt_length:]:
        return None
    data = start + salt_length + 2
    proof = hmac.new(keys[length : 2 * length], digestmod="sha1")
    try:
        for block in packed.blocks(stream, data, size):  # two bytes fit by chance once in 65,536 passwords
            proof.update(block)
        if proof.digest()[:_AUTHENTICATION] != _read(stream, data + size, _AUTHENTICATION):
            return None
    except EOFError:  # cut off: nothing can prove it, what is there is read
        pass
    return lambda: _counter_mode(packed.blocks(stream, data, size), keys[:length])


def _counter_mode(data: Iterator[bytes], key: bytes) -> Iterator[bytes]:
    """AES in counter mode; the counter starts at one and its first byte is the lowest, unlike everybody else's."""
    engine = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - the mode is made of it below
    count = 1
    for block in data:  # all but the last are whole AES blocks
        blocks = -(-len(block) // _AES_BLOCK)
        counters = np.zeros((blocks, 2), dtype="<u8")
        counters[:, 0] = np.arange(count, count + blocks, dtype="<u8")
        mask = np.frombuffer(engine.update(counters.tobytes()), dtype=np.uint8)[: len(block)]
        yield (np.frombuffer(block, dtype=np.uint8) ^ mask).tobytes()
        count += blocks


def _traditional(stream: IO[bytes], entry: Entry, start: int, password: bytes) -> Chunks | None:
    """ZipCrypto: a header of twelve bytes whose last one checks the password, then the data."""
    if entry.packed is None or entry.packed < _HEADER:
        return None
    cipher = _ZipCipher(password)
    last = cipher.decrypt(_read(stream, start, _HEADER))[-1]
    if last not in ((entry.checksum or 0) >> 24, entry.clock >> 8):
        return None
    size = entry.packed - _HEADER

    def clear() -> Iterator[bytes]:
        cipher = _ZipCipher(password)
        cipher.decrypt(_read(stream, start, _HEADER))
        return map(cipher.decrypt, packed.blocks(stream, start + _HEADER, size))

    return clear if _proves(clear(), entry) else None


def _proves(clear: Iterator[bytes], entry: Entry) -> bool:
    """Whether it is the member: by its checksum, or by a megabyte that unpacks. One byte fits for every 256th password.

    A member of a method that nobody can unpack is believed.
    """
    if entry.method not in packed.METHODS:
        return True
    done = total = 0
    try:
        for block in packed.unpack_method(entry.method, clear):
            total = zlib.crc32(block, total)
            done += len(block)
            if entry.method != packed.STORED and done > _PROOF:
                return True
    except EOFError:
        return True
    except packed.FAULTS:
        return False
    return not entry.checksum or total == entry.checksum


def _read(stream: IO[bytes], at: int, count: int) -> bytes:
    stream.seek(at)
    return stream.read(count)


class _ZipCipher:
    """The stream cipher of APPNOTE 6.1: three 32-bit keys that every clear byte moves on."""

    def __init__(self, password: bytes) -> None:
        self._keys = (0x12345678, 0x23456789, 0x34567890)
        table = _table()
        for byte in password:
            first, second, third = self._keys
            first = (first >> 8) ^ table[(first ^ byte) & 0xFF]
            second = ((second + (first & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
            third = (third >> 8) ^ table[(third ^ (second >> 24)) & 0xFF]
            self._keys = first, second, third

    def decrypt(self, data: bytes) -> bytes:
        """The clear bytes; the state moves on."""
        first, second, third = self._keys
        table = _table()
        clear = bytearray(len(data))
        for index, byte in enumerate(data):
            mixed = third | 2
            byte ^= ((mixed * (mixed ^ 1)) >> 8) & 0xFF  # noqa: PLW2901 - twice as fast as a second name
            clear[index] = byte
            first = (first >> 8) ^ table[(first ^ byte) & 0xFF]
            second = ((second + (first & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
            third = (third >> 8) ^ table[(third ^ (second >> 24)) & 0xFF]
        self._keys = first, second, third
        return bytes(clear)


@cache
def _table() -> tuple[int, ...]:
    """CRC-32, byte by byte: zlib gives it with the bits turned at both ends."""
    found = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (0xEDB88320 if value & 1 else 0)  # noqa: PLW2901
        found.append(value)
    return tuple(found)
