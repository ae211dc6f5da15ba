"""A Word document goes in; its paragraphs, tables, notes, comments, changes, properties and embedded files come out."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO

from scanner.formats.office.ooxml import Handler, Leaves, links, local, opened, properties
from scanner.formats.tables.grid import Cells, Grid
from scanner.formats.text.prose import Prose
from scanner.limits import Budget
from scanner.model import Location, Lost, Part, Reason, Segment

_LEAVES = re.compile(r"(?:^|/)(?:charts|customXml|embeddings)/[^/]*\.xml$")
_FIRST = ("document", "header", "footer", "footnotes", "endnotes", "comments")
_UNREAD = re.compile(r"(?:^|/)(?:theme/|styles|webSettings|fontTable|numbering|docProps/|\[Content|.*itemProps)")
# A field's instruction names an address, or at least something in quotes that a reader does not see.
_ADDRESS = re.compile(r"@|HYPERLINK|mailto:", re.IGNORECASE)


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read every part of the package that can hold text, each as part=NAME;para=N or part=NAME;table=N;row=N;col=N."""
    with opened(stream, budget, "Word") as package:
        parts = sorted((name for name in package.names if _is_text(name)), key=_order)
        read = {*parts, *(name for name in package.names if name.startswith("docProps/"))}
        letters = 0
        for name in parts:
            where = Location.of(part=_part_name(name))
            if _LEAVES.search(name):
                leaves = Leaves(where)
                yield from package.events(name, leaves)
                yield from leaves.rest()
            else:
                reader = _Word(where)
                yield from package.events(name, reader)
                yield from reader.rest()
                letters += reader.letters
                if not reader.letters:  # no part of Word's own: whatever text it has
                    leaves = Leaves(where)
                    yield from package.events(name, leaves)
                    yield from leaves.rest()
            yield from links(package, name, where)
        yield from properties(package)
        if not letters and package.pictures():
            yield Lost("", Reason.NEEDS_OCR, f"no text, only {package.pictures()} pictures: it may be a scanned letter")
        yield from package.children(read)
        if not parts:
            yield Lost("", Reason.DAMAGED, "the document itself is missing in this Word file")
        yield from package.losses()


def _is_text(name: str) -> bool:
    return name.endswith(".xml") and not _UNREAD.search(name)


def _part_name(name: str) -> str:
    stem = name.rpartition("/")[2].removesuffix(".xml")
    return stem if name.count("/") <= 1 else name.removesuffix(".xml")


def _order(name: str) -> tuple[int, str]:
    stem = name.rpartition("/")[2]
    return next((index for index, first in enumerate(_FIRST) if stem.startswith(first)), len(_FIRST)), name


@dataclass(slots=True)
class _Paragraph:
    text: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)  # what stands in attributes: alternative text, link targets
    instruction: list[str] = field(default_factory=list)
    number: int = 0
    depth: int = 0  # of the tables around it


@dataclass(slots=True)
class _Table:
    grid: Grid
    row: int = 0
    column: int = 0
    cells: list[tuple[int, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


class _Word(Handler):
    """Reads one part. Deleted text stands on a line of its own, so that it does not run into what replaced it."""

    def __init__(self, where: Location) -> None:
        super().__init__()
        self._where = where
        self._prose = Prose(where)
        self._paragraphs: list[_Paragraph] = []
        self._loose = _Paragraph()
        self._tables: list[_Table] = []
        self._into: list[str] | None = None
        self._counted = {"para": 0, "table": 0}
        self._people: dict[str, None] = {}
        self._deleted = 0
        self._run = 0
        self._settings = 0
        self._choices: list[tuple[int, bool]] = []
        self._skipping = 0
        self.letters = 0

    def rest(self) -> Iterator[Part]:
        """Close what a broken part left open, then give what waits and the people who wrote or commented."""
        while self._paragraphs:
            self._end_paragraph()
        while self._tables:
            self._end_cell()
            self._end_row()
            self._end_table()
        self._paragraphs.append(self._loose)
        self._end_paragraph()
        yield from self.drain()
        yield from self._prose.rest()
        for number, person in enumerate(self._people, start=1):
            where = self._where.then(author=number)
            yield Segment(person, where, label="author", record=str(where), role="author")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if self._skipping or (name == "Fallback" and self._choices and self._choices[-1][1]):
            # The same text box once more, for old programs.
            self._skipping += 1
            return
        begin = _START.get(name)
        if begin is not None:
            begin(self, name, {local(key): value for key, value in attributes.items()})
        if attributes and name != "p":
            self._attributes(name, attributes)

    def end(self, name: str) -> None:
        if self._skipping:
            self._skipping -= 1
            return
        finish = _END.get(local(name))
        if finish is not None:
            finish(self)

    def characters(self, text: str) -> None:
        if self._into is not None and not self._skipping:
            self._into.append(text)
            self.letters += len(text)

    @property
    def _paragraph(self) -> _Paragraph:
        return self._paragraphs[-1] if self._paragraphs else self._loose

    def _attributes(self, name: str, attributes: dict[str, str]) -> None:
        for key, value in attributes.items():
            own = local(key)
            if own == "author" and value:
                self._people[value] = None
            elif ((name, own) in _SAID and len(value) > 1) or (own == "instr" and _ADDRESS.search(value)):
                self._paragraph.aside.append(value)

    def _start_paragraph(self, *_: object) -> None:
        self._counted["para"] += 1
        self._paragraphs.append(_Paragraph(number=self._counted["para"], depth=len(self._tables)))

    def _start_text(self, name: str, _: object) -> None:
        paragraph = self._paragraph
        if name == "instrText":
            self._into = paragraph.instruction
        elif name == "delText" or self._deleted:
            self._into = paragraph.deleted
        else:
            if paragraph.deleted and paragraph.deleted[-1] != "\n":
                paragraph.deleted.append("\n")
            self._into = paragraph.text

    def _end_text(self) -> None:
        self._into = None

    def _add(self, name: str, _: object) -> None:
        if self._run and not self._settings:
            paragraph = self._paragraph
            (paragraph.deleted if self._deleted else paragraph.text).append(_CHARACTERS[name])

    def _symbol(self, _: str, attributes: dict[str, str]) -> None:
        """A character of a named font; of symbol fonts, which stand at U+F000, the sign is not what its code says."""
        code = attributes.get("char", "")
        if re.fullmatch("00[2-7][0-9A-Fa-f]", code):
            self._paragraph.text.append(chr(int(code, 16)))

    def _count(self, attribute: str, step: int) -> None:
        setattr(self, attribute, max(0, getattr(self, attribute) + step))

    def _end_field(self) -> None:
        paragraph = self._paragraph
        instruction = "".join(paragraph.instruction)
        paragraph.instruction.clear()
        if _ADDRESS.search(instruction):
            paragraph.aside.append(instruction)

    def _end_paragraph(self) -> None:
        if not self._paragraphs:
            return
        self._end_field()
        paragraph = self._paragraphs.pop()
        text = "".join(paragraph.text)
        if not (text or paragraph.aside or paragraph.deleted):
            return
        where = self._where.then(para=paragraph.number) if paragraph.number else self._where
        if paragraph.depth and len(self._tables) == paragraph.depth:
            self._tables[-1].lines.append(text)
            table = self._tables[-1]
            where = self._where.then(table=self._counted["table"], row=table.row, col=table.column)
        else:
            self.parts += self._prose.add(text, where)
        for aside in paragraph.aside:
            self.parts += self._prose.add(aside, where)
        self.parts += self._prose.add("".join(paragraph.deleted).strip("\n"), where.then(change="deleted"))

    def _start_table(self, *_: object) -> None:
        self._counted["table"] += 1
        place = self._where.then(table=self._counted["table"])
        self._tables.append(_Table(Grid(place, loose=True)))

    def _start_row(self, *_: object) -> None:
        if self._tables:
            table = self._tables[-1]
            table.row += 1
            table.column = 0

    def _start_cell(self, *_: object) -> None:
        if self._tables:
            self._tables[-1].column += 1

    def _span(self, _: str, attributes: dict[str, str]) -> None:
        """A cell over several columns: the next one stands further right; where it begins does not change."""
        if self._tables and attributes.get("val", "").isdigit():
            table = self._tables[-1]
            table.column += min(int(attributes["val"][:5]), 1000) - 1

    def _sure_heading(self, *_: object) -> None:
        if self._tables and self._tables[-1].row == 1:
            self._tables[-1].grid.sure_heading = True

    def _end_cell(self) -> None:
        if self._tables:
            table = self._tables[-1]
            text = "\n".join(line for line in table.lines if line.strip())
            table.cells.append((table.column, text))
            table.lines = []

    def _end_row(self) -> None:
        if self._tables:
            table = self._tables[-1]
            cells: Cells = table.cells
            self.parts += table.grid.add(table.row, cells)
            table.cells = []

    def _end_table(self) -> None:
        if self._tables:
            table = self._tables.pop()
            self.parts += table.grid.close()

    def _start_choice(self, *_: object) -> None:
        self._choices.append((self.letters, False))

    def _end_choice(self) -> None:
        if self._choices:
            self._choices[-1] = (self._choices[-1][0], self.letters > self._choices[-1][0])

    def _end_alternatives(self) -> None:
        if self._choices:
            self._choices.pop()


_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# Attributes that a reader of the document sees, or that hold what somebody filled in.
_SAID = frozenset(
    (
        ("docPr", "descr"),
        ("docPr", "title"),
        ("cNvPr", "descr"),
        ("hyperlink", "tooltip"),
        ("default", "val"),
        ("listItem", "displayText"),
        ("listEntry", "val"),
        ("docVar", "val"),
        ("presenceInfo", "userId"),
        ("shape", "alt"),
        ("textpath", "string"),
        ("statusText", "val"),
        ("helpText", "val"),
    )
)
_START: dict[str, Callable[["_Word", str, dict[str, str]], None]] = {
    "p": _Word._start_paragraph,
    **dict.fromkeys(("t", "delText", "instrText", "delInstrText"), _Word._start_text),
    **dict.fromkeys(_CHARACTERS, _Word._add),
    **dict.fromkeys(("del", "moveFrom"), lambda reader, *_: reader._count("_deleted", 1)),
    "sym": _Word._symbol,
    "r": lambda reader, *_: reader._count("_run", 1),
    "pPr": lambda reader, *_: reader._count("_settings", 1),
    "tbl": _Word._start_table,
    "tr": _Word._start_row,
    "tc": _Word._start_cell,
    "gridSpan": _Word._span,
    "tblHeader": _Word._sure_heading,
    "AlternateContent": _Word._start_choice,
}
_END: dict[str, Callable[["_Word"], None]] = {
    "p": _Word._end_paragraph,
    **dict.fromkeys(("t", "delText", "instrText", "delInstrText"), _Word._end_text),
    **dict.fromkeys(("del", "moveFrom"), lambda reader: reader._count("_deleted", -1)),
    "r": lambda reader: reader._count("_run", -1),
    "pPr": lambda reader: reader._count("_settings", -1),
    "tbl": _Word._end_table,
    "tr": _Word._end_row,
    "tc": _Word._end_cell,
    "Choice": _Word._end_choice,
    "AlternateContent": _Word._end_alternatives,
}
