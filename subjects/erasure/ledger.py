"""What became of each step of a plan goes in, and comes out again; a line that somebody edited is noticed.

Every line carries a keyed seal over what it says, the plan and its number: a line of another step does not fit.
"""

import hmac
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from scanner.home import HomeError, Key
from scanner.private_base import make_private, private_base
from subjects.erasure.quarantine import folder_of

NAME = "ledger.sqlite"
_TABLE = (
    "CREATE TABLE IF NOT EXISTS steps "
    "(number INTEGER PRIMARY KEY, state TEXT, before TEXT, after TEXT, why TEXT, seal TEXT)"
)


@dataclass(frozen=True, slots=True)
class Note:
    """State of a step, the digests of its file before and after, and why it was refused."""

    state: str = ""
    before: str = ""
    after: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The open ledger of one plan, by its seal."""

    base: sqlite3.Connection
    plan: str
    key: Key = field(repr=False)

    def noted(self, number: int) -> Note:
        """What is noted of a step.

        Raises:
            HomeError: the line was edited.
        """
        row = self.base.execute(
            "SELECT state, before, after, why, seal FROM steps WHERE number = ?", (number,)
        ).fetchone()
        if not row:
            return Note()
        note = Note(*row[:4])
        if not hmac.compare_digest(str(row[4]), self._seal(number, note)):
            raise HomeError(
                "The ledger of this plan was changed by something else: what it says of the files cannot be believed. "
                "Compare the files with a backup, scan again and make a new plan."
            )
        return note

    def note(self, number: int, note: Note) -> None:
        """Write down what became of a step, durably."""
        row = (number, note.state, note.before, note.after, note.why, self._seal(number, note))
        self.base.execute("INSERT OR REPLACE INTO steps VALUES (?, ?, ?, ?, ?, ?)", row)

    def _seal(self, number: int, note: Note) -> str:
        fields = (self.plan, str(number), note.state, note.before, note.after, note.why)
        text = "".join(f"{len(one)}:{one}" for one in fields)
        return hmac.digest(self.key.derive("erasure ledger"), text.encode(), "sha256").hex()


@contextmanager
def opened(home: Path, plan: str, key: Key) -> Iterator[Ledger]:
    """The ledger of a plan, made when there is none; raises HomeError when the home cannot be written to."""
    folder = folder_of(home, plan)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    make_private(folder / NAME, "erasures")
    with private_base(folder / NAME, "erasures") as base:
        base.execute(_TABLE)
        yield Ledger(base, plan, key)
