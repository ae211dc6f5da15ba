"""A report and the id of a linked person go in, the findings that linking gave that person come out."""

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from reports.parquet import ReportError, ReportPaths
from subjects.find import Answer, Hit, order_of, read_rows
from subjects.items import date_of, items_at, unread
from subjects.link import links_of
from subjects.model import Relation, Tier


def find_subject(paths: ReportPaths, typed: str) -> Answer:
    """Everything that linking tied to one person, the surest first.

    Raises:
        ReportError: the report has not been linked, or no one person's id begins so.
    """
    links = links_of(paths.findings, typed)
    with pq.ParquetFile(paths.findings) as file:
        ids = file.read(columns=["finding_id"])["finding_id"]
    wanted = pc.is_in(ids, value_set=links["finding_id"].combine_chunks())
    rows = np.flatnonzero(wanted.to_numpy())
    if not len(rows):
        raise ReportError(f"{paths.links} is of another scan. Link again: whosedata link {paths.findings}")
    by_finding = {row["finding_id"]: row for row in links.to_pylist()}
    found = list(read_rows(paths.findings, rows))
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
