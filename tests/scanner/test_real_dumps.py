"""One invented database in a real PostgreSQL, MariaDB and SQLite, dumped in every form: the same cells in each."""

import io
import random
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
from mariadb_server import MariaDB
from postgresql_server import PostgreSQL

from scanner.formats import formats, load_format
from scanner.limits import Budget, Limits
from scanner.model import Column, Lost
from scanner.sniff import media_type

Cells = dict[tuple[str, int, str], str]

FORENAMES = ("Ann", "Bob", "Zoë", "Łukasz", "Aoife", "Jörg")
SURNAMES = ("Lee", "O'Hara", "Müller", "Ray\\Jones", 'de "la" Cruz', "Smith;--")
NOTES = (
    "", "NULL", "\\N", "it's (paid), ok", "two\nlines\r\nthree", "tab\there", "/* ann@x.example */ -- no",
    "x', 'y');\n(", "100 % \\_ \\", "✉️ 🇪🇺 €", "$$ $a$", "E'x'", "\\.", "'", "''", '"', "`", "<a&b>",
)  # fmt: skip


def staff(seed: int, rows: int) -> list[tuple[int, str, str | None, str]]:
    rng = random.Random(seed)
    found = []
    for number in range(1, rows + 1):
        name = f"{rng.choice(FORENAMES)} {rng.choice(SURNAMES)}"
        note = rng.choice(NOTES)
        found.append((number * 3, name, note or None, f"person{number}@x.example"))
    return found


def quoted(value: str | int | None, backslash: bool) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    text = value.replace("'", "''")
    # The client of MariaDB takes carriage returns out of a script.
    return "'" + (text.replace("\\", "\\\\").replace("\r", "\\r") if backslash else text) + "'"


def script(rows: list[tuple[int, str, str | None, str]], binary: str, backslash: bool) -> str:
    lines = [
        f"CREATE TABLE staff (id integer PRIMARY KEY, name varchar(80), note text, photo {binary}, mail varchar(80));",
        "CREATE TABLE orders (no integer PRIMARY KEY, staff_id integer REFERENCES staff (id), what varchar(40));",
        "CREATE VIEW mails AS SELECT mail FROM staff;",
    ]
    for number, name, note, mail in rows:
        photo = f"letter to {mail}".encode().hex() if number % 2 else ""
        value = {"bytea": f"'\\x{photo}'", "blob": f"X'{photo}'"}[binary] if photo else "NULL"
        cells = ", ".join(
            (str(number), quoted(name, backslash), quoted(note, backslash), value, quoted(mail, backslash))
        )
        lines.append(f"INSERT INTO staff (id, name, note, photo, mail) VALUES ({cells});")
        lines.append(f"INSERT INTO orders VALUES ({number}, {number}, 'boots');")
    return "\n".join(lines)


def wanted(rows: list[tuple[int, str, str | None, str]]) -> Cells:
    cells: Cells = {}
    for number, name, note, mail in rows:
        told = {"id": str(number), "name": name, "note": note or "", "mail": mail}
        told["photo"] = f"letter to {mail}" if number % 2 else ""
        cells |= {("staff", number, label): value for label, value in told.items() if value}
        ordered = {"no": str(number), "staff_id": str(number), "what": "boots"}
        cells |= {("orders", number, label): value for label, value in ordered.items()}
    return cells


def read(data: bytes) -> Cells:
    kind = media_type(data[: 64 * 1024], "", io.BytesIO(data))
    cells: Cells = {}
    for part in load_format(formats()[kind])(io.BytesIO(data), Budget(Limits(), len(data))):
        assert not isinstance(part, Lost), part
        if isinstance(part, Column):
            table = dict(part.table.steps)["table"]
            for index, value in enumerate(part.values):
                if value and table != "mails":
                    cells[table, part.row(index), part.label] = value
    return cells


POSTGRES_FORMS = (
    (), ("--inserts",), ("--column-inserts",), ("--rows-per-insert=50",), ("-Fc",), ("-Fc", "-Z0"), ("-Fc", "-Z9"),
    ("-Ft",), ("--create",), ("--quote-all-identifiers",), ("--encoding=UTF8", "--no-owner"),
)  # fmt: skip


def test_every_form_of_pg_dump(postgresql: PostgreSQL) -> None:
    rows = staff(1, 400)
    postgresql.run("CREATE DATABASE dumped;")
    postgresql.run(script(rows, "bytea", backslash=False), "dumped")
    for options in POSTGRES_FORMS:
        assert read(postgresql.dump("dumped", *options)) == wanted(rows), options


MARIADB_FORMS = (
    (), ("--skip-extended-insert",), ("--complete-insert",), ("--hex-blob",), ("--replace",),
    ("--compatible=ansi", "--default-character-set=utf8mb4"),
    ("--databases",), ("--skip-opt",), ("--compact", "--complete-insert"), ("--xml", "--hex-blob"),
    ("--default-character-set=utf8mb4", "--single-transaction", "--routines", "--triggers"),
)  # fmt: skip


def test_every_form_of_mariadb_dump(mariadb: MariaDB) -> None:
    rows = staff(2, 400)
    mariadb.run("CREATE DATABASE dumped CHARACTER SET utf8mb4;")
    mariadb.run("SET NAMES utf8mb4;\n" + script(rows, "blob", backslash=True), "dumped")
    for options in MARIADB_FORMS:
        expected = wanted(rows)
        if "--xml" in options:  # XML knows one kind of line break
            expected = {key: value.replace("\r\n", "\n") for key, value in expected.items()}
        assert read(mariadb.dump("dumped", *options)) == expected, options


def test_the_dump_of_sqlite(tmp_path: Path) -> None:
    if shutil.which("sqlite3") is None:
        pytest.skip("needs the program sqlite3; .ci/run installs it by apt")
    rows = staff(3, 400)
    with sqlite3.connect(tmp_path / "x.db") as base:
        base.executescript(script(rows, "blob", backslash=False))
    base.close()
    dump = subprocess.run(["sqlite3", "x.db", ".dump"], capture_output=True, check=True, cwd=tmp_path)
    assert read(dump.stdout) == wanted(rows)
