"""A SQLite database goes in, Columns of its tables and views come out; files in it come out as Children."""

import io
import os
import re
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from scanner.encoding import decode
from scanner.formats.archives.nested import is_data
from scanner.formats.tables.db_rows import Binaries
from scanner.formats.tables.foreign_keys import Link, Owner, owner_of
from scanner.formats.tables.row_blocks import Heading, RowBlocks, Value
from scanner.limits import Budget
from scanner.model import Location, Lost, Part, Reason, Segment, Skip

_ERRORS = (sqlite3.Error, sqlite3.Warning, UnicodeError, ValueError, OverflowError)
_LONGEST_REPAIR = 8 * 1024 * 1024 * 1024
_LONGEST_COPY = 4 * 1024 * 1024 * 1024  # of a database in use
_LONGEST_LOG = 256 * 1024 * 1024
_LONGEST_VALUE = 256 * 1024 * 1024
_TICK = 10_000  # steps of SQLite's machine between two looks
_VIEW_TICKS = 3_000  # what a view may cost: counted in steps, not seconds, so that two scans agree
_VIEW_ROWS = 10_000
_STEPS_BY = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE}
# Virtual tables prepare these when they are opened. Run they would fail: the file is open for reading only.
_NEVER_RUN = {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE}
_PRAGMAS = {"table_list", "table_xinfo", "foreign_key_list", "data_version", "page_size"}
_FORBIDDEN = {"load_extension", "fts3_tokenizer", "zeroblob", "randomblob"}
_DAMAGE = ("malformed", "not a database", "disk I/O error")
# What this SQLite does not have or may not do: the file is not damaged.
_OURS = ("too big", "not authorized", "no such module", "no such function", "unknown function", "unsafe use")
_COMMENT = re.compile(r"/\*|--")
_ROW_IDS = ("_rowid_", "rowid", "oid")


@dataclass(frozen=True, slots=True)
class _Table:
    """A table or view: all its columns by number, those of them that are computed, and the name of the row number."""

    name: str
    kind: str
    columns: dict[int, str]
    computed: frozenset[int]
    row_id: str
    key: int = 0  # the column that is another name of the row number
    owner: Owner | None = None


@dataclass(slots=True)
class _Reading:
    """What goes on while one database is read: its limits, and the values that nobody can read."""

    binaries: Binaries
    ticks: int = 0
    most_ticks: int = 0
    failures: int = 0

    def limit(self, ticks: int) -> None:
        """Let the next queries take so many ticks; 0 = as many as they need."""
        self.ticks, self.most_ticks = 0, ticks

    def tick(self) -> int:
        """Called by SQLite; not 0 ends the query."""
        self.ticks += 1
        return int(0 < self.most_ticks < self.ticks)


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read every table row by row; damage costs the rows behind it, a table that cannot be read costs that table."""
    reading = _Reading(Binaries(budget))
    with _as_file(stream) as (path, original), _opened(path, reading, path != original) as connection:
        if original:
            yield from _beside(original, read=path != original)
        try:
            tables, words = _tables(connection), list(_words_of_schema(connection))
        except _ERRORS as error:
            raise Skip(Reason.DAMAGED, _says(error)) from error
        yield from words
        whole: set[str] = set()
        for table in tables:
            if table.kind == "shadow" and table.name.rpartition("_")[0] in whole:
                continue  # what a full-text table keeps for itself: its words stand in the table already
            failures = reading.failures
            yield from _read(connection, table, reading)
            if table.kind == "virtual" and reading.failures == failures:
                whole.add(table.name)
    yield from reading.binaries.losses()


@contextmanager
def _as_file(stream: IO[bytes]) -> Iterator[tuple[Path, Path | None]]:
    """A path under which SQLite can open the bytes, and the original where the system tells it.

    Of a database in use the copy is read together with one of its -wal file, so that its latest changes are in it.
    """
    whole = _told_size(stream)
    cut_off = stream.seek(0, io.SEEK_END) < whole
    stream.seek(0)
    original = None if cut_off else _original(stream)
    changes = _changes(original) if original else b""
    if original and not changes:
        yield original, original
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "copy.sqlite"
        if changes:
            copy.with_name(f"{copy.name}-wal").write_bytes(changes)
        with copy.open("wb") as target:
            shutil.copyfileobj(stream, target, 1024 * 1024)
            if cut_off and whole <= _LONGEST_REPAIR:
                target.truncate(whole)  # SQLite opens nothing that is shorter than it says; the pages are missing still
        yield copy, original


def _changes(original: Path) -> bytes:
    """What stands in the -wal file beside a database; nothing where it or the database is too long to be copied."""
    log = original.with_name(f"{original.name}-wal")
    with suppress(OSError):
        if log.stat().st_size <= _LONGEST_LOG and original.stat().st_size <= _LONGEST_COPY:
            return log.read_bytes()
    return b""


def _told_size(stream: IO[bytes]) -> int:
    """The size that the header tells, 0 where it does not."""
    stream.seek(0)
    header = stream.read(100)
    if len(header) < 100 or header[24:28] != header[92:96]:
        return 0
    page = int.from_bytes(header[16:18], "big")
    return int.from_bytes(header[28:32], "big") * (65536 if page == 1 else page)


def _original(stream: IO[bytes]) -> Path | None:
    """The path of a stream that is an open file; None for a member, and where the system does not tell.

    It is never opened for writing, and `immutable` keeps SQLite from making any file beside it.
    """
    name = getattr(stream, "name", None)
    try:
        if isinstance(name, int):
            name = str(Path(f"/proc/self/fd/{name}").readlink())  # elsewhere a copy is made
        if not isinstance(name, (str, bytes)):
            return None
        path = Path(os.fsdecode(name)).absolute()
        return path if os.path.samestat(path.stat(), os.fstat(stream.fileno())) else None
    except (OSError, ValueError, AttributeError):
        return None


@contextmanager
def _opened(path: Path, reading: _Reading, ours: bool) -> Iterator[sqlite3.Connection]:
    try:
        # Beside a copy of ours SQLite may make files, as it has to where there is a -wal file; elsewhere never.
        how = "mode=rw" if ours and path.with_name(f"{path.name}-wal").exists() else "mode=ro&immutable=1"
        connection = sqlite3.connect(f"{path.as_uri()}?{how}", uri=True, isolation_level=None)
    except _ERRORS as error:
        raise Skip(Reason.DAMAGED, _says(error)) from error
    with closing(connection):
        connection.text_factory = _text
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        for pragma in ("trusted_schema=OFF", "query_only=ON", "cell_size_check=ON", "mmap_size=0"):
            with suppress(*_ERRORS):  # a damaged file refuses them, too; the first query tells
                connection.execute(f"PRAGMA {pragma}")
        connection.set_authorizer(_allowed)
        connection.set_progress_handler(reading.tick, _TICK)
        yield connection


def _allowed(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    """Reading, and nothing else: what a view of a hostile file may do."""
    fine = (
        action in _STEPS_BY
        or action in _NEVER_RUN
        or (action == sqlite3.SQLITE_PRAGMA and first in _PRAGMAS)
        or (action == sqlite3.SQLITE_FUNCTION and (second or "").lower() not in _FORBIDDEN)
    )
    return sqlite3.SQLITE_OK if fine else sqlite3.SQLITE_DENY


def _text(raw: bytes) -> str:
    """Text of a value: databases hold bytes of any encoding where text should be."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return decode(raw)


def _beside(path: Path, read: bool) -> Iterator[Lost]:
    """Changes that a program has not yet written into the database; `read`: those of a -wal file were read, too."""
    for suffix in ("-wal", "-journal"):
        with suppress(OSError):
            if not path.with_name(path.name + suffix).stat().st_size:
                continue
            if read and suffix == "-wal":
                yield Lost("", Reason.CHANGED, "is in use; what stands in its -wal file was read: scan it again later")
            else:
                yield Lost("", Reason.CHANGED, f"its latest changes stand in its {suffix} file and were not read")


def _tables(connection: sqlite3.Connection) -> list[_Table]:
    """Virtual tables first, because others belong to them; views last, because what they show was read before."""
    rows = list(connection.execute("SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view')"))
    kinds = _kinds(connection)
    tables = []
    for name, kind, statement in rows:
        if isinstance(name, str) and not name.lower().startswith("sqlite_"):
            virtual = "virtual" if str(statement).upper().startswith("CREATE VIRTUAL") else str(kind)
            tables.append(_described(connection, name, kinds.get(name) or virtual))
    known = {table.name.lower(): table for table in tables}
    tables = [replace(table, owner=_owner(connection, table, known)) for table in tables]
    return sorted(tables, key=lambda table: {"virtual": 0, "view": 2}.get(table.kind, 1))


def _words_of_schema(connection: sqlite3.Connection) -> Iterator[Segment]:
    """Statements that hold more than plain names: comments, texts, names that are data themselves."""
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
    for number, (name, statement) in enumerate(rows, start=1):
        if isinstance(statement, str) and ("@" in statement or is_data(str(name)) or _COMMENT.search(statement)):
            yield Segment(statement, Location.of(schema=number))


def _kinds(connection: sqlite3.Connection) -> dict[str, str]:
    """Name -> table, view, virtual or shadow; SQLite before 3.37 does not tell."""
    try:
        return {str(row[1]): str(row[2]) for row in connection.execute("PRAGMA main.table_list")}
    except _ERRORS:
        return {}


def _described(connection: sqlite3.Connection, name: str, kind: str) -> _Table:
    columns: dict[int, str] = {}
    computed = set()
    keys: list[int] = []
    try:
        for row in connection.execute(f"PRAGMA main.table_xinfo({_quoted(name)})"):
            if row[6] != 1:
                columns[int(row[0]) + 1] = str(row[1])
            if row[5] == 1 and str(row[2]).upper() == "INTEGER":
                keys.append(int(row[0]) + 1)
            elif row[5]:
                keys += [0, 0]
            if row[6] in (2, 3):
                computed.add(int(row[0]) + 1)
    except _ERRORS:
        columns = {}  # reading it will say why
    names = {column.lower() for column in columns.values()}
    row_id = next((word for word in _ROW_IDS if word not in names), "") if kind != "view" else ""
    if row_id and not _works(connection, f"SELECT {row_id} FROM main.{_quoted(name)} LIMIT 0"):  # noqa: S608 - names are quoted
        row_id = ""  # WITHOUT ROWID
    key = keys[0] if len(keys) == 1 and row_id else 0
    return _Table(name, kind, columns, frozenset(computed), row_id, key)


def _owner(connection: sqlite3.Connection, table: _Table, tables: Mapping[str, _Table]) -> Owner | None:
    """Whose rows the rows of a table are, by its foreign keys of one column."""
    try:
        rows = list(connection.execute(f"PRAGMA main.foreign_key_list({_quoted(table.name)})"))
    except _ERRORS:
        return None
    parts = Counter(row[0] for row in rows)
    numbers = {name.lower(): number for number, name in table.columns.items()}
    links = []
    for number, _, other, own, theirs, *_ in rows:
        parent, column = tables.get(str(other).lower()), numbers.get(str(own).lower(), 0)
        if parts[number] != 1 or parent is None or not parent.key or not column or parent.name == table.name:
            continue
        if theirs is None or str(theirs).lower() == parent.columns[parent.key].lower():
            where = Location.of(table=parent.name)
            links.append(Link(column, table.columns[column], where, parent.columns, column == table.key))
    return owner_of(links)


def _works(connection: sqlite3.Connection, query: str) -> bool:
    try:
        connection.execute(query)
    except _ERRORS:
        return False
    return True


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _read(connection: sqlite3.Connection, table: _Table, reading: _Reading) -> Iterator[Part]:
    """All of one table: stored columns first, so that a computed one that fails takes none of them along."""
    stored = [number for number in table.columns if number not in table.computed]
    limited = table.kind in ("view", "virtual")
    reading.limit(_VIEW_TICKS if limited else 0)
    yield from _query(connection, table, stored, reading, limited)
    for number in sorted(table.computed):
        reading.limit(_VIEW_TICKS)
        yield from _query(connection, table, [number], reading, limited=True)


def _query(
    connection: sqlite3.Connection, table: _Table, numbers: Sequence[int], reading: _Reading, limited: bool
) -> Iterator[Part]:
    names = ", ".join(_quoted(table.columns[number]) for number in numbers) or "*"
    query = f"SELECT {table.row_id or 'NULL'}, {names} FROM main.{_quoted(table.name)}"  # noqa: S608 - names are quoted
    rows = RowBlocks(Heading(table.name, table.columns, numbers, table.owner), reading.binaries)
    what = f"the {'view' if table.kind == 'view' else 'table'} {table.name}"
    try:
        for row in connection.execute(query):
            yield from _add(rows, row)
            if limited and rows.count >= _VIEW_ROWS:
                yield Lost("", Reason.LIMIT, f"only {_VIEW_ROWS} rows of {what} were read")
                break
    except _ERRORS as error:
        yield from rows.flush()
        reading.failures += 1
        if limited and reading.most_ticks and reading.ticks > reading.most_ticks:
            yield Lost("", Reason.LIMIT, f"{what} takes too long to compute; {rows.count} rows of it were read")
        else:
            words = _says(error)
            reason = Reason.UNSUPPORTED if words in _OURS else Reason.DAMAGED
            yield Lost("", reason, f"{what}, behind {rows.count} rows: {words}")
            if reason is Reason.DAMAGED and table.row_id and rows.last is not None:
                yield from _from_the_end(connection, query, table.row_id, rows)
    yield from rows.flush()


def _add(rows: RowBlocks, row: Sequence[Value]) -> Iterator[Part]:
    """A row that begins with its number, where it has one."""
    return rows.add(row[0] if isinstance(row[0], int) else None, row[1:])


def _from_the_end(connection: sqlite3.Connection, query: str, row_id: str, before: RowBlocks) -> Iterator[Part]:
    """The rows behind a damaged page, read backwards until the damage."""
    rows = before.again()
    with suppress(*_ERRORS):
        for row in connection.execute(f"{query} WHERE {row_id} > ? ORDER BY {row_id} DESC", (before.last,)):
            yield from _add(rows, row)
    yield from rows.flush()


def _says(error: BaseException) -> str:
    """SQLite's own words where they quote nothing of the file, else the kind of error."""
    return next((words for words in (*_DAMAGE, *_OURS) if words in str(error)), type(error).__name__)
