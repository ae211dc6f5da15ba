"""Chunks of a container's member go in, a readable stream comes out that ends at damage and tells of it."""

import io
import zlib
from collections.abc import Callable, Iterator
from typing import IO

from scanner.formats.archives.packed import BLOCK, FAULTS, Behind
from scanner.model import Lost, Reason


class Damage:
    """Faults that show while members are read; told once, behind the members."""

    def __init__(self, noun: str = "member") -> None:
        self._noun = noun
        self._counts: dict[str, int] = {}

    def note(self, fault: str) -> None:
        """Count a fault, "" is none."""
        if fault:
            self._counts[fault] = self._counts.get(fault, 0) + 1

    def told(self) -> Iterator[Lost]:
        """One loss for each kind of fault: what stands before it was read."""
        for fault, count in self._counts.items():
            members = f"1 {self._noun} is" if count == 1 else f"{count} {self._noun}s are"
            yield Lost("", Reason.DAMAGED, f"{members} {fault}")


def opener(
    chunks: Callable[[], Iterator[bytes]], damage: Damage, checksum: int | None = None
) -> Callable[[], IO[bytes]]:
    """What a Child wants: a function that gives the member's stream, which tells its faults to `damage`."""

    def opened() -> IO[bytes]:
        return io.BufferedReader(MemberStream(chunks(), damage.note, checksum), BLOCK)

    return opened


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
        except Behind:
            fault = "followed by bytes that are no part of it and were not read"
        except FAULTS:
            fault = "damaged"
        if not fault and self._expected is not None and self._sum != self._expected:
            fault = "changed: the checksum is wrong"
        if not self._ended:
            self._note(fault)
        self._ended = True
        return b""
