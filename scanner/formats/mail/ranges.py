"""A seekable stream and offsets go in, its bytes come out: a range as a stream, a line, or where a mark stands."""

import io
from typing import IO

from scanner.limits import Budget

LINE = 64 * 1024  # longest piece of a line that is looked at
_BEFORE = 16  # bytes that before() is asked for, at most


class ByteRange(io.RawIOBase):
    """The bytes `start` to `end` of a stream that others read too: it seeks before it reads. Closing leaves it open."""

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


class _LineFeeds(io.RawIOBase):
    """A stream whose lines end with CR alone, read as if they ended with LF; every byte keeps its place."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """Every byte has its place."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As the stream's own."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """As the stream's own."""
        return self._stream.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # the stub's buffer type is newer than 3.11
        """The next bytes."""
        data = self._stream.read(len(buffer)).replace(b"\r", b"\n")
        buffer[: len(data)] = data
        return len(data)


def with_line_feeds(stream: IO[bytes]) -> IO[bytes]:
    """The stream itself, or, when its lines end with CR alone as on old Macs, one with LF in their place."""
    head = stream.read(LINE)
    stream.seek(0)
    return io.BufferedReader(_LineFeeds(stream)) if b"\r" in head[:-1] and b"\n" not in head else stream


class Text:
    """Lines and marks of a stream by offset, through one block of it; others may use the stream in between."""

    def __init__(self, stream: IO[bytes], longest: int = LINE) -> None:
        self._stream = stream
        self._longest = longest
        self._base = 0
        self._block = b""
        self.size = length_of(stream)

    def line(self, at: int) -> bytes:
        """The line that begins at `at`, with its line end; no more than the longest."""
        start = self._load(at)
        line_end = self._block.find(b"\n", start, start + self._longest)
        return self._block[start : line_end + 1 if line_end >= 0 else start + self._longest]

    def find(self, mark: bytes, at: int) -> int:
        """Where the mark stands next, from `at` on; the size of the stream when it does not."""
        while at < self.size:
            start = self._load(at)
            found = self._block.find(mark, start)
            if found >= 0:
                return self._base + found
            behind = self._base + len(self._block)
            if behind >= self.size:
                break
            # The mark may be cut by the end of the block.
            at = max(at + 1, behind - len(mark) + 1)
        return self.size

    def before(self, at: int, count: int) -> bytes:
        """The bytes right before `at`."""
        first = max(at - count, 0)
        start = self._load(first)
        return self._block[start : start + at - first]

    def _load(self, at: int) -> int:
        """Have a whole line from `at` on in the block; gives where in the block it begins."""
        behind = self._base + len(self._block)
        if at < self._base or (at + self._longest > behind and behind < self.size) or at > behind:
            self._base = max(at - _BEFORE, 0)
            self._stream.seek(self._base)
            wanted = 4 * self._longest
            self._block = self._stream.read(wanted)
            if len(self._block) < min(wanted, self.size - self._base):
                self.size = self._base + len(self._block)  # the file was cut while it was read
        return at - self._base


class Verbatim:
    """Gives back what copying a member was charged: what stands in a mail as it is has not been unpacked.

    A mail's parts are never larger than the mail. Without this a mailbox of 3 GB, or of 100,000 mails, were a bomb.
    """

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._extracted = self._kept = 0

    def mark(self) -> None:
        """Call before a member is given out."""
        self._extracted, self._kept = self._budget.extracted, self._budget.kept

    def give_back(self, size: int) -> None:
        """Call when the member is done; `size` is the room that it takes in its container."""
        budget = self._budget
        budget.extracted = max(self._extracted, budget.extracted - size)
        budget.kept = max(self._kept, budget.kept - size)


def length_of(stream: IO[bytes]) -> int:
    """Number of bytes of a seekable stream; its position is kept."""
    at = stream.tell()
    length = stream.seek(0, io.SEEK_END)
    stream.seek(at)
    return length
