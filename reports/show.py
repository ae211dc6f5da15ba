"""A report and a filter go in, the findings come out as lines of a table, JSON or CSV."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from reports.ids import format_id
from reports.parquet import iterate
from reports.safe import cell, printable

Row = dict[str, Any]
_CSV = (
    "finding_id", "entity_type", "score", "preview", "root", "item", "location", "record", "role", "detector", "reason",
    "is_test", "quoted",
)  # fmt: skip


def select(findings: Path, types: tuple[str, ...] = (), item: str = "", limit: int = 0) -> Iterator[Row]:
    """Findings of these types (empty = any) in items that match `item` (empty = any); `limit` 0 = all of them.

    `item` is a path, a folder or archive above it, or a pattern with `*` and `?`, with or without the place's label.
    """
    rows = _matching(findings, types, item.rstrip("/"))
    return islice(rows, limit) if limit else rows


def _matching(findings: Path, types: tuple[str, ...], item: str) -> Iterator[Row]:
    wanted = pa.array(types, pa.string())
    for table in iterate(findings):
        kept = table.filter(pc.is_in(table["entity_type"].cast(pa.string()), value_set=wanted)) if types else table
        for row in kept.to_pylist():
            if not item or under(row["item"], item) or under(f"{row['root']}/{row['item']}", item):
                yield {**row, "finding_id": format_id(row["finding_id"]), "value_id": format_id(row["value_id"])}


def under(path: str, wanted: str) -> bool:
    """Whether a path is the wanted one, below it, a member of it, or matches it as a pattern."""
    return path == wanted or path.startswith((f"{wanted}/", f"{wanted}!/")) or fnmatchcase(path, wanted)


def as_table(rows: Iterable[Row]) -> Iterator[str]:
    """One line a finding, in columns; published test values say so at the end."""
    heading = ("finding", "type", "score", "preview", "where")
    lines: list[tuple[str, ...]] = [heading]
    for row in rows:
        where = f"{row['item']}  {row['location']}{'  (test)' if row['is_test'] else ''}"
        lines.append((row["finding_id"], row["entity_type"], f"{row['score']:.2f}", row["preview"], where))
        if len(lines) == 1000:
            yield from _aligned(lines)
            lines = []
    yield from _aligned(lines)


def _aligned(lines: list[tuple[str, ...]]) -> Iterator[str]:
    shown = [[printable(text) for text in line] for line in lines]
    widths = [max((len(line[index]) for line in shown), default=0) for index in range(4)]
    for line in shown:
        yield "  ".join([*(text.ljust(width) for text, width in zip(line, widths, strict=False)), line[4]]).rstrip()


def as_json(rows: Iterable[Row]) -> Iterator[str]:
    """JSON lines with every column but the clear value; controls as their code, which JSON reads back."""
    for row in rows:
        shown = {name: value for name, value in row.items() if name != "value"}
        facts = dict(row["facts"] or [])
        yield printable(json.dumps({**shown, "facts": facts, "score": round(row["score"], 3)}, ensure_ascii=False))


def as_csv(rows: Iterable[Row]) -> Iterator[str]:
    """CSV with a heading, formula-safe."""
    yield _csv_line(_CSV)
    for row in rows:
        values = ({**row, "score": f"{row['score']:.3f}"}[name] for name in _CSV)
        yield _csv_line(cell(value) if isinstance(value, str) else value for value in values)


def _csv_line(values: Iterable[object]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(values)
    return text.getvalue()


FORMS: dict[str, Callable[[Iterable[Row]], Iterator[str]]] = {"table": as_table, "json": as_json, "csv": as_csv}
