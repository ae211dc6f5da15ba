"""An earlier report and the items that are carried over in, their rows out, as if they had been scanned now.

What the walk tells (where a file is, who owns it, when it changed) is taken from the new walk.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reports.parquet import iterate
from reports.schema import Column, finding_columns, item_columns, key_columns
from scanner.earlier_items import EarlierItems, live_items, top_of
from scanner.journal import Journal
from scanner.keys import Keyring
from scanner.locators import MEMBER
from scanner.model import Item, Status
from scanner.rows import WORKING, moment, plain_schema
from scanner.since import Earlier

_COMPACT = 2_000_000  # ids of values that wait to be made distinct
_COUNTED = frozenset(column.name for column in WORKING)


class Carried:
    """Tables of the parts' columns; `top` is the number of the item in the walk."""

    def __init__(self, earlier: Earlier, items: EarlierItems, journal: Journal, keyring: Keyring) -> None:
        self._earlier = earlier
        self._items = items
        self._journal = journal
        self._keyring = keyring
        self._copied = journal.with_copies()
        self._values: list[npt.NDArray[np.int64]] = []  # 8 bytes for each distinct value that is carried over
        self._last: tuple[int, Item] | None = None

    def tables(self, kind: str) -> Iterator[pa.Table]:
        """Rows of one kind of part; `keys` come last, they are those of the findings that were given before."""
        if kind == "items":
            for table in live_items(self._earlier.paths.items):
                yield from self._item_rows(table)
        elif kind == "findings":
            repeats = _Repeats()
            for table in iterate(self._earlier.paths.findings):
                yield from self._finding_rows(table, repeats)
        else:
            yield from self._key_rows()

    def gone(self, places: Iterable[tuple[str, str, int]]) -> Iterator[pa.Table]:
        """Rows of items for what is not there any more: (root, path, findings that it had)."""
        told = {(root, path): findings for root, path, findings in places}
        date = self._earlier.metadata.get("finished_at", "").partition("T")[0]
        for table in live_items(self._earlier.paths.items) if told else ():
            keys = list(zip(table["root"].to_pylist(), table["item"].to_pylist(), strict=True))
            kept = _plain(table.filter(pa.array([key in told for key in keys], pa.bool_())), item_columns(), WORKING[0])
            details = [f"it was there on {date}, with {told[key]:,} findings" for key in keys if key in told]
            nothing = pa.nulls(kept.num_rows, pa.string())
            yield _set(
                kept,
                status=pa.repeat(str(Status.GONE), kept.num_rows),
                reason=nothing,
                detail=pa.array(details, pa.string()),
                duplicate_of=nothing,
                findings=_zeros(kept, pa.int64()),
                cpu_seconds=_zeros(kept, pa.float32()),
            )

    def _item_rows(self, table: pa.Table) -> Iterator[pa.Table]:
        table = self._numbered(_plain(table, item_columns(), WORKING[0]))
        names = ("root", "item", "parent", "modified", "owner", "readable_by")
        columns = {name: table[name].to_pylist() for name in names}
        for row, number in enumerate(table["top"].to_pylist()):
            root, path, parent = (columns[name][row] for name in names[:3])
            item = self._item(number)
            if parent is None:
                columns["modified"][row] = moment(item.modified_ns / 1e9 if item.modified_ns else None)
                columns["owner"][row], columns["readable_by"][row] = item.owner or None, item.readable_by or None
            if (root, top_of(path)) != (item.root, item.path):
                columns["root"][row], columns["item"][row] = item.root, _moved(path, item)
                columns["parent"][row] = parent and _moved(parent, item)
        arrays = {name: pa.array(values, table.schema.field(name).type) for name, values in columns.items()}
        nothing = pa.nulls(table.num_rows, pa.string())
        yield _set(table, duplicate_of=nothing, cpu_seconds=_zeros(table, pa.float32()), **arrays)

    def _finding_rows(self, table: pa.Table, repeats: "_Repeats") -> Iterator[pa.Table]:
        table = self._numbered(_plain(table, finding_columns(), *WORKING))
        self._values.append(np.unique(table["value_id"].to_numpy()))
        if sum(map(len, self._values)) > _COMPACT:
            self._values = [np.unique(np.concatenate(self._values))]
        names = ("root", "item", "finding_id", "nth")
        columns = {name: table[name].to_pylist() for name in names}
        changed = False
        whose = (table[name].to_pylist() for name in ("top", "entity_type", "value_id"))
        for row, (number, kind, value_id) in enumerate(zip(*whose, strict=True)):
            item, path = self._item(number), columns["item"][row]
            is_moved = (columns["root"][row], top_of(path)) != (item.root, item.path)
            if not is_moved and number not in self._copied:
                continue
            changed = True
            columns["nth"][row] = nth = repeats.count(number, path, kind, value_id)
            if is_moved:
                place = columns["root"][row], columns["item"][row] = item.root, _moved(path, item)
                columns["finding_id"][row] = self._keyring.finding_id(*place, kind, value_id, nth)
        if changed:
            arrays = {name: pa.array(values, table.schema.field(name).type) for name, values in columns.items()}
            table = _set(table, **arrays)
        yield table

    def _key_rows(self) -> Iterator[pa.Table]:
        values = np.unique(np.concatenate(self._values)) if self._values else np.empty(0, np.int64)
        for table in iterate(self._earlier.paths.keys) if len(values) else ():
            ids = table["value_id"].to_numpy()
            places = np.minimum(np.searchsorted(values, ids), len(values) - 1)
            yield _plain(table.filter(pa.array(values[places] == ids)), key_columns())

    def _numbered(self, table: pa.Table) -> pa.Table:
        """The rows that are carried over, with the number of their item in the walk."""
        numbers: list[int | None] = []
        last, number = ("", ""), None
        for root, path in zip(table["root"].to_pylist(), table["item"].to_pylist(), strict=True):
            if (here := (root, top_of(path))) != last:
                last, number = here, self._items.number_of(*here)
            numbers.append(number)
        table = _set(table, top=pa.array(numbers, pa.int64()))
        return table.filter(pc.is_valid(table["top"]))

    def _item(self, number: int) -> Item:
        """The item of the walk; the rows of one stand together."""
        if self._last is None or self._last[0] != number:
            self._last = number, self._journal.item(number)
        return self._last[1]


class _Repeats:
    """Counts how often a value stood in an item before, as the scan of that item did."""

    def __init__(self) -> None:
        self._number = -1
        self._counts: dict[str, Counter[tuple[str, int]]] = {}

    def count(self, number: int, path: str, kind: str, value_id: int) -> int:
        """How often so far; the rows of a file come together, those of a member within them."""
        if number != self._number:
            self._number, self._counts = number, {}
        if path not in self._counts:  # what is neither this one nor around it is done
            self._counts = {one: count for one, count in self._counts.items() if path.startswith(one + MEMBER)}
        counts = self._counts.setdefault(path, Counter())
        counts[kind, value_id] += 1
        return counts[kind, value_id] - 1


def _moved(path: str, item: Item) -> str:
    return item.path + path[len(top_of(path)) :]


def _plain(table: pa.Table, columns: tuple[Column, ...], *working: Column) -> pa.Table:
    """In the columns of parts; what an older report did not have is empty."""
    schema = plain_schema(columns, *working)
    arrays = []
    for field in schema:
        if field.name in table.column_names:
            arrays.append(table[field.name].cast(field.type))
        else:
            arrays.append(_zeros(table, field.type) if field.name in _COUNTED else pa.nulls(table.num_rows, field.type))
    return pa.Table.from_arrays(arrays, schema=schema)


def _zeros(table: pa.Table, kind: pa.DataType) -> pa.Array:
    return pa.repeat(pa.scalar(0, kind), table.num_rows)


def _set(table: pa.Table, **columns: pa.Array) -> pa.Table:
    for name, values in columns.items():
        table = table.set_column(table.schema.get_field_index(name), name, values)
    return table
