"""Messages of a batch in, its immutable part files out: written beside the journal, valid once named.

They are Arrow's files and not Parquet's: to write a small one takes a tenth of the time and to read it a quarter, and
there are three for each dozen files of a share.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from scanner.locators import MEMBER
from scanner.messages import Mark, Outcome, Resume, Rows
from scanner.rows import item_table, part_schema

KINDS = ("items", "findings", "keys")
FLUSH_ITEMS = 5_000
FLUSH_ROWS = 20_000


def part_path(folder: Path, signature: str, number: int, kind: str) -> Path:
    """Where a part of a batch lies: number 0, and more of them when a big item set marks."""
    return folder / f"{signature}.{number}.{kind}.arrow"


def has_parts(folder: Path, signature: str, count: int) -> bool:
    """Whether all parts of a batch are there; a power cut or a person may have taken them."""
    return all(part_path(folder, signature, number, kind).exists() for number in range(count) for kind in KINDS)


def iterate_parts(folder: Path, signature: str, count: int, kind: str) -> Iterator[pa.Table]:
    """The rows of one kind, in their order."""
    alone = pa.ipc.IpcReadOptions(use_threads=False)  # the processors are busy with workers
    for number in range(count):
        with (
            part_path(folder, signature, number, kind).open("rb") as file,
            pa.ipc.open_file(file, options=alone) as part,
        ):
            for index in range(part.num_record_batches):
                yield pa.Table.from_batches([part.get_batch(index)])


def resume_from(folder: Path, signature: str, count: int, root: str, mark: Mark) -> Resume:
    """A mark with what the parts before it tell of the item in which it stands."""
    start = len(mark.path) + len(MEMBER)
    names: list[str] = []
    for table in iterate_parts(folder, signature, count, "items"):
        members = table.filter(pc.and_(pc.equal(table["root"], root), pc.equal(table["parent"], mark.path)))
        names.extend(path[start:] for path in members["item"].to_pylist())
    repeats: Counter[tuple[str, int]] = Counter()
    for table in iterate_parts(folder, signature, count, "findings"):
        own = table.filter(pc.and_(pc.equal(table["root"], root), pc.equal(table["item"], mark.path)))
        repeats.update(zip(own["entity_type"].to_pylist(), own["value_id"].to_pylist(), strict=True))
    return Resume(mark, tuple(names), tuple((*value, times) for value, times in sorted(repeats.items())))


class PartWriter:
    """Writes the three tables of one part as they come; nothing counts until commit()."""

    def __init__(self, folder: Path, signature: str, number: int) -> None:
        self._folder = folder
        self._signature = signature
        self.number = number
        self._outcomes: list[tuple[int, Outcome]] = []
        self._waiting: list[Rows] = []
        self._waiting_rows = 0
        packed = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
        self._files = {}
        self._writers = {}
        for kind in KINDS:
            path = self._draft(kind)
            path.unlink(missing_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            self._files[kind] = os.fdopen(handle, "wb")
            self._writers[kind] = pa.ipc.new_file(self._files[kind], part_schema(kind), options=packed)

    def _draft(self, kind: str) -> Path:
        return part_path(self._folder, self._signature, self.number, kind).with_suffix(".draft")

    def outcome(self, position: int, outcome: Outcome) -> None:
        """One more row of items."""
        self._outcomes.append((position, outcome))
        if len(self._outcomes) >= FLUSH_ITEMS:
            self._flush()

    def rows(self, position: int, rows: Rows) -> None:
        """More findings and keys of the item at this position of the batch."""
        findings = rows.findings
        place = pa.repeat(pa.scalar(position, pa.int64()), findings.num_rows)
        findings = findings.set_column(findings.schema.get_field_index("top"), "top", place)
        self._waiting.append(Rows(findings, rows.keys))
        self._waiting_rows += rows.findings.num_rows
        if self._waiting_rows >= FLUSH_ROWS:
            self._flush()

    def table(self, kind: str, table: pa.Table) -> None:
        """Rows of one kind as other parts have them."""
        if table.num_rows:
            self._writers[kind].write_table(table)

    def _flush(self) -> None:
        """One batch of rows for many small files: one for each would cost more than its scan."""
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
            self._draft(kind).replace(part_path(self._folder, self._signature, self.number, kind))

    def abandon(self) -> None:
        """Close the drafts without giving them their names; the next scan writes over them."""
        for file in self._files.values():
            file.close()
