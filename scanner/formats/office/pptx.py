"""A PowerPoint presentation goes in; its slides with notes, tables, charts, diagrams and comments come out."""

import re
from collections.abc import Callable, Generator, Iterator
from typing import IO, TypeAlias

from scanner.formats.office.ooxml import Handler, Leaves, Package, links, local, opened, properties
from scanner.formats.tables.grid import Grid
from scanner.formats.text.prose import Prose
from scanner.limits import Budget
from scanner.model import Location, Lost, Part, Reason, Segment

_SLIDE = re.compile(r"(?:^|/)slides/[^/]+\.xml$")
_MASTERS = re.compile(r"(?:^|/)(?:slideMasters|slideLayouts|notesMasters|handoutMasters)/[^/]+\.xml$")
_LOOSE = re.compile(r"(?:^|/)(?:charts|diagrams|comments|notesSlides|tags|customXml|embeddings)/[^/]*\.xml$")
# Copies of what is read elsewhere, looks and settings.
_UNREAD = re.compile(
    r"(?:^|/)(?:presentation|presProps|viewProps|tableStyles|revisionInfo|commentAuthors|authors)\.xml$"
    r"|(?:^|/)(?:diagrams/(?:drawing|layout|quickStyle|colors)\d*\.xml|charts/(?:style|colors)\d*\.xml|changesInfos/.*"
    r"|customXml/itemProps\d*\.xml)$"
)
_Counted: TypeAlias = Generator[Part, None, int]
_ATTRIBUTES = ("descr", "title", "connection")


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read all slides in their order, hidden ones too: slide=N;shape=ID;para=N, tables slide=N;shape=ID;row=N;col=N."""
    with opened(stream, budget, "PowerPoint") as package:
        slides = _slides(package)
        read = {name for name in package.names if _UNREAD.search(name) or name.startswith("docProps/")}
        people = _people(package)
        letters = 0
        for number, name in enumerate(slides, start=1):
            where = Location.of(slide=number)
            letters += yield from _shapes(package, name, where, read)
            for found in package.relations(name).values():
                if not found.outside and found.target in package.names and _LOOSE.search(found.target):
                    letters += yield from _beside(package, found.target, where, people, read)
        for name in package.names:
            if name not in read and _MASTERS.search(name):
                letters += yield from _shapes(package, name, Location.of(part=_short(name)), read)
            elif name not in read and _LOOSE.search(name):
                letters += yield from _beside(package, name, Location(), people, read)
        if people and not any("/comments/" in name for name in read):  # of comments that were deleted
            yield Segment("\n".join(people.values()), Location.of(part="authors"))
        yield from properties(package)
        if not letters and package.pictures():
            yield Lost("", Reason.NEEDS_OCR, f"no text, only {package.pictures()} pictures: they may be scanned pages")
        yield from package.children(read)
        if not slides:
            yield Lost("", Reason.DAMAGED, "no slide could be found in this PowerPoint file")
        yield from package.losses()


def _short(name: str) -> str:
    return name.removesuffix(".xml").removeprefix("ppt/")


def _slides(package: Package) -> list[str]:
    """Slide members in the order of the presentation, then those that it forgot to list."""
    main = next((found.target for found in package.relations("").values() if found.kind == "officeDocument"), "")
    main = main if main in package.names else "ppt/presentation.xml"
    order = _Order()
    if main in package.names:
        for _ in package.events(main, order):
            pass
    relations = package.relations(main)
    listed = [relations[key].target for key in order.keys if key in relations]
    others = sorted((name for name in package.names if _SLIDE.search(name)), key=lambda name: (len(name), name))
    return [name for name in dict.fromkeys([*listed, *others]) if name in package.names]


def _people(package: Package) -> dict[str, str]:
    reader = _People()
    for name in package.names:
        if name.endswith(("/commentAuthors.xml", "/authors.xml")):
            for _ in package.events(name, reader):
                pass
    return reader.names


def _shapes(package: Package, name: str, where: Location, read: set[str]) -> _Counted:
    """Read one slide, page of notes or master; gives its parts, results in its number of letters."""
    read.add(name)
    reader = _Shapes(where, prompts=not _MASTERS.search(name))
    yield from package.events(name, reader)
    yield from reader.rest()
    yield from links(package, name, where)
    return reader.letters


def _beside(package: Package, name: str, slide: Location, people: dict[str, str], read: set[str]) -> _Counted:
    """Read what belongs to a slide but stands in a part of its own."""
    if name in read:
        return 0
    if "/notesSlides/" in name:
        where = slide.then(part="notes") if slide.steps else Location.of(part=_short(name))
        return (yield from _shapes(package, name, where, read))
    read.add(name)
    if "/comments/" in name:
        where = slide if slide.steps else Location.of(part=_short(name))
        yield from package.events(name, _Comments(where, people))
        return 0
    where = slide.then(part=_short(name))
    leaves = Leaves(where, ("val",) if "/tags/" in name else _ATTRIBUTES, separate="/diagrams/" not in name)
    yield from package.events(name, leaves)
    yield from leaves.rest()
    yield from links(package, name, where)
    return leaves.letters


class _Order(Handler):
    def __init__(self) -> None:
        super().__init__()
        self.keys: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == "sldId":
            # Both `id` and `r:id` end in "id"; the relationship is the one with a prefix.
            self.keys += [value for key, value in attributes.items() if key.endswith(":id")]


class _People(Handler):
    """Who comments: id -> name and account."""

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) in {"cmAuthor", "author"}:
            account = attributes.get("userId", "")
            shown = attributes.get("name", "")
            self.names[attributes.get("id", "")] = f"{shown} {account}".strip() if "@" in account else shown


class _Comments(Handler):
    """Comments and answers, old (one text each) and new (paragraphs), with their writers."""

    def __init__(self, where: Location, people: dict[str, str]) -> None:
        super().__init__()
        self._where = where
        self._people = people
        self._number = 0
        self._open: list[tuple[int, str]] = []
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) in {"cm", "reply"}:
            self._give()
            self._number += 1
            self._open.append((self._number, self._people.get(attributes.get("authorId", ""), "")))

    def characters(self, text: str) -> None:
        if self._open:
            self._text.append(text)

    def end(self, name: str) -> None:
        own = local(name)
        if own in {"cm", "reply"}:
            self._give()
            if self._open:
                number, person = self._open.pop()
                where = self._where.then(comment=number)
                if person:
                    self.parts.append(
                        Segment(person, where.then(author=1), label="author", record=str(where), role="author")
                    )
        elif own in {"p", "br"} and self._text:
            self._text.append("\n")

    def _give(self) -> None:
        text = "".join(self._text).strip()
        self._text.clear()
        if text and self._open:
            self.parts.append(Segment(text, self._where.then(comment=self._open[-1][0]), label="comment"))


class _Shapes(Handler):
    """The shapes of one slide. Without `prompts` the texts of placeholders ("Click to edit") are left out."""

    def __init__(self, where: Location, prompts: bool) -> None:
        super().__init__()
        self._where = where
        self._prompts = prompts
        self._prose = Prose(where)
        self._shape = where
        self._placeholder = ""
        self._paragraph = 0
        self._text: list[str] = []
        self._inside = False
        self._tables: list[_Table] = []
        self._choices: list[tuple[int, bool]] = []
        self._skipping = 0
        self.letters = 0

    def rest(self) -> Iterator[Part]:
        """Close what a broken part left open, then give what waits."""
        self._end_paragraph()
        while self._tables:
            self._end_cell()
            self._end_row()
            self._end_table()
        yield from self.drain()
        yield from self._prose.rest()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if self._skipping or (name == "Fallback" and self._choices and self._choices[-1][1]):
            self._skipping += 1
            return
        if begin := _START.get(name):
            begin(self, attributes)

    def end(self, name: str) -> None:
        if self._skipping:
            self._skipping -= 1
            return
        if finish := _END.get(local(name)):
            finish(self)

    def characters(self, text: str) -> None:
        if self._inside and not self._skipping:
            self._text.append(text)

    def _start_shape(self, attributes: dict[str, str]) -> None:
        self._shape = self._where.then(shape=attributes.get("id", "0"))
        self._placeholder, self._paragraph = "", 0
        for key in ("descr", "title"):
            if len(attributes.get(key, "")) > 1:
                self.parts += self._prose.add(attributes[key], self._shape.then(hint=key))

    def _start_placeholder(self, attributes: dict[str, str]) -> None:
        self._placeholder = attributes.get("type", "body")

    def _start_link(self, attributes: dict[str, str]) -> None:
        if attributes.get("tooltip"):
            self.parts += self._prose.add(attributes["tooltip"], self._shape.then(hint="tooltip"))

    def _start_paragraph(self, _: dict[str, str]) -> None:
        self._end_paragraph()
        self._paragraph += 1

    def _start_text(self, _: dict[str, str]) -> None:
        self._inside = True

    def _end_text(self) -> None:
        self._inside = False

    def _break(self, _: dict[str, str]) -> None:
        self._text.append("\n")

    def _end_paragraph(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        if not text.strip() or (not self._prompts and self._placeholder not in {"", "ftr", "hdr"}):
            return
        self.letters += len(text)
        if self._tables:
            self._tables[-1].lines.append(text)
        else:
            self.parts += self._prose.add(text, self._shape.then(para=self._paragraph))

    def _start_table(self, _: dict[str, str]) -> None:
        self._tables.append(_Table(Grid(self._shape, loose=True)))

    def _start_row(self, _: dict[str, str]) -> None:
        if self._tables:
            self._tables[-1].row += 1
            self._tables[-1].column = 0

    def _start_cell(self, _: dict[str, str]) -> None:
        if self._tables:
            self._tables[-1].column += 1

    def _end_cell(self) -> None:
        if self._tables:
            table = self._tables[-1]
            # Where a file is damaged, text may stand in a table before its first row or cell.
            table.cells.append((max(1, table.column), "\n".join(table.lines)))
            table.lines = []

    def _end_row(self) -> None:
        if self._tables:
            table = self._tables[-1]
            self.parts += table.grid.add(max(1, table.row), table.cells)
            table.cells = []

    def _end_table(self) -> None:
        if self._tables:
            self.parts += self._tables.pop().grid.close()

    def _start_choice(self, _: dict[str, str]) -> None:
        self._choices.append((self.letters, False))

    def _end_choice(self) -> None:
        if self._choices:
            self._choices[-1] = (self._choices[-1][0], self.letters > self._choices[-1][0])

    def _end_alternatives(self) -> None:
        if self._choices:
            self._choices.pop()


class _Table:
    """A table that is being read."""

    __slots__ = ("cells", "column", "grid", "lines", "row")

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.row = self.column = 0
        self.cells: list[tuple[int, str]] = []
        self.lines: list[str] = []


_START: dict[str, Callable[[_Shapes, dict[str, str]], None]] = {
    "cNvPr": _Shapes._start_shape,
    "ph": _Shapes._start_placeholder,
    "hlinkClick": _Shapes._start_link,
    "p": _Shapes._start_paragraph,
    "t": _Shapes._start_text,
    "br": _Shapes._break,
    "tbl": _Shapes._start_table,
    "tr": _Shapes._start_row,
    "tc": _Shapes._start_cell,
    "AlternateContent": _Shapes._start_choice,
}
_END: dict[str, Callable[[_Shapes], None]] = {
    "p": _Shapes._end_paragraph,
    "t": _Shapes._end_text,
    "tbl": _Shapes._end_table,
    "tr": _Shapes._end_row,
    "tc": _Shapes._end_cell,
    "Choice": _Shapes._end_choice,
    "AlternateContent": _Shapes._end_alternatives,
}
