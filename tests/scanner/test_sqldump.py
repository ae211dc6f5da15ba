"""Dumps as SQL: the rows of every dialect with their tables, columns and keys, and what is broken told."""

import io
import random

import pytest

from scanner.formats.dumps.sqldump import extract
from scanner.limits import Budget, Limits
from scanner.model import Child, Column, Lost, Part, Reason, Segment
from scanner.sniff import media_type

MYSQL = "-- MySQL dump 10.13\n/*!40101 SET NAMES utf8mb4 */;\n"
POSTGRES = "--\n-- PostgreSQL database dump\n--\n\nSET standard_conforming_strings = on;\n"


def parts(dump: str | bytes) -> list[Part]:
    data = dump.encode() if isinstance(dump, str) else dump
    assert media_type(data[: 64 * 1024], "dump.sql", io.BytesIO(data)) == "application/sql"
    return list(extract(io.BytesIO(data), Budget(Limits(), len(data))))


def cells(found: list[Part], where: str) -> dict[int, dict[str, str]]:
    """Row -> label -> value of one table, empty cells left out."""
    rows: dict[int, dict[str, str]] = {}
    for part in found:
        if isinstance(part, Column) and str(part.table) == where:
            for index, value in enumerate(part.values):
                if value:
                    rows.setdefault(part.row(index), {})[part.label or str(part.number)] = value
    return rows


def prose(found: list[Part]) -> str:
    return "\n".join(part.text for part in found if isinstance(part, Segment))


def losses(found: list[Part]) -> list[tuple[Reason, str]]:
    return [(part.reason, part.detail) for part in found if isinstance(part, Lost)]


def test_mysql_escapes_bytes_and_lists_of_columns() -> None:
    found = parts(
        MYSQL
        + "CREATE TABLE `staff` (`id` int NOT NULL, `name` varchar(80) DEFAULT 'a,b', `key` blob, `flag` bit(1),\n"
        + "  PRIMARY KEY (`id`)) COMMENT='ask Eve';\n"
        + "LOCK TABLES `staff` WRITE;\n/*!40000 ALTER TABLE `staff` DISABLE KEYS */;\n"
        + r"INSERT INTO `staff` VALUES (7,'O\'Hara; (\"x\"),(8,\'',_binary 'ann\0',b'1'),(9,'it''s\n',NULL,b'0');"
        + "\nINSERT INTO `staff` (`name`, `id`) VALUES ('C:\\\\Ann', 12);\n"
        + "REPLACE INTO staff VALUES (13,'Bob',0x626f62,NULL);\n"
    )
    assert cells(found, "table=staff") == {
        7: {"id": "7", "name": "O'Hara; (\"x\"),(8,'", "key": "ann", "flag": "1"},
        9: {"id": "9", "name": "it's\n", "flag": "0"},
        12: {"id": "12", "name": "C:\\Ann"},
        13: {"id": "13", "name": "Bob", "key": "bob"},
    }
    assert "ask Eve" in prose(found)
    assert "Hara" not in prose(found)
    assert losses(found) == []


def test_databases_of_one_dump_are_told_apart_and_a_repeated_key_names_no_second_row() -> None:
    rows = "CREATE TABLE t (id int PRIMARY KEY, mail text);\nINSERT INTO t VALUES (5,'ann@x.example');\n"
    found = parts(MYSQL + f"USE `shop`;\n{rows}USE `club`;\n{rows}{rows.replace('ann', 'bob')}")
    assert cells(found, "database=shop;table=t") == {5: {"id": "5", "mail": "ann@x.example"}}
    assert cells(found, "database=club;table=t") == {5: {"id": "5", "mail": "ann@x.example"}}
    assert cells(found, "database=club;table=t;again=1") == {2: {"id": "5", "mail": "bob@x.example"}}


def test_latin1_and_bytes_that_are_no_text_in_one_line() -> None:
    noise = random.Random(1).randbytes(3000).replace(b"\\", b"\\\\").replace(b"'", b"\\'")
    head = b"-- MySQL dump 10.13\n/*!40101 SET NAMES latin1 */;\nINSERT INTO `t` VALUES (1,'J\xf6rg M\xfcller','"
    found = parts(head + noise + b"'),(2,'Zo\xeb','x');\n")
    assert cells(found, "table=t")[1]["2"] == "Jörg Müller"
    assert cells(found, "table=t")[2] == {"1": "2", "2": "Zoë", "3": "x"}
    assert losses(found) == [(Reason.UNSUPPORTED, "1 binary value is of no known kind in the table t")]


def test_copy_blocks_and_keys_that_are_added_behind_them() -> None:
    found = parts(
        POSTGRES
        + 'CREATE TABLE sales."ord er" (\n    id integer NOT NULL,\n    note text,\n    "from" text,\n'
        + "    raw bytea\n);\n"
        + 'COPY sales."ord er" (id, note, "from", raw) FROM stdin;\n'
        + "41\ta\\tb\\\\c\\.\tann@x.example\t\\\\x416e6e\n40\t\\N\tbob@x.example\t\\N\n\\.\n\n"
        + 'ALTER TABLE ONLY sales."ord er"\n    ADD CONSTRAINT "o_pkey" PRIMARY KEY (id);\n'
    )
    assert cells(found, "schema=sales;table=ord er") == {
        41: {"id": "41", "note": "a\tb\\c.", "from": "ann@x.example", "raw": "Ann"},
        40: {"id": "40", "from": "bob@x.example"},
    }
    assert losses(found) == []


def test_escapes_of_a_copy_that_are_no_number_or_no_character() -> None:
    """PostgreSQL takes a backslash before any other sign away, and writes bytes of every character set by number."""
    lines = ("\\9\\8", "\\²", "\\303\\266", "J\\xf6rg", "\\377", "\\400")
    block = "".join(f"{number}\t{line}\n" for number, line in enumerate(lines, 1))
    found = parts(POSTGRES + "COPY public.a (id, n) FROM stdin;\n" + block + "\\.\n")
    values = [row.get("n", "") for row in cells(found, "table=a").values()]
    assert values == ["98", "²", "ö", "Jörg", "ÿ", "\0"]
    "".join(values).encode("utf-8")


def test_postgres_strings_of_all_kinds() -> None:
    found = parts(
        POSTGRES
        + "INSERT INTO public.t (a, b, c, d) VALUES\n"
        + "\t('C:\\temp\\', E'tab\\t\\x41\\303\\251', $q$it's$q$, '\\x416e6e'),\n"
        + "\t('x''y'::text, U&'\\0041nn', ARRAY['p','q'], NULL) ON CONFLICT DO NOTHING;\n"
    )
    assert cells(found, "table=t") == {
        1: {"a": "C:\\temp\\", "b": "tab\tAé", "c": "it's", "d": "Ann"},
        2: {"a": "x'y", "b": "Ann", "c": "p q"},
    }


def test_sqlite_writes_line_breaks_as_functions() -> None:
    found = parts(
        "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE t(id INTEGER PRIMARY KEY, a, b);\n"
        "INSERT INTO t VALUES(3,replace('Ann\\nLee','\\n',char(10)),447700900123.0);\n"
        "INSERT INTO \"t\" VALUES(4,X'416e6e',4.4770090012300001e+11);\n"
        "CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES(new.a); END;\nCOMMIT;\n"
    )
    assert cells(found, "table=t") == {
        3: {"id": "3", "a": "Ann\nLee", "b": "447700900123"},
        4: {"id": "4", "a": "Ann", "b": "447700900123"},
    }
    assert cells(found, "table=log") == {}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_scripts_of_sql_server(encoding: str) -> None:
    script = (
        "USE [shop]\r\nGO\r\nCREATE TABLE [dbo].[Staff](\r\n\t[Id] [int] NOT NULL,\r\n\t[Näme] [nvarchar](50) NULL,\r\n"
        "\t[Born] [date] NULL,\r\n CONSTRAINT [PK] PRIMARY KEY CLUSTERED ([Id] ASC)\r\n) ON [PRIMARY]\r\nGO\r\n"
        "INSERT [dbo].[Staff] ([Id], [Näme], [Born]) VALUES (7, N'Zoë O''Hara\\', CAST(N'1990-02-03' AS Date))\r\n"
        "INSERT [dbo].[Staff] ([Id], [Näme], [Born]) VALUES (8, N'Bob', NULL)\r\nGO\r\n"
    )
    assert cells(parts(script.encode(encoding)), "database=shop;table=Staff") == {
        7: {"Id": "7", "Näme": "Zoë O'Hara\\", "Born": "1990-02-03"},
        8: {"Id": "8", "Näme": "Bob"},
    }


def test_scripts_of_oracle() -> None:
    found = parts(
        "REM INSERTING into HR.STAFF\nSET DEFINE OFF;\n"
        "Insert into HR.STAFF (ID,NAME,BORN) values (100,q'[Ann's]',to_date('17-JUN-83','DD-MON-RR'));\n"
        "INSERT ALL\n  INTO hr.staff (id, name) VALUES (101, 'Bob' || CHR(10) || 'Ray')\n"
        "  INTO hr.staff (id, name) VALUES (102, 'Eve')\nSELECT 1 FROM DUAL;\n"
    )
    assert cells(found, "schema=HR;table=STAFF") == {
        1: {"ID": "100", "NAME": "Ann's", "BORN": "17-JUN-83"},
        2: {"ID": "101", "NAME": "Bob\nRay"},
        3: {"ID": "102", "NAME": "Eve"},
    }


def test_what_is_no_row_is_read_as_text_where_it_stands() -> None:
    found = parts(
        POSTGRES
        + "-- made by Ann Lee\nCREATE FUNCTION f() RETURNS void AS $$ BEGIN INSERT INTO t VALUES ('no row'); END $$;\n"
        + "CREATE VIEW v AS SELECT 'ann@x.example';\nINSERT INTO t VALUES (1, 'x\ny');\n/* tell Bob */\n"
    )
    assert cells(found, "table=t") == {1: {"1": "1", "2": "x\ny"}}
    text = next(part for part in found if isinstance(part, Segment))
    places = {str(piece.where): text.text[piece.start :].split("\n")[0] for piece in text.pieces}
    assert places["line=6"] == "-- made by Ann Lee"
    assert places["line=11"] == "/* tell Bob */"
    assert "no row" in text.text


@pytest.mark.parametrize("row", ["(2,'bro'ken')", "(2,'x'", "(2,f(g('x')))", "2,'y')"])
def test_a_broken_row_costs_itself_only(row: str) -> None:
    found = parts(
        MYSQL
        + f"INSERT INTO t VALUES (1,'ann@x.example'),{row},(3,'bob@x.example'),(4,'eve@x.example');\n"
        + "INSERT INTO t VALUES (5,'dan@x.example');\n"
    )
    read = {value["2"] for value in cells(found, "table=t").values()}
    assert {"ann@x.example", "eve@x.example", "dan@x.example"} <= read
    assert "bob@x.example" in read or "bob@x.example" in prose(found)
    assert [reason for reason, _ in losses(found)] == ([] if "f(" in row else [Reason.DAMAGED])


@pytest.mark.parametrize("broken", ["(2,'bob@x.example", "(2,", "(2,'bob' x", "(2,'bob'"])
def test_a_row_that_never_ends_costs_itself_only(broken: str) -> None:
    """The end of the statement is lost with it: the next one begins where a line does."""
    found = parts(
        MYSQL
        + f"INSERT INTO t VALUES (1,'ann@x.example'),{broken}\nINSERT INTO t VALUES (3,'eve@x.example');\n"
        + "INSERT INTO t VALUES (4,'dan@x.example');\n"
    )
    read = {value["2"] for value in cells(found, "table=t").values()}
    assert {"ann@x.example", "dan@x.example"} <= read
    assert "eve@x.example" in read or "eve@x.example" in prose(found)
    assert [reason for reason, _ in losses(found)] == [Reason.DAMAGED]


def test_a_dump_that_was_cut_off_gives_all_that_is_there() -> None:
    found = parts(MYSQL + "INSERT INTO t VALUES (1,'ann@x.example'),(2,'bob@x.exam")
    assert cells(found, "table=t") == {1: {"1": "1", "2": "ann@x.example"}}
    assert "bob@x.exam" in prose(found)
    assert losses(found)[0][0] is Reason.DAMAGED


def test_rows_longer_than_a_block_and_a_file_in_a_cell() -> None:
    letter = "%PDF-1.4 " + "x" * 2_000_000
    found = parts(MYSQL + f"CREATE TABLE t (id int, f blob);\nINSERT INTO t VALUES (1,'{letter}'),(2,'Ann');\n")
    (child,) = (part for part in found if isinstance(part, Child))
    assert (child.name, child.open().read()) == ("t/f/1", letter.encode())
    assert cells(found, "table=t")[2] == {"id": "2", "f": "Ann"}


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ann,\n\nplease run this:\nINSERT INTO t VALUES (1);\nRegards\n",
        "name,select\nAnn,1\nBob,2\n",
        "select one of these, please:\n- create table reservations\n",
    ],
)
def test_a_letter_that_quotes_sql_is_no_dump(text: str) -> None:
    assert media_type(text.encode(), "") != "application/sql"
