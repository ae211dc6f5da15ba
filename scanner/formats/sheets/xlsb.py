"""A binary Excel workbook (XLSB) goes in; its sheets, comments, links, properties and embedded files come out."""

import re
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO

from scanner.formats.office.ooxml import BROKEN, Package, links, opened, properties
from scanner.formats.sheets.biff import rk_number
from scanner.formats.sheets.cells import Kind, kind_of_format, number_text, sheet_title
from scanner.formats.sheets.xlsx import HEADER_CODES, TEXT_PARTS, loose_text, people, thread_comments
from scanner.formats.tables.grid import Grid
from scanner.limits import Budget
from scanner.model import Location, Lost, Part, Reason, Segment

_LOOSE = re.compile(r"/(?:externalLinks|pivotCache|pivotTables|tables|queryTables|chartsheets)/[^/]+\.bin$")
_TEXT_RUN = re.compile(rb"(?:[\x20-\xff][\x00-\x06]){3,}")
_BUFFER = 4 * 1024 * 1024  # a record is never larger: a string has 32,767 characters
# Types of records ([MS-XLSB] 2.3.2).
_ROW, _NAME, _SHEET, _BOOK, _TEXT, _FORMAT, _LOOK, _LOOKS, _LOOKS_END = 0, 39, 156, 153, 19, 44, 47, 617, 618
_HEADERS, _LINK, _VALIDATION, _AUTHOR, _COMMENT, _COMMENT_TEXT = 479, 494, 64, 632, 635, 637


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read all sheets, hidden ones too: sheet=NAME;row=N;col=N as Excel shows them."""
    with opened(stream, budget, "Excel") as package:
        book = _Book(package)
        read = {"xl/workbook.bin", "xl/sharedStrings.bin", "xl/styles.bin", "xl/calcChain.bin"}
        sheets = book.members()
        for name, title in sheets.items():
            read.add(name)
            yield from _sheet(package, name, title, book, read)
        for name in package.names:
            if TEXT_PARTS.search(name):
                read.add(name)
                yield from loose_text(package, name)
            elif _LOOSE.search(name):
                read.add(name)
                yield from _loose(package, name)
        read |= {name for name in package.names if re.search(r"(?:binaryIndex\d*|metadata)\.bin$", name)}
        yield from properties(package)
        read |= {name for name in package.names if name.startswith("docProps/")}
        yield from package.children(read)
        if not sheets:
            yield Lost("", Reason.DAMAGED, "no sheet could be found in this Excel file")
        yield from package.losses()


def _records(package: Package, name: str) -> Iterator[tuple[int, bytes]]:
    """(type, content) of the records of a member; a damaged one is noted, what came before it stays."""
    buffer, at = b"", 0
    try:
        for data in package.chunks(name):
            buffer, at = buffer[at:] + data, 0
            while (found := _record(buffer, at)) is not None:
                kind, start, end = found
                if end > len(buffer):
                    break
                yield kind, buffer[start:end]
                at = end
            if len(buffer) - at > _BUFFER:
                raise ValueError
        if buffer[at:].strip(b"\0"):
            raise ValueError
    except BROKEN:
        package.damaged.setdefault(name, "is cut off or broken")


def _record(buffer: bytes, at: int) -> tuple[int, int, int] | None:
    """Type, start and end of the content of the record at a place; None when its head is not there as a whole."""
    if at + 6 > len(buffer) and at + 2 > len(buffer):
        return None
    kind = buffer[at]
    at += 1
    if kind & 0x80:
        kind = (kind & 0x7F) | buffer[at] << 7
        at += 1
    size = shift = 0
    for _ in range(4):
        if at >= len(buffer):
            return None
        byte = buffer[at]
        at += 1
        size |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            break
    return kind, at, at + size


def _string(data: bytes, at: int) -> tuple[str, int]:
    """A wide string behind its length, and where it ends; an absent one has the length 0xFFFFFFFF."""
    if at + 4 > len(data):
        return "", len(data)
    (count,) = struct.unpack_from("<L", data, at)
    if count == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + count * 2
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


class _Book:
    """What all sheets share."""

    def __init__(self, package: Package) -> None:
        self.since_1904 = False
        self.texts: list[str] = []
        self._kinds: list[Kind] = []
        self._sheets: list[tuple[str, str]] = []
        self._package = package
        for kind, data in self._of("xl/workbook.bin"):
            if kind == _SHEET:
                key, end = _string(data, 8)
                self._sheets.append((key, _string(data, end)[0]))
            elif kind == _BOOK:
                self.since_1904 = bool(data[:1] and data[0] & 1)
        self.texts = [_string(data, 1)[0] for kind, data in self._of("xl/sharedStrings.bin") if kind == _TEXT]
        self._looks()

    def _of(self, name: str) -> Iterator[tuple[int, bytes]]:
        if name in self._package.names:
            yield from _records(self._package, name)

    def _looks(self) -> None:
        codes: dict[int, str] = {}
        within = False
        for kind, data in self._of("xl/styles.bin"):
            if kind == _FORMAT and len(data) > 2:
                codes[int.from_bytes(data[:2], "little")] = _string(data, 2)[0]
            elif kind in {_LOOKS, _LOOKS_END}:
                within = kind == _LOOKS
            elif kind == _LOOK and within:
                number = int.from_bytes(data[2:4], "little")
                code = codes.get(number, "")
                self._kinds.append(kind_of_format(-1 if code else number, code))

    def members(self) -> dict[str, str]:
        """Sheet members in the order of the workbook, with their names; then sheets that it forgot to list."""
        relations = self._package.relations("xl/workbook.bin")
        found = {relations[key].target: title for key, title in self._sheets if key in relations}
        for name in self._package.names:
            if re.search(r"(?:^|/)worksheets/sheet\d+\.bin$", name):
                found.setdefault(name, name.rpartition("/")[2].removesuffix(".bin"))
        return {name: title for name, title in found.items() if name in self._package.names and "/worksheets/" in name}

    def number(self, value: float, look: int) -> str:
        """A number as its look shows it."""
        kind = self._kinds[look] if look < len(self._kinds) else ""
        return number_text(repr(value), kind, self.since_1904)


def _sheet(package: Package, name: str, title: str, book: _Book, read: set[str]) -> Iterator[Part]:
    where = Location.of(sheet=title)
    yield from sheet_title(title, where)
    yield from _rows(package, name, where, book)
    yield from links(package, name, where)
    related = [found for found in package.relations(name).values() if found.target in package.names]
    threads = any(found.kind == "threadedComment" for found in related)
    for found in related:
        if found.kind == "comments":
            read.add(found.target)
            yield from _comments(package, found.target, where, threads)
        elif found.kind == "threadedComment":
            read.add(found.target)
            yield from package.events(found.target, thread_comments(where, people(package)))


def _rows(package: Package, name: str, where: Location, book: _Book) -> Iterator[Part]:
    grid = Grid(where)
    row = 0
    cells: list[tuple[int, str]] = []
    beside: list[Segment] = []
    for kind, data in _records(package, name):
        if kind == _ROW and len(data) >= 4:
            yield from grid.add(row, cells)
            row, cells = int.from_bytes(data[:4], "little") + 1, []
        elif kind in _CELLS and len(data) >= 8:
            column, look = int.from_bytes(data[:4], "little") + 1, int.from_bytes(data[4:7], "little")
            with suppress(struct.error, IndexError):  # too short for what it should hold
                cells.append((column, _CELLS[kind](book, data, look)))
        elif kind in _BESIDE:
            beside += _beside(kind, data, where)
    yield from grid.add(row, cells)
    yield from grid.close()
    yield from beside


def _loose(package: Package, name: str) -> Iterator[Segment]:
    """The texts of a member that has no better reader: what links and pivot tables remember of other sheets."""
    found: dict[str, None] = {}
    for _, data in _records(package, name):
        for run in _TEXT_RUN.findall(data):
            if (text := run.decode("utf-16-le", "replace").strip()).isprintable():
                found[text] = None
    if found:
        yield Segment("\n".join(found), Location.of(part=name.removesuffix(".bin").removeprefix("xl/")))


_CELLS: dict[int, Callable[[_Book, bytes, int], str]] = {
    2: lambda book, data, look: book.number(rk_number(struct.unpack_from("<L", data, 8)[0]), look),
    5: lambda book, data, look: book.number(struct.unpack_from("<d", data, 8)[0], look),
    6: lambda _book, data, _look: _string(data, 8)[0],
    7: lambda book, data, _look: book.texts[struct.unpack_from("<L", data, 8)[0]],
    8: lambda _book, data, _look: _string(data, 8)[0],
    9: lambda book, data, look: book.number(struct.unpack_from("<d", data, 8)[0], look),
}
_BESIDE = {_HEADERS: "header", _LINK: "hint", _VALIDATION: "validation"}


def _beside(kind: int, data: bytes, where: Location) -> Iterator[Segment]:
    """Headers, tooltips of links, hints to who fills in."""
    at = {_HEADERS: 2, _LINK: 16, _VALIDATION: 8}[kind]
    if kind == _VALIDATION:
        (count,) = struct.unpack_from("<L", data.ljust(8, b"\0"), 4)
        at = 8 + count * 16
    texts = []
    while at < len(data):
        text, at = _string(data, at)
        texts.append(HEADER_CODES.sub(" ", text) if kind == _HEADERS else text)
    texts = texts[2:] if kind == _LINK else texts[: 4 if kind == _VALIDATION else None]
    if said := "\n".join(text.strip() for text in texts if text.strip() and text.isprintable()):
        yield Segment(said, where.then(**{_BESIDE[kind]: 1}))


def _comments(package: Package, name: str, where: Location, threads: bool) -> Iterator[Part]:
    authors: list[str] = []
    place, by = where, ""
    for kind, data in _records(package, name):
        if kind == _AUTHOR:
            authors.append(_string(data, 0)[0].strip())
        elif kind == _COMMENT and len(data) >= 20:
            author, row, _, column = struct.unpack_from("<LLLL", data)
            place = where.then(row=row + 1, col=column + 1, comment=1)
            by = authors[author] if author < len(authors) else ""
        elif kind == _COMMENT_TEXT:
            text = _string(data, 1)[0]
            if threads and text.startswith("[Threaded comment]"):
                continue
            if text.strip():
                yield Segment(text, place, label="comment")
            if by:
                yield Segment(by, place.then(author=1), label="author", record=str(place), role="author")
