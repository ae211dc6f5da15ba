"""What a disk or a share refuses for a moment is asked for again, a few times with a growing wait."""

import errno
import os
import time
from collections.abc import Callable
from functools import partial
from io import FileIO
from typing import Any, TypeVar

Answer = TypeVar("Answer")

WAITS = (0.1, 0.4, 1.6)  # seconds before each further try
# A cable, a server that starts again, a connection that is made anew: what is refused now may be given in a second.
PASSING = frozenset(
    getattr(errno, name)
    for name in ("EIO", "ESTALE", "ETIMEDOUT", "EINTR", "EAGAIN", "ENOTCONN", "ECONNRESET", "EHOSTDOWN", "EHOSTUNREACH",
                 "ENETDOWN", "ENETUNREACH", "EREMOTEIO")
    if hasattr(errno, name)
)  # fmt: skip


def patiently(ask: Callable[[], Answer]) -> Answer:
    """What is asked for; raises OSError when it is refused for good, or for the last time."""
    for wait in WAITS:
        try:
            return ask()
        except OSError as error:
            if error.errno not in PASSING:
                raise
            time.sleep(wait)
    return ask()


class PatientFile(FileIO):
    """An open file of a disk or a share whose reads are tried again.

    `refused` is what the system said when it went on to refuse: a format may take the gap for damage of the file.
    """

    def __init__(self, handle: int, reopen: Callable[[], int]) -> None:
        """`reopen` opens the same file once more, for a handle that a server knows no more."""
        super().__init__(handle)
        self.refused = ""
        self._reopen = reopen

    def readinto(self, buffer: Any, /) -> int:
        """As of any file; the place in it is that of before when it raises."""
        read = partial(super().readinto, buffer)
        try:
            return read()
        except OSError as error:
            return self._again(error, self.tell(), read)

    def readall(self) -> bytes:
        """As of any file. A failed try may have moved the place in it."""
        begin = self.tell()
        try:
            return super().readall()
        except OSError as error:
            return self._again(error, begin, super().readall)

    def _again(self, error: OSError, begin: int, read: Callable[[], Answer]) -> Answer:
        def ask() -> Answer:
            if error.errno == errno.ESTALE:
                self._renew()
            self.seek(begin)
            return read()

        try:
            if error.errno not in PASSING:
                raise error
            time.sleep(WAITS[0])
            return patiently(ask)
        except OSError as last:
            self.refused = last.strerror or type(last).__name__
            raise

    def _renew(self) -> None:
        """The same number for a handle that is valid: it is known by that to whoever holds it."""
        fresh = self._reopen()
        try:
            os.dup2(fresh, self.fileno(), inheritable=False)
        finally:
            os.close(fresh)
