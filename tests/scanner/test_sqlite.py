"""SQLite databases: every row with its place, read only, and views, damage, blobs and odd schemas."""

import gzip
import io
import os
import random
import sqlite3
from pathlib import Path

import pytest

from scanner.formats.tables.sqlite import extract
from scanner.limits import Budget, Limits
from scanner.model import Child, Column, Location, Lost, Part, Reason, Segment, Skip


def database(path: Path, *statements: str | tuple[str, tuple[object, ...]]) -> bytes:
    connection = sqlite3.connect(path)
    connection.create_function("ours", 1, str, deterministic=True)
    for statement in statements:
        connection.execute(*(statement if isinstance(statement, tuple) else (statement,)))
    connection.commit()
    connection.close()
    return path.read_bytes()


def parts(data: bytes) -> list[Part]:
    return list(extract(io.BytesIO(data), Budget(Limits(), len(data))))


def table(found: list[Part], name: str) -> dict[str, dict[int, str]]:
    """Label -> row -> value of one table."""
    columns: dict[str, dict[int, str]] = {}
    for part in found:
        if isinstance(part, Column) and part.table == Location.of(table=name):
            columns.setdefault(part.label, {}).update({part.row(i): v for i, v in enumerate(part.values) if v})
    return columns


def losses(found: list[Part]) -> list[Reason]:
    return [part.reason for part in found if isinstance(part, Lost)]


def test_rows_have_their_row_id_and_numbers_their_digits(tmp_path: Path) -> None:
    found = parts(
        database(
            tmp_path / "x.db",
            "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, tel REAL)",
            "INSERT INTO t VALUES (7, 'Ann', 447700900123), (-2, 'Bob', 1.5)",
            "CREATE TABLE w(k TEXT PRIMARY KEY, v) WITHOUT ROWID",
            "INSERT INTO w VALUES ('k', '007')",
            'CREATE TABLE "odd;=""name"(rowid, _rowid_, oid)',
            'INSERT INTO "odd;=""name" VALUES (1, 2, 3)',
        )
    )
    assert table(found, "t")["name"] == {7: "Ann", -2: "Bob"}
    assert table(found, "t")["tel"] == {7: "447700900123", -2: "1.5"}
    assert table(found, "w")["v"] == {1: "007"}
    assert table(found, 'odd;="name')["oid"] == {1: "3"}
    assert losses(found) == []


def test_text_that_is_no_utf8_and_text_in_blobs(tmp_path: Path) -> None:
    found = parts(
        database(
            tmp_path / "x.db",
            "CREATE TABLE t(a, b)",
            ("INSERT INTO t VALUES (CAST(? AS TEXT), ?)", (b"J\xf6rg", "Zoë Lee".encode("utf-16-le"))),
            ("INSERT INTO t VALUES (?, ?)", (b"ann@x.example", os.urandom(16))),
        )
    )
    assert table(found, "t")["a"] == {1: "Jörg", 2: "ann@x.example"}
    assert table(found, "t")["b"] == {1: "Zoë Lee"}


def test_files_in_blobs_are_members_and_unknown_ones_are_counted(tmp_path: Path) -> None:
    packed = gzip.compress(b"ann@x.example")
    noise = random.Random(1).randbytes(3000)
    data = database(
        tmp_path / "x.db",
        "CREATE TABLE t(photo)",
        *[("INSERT INTO t VALUES (?)", (blob,)) for blob in (packed, noise, noise)],
    )
    found = parts(data)
    (child,) = (part for part in found if isinstance(part, Child))
    assert child.name == "t/photo/1"
    assert child.open().read() == packed
    (lost,) = (part for part in found if isinstance(part, Lost))
    assert lost.reason is Reason.UNSUPPORTED
    assert "2 binary values" in lost.detail


def test_an_endless_view_is_cut_and_the_tables_are_read(tmp_path: Path) -> None:
    found = parts(
        database(
            tmp_path / "x.db",
            "CREATE TABLE t(mail)",
            "INSERT INTO t VALUES ('ann@x.example')",
            "CREATE VIEW fine AS SELECT mail AS address FROM t",
            "CREATE VIEW boom AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) "
            "SELECT n FROM r WHERE n < 0",
        )
    )
    assert table(found, "t")["mail"] == {1: "ann@x.example"}
    assert table(found, "fine")["address"] == {1: "ann@x.example"}
    assert losses(found) == [Reason.LIMIT]


def test_a_computed_column_that_fails_costs_itself_only(tmp_path: Path) -> None:
    found = parts(
        database(
            tmp_path / "x.db",
            "CREATE TABLE t(name, up AS (upper(name)), bad AS (ours(name)))",
            "INSERT INTO t(name) VALUES ('ann')",
        )
    )
    assert (table(found, "t")["name"], table(found, "t")["up"]) == ({1: "ann"}, {1: "ANN"})
    assert losses(found) == [Reason.UNSUPPORTED]


def test_a_full_text_table_is_read_once_with_its_column_names(tmp_path: Path) -> None:
    found = parts(
        database(
            tmp_path / "x.db",
            "CREATE VIRTUAL TABLE f USING fts4(body, author)",
            "INSERT INTO f VALUES ('some words', 'ann')",
        )
    )
    assert table(found, "f") == {"body": {1: "some words"}, "author": {1: "ann"}}
    assert sum("some words" in part.values for part in found if isinstance(part, Column)) == 1


def big(path: Path) -> bytes:
    rows = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 20000)"
    return database(path, "CREATE TABLE t(name)", f"INSERT INTO t {rows} SELECT 'person ' || n FROM r")


@pytest.mark.parametrize(
    ("damage", "at_least", "last_row"),
    [
        (lambda data, middle: data[:middle] + b"\xff" * 4096 + data[middle + 4096 :], 19_000, True),
        (lambda data, middle: data[:middle], 9_000, False),
    ],
    ids=["a page overwritten", "cut off"],
)
def test_damage_costs_the_rows_that_it_hits(tmp_path: Path, damage: object, at_least: int, last_row: bool) -> None:
    data = big(tmp_path / "x.db")
    assert callable(damage)
    found = parts(damage(data, len(data) // 2 // 4096 * 4096))
    rows = table(found, "t")["name"]
    assert at_least < len(rows) < 20_000
    assert (20_000 in rows) is last_row
    assert losses(found) == [Reason.DAMAGED]


def test_what_is_no_database_is_damaged() -> None:
    with pytest.raises(Skip) as caught:
        parts(b"SQLite format 3\0" + b"nonsense" * 1000)
    assert caught.value.reason is Reason.DAMAGED


def test_the_original_is_read_where_it_stands_and_nothing_is_made_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    data = database(path, "PRAGMA journal_mode=WAL", "CREATE TABLE t(a)", "INSERT INTO t VALUES ('ann')")
    with path.open("rb") as stream:
        assert table(list(extract(stream, Budget(Limits(), len(data)))), "t")["a"] == {1: "ann"}
    assert [file.name for file in tmp_path.iterdir()] == ["x.db"]
    assert path.read_bytes() == data


def test_the_latest_changes_of_a_database_in_use_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    data = database(path, "PRAGMA journal_mode=WAL", "CREATE TABLE t(a)", "INSERT INTO t VALUES ('ann')")
    using = sqlite3.connect(path)
    using.execute("INSERT INTO t VALUES ('bob')")
    using.commit()
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir() if not file.name.endswith("-shm")}
    with path.open("rb") as stream:
        found = list(extract(stream, Budget(Limits(), len(data))))
    assert table(found, "t")["a"] == {1: "ann", 2: "bob"}
    assert losses(found) == [Reason.CHANGED]  # it may change again before it is closed
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
    using.close()


def test_long_texts_are_prose_at_their_place(tmp_path: Path) -> None:
    text = "word " * 30_000
    found = parts(database(tmp_path / "x.db", "CREATE TABLE t(a, b)", ("INSERT INTO t VALUES (1, ?)", (text,))))
    (prose,) = (part for part in found if isinstance(part, Segment))
    assert (prose.text, prose.label, prose.where) == (text, "b", Location.of(table="t", row=1, col=2))
