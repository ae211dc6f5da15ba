"""Reports go in, records come out: for each person slot its match keys by kind, where it stands, and its findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from reports.parquet import ReportError, ReportPaths, read_metadata
from subjects.columns import coded
from subjects.keysets import Bools, Ints, KeySets
from subjects.slots import Mention, slots

# Two different numbers of these are two people; a passport or licence number changes with its renewal.
NATIONAL = ("UK_NINO", "UK_NHS", "UK_UTR")
_COLUMNS = (
    "finding_id", "item", "root", "location", "record", "role", "entity_type", "value_id", "facts", "is_test", "thread",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Records:
    """Arrays over `count` records, and over their findings; keys are compared for equality only.

    `keys` has one KeySets per kind, `national` one per type of number that nobody has two of. `shared` are keys that
    their finding itself says several people have (role mailboxes, published test cards, the organisation's own).
    `near` marks slots that nearness in running text made: weaker than a row or a form. `place` numbers the item.
    """

    count: int
    keys: Mapping[str, KeySets]
    national: Mapping[str, KeySets]
    shared: Ints
    near: Bools
    place: Ints
    role: tuple[str, ...]
    role_code: Ints
    finding_id: Ints
    finding_record: Ints
    finding_person: Bools

    def of_kind(self, kind: str) -> KeySets:
        """The keys of one kind; of a kind that nobody has, empty ones."""
        none = np.zeros(0, np.int64)
        return self.keys.get(kind) or KeySets.of(self.count, none, none)


def read_records(reports: Sequence[ReportPaths]) -> Records:
    """The records of one or several reports of one home.

    Raises:
        ReportError: the reports were made with different keys, so their people cannot be compared.
    """
    key_ids = {read_metadata(paths.findings).get("key_id") for paths in reports}
    if len(key_ids) > 1:
        raise ReportError("These reports were made with different homes (keys): their people cannot be compared.")
    findings = pa.concat_tables([pq.read_table(paths.findings, columns=list(_COLUMNS)) for paths in reports])
    keys = pa.concat_tables([pq.read_table(paths.keys) for paths in reports])
    return make_records(findings, keys)


def make_records(findings: pa.Table, keys: pa.Table) -> Records:
    """From the tables of reports/schema.py."""
    value_ids = findings["value_id"].to_numpy()
    types, type_code = coded(findings["entity_type"])
    place, record = _record_numbers(findings, keys)
    count = int(record.max()) + 1 if len(record) else 0
    values = _values_by_kind(keys)
    by_kind = {}
    national = {}
    said_shared = _says_shared(findings, types, type_code)
    shared = []
    for kind, (of, number) in values.items():
        rows, found = _join(value_ids, of, number)
        by_kind[kind] = KeySets.of(count, record[rows], found)
        shared.append(np.unique(found[said_shared[rows]]))
        if kind == "national_id":
            for name in set(NATIONAL).intersection(types):
                chosen = type_code[rows] == types.index(name)
                national[name] = KeySets.of(count, record[rows[chosen]], found[chosen])
    first = np.zeros(count, np.int64)
    first[record[::-1]] = np.arange(len(record))[::-1]
    roles, role_code = coded(findings["role"])
    unbound = findings["record"].is_null().to_numpy()
    return Records(
        count, by_kind, national, np.concatenate(shared or [np.zeros(0, np.int64)]), unbound[first],
        place[first], roles, role_code[first], findings["finding_id"].to_numpy(), record,
        type_code == (types.index("PERSON") if "PERSON" in types else -2),
    )  # fmt: skip


def _record_numbers(findings: pa.Table, keys: pa.Table) -> tuple[Ints, Ints]:
    """For each finding the number of its item and of its record; slots of running text get their own."""
    roots, root = coded(findings["root"])
    _, item = coded(findings["item"])
    _, place = np.unique(item * max(len(roots), 1) + root, return_inverse=True)
    names, record = coded(findings["record"])
    words = record.copy()
    loose = np.flatnonzero(record < 0)
    if len(loose):
        words[loose] = len(names) + _loose_slots(findings, keys, loose, place)
    width = int(words.max(initial=0)) + 1
    _, numbers = np.unique(place * width + words, return_inverse=True)
    return place.astype(np.int64), numbers.astype(np.int64)


def _loose_slots(findings: pa.Table, keys: pa.Table, loose: Ints, place: Ints) -> Ints:
    """A number for the slot of each finding that has no record, told item by item."""
    part = findings.take(pa.array(loose))
    full = pc.unique(keys.filter(pc.equal(keys["kind"].cast(pa.string()), "name_full"))["value_id"])
    columns = (
        part["location"].to_pylist(),
        part["value_id"].to_pylist(),
        pc.equal(part["entity_type"].cast(pa.string()), "PERSON").to_pylist(),
        pc.is_in(
            part["value_id"], value_set=full.combine_chunks() if isinstance(full, pa.ChunkedArray) else full
        ).to_pylist(),
    )
    mentions = [Mention(*fields) for fields in zip(*columns, strict=True)]
    order = np.argsort(place[loose], kind="stable")
    borders = np.flatnonzero(np.r_[True, np.diff(place[loose][order]) != 0, True])
    numbers: dict[str, int] = {}
    found = np.zeros(len(loose), np.int64)
    for low, high in pairwise(borders.tolist()):
        members = order[low:high]
        for index, slot in zip(members, slots([mentions[one] for one in members]), strict=True):
            found[index] = numbers.setdefault(slot, len(numbers))
    return found


def _says_shared(findings: pa.Table, types: tuple[str, ...], type_code: Ints) -> Bools:
    """Findings whose own facts say that the value is not one person's."""
    facts = findings["facts"].combine_chunks()
    chunks = facts.chunks if isinstance(facts, pa.ChunkedArray) else [facts]
    told = [pc.is_valid(pc.map_lookup(chunk, name, "first")) for chunk in chunks for name in ("own", "mailbox")]
    own, mailbox = (
        np.concatenate([one.to_numpy(zero_copy_only=False) for one in told[at::2]]) if told else np.zeros(0, bool)
        for at in (0, 1)
    )
    card = type_code == (types.index("CREDIT_CARD") if "CREDIT_CARD" in types else -2)
    said: Bools = own | mailbox | (card & findings["is_test"].to_numpy())
    return said


def _values_by_kind(keys: pa.Table) -> dict[str, tuple[Ints, Ints]]:
    """For each kind the values that have keys of it, sorted, and the keys; joined kind by kind to save memory."""
    kinds, code = coded(keys["kind"])
    values, numbers = keys["value_id"].to_numpy(), keys["key"].to_numpy()
    found = {}
    for index, kind in enumerate(kinds):
        rows = np.flatnonzero(code == index)
        rows = rows[np.argsort(values[rows], kind="stable")]
        found[kind] = (values[rows], numbers[rows])
    return found


def _join(value_ids: Ints, values: Ints, numbers: Ints) -> tuple[Ints, Ints]:
    """(row, key) for every key of every row's value."""
    low = np.searchsorted(values, value_ids, "left")
    sizes = np.searchsorted(values, value_ids, "right") - low
    rows = np.repeat(np.arange(len(value_ids)), sizes)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return rows, numbers[low[rows] + within]
