"""What the checks flagged goes in, the table of audit.parquet comes out: one row for each check and item."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from reports.audit.checks import Examined
from reports.audit.result import Check
from reports.parquet import PrivateFile, TableWriter
from reports.schema import Column, arrow_schema


def audit_columns() -> tuple[Column, ...]:
    """Columns of audit.parquet."""
    words = pa.dictionary(pa.int32(), pa.string())
    return (
        Column("check", words, "A1 to A15"),
        Column("title", words, "the check in plain words"),
        Column("severity", words, "of the whole check: high, medium or low"),
        Column("root", words, "label of the scanned folder"),
        Column("item", pa.string(), "path below the root"),
        Column("findings", pa.int64(), "findings of the item that the check is about"),
        Column("size", pa.int64(), "bytes of the item"),
        Column("date", pa.date32(), "of the content; where there is none, of the file"),
        Column("decide", pa.bool_(), "somebody has to decide first: the end of the relationship is not known"),
        Column("step", words, "what to do: delete, decide, move, protect, correct, assign or read"),
        Column("owner", words, "who answers for it by ropa.yaml"),
    )


def write_rows(file: PrivateFile, examined: Examined, answers: tuple[Check, ...], metadata: dict[str, str]) -> None:
    """Write the table; the caller commits the file."""
    writer = TableWriter(file.file, arrow_schema(audit_columns(), metadata))
    for table in _tables(examined, answers):
        writer.write(table)
    writer.close()


def _tables(examined: Examined, answers: tuple[Check, ...]) -> Iterator[pa.Table]:
    held = examined.held
    for check in answers:
        flagged = examined.flags[check.number]
        items = np.flatnonzero(flagged.items)
        if not len(items):
            continue
        counts = np.bincount(held.findings.item[flagged.findings], minlength=len(held.items))
        roots = pa.array(held.items.roots.names).take(pa.array(held.items.roots.codes[items]))
        names = held.items.paths.take(pa.array(items))
        lengths = np.array([len(name) + 1 for name in held.items.roots.names])[held.items.roots.codes[items]]
        size = len(items)
        yield pa.table({
            "check": [check.number] * size,
            "title": [check.title] * size,
            "severity": [str(check.severity)] * size,
            "root": roots,
            "item": _without_root(names, lengths),
            "findings": counts[items],
            "size": held.items.size[items],
            "date": pa.array(held.items.date[items], pa.date32()),
            "decide": flagged.decide[items],
            "step": np.where(flagged.decide[items] & (flagged.step == "delete"), "decide", str(flagged.step)),
            "owner": pa.array(examined.owners).take(pa.array(examined.row_of[items] % len(examined.owners))),
        })  # fmt: skip


def _without_root(names: pa.ChunkedArray, lengths: np.ndarray) -> pa.Array:
    return pa.array(
        [name[length:] for name, length in zip(names.to_pylist(), lengths.tolist(), strict=True)], pa.string()
    )
