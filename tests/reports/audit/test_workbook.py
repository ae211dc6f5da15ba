"""The workbook of an audit: a sheet each for what the page shows, every text a text."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from example_audit import example_audit

from reports.audit.workbook import write_workbook
from reports.earlier import is_report

EVIL = '=HYPERLINK("https://x.example")'


@pytest.fixture
def book_file(tmp_path: Path) -> Path:
    path = tmp_path / "audit.xlsx"
    with path.open("wb") as file:
        write_workbook(example_audit(item=EVIL, owner=EVIL), file)
    return path


def test_each_check_has_its_row(book_file: Path):
    book = openpyxl.load_workbook(book_file)
    heads, *rows = book["Checks"].iter_rows(values_only=True)
    assert [row[0] for row in rows] == [f"A{number}" for number in range(1, 16)]
    first = dict(zip(heads, rows[0], strict=True))
    assert (first["count"], first["to decide"], first["people"]) == (7, 2, 40)
    assert first["oldest"] == datetime(2015, 4, 1)
    assert first["not known"] == "2 items have no date."
    assert {"Audit", "Worklists", "Rules", "Places", "Changes", "Requests", "Not read", "Record gaps"} < set(
        book.sheetnames
    )
    assert [row[0] for row in book["Requests"].iter_rows(min_row=2, values_only=True)] == ["C-0001", "C-0002", "C-0003"]


def test_no_cell_is_a_formula_or_a_link(book_file: Path):
    book = openpyxl.load_workbook(book_file)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert "'" + EVIL in {cell.value for cell in cells}
    assert not [cell for cell in cells if isinstance(cell.value, str) and cell.value.startswith("=")]


def test_it_knows_its_own(book_file: Path):
    assert is_report(book_file)
