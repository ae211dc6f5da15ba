"""A file that is in the way goes in, whether it is a report of ours, and so may be overwritten, comes out."""

import json
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from reports.export import EXCEL_MARK, column_order
from reports.schema import finding_columns, item_columns

_HEAD = 64 * 1024


def is_report(path: Path) -> bool:
    """Whether whosedata wrote this file, as one table of a report; an empty file holds nothing to lose."""
    if path.stat().st_size == 0:
        return True
    if path.suffix == ".parquet":
        return _is_parquet(path)
    if path.suffix == ".xlsx":
        return _is_excel(path)
    with path.open("rb") as file:
        line = file.readline(_HEAD).decode("utf-8-sig", "replace").strip()
    tables = [column_order([column.name for column in columns]) for columns in (finding_columns(), item_columns())]
    if path.suffix == ".csv":
        return any(line == ",".join(names) for names in tables)
    try:
        row = json.loads(line)
    except ValueError:
        return False
    return isinstance(row, dict) and any(set(row) == set(names) for names in tables)


def _is_parquet(path: Path) -> bool:
    try:
        metadata = pq.read_schema(path).metadata or {}
    except (OSError, pa.ArrowInvalid):
        return False
    return b"schema_version" in metadata and b"run_id" in metadata


def _is_excel(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as book, book.open("docProps/core.xml") as properties:
            return EXCEL_MARK.encode() in properties.read(_HEAD)
    except (OSError, KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return False
