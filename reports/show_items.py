"""The items of a report and a filter go in, lines of a table, JSON or CSV come out: what was not examined, and why."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from reports.parquet import iterate
from reports.safe import cell, printable
from reports.show import under
from reports.summary import MEANING

Row = dict[str, Any]
COLUMNS = ("status", "reason", "detail", "root", "item", "media_type", "size", "findings")
STATUSES = ("not_examined", "partial", "examined", "gone")


def select_items(items: Path, statuses: tuple[str, ...] = (), item: str = "", limit: int = 0) -> Iterator[Row]:
    """Items of these statuses (empty = all that were not, or only partly, examined) at or below the path `item`."""
    rows = _matching(items, statuses or STATUSES[:2], item.rstrip("/"))
    return islice(rows, limit) if limit else rows


def _matching(items: Path, statuses: tuple[str, ...], item: str) -> Iterator[Row]:
    wanted = pa.array(statuses, pa.string())
    for table in iterate(items):
        kept = table.filter(pc.is_in(table["status"].cast(pa.string()), value_set=wanted))
        for row in kept.select(COLUMNS).to_pylist():
            if not item or under(row["item"], item) or under(f"{row['root']}/{row['item']}", item):
                yield row


def as_table(rows: Iterable[Row]) -> Iterator[str]:
    """One line an item: status, reason, place, and what the reason means."""
    for row in rows:
        reason = row["reason"] or ""
        meaning = row["detail"] or MEANING.get(reason, "")
        said = f"  ({meaning})" if meaning else ""
        yield printable("  ".join(filter(None, (row["status"], reason, f"{row['root']}/{row['item']}{said}"))))


def as_json(rows: Iterable[Row]) -> Iterator[str]:
    """One object a line."""
    for row in rows:
        yield printable(json.dumps(row, ensure_ascii=False))


def as_csv(rows: Iterable[Row]) -> Iterator[str]:
    """CSV with a heading, formula-safe."""
    yield _csv_line(COLUMNS)
    for row in rows:
        yield _csv_line(cell(value) if isinstance(value := row[name], str) else value for name in COLUMNS)


def _csv_line(values: Iterable[object]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(values)
    return text.getvalue()


FORMS: dict[str, Callable[[Iterable[Row]], Iterator[str]]] = {"table": as_table, "json": as_json, "csv": as_csv}
