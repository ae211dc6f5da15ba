"""Values that were erased go in, as keyed ids; what a later scan finds of them again comes out.

A restored backup or a new import brings erased data back: without this list nobody would notice.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from reports.parquet import iterate
from scanner.home import TOMBSTONES_FILE
from scanner.private_base import make_private, private_base

WHAT = "erased values"
_TABLE = (
    "CREATE TABLE IF NOT EXISTS tombstones (value_id INTEGER PRIMARY KEY, since TEXT NOT NULL, case_id TEXT NOT NULL)"
)


def bury(home: Path, values: Iterable[int], since: date, case_id: str) -> None:
    """Remember these value ids; the first case that erased one stays.

    Raises:
        HomeError: the home cannot be written to.
    """
    make_private(home / TOMBSTONES_FILE, WHAT)
    with private_base(home / TOMBSTONES_FILE, WHAT) as base, base:
        base.execute(_TABLE)
        rows = [(value, since.isoformat(), case_id) for value in values]
        base.executemany("INSERT OR IGNORE INTO tombstones VALUES (?, ?, ?)", rows)


def buried(home: Path) -> dict[int, tuple[str, str]]:
    """Value id -> since when, and by which case; raises HomeError when the list cannot be read."""
    if not (home / TOMBSTONES_FILE).exists():
        return {}
    with private_base(home / TOMBSTONES_FILE, WHAT) as base:
        base.execute(_TABLE)
        rows = base.execute("SELECT value_id, since, case_id FROM tombstones").fetchall()
    return {value: (since, case_id) for value, since, case_id in rows}


def returned(findings: Path, home: Path) -> Iterator[tuple[dict[str, Any], str, str]]:
    """Findings of a report whose value was erased once: (row, since when, by which case)."""
    known = buried(home)
    values = pa.array(sorted(known), pa.int64())
    for table in iterate(findings) if known else ():
        rows = table.select(["root", "item", "location", "entity_type", "preview", "value_id"])
        for row in rows.filter(pc.is_in(rows["value_id"], value_set=values)).to_pylist():
            yield row, *known[row["value_id"]]
