"""What a scan has walked and finished, in a sqlite file beside the report, so that it can be stopped at any moment.

The walk's rows live here too: a million items must not live in memory. Deleted on success, may be deleted at any time.
"""

import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scanner.messages import Mark
from scanner.model import Item, Met, Reason
from scanner.slices import SliceTold, Survey

FILE = "journal.sqlite"
_TABLES = """
CREATE TABLE IF NOT EXISTS done (signature TEXT PRIMARY KEY, parts INTEGER);
CREATE TABLE IF NOT EXISTS marks (signature TEXT PRIMARY KEY, parts INTEGER, position INTEGER, mark TEXT);
CREATE TABLE IF NOT EXISTS surveys (signature TEXT PRIMARY KEY, survey TEXT);
CREATE TABLE IF NOT EXISTS slices (signature TEXT PRIMARY KEY, told TEXT);
DROP TABLE IF EXISTS walked;
DROP TABLE IF EXISTS met;
CREATE TABLE walked (number INTEGER PRIMARY KEY, path TEXT, root TEXT, address BLOB, size INTEGER,
                     modified_ns INTEGER, owner TEXT, identity TEXT, source TEXT, readable_by TEXT, original INTEGER,
                     digest TEXT, carried INTEGER);
CREATE TABLE met (number INTEGER PRIMARY KEY, path TEXT, root TEXT, reason TEXT, detail TEXT, size INTEGER,
                  modified_ns INTEGER);
CREATE INDEX walked_size ON walked (size);
CREATE INDEX walked_original ON walked (original);
"""
_ITEM = "number, path, root, address, size, modified_ns, owner, identity, source, readable_by"
_CLAIMS = ("done", "marks", "surveys", "slices")
_OF_ONE_SIZE = f"{_ITEM} FROM walked WHERE size = ? AND source = 'folder'"


class JournalError(Exception):
    """The work folder beside the report cannot be used; the message says what to do."""


class Journal:
    """One journal in a work folder of its own (mode 0700). `fingerprint` is plan + key id + versions."""

    def __init__(self, folder: Path, fingerprint: str, fresh: bool) -> None:
        self.folder = folder
        file = folder / FILE
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            try:
                self._base = self._open(file, fingerprint, fresh)
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:  # damaged: nothing in it can be believed
                file.unlink()
                self._base = self._open(file, fingerprint, fresh)
        except (OSError, sqlite3.OperationalError) as error:
            if "locked" in str(error):
                message = f"Another scan is writing this report ({folder}). Wait for it, or use another --out."
            else:
                message = f"Cannot write in {folder.parent} ({error}). Choose another place with --out."
            raise JournalError(message) from error

    def _open(self, file: Path, fingerprint: str, fresh: bool) -> sqlite3.Connection:
        """Lock the journal before anything else, so that of two scans that start together one does nothing at all."""
        base = sqlite3.connect(file, timeout=0.0)
        try:
            # The lock ends with the process, however it ends: no stale lock file is ever in the way.
            base.execute("PRAGMA locking_mode=EXCLUSIVE")
            base.execute("PRAGMA synchronous=FULL")
            base.execute("BEGIN EXCLUSIVE")
            base.execute("CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT)")
            row = base.execute("SELECT value FROM meta WHERE name = 'fingerprint'").fetchone()
            if fresh or row != (fingerprint,):
                # First the claims, then the parts: killed in between, no claim stands without its part.
                for table in _CLAIMS:
                    base.execute(f"DROP TABLE IF EXISTS {table}")
                base.execute("INSERT OR REPLACE INTO meta VALUES ('fingerprint', ?)", (fingerprint,))
                begun = datetime.now(UTC).isoformat(timespec="seconds")
                base.execute("INSERT OR REPLACE INTO meta VALUES ('begun', ?)", (begun,))
                base.execute("DELETE FROM meta WHERE name = 'sandboxes'")
                base.commit()
                for other in self.folder.iterdir():
                    if not other.name.startswith(FILE) and not other.is_dir():
                        other.unlink(missing_ok=True)
            base.executescript(_TABLES)
        except BaseException:
            base.close()
            raise
        return base

    def begun(self) -> str:
        """When the scan was begun, however often it was stopped since: no part was read before that (ISO 8601)."""
        (moment,) = self._base.execute("SELECT value FROM meta WHERE name = 'begun'").fetchone()
        return str(moment)

    def note_sandbox(self, state: str) -> None:
        """A worker could give up so much (scanner/sandbox); those of runs that were stopped count as well."""
        if state not in (known := self.sandboxes()):
            with self._base:
                self._base.execute(
                    "INSERT OR REPLACE INTO meta VALUES ('sandboxes', ?)", (json.dumps([*known, state]),)
                )

    def sandboxes(self) -> list[str]:
        """The states of all workers that there were, each once."""
        row = self._base.execute("SELECT value FROM meta WHERE name = 'sandboxes'").fetchone()
        return list(json.loads(row[0])) if row else []

    def record_walk(self, walked: Iterable[Item | Met]) -> None:
        """Store what the walk yields, numbered in its order."""
        with self._base:
            for number, found in enumerate(walked):
                if isinstance(found, Item):
                    row = (number, found.path, found.root, found.address, found.size, found.modified_ns, found.owner,
                           found.identity, found.source, found.readable_by, None, None, None)  # fmt: skip
                    self._base.execute("INSERT INTO walked VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", row)
                else:
                    met = (
                        number,
                        found.path,
                        found.root,
                        str(found.reason),
                        found.detail,
                        found.size,
                        found.modified_ns,
                    )
                    self._base.execute("INSERT INTO met VALUES (?,?,?,?,?,?,?)", met)

    def same_size(self) -> Iterator[list[tuple[int, Item]]]:
        """Groups of this computer's files, in walk order, of one size each: only they can be found to be duplicates."""
        sizes = self._base.execute(
            "SELECT size FROM walked WHERE size > 0 AND source = 'folder' GROUP BY size HAVING count(*) > 1 "
            "ORDER BY size"
        )
        for (size,) in sizes.fetchall():
            rows = self._base.execute(f"SELECT {_OF_ONE_SIZE} ORDER BY number", (size,))
            yield [_item(row) for row in rows]

    def mark_copies(self, pairs: Iterable[tuple[int, int]]) -> None:
        """(number of a copy, number of its original) pairs."""
        with self._base:
            self._base.executemany(
                "UPDATE walked SET original = ? WHERE number = ?", ((original, copy) for copy, original in pairs)
            )

    def part_copies(self, numbers: Sequence[int]) -> None:
        """The copies of these items are to be scanned themselves."""
        with self._base:
            self._base.executemany(
                "UPDATE walked SET original = NULL WHERE original = ?", ((number,) for number in numbers)
            )

    def originals(self) -> Iterator[tuple[int, Item]]:
        """Items to be scanned, in walk order."""
        wanted = "original IS NULL AND carried IS NULL"
        for row in self._base.execute(f"SELECT {_ITEM} FROM walked WHERE {wanted} ORDER BY number"):  # noqa: S608
            yield _item(row)

    def walked(self) -> Iterator[tuple[int, Item]]:
        """All items, in walk order."""
        for row in self._base.execute(f"SELECT {_ITEM} FROM walked ORDER BY number"):  # noqa: S608
            yield _item(row)

    def item(self, number: int) -> Item:
        """One of them."""
        row = self._base.execute(f"SELECT {_ITEM} FROM walked WHERE number = ?", (number,)).fetchone()  # noqa: S608
        return _item(row)[1]

    def set_digests(self, pairs: Iterable[tuple[int, str]]) -> None:
        """(number, keyed hash of the bytes) of items whose content is known already."""
        with self._base:
            self._base.executemany(
                "UPDATE walked SET digest = ? WHERE number = ?", ((digest, number) for number, digest in pairs)
            )

    def digests(self, size: int) -> dict[int, str]:
        """Number -> hash of those items of this size whose content is known."""
        return dict(
            self._base.execute("SELECT number, digest FROM walked WHERE size = ? AND digest IS NOT NULL", (size,))
        )

    def known_originals(self) -> Iterator[tuple[int, Item, str]]:
        """(number, item, hash) of those whose content is known, but of no copies, in walk order."""
        wanted = "original IS NULL AND digest IS NOT NULL"
        for row in self._base.execute(f"SELECT {_ITEM}, digest FROM walked WHERE {wanted} ORDER BY number"):  # noqa: S608
            yield (*_item(row[:-1]), row[-1])

    def carry(self, numbers: Iterable[int]) -> None:
        """These items need not be scanned: their rows come from an earlier report."""
        with self._base:
            self._base.executemany("UPDATE walked SET carried = 1 WHERE number = ?", ((number,) for number in numbers))

    def carried_totals(self) -> tuple[int, int]:
        """(items, bytes) that need not be scanned, copies of them included."""
        whose = "coalesce(original, number) IN (SELECT number FROM walked WHERE carried IS NOT NULL)"
        query = f"SELECT count(*), coalesce(sum(size), 0) FROM walked WHERE {whose}"  # noqa: S608
        count, size = self._base.execute(query).fetchone()
        return int(count), int(size)

    def copies_of(self, number: int) -> list[Item]:
        """Items that hold the same bytes as item `number`, in walk order."""
        rows = self._base.execute(f"SELECT {_ITEM} FROM walked WHERE original = ? ORDER BY number", (number,))  # noqa: S608
        return [_item(row)[1] for row in rows]

    def with_copies(self) -> set[int]:
        """Numbers of the items that have copies."""
        return {
            number
            for (number,) in self._base.execute("SELECT DISTINCT original FROM walked WHERE original IS NOT NULL")
        }

    def met(self) -> Iterator[tuple[int, Met]]:
        """What the walk met and did not open."""
        for number, path, root, reason, detail, size, modified in self._base.execute(
            "SELECT * FROM met ORDER BY number"
        ):
            yield number, Met(path, root, Reason(reason), detail, size, modified)

    def totals(self) -> tuple[int, int]:
        """(items, bytes) that the walk found."""
        count, size = self._base.execute("SELECT count(*), coalesce(sum(size), 0) FROM walked").fetchone()
        return int(count), int(size)

    def done(self) -> dict[str, int]:
        """Signatures of the batches whose parts are complete on disk, and how many parts each has."""
        return dict(self._base.execute("SELECT signature, parts FROM done"))

    def parts_of(self, signature: str) -> int:
        """How many parts a finished batch has."""
        (parts,) = self._base.execute("SELECT parts FROM done WHERE signature = ?", (signature,)).fetchone()
        return int(parts)

    def finish_batch(self, signature: str, parts: int) -> None:
        """The parts of a batch have been renamed to their names; from now on it is not scanned again."""
        with self._base:
            self._base.execute("INSERT OR REPLACE INTO done VALUES (?, ?)", (signature, parts))
            self._base.execute("DELETE FROM marks WHERE signature = ?", (signature,))

    def mark(self, signature: str, parts: int, position: int, mark: Mark) -> None:
        """So many parts of a batch are durable: they hold all before a mark in the item at this position of it."""
        with self._base:
            told = json.dumps([mark.path, mark.place, mark.budget, mark.progress])
            self._base.execute("INSERT OR REPLACE INTO marks VALUES (?, ?, ?, ?)", (signature, parts, position, told))

    def forget_mark(self, signature: str) -> None:
        """A batch is to be scanned from its start."""
        with self._base:
            self._base.execute("DELETE FROM marks WHERE signature = ?", (signature,))

    def last_mark(self, signature: str) -> tuple[int, int, Mark] | None:
        """Number of parts, position and mark of a batch that was begun and not finished."""
        row = self._base.execute("SELECT parts, position, mark FROM marks WHERE signature = ?", (signature,)).fetchone()
        if row is None:
            return None
        parts, position, told = row
        path, place, budget, progress = json.loads(told)
        return parts, position, Mark(path, tuple(place), tuple(budget), progress)

    def keep_survey(self, signature: str, survey: Survey) -> None:
        """What the first slice of an item told, which is a batch of this signature."""
        with self._base:
            self._base.execute("INSERT OR REPLACE INTO surveys VALUES (?, ?)", (signature, survey.printed()))

    def survey(self, signature: str) -> Survey | None:
        """The same again; None for a batch that is no first slice."""
        row = self._base.execute("SELECT survey FROM surveys WHERE signature = ?", (signature,)).fetchone()
        return Survey.parse(row[0]) if row else None

    def keep_told(self, signature: str, told: SliceTold) -> None:
        """What became of a slice."""
        with self._base:
            self._base.execute("INSERT OR REPLACE INTO slices VALUES (?, ?)", (signature, told.printed()))

    def told(self, signature: str) -> SliceTold:
        """The same again."""
        (told,) = self._base.execute("SELECT told FROM slices WHERE signature = ?", (signature,)).fetchone()
        return SliceTold.parse(told)

    def close(self) -> None:
        """Leave the journal for a later resume."""
        self._base.close()

    def delete(self) -> None:
        """The report is complete: the journal and its parts have done their work."""
        with self._base:  # killed while the parts go, the journal must not claim that they are there
            for table in _CLAIMS:
                self._base.execute(f"DELETE FROM {table}")  # noqa: S608
        self._base.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _item(row: tuple[Any, ...]) -> tuple[int, Item]:
    number, path, root, address, size, modified, owner, identity, source, readable_by = row
    return number, Item(path, root, address, size, modified, owner, identity, source, readable_by)
