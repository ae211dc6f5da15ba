"""A sqlite file of the home in, a connection to it out: readable by its owner only, durable, its errors in words."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from scanner.home import HomeError

WAIT_SECONDS = 10.0


def make_private(file: Path, what: str) -> None:
    """Make the file if it is not there. sqlite would make it readable by everyone; files beside it take over its mode.

    Raises:
        HomeError: the home folder cannot be written to.
    """
    try:
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600))
    except OSError as error:
        raise HomeError(f"The file of {what} {file} cannot be written ({error.strerror}).") from error


@contextmanager
def private_base(file: Path, what: str, advice: str = "Restore it from a backup.") -> Iterator[sqlite3.Connection]:
    """A connection without implicit transactions. `what` is in it, in the plural; `advice` ends the message.

    Raises:
        HomeError: sqlite cannot use the file.
    """
    try:
        with closing(sqlite3.connect(file, timeout=WAIT_SECONDS, isolation_level=None)) as base:
            base.execute("PRAGMA synchronous=FULL")
            yield base
    except sqlite3.Error as error:
        raise HomeError(f"The file of {what} {file} cannot be used ({error}). {advice}") from error
