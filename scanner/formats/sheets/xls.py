"""An Excel file of 1987 to 2003 (XLS) goes in; its sheets, comments, boxes, names and embedded files come out.

A reader of our own, as for XLSX: calamine ends the process on a cell far away and gives no number formats.
"""

from collections.abc import Iterator
from itertools import islice
from typing import IO

from scanner.formats.office.ole import MAGIC, Box, opened
from scanner.formats.office.ole_storage import macros
from scanner.formats.pictures import blips
from scanner.formats.sheets.biff import Strings, records
from scanner.formats.sheets.cells import sheet_title
from scanner.formats.sheets.xls_book import Book
from scanner.formats.sheets.xls_sheet import Sheet
from scanner.formats.unlock import unlocked
from scanner.limits import Budget
from scanner.model import About, Location, Lost, Part, Reason, Segment, Skip

_BEGIN, _END, _LOCK, _DRAWINGS = frozenset((0x809, 0x409, 0x209, 0x009)), 0x0A, 0x2F, 0xEB
_GLOBALS, _BUNDLE = 0x0005, 0x0100
_PIVOT_TEXT = 0xCD


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read all sheets, hidden ones too: sheet=NAME;row=N;col=N as Excel shows them; raises Skip(encrypted)."""
    head = stream.read(8)
    stream.seek(0)
    if head != MAGIC:
        data = stream.read()
        budget.charge_bytes(len(data))
        if _is_locked(data):
            raise Skip(Reason.ENCRYPTED, "locked with a password; save a copy without it and scan again")
        yield from _workbook(data, budget)
        return
    with opened(stream, budget, "Excel") as box:
        data = box.read("Workbook") or box.read("Book")
        if not _is_locked(data):
            yield from _file(box, data, budget)
            return
    plain, line = unlocked(stream, budget)
    if line is not None:
        yield About(password_line=line)
    with opened(plain, budget, "Excel") as box:
        yield from _file(box, box.read("Workbook") or box.read("Book"), budget)


def _is_locked(data: bytes) -> bool:
    """The record that says so is among the first."""
    return any(record.kind == _LOCK for record in islice(records(data), 20))


def _file(box: Box, data: bytes, budget: Budget) -> Iterator[Part]:
    if not data:
        raise Skip(Reason.DAMAGED, "no sheets can be found in this Excel file")
    yield from _workbook(data, budget)
    yield from box.properties()
    yield from macros(box)
    for path in box.paths:
        if path[0] == "_SX_DB_CUR":
            yield from _pivot(box, path)
    for name in dict.fromkeys(path[0] for path in box.paths if len(path) > 1):
        if name.upper().startswith("MBD"):
            yield from box.embedded(name)
    yield from box.losses()


def _workbook(data: bytes, budget: Budget) -> Iterator[Part]:
    """The records of the whole stream; sheets begin and end within it, and charts within sheets."""
    book = Book()
    sheets: list[Sheet | None] = []
    drawings: list[bytes] = []
    number = letters = 0
    for record in records(data):
        if record.kind in _BEGIN:
            kind = int.from_bytes(record.data[2:4], "little")
            book.begin(record)
            if kind in {_GLOBALS, _BUNDLE}:
                sheets.append(None)
                continue
            around = next((sheet.name for sheet in reversed(sheets) if sheet), "")  # a chart belongs to its sheet
            number += not around
            title = around or book.sheet_at(record.at, number)
            sheets.append(Sheet(book, title))
            yield from () if around else sheet_title(title, Location.of(sheet=title))
        elif record.kind == _END and sheets:
            if sheet := sheets.pop():
                yield from sheet.rest()
                letters += sheet.letters
        elif record.kind == _DRAWINGS:
            drawings += record.chunks
        elif sheets and (sheet := sheets[-1]):
            yield from sheet.read(record)
        else:
            yield from book.read(record)
    for sheet in [sheet for sheet in reversed(sheets) if sheet]:
        yield Lost("", Reason.DAMAGED, "this Excel file is cut off; it was read as far as possible")
        yield from sheet.rest()
        letters += sheet.letters
    if not number:
        yield Lost("", Reason.DAMAGED, "no sheets can be found in this Excel file")
    yield from _pictures(b"".join(drawings), letters, budget)


def _pictures(drawings: bytes, letters: int, budget: Budget) -> Iterator[Part]:
    members = list(blips.members(drawings, budget))
    yield from members
    if not letters and not members and next(blips.pictures(drawings), None):
        yield Lost("", Reason.NEEDS_OCR, "no text, only pictures: they may be scanned pages")


def _pivot(box: Box, path: tuple[str, ...]) -> Iterator[Part]:
    """The copy of the data that a pivot table keeps, also after their sheet was deleted."""
    lines = [
        text
        for record in records(box.read(*path))
        if record.kind == _PIVOT_TEXT and (text := Strings(record.chunks).string().strip())
    ]
    if lines:
        yield Segment("\n".join(dict.fromkeys(lines)), Location.of(part=f"pivot {path[-1]}"))
