"""A home folder and what a person decided of findings go in, the verdicts that hold come out; lines are only added.

A verdict is kept by the keyed id of its finding: root, path, type, value and which such in the item. So it survives
inserted rows, is for one path only (each copy of a file has its own), and says nothing to who has not the key.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scanner.home import VERDICTS_FILE
from scanner.private_base import make_private, private_base

NOT_PERSONAL, TEST_DATA, ACCEPTED = "not-personal", "test-data", "accepted"
# These two take a finding out of later reports; an accepted one is right, and known.
LEAVING_OUT = frozenset({NOT_PERSONAL, TEST_DATA})
UNDONE = "undone"
LEFT_OUT_WORDS = "left out by your verdicts"  # in the detail of an item
_ADVICE = "Restore it from a backup, or move it away to go on without verdicts."
_TABLE = """
CREATE TABLE IF NOT EXISTS verdicts (number INTEGER PRIMARY KEY AUTOINCREMENT, finding_id INTEGER NOT NULL,
                                     entity_type TEXT NOT NULL, verdict TEXT NOT NULL, date TEXT NOT NULL,
                                     why TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody decided of one finding, when, and why in their own words; never the value."""

    finding_id: int
    entity_type: str
    verdict: str
    date: str
    why: str


def now() -> str:
    """The date of a verdict that is given now."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def load_verdicts(home: Path) -> dict[int, Verdict]:
    """Finding id -> the verdict that holds: the last one given, unless it was taken back.

    Raises:
        HomeError: there is a file of verdicts and it cannot be read. Nobody's decision is dropped in silence.
    """
    if not (home / VERDICTS_FILE).exists():
        return {}
    found: dict[int, Verdict] = {}
    with private_base(home / VERDICTS_FILE, "verdicts", _ADVICE) as base:
        # The first verdict may have been stopped before it stood there.
        if not base.execute("SELECT 1 FROM sqlite_master WHERE name = 'verdicts'").fetchone():
            return {}
        rows = base.execute("SELECT finding_id, entity_type, verdict, date, why FROM verdicts ORDER BY number")
        for verdict in (Verdict(*row) for row in rows):
            found.pop(verdict.finding_id, None)  # a new verdict stands last in the list
            if verdict.verdict != UNDONE:
                found[verdict.finding_id] = verdict
    return found


def left_out_ids(home: Path) -> frozenset[int]:
    """Ids of the findings that later scans leave out."""
    return frozenset(key for key, verdict in load_verdicts(home).items() if verdict.verdict in LEAVING_OUT)


def add_verdicts(home: Path, verdicts: Iterable[Verdict]) -> None:
    """Add them all, durably, or none of them.

    Raises:
        HomeError: the home folder cannot be written to.
    """
    make_private(home / VERDICTS_FILE, "verdicts")
    with private_base(home / VERDICTS_FILE, "verdicts", _ADVICE) as base, base:
        base.execute("BEGIN IMMEDIATE")
        base.execute(_TABLE)
        base.executemany(
            "INSERT INTO verdicts (finding_id, entity_type, verdict, date, why) VALUES (?,?,?,?,?)",
            ((one.finding_id, one.entity_type, one.verdict, one.date, one.why) for one in verdicts),
        )
