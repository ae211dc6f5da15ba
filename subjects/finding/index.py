"""The index of a report: which findings hold a value, which findings one record holds, and any finding by its number.

Made on the first question (index_making.py), kept in the home and read piece by piece afterwards, so that a report of
ten million findings answers at once and needs little memory. It holds what the report holds, and no clear value.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import ipc

from reports.parquet import ReportPaths, read_metadata
from scanner.home import INDEX_FOLDER
from subjects.finding.index_making import ARRAYS, FACTS, make_index
from subjects.linking.keysets import Bools, Ints, spread


@dataclass(frozen=True, slots=True)
class Index:
    """Numbers for the values and records of a report; every array is a map of a file.

    `values` are the different value ids, sorted: a value's number is its place there. Findings are called by their row.
    Value n is in value_rows[value_starts[n]:value_starts[n + 1]] and of type types[type_of[n]]; `whole_name`: it is a
    forename and a surname. Record n, alike, is in `record_rows`, and in item place_of[n]; `near`: it is a slot of
    running text. `value_of` and `record_of` are the numbers of each finding.
    """

    folder: Path
    types: Sequence[str]
    left_out: int
    values: Ints
    value_starts: Ints
    value_rows: Ints
    value_of: Ints
    type_of: Ints
    whole_name: Bools
    record_starts: Ints
    record_rows: Ints
    record_of: Ints
    place_of: Ints
    near: Bools

    def numbers(self, value_ids: Ints) -> tuple[Ints, Bools]:
        """The number of each of these value ids, and whether any finding has it."""
        at = np.searchsorted(self.values, value_ids)
        known = at < len(self.values)
        known[known] = self.values[at[known]] == value_ids[known]
        return at, known

    def rows_with(self, values: Ints) -> Ints:
        """Rows of every finding that holds one of these values, by number."""
        return _runs(self.value_starts, self.value_rows, values)[0]

    def rows_of(self, records: Ints) -> tuple[Ints, Ints]:
        """(row, place in `records`) of all findings of these records, record by record."""
        return _runs(self.record_starts, self.record_rows, records)

    def findings(self, rows: Ints) -> list[dict[str, Any]]:
        """The findings with these row numbers (sorted), each with the number of its place."""
        found = list(self._take("findings", rows))
        for row, place in zip(found, self.place_of[self.record_of[rows]].tolist(), strict=True):
            row["place"] = place
        return found

    def items(self, places: Ints) -> dict[int, Mapping[str, Any]]:
        """Place number -> root, path, dates, hash and original of the item."""
        wanted = np.unique(places)
        return dict(zip(wanted.tolist(), self._take("places", wanted), strict=True))

    def unread(self) -> list[Mapping[str, Any]]:
        """The items that were not, or only partly, examined."""
        with pa.OSFile(str(self.folder / "unread.arrow")) as file:
            rows: list[Mapping[str, Any]] = ipc.open_file(file).read_all().to_pylist()
        return rows

    def _take(self, name: str, rows: Ints) -> Iterator[dict[str, Any]]:
        starts = np.load(self.folder / f"{name}.starts.npy")
        pieces = np.searchsorted(starts, rows, "right") - 1
        with pa.OSFile(str(self.folder / f"{name}.arrow")) as file:
            reader = ipc.open_file(file)
            for piece in np.unique(pieces).tolist():
                within = rows[pieces == piece] - starts[piece]
                yield from reader.get_batch(piece).take(pa.array(within)).to_pylist()


def _runs(starts: Ints, rows: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    low = starts[wanted].astype(np.int64)
    index, within = spread(starts[wanted + 1] - low)
    return rows[low[index] + within].astype(np.int64), index


def open_index(paths: ReportPaths, home: Path) -> Index:
    """The index of a report, from the home when it is there."""
    run = read_metadata(paths.findings).get("run_id", "")
    folder = home / INDEX_FOLDER / run
    if not all((folder / name).exists() for name in (FACTS, *(f"{array}.bin" for array in ARRAYS))):
        make_index(paths, folder)
    facts = json.loads((folder / FACTS).read_text("utf-8"))
    arrays = (_map(folder / f"{name}.bin", kind) for name, kind in ARRAYS.items())
    return Index(folder, facts["types"], facts["left_out"], *arrays)


def _map(file: Path, kind: str) -> np.ndarray[Any, Any]:
    return np.memmap(file, kind, "r") if file.stat().st_size else np.zeros(0, kind)
