"""Rows that belong to a person of another table: only where the database says so, and they name nobody themselves."""

import sqlite3
from pathlib import Path

import pytest

from scanner import scan

CARD = "4929000000006"  # a published test number of Visa
SCRIPT = """
CREATE TABLE towns (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, email TEXT, town INTEGER REFERENCES towns (id));
CREATE TABLE cards (id INTEGER PRIMARY KEY, customer_id INTEGER, town INTEGER, pan TEXT, holder TEXT,
  FOREIGN KEY (customer_id) REFERENCES customers (id), FOREIGN KEY (town) REFERENCES towns (id));
CREATE TABLE notes (id INTEGER PRIMARY KEY, created_by INTEGER REFERENCES customers (id), pan TEXT);
CREATE TABLE gifts (id INTEGER PRIMARY KEY, giver INTEGER REFERENCES customers (id),
  taker INTEGER REFERENCES customers (id), pan TEXT);
CREATE TABLE details (customer_id INTEGER PRIMARY KEY REFERENCES customers (id), email TEXT);
INSERT INTO towns VALUES (1, 'Leeds');
INSERT INTO customers VALUES (41, 'Ann Lee', 'ann@x.example', 1);
INSERT INTO customers VALUES (42, 'Bob Ray', 'bob@x.example', 1);
INSERT INTO cards VALUES (7, 42, 1, '4929000000006', NULL);
INSERT INTO cards VALUES (8, 42, 1, '4929000000006', 'Eve Smith');
INSERT INTO cards VALUES (9, NULL, 1, '4929000000006', NULL);
INSERT INTO notes VALUES (1, 42, '4929000000006');
INSERT INTO gifts VALUES (1, 41, 42, '4929000000006');
INSERT INTO details VALUES (41, 'lee@home.example');
"""
RECORDS = {
    "table=cards;row=7": "table=customers;row=42",
    "table=cards;row=8": "table=cards;row=8",  # it names somebody
    "table=cards;row=9": "table=cards;row=9",
    "table=notes;row=1": "table=notes;row=1",  # who wrote it is not whom it is about
    "table=gifts;row=1": "table=gifts;row=1",  # two people
    "table=details;row=41": "table=customers;row=41",  # goes on with a row of another table
}


def database(folder: Path) -> None:
    with sqlite3.connect(folder / "shop.db") as base:
        base.executescript(SCRIPT)
    base.close()


def sql(folder: Path) -> None:
    """As mysqldump writes it: tables in the order of their names, so those that refer come first."""
    statements = [one.strip() for one in SCRIPT.split(";\n") if one.strip()]
    tables = {one.split()[2]: [] for one in statements}  # type: ignore[var-annotated]
    for one in statements:
        tables[one.split()[2]].append(one + ";\n")
    dump = "-- MySQL dump 10.13\n" + "".join(line for name in sorted(tables) for line in tables[name])
    (folder / "shop.sql").write_text(dump)


def late_keys(folder: Path) -> None:
    """As pg_dump writes it: keys behind the rows."""
    names = ("towns", "customers", "cards", "notes", "gifts", "details")
    keys = [f"ALTER TABLE ONLY {name}\n ADD CONSTRAINT k PRIMARY KEY (id);\n" for name in names[:-1]]
    keys += ["ALTER TABLE ONLY details\n ADD CONSTRAINT k PRIMARY KEY (customer_id);\n"]
    links = (("customers", "town", "towns"), ("cards", "customer_id", "customers"), ("cards", "town", "towns"),
             ("notes", "created_by", "customers"), ("gifts", "giver", "customers"), ("gifts", "taker", "customers"),
             ("details", "customer_id", "customers"))  # fmt: skip
    keys += [
        f"ALTER TABLE ONLY {table}\n ADD CONSTRAINT f FOREIGN KEY ({own}) REFERENCES {other}(id);\n"
        for table, own, other in links
    ]
    plain = SCRIPT.replace(" PRIMARY KEY", "").split("CREATE TABLE cards")[0]
    plain = plain.replace(" REFERENCES towns (id)", "")
    plain += """CREATE TABLE cards (id INTEGER, customer_id INTEGER, town INTEGER, pan TEXT, holder TEXT);
CREATE TABLE notes (id INTEGER, created_by INTEGER, pan TEXT);
CREATE TABLE gifts (id INTEGER, giver INTEGER, taker INTEGER, pan TEXT);
CREATE TABLE details (customer_id INTEGER, email TEXT);
"""
    rows = SCRIPT[SCRIPT.index("INSERT") :]
    (folder / "shop.sql").write_text("-- PostgreSQL database dump\n" + plain + rows + "".join(keys))


@pytest.mark.parametrize("write", [database, sql, late_keys])
def test_a_row_that_names_nobody_belongs_to_the_person_that_its_key_names(write, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "share").mkdir()
    write(tmp_path / "share")
    report = scan(tmp_path / "share", home=tmp_path / "home").to_arrow().to_pylist()
    records = {row["location"].split(";col=")[0]: row["record"] for row in report}
    assert {place: records.get(place) for place in RECORDS} == RECORDS
    assert records["table=customers;row=42"] == "table=customers;row=42"
