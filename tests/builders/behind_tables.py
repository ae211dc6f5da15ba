"""An address goes in, CSV, SQL and database files come out that hide it behind width, length and broken rows."""

import io
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq

ROW = "Ann,1,x\n"
HEAD = "name,age,note\n"


def rows(count: int, row: str = ROW) -> str:
    """So many rows."""
    return row * count


def wide(columns: int, heading: bool = True) -> Callable[[str], bytes]:
    """The address in the last of so many columns."""

    def make(canary: str) -> bytes:
        head = ",".join(f"c{number}" for number in range(columns)) + "\n"
        line = ",".join(["x"] * (columns - 1))
        return ((head if heading else "") + f"{line},y\n{line},{canary}\n").encode()

    return make


def sqlite_file(*statements: str) -> Callable[[str], bytes]:
    """A database made by these statements; `?` is the address."""

    def make(canary: str) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "x.db"
            base = sqlite3.connect(file)
            for statement in statements:
                base.execute(statement.replace("{c}", canary))
            base.commit()
            base.close()
            return file.read_bytes()

    return make


def parquet(make: Callable[[str], pa.Table], **options: object) -> Callable[[str], bytes]:
    """A parquet file of one table."""

    def made(canary: str) -> bytes:
        out = io.BytesIO()
        pq.write_table(make(canary), out, **options)
        return out.getvalue()

    return made


def arrow(make: Callable[[str], pa.Table]) -> Callable[[str], bytes]:
    """An Arrow file of one table."""

    def made(canary: str) -> bytes:
        out = io.BytesIO()
        feather.write_feather(make(canary), out)
        return out.getvalue()

    return made


def nested(value: object, depth: int) -> object:
    """A list within lists."""
    for _ in range(depth):
        value = [value]
    return value


CSV: dict[str, Callable[[str], bytes]] = {
    "wide 3000.csv": wide(3000),
    "wide 20000.csv": wide(20_000),
    "wide without heading 5000.csv": wide(5000, heading=False),
    "long field.csv": lambda c: (HEAD + rows(5) + f'Ann,2,"{"x " * 150_000}"\nBob,3,{c}\n').encode(),
    "end of a long field.csv": lambda c: (HEAD + rows(5) + f'Ann,2,"{"x " * 700_000}{c}"\n' + rows(5)).encode(),
    "field with line breaks.csv": lambda c: (HEAD + 'Ann,2,"' + "x\n" * 50_000 + f'{c}"\n' + rows(5)).encode(),
    "more cells than the heading.csv": lambda c: (HEAD + rows(30) + f"Ann,1,x,y,z,{c}\n" + rows(5)).encode(),
    "fewer cells.csv": lambda c: (HEAD + rows(30) + f"{c}\n" + rows(5)).encode(),
    "quote that is not closed.csv": lambda c: (HEAD + rows(30) + f'Ann,1,"open\nBob,2,{c}\n' + rows(50)).encode(),
    "quote within a field.csv": lambda c: (HEAD + rows(30) + f'Ann,1,5" nail\nBob,2,{c}\n' + rows(5)).encode(),
    "NUL.csv": lambda c: (HEAD + rows(30) + f"Ann,\0,x\nBob,2,{c}\n" + rows(5)).encode(),
    "rows of NULs.csv": lambda c: (HEAD + rows(30) + "\0" * 4096 + f"\nBob,2,{c}\n" + rows(5)).encode(),
    "empty lines.csv": lambda c: (HEAD + rows(5) + "\n" * 30_000 + f"Bob,2,{c}\n").encode(),
    "lines before the heading.csv": lambda c: (f"Report of the year\nby {c}\n\n" + HEAD + rows(30)).encode(),
    "lines behind the rows.csv": lambda c: (HEAD + rows(300) + f"\n\nTotal: 300, made by {c}\n").encode(),
    "another delimiter.csv": lambda c: (HEAD + rows(300) + f"name;mail\nBob;{c}\n").encode(),
    "a second table.csv": lambda c: (HEAD + rows(300) + f"\nid,mail,phone,x,y\n1,{c},2,3,4\n").encode(),
    "the heading.csv": lambda c: (f"name,{c},note\n" + rows(30)).encode(),
    "no heading.csv": lambda c: (f"Ann,{c},x\n" + rows(30)).encode(),
    "sep line.csv": lambda c: ("sep=;\nname;mail\nAnn;x\n" * 1 + f"Bob;{c}\n").encode(),
    "tabs.tsv": lambda c: (HEAD + rows(30)).replace(",", "\t").encode() + f"Bob\t2\t{c}\n".encode(),
    "pipes.csv": lambda c: (HEAD + rows(30)).replace(",", "|").encode() + f"Bob|2|{c}\n".encode(),
    "carets.csv": lambda c: (HEAD + rows(30)).replace(",", "^").encode() + f"Bob^2^{c}\n".encode(),
    "separated by U+001F.csv": lambda c: (
        (HEAD + rows(30)).replace(",", "\x1f").encode() + f"Bob\x1f2\x1f{c}\n".encode()
    ),
    "fixed width.txt": lambda c: (
        b"".join(b"%-40s%-30s\n" % (b"Ann", b"x") for _ in range(99)) + f"{'Bob':40}{c:30}\n".encode()
    ),
    "UTF-16.csv": lambda c: (HEAD + rows(30) + f"Bob,2,{c}\n").encode("utf-16"),
    "wrong bytes.csv": lambda c: (HEAD + rows(30)).encode() + b"Zo\xff\xe9,1,x\n" + f"Bob,2,{c}\n".encode(),
    "a hundred thousand rows.csv": lambda c: (HEAD + rows(100_000) + f"Bob,2,{c}\n").encode(),
    "last row without an end.csv": lambda c: (HEAD + rows(500) + f"Bob,2,{c}").encode(),
    "line ends of a Mac.csv": lambda c: (HEAD + rows(30) + f"Bob,2,{c}\n").replace("\n", "\r").encode(),
    "comment lines.csv": lambda c: (f"# made by {c}\n" + HEAD + rows(30)).encode(),
    "column of numbers.csv": lambda c: ("id,amount\n" + "1,20.5\n" * 3000 + f"2,{c}\n").encode(),
    "column of dates.csv": lambda c: ("id,day\n" + "1,2024-01-02\n" * 3000 + f"2,{c}\n").encode(),
    "two rows.csv": lambda c: f"a,b\nx,{c}\n".encode(),
    "escapes.csv": lambda c: (HEAD + rows(30) + f'Ann,1,"a \\" b"\nBob,2,{c}\n' + rows(5)).encode(),
}


TABLE = "CREATE TABLE staff (id int, name varchar(50), mail varchar(80));\n"
ONE = "INSERT INTO staff VALUES (1, 'Ann', 'x');\n"
SQL: dict[str, Callable[[str], bytes]] = {
    "long statement.sql": lambda c: (
        TABLE + "INSERT INTO staff VALUES " + "(1, 'Ann', 'x'),\n" * 60_000 + f"(2, 'Bob', '{c}');\n"
    ).encode(),
    "long value.sql": lambda c: (TABLE + f"INSERT INTO staff VALUES (1, '{'x ' * 600_000}', '{c}');\n").encode(),
    "behind a broken statement.sql": lambda c: (
        TABLE
        + ONE * 9
        + "INSERT INTO staff VALUES (1, 'Ann;\n"
        + ONE
        + f"INSERT INTO staff VALUES (2, 'Bob', '{c}');\n"
    ).encode(),
    "behind an unknown statement.sql": lambda c: (
        TABLE + ONE + "FROBNICATE ALL;\n" + f"INSERT INTO staff VALUES (2, 'Bob', '{c}');\n"
    ).encode(),
    "comment.sql": lambda c: (TABLE + ONE + f"-- made by {c}\n" + ONE).encode(),
    "block comment.sql": lambda c: (TABLE + ONE + f"/* made by {c} */\n" + ONE).encode(),
    "default.sql": lambda c: (
        f"CREATE TABLE a (id int, mail varchar(80) DEFAULT '{c}');\nINSERT INTO a VALUES (1, 'x');\n".encode()
    ),
    "comment of a column.sql": lambda c: (
        f"CREATE TABLE a (id int COMMENT 'ask {c}');\nINSERT INTO a VALUES (1);\n".encode()
    ),
    "procedure.sql": lambda c: (
        TABLE + ONE + f"DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT '{c}'; END//\nDELIMITER ;\n"
    ).encode(),
    "update.sql": lambda c: (TABLE + ONE + f"UPDATE staff SET mail = '{c}' WHERE id = 1;\n").encode(),
    "insert select.sql": lambda c: (TABLE + ONE + f"INSERT INTO staff SELECT 1, 'a', '{c}';\n").encode(),
    "insert set.sql": lambda c: (TABLE + ONE + f"INSERT INTO staff SET id = 3, mail = '{c}';\n").encode(),
    "hex.sql": lambda c: (TABLE + f"INSERT INTO staff VALUES (1, 'a', 0x{c.encode().hex()});\n").encode(),
    "hex of PostgreSQL.sql": lambda c: (
        TABLE.replace("varchar(80)", "bytea") + f"INSERT INTO staff VALUES (1, 'a', '\\x{c.encode().hex()}');\n"
    ).encode(),
    "copy.sql": lambda c: ("COPY staff (id, mail) FROM stdin;\n" + "1\tx\n" * 40_000 + f"2\t{c}\n\\.\n").encode(),
    "copy that never ends.sql": lambda c: (
        "COPY staff (id, mail) FROM stdin;\n" + "1\tx\n" * 40 + f"2\t{c}\n"
    ).encode(),
    "copy with wrong rows.sql": lambda c: (
        "COPY staff (id, mail) FROM stdin;\n1\tx\n1\n1\t2\t3\t4\n" + f"2\t{c}\n\\.\n"
    ).encode(),
    "more values than columns.sql": lambda c: (
        TABLE + f"INSERT INTO staff VALUES (1, 'a', 'b', 'c', '{c}');\n"
    ).encode(),
    "many columns.sql": lambda c: (
        "CREATE TABLE w ("
        + ", ".join(f"c{n} int" for n in range(4000))
        + ");\nINSERT INTO w VALUES ("
        + "1, " * 3999
        + f"'{c}');\n"
    ).encode(),
    "concatenated.sql": lambda c: (
        TABLE + f"INSERT INTO staff VALUES (1, 'a' || 'b', CONCAT('x ', '{c}'));\n"
    ).encode(),
    "dollar quotes.sql": lambda c: (TABLE + f"INSERT INTO staff VALUES (1, 'a', $tag${c}$tag$);\n").encode(),
    "unicode string.sql": lambda c: (TABLE + f"INSERT INTO staff VALUES (1, 'a', N'{c}');\n").encode(),
    "E string.sql": lambda c: (
        TABLE + "INSERT INTO staff VALUES (1, 'a', E'" + "".join(f"\\x{ord(x):02x}" for x in c) + "');\n"
    ).encode(),
    "NUL.sql": lambda c: (TABLE + f"INSERT INTO staff VALUES (1, 'a\0', '{c}');\n").encode(),
    "go.sql": lambda c: ("USE [x]\nGO\nINSERT [dbo].[staff] ([id], [mail]) VALUES (1, N'" + c + "')\nGO\n").encode(),
    "cut off.sql": lambda c: (TABLE + f"INSERT INTO staff VALUES (1, 'a', '{c}'), (2, 'b").encode(),
}


WIDE_TABLE = "CREATE TABLE w (" + ", ".join(f"c{number}" for number in range(1900)) + ")"
BASES: dict[str, Callable[[str], bytes]] = {
    "wide.db": sqlite_file(WIDE_TABLE, "INSERT INTO w (c1899) VALUES ('{c}')"),
    "blob.db": sqlite_file("CREATE TABLE t (a BLOB)", "INSERT INTO t VALUES (CAST('{c}' AS BLOB))"),
    "long blob.db": sqlite_file(
        "CREATE TABLE t (a BLOB)",
        "INSERT INTO t VALUES (CAST(replace(hex(zeroblob(600000)), '00', 'x ') || '{c}' AS BLOB))",
    ),
    "text with NUL.db": sqlite_file("CREATE TABLE t (a TEXT)", "INSERT INTO t VALUES ('x' || char(0) || ' {c}')"),
    "million characters.db": sqlite_file(
        "CREATE TABLE t (a TEXT)", "INSERT INTO t VALUES (replace(hex(zeroblob(500000)), '00', 'x ') || '{c}')"
    ),
    "without rowid.db": sqlite_file(
        "CREATE TABLE t (a TEXT PRIMARY KEY) WITHOUT ROWID", "INSERT INTO t VALUES ('{c}')"
    ),
    "text in a number.db": sqlite_file("CREATE TABLE t (a INTEGER)", "INSERT INTO t VALUES ('{c}')"),
    "default.db": sqlite_file("CREATE TABLE t (a TEXT DEFAULT '{c}')", "INSERT INTO t DEFAULT VALUES"),
    "comment of the schema.db": sqlite_file("CREATE TABLE t (a TEXT /* ask {c} */)", "INSERT INTO t VALUES ('x')"),
    "view.db": sqlite_file(
        "CREATE TABLE t (a TEXT)", "INSERT INTO t VALUES ('x')", "CREATE VIEW v AS SELECT '{c}' AS mail FROM t"
    ),
    "full text.db": sqlite_file("CREATE VIRTUAL TABLE f USING fts5(a)", "INSERT INTO f VALUES ('{c}')"),
    "name of a table.db": sqlite_file('CREATE TABLE "{c}" (a TEXT)', "INSERT INTO \"{c}\" VALUES ('x')"),
    "name of a column.db": sqlite_file('CREATE TABLE t ("{c}" TEXT)', "INSERT INTO t VALUES ('x')"),
    "many tables.db": sqlite_file(
        *[f"CREATE TABLE t{n} (a TEXT)" for n in range(800)], "INSERT INTO t799 VALUES ('{c}')"
    ),
    "generated column.db": sqlite_file(
        "CREATE TABLE t (a TEXT, b TEXT GENERATED ALWAYS AS (a || '@canary.example'))",
        "INSERT INTO t (a) VALUES (substr('{c}', 1, instr('{c}', '@') - 1))",
    ),
    "UTF-16.db": sqlite_file("PRAGMA encoding='UTF-16le'", "CREATE TABLE t (a TEXT)", "INSERT INTO t VALUES ('{c}')"),
    "JSON.db": sqlite_file("CREATE TABLE t (a TEXT)", 'INSERT INTO t VALUES (\'{"deep": {"mail": "{c}"}}\')'),
    "wide.parquet": parquet(lambda c: pa.table({f"c{n}": [c if n == 2999 else "x"] for n in range(3000)})),
    "deep list.parquet": parquet(lambda c: pa.table({"a": [nested(c, 30)]})),
    "deep object.parquet": parquet(lambda c: pa.table({"a": [{"b": {"c": {"d": {"e": c}}}}]})),
    "map.parquet": parquet(lambda c: pa.table({"a": pa.array([[("k", c)]], pa.map_(pa.string(), pa.string()))})),
    "binary.parquet": parquet(lambda c: pa.table({"a": pa.array([c.encode()], pa.binary())})),
    "fixed binary.parquet": parquet(lambda c: pa.table({"a": pa.array([c.encode()], pa.binary(len(c)))})),
    "large string.parquet": parquet(lambda c: pa.table({"a": pa.array(["x " * 600_000 + c], pa.large_string())})),
    "dictionary.parquet": parquet(lambda c: pa.table({"a": pa.array(["x"] * 50_000 + [c]).dictionary_encode()})),
    "many row groups.parquet": parquet(lambda c: pa.table({"a": ["x"] * 3000 + [c]}), row_group_size=2),
    "metadata.parquet": parquet(lambda c: pa.table({"a": ["x"]}).replace_schema_metadata({"author": c})),
    "name of a column.parquet": parquet(lambda c: pa.table({c: ["x"]})),
    "wide.arrow": arrow(lambda c: pa.table({f"c{n}": [c if n == 2999 else "x"] for n in range(3000)})),
    "deep list.arrow": arrow(lambda c: pa.table({"a": [nested(c, 30)]})),
    "metadata.arrow": arrow(lambda c: pa.table({"a": ["x"]}).replace_schema_metadata({"author": c})),
}


CASES = {**CSV, **SQL, **BASES}
