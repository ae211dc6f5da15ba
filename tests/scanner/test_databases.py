"""Live databases, of real servers: the same is found as in a file of the same rows, by reading alone."""

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from mariadb_server import MariaDB
from ordinary import free_port
from postgresql_server import PASSWORD, PostgreSQL
from shop import SHOP

from reports.parquet import Report
from scanner import scan
from scanner.credentials import gather
from scanner.limits import Budget, Limits
from scanner.model import Column, Item, Location, Lost, Part, Reason, Skip
from scanner.plan import make_plan, make_roots
from scanner.sources import Live, Terms, open_item
from scanner.sources.database import walk
from scanner.sources.database_session import connected

Found = set[tuple[str, str, str, int]]


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHOSEDATA_DB_PASSWORD", PASSWORD)


@pytest.fixture
def scanned(tmp_path: Path) -> Callable[..., Report]:
    """Scans with one home, so that equal values have equal ids."""
    return lambda place, **options: scan(place, home=tmp_path / "home", names="off", **options)


def found(report: Report) -> Found:
    """(place in the table, type, heading, value id) of every finding."""
    rows = report.to_arrow().to_pylist()
    return {(row["location"], row["entity_type"], row["evidence"]["label"], row["value_id"]) for row in rows}


def items(report: Report) -> dict[str, tuple[str, str | None, str | None]]:
    """Path -> (status, reason, detail)."""
    return {row["item"]: (row["status"], row["reason"], row["detail"]) for row in report.items.to_pylist()}


def statements_since(server: PostgreSQL | MariaDB, start: int) -> list[str]:
    """What whoever connected asked of a server since its log was so long."""
    told = server.log.read_text(errors="replace")[start:]
    if isinstance(server, PostgreSQL):
        return re.findall(r"LOG:  (?:statement|execute [^:]*): (.*)", told)
    return re.findall(r"\d+ (?:Query|Prepare|Execute)\t(.*)", told)


def test_it_finds_the_same_as_in_a_file_of_the_same_rows(
    shop: str, maria_shop: str, scanned: Callable[..., Report], tmp_path: Path
) -> None:
    file = tmp_path / "shop.db"
    with sqlite3.connect(file) as base:
        base.executescript(SHOP)
    base.close()
    expected = found(scanned(file))
    assert {kind for _, kind, _, _ in expected} >= {"EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "DATE_OF_BIRTH"}
    assert ("table=customer;row=7;col=3;chars=0-20", "EMAIL_ADDRESS", "email") in {row[:3] for row in expected}
    for address in (shop, maria_shop, f"sqlite:///{file}"):
        report = scanned(address)
        assert found(report) == expected, address
        assert {status for status, reason, _ in items(report).values() if reason != "excluded"} == {"examined"}


def test_it_finds_the_same_as_in_a_dump(
    shop: str, maria_shop: str, postgresql: PostgreSQL, mariadb: MariaDB, scanned: Callable[..., Report], tmp_path: Path
) -> None:
    (tmp_path / "copy.sql").write_bytes(postgresql.dump("shop"))
    (tmp_path / "insert.sql").write_bytes(postgresql.dump("shop", "--inserts"))
    (tmp_path / "maria.sql").write_bytes(mariadb.dump("shop"))
    for address, dump in ((shop, "copy.sql"), (shop, "insert.sql"), (maria_shop, "maria.sql")):
        live, dumped = by_column(scanned(address)), by_column(scanned(tmp_path / dump))
        assert len(live) > 5
        assert live == dumped, dump


def by_column(report: Report) -> dict[tuple[str, str], set[tuple[str, int]]]:
    """(table, column) -> (entity type, value id) of all that was found there."""
    columns: dict[tuple[str, str], set[tuple[str, int]]] = {}
    for row in report.to_arrow().to_pylist():
        steps = dict(Location.parse(row["location"]).steps)
        table = steps["table"].rpartition(".")[2]
        columns.setdefault((table, steps["col"]), set()).add((row["entity_type"], row["value_id"]))
    return columns


def test_a_server_is_asked_for_nothing_but_reading(
    shop: str, maria_shop: str, postgresql: PostgreSQL, mariadb: MariaDB, scanned: Callable[..., Report]
) -> None:
    for address, server in ((shop, postgresql), (maria_shop, mariadb)):
        before = len(server.log.read_text(errors="replace"))
        scanned(address, executor="processes")
        asked = statements_since(server, before)
        assert len(asked) > 10
        words = {statement.split()[0].upper().rstrip(";") for statement in asked}
        assert words <= {
            "SELECT",
            "SET",
            "SHOW",
            "BEGIN",
            "COMMIT",
            "ROLLBACK",
            "DECLARE",
            "FETCH",
            "CLOSE",
            "SAVEPOINT",
            "RELEASE",
        }, words


def test_the_server_itself_would_refuse_a_change(shop: str, maria_shop: str, tmp_path: Path) -> None:
    (tmp_path / "new.db").touch()
    for address in (shop, maria_shop, f"sqlite:///{tmp_path / 'new.db'}"):
        with (
            connected(address, {"password": PASSWORD}, Limits()) as connection,
            pytest.raises(Exception, match=r"(?i)read.?only"),
        ):
            connection.exec_driver_sql("CREATE TABLE made (id integer)")


def test_every_table_has_its_row_whether_it_may_be_read_or_not(
    postgresql: PostgreSQL, scanned: Callable[..., Report]
) -> None:
    postgresql.run("CREATE DATABASE clinic;")
    postgresql.run(
        f"""{SHOP} CREATE SCHEMA hr; CREATE TABLE hr.pay (who text);
        CREATE VIEW contact AS SELECT name, email FROM customer;
        CREATE MATERIALIZED VIEW kept AS SELECT email FROM customer;
        CREATE TABLE event (id int, at date) PARTITION BY RANGE (at);
        CREATE TABLE event_2024 PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
        CREATE ROLE clerk LOGIN PASSWORD '{PASSWORD}'; GRANT SELECT ON customer, contact, event TO clerk;""",
        "clinic",
    )
    met = items(scanned(postgresql.url("clinic", "clerk")))
    assert {path: (status, reason) for path, (status, reason, _) in met.items()} == {
        "hr/pay": ("not_examined", "permission"),
        "information_schema": ("not_examined", "excluded"),
        "public/contact": ("examined", None),
        "public/customer": ("examined", None),
        "public/event": ("examined", None),
        "public/event_2024": ("not_examined", "excluded"),
        "public/kept": ("not_examined", "permission"),
        "public/visit": ("not_examined", "permission"),
    }
    assert met["hr/pay"][2] == "the server does not let this user read it"


def test_tables_and_rows_can_be_chosen_and_the_report_says_what_was_covered(
    shop: str, scanned: Callable[..., Report]
) -> None:
    met = items(scanned(shop, tables=["cust*"], sample=2))
    assert met["public/customer"] == ("partial", "limit", "only the first 2 rows were read, there are more (--sample)")
    assert met["public/visit"] == ("not_examined", "excluded", "left out by --tables")
    assert items(scanned(shop, tables=["public.visit"], sample=2))["public/visit"] == ("examined", None, None)
    assert items(scanned(shop, exclude=["public/v*"]))["public/visit"] == (
        "not_examined",
        "excluded",
        "left out by a rule",
    )


def test_without_a_name_all_databases_of_a_server_are_read(
    mariadb: MariaDB, maria_shop: str, scanned: Callable[..., Report]
) -> None:
    met = items(scanned(mariadb.url()))
    assert met["shop/customer"][0] == "examined"
    assert met["mysql"][1] == "excluded"


@pytest.mark.parametrize(
    ("address", "reason", "words"),
    [
        ("{shop}", "permission", "refuses the user or the password"),
        ("postgresql://keeper@127.0.0.1:{port}/shop", "io_error", "cannot be reached"),
        ("mysql://keeper@127.0.0.1:{port}/shop", "io_error", "cannot be reached"),
        ("{gone}", "changed", "not there any more"),
    ],
)
def test_a_server_that_cannot_be_asked_is_a_row(
    address: str, reason: str, words: str, shop: str, scanned: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    if "shop}" in address:
        monkeypatch.setenv("WHOSEDATA_DB_PASSWORD", "wrong")
    place = address.format(shop=shop, gone=shop.replace("/shop", "/no_shop"), port=free_port())
    [(path, (status, why, detail))] = items(scanned(place)).items()
    assert (path, status, why) == (".", "not_examined", reason)
    assert words in (detail or "")


def test_a_connection_that_breaks_costs_one_table_behind_the_rows_that_came(postgresql: PostgreSQL) -> None:
    postgresql.run("CREATE DATABASE busy;")
    postgresql.run(
        "CREATE TABLE a AS SELECT n AS id, 'p' || n || '@x.example' AS email FROM generate_series(1, 60000) n;"
        "CREATE TABLE b AS SELECT 'q@x.example' AS email;",
        "busy",
    )
    items, terms = listed(postgresql.url("busy"))
    with open_item(items["public/a"], terms) as table:
        assert isinstance(table, Live)
        parts = table.parts(Budget(Limits(), 0))
        read = [next(parts)]
        postgresql.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'whosedata';")
        read += parts
    [lost] = [part for part in read if isinstance(part, Lost)]
    columns = [part for part in read if isinstance(part, Column)]
    count = sum(len(column.values) for column in columns if column.label == "email")
    assert 10_000 <= count < 60_000
    assert (lost.reason, lost.detail) == (
        Reason.IO_ERROR,
        f"{count:,} rows were read, then: the connection to the server broke",
    )
    with open_item(items["public/b"], terms) as table:
        assert isinstance(table, Live)
        assert [part.values for part in table.parts(Budget(Limits(), 0)) if isinstance(part, Column)] == [
            ("q@x.example",)
        ]


def listed(address: str, **limits: float) -> tuple[dict[str, Item], Terms]:
    """Path -> item of a whole database, and how to open them."""
    [root] = make_roots([address])
    plan = make_plan((root,), {"limits": limits})
    terms = Terms(gather([root], None, {"WHOSEDATA_DB_PASSWORD": PASSWORD}), plan.limits)
    return {met.path: met for met in walk(root, plan, terms) if isinstance(met, Item)}, terms


def parts_of(address: str, path: str, **limits: float) -> list[Part]:
    """All that a table gives."""
    items, terms = listed(address, **limits)
    with open_item(items[path], terms) as table:
        assert isinstance(table, Live)
        return list(table.parts(Budget(terms.limits, 0)))


def test_rows_come_a_few_at_a_time(postgresql: PostgreSQL) -> None:
    postgresql.run("CREATE DATABASE wide;")
    postgresql.run(
        "CREATE TABLE film AS SELECT n AS id, repeat('x', 1000000) AS frames FROM generate_series(1, 40) n;", "wide"
    )
    before = len(postgresql.log.read_text(errors="replace"))
    parts = parts_of(postgresql.url("wide"), "public/film")
    assert sum(len(part.values) for part in parts if isinstance(part, Column) and part.label == "id") == 40
    fetched = [
        int(words.split()[2]) for words in statements_since(postgresql, before) if words.startswith("FETCH FORWARD")
    ]
    assert len(fetched) > 8
    assert max(fetched[2:]) <= 5, "four megabytes at a time"


def test_a_query_without_end_costs_its_view(postgresql: PostgreSQL, mariadb: MariaDB) -> None:
    postgresql.run("CREATE DATABASE slow;")
    postgresql.run("CREATE VIEW v AS SELECT 'a@x.example' AS email, pg_sleep(60)::text;", "slow")
    mariadb.run("CREATE DATABASE slow; CREATE VIEW slow.v AS SELECT 'a@x.example' AS email, sleep(60) AS s;")
    for address, path in ((postgresql.url("slow"), "public/v"), (mariadb.url("slow"), "slow/v")):
        with pytest.raises(Skip) as raised:
            parts_of(address, path, answer_seconds=1)
        assert raised.value.reason is Reason.TIMED_OUT


def test_values_of_every_kind_are_read_as_the_server_prints_them(postgresql: PostgreSQL, mariadb: MariaDB) -> None:
    postgresql.run("CREATE DATABASE kinds;")
    postgresql.run(
        """CREATE TYPE mood AS ENUM ('glad');
        CREATE TABLE "Odd ""name"" 50%/é" (id int, "a%b" text, j jsonb, arr text[], u uuid, d date,
          n numeric, f float8, m mood, ip inet, b bytea, t timestamptz, missing text);
        INSERT INTO "Odd ""name"" 50%/é" VALUES (1,
          'ann@x.example', '{"mail": "bob@x.example"}', '{c@x.example,NULL,"d, e"}',
          '123e4567-e89b-12d3-a456-426614174000', 'infinity', 1.50, 447700900123, 'glad', '10.0.0.1', 'plain text',
          '2024-02-03 04:05:06+01', NULL);""",
        "kinds",
    )
    parts = parts_of(postgresql.url("kinds"), 'public/Odd "name" 50%25%252Fé')
    cells = {part.label: part.values[0] for part in parts if isinstance(part, Column)}
    assert cells == {
        "id": "1", "a%b": "ann@x.example", "j": '{"mail": "bob@x.example"}', "arr": "c@x.example, d, e",
        "u": "123e4567-e89b-12d3-a456-426614174000", "d": "infinity", "n": "1.50", "f": "447700900123", "m": "glad",
        "ip": "10.0.0.1", "b": "plain text", "t": "2024-02-03 03:05:06+00",
    }  # fmt: skip
    mariadb.run(
        "CREATE DATABASE kinds; CREATE TABLE kinds.t (d date, j json, n decimal(9,2), b blob); SET sql_mode = '';"
        """INSERT INTO kinds.t VALUES ('0000-00-00', '{"mail": "bob@x.example"}', 1.5, 'plain text');"""
    )
    parts = parts_of(mariadb.url("kinds"), "kinds/t")
    assert {part.label: part.values[0] for part in parts if isinstance(part, Column)} == {
        "d": "0000-00-00", "j": '{"mail": "bob@x.example"}', "n": "1.50", "b": "plain text",
    }  # fmt: skip


def test_text_in_an_encoding_that_the_server_does_not_know_is_read(postgresql: PostgreSQL) -> None:
    postgresql.run("CREATE DATABASE old ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0;")
    postgresql.run(r"CREATE TABLE t AS SELECT convert_from('\x5a6fe9'::bytea, 'SQL_ASCII') AS name;", "old")
    [column] = [part for part in parts_of(postgresql.url("old"), "public/t") if isinstance(part, Column)]
    assert column.values == ("Zoé",)


def test_a_file_in_a_cell_is_an_item_of_its_own(postgresql: PostgreSQL, scanned: Callable[..., Report]) -> None:
    postgresql.run("CREATE DATABASE archive;")
    mail = "From: Ann <ann@x.example>\nTo: bob@y.example\nSubject: Hello\n\nTell carol@z.example.\n" * 4
    postgresql.run(
        f"CREATE TABLE letter (id int PRIMARY KEY, body bytea); INSERT INTO letter VALUES (41, '{mail}');",
        "archive",
    )
    report = scanned(postgresql.url("archive"), values="clear")
    path = "public/letter!/letter/body/41"
    assert items(report)[path][0] == "examined"
    assert {row["value"] for row in report.to_arrow().to_pylist() if row["item"] == path} >= {
        "ann@x.example",
        "carol@z.example",
    }


def test_rows_that_a_policy_hides_are_not_taken_for_none(
    postgresql: PostgreSQL, scanned: Callable[..., Report]
) -> None:
    postgresql.run("CREATE DATABASE wards;")
    postgresql.run(
        f"""CREATE TABLE patient (ward int, email text);
        INSERT INTO patient VALUES (1, 'a@x.example'), (2, 'b@x.example');
        CREATE ROLE nurse LOGIN PASSWORD '{PASSWORD}'; GRANT SELECT ON patient TO nurse;
        ALTER TABLE patient ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON patient USING (ward = 1);""",
        "wards",
    )
    report = scanned(postgresql.url("wards", "nurse"))
    status, reason, detail = items(report)["public/patient"]
    assert (status, reason, len(report.to_arrow())) == ("partial", "permission", 1)
    assert "policy" in (detail or "")


def test_what_is_not_wanted_of_a_large_table_is_not_fetched(mariadb: MariaDB) -> None:
    mariadb.run(
        "CREATE DATABASE long_one; USE long_one; CREATE TABLE t AS SELECT repeat('x', 1000) AS s FROM seq_1_to_200000;"
    )
    items, terms = listed(mariadb.url("long_one"))
    sent = "SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'BYTES_SENT';"
    before = int(mariadb.run(sent))
    with open_item(items["long_one/t"], terms) as table:
        assert isinstance(table, Live)
        parts = table.parts(Budget(terms.limits, 0))
        assert isinstance(next(parts), Column)
        parts.close()  # type: ignore[attr-defined]
    assert int(mariadb.run(sent)) - before < 60_000_000, "of 200 MB"
