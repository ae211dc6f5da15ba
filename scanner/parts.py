"""Messages of a batch in, its immutable part files out: written beside the journal, valid once named."""

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from reports.schema import finding_columns, item_columns, key_columns
from scanner.messages import Outcome, Rows
from scanner.rows import WORKING, item_table, plain_schema

KINDS = ("items", "findings", "keys")
FLUSH_ITEMS = 5_000
FLUSH_ROWS = 20_000


def part_path(folder: Path, signature: str, kind: str) -> Path:
    """Where the part of a batch lies."""
    return folder / f"{signature}.{kind}.parquet"


def has_parts(folder: Path, signature: str) -> bool:
    """Whether all parts of a batch are there; a power cut or a person may have taken them."""
    return all(part_path(folder, signature, kind).exists() for kind in KINDS)


def part_schema(kind: str) -> pa.Schema:
    """Columns of one kind of part."""
    if kind == "items":
        return plain_schema(item_columns(), WORKING[0])
    if kind == "findings":
        return plain_schema(finding_columns(), *WORKING)
    return plain_schema(key_columns())


class PartWriter:
    """Writes the three tables of one batch as they come; nothing counts until commit()."""

    def __init__(self, folder: Path, signature: str) -> None:
        self._folder = folder
        self._signature = signature
        self._outcomes: list[tuple[int, Outcome]] = []
        self._waiting: list[Rows] = []
        self._waiting_rows = 0
        self._files = {}
        self._writers = {}
        for kind in KINDS:
            path = self._draft(kind)
            path.unlink(missing_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            self._files[kind] = os.fdopen(handle, "wb")
            self._writers[kind] = pq.ParquetWriter(self._files[kind], part_schema(kind), compression="zstd")

    def _draft(self, kind: str) -> Path:
        return part_path(self._folder, self._signature, kind).with_suffix(".draft")

    def outcome(self, top: int, outcome: Outcome) -> None:
        """One more row of items."""
        self._outcomes.append((top, outcome))
        if len(self._outcomes) >= FLUSH_ITEMS:
            self._flush()

    def rows(self, rows: Rows) -> None:
        """More findings and keys."""
        self._waiting.append(rows)
        self._waiting_rows += rows.findings.num_rows
        if self._waiting_rows >= FLUSH_ROWS:
            self._flush()

    def _flush(self) -> None:
        """One row group for many small files: a row group for each would cost more than its scan."""
        self._writers["items"].write_table(item_table(self._outcomes))
        if self._waiting:
            for kind, tables in (
                ("findings", [rows.findings for rows in self._waiting]),
                ("keys", [rows.keys for rows in self._waiting]),
            ):
                self._writers[kind].write_table(pa.concat_tables(tables).combine_chunks())
        self._outcomes, self._waiting, self._waiting_rows = [], [], 0

    def commit(self) -> None:
        """Make the parts durable under their names."""
        self._flush()
        for kind in KINDS:
            self._writers[kind].close()
            self._files[kind].flush()
            os.fsync(self._files[kind].fileno())
            self._files[kind].close()
            self._draft(kind).replace(part_path(self._folder, self._signature, kind))

    def abandon(self) -> None:
        """Close the drafts without giving them their names; the next scan writes over them."""
        for kind in KINDS:
            self._writers[kind].close()
            self._files[kind].close()
