"""What every store of files elsewhere offers: entries of its folders, and files opened for reading. None can write."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO
from urllib.parse import unquote

from scanner.addresses import split_address
from scanner.credentials import Secrets
from scanner.limits import MB

BLOCK = 4 * MB  # of a file that is read where it lies


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, folder or something else, by its path in its system; times in ns since 1970, 0 = not told."""

    path: str
    kind: str = "file"  # file, folder, link, frozen, special
    size: int = 0
    modified_ns: int = 0
    owner: str = ""
    readable_by: str = ""


class System(ABC):
    """One remote place. `whole`: list() gives all files below a folder at once, in the order of their paths."""

    whole = False

    @abstractmethod
    def look(self, path: str) -> Entry:
        """What stands there; raises OSError, or what else its library raises, when nothing does."""

    @abstractmethod
    def list(self, folder: str) -> Iterator[Entry]:
        """What a folder holds, in any order."""

    @abstractmethod
    def open(self, path: str) -> IO[bytes]:
        """A file for reading, seekable."""

    @abstractmethod
    def forget(self) -> None:
        """Connect anew the next time: the connection broke."""


def login(address: str, secrets: Secrets) -> tuple[str, int | None, str | None]:
    """Host, port and user."""
    parts = split_address(address)
    user = secrets.get("user") or (unquote(parts.username) if parts.username else None)
    return parts.hostname or "", parts.port, user


def nanoseconds(moment: datetime | float | None) -> int:
    """A time since 1970; 0 when it is not told."""
    if isinstance(moment, datetime):
        return round(moment.timestamp() * 1e9)
    return round(moment * 1e9) if moment else 0
