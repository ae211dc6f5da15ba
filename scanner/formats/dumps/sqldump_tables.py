"""Rows of a dump as they are written go in, blocks of Columns with the names and keys of their tables come out."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from scanner.formats.dumps.sqldump_schema import Definition, Name, Reference
from scanner.formats.dumps.sqldump_source import Source
from scanner.formats.dumps.sqldump_values import Grammar, as_bytes, value_of
from scanner.formats.tables.blocks import BLOCK_CELLS, BLOCK_ROWS
from scanner.formats.tables.db_rows import BLOCK_CHARS, Binaries, Cell, Table
from scanner.formats.tables.foreign_keys import Link, Owner, owner_of
from scanner.model import Location, Lost, Part, Reason

_USUAL = frozenset(("", "public", "dbo", "main"))  # schemas that go without saying
_COPY_ESCAPE = re.compile(r"\\([0-7]{1,3}|x[0-9a-fA-F]{1,2}|.)", re.DOTALL)
_LONE = re.compile("[\ud800-\udfff]")
_COPY = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


@dataclass(slots=True)
class DumpTable:
    """A table as the dump tells of it; `waiting` are rows as they are written, all of one shape."""

    table: Table
    numbers: dict[str, int] = field(default_factory=dict)  # by name in small letters
    last: int = 0  # the highest of them
    binary: set[int] = field(default_factory=set)
    known: bool = False  # its columns were told
    shape: tuple[bool, tuple[int, ...]] = (False, ())
    waiting: list[Any] = field(default_factory=list)
    chars: int = 0
    odd: int = 0  # rows with more or fewer values than columns
    references: dict[Reference, None] = field(default_factory=dict)
    database: str = ""
    owner: Owner | None = None
    owner_known: bool = False

    @classmethod
    def at(cls, place: Location, name: str) -> "DumpTable":
        """A table of which nothing is known yet."""
        return cls(Table(name, place.then(table=name), {}))

    def columns(self, names: Sequence[str], width: int) -> tuple[int, ...]:
        """The numbers of the columns of a row: `names` as INSERT lists them, else they stand in the table's order."""
        if not names:
            return tuple(range(1, width + 1))
        numbers = tuple(self.column(name) for name in names[:width])
        return (*numbers, *range(self.last + 1, self.last + 1 + width - len(numbers)))

    def column(self, name: str) -> int:
        """The number of a column; one that was never heard of gets the next."""
        number = self.numbers.get(name.lower())
        if number is None:
            self.last += 1
            number = self.numbers[name.lower()] = self.last
            self.table.labels[number] = name
        return number

    def define(self, definition: Definition) -> None:
        """Take over what CREATE TABLE or ALTER TABLE says."""
        for name in definition.columns:
            number = self.column(name)
            if name in definition.binary:
                self.binary.add(number)
        self.known = self.known or bool(definition.columns)
        self.references.update(dict.fromkeys(definition.references))
        self.owner_known = False
        self._keyed(definition.primary)

    def _keyed(self, primary: Sequence[str]) -> None:
        if len(primary) == 1 and (primary[0].lower() in self.numbers or not self.known):
            self.table.key = self.column(primary[0]) if self.known else self.table.key


class Tables:
    """All tables of a dump by their names."""

    def __init__(
        self, source: Source, grammar: Grammar, binaries: Binaries, definitions: Iterable[Definition] = ()
    ) -> None:
        self.database = ""
        self._source = source
        self.grammar = grammar
        self._binaries = binaries
        self._tables: dict[Name, DumpTable] = {}
        self._told: dict[Name, list[Definition]] = {}
        for one in definitions:
            self._told.setdefault(_plain(one.name), []).append(one)
        self._chars = 0

    def _known_as(self, name: Name, database: str) -> Name:
        plain = _plain(name)
        return plain if len(plain) > 1 else (database.lower(), *plain)

    def find(self, name: Name, database: str | None = None) -> DumpTable:
        """The table of this name, as it is meant in a database (None: the one in use); an unknown one begins here."""
        database = self.database if database is None else database
        key = self._known_as(name, database)
        table = self._tables.get(key)
        if table is None:
            schema = ".".join(step for step in name[:-1] if step.lower() not in _USUAL)
            where = Location.of(database=database) if database else Location()
            if schema and schema.lower() != database.lower():
                where = Location.of(schema=schema)
            table = self._tables[key] = DumpTable.at(where, name[-1])
            table.database = database
            told = self._told.get(_plain(name), [])
            # Tables of one name in several databases may differ: then each is told when it comes.
            if sum(bool(one.columns) for one in told) <= 1:
                for one in sorted(told, key=lambda one: not one.columns):
                    table.define(one)
        return table

    def define(self, definition: Definition) -> None:
        """Take over what a statement says of a table."""
        self.find(definition.name).define(definition)

    def add(
        self, table: DumpTable, numbers: tuple[int, ...], rows: Sequence[Any], chars: int, copy: bool
    ) -> Iterator[Part]:
        """Rows of so many characters: lines of a COPY, else groups of row_pattern()."""
        shape = (copy, numbers)
        if table.shape != shape:
            yield from self._flush(table)
            table.shape = shape
        table.waiting += rows
        table.chars += chars
        self._chars += chars
        most = max(1, min(BLOCK_ROWS, BLOCK_CELLS // max(len(numbers), 1)))
        if len(table.waiting) >= most or table.chars >= BLOCK_CHARS:
            yield from self._flush(table)
        elif self._chars >= 2 * BLOCK_CHARS:
            for one in self._tables.values():
                yield from self._flush(one)

    def rest(self) -> Iterator[Part]:
        """All that waits, and what was lost."""
        for table in self._tables.values():
            yield from self._flush(table)
            if table.odd:
                rows = "row has" if table.odd == 1 else "rows have"
                detail = f"{table.odd} {rows} more or fewer values than columns in the table {table.table.name}"
                yield Lost("", Reason.DAMAGED, detail)
        yield from self._binaries.losses()

    def _flush(self, table: DumpTable) -> Iterator[Part]:
        waiting, (copy, numbers) = table.waiting, table.shape
        self._chars -= table.chars
        table.waiting, table.chars = [], 0
        if not waiting:
            return
        if copy:
            columns = self._copied(table, waiting, len(numbers))
            numbers = table.columns([table.table.labels[number] for number in numbers], len(columns))
        else:
            groups = list(zip(*waiting, strict=True))
            columns = [
                self._decoded(table, number, groups[2 * index], groups[2 * index + 1])
                for index, number in enumerate(numbers)
            ]
        owner = self._owner(table)
        owners = owner.of(columns[numbers.index(owner.column)]) if owner and owner.column in numbers else None
        yield from table.table.parts(columns, numbers, self._binaries, owners)

    def _owner(self, table: DumpTable) -> Owner | None:
        """Whose rows the rows of a table are."""
        if not table.owner_known:
            table.owner, table.owner_known = owner_of(self._links(table)), True
        return table.owner

    def _links(self, table: DumpTable) -> Iterator[Link]:
        for reference in table.references:
            theirs = self.find(reference.table, table.database)
            column = table.numbers.get(reference.columns[0].lower(), 0) if len(reference.columns) == 1 else 0
            key = theirs.numbers.get(reference.theirs[0].lower(), 0) if reference.theirs else theirs.table.key
            if column and theirs is not table and key and key == theirs.table.key:
                label, whole = table.table.labels[column], column == table.table.key
                yield Link(column, label, theirs.table.where, theirs.table.labels, whole)

    def _decoded(
        self, table: DumpTable, number: int, plain: Sequence[str | None], other: Sequence[str]
    ) -> Sequence[Cell]:
        grammar, binary = self.grammar, number in table.binary
        values: list[Cell] = [
            one if one is not None else raw if raw.isdecimal() else value_of(raw, grammar, binary)
            for one, raw in zip(plain, other, strict=True)
        ]
        return self._settled(values, binary, table.known)

    def _settled(self, values: list[Cell], binary: bool, known: bool) -> Sequence[Cell]:
        source = self._source
        if source.mixed:
            values = [source.cell(one, binary) if isinstance(one, str) else one for one in values]
        if binary:
            return [as_bytes(one) if isinstance(one, str) and one else one for one in values]
        if not known:  # a bytea of PostgreSQL, most likely
            return [as_bytes(one) if isinstance(one, str) and one.startswith("\\x") else one for one in values]
        return values

    def _copied(self, table: DumpTable, lines: Sequence[str], width: int) -> list[Sequence[Cell]]:
        rows = [line.split("\t") for line in lines]
        width = width or len(rows[0])
        odd = sum(len(row) != width for row in rows)
        table.odd += odd
        columns = zip_longest(*rows, fillvalue="") if odd else zip(*rows, strict=True)
        found = []
        for index, cells in enumerate(columns):
            number = table.shape[1][index] if index < len(table.shape[1]) else 0
            binary = number in table.binary
            values = ["" if one == "\\N" else self._escaped(one, binary) if "\\" in one else one for one in cells]
            found.append(self._settled(values, binary, table.known))
        return found

    def _escaped(self, cell: str, binary: bool) -> Cell:
        """A cell of a COPY with escapes: what is written as single bytes need not be the text of any character set."""
        text = copied(cell)
        return self._source.cell(text, binary) if _LONE.search(text) else text


def _plain(name: Name) -> Name:
    """A name in small letters, without the schemas that go without saying."""
    return (*(step.lower() for step in name[:-1] if step.lower() not in _USUAL), name[-1].lower())


def copied(cell: str) -> str:
    """A cell of a COPY block without its escapes."""
    text = _COPY_ESCAPE.sub(_copy_character, cell)
    return _whole(text) if _LONE.search(text) else text


def _copy_character(found: re.Match[str]) -> str:
    sign = found[1]
    if len(sign) > 1 or sign in "01234567":
        code = int(sign[1:], 16) if sign[0] == "x" else int(sign, 8) & 255
        return chr(code) if code < 128 else chr(0xDC00 + code)
    return _COPY.get(sign, sign)


def _whole(text: str) -> str:
    """Bytes that were written one by one put together to characters again."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
