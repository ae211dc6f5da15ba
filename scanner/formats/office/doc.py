"""A Word document of 1991 to 2003 (DOC) goes in; its text with headers, notes, comments, boxes and tables comes out.

A reader of our own: antiword and catdoc are GPL and leave out headers or print nothing where a file is locked.
"""

import re
import struct
from collections.abc import Iterator
from typing import IO

from scanner.formats.office.doc_text import PARTS, Text, file_text
from scanner.formats.office.ole import BROKEN, MAGIC, opened
from scanner.formats.office.ole_properties import code_page
from scanner.formats.office.ole_storage import macros
from scanner.formats.pictures import blips
from scanner.formats.tables.grid import Grid
from scanner.formats.text.prose import Prose
from scanner.formats.unlock import unlocked
from scanner.limits import Budget
from scanner.model import About, Location, Lost, Part, Reason, Segment, Skip

_MARKS = re.compile("[\r\x07\x0c\x13\x14\x15]")
_ADDRESS = re.compile(r"@|HYPERLINK|mailto:", re.IGNORECASE)
# Line break, hard hyphen, and signs that stand for pictures, notes and page numbers.
_SIGNS = str.maketrans(
    {"\x0b": "\n", "\x0e": "\n", "\x1e": "-", "\xa0": " ", **dict.fromkeys("\0\1\2\3\4\5\6\x08\x1f")}
)


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read all texts: part=NAME;para=N and part=NAME;table=N;row=N;col=N; raises Skip(encrypted) for a locked one."""
    head = stream.read(8)
    stream.seek(0)
    if head != MAGIC:
        data = stream.read()
        budget.charge_bytes(len(data))
        yield from _texts(file_text(data, b"", "cp1252"))
        return
    with opened(stream, budget, "Word") as box:
        main = box.read("WordDocument")
        if len(main) < 64:
            raise Skip(Reason.DAMAGED, "the document itself is missing in this Word file")
        (flags,) = struct.unpack_from("<H", main, 10)
        if flags & 0x0100:
            plain, line = unlocked(stream, budget)
            if line is not None:
                yield About(password_line=line)
            yield from _unlocked(plain, budget)
            return
        table = box.read("1Table" if flags & 0x0200 else "0Table")
        try:
            text = file_text(main, table, code_page(box.read("\x05SummaryInformation")))
        except BROKEN as error:
            raise Skip(Reason.DAMAGED, f"this Word file is damaged ({type(error).__name__})") from error
        yield from _texts(text)
        yield from box.properties()
        yield from macros(box)
        yield from box.objects("ObjectPool")
        data = box.read("Data")
        offered = 0
        for member in blips.members(data, budget):
            offered += 1
            yield member
        if not offered and not text.letters and next(blips.pictures(data), None) is not None:
            yield Lost("", Reason.NEEDS_OCR, "no text, only pictures: it may be a scanned letter")
        yield from box.losses()


def _unlocked(plain: IO[bytes], budget: Budget) -> Iterator[Part]:
    plain.seek(0)
    with opened(plain, budget, "Word") as box:
        flags = int.from_bytes(box.read("WordDocument")[10:12], "little")
    if flags & 0x0100:
        raise Skip(Reason.ENCRYPTED, "locked with a password in a way that is not known here")
    plain.seek(0)
    yield from extract(plain, budget)


def _texts(text: Text) -> Iterator[Part]:
    for number, name in enumerate(PARTS):
        start, end = text.ranges[number]
        if end > start:
            yield from _Reader(text, Location.of(part=name)).read(start, end)
    for number, person in enumerate(text.people, start=1):
        where = Location.of(part="document", author=number)
        yield Segment(person, where, label="author", record=str(where), role="author")
    if text.said:
        yield Segment("\n".join(text.said), Location.of(part="history"))
    if text.damaged:
        yield Lost("", Reason.DAMAGED, "some of the text of this Word file cannot be found; the rest was read")


class _Reader:
    """Paragraphs and table rows of one part of the text."""

    def __init__(self, text: Text, where: Location) -> None:
        self._text = text
        self._where = where
        self._prose = Prose(where)
        self._paragraphs = self._tables = 0
        self._grid: Grid | None = None
        self._row = 0
        self._cells: list[tuple[int, str]] = []
        self._lines: list[str] = []
        self._shown: list[str] = []
        self._fields: list[list[str]] = []  # instructions of the fields that are open
        self._aside: list[str] = []

    def read(self, start: int, end: int) -> Iterator[Part]:
        """All between two characters of the text."""
        at = start
        content = self._text.characters
        for mark in _MARKS.finditer(content, start, end):
            self._add(content[at : mark.start()])
            at = mark.end()
            sign = mark[0]
            if sign == "\x13":
                self._fields.append([])
            elif sign in "\x14\x15":
                self._field(ended=sign == "\x15")
            else:
                yield from self._paragraph(mark.start(), sign)
        self._add(content[at:end])
        yield from self._paragraph(end, "\r")
        yield from self._end_table()
        yield from self._prose.rest()

    def _add(self, text: str) -> None:
        if self._fields and self._fields[-1] != ["\x14"]:
            self._fields[-1].append(text)
        else:
            self._shown.append(text)

    def _field(self, ended: bool) -> None:
        """An instruction is done: what names an address is kept, the result that follows is text."""
        if not self._fields:
            return
        instruction = "".join(self._fields[-1]).strip("\x14")
        if _ADDRESS.search(instruction):
            self._aside.append(instruction.translate(_SIGNS).strip())
        self._fields[-1] = ["\x14"]
        if ended:
            self._fields.pop()

    def _paragraph(self, at: int, sign: str) -> Iterator[Part]:
        text = "".join(self._shown).translate(_SIGNS)
        asides, self._shown, self._aside = self._aside, [], []
        # Without the looks of paragraphs (Word 6): the mark that ends a row follows that of its last cell.
        guess = sign == "\x07" and not self._text.looks and not text and self._text.characters[at - 1 : at] == "\x07"
        in_table, row_ends = self._text.looks.get(at, (sign == "\x07", guess))
        self._paragraphs += 1
        where = self._where.then(para=self._paragraphs)
        if in_table or sign == "\x07":
            if self._grid is None:
                self._tables += 1
                self._row = 0
                self._grid = Grid(self._where.then(table=self._tables), loose=True)
            where = self._where.then(table=self._tables, row=self._row + 1, col=len(self._cells) + 1)
            yield from self._cell(text, sign, row_ends)
        else:
            yield from self._end_table()
            yield from self._prose.add(text, where)
        for aside in asides:
            yield from self._prose.add(aside, where)

    def _cell(self, text: str, sign: str, row_ends: bool) -> Iterator[Part]:
        if self._grid is None:
            return
        if row_ends:
            self._row += 1
            yield from self._grid.add(self._row, self._cells)
            self._cells, self._lines = [], []
            return
        if text.strip():
            self._lines.append(text)
        if sign == "\x07":
            self._cells.append((len(self._cells) + 1, "\n".join(self._lines)))
            self._lines = []

    def _end_table(self) -> Iterator[Part]:
        if self._grid is None:
            return
        if self._lines:
            self._cells.append((len(self._cells) + 1, "\n".join(self._lines)))
        if self._cells:
            yield from self._grid.add(self._row + 1, self._cells)
        yield from self._grid.close()
        self._grid, self._cells, self._lines = None, [], []
