"""The address of a database goes in, a connection comes out that can only read, and never waits without end."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from psycopg.types.string import TextLoader
from pymysql.converters import encoders
from sqlalchemy import URL, Connection, CursorResult, create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from scanner.addresses import base_of
from scanner.credentials import Secrets
from scanner.encoding import decode
from scanner.limits import Limits
from scanner.model import Skip
from scanner.sources.database_errors import told

# One driver for each system, whichever of them SQLAlchemy would prefer in this version.
_DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}
_GRACE = 5  # seconds in which the server itself may end a query, before we hang up
_SLOWEST_READER = 24 * 3600  # seconds: a server must not hang up on us while detectors are at work
ERRORS = (SQLAlchemyError, sqlite3.Error, OSError, UnicodeError, ValueError, OverflowError, LookupError)


class _PlainText(TextLoader):
    """Any type as the server prints it: no date is out of range, no JSON is taken apart. Odd bytes are no error."""

    def load(self, data: Any) -> str:
        raw = bytes(data)
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return decode(raw)


@contextmanager
def connected(address: str, secrets: Secrets, limits: Limits) -> Iterator[Connection]:
    """A session that the server itself keeps from writing, where it can; closed when the block ends.

    Raises:
        Skip: the server cannot be reached, or refuses.
    """
    engine = create_engine(
        _with_secrets(make_url(address), secrets), poolclass=NullPool, hide_parameters=True,
        connect_args=_arguments(address, secrets, limits),
    )  # fmt: skip
    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _choose_encoding, insert=True)  # before SQLAlchemy asks anything
    try:
        try:
            connection = engine.connect()
            _forbid_writing(connection, limits)
        except ERRORS as error:
            raise Skip(*told(error)) from None
        except Exception as error:  # noqa: BLE001 - drivers of other systems raise what they like
            raise Skip(*told(error)) from None
        try:
            yield connection
        finally:
            connection.close()
    finally:
        engine.dispose()


def _with_secrets(url: URL, secrets: Secrets) -> URL:
    """For the driver alone; a file of SQLite for reading only, so that none is made."""
    if base_of(url.drivername) == "sqlite":
        return url.set(database=f"file:{quote(url.database or '')}", query={"mode": "ro", "uri": "true"})
    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    if secrets.get("user"):
        url = url.set(username=secrets["user"])
    return url.set(password=secrets["password"]) if secrets.get("password") else url


def _arguments(address: str, secrets: Secrets, limits: Limits) -> dict[str, Any]:
    """What the drivers are told beside the address."""
    base = base_of(make_url(address).drivername)
    if base == "postgresql":
        secure = {"sslrootcert": secrets["ca_file"], "sslmode": "verify-full"} if secrets.get("ca_file") else {}
        return {"connect_timeout": max(2, int(limits.connect_seconds)), "application_name": "whosedata", **secure}
    if base in ("mysql", "mariadb"):
        # Without decoders every value comes as the server prints it: a date of 0000-00-00 too.
        verified: dict[str, Any] = (
            {"ssl_ca": secrets["ca_file"], "ssl_verify_identity": True} if secrets.get("ca_file") else {}
        )
        return {"connect_timeout": max(1, int(limits.connect_seconds)), "read_timeout": limits.answer_seconds + _GRACE,
                "write_timeout": limits.answer_seconds, "conv": dict(encoders), **verified}  # fmt: skip
    return {"timeout": limits.connect_seconds} if base == "sqlite" else {}


def _forbid_writing(connection: Connection, limits: Limits) -> None:
    """Each system's own way; another one's transaction is never committed."""
    base = connection.dialect.name
    if base == "postgresql":
        _prepare_postgresql(connection, limits)
    elif base in ("mysql", "mariadb"):
        for statement in (
            "SET SESSION TRANSACTION READ ONLY",
            f"SET SESSION net_write_timeout = {_SLOWEST_READER}",
            "SET SESSION time_zone = '+00:00'",
            f"SET SESSION lock_wait_timeout = {max(1, int(limits.answer_seconds))}",
        ):
            connection.exec_driver_sql(statement)
    elif base == "sqlite":
        plain: Any = connection.connection.dbapi_connection
        plain.text_factory = _text
        connection.exec_driver_sql("PRAGMA query_only = ON")


def _choose_encoding(plain: Any, _record: object) -> None:
    """UTF-8, but where the server does not know the encoding itself: there one of single bytes gives all of them."""
    unknown = plain.pgconn.parameter_status(b"server_encoding") == b"SQL_ASCII"
    plain.execute(f"SET client_encoding = '{'LATIN1' if unknown else 'UTF8'}'")
    plain.commit()


def _prepare_postgresql(connection: Connection, limits: Limits) -> None:
    """One snapshot for each table, as pg_dump takes; rows in the same order each time."""
    milliseconds = max(1, int(limits.answer_seconds * 1000))
    connection.exec_driver_sql("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    for name, value in (
        ("statement_timeout", milliseconds),
        ("lock_timeout", milliseconds),
        ("idle_in_transaction_session_timeout", 0),
        ("synchronize_seqscans", "off"),
        ("timezone", "'UTC'"),
        ("datestyle", "'ISO'"),
    ):
        connection.exec_driver_sql(f"SET {name} = {value}")
    connection.commit()


def take_as_printed(connection: Connection) -> None:
    """From now on values come as the server prints them. SQLAlchemy's own questions need numbers, so not before."""
    if connection.dialect.name == "postgresql":
        adapters = connection.connection.driver_connection.adapters  # type: ignore[union-attr]
        for known in adapters.types:
            if known.name != "bytea":
                adapters.register_loader(known.oid, _PlainText)
        adapters.register_loader(0, _PlainText)


def limit_query(connection: Connection, limits: Limits) -> None:
    """A time limit for the whole of a query that computes. PostgreSQL has one already, for each fetch."""
    if connection.dialect.name in ("mysql", "mariadb"):
        seconds = max(1, int(limits.answer_seconds))
        is_mariadb = getattr(connection.dialect, "is_mariadb", False)
        setting = f"max_statement_time = {seconds}" if is_mariadb else f"max_execution_time = {seconds * 1000}"
        connection.exec_driver_sql(f"SET SESSION {setting}")


def abandon(connection: Connection, result: CursorResult[Any]) -> None:
    """End a query whose other rows nobody wants. PyMySQL would first read them all, but for its own mark of the end."""
    unread: Any = getattr(result.cursor, "_result", None)
    if hasattr(unread, "unbuffered_active"):
        unread.unbuffered_active = False
    connection.invalidate()


def as_cell(value: object) -> str | bytes | int | float | None:
    """A value of any driver as text, or as bytes where it is binary."""
    if value is None or isinstance(value, (str, bytes, int, float)):
        return value
    if isinstance(value, (memoryview, bytearray)):
        return bytes(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(str(as_cell(one)) for one in value if one is not None)
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict) else str(value)


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return decode(raw)
