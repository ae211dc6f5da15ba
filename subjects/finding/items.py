"""The items of a report and places go in, what is known of these items comes out; and what was not examined."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from reports.parquet import iterate
from reports.summary import GONE, HARMLESS

Row = Mapping[str, Any]
ITEM_FACTS = ["root", "item", "duplicate_of", "content_date", "modified", "content_hash"]
_UNREAD = ["root", "item", "status", "reason", "detail"]


def items_at(items: Path, places: Collection[tuple[str, str]]) -> dict[tuple[str, str], Row]:
    """(root, path) -> copy, dates and hash of each of these items."""
    wanted = pa.array(sorted({item for _, item in places}), pa.string())
    found: dict[tuple[str, str], Row] = {}
    for table in iterate(items, ITEM_FACTS) if places else ():
        for row in table.filter(pc.is_in(table["item"], value_set=wanted)).to_pylist():
            if (row["root"], row["item"]) in places:
                found[row["root"], row["item"]] = row
    return found


def unread(items: Path) -> tuple[list[Row], int]:
    """What was not, or only partly, examined; and how many items the user's own rules left out."""
    harmless = pa.array(sorted(HARMLESS), pa.string())
    done = pa.array(["examined", GONE], pa.string())  # what is gone was examined when it was there
    found: list[Row] = []
    left_out = 0
    for table in iterate(items, _UNREAD):
        rest = table.filter(pc.invert(pc.is_in(table["status"].cast(pa.string()), value_set=done)))
        by_rule = pc.is_in(rest["reason"].cast(pa.string()), value_set=harmless)
        found += rest.filter(pc.invert(by_rule)).to_pylist()
        left_out += pc.sum(by_rule).as_py() or 0
    return found, left_out


def date_of(item: Row) -> date | None:
    """The date of an item: what its content says, else its last change."""
    when: datetime | None = item.get("content_date") or item.get("modified")
    return when.date() if when else None


def dates_of(files: Sequence[Path], places: Sequence[tuple[str, str]]) -> NDArray[np.int64]:
    """For each place (root, path) its latest date in microseconds since 1970; the lowest number where none is known."""
    numbers = {place: number for number, place in enumerate(places)}
    found = np.full(len(places), np.iinfo(np.int64).min)
    for file in files:
        for table in iterate(file, ["root", "item", "content_date", "modified"]):
            when = pc.coalesce(table["content_date"], table["modified"]).cast(pa.int64())
            columns = (table["root"].to_pylist(), table["item"].to_pylist(), when.to_pylist())
            for root, item, moment in zip(*columns, strict=True):
                number = numbers.get((root, item))
                if number is not None and moment is not None:
                    found[number] = max(found[number], moment)
    return found
