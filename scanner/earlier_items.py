"""The items of an earlier report go in, a file on disk that answers what was where, how large, and with what content.

A tree is a file with all its members: it is read again, or carried over, as a whole. A million of them need little
memory. Use inside `with`; what is asked of it stands in a file of the work folder, which goes with it.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from reports.parquet import iterate
from scanner.locators import MEMBER
from scanner.model import Item, Reason, Status

FILE = "since.sqlite"
_TABLES = """
PRAGMA synchronous = OFF;
PRAGMA journal_mode = MEMORY;
CREATE TABLE trees (id INTEGER PRIMARY KEY, root TEXT, path TEXT, base TEXT, size INTEGER, modified INTEGER, hash TEXT,
                    findings INTEGER, again TEXT, file INTEGER, met INTEGER, number INTEGER, moved INTEGER,
                    UNIQUE (path, root));
CREATE INDEX trees_like ON trees (size, base);
CREATE INDEX trees_number ON trees (number);
CREATE TABLE members (root TEXT, path TEXT, parent TEXT, findings INTEGER, now TEXT,
                      PRIMARY KEY (path, root));
CREATE TABLE met (root TEXT, path TEXT, PRIMARY KEY (path, root));
CREATE TABLE digests (number INTEGER PRIMARY KEY, digest TEXT);
"""
_COLUMNS = ["root", "item", "parent", "size", "modified", "content_hash", "findings", "status", "reason", "detail", "duplicate_of"]  # fmt: skip  # noqa: E501


@dataclass(frozen=True, slots=True)
class Tree:
    """One file of the earlier report. `modified` in microseconds since 1970, `again` why it cannot be carried over."""

    number: int
    root: str
    path: str
    size: int | None
    modified: int | None
    content_hash: str | None
    again: str | None


class EarlierItems:
    """What an earlier report says of its items."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._file.unlink(missing_ok=True)
        self._base = sqlite3.connect(self._file, isolation_level=None)
        self._base.executescript(_TABLES)
        self._base.execute("BEGIN")

    def __enter__(self) -> "EarlierItems":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the file."""
        self._base.close()
        self._file.unlink(missing_ok=True)

    def read(self, items: Path, again: Callable[[str | None, str], str | None]) -> None:
        """Take all trees in. `again`: a reason and a detail of any of its rows -> why a tree must be read again."""
        for table in live_items(items):
            self._base.executemany(
                "INSERT OR IGNORE INTO trees (root, path, base, size, modified, hash, findings, again, file, met) "
                "VALUES (?,?,?,?,?,?,0,?,?,0)",
                map(_tree_row, table.select(_COLUMNS).filter(pc.is_null(table["parent"])).to_pylist()),
            )
        # Members stand before the file that holds them, so the trees are there first.
        for table in live_items(items):
            odd = (
                table.select(_COLUMNS)
                .filter(pc.or_(pc.is_valid(table["reason"]), pc.is_valid(table["detail"])))
                .to_pylist()
            )
            told = ((again(row["reason"], row["detail"] or ""), row) for row in odd)
            self.read_again((row["root"], row["item"], why) for why, row in told if why)
            counts: Counter[tuple[str, str]] = Counter()
            for root, path, number in zip(
                *(table[name].to_pylist() for name in ("root", "item", "findings")), strict=True
            ):
                if number:
                    counts[root, top_of(path)] += number
            self._base.executemany(
                "UPDATE trees SET findings = findings + ? WHERE root = ? AND path = ?",
                ((number, *place) for place, number in counts.items()),
            )

    def read_again(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """(root, path of any member, why) of trees that must be read again."""
        self._base.executemany(
            "UPDATE trees SET again = ? WHERE root = ? AND path = ?",
            ((why, root, top_of(path)) for root, path, why in rows),
        )

    def meet(self, root: str, path: str) -> Tree | None:
        """What was at this place, which the new walk has met, too."""
        self._base.execute("INSERT OR IGNORE INTO met VALUES (?, ?)", (root, path))
        found = self.at(root, path)
        if found:
            self._base.execute("UPDATE trees SET met = 1 WHERE id = ?", (found.number,))
        return found

    def at(self, root: str, path: str) -> Tree | None:
        """What was at this place."""
        return self._tree("path = ? AND root = ?", (path, root))

    def has_like(self, item: Item) -> bool:
        """Whether a file of this size and name was anywhere."""
        query = "SELECT 1 FROM trees WHERE size = ? AND base = ? LIMIT 1"
        return self._base.execute(query, (item.size, _base_name(item.path))).fetchone() is not None

    def source(self, item: Item, digest: str) -> Tree | None:
        """The tree whose rows this item has: the same bytes under the same name, best at the same place."""
        # The name counts: it helps to tell what kind of document it is, and what a packed file holds.
        same = "size = ? AND base = ? AND hash = ? AND again IS NULL AND number IS NULL"
        here = "ORDER BY root = ? AND path = ? DESC, id LIMIT 1"
        given = (item.size, _base_name(item.path), digest, item.root, item.path)
        found = self._tree(f"{same} {here}", given)
        # Of empty files there are many, and each may be a source of one only.
        return found if found and (item.size or (found.root, found.path) == (item.root, item.path)) else None

    def take(self, tree: Tree, number: int, moved: bool) -> None:
        """From now on this tree is carried over to item `number` of the walk."""
        self._base.execute("UPDATE trees SET number = ?, moved = ? WHERE id = ?", (number, moved, tree.number))

    def taken(self) -> Iterator[int]:
        """Numbers of the items that trees are carried over to."""
        return (number for (number,) in self._base.execute("SELECT number FROM trees WHERE number IS NOT NULL"))

    def number_of(self, root: str, path: str) -> int | None:
        """The item of the walk that the tree at this place is carried over to."""
        query = "SELECT number FROM trees WHERE path = ? AND root = ?"
        row = self._base.execute(query, (path, root)).fetchone()
        return row[0] if row else None

    def know(self, number: int, digest: str) -> None:
        """The content hash of an item of the walk."""
        self._base.execute("INSERT OR REPLACE INTO digests VALUES (?, ?)", (number, digest))

    def known(self) -> Iterator[tuple[int, str]]:
        """(number, content hash) as told by know()."""
        yield from self._base.execute("SELECT number, digest FROM digests ORDER BY number")

    def has_met(self, root: str, path: str) -> bool:
        """Whether the walk met this path."""
        return self._base.execute("SELECT 1 FROM met WHERE path = ? AND root = ?", (path, root)).fetchone() is not None

    def missing(self) -> Iterator[tuple[str, str, int]]:
        """(root, path, findings in it and its members) of the files that the walk did not meet."""
        yield from self._base.execute("SELECT root, path, findings FROM trees WHERE met = 0 AND file = 1 ORDER BY id")

    def watch_members(self, items: Path) -> bool:
        """Take in the members of files that are read again, for seen() and lost_members(); False if there are none."""
        query = "SELECT 1 FROM trees WHERE root = ? AND path = ? AND met = 1 AND (number IS NULL OR moved = 1)"
        is_read = lru_cache(maxsize=1)(lambda *place: self._base.execute(query, place).fetchone() is not None)
        for table in live_items(items):
            rows = (row for row in table.select(_COLUMNS).to_pylist() if is_read(row["root"], top_of(row["item"])))
            self._base.executemany(
                "INSERT OR IGNORE INTO members (root, path, parent, findings) VALUES (?,?,?,?)",
                ((row["root"], row["item"], row["parent"], row["findings"]) for row in rows),
            )
        return bool(self._base.execute("SELECT 1 FROM members WHERE parent IS NOT NULL LIMIT 1").fetchone())

    def seen(self, table: pa.Table) -> None:
        """Rows of the new report."""
        rows = zip(*(table[name].to_pylist() for name in ("status", "root", "item")), strict=True)
        self._base.executemany("UPDATE members SET now = ? WHERE root = ? AND path = ?", rows)

    def lost_members(self) -> Iterator[tuple[str, str, int]]:
        """As missing(), of members that are not in their container any more, which was read wholly now."""
        yield from self._base.execute(
            "SELECT lost.root, lost.path, lost.findings FROM members AS lost JOIN members AS holder "
            "ON holder.root = lost.root AND holder.path = lost.parent WHERE lost.now IS NULL AND holder.now = ?",
            (str(Status.EXAMINED),),
        )

    def _tree(self, where: str, given: tuple[Any, ...]) -> Tree | None:
        query = f"SELECT id, root, path, size, modified, hash, again FROM trees WHERE {where}"  # noqa: S608 - constants
        row = self._base.execute(query, given).fetchone()
        return Tree(*row) if row else None


def live_items(items: Path) -> Iterator[pa.Table]:
    """Rows of items of an earlier report, but of those that were gone then already."""
    for table in iterate(items):
        yield table.filter(pc.not_equal(table["status"].cast(pa.string()), str(Status.GONE)))


def top_of(path: str) -> str:
    """The file that holds this item, or is it."""
    return path.partition(MEMBER)[0]


def _base_name(path: str) -> str:
    return PurePosixPath(path).name


def _tree_row(row: dict[str, Any]) -> tuple[object, ...]:
    left_out = row["reason"] in {Reason.EXCLUDED, Reason.SPECIAL}
    original = row["duplicate_of"] or ""
    # A copy has the rows of its original, which may have been told by another name what kind of document it is.
    of_another_name = original and MEMBER not in original and _base_name(original) != _base_name(row["item"])
    modified = row["modified"] and round(row["modified"].timestamp() * 1_000_000)
    return (
        row["root"], row["item"], _base_name(row["item"]), row["size"], modified, row["content_hash"],
        "its rows were those of a file of another name" if of_another_name else None,
        int(row["size"] is not None and not left_out),
    )  # fmt: skip
