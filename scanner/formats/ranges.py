"""A seekable stream and two offsets go in, a stream of the bytes between them comes out (mail parts, archive members)."""

import io
from typing import IO


class ByteRange(io.RawIOBase):
    """The bytes `start` to `end` of a stream that others read too: it seeks before each read. Closing leaves it open."""

    def __init__(self, stream: IO[bytes], start: int, end: int) -> None:
        self._stream = stream
        self._at = start
        self._end = end

    def readable(self) -> bool:
        """It can be read, and nothing else."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes; never asks the stream for more than the range holds, whatever the caller asks for."""
        left = max(self._end - self._at, 0)
        wanted = left if size < 0 else min(size, left)
        if not wanted:
            return b""
        self._stream.seek(self._at)
        data = self._stream.read(wanted)
        self._at += len(data)
        return data

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # the stub's buffer type is newer than 3.11
        """As read."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def length_of(stream: IO[bytes]) -> int:
    """Number of bytes of a seekable stream; its position is kept."""
    at = stream.tell()
    length = stream.seek(0, io.SEEK_END)
    stream.seek(at)
    return length
