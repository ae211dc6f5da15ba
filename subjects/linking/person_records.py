"""Reports go in, records come out: for each person slot its match keys by kind, where it stands, and its findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reports.parquet import ReportError, ReportPaths, iterate, read_metadata
from scanner.keys import KINDS
from subjects.linking.columns import coded
from subjects.linking.finding_arrays import FindingArrays, read_findings
from subjects.linking.keysets import Bools, Ints, KeySets, spread

# Two different numbers of these are two people; a passport or licence number changes with its renewal.
NATIONAL = ("UK_NINO", "UK_NHS", "UK_UTR")


@dataclass(frozen=True, slots=True)
class Records:
    """Arrays over `count` records, and over their findings; keys are compared for equality only.

    `keys` has one KeySets per kind, `national` one per type of number that nobody has two of. `shared` are keys that
    their finding itself says several people have (role mailboxes, published test cards, the organisation's own).
    `near` marks slots that nearness in running text made: weaker than a row or a form. `place` numbers the item, and
    `places` has its root and path.
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
    places: Sequence[tuple[str, str]] = ()

    def of_kind(self, kind: str) -> KeySets:
        """The keys of one kind; of a kind that nobody has, empty ones."""
        none = np.zeros(0, np.int64)
        return self.keys.get(kind) or KeySets.of(self.count, none, none)

    def first_rows(self) -> Ints:
        """For each record the number of its first finding."""
        first = np.zeros(self.count, np.int64)
        first[self.finding_record[::-1]] = np.arange(len(self.finding_record))[::-1]
        return first


def read_records(reports: Sequence[ReportPaths]) -> Records:
    """The records of one or several reports of one home.

    Raises:
        ReportError: the reports were made with different keys, so their people cannot be compared.
    """
    key_ids = {read_metadata(paths.findings).get("key_id") for paths in reports}
    if len(key_ids) > 1:
        raise ReportError("These reports were made with different homes (keys): their people cannot be compared.")
    kind, key, value = _read_keys(reports)
    findings = read_findings(reports, value[kind == KINDS.index("name_full")])
    return _records(findings, kind, key, value)


def _read_keys(reports: Sequence[ReportPaths]) -> tuple[Ints, Ints, Ints]:
    """(number of the kind, key, value id) of all reports, sorted by kind and value."""
    pieces: list[tuple[NDArray[Any], ...]] = []
    for paths in reports:
        for table in iterate(paths.keys):
            words, code = coded(table["kind"])
            numbers = np.array([KINDS.index(word) for word in words] or [0], np.int8)
            pieces.append((numbers[code], table["key"].to_numpy(), table["value_id"].to_numpy()))
    if not pieces:
        none = np.zeros(0, np.int64)
        return none, none, none
    kind, key, value = (np.concatenate(one) for one in zip(*pieces, strict=True))
    # The files come sorted by key, and the sort is stable: the keys of a value stay sorted.
    order = np.lexsort((value, kind))
    return kind[order], key[order], value[order]


def _records(findings: FindingArrays, kind: Ints, key: Ints, value: Ints) -> Records:
    count = int(findings.record.max(initial=-1)) + 1
    order = np.argsort(findings.record, kind="stable")
    owner = findings.record[order]
    distinct, number_of = np.unique(findings.value_id[order], return_inverse=True)
    by_kind, national, shared = {}, {}, []
    for number in np.unique(kind).tolist():
        low, high = np.searchsorted(kind, (number, number + 1))
        rows, places = _join(distinct, number_of, value[low:high])
        keys = key[low:high][places]
        by_kind[KINDS[number]] = KeySets.of(count, owner[rows], keys)
        shared.append(np.unique(keys[findings.shared[order[rows]]]))
        if KINDS[number] == "national_id":
            for name in set(NATIONAL).intersection(findings.types):
                of_type = findings.entity_type[order[rows]] == findings.types.index(name)
                national[name] = KeySets.of(count, owner[rows[of_type]], keys[of_type])
    records = Records(
        count, by_kind, national, np.concatenate(shared or [np.zeros(0, np.int64)]), np.zeros(0, dtype=bool),
        np.zeros(0, np.int64), findings.roles, np.zeros(0, np.int64), findings.finding_id, findings.record,
        findings.places,
    )  # fmt: skip
    first = records.first_rows()
    return replace(records, near=findings.near[first], place=findings.place[first], role_code=findings.role[first])


def _join(distinct: Ints, number_of: Ints, values: Ints) -> tuple[Ints, Ints]:
    """(row of `number_of`, row of `values`, which are sorted) of all that are equal; rows are `distinct[number_of]`."""
    low = np.searchsorted(values, distinct, "left")
    sizes = np.searchsorted(values, distinct, "right") - low
    rows, within = spread(sizes[number_of])
    return rows, low[number_of[rows]] + within
