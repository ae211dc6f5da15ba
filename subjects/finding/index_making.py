"""A report goes in, the files of its index in the home come out; read and written piece by piece."""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice, pairwise
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import ipc

from reports.parquet import ReportPaths, iterate
from subjects.finding.items import ITEM_FACTS, unread
from subjects.linking.columns import coded
from subjects.linking.keysets import Ints
from subjects.linking.slots import Mention, slots

KEPT = 4  # reports whose index is kept; older ones are made anew when they are asked again
FACTS = "facts.json"  # written last: an index without it is not whole
ARRAYS = {
    "values": "int64", "value_starts": "int32", "value_rows": "int32", "value_of": "int32", "type_of": "int16",
    "whole_name": "bool",
    "record_starts": "int32", "record_rows": "int32", "record_of": "int32", "place_of": "int32", "near": "bool",
}  # fmt: skip
# What is written of each finding while the report is read, and taken apart afterwards.
_ROWS = {"record": "int32", "place": "int32", "value": "int64", "type": "int16", "whole": "bool", "near_row": "bool"}
_RANGES = 8
RECENT = 1 << 16  # records that are remembered: a table's findings come column by column, in blocks of 10,000 rows
_PIECE = 4096  # rows that are unpacked together
_SHOWN = [
    "finding_id", "location", "record", "role", "entity_type", "category", "value_id", "preview", "quoted", "thread",
    "is_test",
]  # fmt: skip
Place = tuple[str, str]


def make_index(paths: ReportPaths, folder: Path) -> None:
    """Make the index of a report in `folder`, and drop the oldest of its neighbours."""
    draft = folder.with_name(f"{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    places: dict[Place, int] = {}
    types = _findings(paths.findings, draft, places)
    pa.default_memory_pool().release_unused()
    _by_value(draft)
    _by_record(draft)
    _write_pieces(draft, "places", _items(paths.items, places))
    rows, left_out = unread(paths.items)
    table = pa.Table.from_pylist(rows) if rows else pa.table({"item": pa.array([], pa.string())})
    with pa.OSFile(str(draft / "unread.arrow"), "wb") as file, ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    (draft / FACTS).write_text(json.dumps({"types": types, "left_out": left_out}), encoding="utf-8")
    for file_path in draft.iterdir():
        file_path.chmod(0o600)
    shutil.rmtree(folder, ignore_errors=True)
    draft.replace(folder)
    others = sorted((one for one in folder.parent.iterdir() if one != folder), key=lambda one: one.stat().st_mtime)
    for old in others[: -KEPT + 1]:
        shutil.rmtree(old, ignore_errors=True)


def _findings(file: Path, draft: Path, places: dict[Place, int]) -> list[str]:
    """Write what is told of each finding; returns the entity types by number."""
    types: dict[str, int] = {}
    known: dict[tuple[int, str], int] = {}
    start = 0
    with ExitStack() as stack:
        files = [stack.enter_context((draft / f"{name}.bin").open("wb")) for name in _ROWS]

        def told() -> Iterator[pa.Table]:
            nonlocal start
            for table in _whole_texts(iterate(file, ["item", "root", *_SHOWN])):
                place = _place_numbers(table, places)
                record = _record_numbers(table, place, known, start)
                start = max(start, int(record.max(initial=-1)) + 1)
                words, code = coded(table["entity_type"])
                numbers = np.array([types.setdefault(word, len(types)) for word in words] or [0])
                near = table["record"].is_null().to_numpy()
                columns = (record, place, table["value_id"].to_numpy(), numbers[code], _whole_names(table), near)
                for target, array, kind in zip(files, columns, _ROWS.values(), strict=True):
                    _append(target, array, kind)
                yield table.select(_SHOWN)

        _write_pieces(draft, "findings", told())
    return list(types)


def _whole_texts(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """The same rows, cut so that all findings in the running text of one item come together: nearness ties them."""
    held: pa.Table | None = None
    for table in tables:
        whole = table if held is None else pa.concat_tables([held, table])
        cut = _last_text(whole)
        held = whole.slice(cut)
        if cut:
            yield whole.slice(0, cut)
    if held is not None and len(held):
        yield held


def _last_text(table: pa.Table) -> int:
    """The row of the first finding in running text of the item that a table ends in; its length where there is none."""
    if not len(table):
        return 0
    last = pc.and_(*(pc.equal(table[name].cast(pa.string()), table[name][-1].as_py()) for name in ("root", "item")))
    others = np.flatnonzero(~last.to_numpy())
    begin = int(others[-1]) + 1 if len(others) else 0
    loose = np.flatnonzero(table["record"].slice(begin).is_null().to_numpy())
    return begin + int(loose[0]) if len(loose) else len(table)


def _append(file: IO[bytes], array: NDArray[Any], kind: str) -> None:
    file.write(np.ascontiguousarray(array, kind).tobytes())


def _read(draft: Path, name: str) -> NDArray[Any]:
    """One array of the findings; its file is of no more use."""
    array = np.fromfile(draft / f"{name}.bin", _ROWS[name])
    (draft / f"{name}.bin").unlink()
    return array


def _write(draft: Path, name: str, array: NDArray[Any]) -> None:
    with (draft / f"{name}.bin").open("wb") as file:
        _append(file, array, ARRAYS[name])


def _by_value(draft: Path) -> None:
    """Number the values, and write where each stands; one range of values after the other, to save memory."""
    value = _read(draft, "value")
    low, high = (int(value.min()), int(value.max())) if len(value) else (0, 0)
    bounds = [low + (high - low) * part // _RANGES for part in range(_RANGES)]
    number = np.zeros(len(value), np.int32)
    distinct: list[Ints] = []
    sizes: list[Ints] = []
    first: list[Ints] = []
    count = 0
    with (draft / "value_rows.bin").open("wb") as row_file:
        for begin, end in zip(bounds, [*bounds[1:], None], strict=True):
            row = np.flatnonzero((value >= begin) & (value < end) if end is not None else value >= begin)
            row = row[np.argsort(value[row], kind="stable")]
            _append(row_file, row, ARRAYS["value_rows"])
            found = value[row]
            new = np.r_[True, found[1:] != found[:-1]][: len(found)]
            number[row] = count + np.cumsum(new) - 1
            at = np.flatnonzero(new)
            distinct.append(found[at])
            sizes.append(np.diff(np.r_[at, len(found)]))
            first.append(row[at])
            count += len(at)
    _write(draft, "value_of", number)
    _write(draft, "values", np.concatenate(distinct))
    _write(draft, "value_starts", np.r_[0, np.cumsum(np.concatenate(sizes))])
    _write(draft, "type_of", _read(draft, "type")[np.concatenate(first)])
    _write(draft, "whole_name", _read(draft, "whole")[np.concatenate(first)])


def _by_record(draft: Path) -> None:
    """Write where the findings of each record stand, in which item, and whether nearness made it."""
    record = _read(draft, "record")
    order = np.argsort(record, kind="stable")
    starts = np.r_[0, np.cumsum(np.bincount(record))] if len(record) else np.zeros(1, np.int64)
    first = order[starts[:-1]]
    _write(draft, "record_rows", order)
    _write(draft, "record_starts", starts)
    del order
    _write(draft, "record_of", record)
    _write(draft, "place_of", _read(draft, "place")[first])
    _write(draft, "near", _read(draft, "near_row")[first])


def _write_pieces(draft: Path, name: str, tables: Iterator[pa.Table]) -> None:
    """Tables as pieces that can be read alone, and the row that each begins with."""
    starts: list[int] = []
    rows = 0
    options = ipc.IpcWriteOptions(compression="lz4")
    with ExitStack() as stack:
        file = stack.enter_context(pa.OSFile(str(draft / f"{name}.arrow"), "wb"))
        writer: Any = None
        for table in tables:
            plain = _plain(table)
            writer = writer or stack.enter_context(ipc.new_file(file, plain.schema, options=options))
            for batch in plain.combine_chunks().to_batches(max_chunksize=_PIECE):
                starts.append(rows)
                rows += len(batch)
                writer.write_batch(batch)
    np.save(draft / f"{name}.starts.npy", np.array(starts, np.int64))


def _plain(table: pa.Table) -> pa.Table:
    """Without dictionaries, which one file cannot have several of."""
    fields = [
        field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields)).replace_schema_metadata(None)


def _items(file: Path, places: dict[Place, int]) -> Iterator[pa.Table]:
    """What is known of the items that have findings, in the order of their numbers."""
    parts = []
    for table in iterate(file, ITEM_FACTS):
        pairs = zip(table["root"].to_pylist(), table["item"].to_pylist(), strict=True)
        number = np.array([places.get(pair, -1) for pair in pairs], np.int64)
        kept = pa.array(number >= 0)
        parts.append(_plain(table).append_column("number", pa.array(number)).filter(kept))
    if parts:
        whole = pa.concat_tables(parts).sort_by("number")
        # An item that has findings has a row; the first counts where a damaged report has several.
        number = whole["number"].to_numpy()
        yield whole.filter(pa.array(np.r_[True, number[1:] != number[:-1]][: len(number)])).drop(["number"])


def _place_numbers(table: pa.Table, known: dict[Place, int]) -> Ints:
    roots, root = coded(table["root"])
    items, item = coded(table["item"])
    width = len(roots) + 1
    pairs, index = np.unique(item * width + root, return_inverse=True)
    numbers = [known.setdefault((roots[pair % width], items[pair // width]), len(known)) for pair in pairs.tolist()]
    return np.array(numbers, np.int64)[index].astype(np.int64)


def _record_numbers(table: pa.Table, place: Ints, known: dict[tuple[int, str], int], start: int) -> Ints:
    """A number for each (item, record), from `start` on; `known` are the latest, in order, and is renewed.

    The findings of an item follow each other, so what stood further back is not asked for again. A row of a table may
    have none in many pieces and one in the next, but there stand at most the rows of its block between.
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
    last = np.zeros(len(pairs), np.int64)
    last[index] = np.arange(len(index))
    numbers = np.zeros(len(pairs), np.int64)
    for at in np.argsort(last).tolist():
        pair = int(pairs[at])
        key = (pair // width, names[pair % width])
        numbers[at] = known[key] = known.pop(key, start)
        start += int(numbers[at]) == start
    for key in list(islice(known, max(0, len(known) - RECENT))):
        del known[key]
    found: Ints = numbers[index]
    return found


def _whole_names(table: pa.Table) -> NDArray[Any]:
    """Names whose mask has two initials or more."""
    person = pc.equal(table["entity_type"].cast(pa.string()), "PERSON")
    several = pc.match_substring(pc.utf8_trim_whitespace(pc.fill_null(table["preview"], "")), " ")
    found: NDArray[Any] = pc.and_(person, several).to_numpy()
    return found


def _loose(table: pa.Table, place: Ints) -> list[str]:
    """The slots of findings in running text; a masked name of two initials is a full one."""
    person = pc.equal(table["entity_type"].cast(pa.string()), "PERSON").to_pylist()
    columns = (table["location"].to_pylist(), table["value_id"].to_pylist(), person, _whole_names(table).tolist())
    mentions = [Mention(*fields) for fields in zip(*columns, strict=True)]
    found = [""] * len(mentions)
    order = np.argsort(place, kind="stable")
    borders = np.flatnonzero(np.r_[True, np.diff(place[order]) != 0, True]).tolist() if len(place) else [0]
    for low, high in pairwise(borders):
        members = order[low:high].tolist()
        for index, slot in zip(members, slots([mentions[one] for one in members]), strict=True):
            found[index] = f"~{slot}"
    return found
