"""Real servers, each started once for all tests that ask for it; where one is not installed, those are skipped."""

from collections.abc import Iterator

import pytest
from mariadb_server import MariaDB, mariadb_server
from postgresql_server import PostgreSQL, postgresql_server


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
