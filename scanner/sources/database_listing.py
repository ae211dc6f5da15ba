"""A connection goes in, the schemas, tables and views of its database come out, each of them once."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Inspector, inspect, make_url, text

from scanner.credentials import Secrets
from scanner.limits import Limits
from scanner.model import Reason
from scanner.sources.database_errors import told
from scanner.sources.database_session import ERRORS, connected

_SYSTEM = frozenset((
    "information_schema", "pg_catalog", "pg_toast", "mysql", "performance_schema", "sys", "INFORMATION_SCHEMA",
    "SYS", "SYSTEM",
))  # fmt: skip
# Of PostgreSQL: who owns a table, how much room it takes, whether it is a part of another one, and whether a policy
# hides some of its rows from this user, which no query would tell.
_POSTGRESQL = text(
    "SELECT c.relname, pg_catalog.pg_get_userbyid(c.relowner), pg_catalog.pg_total_relation_size(c.oid), "
    "c.relispartition, pg_catalog.row_security_active(c.oid) "
    "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = :name AND c.relkind IN ('r', 'p', 'm')"
)
_MYSQL = text(
    "SELECT table_name, '', coalesce(data_length, 0), 0, 0 FROM information_schema.tables WHERE table_schema = :name"
)
_DATABASES = text("SELECT datname FROM pg_catalog.pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1")


@dataclass(frozen=True, slots=True)
class Listed:
    """A table or view, or with a `reason` what is not read. `size` in bytes as the server keeps it, 0 = not told."""

    schema: str
    name: str = ""
    is_view: bool = False
    size: int = 0
    owner: str = ""
    is_filtered: bool = False
    reason: Reason | None = None
    detail: str = ""


def databases(address: str, secrets: Secrets, limits: Limits) -> list[str]:
    """Names of the databases of a PostgreSQL whose address names none; otherwise "", the one that is meant.

    Raises:
        Skip: the server cannot be reached, or refuses.
    """
    url = make_url(address)
    if url.database or not url.drivername.startswith("postgresql"):
        return [""]
    with connected(str(url.set(database="postgres")), secrets, limits) as connection:
        return [str(name) for (name,) in connection.execute(_DATABASES)]


def tables_of(connection: Connection) -> Iterator[Listed]:
    """All of one database, sorted by schema and name, tables before views."""
    inspector = inspect(connection)
    is_mysql = connection.dialect.name in ("mysql", "mariadb")
    chosen = connection.engine.url.database if is_mysql else None
    for schema in [chosen] if chosen else sorted(inspector.get_schema_names()):
        plain = "" if connection.dialect.name == "sqlite" else schema
        if schema in _SYSTEM:
            yield Listed(plain, reason=Reason.EXCLUDED, detail="what the database system keeps for itself")
            continue
        try:
            yield from sorted(_in_schema(connection, inspector, schema, plain), key=_order)
        except ERRORS as error:
            connection.rollback()
            reason, words = told(error)
            yield Listed(plain, reason=reason, detail=words)


def _order(listed: Listed) -> tuple[bool, str]:
    return listed.is_view, listed.name


def _in_schema(connection: Connection, inspector: Inspector, schema: str, plain: str) -> list[Listed]:
    known = _known(connection, schema)
    names = set(inspector.get_table_names(schema))
    views = set(inspector.get_view_names(schema))
    if connection.dialect.name == "postgresql":
        # Stored views and tables of other servers are read whole: no table here shows what stands in them.
        foreign = getattr(inspector, "get_foreign_table_names", None)
        names |= {*inspector.get_materialized_view_names(schema), *(foreign(schema) if foreign else ())}
    found = [Listed(plain, name, is_view=True) for name in views - names]
    for name in names:
        owner, size, is_part, is_filtered = known.get(name, ("", 0, False, False))
        if is_part:
            detail = "a part of another table, with which it is read"
            found.append(Listed(plain, name, owner=owner, reason=Reason.EXCLUDED, detail=detail))
        else:
            found.append(Listed(plain, name, size=size, owner=owner, is_filtered=is_filtered))
    return found


def _known(connection: Connection, schema: str) -> dict[str, tuple[str, int, bool, bool]]:
    """Name -> owner, size, whether it is a part of another table, and whether rows are hidden; where that is told."""
    question = {"postgresql": _POSTGRESQL, "mysql": _MYSQL, "mariadb": _MYSQL}.get(connection.dialect.name)
    if question is None:
        return {}
    rows = connection.execute(question, {"name": schema}).fetchall()
    yes = (True, "1")  # MySQL's driver gives text
    return {str(row[0]): (str(row[1]), int(row[2] or 0), row[3] in yes, row[4] in yes) for row in rows}
