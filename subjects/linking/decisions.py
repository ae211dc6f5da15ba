"""A home folder and what people decided about people go in, the pairs that later links must obey come out.

Each decision is a pair of findings that are, or are not, of one person: finding ids survive new scans. Lines are only
added; undoing a decision adds a line, too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scanner.home import DECISIONS_FILE
from scanner.private_base import make_private, private_base

SAME, NOT_SAME, UNDONE = "same", "not-same", "undone"
_TABLE = """
CREATE TABLE IF NOT EXISTS decisions (number INTEGER PRIMARY KEY AUTOINCREMENT, first INTEGER NOT NULL,
    second INTEGER NOT NULL, decision TEXT NOT NULL, date TEXT NOT NULL, why TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Decision:
    """Two findings (ids, the lower first) and whether they are of one person; `why` in words, never a value."""

    first: int
    second: int
    decision: str
    date: str
    why: str


def load_decisions(home: Path) -> list[Decision]:
    """The decisions that hold, the oldest first.

    Raises:
        HomeError: there is a file and it cannot be read: nobody's decision is dropped in silence.
    """
    if not (home / DECISIONS_FILE).exists():
        return []
    found: dict[tuple[int, int], Decision] = {}
    with private_base(home / DECISIONS_FILE, "decisions") as base:
        base.execute(_TABLE)
        for row in base.execute("SELECT first, second, decision, date, why FROM decisions ORDER BY number"):
            decision = Decision(*row)
            found.pop((decision.first, decision.second), None)
            if decision.decision != UNDONE:
                found[decision.first, decision.second] = decision
    return list(found.values())


def add_decisions(home: Path, decisions: Iterable[Decision]) -> None:
    """Add them all, durably, or none.

    Raises:
        HomeError: the home folder cannot be written to.
    """
    make_private(home / DECISIONS_FILE, "decisions")
    with private_base(home / DECISIONS_FILE, "decisions") as base, base:
        base.execute("BEGIN IMMEDIATE")
        base.execute(_TABLE)
        rows = ((*sorted((one.first, one.second)), one.decision, one.date, one.why) for one in decisions)
        base.executemany("INSERT INTO decisions (first, second, decision, date, why) VALUES (?,?,?,?,?)", rows)
