"""The address of a live database goes in, its tables and views come out as items, each read row by row."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from functools import partial

from sqlalchemy import Connection, Inspector, Select, column, inspect, literal_column, make_url, select, table
from sqlalchemy.types import Integer

from scanner.formats.tables.db_rows import Binaries
from scanner.formats.tables.row_blocks import Heading, RowBlocks
from scanner.limits import MB, Budget
from scanner.locators import quote_name, unquote_name
from scanner.model import Item, Lost, Met, Part, Reason, Skip
from scanner.plan import Plan, Root
from scanner.sources import Live, Terms
from scanner.sources.database_errors import told
from scanner.sources.database_listing import Listed, databases, tables_of
from scanner.sources.database_session import ERRORS, abandon, as_cell, connected, limit_query, take_as_printed
from scanner.sources.rules import Rules, rules_of

MEDIA_TYPE = "application/x-database-table"
VIEW_ROWS = 10_000  # of a view: what it shows stands in tables, which are read whole
_FETCHED = 4 * MB  # of rows at a time
_MOST_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class _Address:
    """Where a table stands: the root as it was given, the database of it, and its name."""

    root: str
    database: str  # "" = the one that the address names
    schema: str
    name: str
    is_view: bool = False
    is_filtered: bool = False

    @property
    def url(self) -> str:
        """The address of its database."""
        return str(make_url(self.root).set(database=self.database)) if self.database else self.root


def walk(root: Root, plan: Plan, terms: Terms) -> Iterator[Item | Met]:
    """All tables and views that the user may see, by schema; a database server without a name gives all databases."""
    rules = rules_of(plan)
    secrets = terms.credentials.of(root.path)
    try:
        named = databases(root.path, secrets, terms.limits)
    except Skip as skip:
        yield Met(".", root.label, skip.reason, skip.detail)
        return
    for database in named:
        address = partial(_Address, root.path, database)
        try:
            with connected(address("", "").url, secrets, terms.limits) as connection:
                for listed in tables_of(connection):
                    yield _met(listed, root, plan, rules, database) or _item(listed, root, address)
        except Skip as skip:
            yield Met(quote_name(database) or ".", root.label, skip.reason, skip.detail)
        except ERRORS as error:
            yield Met(quote_name(database) or ".", root.label, *told(error))


def _path(database: str, schema: str, name: str) -> str:
    return "/".join(quote_name(step.replace("/", "%2F")) for step in (database, schema, name) if step)


def _met(listed: Listed, root: Root, plan: Plan, rules: Rules, database: str) -> Met | None:
    """The row of what is not read, and why; None when it is."""
    path = _path(database, listed.schema, listed.name) or "."
    if listed.reason:
        return Met(path, root.label, listed.reason, listed.detail)
    names = (listed.name, f"{listed.schema}.{listed.name}")
    if plan.tables and not any(fnmatchcase(name, glob) for name in names for glob in plan.tables):
        return Met(path, root.label, Reason.EXCLUDED, "left out by --tables")
    if rules.excludes(tuple(path.split("/")), is_folder=False):
        return Met(path, root.label, Reason.EXCLUDED, "left out by a rule")
    return None


def _item(listed: Listed, root: Root, address: "partial[_Address]") -> Item:
    where = address(listed.schema, listed.name, listed.is_view, listed.is_filtered)
    path = _path(where.database, listed.schema, listed.name)
    packed = json.dumps(asdict(where)).encode()
    return Item(path, root.label, packed, listed.size, owner=listed.owner, source="database")


def find_item(root: Root, path: str, _terms: Terms) -> Item:
    """The table that a report calls so. All of a view is looked through."""
    steps = [unquote_name(step).decode("utf-8", "surrogateescape").replace("%2F", "/") for step in path.split("/")]
    name, schema, database = (*reversed(steps), "", "", "")[:3]
    return Item(path, root.label, json.dumps(asdict(_Address(root.path, database, schema, name))).encode(), 0,
                source="database")  # fmt: skip


@contextmanager
def open_item(item: Item, terms: Terms) -> Iterator[Live]:
    """A connection of its own for each table: one that breaks costs that table alone."""
    where = _Address(**json.loads(item.address))
    with connected(where.url, terms.credentials.of(where.root), terms.limits) as connection:
        yield _Rows(connection, where, terms)


@dataclass(frozen=True, slots=True)
class _Question:
    """A query for rows, the column that numbers them ("" = none does), and how many of them to take (0 = all)."""

    query: "Select[tuple[object]]"
    key: str
    most: int


class _Rows(Live):
    """The rows of one table or view."""

    media_type = MEDIA_TYPE

    def __init__(self, connection: Connection, where: _Address, terms: Terms) -> None:
        self._connection = connection
        self._where = where
        self._terms = terms
        self._count = 0

    def parts(self, budget: Budget) -> Iterator[Part]:
        """Blocks of columns. A table whose only key is a whole number has its rows in that order and by that number."""
        question = self._question()
        take_as_printed(self._connection)
        if self._where.is_view:
            limit_query(self._connection, self._terms.limits)
        binaries = Binaries(budget)
        try:
            yield from self._blocks(question, binaries)
        except ERRORS as error:
            reason, words = told(error)
            if not self._count:
                raise Skip(reason, words) from None
            yield Lost("", reason, f"{self._count:,} rows were read, then: {words}")
        if self._where.is_filtered:
            yield Lost(
                "", Reason.PERMISSION, "a policy of the server may hide rows from this user; the others were read"
            )
        yield from binaries.losses()

    def _question(self) -> _Question:
        keys, by_number = self._keys()
        query: Select[tuple[object]] = select(literal_column("*"))
        query = query.select_from(table(self._where.name, schema=self._where.schema or None))
        if self._terms.rows and by_number:
            query = query.where(column(keys[0], Integer).in_(sorted(self._terms.rows)))
        query = query.order_by(*map(column, keys))
        most = self._terms.sample or (VIEW_ROWS if self._where.is_view else 0)
        return _Question(query.limit(most + 1) if most else query, keys[0] if by_number else "", most)

    def _keys(self) -> tuple[list[str], bool]:
        """The columns of the primary key, and whether it is one whole number."""
        if self._where.is_view:
            return [], False
        name, schema = self._where.name, self._where.schema or None
        try:
            inspector = inspect(self._connection)
            keys = list(inspector.get_pk_constraint(name, schema)["constrained_columns"])
            return keys, len(keys) == 1 and _is_integer(inspector, name, schema, keys[0])
        except ERRORS:  # reading it will say why
            self._connection.rollback()
            return [], False

    def _blocks(self, question: _Question, binaries: Binaries) -> Iterator[Part]:
        result = self._connection.execute(question.query, execution_options={"stream_results": True})
        names = [str(name) for name in result.keys()]  # noqa: SIM118 - no dictionary
        at = names.index(question.key) if question.key in names else None
        blocks = RowBlocks(Heading(self._where.name, dict(enumerate(names, 1)), range(1, len(names) + 1)), binaries)
        fetched, whole = 16, False
        try:
            while rows := result.fetchmany(fetched):
                chunk = [[as_cell(value) for value in row] for row in rows]
                size = sum(len(cell) if isinstance(cell, (str, bytes)) else 8 for cells in chunk for cell in cells)
                binaries.budget.receive(size)
                for cells in chunk:
                    if question.most and self._count == question.most:
                        yield from blocks.flush()
                        yield Lost("", Reason.LIMIT, _first(question.most, self._terms.sample > 0))
                        return
                    self._count += 1
                    yield from blocks.add(None if at is None else int(str(cells[at])), cells)
                # Rows may be short or hold a film each: so many at a time that they fit.
                fetched = max(1, min(_MOST_ROWS, _FETCHED * len(rows) // max(size, 1)))
            whole = True
        except ERRORS:
            yield from blocks.flush()
            raise
        finally:
            if whole:
                result.close()
            else:
                abandon(self._connection, result)
        yield from blocks.flush()


def _first(most: int, is_sample: bool) -> str:
    rows = "row was" if most == 1 else f"{most:,} rows were"
    return f"only the first {rows} read, there are more{' (--sample)' if is_sample else ' in this view'}"


def _is_integer(inspector: Inspector, name: str, schema: str | None, key: str) -> bool:
    return any(one["name"] == key and isinstance(one["type"], Integer) for one in inspector.get_columns(name, schema))
