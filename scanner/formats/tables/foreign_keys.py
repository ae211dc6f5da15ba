"""Keys between tables go in, the table of people whose rows own the rows of another comes out.

A row that names nobody itself (a card, an order) belongs to the person whom it refers to, and counts as part of that
person's record. Only where that is certain: the database declares the key, it leads to the one table of people that
the table refers to, its name tells no other part than the person's own ("manager_id", "created_by"), and the key is the
number of the row there. Otherwise a row is a record of its own: a link too few is seen, a wrong one is a breach.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from detectors.labels import expected_types
from scanner.formats.tables.db_rows import Cell, is_row_number
from scanner.model import Location, Owners
from scanner.records import role_of

_PERSONAL = frozenset(("EMAIL_ADDRESS", "PHONE_NUMBER", "DATE_OF_BIRTH", "PERSON"))
_LEAST = 2  # kinds of columns that make a table one of people: a list of towns has names, too


@dataclass(frozen=True, slots=True)
class Link:
    """A column whose values are the numbers of rows in another table; `whole`: it is the key of its own table, too."""

    column: int
    label: str
    table: Location
    labels: Mapping[int, str]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Owner:
    """The column that names the owner of a row, and where the owner stands."""

    column: int
    table: Location
    whole: bool

    def of(self, values: Sequence[Cell]) -> Owners:
        """The owners of rows by the values of that column."""
        records = tuple(str(self.table.then(row=int(value))) if is_row_number(value) else "" for value in values)
        return Owners(records, self.whole)


def owner_of(links: Iterable[Link]) -> Owner | None:
    """The link to the one table of people among those of a table."""
    found = {link.column: link for link in links if _of_people(link.labels)}
    if len(found) != 1:
        return None
    (link,) = found.values()
    return Owner(link.column, link.table, link.whole) if role_of(link.label) == "self" else None


def _of_people(labels: Mapping[int, str]) -> bool:
    kinds = frozenset[str]().union(*(expected_types(label) for label in labels.values() if role_of(label) == "self"))
    return len(kinds & _PERSONAL) >= _LEAST
