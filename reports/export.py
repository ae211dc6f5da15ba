"""The parquet files of a report go in, CSV, Excel or JSON lines for people come out, formula-safe and private."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import pyarrow.parquet as pq
import xlsxwriter

from reports.ids import format_id
from reports.parquet import PrivateFile, ReportError, iterate
from reports.safe import cell

Names = list[str]
Rows = Iterator[dict[str, Any]]
# Excel's own limit, the heading counted.
MAX_SHEET_ROWS = 1_048_576
_MAX_CELL = 32_767
# Stands in the properties of our workbooks, so that a later scan knows that it may overwrite them.
EXCEL_MARK = "Report of whosedata"
# No text becomes a formula, a link or a number; rows are written as they come.
WORKBOOK_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FIRST = (
    "entity_type", "preview", "value", "score", "root", "item", "location", "status", "detail", "role", "record",
    "finding_id", "is_test", "quoted",
)  # fmt: skip
_WIDTHS = {
    "item": 50,
    "location": 28,
    "reason": 50,
    "detail": 40,
    "preview": 22,
    "value": 22,
    "entity_type": 20,
    "root": 16,
}
_IDS = frozenset({"finding_id", "value_id"})


def export(findings_in: Path, items_in: Path, findings_out: Path, items_out: Path) -> None:
    """Write both tables in the form that the suffix of `findings_out` names; they appear together, when complete.

    Raises:
        ReportError: the suffix is not known, or Excel cannot hold so many rows.
    """
    write = WRITERS.get(findings_out.suffix)
    if write is None:
        raise ReportError(f"{findings_out}: the name must end in .parquet or one of {', '.join(WRITERS)}.")
    with ExitStack() as stack:
        pairs = ((items_in, items_out), (findings_in, findings_out))
        files = [stack.enter_context(PrivateFile(target)) for _, target in pairs]
        for (source, _), file in zip(pairs, files, strict=True):
            write(column_order(pq.read_schema(source).names), flat_rows(source), file.file)
        for file in files:
            file.commit()


def flat_rows(source: Path) -> Rows:
    """Rows of one file of a report with plain cells: ids as letters, evidence and facts as text, times as ISO 8601."""
    for table in iterate(source):
        names = column_order(table.column_names)
        for row in table.to_pylist():
            yield {name: _plain(name, row[name]) for name in names}


def column_order(names: Names) -> Names:
    """What a person wants to see first stands first."""
    return [name for name in _FIRST if name in names] + [name for name in names if name not in _FIRST]


def _plain(name: str, value: object) -> object:
    if name in _IDS and isinstance(value, int):
        return format_id(value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {text}" for key, text in value.items() if text)
    if isinstance(value, list):
        return "; ".join(f"{key}={text}" for key, text in value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return round(value, 3) if isinstance(value, float) else value


def write_csv(names: Names, rows: Rows, file: IO[bytes]) -> None:
    """UTF-8 with a mark, so that Excel reads accents; every text formula-safe."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(names)  # also without a row: an empty file is no table
    for row in rows:
        writer.writerow([cell(value) if isinstance(value, str) else value for value in row.values()])
    text.detach()


def write_json_lines(_: Names, rows: Rows, file: IO[bytes]) -> None:
    """One JSON object a line."""
    for row in rows:
        file.write(json.dumps(row, ensure_ascii=False).encode("utf-8") + b"\n")


def write_json(findings: Path, items: Path, file: IO[bytes]) -> None:
    """One JSON document that holds both tables and says what wrote it, row by row."""
    file.write(b'{"program": "whosedata", "items": [')
    _write_objects(flat_rows(items), file)
    file.write(b'\n], "findings": [')
    _write_objects(flat_rows(findings), file)
    file.write(b"\n]}\n")


def _write_objects(rows: Rows, file: IO[bytes]) -> None:
    for number, row in enumerate(rows):
        file.write((",\n" if number else "\n").encode() + json.dumps(row, ensure_ascii=False).encode("utf-8"))


def write_excel(names: Names, rows: Rows, file: IO[bytes]) -> None:
    """One sheet, a frozen heading with filters; text cells never become formulas or links."""
    with xlsxwriter.Workbook(file, WORKBOOK_OPTIONS) as book:
        book.set_properties({"comments": EXCEL_MARK})
        sheet = book.add_worksheet("findings" if "finding_id" in names else "items")
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(names):
            sheet.set_column(column, column, _WIDTHS.get(name, 12))
        sheet.write_row(0, 0, names, book.add_format({"bold": True}))
        for number, row in enumerate(rows, start=1):
            if number >= MAX_SHEET_ROWS:
                raise ReportError(
                    "Excel holds at most 1,048,575 rows, and there are more. Use --out with .csv or .parquet."
                )
            for column, value in enumerate(row.values()):
                if isinstance(value, str):
                    sheet.write_string(number, column, cell(value)[:_MAX_CELL])
                elif value is not None:
                    sheet.write(number, column, value)
        sheet.autofilter(0, 0, 0, len(names) - 1)


WRITERS: dict[str, Callable[[Names, Rows, IO[bytes]], None]] = {
    ".csv": write_csv,
    ".xlsx": write_excel,
    ".jsonl": write_json_lines,
}
