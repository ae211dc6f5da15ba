"""The table of sources: a kind of place -> the module that reads it; an Item in, its open stream or its parts out."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import IO, Protocol, TypeAlias, cast

from scanner.addresses import base_of, scheme_of
from scanner.credentials import NO_CREDENTIALS, Credentials
from scanner.limits import Budget, Limits
from scanner.model import Item, Met, Part
from scanner.plan import Plan, PlanError, Root


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms places are read: with which secrets, within which limits, and how many rows of a table.

    `rows`, where there are any, are all that is looked for of a table: one that knows its rows gives no others.
    """

    credentials: Credentials = field(default=NO_CREDENTIALS, repr=False)
    limits: Limits = field(default_factory=Limits)
    sample: int = 0
    rows: frozenset[int] = frozenset()


class Live(ABC):
    """An item that is no file, but what a server gives when asked: a table, a folder of mail."""

    media_type: str

    @abstractmethod
    def parts(self, budget: Budget) -> Iterator[Part]:
        """All of it, as a format gives it."""

    def parts_from(self, budget: Budget, _place: tuple[int | str, ...]) -> Iterator[Part]:
        """The same from the member at this place on: for those whose members have one."""
        return self.parts(budget)


Opened: TypeAlias = IO[bytes] | Live


class Place(Protocol):
    """What the module of a source has to offer."""

    def walk(self, root: Root, plan: Plan, terms: Terms) -> Iterator[Item | Met]:
        """The items of a place in a fixed order; what cannot be listed is Met with a reason."""
        ...

    def open_item(self, item: Item, terms: Terms) -> AbstractContextManager[Opened]:
        """An item to be read; raises Skip with a reason when it cannot."""
        ...

    def find_item(self, root: Root, path: str, terms: Terms) -> Item:
        """The item that a report calls `path`; opening it tells whether it is still there."""
        ...


@dataclass(frozen=True, slots=True)
class Source:
    """One row of the table: its module, the beginnings of its addresses, the extra and the modules that it needs."""

    name: str
    module: str
    schemes: tuple[str, ...] = ()
    extra: str = ""
    needs: tuple[str, ...] = ()


SOURCES: tuple[Source, ...] = (
    Source("folder", "scanner.sources.folder"),
    Source(
        "database",
        "scanner.sources.database",
        ("postgresql", "mysql", "mariadb", "sqlite", "mssql", "oracle"),
        "db",
        ("sqlalchemy", "psycopg", "pymysql"),
    ),
    Source(
        "remote",
        "scanner.sources.remote",
        ("s3", "sftp", "smb", "abfs", "abfss", "az"),
        "cloud",
        ("s3fs", "paramiko", "smbclient", "adlfs"),
    ),
    Source("imap", "scanner.sources.imap", ("imap", "imaps")),
)


def source_of(address: str) -> Source:
    """The source that reads an address, or a path of this computer.

    Raises:
        PlanError: no source does, or its extra is not installed.
    """
    scheme = scheme_of(address)
    if not scheme:
        return SOURCES[0]
    # SQLAlchemy's way to name a driver: postgresql+psycopg, or that of any other database.
    wanted = "postgresql" if "+" in scheme else base_of(scheme)
    found = next((source for source in SOURCES if wanted in source.schemes), None)
    if found is None:
        known = ", ".join(f"{name}://" for source in SOURCES for name in source.schemes)
        raise PlanError(f"Addresses that begin with {scheme}:// cannot be scanned. Known are: {known}.")
    if any(find_spec(module) is None for module in found.needs):
        raise PlanError(f"To scan {scheme}://, install what it needs: pip install 'whosedata[{found.extra}]'")
    return found


def load_place(name: str) -> Place:
    """Import the module of a source by its name in the table."""
    module = next(source.module for source in SOURCES if source.name == name)
    return cast("Place", import_module(module))


def require_place(terms: Terms, root: Root) -> None:
    """Whether whoever serves an address still answers, for sources that can tell.

    Raises:
        LostPlaceError: nobody answers there.
    """
    if require := getattr(load_place(source_of(root.path).name), "require", None):
        require(root, terms)


def open_item(item: Item, terms: Terms | None = None) -> AbstractContextManager[Opened]:
    """The bytes of an item, or what gives its parts, from whichever source met it."""
    return load_place(item.source).open_item(item, terms or Terms())
