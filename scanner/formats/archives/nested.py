"""Flattened records of nested data go in; Columns for repeated ones and labelled Segments for single ones come out."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from scanner.model import Column, Location, Segment

Leaf: TypeAlias = tuple[str, str]  # (label, text)
# A table as JSON has it: path, first row, whether there is but one, (label, place in a list, number), (label, listed).
Printed: TypeAlias = tuple[str, int, bool, Sequence[tuple[str, int, int]], Sequence[tuple[str, int]]]

_BLOCK_ROWS = 10_000
_BLOCK_CHARS = 4 * 1024 * 1024
MOST_LISTED = 16  # values of a list that have columns of their own
_DEEP = 200  # characters of a path, the middle of a longer one is left out
_SURROGATE = re.compile("[\ud800-\udfff]")
_LIKE_DATA = re.compile(r"@|\d\D?\d\D?\d\D?\d\D?\d|^.{61}|\s.*\s", re.DOTALL)


@lru_cache(maxsize=4096)  # the same few keys come with every record
def is_data(key: str) -> bool:
    """Whether a key or tag looks like a value itself: an address, a number, a sentence."""
    return bool(_LIKE_DATA.search(key))


@lru_cache(maxsize=4096)
def short_label(steps: tuple[str, ...]) -> str:
    """Key path of a leaf within its record, at most the last four steps."""
    return ".".join(step for step in steps[-4:] if step)


def short_path(path: str) -> str:
    """A path that stays readable however deep the data are."""
    return path if len(path) <= _DEEP else f"{path[: _DEEP // 2]}…{path[-_DEEP // 2 :]}"


def listed_apart(rows: Sequence[int], values: Sequence[str]) -> list[tuple[list[int], list[str]]]:
    """Values of one label with their rows, ascending: first those that come first in their row, then the second ones.

    So a list in a record has a column for each of its places, and no two values stand at one place; what is behind
    MOST_LISTED of them shares a cell, a line each.
    """
    apart: list[tuple[list[int], list[str]]] = []
    behind: dict[int, list[str]] = {}  # what shares a cell, by where that is in the last column
    place, last = 0, None
    for row, value in zip(rows, values, strict=True):
        place = place + 1 if row == last else 0
        last = row
        if place >= MOST_LISTED:
            cells = apart[-1][1]
            behind.setdefault(len(cells) - 1, [cells[-1]]).append(value)
            continue
        if place == len(apart):
            apart.append(([], []))
        apart[place][0].append(row)
        apart[place][1].append(value)
    for index, shared in behind.items():
        apart[-1][1][index] = "\n".join(shared)
    return apart


@dataclass(slots=True)
class _Table:
    """What waits at one path, and the numbers that its labels (and places in a list) have for good."""

    numbers: dict[tuple[str, int], int] = field(default_factory=dict)
    values: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)
    first: int = 0
    single: bool = True
    listed: dict[str, int] = field(default_factory=dict)


class Records:
    """Rows by path; `separator` joins a path and a label ("." for JSON, "/" for XML)."""

    def __init__(self, separator: str, earlier: Iterable[Printed] = ()) -> None:
        """`earlier`: what printed() gave, to go on there."""
        self._separator = separator
        self._tables: dict[str, _Table] = {}
        for path, first, single, numbers, listed in earlier:
            named = {(label, place): number for label, place, number in numbers}
            self._tables[path] = _Table(named, first=first, single=single, listed=dict(listed))
        self._waiting_rows = 0
        self._waiting_chars = 0

    def add(self, path: str, row: int, leaves: Sequence[Leaf]) -> Iterator[Column | Segment]:
        """Add leaves of record number `row` at `path`; may be called again for the same record."""
        if not leaves:
            return
        table = self._tables.setdefault(path, _Table())
        table.first = table.first or row
        table.single = table.single and table.first == row
        values, rows = table.values, table.rows
        for label, text in leaves:
            clean = text if text.isascii() else _SURROGATE.sub("\ufffd", text)
            if label not in values:
                values[label], rows[label] = [], []
            values[label].append(clean)
            rows[label].append(row)
            self._waiting_chars += len(text)
        self._waiting_rows += 1
        if self._waiting_rows >= _BLOCK_ROWS or self._waiting_chars >= _BLOCK_CHARS:
            yield from self.rest()

    def rest(self) -> Iterator[Column | Segment]:
        """Give all that waits."""
        for path, table in self._tables.items():
            yield from self._single(path, table) if table.single else self._many(path, table)
            table.values, table.rows = {}, {}
        self._waiting_rows = self._waiting_chars = 0

    def printed(self) -> list[Printed]:
        """What must be known behind rest(): tables in their order, and the numbers of their columns."""
        return [
            (
                path,
                table.first,
                table.single,
                [(label, place, number) for (label, place), number in table.numbers.items()],
                list(table.listed.items()),
            )
            for path, table in self._tables.items()
        ]

    def _many(self, path: str, table: _Table) -> Iterator[Column]:
        where = Location.of(path=short_path(path)) if path else Location()
        for label, values in table.values.items():
            for place, (rows, cells) in enumerate(listed_apart(table.rows[label], values)):
                straight = rows[-1] - rows[0] == len(rows) - 1
                number = table.numbers.setdefault((label, place), len(table.numbers) + 1)
                yield Column(label, tuple(cells), number, rows[0], where, () if straight else tuple(rows))

    def _single(self, path: str, table: _Table) -> Iterator[Column | Segment]:
        for label, values in table.values.items():
            own = not label or path.rpartition(self._separator)[2] == label
            inner = path if own else path + self._separator + label.replace(".", self._separator)
            where = Location.of(path=short_path(inner))
            done = table.listed.get(label, 0)
            if len(values) > 1 or done:
                table.listed[label] = done + len(values)
                yield Column(label, tuple(values), 1, done + 1, where)
            else:
                yield Segment(values[0], where, label=label, record=short_path(path))
