"""A report goes in, an index of it comes out: which findings hold a value, and which findings one record holds.

Made on the first question, kept in the home (it holds keyed numbers only) and read by memory map afterwards, so that a
report of ten million findings answers at once and needs little memory.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from reports.parquet import ReportPaths, read_metadata
from scanner.home import INDEX_FOLDER
from subjects.columns import coded
from subjects.keysets import Ints
from subjects.slots import Mention, slots

KEPT = 4  # reports whose index is kept; older ones are made anew when they are asked again
_ARRAYS = ("values", "value_rows", "records", "record_rows", "record_of", "place_of")


@dataclass(frozen=True, slots=True)
class Index:
    """Row numbers of findings by value and by record; every array is a memory map.

    `values` sorted value ids with their rows; `records` sorted record numbers with their rows; `record_of[row]` and
    `place_of[row]` number the record and the item of each finding.
    """

    values: Ints
    value_rows: Ints
    records: Ints
    record_rows: Ints
    record_of: Ints
    place_of: Ints

    def rows_with(self, value_ids: Ints) -> tuple[Ints, Ints]:
        """(row, index into `value_ids`) of every finding that holds one of these values."""
        return _runs(self.values, self.value_rows, value_ids)

    def rows_of(self, records: Ints) -> Ints:
        """Rows of all findings of these records."""
        return _runs(self.records, self.record_rows, records)[0]


def _runs(found: Ints, rows: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    low, high = np.searchsorted(found, wanted, "left"), np.searchsorted(found, wanted, "right")
    pieces = [rows[start:end] for start, end in zip(low.tolist(), high.tolist(), strict=True)]
    numbers = np.repeat(np.arange(len(wanted)), high - low)
    return (np.concatenate(pieces) if pieces else np.zeros(0, np.int64)).astype(np.int64), numbers


def open_index(paths: ReportPaths, home: Path) -> Index:
    """The index of a report, from the home when it is there."""
    run = read_metadata(paths.findings).get("run_id", "")
    folder = home / INDEX_FOLDER / run
    if not all((folder / f"{name}.npy").exists() for name in _ARRAYS):
        _make(paths, folder)
    return Index(*(np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS))


def _make(paths: ReportPaths, folder: Path) -> None:
    draft = folder.with_name(f"{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    values, record, place = _columns(paths)
    order = np.argsort(values, kind="stable")
    by_record = np.argsort(record, kind="stable")
    arrays = (values[order], *(one.astype(np.int32) for one in (order, record[by_record], by_record, record, place)))
    for name, array in zip(_ARRAYS, arrays, strict=True):
        np.save(draft / f"{name}.npy", np.asarray(array), allow_pickle=False)
        (draft / f"{name}.npy").chmod(0o600)
    shutil.rmtree(folder, ignore_errors=True)
    draft.replace(folder)
    others = sorted((one for one in folder.parent.iterdir() if one != folder), key=lambda one: one.stat().st_mtime)
    for old in others[: -KEPT + 1]:
        shutil.rmtree(old, ignore_errors=True)


def _columns(paths: ReportPaths) -> tuple[Ints, Ints, Ints]:
    """Value id, record number and item number of each finding, read group by group."""
    values: list[Ints] = []
    records: list[Ints] = []
    places: list[Ints] = []
    place_numbers: dict[tuple[str, str], int] = {}
    record_numbers: dict[tuple[int, str], int] = {}
    start = 0
    for table in _groups(paths.findings):
        values.append(table["value_id"].to_numpy())
        place = _place_numbers(table, place_numbers)
        places.append(place)
        records.append(_record_numbers(table, place, record_numbers, start))
        start = max(start, int(records[-1].max(initial=-1)) + 1)
    if not values:
        none = np.zeros(0, np.int64)
        return none, none, none
    return np.concatenate(values), np.concatenate(records), np.concatenate(places)


def _groups(path: Path) -> Iterator[pa.Table]:
    columns = ["value_id", "item", "root", "record", "location", "entity_type", "preview"]
    with pq.ParquetFile(path) as file:
        for number in range(file.num_row_groups):
            yield file.read_row_group(number, columns=columns)


def _place_numbers(table: pa.Table, known: dict[tuple[str, str], int]) -> Ints:
    roots, root = coded(table["root"])
    items, item = coded(table["item"])
    pairs, index = np.unique(item * (len(roots) + 1) + root, return_inverse=True)
    width = len(roots) + 1
    numbers = [known.setdefault((roots[pair % width], items[pair // width]), len(known)) for pair in pairs.tolist()]
    return np.array(numbers, np.int64)[index].astype(np.int64)


def _record_numbers(table: pa.Table, place: Ints, known: dict[tuple[int, str], int], start: int) -> Ints:
    """A number for each (item, record), from `start` on; `known` are those of the group before, and is renewed.

    The findings of an item follow each other, so what stood further back is not asked for again.
    """
    names, record = coded(table["record"])
    loose = np.flatnonzero(record < 0)
    if len(loose):
        made = _loose(table.take(pa.array(loose)), place[loose])
        extra = {name: len(names) + at for at, name in enumerate(dict.fromkeys(made))}
        record[loose] = [extra[name] for name in made]
        names = (*names, *extra)
    width = len(names) + 1
    pairs, index = np.unique(place.astype(np.int64) * width + record, return_inverse=True)
    renewed = {}
    for pair in pairs.tolist():
        key = (pair // width, names[pair % width])
        renewed[key] = known.get(key, start)
        start += renewed[key] == start
    known.clear()
    known.update(renewed)
    return np.array(list(renewed.values()), np.int64)[index].astype(np.int64)


def _loose(table: pa.Table, place: Ints) -> list[str]:
    """The slots of findings in running text; a masked name of two initials is a full one."""
    person = pc.equal(table["entity_type"].cast(pa.string()), "PERSON").to_pylist()
    columns = (table["location"].to_pylist(), table["value_id"].to_pylist(), person, table["preview"].to_pylist())
    mentions = [
        Mention(where, value, name, name and len((preview or "").split()) > 1)
        for where, value, name, preview in zip(*columns, strict=True)
    ]
    found = [""] * len(mentions)
    order = np.argsort(place, kind="stable")
    borders = np.flatnonzero(np.r_[True, np.diff(place[order]) != 0, True]).tolist() if len(place) else [0]
    for low, high in pairwise(borders):
        members = order[low:high].tolist()
        for index, slot in zip(members, slots([mentions[one] for one in members]), strict=True):
            found[index] = f"~{slot}"
    return found
