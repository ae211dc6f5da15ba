"""A report and the id of a linked person go in, the findings that linking gave that person come out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from reports.parquet import ReportError, ReportPaths
from subjects.finding.find import Answer, Hit, order_of
from subjects.finding.items import date_of, items_at, unread
from subjects.linking.link import links_of
from subjects.model import Relation, Tier

_COLUMNS = [
    "finding_id", "item", "root", "location", "record", "role", "entity_type", "category", "value_id", "preview",
    "quoted", "thread", "is_test",
]  # fmt: skip


def find_subject(paths: ReportPaths, typed: str) -> Answer:
    """Everything that linking tied to one person, the surest first.

    Raises:
        ReportError: the report has not been linked, or no one person's id begins so.
    """
    links = links_of(paths.findings, typed)
    found = list(_rows(paths.findings, links["finding_id"].combine_chunks()))
    if not found:
        raise ReportError(f"{paths.links} is of another scan. Link again: whosedata link {paths.findings}")
    by_finding = {row["finding_id"]: row for row in links.to_pylist()}
    items = items_at(paths.items, {(row["root"], row["item"]) for row in found})
    hits = []
    for row in found:
        told = by_finding[row["finding_id"]]
        item = items.get((row["root"], row["item"]), {})
        hits.append(
            Hit(
                row, Tier(told["tier"]), told["score"], tuple(told["reasons"].split("; ")), Relation(told["relation"]),
                0, row["category"] == "special_category", item.get("duplicate_of"), date_of(item),
            )
        )  # fmt: skip
    return Answer(sorted(hits, key=order_of), (), *unread(paths.items))


def _rows(file: Path, ids: pa.Array) -> Iterator[dict[str, Any]]:
    """The findings with these ids; of parts that hold none only the ids are read."""
    with pq.ParquetFile(file) as parquet:
        for group in range(parquet.num_row_groups):
            wanted = pc.is_in(parquet.read_row_group(group, columns=["finding_id"])["finding_id"], value_set=ids)
            if pc.any(wanted).as_py():
                yield from parquet.read_row_group(group, columns=_COLUMNS).filter(wanted).to_pylist()
