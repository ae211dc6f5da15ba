"""A remote file goes in, a local stream of it comes out: fetched as far as it is read, gone when closed."""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from scanner.limits import MB
from scanner.model import Reason, Skip
from scanner.sources.remote_errors import told

_CHUNK = MB


@contextmanager
def fetched(source: IO[bytes], size: int, most: int) -> Iterator[IO[bytes]]:
    """A seekable stream. The copy is a nameless file that only we can read; above `most` bytes none is made."""
    with tempfile.TemporaryFile() as copy:
        yield io.BufferedReader(_Copied(source, copy, size) if size <= most else _InPlace(source), _CHUNK)


class _InPlace(io.RawIOBase):
    """The remote file itself: each piece is fetched when it is read, also a second time."""

    def __init__(self, source: IO[bytes]) -> None:
        super().__init__()
        self._source = source

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a part of the buffer; raises Skip when the server does not give it."""
        data = _read(self._source, len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As files do."""
        self._source.seek(offset, whence)
        return self._source.tell()


class _Copied(io.RawIOBase):
    """Reads from the copy what is in it, and fetches the rest in order."""

    def __init__(self, source: IO[bytes], copy: IO[bytes], size: int) -> None:
        super().__init__()
        self._source = source
        self._copy = copy
        self._size = size
        self._have = 0
        self._at = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a part of the buffer; raises Skip when the server does not give it, or the file is not the same."""
        end = min(self._at + len(buffer), self._size)
        self._fetch(end)
        self._copy.seek(self._at)
        data = self._copy.read(max(0, end - self._at))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As files do; nothing is fetched yet."""
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence])
        return self._at

    def _fetch(self, end: int) -> None:
        if self._have >= end:
            return
        self._copy.seek(self._have)
        while self._have < end:
            data = _read(self._source, min(_CHUNK, self._size - self._have))
            if not data:
                raise Skip(Reason.CHANGED, "it became shorter while it was read; scan it again")
            self._copy.write(data)
            self._have += len(data)
        if self._have == self._size and _read(self._source, 1):
            raise Skip(Reason.CHANGED, "it became longer while it was read; scan it again")


def _read(source: IO[bytes], count: int) -> bytes:
    try:
        return source.read(count)
    except Exception as error:  # noqa: BLE001 - each library has its own
        raise Skip(*told(error)) from None
