"""Values of one item in, how often each stood there before out: in the same memory for a letter and a huge table."""

import sqlite3
from collections.abc import Iterable, Mapping

IN_MEMORY = 250_000  # distinct values; a hundred bytes each


class Repeats:
    """Counts by value id. What is too much for the memory waits in a database that only this process sees."""

    def __init__(self, earlier: Iterable[tuple[int, int]] = (), in_memory: int = IN_MEMORY) -> None:
        """`earlier`: (value id, times) that an earlier try at the item has counted."""
        self._limit = in_memory
        self._recent: dict[int, int] = {}
        self._stored: sqlite3.Connection | None = None
        for value_id, times in earlier:
            self._recent[value_id] = self._recent.get(value_id, 0) + times

    def count(self, value_id: int) -> int:
        """How often it was counted before."""
        times = self._recent.get(value_id)
        if times is None:
            times = _look_up(self._stored, value_id) if self._stored else 0
        self._recent[value_id] = times + 1
        if len(self._recent) > self._limit:
            self._store()
        return times

    def times(self, value_id: int) -> int:
        """How often it has been counted."""
        times = self._recent.get(value_id)
        return times if times is not None else _look_up(self._stored, value_id) if self._stored else 0

    def add(self, counted: Mapping[int, int]) -> None:
        """Each of these came so many times more."""
        for value_id, times in counted.items():
            self._recent[value_id] = self.times(value_id) + times
            if len(self._recent) > self._limit:
                self._store()

    def close(self) -> None:
        """Let go of what waits outside the memory."""
        if self._stored:
            self._stored.close()

    def _store(self) -> None:
        if self._stored is None:
            self._stored = sqlite3.connect("", isolation_level=None)  # "": a file without a name, gone when closed
            self._stored.execute("PRAGMA journal_mode = OFF")
            self._stored.execute("CREATE TABLE seen (value_id INTEGER PRIMARY KEY, times INTEGER NOT NULL)")
        self._stored.execute("BEGIN")
        # In order: pages are then filled one after the other.
        self._stored.executemany("REPLACE INTO seen VALUES (?, ?)", sorted(self._recent.items()))
        self._stored.execute("COMMIT")
        self._recent = {}


def _look_up(stored: sqlite3.Connection, value_id: int) -> int:
    row = stored.execute("SELECT times FROM seen WHERE value_id = ?", (value_id,)).fetchone()
    return int(row[0]) if row else 0
