"""CREATE TABLE and ALTER TABLE of a dump go in; the columns and keys of its tables come out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, TypeAlias

from scanner.limits import MB

Name: TypeAlias = tuple[str, ...]  # ("sales", "customers"): all steps but the last may be missing

NAME = r"(?:\"(?:[^\"]|\"\")+\"|`(?:[^`]|``)+`|\[[^\]]+\]|[\w$#@]+)"
NAMES = rf"{NAME}(?:\s*\.\s*{NAME}){{0,3}}"
_ONE = re.compile(NAME)
_STRING = r"'(?:[^'\\]++|\\.|''|(?!))*+'"
_CREATE = re.compile(
    rf"\s*CREATE\s+(?:\w+\s+){{0,4}}?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?P<name>{NAMES})\s*\(", re.IGNORECASE
)
_ALTER = re.compile(
    rf"\s*ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?(?P<name>{NAMES})\s+(?:WITH\s+(?:NO)?CHECK\s+)?(?=ADD\b|RENAME\b)",
    re.IGNORECASE,
)
_INNER = rf"(?:[^'()]++|{_STRING}|\((?:[^'()]++|{_STRING}|\((?:[^'()]++|{_STRING}|\([^'()]*\))*\))*\))"
_PART = re.compile(
    rf"\s*((?:[^'\"`(),\[]++|{_STRING}|\"[^\"]*\"|`[^`]*`|\[[^\]]*\]|\({_INNER}*\)|\[)*)\s*([,)]?)", re.DOTALL
)
_CONSTRAINT = re.compile(
    r"(?:CONSTRAINT|PRIMARY\s+KEY|UNIQUE|FOREIGN\s+KEY|CHECK|KEY|INDEX|FULLTEXT|SPATIAL|EXCLUDE|LIKE|PERIOD"
    r"|SUPPLEMENTAL)\b(?!\s*,)",
    re.IGNORECASE,
)
# A column may be called "key" or "index".
_TYPED = re.compile(r"\w+\s+(?:(?:big|small|tiny)?int|varchar|char|text|number)", re.IGNORECASE)
_LIST = rf"\(\s*(?P<{{}}>{NAME}[^()]*(?:\(\d+\)[^()]*)*)\)"
_PRIMARY = re.compile(rf"PRIMARY\s+KEY\s+(?:\w+\s+)*?{_LIST.format('keys')}|PRIMARY\s+KEY{_LIST.format('more')}", re.I)
_FOREIGN = re.compile(
    rf"FOREIGN\s+KEY\s*(?:{NAME}\s*)?{_LIST.format('own')}\s*REFERENCES\s+(?P<name>{NAMES})\s*(?:{_LIST.format('their')})?",
    re.IGNORECASE,
)
_REFERENCES = re.compile(rf"\bREFERENCES\s+(?P<name>{NAMES})\s*(?:{_LIST.format('their')})?", re.IGNORECASE)
_BINARY = re.compile(r"[\"`\[]?(?:\w*blob|bytea|(?:var)?binary|image|raw|long\s+raw)\b", re.IGNORECASE)
_STATEMENT = 64 * 1024  # an ALTER TABLE that is longer adds no key


@dataclass(frozen=True, slots=True)
class Reference:
    """Columns of a table that name a row of another: its name, and its columns (none: its primary key)."""

    columns: tuple[str, ...]
    table: Name
    theirs: tuple[str, ...] = ()


@dataclass(slots=True)
class Definition:
    """What a dump says of one table, names as it writes them."""

    name: Name
    columns: list[str] = field(default_factory=list)
    binary: set[str] = field(default_factory=set)
    primary: tuple[str, ...] = ()
    references: list[Reference] = field(default_factory=list)


def plain_name(written: str) -> str:
    """A name without its quotes."""
    quote, inner = written[:1], written[1:-1]
    if quote in ('"', "`"):
        return inner.replace(quote * 2, quote)
    return inner if quote == "[" else written


def plain_names(written: str) -> Name:
    """All names of a list or of the steps of a name, without their quotes."""
    return tuple(plain_name(found[0]) for found in _ONE.finditer(written))


def _listed(written: str) -> tuple[str, ...]:
    """Columns of a key: `name`(10) DESC is name."""
    return tuple(plain_name(found[0]) for part in written.split(",") if (found := _ONE.match(part.strip())))


def created(statement: str) -> Definition | None:
    """The table that a statement creates; None where it creates none."""
    start = _CREATE.match(statement)
    if start is None:
        return None
    table = Definition(plain_names(start["name"]))
    at = start.end()
    while (part := _PART.match(statement, at)) and part.end() > at:
        _column(table, part[1].strip())
        at = part.end()
        if part[2] != ",":
            break
    return table


def _column(table: Definition, text: str) -> None:
    name = _ONE.match(text)
    if name is None:
        return
    if _CONSTRAINT.match(text) and not _TYPED.match(text):
        _constraint(table, text)
        return
    column = plain_name(name[0])
    table.columns.append(column)
    kind = text[name.end() :].strip()
    if _BINARY.match(kind):
        table.binary.add(column)
    if re.search(r"\bPRIMARY\s+KEY\b", kind, re.IGNORECASE):
        table.primary = (column,)
    if found := _REFERENCES.search(kind):
        table.references.append(Reference((column,), plain_names(found["name"]), _listed(found["their"] or "")))


def _constraint(table: Definition, text: str) -> None:
    if found := _PRIMARY.search(text):
        table.primary = _listed(found["keys"] or found["more"])
    for found in _FOREIGN.finditer(text):
        reference = Reference(_listed(found["own"]), plain_names(found["name"]), _listed(found["their"] or ""))
        table.references.append(reference)


def altered(statement: str) -> Definition | None:
    """The keys that a statement adds to a table; None where it adds none."""
    start = _ALTER.match(statement)
    if start is None:
        return None
    table = Definition(plain_names(start["name"]))
    _constraint(table, statement[start.end() :])
    return table if table.primary or table.references else None


def definition(statement: str) -> Definition | None:
    """What a statement says of a table, if it is one that creates or alters one."""
    return created(statement) or altered(statement)


def definitions(stream: IO[bytes]) -> Iterator[Definition]:
    """What stands anywhere in a dump of its tables: keys behind their rows, tables behind those that refer to them.

    The stream stands at its start afterwards. A search for two words: the rows are not looked at.
    """
    waiting = b""
    ended = False
    while not ended:
        block = stream.read(MB)
        ended = not block
        waiting += block
        last = len(waiting) if ended else max(0, len(waiting) - _STATEMENT)
        for word in (b"CREATE TABLE", b"ALTER TABLE"):
            yield from _defined(waiting, word, last)
        waiting = waiting[last:]
    stream.seek(0)


def _defined(text: bytes, word: bytes, last: int) -> Iterator[Definition]:
    """Of statements that begin with this word before `last`."""
    at = 0
    while 0 <= (start := text.find(word, at)) < last:
        at = start + len(word)
        end = text.find(b";", start, start + _STATEMENT)
        if end >= 0 and (start == 0 or text[start - 1] in b"\n\r"):
            found = definition(text[start:end].decode("utf-8", "replace"))
            if found:
                yield found
