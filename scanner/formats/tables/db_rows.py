"""Columns of cells of a database's table go in, numbered blocks of Columns and the files within cells come out."""

import io
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypeGuard

from scanner.formats.tables.blobs import Kind, read_blob
from scanner.formats.tables.blocks import columns_of
from scanner.limits import Budget
from scanner.model import Child, Location, Lost, Owners, Part, Reason, Skip

Cell: TypeAlias = str | bytes

BLOCK_CHARS = 4 * 1024 * 1024
_PAGE = 1024  # primary keys of one page share one number of as many bits
_MOST_PAGES = 200_000


@dataclass(slots=True)
class Binaries:
    """What becomes of binary values: text, members of the item, or a count of those that nobody knows."""

    budget: Budget
    full: bool = False
    unknown: dict[str, int] = field(default_factory=dict)

    def read(self, value: bytes, name: str) -> tuple[str, Child | None]:
        """The text of a value that is text, the member called `name` (table/column/row) if it is a file."""
        kind, text = read_blob(value)
        if kind is Kind.FILE and self._charge():
            return "", Child(name, lambda: io.BytesIO(value), len(value))
        if kind is Kind.UNKNOWN:
            table = name.partition("/")[0]
            self.unknown[table] = self.unknown.get(table, 0) + 1
        return text, None

    def losses(self) -> Iterator[Lost]:
        """What nobody can read of all that was given."""
        for name, count in self.unknown.items():
            values = "binary value is" if count == 1 else "binary values are"
            yield Lost("", Reason.UNSUPPORTED, f"{count} {values} of no known kind in the table {name}")
        if self.full:
            yield Lost("", Reason.LIMIT, f"more than {self.budget.limits.max_members} files in its tables")

    def _charge(self) -> bool:
        try:
            self.budget.charge_member()
        except Skip:
            self.full = True
            return False
        return True


def printed(value: int | float | bytes | None) -> str:
    """Numbers as they would be written by hand: a telephone number in a column of floats has no fraction."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def is_row_number(key: Cell) -> TypeGuard[str]:
    """Whether a primary key can number its row in a location."""
    return isinstance(key, str) and key.isdecimal() and key.isascii() and len(key) <= 18


@dataclass(slots=True)
class RowNumbers:
    """Numbers for the rows of one table: the primary key where it is a whole number and new, else their order.

    A location has to name one row. So a key that comes again (two dumps in one file) names none.
    """

    count: int = 0
    _seen: dict[int, int] = field(default_factory=dict)

    def number(self, keys: Sequence[Cell] | None, rows: int) -> tuple[list[int], list[int]]:
        """For each of so many rows its number, and the indices of those that are numbered by their order instead."""
        order = range(self.count + 1, self.count + rows + 1)
        self.count += rows
        if keys is None:
            return list(order), []
        numbers: list[int] = []
        others: list[int] = []
        if run := self._run(keys):
            return list(run), others
        for index, key in enumerate(keys):
            number = self._new(key)
            if number is None:
                others.append(index)
            numbers.append(order[index] if number is None else number)
        return numbers, others

    def _run(self, keys: Sequence[Cell]) -> range:
        """Keys that count up by one and are all new, as most tables have them: seen at once. Else none."""
        if not (is_row_number(keys[0]) and is_row_number(keys[-1])):
            return range(0)
        run = range(int(keys[0]), int(keys[-1]) + 1)
        if len(run) != len(keys) or list(map(str, run)) != list(keys):
            return range(0)
        masks = {}
        for page in range(run[0] // _PAGE, run[-1] // _PAGE + 1):
            first, last = max(run[0] - page * _PAGE, 0), min(run[-1] - page * _PAGE, _PAGE - 1)
            masks[page] = (1 << last + 1) - (1 << first)
        if any(self._seen.get(page, 0) & mask for page, mask in masks.items()):
            return range(0)
        for page, mask in masks.items():
            self._seen[page] = self._seen.get(page, 0) | mask
        return run

    def _new(self, key: Cell) -> int | None:
        if not is_row_number(key):
            return None
        number = int(key)
        page, bit = divmod(number, _PAGE)
        seen = self._seen.get(page, 0)
        if seen >> bit & 1 or (not seen and len(self._seen) >= _MOST_PAGES):
            return None
        self._seen[page] = seen | 1 << bit
        return number


@dataclass(slots=True)
class Table:
    """A table as rows of it are given: its place, the labels of its columns by number, and its rows' numbers.

    `key` is the column whose values number the rows, 0 where their order does.
    """

    name: str
    where: Location
    labels: dict[int, str]
    key: int = 0
    rows: RowNumbers = field(default_factory=RowNumbers)

    def parts(
        self,
        columns: Sequence[Sequence[Cell]],
        numbers: Sequence[int],
        binaries: Binaries,
        owners: Owners | None = None,
    ) -> Iterator[Part]:
        """A block: `columns` of equal length, which have these column numbers; `owners` of its rows."""
        count = len(columns[0]) if columns else 0
        if not count:
            return
        keys = columns[numbers.index(self.key)] if self.key in numbers else None
        if keys and not self.rows.count and not is_row_number(keys[0]):
            self.key, keys = 0, None  # its primary key is a word
        rows, others = self.rows.number(keys, count)
        texts = []
        for number, values in zip(numbers, columns, strict=True):
            name = "/".join(filter(None, (self.name, self.labels.get(number, ""))))
            texts.append((yield from texts_of(values, name, rows, binaries)))
        if not others:
            yield from columns_of(texts, numbers, rows, self.labels, self.where, owners=owners)
            return
        apart = set(others)
        for where, kept in (
            (self.where, [index for index in range(count) if index not in apart]),
            (self.where.then(again=1), others),
        ):
            cells = [[values[index] for index in kept] for values in texts]
            theirs = replace(owners, records=tuple(owners.records[index] for index in kept)) if owners else None
            yield from columns_of(cells, numbers, [rows[index] for index in kept], self.labels, where, owners=theirs)


def texts_of(
    values: Sequence[Cell], name: str, rows: Sequence[int], binaries: Binaries
) -> Generator[Part, None, Sequence[str]]:
    """Gives the files in a column called `name` (table/column), and returns the texts of its other values."""
    if bytes not in set(map(type, values)):
        return values  # type: ignore[return-value]  # no bytes among them
    texts = []
    for row, value in zip(rows, values, strict=True):
        if isinstance(value, bytes):
            text, child = binaries.read(value, f"{name}/{row}")
            texts.append(text)
            if child:
                yield child
        else:
            texts.append(value)
    return texts
