"""The parts of all batches in, the three tables of the report out: copies get rows of their own, keys are sorted."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack

import pyarrow as pa
import pyarrow.compute as pc

from reports.parquet import PrivateFile, ReportPaths, TableWriter, iterate, report_schemas
from scanner.batches import Batch
from scanner.journal import Journal
from scanner.keys import Keyring
from scanner.model import Item
from scanner.parts import part_path
from scanner.pipeline import met_outcome
from scanner.rows import item_table

KEY_ROWS_IN_MEMORY = 4_000_000


def merge(
    journal: Journal, batches: Iterable[Batch], keyring: Keyring, paths: ReportPaths, metadata: dict[str, str]
) -> None:
    """Write items, keys, and last the findings; all three appear under their names only when all are complete."""
    schemas = report_schemas(metadata)
    with ExitStack() as stack:
        files = [stack.enter_context(PrivateFile(path)) for path in (paths.items, paths.keys, paths.findings)]
        items, keys, findings = (
            TableWriter(file.file, schemas[kind])
            for file, kind in zip(files, ("items", "keys", "findings"), strict=True)
        )
        first_with: dict[str, tuple[str, str]] = {}
        copied = journal.with_copies()
        distinct = _DistinctKeys()
        for batch in batches:
            for table in _with_copies(journal, batch, copied, "items", _copy_item_rows):
                items.write(_mark_duplicates(table, first_with))
            for table in _with_copies(
                journal, batch, copied, "findings", lambda *given: _copy_findings(keyring, *given)
            ):
                findings.write(table)
            for table in iterate(part_path(journal.folder, batch.signature, "keys")):
                distinct.add(table)
        items.write(item_table((number, met_outcome(met)) for number, met in journal.met()))
        keys.write(distinct.sorted())
        for writer, file in zip((items, keys, findings), files, strict=True):
            writer.close()
            file.commit()


def _with_copies(
    journal: Journal, batch: Batch, copied: set[int], kind: str, copy_rows: Callable[[pa.Table, Item, Item], pa.Table]
) -> Iterator[pa.Table]:
    """The rows of a batch, then those of each copy of one of its items."""
    path = part_path(journal.folder, batch.signature, kind)
    yield from iterate(path)
    for number, original in batch.items:
        copies = journal.copies_of(number) if number in copied else []
        # The part is read once for all copies: a template may stand in a hundred thousand folders.
        for table in iterate(path) if copies else ():
            rows = table.filter(pc.equal(table["top"], number))
            for copy in copies if rows.num_rows else ():
                yield copy_rows(rows, original, copy)


def _moved(paths: pa.ChunkedArray, original: Item, copy: Item) -> pa.Array:
    """Paths below the original as they stand below its copy."""
    cut = len(original.path)
    return pa.array([None if path is None else copy.path + path[cut:] for path in paths.to_pylist()], pa.string())


def _set(table: pa.Table, **columns: pa.Array) -> pa.Table:
    for name, values in columns.items():
        table = table.set_column(table.schema.get_field_index(name), name, values)
    return table


def _copy_item_rows(rows: pa.Table, original: Item, copy: Item) -> pa.Table:
    top = pc.equal(rows["item"], original.path)
    count = rows.num_rows
    when = pa.scalar(copy.modified_ns // 1000, pa.timestamp("us", tz="UTC"))
    return _set(
        rows,
        duplicate_of=rows["item"],
        modified=pc.if_else(top, when, rows["modified"]),
        owner=pc.if_else(top, copy.owner or None, rows["owner"]),
        cpu_seconds=pa.array([0.0] * count, pa.float32()),
        root=pa.array([copy.root] * count, pa.string()),
        parent=_moved(rows["parent"], original, copy),
        item=_moved(rows["item"], original, copy),
    )


def _copy_findings(keyring: Keyring, rows: pa.Table, original: Item, copy: Item) -> pa.Table:
    items = _moved(rows["item"], original, copy)
    fields = zip(
        items.to_pylist(), *(rows[name].to_pylist() for name in ("entity_type", "value_id", "nth")), strict=True
    )
    ids = [keyring.finding_id(copy.root, item, kind, value_id, nth) for item, kind, value_id, nth in fields]
    root = pa.array([copy.root] * rows.num_rows, pa.string())
    return _set(rows, item=items, root=root, finding_id=pa.array(ids, pa.int64()))


def _mark_duplicates(table: pa.Table, first_with: dict[str, tuple[str, str]]) -> pa.Table:
    """Equal content in other places, also in containers: the first in the order of the report is the original."""
    names = ("root", "item", "content_hash", "size", "duplicate_of")
    marks = []
    for root, item, digest, size, known in zip(*(table[name].to_pylist() for name in names), strict=True):
        here = (root, item)  # two roots may hold equal paths
        first = first_with.setdefault(digest, here) if digest and size else here
        marks.append(known or (first[1] if first != here else None))
    return _set(table, duplicate_of=pa.array(marks, pa.string()))


class _DistinctKeys:
    """Collects key rows and keeps each (key, kind, value id) once."""

    def __init__(self) -> None:
        self._tables: list[pa.Table] = []
        self._rows = 0

    def add(self, table: pa.Table) -> None:
        self._tables.append(table)
        self._rows += table.num_rows
        if self._rows > KEY_ROWS_IN_MEMORY:
            self._tables = [self._distinct()]
            self._rows = min(self._tables[0].num_rows, KEY_ROWS_IN_MEMORY // 2)

    def _distinct(self) -> pa.Table:
        whole = pa.concat_tables(self._tables)
        return whole.group_by(whole.column_names).aggregate([])

    def sorted(self) -> pa.Table:
        if not self._tables:
            return pa.table({})
        return self._distinct().sort_by([("key", "ascending"), ("kind", "ascending"), ("value_id", "ascending")])
