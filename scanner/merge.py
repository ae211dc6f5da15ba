"""The parts of all batches in, the three tables of the report out: copies get rows of their own, keys are sorted.

Findings that verdicts leave out go here and not in the workers: a copy of a file is made of the rows of its original,
and each of the two has verdicts of its own.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reports.parquet import KEY_GROUP, PrivateFile, ReportPaths, TableWriter, report_schemas
from scanner.batches import make_batches
from scanner.incremental import FromScratch, Incremental
from scanner.item_progress import met_outcome
from scanner.joining import merged_signature
from scanner.journal import Journal
from scanner.keys import Keyring
from scanner.model import Item
from scanner.parts import iterate_parts
from scanner.rows import item_table
from scanner.sorted_keys import SortedKeys
from scanner.verdicts import LEFT_OUT_WORDS

FROM_SCRATCH = FromScratch()
_TOGETHER = 20_000  # rows of copies: a template may stand in a hundred thousand folders

# For each row of copies the item that it was made for, and the one that it is to be for.
_Pairs: TypeAlias = Sequence[tuple[Item, Item]]


@dataclass(slots=True)
class _LeftOut:
    """What verdicts leave out of this report; no more of it than there are verdicts."""

    ids: pa.Array
    items: Counter[tuple[str, str]] = field(default_factory=Counter)
    values: set[int] = field(default_factory=set)
    kept_values: set[int] = field(default_factory=set)  # those of them that other findings have, too

    def note(self, table: pa.Table) -> None:
        """Count what will go."""
        gone = table.filter(pc.is_in(table["finding_id"], value_set=self.ids))
        self.items.update(zip(gone["root"].to_pylist(), gone["item"].to_pylist(), strict=True))
        self.values.update(gone["value_id"].to_pylist())

    def kept(self, table: pa.Table) -> pa.Table:
        """The findings that stay."""
        if not self.values:
            return table
        table = table.filter(pc.invert(pc.is_in(table["finding_id"], value_set=self.ids)))
        self.kept_values |= self.values.intersection(table["value_id"].to_pylist())
        return table

    def told(self, items: pa.Table) -> pa.Table:
        """Rows of items that count what stays, and say how many were left out: nothing goes in silence."""
        names = ("root", "item", "findings", "detail")
        rows = list(zip(*(items[name].to_pylist() for name in names), strict=True)) if self.items else []
        if not any((root, item) in self.items for root, item, _, _ in rows):
            return items
        gone = [self.items.get((root, item), 0) for root, item, _, _ in rows]
        said = [f"{number} {LEFT_OUT_WORDS}" if number else "" for number in gone]
        details = ["; ".join(filter(None, (row[3], words))) or None for row, words in zip(rows, said, strict=True)]
        counts = [row[2] - number for row, number in zip(rows, gone, strict=True)]
        return _set(items, findings=pa.array(counts, pa.int64()), detail=pa.array(details, pa.string()))


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows by kind, and the item of the walk that a number in their column `top` stands for."""

    tables: Callable[[str], Iterator[pa.Table]]
    item: Callable[[int], tuple[int, Item]]


def merge(
    journal: Journal,
    keyring: Keyring,
    paths: ReportPaths,
    metadata: dict[str, str],
    *,
    leave_out: Set[int] = frozenset(),
    since: Incremental = FROM_SCRATCH,
    slice_size: int = 0,
) -> None:
    """Write items, keys, and last the findings; all three appear under their names only when all are complete.

    `leave_out` are ids of findings that have a verdict against them, `since` has what is not scanned again; files of
    twice `slice_size` were read in slices.
    """
    copied = journal.with_copies()
    left = _LeftOut(pa.array(sorted(leave_out), pa.int64()))
    for group in _groups(journal, since, slice_size) if leave_out else ():
        for table in _findings(journal, group, copied, keyring):
            left.note(table)
    schemas = report_schemas({**metadata, "left_out": str(left.items.total())})
    with ExitStack() as stack:
        files = [stack.enter_context(PrivateFile(path)) for path in (paths.items, paths.keys, paths.findings)]
        items, keys, findings = (
            TableWriter(file.file, schemas[kind], part)
            for file, kind, part in zip(files, ("items", "keys", "findings"), (0, KEY_GROUP, 0), strict=True)
        )
        first_with = _first_with(journal, since, slice_size) if since.carries else {}
        distinct = stack.enter_context(SortedKeys(journal.folder))
        for group in _groups(journal, since, slice_size):
            for table in _with_copies(journal, group, copied, "items", _copy_item_rows):
                items.write(_mark_duplicates(left.told(table), first_with))
                since.seen(table)
            for table in _findings(journal, group, copied, keyring):
                findings.write(left.kept(table))
            for table in group.tables("keys"):
                distinct.add(table)
        items.write(item_table((number, met_outcome(met)) for number, met in journal.met()))
        for table in since.gone():
            items.write(table)
        for table in distinct.sorted(without=left.values - left.kept_values):
            keys.write(table)
        for writer, file in zip((items, keys, findings), files, strict=True):
            writer.close()
            file.commit()


def _groups(journal: Journal, since: Incremental, slice_size: int) -> Iterator[_Group]:
    for batch in make_batches(journal.originals(), slice_size):
        signature = merged_signature(journal, batch)
        parts = partial(iterate_parts, journal.folder, signature, journal.parts_of(signature))
        yield _Group(parts, batch.items.__getitem__)
    if since.carries:
        yield _Group(since.tables, lambda number: (number, journal.item(number)))


def _findings(journal: Journal, group: _Group, copied: set[int], keyring: Keyring) -> Iterator[pa.Table]:
    return _with_copies(journal, group, copied, "findings", partial(_copy_findings, keyring))


def _with_copies(
    journal: Journal, group: _Group, copied: set[int], kind: str, copy_rows: Callable[[pa.Table, _Pairs], pa.Table]
) -> Iterator[pa.Table]:
    """The rows of a group, each table followed by those of the copies of its items."""
    for table in group.tables(kind):
        yield table
        for rows, pairs in _again(journal, group, copied, table) if copied else ():
            yield copy_rows(rows, pairs)


def _again(
    journal: Journal, group: _Group, copied: set[int], table: pa.Table
) -> Iterator[tuple[pa.Table, list[tuple[Item, Item]]]]:
    """The rows of a table once more for each copy of their item; many at once, for small tables cost most."""
    tops = table["top"].to_numpy()
    rows: list[np.ndarray[tuple[int], np.dtype[np.intp]]] = []
    pairs: list[tuple[Item, Item]] = []
    for top in pc.unique(table["top"]).to_pylist():
        number, original = group.item(top)
        if number not in copied:
            continue
        own = np.flatnonzero(tops == top)
        for copy in journal.copies_of(number):
            rows.append(own)
            pairs += [(original, copy)] * len(own)
            if len(pairs) >= _TOGETHER:
                yield table.take(np.concatenate(rows)), pairs
                rows, pairs = [], []
    if pairs:
        yield table.take(np.concatenate(rows)), pairs


def _first_with(journal: Journal, since: Incremental, slice_size: int) -> dict[str, tuple[str, str]]:
    """Content hash -> the first item with it in walk order, when rows that are carried over come out of their turn."""
    first: dict[str, tuple[int, tuple[str, str]]] = {}
    for group in _groups(journal, since, slice_size):
        for table in group.tables("items"):
            names = ("top", "root", "item", "content_hash", "size")
            for top, root, item, digest, size in zip(*(table[name].to_pylist() for name in names), strict=True):
                if digest and size:
                    number = group.item(top)[0]
                    if digest not in first or number < first[digest][0]:
                        first[digest] = number, (root, item)
    return {digest: place for digest, (_, place) in first.items()}


def _moved(paths: pa.ChunkedArray, pairs: _Pairs) -> pa.Array:
    """Paths below the originals as they stand below their copies."""
    found = zip(paths.to_pylist(), pairs, strict=True)
    return pa.array(
        [None if path is None else copy.path + path[len(original.path) :] for path, (original, copy) in found],
        pa.string(),
    )


def _set(table: pa.Table, **columns: pa.Array) -> pa.Table:
    for name, values in columns.items():
        table = table.set_column(table.schema.get_field_index(name), name, values)
    return table


def _copy_item_rows(rows: pa.Table, pairs: _Pairs) -> pa.Table:
    top = pc.equal(rows["item"], pa.array([original.path for original, _ in pairs], pa.string()))
    copies = [copy for _, copy in pairs]
    when = pa.array([copy.modified_ns // 1000 for copy in copies], pa.timestamp("us", tz="UTC"))
    words = {
        name: pc.if_else(top, pa.array([getattr(copy, name) or None for copy in copies], pa.string()), rows[name])
        for name in ("owner", "readable_by")
    }
    return _set(
        rows,
        duplicate_of=rows["item"],
        modified=pc.if_else(top, when, rows["modified"]),
        **words,
        cpu_seconds=pa.array([0.0] * len(copies), pa.float32()),
        root=pa.array([copy.root for copy in copies], pa.string()),
        parent=_moved(rows["parent"], pairs),
        item=_moved(rows["item"], pairs),
    )


def _copy_findings(keyring: Keyring, rows: pa.Table, pairs: _Pairs) -> pa.Table:
    items = _moved(rows["item"], pairs)
    roots = [copy.root for _, copy in pairs]
    fields = zip(
        roots, items.to_pylist(), *(rows[name].to_pylist() for name in ("entity_type", "value_id", "nth")), strict=True
    )
    ids = [keyring.finding_id(root, item, kind, value_id, nth) for root, item, kind, value_id, nth in fields]
    return _set(rows, item=items, root=pa.array(roots, pa.string()), finding_id=pa.array(ids, pa.int64()))


def _mark_duplicates(table: pa.Table, first_with: dict[str, tuple[str, str]]) -> pa.Table:
    """Equal content in other places, also in containers: the first in the order of the report is the original."""
    names = ("root", "item", "content_hash", "size", "duplicate_of")
    marks = []
    for root, item, digest, size, known in zip(*(table[name].to_pylist() for name in names), strict=True):
        here = (root, item)  # two roots may hold equal paths
        first = first_with.setdefault(digest, here) if digest and size else here
        marks.append(known or (first[1] if first != here else None))
    return _set(table, duplicate_of=pa.array(marks, pa.string()))
