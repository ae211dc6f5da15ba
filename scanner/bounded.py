"""A file goes in, a stream comes out whose read() asks for no more than is there, whatever length a format was told.

Python sets aside as many bytes as are asked for before it reads: in a damaged file one wrong bit of a length asked for
gigabytes, and the worker that read it ended for want of memory.
"""

import os
import tempfile
from functools import partial
from io import SEEK_END, BufferedReader, UnsupportedOperation
from typing import IO

from scanner.patience import PatientFile, patiently

_MUCH = 1024 * 1024  # less is not worth asking how much there is


class BoundedReader(BufferedReader):
    """An open file, buffered."""

    def read(self, size: int | None = -1, /) -> bytes:
        """As of any file."""
        if size is not None and size > _MUCH:
            status = patiently(partial(os.fstat, self.fileno()))
            size = min(size, max(0, status.st_size - self.tell()))
        return super().read(size)


class BoundedSpool(tempfile.SpooledTemporaryFile[bytes]):
    """A temporary file that is in memory until it grows."""

    def read(self, *sizes: int) -> bytes:
        """As of any file."""
        if sizes and sizes[0] > _MUCH:
            at = self.tell()
            end = self.seek(0, SEEK_END)
            self.seek(at)
            return super().read(min(sizes[0], max(0, end - at)))
        return super().read(*sizes)


def state_of(stream: IO[bytes]) -> tuple[int, int, int]:
    """What shows that a file was changed: size, time of the last change, number. Zeros where a stream is no file."""
    try:
        status = patiently(partial(os.fstat, stream.fileno()))
    except (OSError, UnsupportedOperation):
        return (0, 0, 0)
    return (status.st_size, status.st_mtime_ns, status.st_ino)


def refusal(stream: IO[bytes]) -> str:
    """What the system said when it went on to refuse: a format may have taken the gap for damage."""
    raw = getattr(stream, "raw", None)
    return raw.refused if isinstance(raw, PatientFile) else ""
