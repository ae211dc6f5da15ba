"""Names of a container's members go in, steps of their locators come out, each only once; memory stays bounded."""

import sqlite3
from collections.abc import Iterable

from scanner.locators import quote_name

# Beyond this many names they live in a file that the system deletes: a mailbox may hold millions of messages.
_IN_MEMORY = 50_000


class MemberNames:
    """The names of one container so far; `taken` are steps that an interrupted scan gave out."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._counts: dict[str, int] = {}
        self._file: sqlite3.Connection | None = None
        for step in taken:
            self._put(step, 1)

    def step(self, name: str | bytes) -> str:
        """The step for the next member of this name: `a`, then `a~2`, `a~3`."""
        first = step = quote_name(name)
        count = self._count(first)
        if not count:
            self._put(step, 1)
            return step
        while self._count(step):  # a member may really be called `a~2`, and two rows must not have one path
            count += 1
            step = f"{first}~{count}"
        self._put(first, count)
        self._put(step, 1)
        return step

    def close(self) -> None:
        """Give back what is held on disk."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _count(self, step: str) -> int:
        count = self._counts.get(step, 0)
        if count or self._file is None:
            return count
        row = self._file.execute("SELECT count FROM names WHERE step = ?", (step,)).fetchone()
        return int(row[0]) if row else 0

    def _put(self, step: str, count: int) -> None:
        self._counts[step] = count
        if len(self._counts) <= _IN_MEMORY:
            return
        if self._file is None:
            self._file = sqlite3.connect("")  # the empty name: a file of its own that nobody else can open
            self._file.executescript(
                "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8000;"
                "CREATE TABLE names (step TEXT PRIMARY KEY, count INTEGER) WITHOUT ROWID"
            )
        self._file.executemany("INSERT OR REPLACE INTO names VALUES (?, ?)", self._counts.items())
        self._file.commit()
        self._counts = {}
