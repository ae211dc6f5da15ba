"""The parts of the slices of a file in, parts out as if it had been read in one go.

What a slice cannot know is settled here: how often a value or a member's name stood in the slices before it, and so
the ids of findings; and what became of the file as a whole.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scanner.batches import Batch, make_batches, make_slices
from scanner.item_progress import Progress
from scanner.journal import Journal
from scanner.keys import Keyring
from scanner.locators import MEMBER
from scanner.member_names import MemberNames
from scanner.messages import Outcome
from scanner.model import Item
from scanner.parts import PartWriter, iterate_parts
from scanner.repeats import Repeats
from scanner.slices import SliceTold, Survey


def whole_signature(signature: str) -> str:
    """Of the parts that are put together, when the first slice has this one."""
    return f"{signature}-whole"


def merged_signature(journal: Journal, batch: Batch) -> str:
    """Of the parts that go into the report for a batch."""
    is_sliced = batch.items[0][1].slice is not None and journal.survey(batch.signature) is not None
    return whole_signature(batch.signature) if is_sliced else batch.signature


def sliced_batches(journal: Journal, slice_size: int) -> Iterator[tuple[Batch, Survey]]:
    """The first slices of all files that are read in slices."""
    for batch in make_batches(journal.originals(), slice_size):
        survey = journal.survey(batch.signature) if batch.items[0][1].slice else None
        if survey:
            yield batch, survey


def told_by(outcome: Outcome) -> SliceTold:
    """What an outcome of a slice says of the file; that of a dead worker has a reason only."""
    losses = outcome.losses or (((outcome.reason, outcome.detail),) if outcome.reason else ())
    read_something = outcome.read_something or outcome.findings > 0
    return SliceTold(losses, read_something, outcome.findings, outcome.expected, outcome.emitted, outcome.cpu_seconds)


def join_slices(journal: Journal, keyring: Keyring, first: Batch, survey: Survey) -> None:
    """Write the parts of the whole, and note in the journal that they are there."""
    signature = whole_signature(first.signature)
    writer = PartWriter(journal.folder, signature, 0)
    joint = _Joint(keyring, first.items[0][1])
    with closing(joint):
        slices = [first.signature, *(batch.signature for batch in make_slices(first, survey))]
        for each in slices:
            for kind, table in joint.tables(journal, each):
                writer.table(kind, table)
        writer.table("items", joint.whole([journal.told(each) for each in slices], survey))
    writer.commit()
    journal.finish_batch(signature, 1)


@dataclass(slots=True)
class _Joint:
    """Goes through the slices in their order."""

    keyring: Keyring
    item: Item
    names: MemberNames = field(default_factory=MemberNames)
    earlier: Repeats = field(default_factory=Repeats)  # values of the file itself, in the slices before
    top: pa.Table | None = None  # the row of the file, as its first slice has it

    def tables(self, journal: Journal, signature: str) -> Iterator[tuple[str, pa.Table]]:
        """(kind, rows) of one slice."""
        count = journal.parts_of(signature)
        moved: dict[str, str] = {}
        for table in iterate_parts(journal.folder, signature, count, "items"):
            moved |= self._renamed(table)
            is_top = pc.equal(table["item"], self.item.path)
            self.top = table.filter(is_top) if self.top is None and pc.any(is_top).as_py() else self.top
            members = table.filter(pc.invert(is_top))
            for name in ("item", "parent") if moved else ():
                members = _with(members, name, pa.array(self._paths(members[name], moved), pa.string()))
            yield "items", members
        repeats: Counter[int] = Counter()
        for table in iterate_parts(journal.folder, signature, count, "findings"):
            yield "findings", self._recounted(table, moved, repeats)
        self.earlier.add(repeats)
        for table in iterate_parts(journal.folder, signature, count, "keys"):
            yield "keys", table

    def _renamed(self, items: pa.Table) -> dict[str, str]:
        """Steps of members that have another name in the whole file: a mail that comes again is `name~2`."""
        own = items.filter(pc.equal(items["parent"], self.item.path))
        start = len(self.item.path) + len(MEMBER)
        moved = {}
        for path in own["item"].to_pylist():
            step = path[start:]
            # Members of what is sliced are called by a hash of their bytes: no name has a "~" of its own.
            name = self.names.step(step.partition("~")[0])
            if name != step:
                moved[step] = name
        return moved

    def _paths(self, paths: pa.ChunkedArray, moved: dict[str, str]) -> list[str | None]:
        start = len(self.item.path) + len(MEMBER)
        found: list[str | None] = []
        for path in paths.to_pylist():
            if path is None or len(path) <= start:
                found.append(path)
                continue
            step, sign, rest = path[start:].partition(MEMBER)
            found.append(path[:start] + moved.get(step, step) + sign + rest)
        return found

    def _recounted(self, table: pa.Table, moved: dict[str, str], repeats: Counter[int]) -> pa.Table:
        """Findings with their paths, counts and ids in the whole file; `repeats` of this slice are noted."""
        items = table["item"].to_pylist()
        value_ids, nth = table["value_id"].to_pylist(), table["nth"].to_pylist()
        before = [
            self.earlier.times(value_id) if item == self.item.path else 0
            for item, value_id in zip(items, value_ids, strict=True)
        ]
        repeats.update(value_id for item, value_id in zip(items, value_ids, strict=True) if item == self.item.path)
        paths = self._paths(table["item"], moved) if moved else items
        if not any(before) and paths == items:
            return table
        ids, kinds = table["finding_id"].to_pylist(), table["entity_type"].to_pylist()
        for index, more in enumerate(before):
            path = paths[index]
            if more or path != items[index]:
                nth[index] += more
                ids[index] = self.keyring.finding_id(
                    self.item.root, path or "", kinds[index], value_ids[index], nth[index]
                )
        table = _with(table, "item", pa.array(paths, pa.string()))
        table = _with(table, "nth", pa.array(nth, pa.int32()))
        return _with(table, "finding_id", pa.array(ids, pa.int64()))

    def whole(self, told: list[SliceTold], survey: Survey) -> pa.Table:
        """The row of the file: its first slice's, with what all of them say."""
        if self.top is None:
            raise ValueError("the first slice has no row of its file")
        progress = Progress(
            self.item.path,
            losses=[loss for one in told for loss in one.losses],
            read_something=any(one.read_something for one in told),
        )
        verdict = progress.outcome(self.item.root)
        expected = [one.expected for one in told if one.expected is not None]
        emitted = [one.emitted for one in told if one.emitted is not None]
        values: dict[str, Any] = {
            "status": str(verdict.status),
            "reason": str(verdict.reason) if verdict.reason else None,
            "detail": verdict.detail or None,
            "findings": sum(one.findings for one in told),
            "expected": expected[-1] if expected else None,
            "emitted": emitted[-1] if emitted else None,
            "cpu_seconds": np.float32(sum(one.cpu_seconds for one in told)),
            "media_type": survey.media_type,
            "document_class": survey.document_class or None,
        }
        row = self.top
        for name, value in values.items():
            row = _with(row, name, pa.array([value], row.schema.field(name).type))
        return row

    def close(self) -> None:
        """Let go of what is kept outside the memory."""
        self.names.close()
        self.earlier.close()


def _with(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), name, values)
