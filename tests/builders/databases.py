"""One small valid database, dump or file of columns of each kind, each with Ann Lee in it."""

import io
import sqlite3
import tempfile
from pathlib import Path

import avro_files
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import feather

ROWS = [
    {"name": "Ann Lee", "mails": ["ann@x.example", "lee@x.example"], "at": {"town": "Leeds"}},
    {"name": "Bob Ray", "mails": ["bob@x.example"], "at": None},
]
SQL = (
    b"-- MySQL dump 10.13\nCREATE TABLE `t` (`id` int, `mail` text, `note` blob);\n"
    b"INSERT INTO `t` VALUES (7,'ann@x.example','Dear Ann\\'s'),(8,'bob@x.example',0x416e6e204c6565);\n"
    b"CREATE VIEW v AS SELECT 'eve@x.example';\n"
)
XML = (
    b'<?xml version="1.0"?><mysqldump><database name="shop"><table_data name="t"><row><field name="id">7</field>'
    b'<field name="name">Ann Lee</field><field name="mail">ann@x.example</field></row></table_data></database>'
    b"</mysqldump>"
)


def parquet() -> bytes:
    """Nested columns."""
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ROWS), out)
    return out.getvalue()


def arrow() -> bytes:
    """The same as a Feather file."""
    out = io.BytesIO()
    feather.write_feather(pa.Table.from_pylist(ROWS), out)
    return out.getvalue()


def avro() -> bytes:
    """Two blocks of one record each."""
    fields = [{"name": name, "type": "string"} for name in ("name", "mail")]
    blocks = [[{"name": "Ann Lee", "mail": "ann@x.example"}], [{"name": "Bob Ray", "mail": "bob@x.example"}]]
    return avro_files.avro({"type": "record", "name": "R", "fields": fields}, blocks)


def sqlite(photo: bytes) -> bytes:
    """A table with a file in a cell, and a view."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.db"
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE staff(id INTEGER PRIMARY KEY, name TEXT, photo BLOB)")
        connection.execute("CREATE VIEW names AS SELECT name FROM staff")
        connection.execute("INSERT INTO staff VALUES (7, 'Ann Lee', ?)", (photo,))
        connection.commit()
        connection.close()
        return path.read_bytes()
