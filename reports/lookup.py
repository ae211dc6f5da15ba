"""A report and the first letters of an id go in, the one finding that they mean comes out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from reports.ids import format_id, id_range
from reports.parquet import ReportError, iterate
from reports.safe import printable

Row = dict[str, Any]
_SHOWN = 5  # of several findings that begin alike


def typed_range(typed: str, of: str = "finding", command: str = "show") -> tuple[int, int]:
    """The lowest and highest id that begin with what was typed, as the signed numbers that a report holds.

    `of` names what has such an id, `command` what prints it.

    Raises:
        ReportError: it is no id.
    """
    wanted = id_range(typed)
    if wanted is None:
        raise ReportError(
            f"“{printable(typed)}” is not the id of a {of}. An id has 16 letters from 0-9 and a-f, as "
            f"`whosedata {command}` prints them; the first four or more are enough."
        )
    low, high = (number - 2**64 if number >= 2**63 else number for number in wanted)
    return low, high


def look_up(findings: Path, typed: Sequence[str]) -> list[Row]:
    """The finding that each of these means, in their order.

    Raises:
        ReportError: one is no id, or no finding or several findings begin with it.
    """
    ranges = [typed_range(one) for one in typed]
    found: list[list[Row]] = [[] for _ in typed]
    for table in iterate(findings):
        for rows, (low, high) in zip(found, ranges, strict=True):
            ids = table["finding_id"]
            rows.extend(table.filter(pc.and_(pc.greater_equal(ids, low), pc.less_equal(ids, high))).to_pylist())
    for one, rows in zip(typed, found, strict=True):
        if not rows:
            raise ReportError(f"No finding in {findings} has the id {one}. List them with: whosedata show {findings}")
        if len(rows) > 1:
            ids = ", ".join(format_id(row["finding_id"]) for row in rows[:_SHOWN])
            raise ReportError(f"{len(rows)} findings begin with {one}: {ids}. Type more letters.")
    return [row for [row] in found]
