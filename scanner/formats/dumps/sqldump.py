"""A dump of a database as SQL goes in; its tables come out as Columns, and all that is no row of them as text.

Read are the dumps of MySQL and MariaDB, PostgreSQL, SQLite, and the scripts of SQL Server and Oracle. Rows are told
apart before anything is searched; what cannot be told apart is read as text and reported.
"""

import re
from collections.abc import Generator, Iterator, Sequence
from typing import IO

from scanner.formats.dumps.sqldump_schema import NAME, NAMES, definition, definitions, plain_name, plain_names
from scanner.formats.dumps.sqldump_source import LONGEST, Source
from scanner.formats.dumps.sqldump_statements import REMARK, end_of_remark, end_of_statement
from scanner.formats.dumps.sqldump_tables import DumpTable, Tables
from scanner.formats.dumps.sqldump_values import Grammar, is_cut_off, row_pattern, split_row
from scanner.formats.tables.db_rows import Binaries
from scanner.formats.text.prose import Prose
from scanner.limits import MB, Budget
from scanner.model import Location, Lost, Part, Reason

_AHEAD = 64 * 1024  # characters at hand when a statement begins
_TOGETHER = 2_000  # rows that are handed on together
_LINES = MB  # characters of a COPY that are taken at once
_BEHIND = 1024  # characters of broken rows that stay: the end of the row may stand in them
_TRIES = 200  # places at which a row is looked for behind a broken one
_STATEMENT = 4 * MB  # a statement that is no rows and longer than this is taken in pieces
_BLANK = re.compile(r"[\s;]*+")
_INSERT = re.compile(
    # Blanks are possessive, groups are not: before Python 3.11.5 these go on behind what the last try took in vain.
    rf"(?:(?:INSERT|REPLACE)\b(?:\s++(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE|OVERWRITE|ALL|OR\s++\w++))*"
    rf"(?:\s++INTO\b)?|INTO)(?:\s++TABLE\b)?\s*+(?P<name>{NAMES})\s*+(?:\((?P<columns>\s*{NAME}(?:\s*,\s*{NAME})*\s*)\)\s*+)?"
    rf"(?:OVERRIDING\s+\w+\s+VALUE\s+)?VALUES?\s*+(?=\()",
    re.IGNORECASE,
)
_COPY = re.compile(
    rf"COPY\s+(?P<name>{NAMES})\s*(?:\((?P<columns>[^;\n]*)\)\s*)?FROM\s+stdin\b"
    rf"(?P<options>[^;\n]*);[ \t]*(?P<end>\r?\n|\Z)",
    re.IGNORECASE,
)
_DELIMITER = re.compile(r"DELIMITER[ \t]+(\S+)[ \t]*(?:\r?\n|\Z)", re.IGNORECASE)
_DELIMITER_BACK = re.compile(r"^DELIMITER[ \t]+;[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_USE = re.compile(rf"(?:USE|\\connect|\\c)\s+(?:-\S+\s+)*({NAME})", re.IGNORECASE)
_ESCAPES_ON = re.compile(r"standard_conforming_strings\s*(?:=|TO)\s*'?off", re.IGNORECASE)
_FURTHER = re.compile(r"\s*+,\s*+(?=\()")
_MAY_GO_ON = re.compile(r"\s*+(?:,\s*+)?\Z")
_ASTRAY = re.compile(r"\s*+[,()'\"\d]")  # no statement begins so
_NO_NEWS = re.compile(r"\s*+(?:;|ON\s+CONFLICT[^;']*;|(?=\Z))", re.IGNORECASE)
_NEXT_ROW = re.compile(
    r"\)\s*,\s*(?=\()|^[ \t]*(?=(?:INSERT|REPLACE|COPY|CREATE|ALTER|LOCK|UNLOCK|DROP)\s|--|/\*|GO\s)|;[ \t]*\r?\n",
    re.IGNORECASE | re.MULTILINE,
)
# What pg_dump puts before each statement says nothing that the statement does not; and a key made of random letters.
_MACHINE_LINE = re.compile(
    r"-- (?:Data for )?Name: .*; Type: [A-Z ]+; Schema: .*; Owner: |\\(?:un)?restrict [A-Za-z0-9]+\s*$"
)
_MYSQL = re.compile(r"MySQL dump|MariaDB dump|phpMyAdmin|HeidiSQL|Adminer|/\*M?!\d|ENGINE\s*=|AUTO_INCREMENT|`\w+`")
_OTHERS = re.compile(
    r"PostgreSQL|pg_catalog|standard_conforming_strings|FROM stdin;|PRAGMA foreign_keys|BEGIN TRANSACTION;|\[dbo\]"
    r"|^GO\s*$|SET ANSI_NULLS|SET DEFINE OFF|VARCHAR2|sqlite_sequence|NO_BACKSLASH_ESCAPES",
    re.MULTILINE,
)
_ESCAPED_QUOTE = re.compile(r"\\'(?!\s*[,)])")


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read a dump statement by statement, in bounded memory."""
    told = list(definitions(stream))
    source = Source(stream)
    source.grow(_AHEAD)
    yield from Dump(source, Tables(source, grammar_of(source.text), Binaries(budget), told)).parts()


def grammar_of(text: str) -> Grammar:
    """How the dump that begins so writes its strings."""
    if _ESCAPES_ON.search(text):
        return Grammar(backslash=True)
    if _OTHERS.search(text):
        return Grammar(backslash=False)
    return Grammar(bool(_MYSQL.search(text) or _ESCAPED_QUOTE.search(text)))


class Dump:
    """The reading of one dump: where it is, its tables, the text outside of their rows, and what could not be read."""

    def __init__(self, source: Source, tables: Tables) -> None:
        self._source = source
        self._tables = tables
        self._prose = Prose()
        self._known: dict[tuple[str, str], tuple[DumpTable, tuple[str, ...]]] = {}
        self._broken: dict[str, list[int]] = {}  # table -> how many rows, and the line of the first

    def parts(self) -> Iterator[Part]:
        """Everything that the dump holds."""
        source = self._source
        while True:
            if source.waiting < _AHEAD:
                source.more()
            source.pass_to(_BLANK.match(source.text, source.at).end())  # type: ignore[union-attr]  # matches always
            if source.at >= len(source.text):
                if source.ended:
                    break
                continue
            yield from self._statement()
        yield from self._tables.rest()
        yield from self._prose.rest()
        for name, (count, line) in self._broken.items():
            rows = "a row is broken" if count == 1 else f"{count} rows are broken"
            detail = f"{rows} in the table {name}, the first near line {line}; read as plain text, so check by hand"
            yield Lost("", Reason.DAMAGED, detail)

    def _statement(self) -> Iterator[Part]:
        source = self._source
        text, at = source.text, source.at
        begins = text[at : at + 1].upper()
        if begins in "IR" and (header := _INSERT.match(text, at)):
            yield from self._insert(header)
        elif begins == "C" and (copy := _COPY.match(text, at)) and _is_plain_copy(copy["options"]):
            yield from self._copy(copy)
        elif begins == "D" and (delimiter := _DELIMITER.match(text, at)) and delimiter[1] != ";":
            yield from self._up_to(_DELIMITER_BACK)
        elif REMARK.match(text, at):
            self._use(text, at)
            yield from self._say(end_of_remark(text, at))
        else:
            yield from self._other()

    def _say(self, end: int) -> Iterator[Part]:
        """Take the text up to `end` as text."""
        line = self._source.line
        taken = self._source.clean(self._source.take(end))
        for number, text in enumerate(taken.split("\n"), start=line):
            if not _MACHINE_LINE.match(text):
                yield from self._prose.add(text.rstrip("\r"), Location.of(line=number))

    def _up_to(self, last: re.Pattern[str]) -> Iterator[Part]:
        """Take the text up to a line like `last` as text."""
        source = self._source
        while True:
            found = last.search(source.text, source.at)
            if found or source.ended:
                yield from self._say(found.end() if found else len(source.text))
                return
            if source.waiting > _STATEMENT:
                yield from self._say(len(source.text) - 64)
            source.more()

    def _other(self) -> Iterator[Part]:
        """A statement that is no rows: it may tell of a table, and is text."""
        source = self._source
        end = end_of_statement(source.text, source.at, self._tables.grammar.backslash)
        while end is None and source.waiting < _STATEMENT and source.more():
            end = end_of_statement(source.text, source.at, self._tables.grammar.backslash)
        end = len(source.text) if end is None else end
        statement = source.clean(source.text[source.at : end])
        if told := definition(statement):
            self._tables.define(told)
        elif _ESCAPES_ON.search(statement):
            self._tables.grammar = Grammar(backslash=True)
        self._use(source.text, source.at)
        yield from self._say(max(end, source.at + 1))

    def _use(self, text: str, at: int) -> None:
        if use := _USE.match(text, at):
            self._tables.database = plain_name(use[1])

    def _insert(self, header: re.Match[str]) -> Iterator[Part]:
        key = (self._tables.database, header[0])
        known = self._known.get(key)
        if known is None:
            if len(self._known) > 1_000:
                self._known.clear()
            name, names = (plain_names(self._source.clean(header[part] or "")) for part in ("name", "columns"))
            known = self._known[key] = (self._tables.find(name), names)
        source = self._source
        source.pass_to(header.end())
        yield from self._rows(*known)
        while _ASTRAY.match(source.text, source.at) and (yield from self._broken_row(known[0], len(known[1]))):
            yield from self._rows(*known)
        if found := _NO_NEWS.match(source.text, source.at):
            source.pass_to(found.end())

    def _rows(self, table: DumpTable, names: Sequence[str]) -> Iterator[Part]:
        """All rows of one statement; one that is broken costs itself."""
        source, grammar = self._source, self._tables.grammar
        width = len(names) or len(table.table.labels)
        goes_on = True
        while goes_on:
            match = row_pattern(grammar, width).match if width else _nothing
            rows: list[Sequence[str | None]] = []
            text, at = source.text, source.at
            start = at
            while len(rows) < _TOGETHER and (found := match(text, at)):
                if found[found.re.groups] is None:
                    if not source.ended and _MAY_GO_ON.match(text, found.end()):
                        break  # whether another row follows will be seen when more is read
                    goes_on = False
                rows.append(found.groups()[:-1])
                at = found.end()
                if not goes_on:
                    break
            source.pass_to(at)
            if rows:
                yield from self._tables.add(table, table.columns(names, width), rows, at - start, copy=False)
            if goes_on and len(rows) < _TOGETHER:
                width, goes_on = yield from self._odd_row(table, names)

    def _odd_row(self, table: DumpTable, names: Sequence[str]) -> Generator[Part, None, tuple[int, bool]]:
        """One row that is not as the others: cut off for now, with functions in it, of another width, or broken.

        Returns how many values the next one has, and whether there is one in this statement.
        """
        source, grammar = self._source, self._tables.grammar
        found = split_row(source.text, source.at, grammar)
        while source.waiting < LONGEST and not source.ended:
            if found is None and not is_cut_off(source.text, source.at, grammar):
                break
            if found is not None and not _MAY_GO_ON.match(source.text, found[1]):
                break
            source.more()
            found = split_row(source.text, source.at, grammar)
        width = len(names) or len(table.table.labels)
        if found is None:
            return width, (yield from self._broken_row(table, width))
        values, end = found
        table.odd += bool(width) and len(values) != width
        row = [part for value in values for part in (None, value)]
        numbers = table.columns(names, len(values))
        yield from self._tables.add(table, numbers, [row], end - source.at, copy=False)
        further = _FURTHER.match(source.text, end)
        source.pass_to(further.end() if further else end)
        return width or len(values), bool(further)

    def _broken_row(self, table: DumpTable, width: int) -> Generator[Part, None, bool]:
        """Take a row that cannot be told apart as text. Returns whether another row of the statement follows."""
        source = self._source
        self._broken.setdefault(table.table.name, [0, source.line])[0] += 1
        tries, at = 0, source.at + 1
        while True:
            found = _NEXT_ROW.search(source.text, at)
            if found is None and source.ended:
                yield from self._say(len(source.text))
                return False
            if found is None:
                if source.waiting > _AHEAD:
                    yield from self._say(len(source.text) - _BEHIND)
                source.more()
                at = source.at
            elif not found[0].startswith(")"):
                yield from self._say(found.end())
                return False
            else:
                tries += 1
                row = split_row(source.text, found.end(), self._tables.grammar) if tries < _TRIES else None
                if row and width in (0, len(row[0])):
                    yield from self._say(found.end())
                    return True
                at = found.end()

    def _copy(self, header: re.Match[str]) -> Iterator[Part]:
        """The rows of a COPY: a line each, up to one with \\. alone."""
        source = self._source
        name, names = (plain_names(source.clean(header[part] or "")) for part in ("name", "columns"))
        table = self._tables.find(name)
        numbers = tuple(table.column(name) for name in names)
        source.pass_to(header.end())
        while True:
            text, at = source.text, source.at
            if text.startswith("\\.", at) and text[at + 2 : at + 3] in ("", "\r", "\n"):
                source.pass_to(at + 2)
                return
            stop = text.find("\n\\.", at, at + _LINES)
            last = stop if stop >= 0 else text.rfind("\n", at, at + _LINES)
            last = last if last >= 0 else text.find("\n", at)
            if last < 0 and not source.ended and source.waiting < LONGEST:
                source.more()
                continue
            last = last if last >= 0 else len(text)
            if last > at or last < len(text):
                lines = text[at:last].split("\n")
                if header["end"] == "\r\n":
                    lines = [line.removesuffix("\r") for line in lines]
                yield from self._tables.add(table, numbers, lines, last - at, copy=True)
            source.pass_to(min(last + 1, len(text)))
            if source.at >= len(source.text) and not source.more():
                return


def _nothing(_text: str, _at: int) -> None:
    """No expression to match: the width of the rows is not yet known."""


def _is_plain_copy(options: str) -> bool:
    """Whether cells end with a tab, as pg_dump writes them, and not in one of the other ways that there are."""
    return not re.search(r"csv|delimiter|binary", options, re.IGNORECASE)
