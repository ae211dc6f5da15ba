"""A share of a test's own; real servers, each started once for all tests that ask for it, which skip without it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from azurite_server import Azurite, azurite_server
from dovecot_server import Dovecot, dovecot_server
from mariadb_server import MariaDB, mariadb_server
from postgresql_server import PostgreSQL, postgresql_server
from samba_server import Samba, samba_server
from sftp_server import SFTP, sftp_server
from shop import SHOP
from swift_server import Swift, swift_server


@pytest.fixture
def empty_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to be filled, in the current directory; the home lies beside it."""
    monkeypatch.setenv("WHOSEDATA_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "share"
    place.mkdir()
    return place


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """An empty PostgreSQL; each test makes a database of its own name in it."""
    with postgresql_server() as server:
        yield server


@pytest.fixture(scope="session")
def mariadb() -> Iterator[MariaDB]:
    """An empty MariaDB; each test makes a database of its own name in it."""
    with mariadb_server() as server:
        yield server


@pytest.fixture(scope="session")
def shop(postgresql: PostgreSQL) -> str:
    """The address of a PostgreSQL database with SHOP in it."""
    postgresql.run("CREATE DATABASE shop;")
    postgresql.run(SHOP, "shop")
    return postgresql.url("shop")


@pytest.fixture(scope="session")
def maria_shop(mariadb: MariaDB) -> str:
    """The address of a MariaDB database with SHOP in it."""
    mariadb.run("CREATE DATABASE shop CHARACTER SET utf8mb4;")
    mariadb.run("SET NAMES utf8mb4; SET sql_mode = 'NO_BACKSLASH_ESCAPES';" + SHOP, "shop")
    return mariadb.url("shop")


@pytest.fixture(scope="session")
def samba() -> Iterator[Samba]:
    """A Samba with an empty share; each test makes a folder or bucket of its own name in it."""
    with samba_server() as server:
        yield server


@pytest.fixture(scope="session")
def sftp() -> Iterator[SFTP]:
    """An SSH server with an empty share; each test makes a folder or bucket of its own name in it."""
    with sftp_server() as server:
        yield server


@pytest.fixture(scope="session")
def swift() -> Iterator[Swift]:
    """A Swift without buckets; each test makes a folder or bucket of its own name in it."""
    with swift_server() as server:
        yield server


@pytest.fixture(scope="session")
def azurite() -> Iterator[Azurite]:
    """An Azurite without containers; each test makes a folder or bucket of its own name in it."""
    with azurite_server() as server:
        yield server


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A Dovecot with empty mailboxes; each test logs in by a user name of its own."""
    with dovecot_server() as server:
        yield server
