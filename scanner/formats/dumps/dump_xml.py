"""A dump of a database as XML goes in (mysqldump --xml, mysql --xml, phpMyAdmin), Columns of its tables come out."""

import re
from collections.abc import Iterator
from typing import IO

from scanner.formats.dumps.sqldump_schema import NAMES, Definition, created, plain_names
from scanner.formats.dumps.sqldump_tables import DumpTable
from scanner.formats.dumps.sqldump_values import as_bytes
from scanner.formats.tables.blocks import BLOCK_ROWS
from scanner.formats.tables.db_rows import BLOCK_CHARS, Binaries, Cell
from scanner.formats.text.prose import Prose
from scanner.formats.text.xml import quiet_parser, read_document
from scanner.limits import Budget
from scanner.model import Location, Part

_TABLES = frozenset(("table_data", "resultset"))
_CELLS = frozenset(("field", "column"))
_BINARY = re.compile(r"\w*blob|(?:var)?binary", re.IGNORECASE)
_FROM = re.compile(rf"\bFROM\s+({NAMES})", re.IGNORECASE)
_HEX = re.compile(r"(?:[0-9a-fA-F]{2})*")


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read a dump row by row; where it is broken, the rest is read as plain text and reported."""
    reader = _Reader(budget)
    yield from read_document(stream, reader)
    yield from reader.binaries.losses()


class _Reader:
    """Collects rows while expat calls; `drain` hands over what is full."""

    def __init__(self, budget: Budget) -> None:
        self.binaries = Binaries(budget)
        self.skipped = 0
        self.started = False
        self._parts: list[Part] = []
        self._prose = Prose()
        self._tables: dict[tuple[str, str], DumpTable] = {}
        self._database = ""
        self._table: DumpTable | None = None
        self._definition: Definition | None = None
        self._row: dict[int, Cell] | None = None
        self._rows: list[dict[int, Cell]] = []
        self._chars = 0
        self._cell: tuple[int, bool] | None = None  # the column, and whether hexadecimal digits stand in it
        self._text: list[str] = []
        self.parser = quiet_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text.append
        self.parser.CommentHandler = self._say
        self.parser.SkippedEntityHandler = self._skip

    def drain(self) -> Iterator[Part]:
        """What has come together since the last call."""
        parts, self._parts = self._parts, []
        yield from parts

    def finish(self) -> None:
        """Give all that waits; a broken document leaves a row open."""
        self._end_row()
        self._flush()
        self._say_text()
        self._parts += self._prose.rest()

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.started = True
        name = attributes.get("name", "")
        if tag in _CELLS and self._row is not None and self._table is not None:
            column = self._table.column(name)
            self._cell = column, attributes.get("xsi:type", "").endswith("hexBinary")
            self._text.clear()
            return
        self._say_text()
        if tag in ("database", "pma:database"):
            self._database = name
        elif tag in _TABLES:
            found = _FROM.search(attributes.get("statement", ""))
            self._use(name or (".".join(plain_names(found[1])) if found else "result"))
            self._say(attributes.get("statement", ""))
        elif tag in ("row", "table"):
            if tag == "table":
                self._use(name)
            self._row = {}
        elif tag == "table_structure":
            self._definition = Definition((name,))
        elif tag == "field" and self._definition is not None:
            self._declare(attributes)
        else:
            self._say("\n".join(value for value in attributes.values() if " " in value or "@" in value))

    def _declare(self, attributes: dict[str, str]) -> None:
        name = attributes.get("Field", "")
        if self._definition is not None and name:
            self._definition.columns.append(name)
            if _BINARY.match(attributes.get("Type", "")):
                self._definition.binary.add(name)
            if attributes.get("Key") == "PRI":
                self._definition.primary += (name,)
        self._say(attributes.get("Comment", ""))

    def _end(self, tag: str) -> None:
        if self._cell is not None and tag in _CELLS:
            (number, digits), text = self._cell, "".join(self._text)
            value: Cell = bytes.fromhex(text) if digits and _HEX.fullmatch(text) else text
            if self._row is not None:
                self._row[number] = value
            self._chars += len(text)
            self._cell = None
            self._text.clear()
        elif tag in ("row", "table") and self._row is not None:
            self._end_row()
        elif tag == "table_structure" and self._definition is not None:
            self._table_of(self._definition.name[0]).define(self._definition)
            self._definition = None
        elif tag == "pma:table":
            self._say_text(create=True)
        else:
            self._say_text()

    def _end_row(self) -> None:
        if self._row:
            self._rows.append(self._row)
        self._row = None
        if len(self._rows) >= BLOCK_ROWS or self._chars >= BLOCK_CHARS:
            self._flush()

    def _use(self, name: str) -> None:
        table = self._table_of(name)
        if table is not self._table:
            self._flush()
            self._table = table

    def _table_of(self, name: str) -> DumpTable:
        key = (self._database, name)
        if key not in self._tables:
            where = Location.of(database=self._database) if self._database else Location()
            self._tables[key] = DumpTable.at(where, name)
        return self._tables[key]

    def _flush(self) -> None:
        rows, self._rows, self._chars = self._rows, [], 0
        if not rows or self._table is None:
            return
        numbers = tuple(sorted({number for row in rows for number in row}))
        columns = []
        for number in numbers:
            values = [row.get(number, "") for row in rows]
            if number in self._table.binary:
                values = [as_bytes(value) if isinstance(value, str) and value else value for value in values]
            columns.append(values)
        self._parts += self._table.table.parts(columns, numbers, self.binaries)

    def _say_text(self, create: bool = False) -> None:
        text = "".join(self._text)
        self._text.clear()
        if text.strip():
            if create and (definition := created(text)):
                self._table_of(definition.name[-1]).define(definition)
            self._say(text)

    def _say(self, text: str) -> None:
        line = self.parser.CurrentLineNumber
        self._parts += self._prose.add(text.strip(), Location.of(line=line))

    def _skip(self, *_: object) -> None:
        self.skipped += 1
