"""The findings of reports go in, arrays of numbers come out: value, place, person slot, role and type of each finding.

Read piece by piece: words are numbered as they come, so that ten million findings need little memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Generic, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from reports.parquet import ReportPaths, iterate
from subjects.linking.columns import coded
from subjects.linking.keysets import Bools, Ints, among
from subjects.linking.slots import Mention, slots

_COLUMNS = [
    "finding_id", "item", "root", "location", "record", "role", "entity_type", "value_id", "facts", "is_test",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FindingArrays:
    """One entry per finding, in the order of the reports. `place` numbers items (`places` has their root and path).

    `record` numbers person slots. `shared`: the finding itself says that its value is not one person's. `near`: its
    slot is told by nearness in running text. `role` and `entity_type` are numbers of words; -1 = no role.
    """

    finding_id: Ints
    value_id: Ints
    place: Ints
    record: Ints
    role: Ints
    entity_type: Ints
    shared: Bools
    near: Bools
    places: Sequence[tuple[str, str]]
    roles: tuple[str, ...]
    types: tuple[str, ...]


Word = TypeVar("Word")


@dataclass(slots=True)
class _Words(Generic[Word]):
    """Words, each with the number of its first coming."""

    numbers: dict[Word, int] = field(default_factory=dict)

    def coded(self, words: Sequence[Word], codes: Ints) -> Ints:
        """Codes of one piece as numbers of all pieces; -1 stays."""
        known = np.array([self.numbers.setdefault(word, len(self.numbers)) for word in words] or [-1], np.int64)
        return np.where(codes >= 0, known[codes], -1)


def read_findings(reports: Sequence[ReportPaths], full_names: Ints) -> FindingArrays:
    """The findings of all reports; `full_names` are the values that are a forename and a surname."""
    places: _Words[tuple[str, str]] = _Words()
    roles, types, slot_words = (_Words[str]() for _ in range(3))
    pieces: list[tuple[NDArray[Any], ...]] = []
    loose: list[pa.Table] = []
    for paths in reports:
        for table in iterate(paths.findings, _COLUMNS):
            place = _place_numbers(table, places)
            kind = types.coded(*coded(table["entity_type"]))
            slot = slot_words.coded(*coded(table["record"]))
            pieces.append(
                (
                    table["finding_id"].to_numpy(), table["value_id"].to_numpy(), place.astype(np.int32),
                    slot.astype(np.int32), roles.coded(*coded(table["role"])).astype(np.int16), kind.astype(np.int16),
                    _says_shared(table), slot < 0,
                )
            )  # fmt: skip
            if (slot < 0).any():
                part = table.select(["location", "value_id", "entity_type"]).filter(pa.array(slot < 0))
                loose.append(part.set_column(2, "entity_type", part["entity_type"].cast(pa.string())))
    if not pieces:
        none = np.zeros(0, np.int64)
        return FindingArrays(none, none, none, none, none, none, none > 0, none > 0, (), (), ())
    finding, value, place, slot, role, kind, shared, near = (np.concatenate(one) for one in zip(*pieces, strict=True))
    del pieces
    slot = slot.astype(np.int64)
    if loose:
        slot[near] = len(slot_words.numbers) + _loose_slots(pa.concat_tables(loose), place[near], full_names)
    _, record = np.unique(place * (np.int64(slot.max()) + 1) + slot, return_inverse=True)
    return FindingArrays(
        finding, value, place, record.astype(np.int64), role, kind, shared, near,
        list(places.numbers), tuple(roles.numbers), tuple(types.numbers),
    )  # fmt: skip


def _place_numbers(table: pa.Table, places: _Words[tuple[str, str]]) -> Ints:
    roots, root = coded(table["root"])
    items, item = coded(table["item"])
    width = max(len(roots), 1)
    pairs, index = np.unique(item * width + root, return_inverse=True)
    words = [(roots[pair % width], items[pair // width]) for pair in pairs.tolist()]
    return places.coded(words, index)


def _says_shared(table: pa.Table) -> Bools:
    """Role mailboxes, the organisation's own, published test cards."""
    facts = table["facts"].combine_chunks()
    chunks = facts.chunks if isinstance(facts, pa.ChunkedArray) else [facts]
    told = np.zeros(len(table), dtype=bool)
    for name in ("own", "mailbox"):
        valid = [pc.is_valid(pc.map_lookup(chunk, name, "first")).to_numpy(zero_copy_only=False) for chunk in chunks]
        told |= np.concatenate(valid)
    card = pc.equal(table["entity_type"].cast(pa.string()), "CREDIT_CARD").to_numpy(zero_copy_only=False)
    said: Bools = told | (card & table["is_test"].to_numpy())
    return said


def _loose_slots(part: pa.Table, place: Ints, full_names: Ints) -> Ints:
    """A number for the slot of each finding that has no record, told item by item."""
    order = np.argsort(place, kind="stable")
    borders = np.flatnonzero(np.r_[True, np.diff(place[order]) != 0, True])
    part = part.take(pa.array(order))
    full = among(full_names, part["value_id"].to_numpy())
    numbers: dict[str, int] = {}
    found = np.zeros(len(place), np.int64)
    for low, high in pairwise(borders.tolist()):
        piece = part.slice(low, high - low)
        columns = [piece[name].to_pylist() for name in ("location", "value_id", "entity_type")]
        mentions = [
            Mention(where, value, kind == "PERSON", whole)
            for where, value, kind, whole in zip(*columns, full[low:high].tolist(), strict=True)
        ]
        for row, slot in zip(order[low:high], slots(mentions), strict=True):
            found[row] = numbers.setdefault(slot, len(numbers))
    return found
