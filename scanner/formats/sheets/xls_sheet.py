"""Records of one sheet of an old Excel workbook go in; its rows, comments, boxes, hints and links come out."""

import re
import struct
from collections.abc import Callable, Iterator

from scanner.formats.sheets.biff import Record, Strings, constants, rk_number
from scanner.formats.sheets.cells import number_text
from scanner.formats.sheets.xls_book import Book
from scanner.formats.tables.grid import Grid
from scanner.model import Location, Part, Segment

_HEADER_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-F]{6}|\d+|[A-Z])')
_URL = bytes.fromhex("e0c9ea79f9bace118c8200aa004ba90b")


class Sheet:
    """Only cells that are there are held, whatever extent the sheet claims."""

    def __init__(self, book: Book, name: str) -> None:
        self._book = book
        self.name = name
        self._where = Location.of(sheet=name)
        self._grid = Grid(self._where)
        self._row = 0
        self._cells: list[tuple[int, str]] = []
        self._awaited: tuple[int, int] | None = None  # the cell whose formula gives a text, which follows
        self._boxes: dict[int, str] = {}
        self._box = 0
        self._notes: list[tuple[int, int, int, str]] = []
        self._beside: list[Segment] = []
        self.letters = 0

    def read(self, record: Record) -> Iterator[Part]:
        """One record of the sheet."""
        if reader := _READERS.get(record.kind):
            try:
                yield from reader(self, record)
            except (struct.error, IndexError):
                return  # a record that is too short for what it should hold

    def rest(self) -> Iterator[Part]:
        """The rows that wait, and what stands beside the cells."""
        yield from self._end_row()
        yield from self._grid.close()
        for row, column, box, author in self._notes:
            where = self._where.then(row=row, col=column, comment=1)
            if text := self._boxes.pop(box, "").strip():
                yield Segment(text, where, label="comment")
            if author.strip():
                yield Segment(author, where.then(author=1), label="author", record=str(where), role="author")
        for box, text in self._boxes.items():
            if text.strip():
                self.letters += len(text)
                yield Segment(text, self._where.then(shape=box))
        yield from self._beside

    def _cell(self, row: int, column: int, text: str) -> Iterator[Part]:
        if row != self._row:
            yield from self._end_row()
            self._row = row
        if text.strip():
            self.letters += len(text)
            self._cells.append((column + 1, text))

    def _end_row(self) -> Iterator[Part]:
        if self._cells:
            cells, self._cells = self._cells, []
            yield from self._grid.add(self._row + 1, cells)

    def _number(self, value: float, look: int) -> str:
        kind = "" if self._book.version == 2 else self._book.kind(look)
        return number_text(repr(value), kind, self._book.since_1904)

    def _place(self, data: bytes) -> tuple[int, int, int, bytes]:
        """Row, column, look and the rest of a cell record; three bytes of looks in Excel 2, two later."""
        row, column, look = struct.unpack_from("<HHH", data)
        return row, column, look, data[7 if self._book.version == 2 else 6 :]

    def _read_shared(self, record: Record) -> Iterator[Part]:
        row, column, _, rest = self._place(record.data)
        (index,) = struct.unpack_from("<L", rest)
        if index < len(self._book.texts):
            yield from self._cell(row, column, self._book.texts[index])

    def _read_label(self, record: Record) -> Iterator[Part]:
        row, column, _, rest = self._place(record.data)
        yield from self._cell(row, column, self._book.short(rest, 0, 1 if self._book.version == 2 else 2))

    def _read_number(self, record: Record) -> Iterator[Part]:
        row, column, look, rest = self._place(record.data)
        yield from self._cell(row, column, self._number(struct.unpack_from("<d", rest)[0], look))

    def _read_integer(self, record: Record) -> Iterator[Part]:
        row, column, _, rest = self._place(record.data)
        yield from self._cell(row, column, str(struct.unpack_from("<H", rest)[0]))

    def _read_rk(self, record: Record) -> Iterator[Part]:
        row, column, look, rest = self._place(record.data)
        yield from self._cell(row, column, self._number(rk_number(struct.unpack_from("<L", rest)[0]), look))

    def _read_rks(self, record: Record) -> Iterator[Part]:
        row, first = struct.unpack_from("<HH", record.data)
        for index in range((len(record.data) - 6) // 6):
            look, raw = struct.unpack_from("<HL", record.data, 4 + index * 6)
            yield from self._cell(row, first + index, self._number(rk_number(raw), look))

    def _read_formula(self, record: Record) -> Iterator[Part]:
        row, column, look, rest = self._place(record.data)
        self._awaited = None
        if rest[6:8] == b"\xff\xff":
            if rest[0] == 0:
                self._awaited = (row, column)
        else:
            yield from self._cell(row, column, self._number(struct.unpack_from("<d", rest)[0], look))
        formula = rest[16:] if self._book.version >= 5 else b""
        if b"@" in formula:
            where = self._where.then(row=row + 1, col=column + 1, formula=1)
            self._beside += [Segment(text, where) for text in constants(formula) if "@" in text]

    def _read_result(self, record: Record) -> Iterator[Part]:
        if self._awaited:
            (row, column), self._awaited = self._awaited, None
            if self._book.version == 8:
                text = Strings(record.chunks).string()
            else:
                text = self._book.short(record.data, 0, 1 if self._book.version == 2 else 2)
            yield from self._cell(row, column, text)

    def _read_header(self, record: Record) -> Iterator[Part]:
        text = self._book.short(record.data, 0, 2 if self._book.version == 8 else 1) if record.data else ""
        if text := _HEADER_CODES.sub(" ", text).strip():
            name = "header" if record.kind == 0x14 else "footer"
            self._beside.append(Segment(text, self._where.then(header=name)))
        yield from ()

    def _read_object(self, record: Record) -> Iterator[Part]:
        self._box = int.from_bytes(record.data[6:8], "little")
        yield from ()

    def _read_box(self, record: Record) -> Iterator[Part]:
        """The text of a box or comment stands in what continues its record."""
        (count,) = struct.unpack_from("<H", record.data, 10)
        if count and len(record.chunks) > 1 and record.chunks[1]:
            chunks = record.chunks[1:]
            text = Strings(chunks, 1).characters(count, wide=bool(chunks[0][0] & 1))
            while self._box in self._boxes:
                self._box += 0x10000
            self._boxes[self._box] = text.replace("\r", "\n")
        yield from ()

    def _read_note(self, record: Record) -> Iterator[Part]:
        row, column, size = struct.unpack_from("<HHH", record.data)
        if self._book.version == 8:
            (box,) = struct.unpack_from("<H", record.data, 6)
            self._notes.append((row + 1, column + 1, box, self._book.short(record.data, 8, 2)))
        else:
            text = record.data[6:].decode(self._book.encoding, "replace")
            if row == 0xFFFF and self._beside:  # goes on
                text = self._beside.pop().text + text
            self._beside.append(
                Segment(text[: max(size, len(text))], self._where.then(row=row + 1, col=column + 1, comment=1))
            )
        yield from ()

    def _read_link(self, record: Record) -> Iterator[Part]:
        """Where a link leads, if it is a mail or holds an address, and what it shows."""
        row, _, column, _ = struct.unpack_from("<HHHH", record.data)
        at = record.data.find(_URL, 32)
        if at >= 0:
            (size,) = struct.unpack_from("<L", record.data, at + 16)
            text = record.data[at + 20 : at + 20 + size].decode("utf-16-le", "replace").partition("\0")[0]
            if "@" in text or text.startswith(("tel:", "callto:")):
                self._beside.append(Segment(text, self._where.then(row=row + 1, col=column + 1, link="target")))
        yield from ()

    def _read_hint(self, record: Record) -> Iterator[Part]:
        row, _, column, _ = struct.unpack_from("<HHHH", record.data, 2)
        text = record.data[10:].decode("utf-16-le", "replace").strip("\0")
        if text:
            self._beside.append(Segment(text, self._where.then(row=row + 1, col=column + 1, hint="tooltip")))
        yield from ()

    def _read_validation(self, record: Record) -> Iterator[Part]:
        """Titles and words of hints to who fills in, and the texts to choose from."""
        data = b"".join(record.chunks)
        reader = Strings((data,), 4)
        texts = [text for text in (reader.string() for _ in range(4)) if text.strip("\0 ")]
        size = int.from_bytes(reader.take(2), "little")
        reader.take(2)
        texts += [text.replace("\0", "\n") for text in _lists(reader.take(size))]
        if texts:
            self._beside.append(Segment("\n".join(texts), self._where.then(validation=1)))
        yield from ()

    def _read_series(self, record: Record) -> Iterator[Part]:
        if text := self._book.short(record.data, 2).strip():
            self._beside.append(Segment(text, self._where.then(part="chart")))
        yield from ()


def _lists(formula: bytes) -> Iterator[str]:
    """A list of choices is one text, its items parted by zeros."""
    if formula[:1] == b"\x17" and len(formula) > 3:
        wide = formula[2] & 1
        yield formula[3 : 3 + formula[1] * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1", "replace")


_READERS: dict[int, Callable[[Sheet, Record], Iterator[Part]]] = {
    0xFD: Sheet._read_shared,
    **dict.fromkeys((0x204, 0x04, 0xD6), Sheet._read_label),
    **dict.fromkeys((0x203, 0x03), Sheet._read_number),
    0x02: Sheet._read_integer,
    0x27E: Sheet._read_rk,
    0xBD: Sheet._read_rks,
    **dict.fromkeys((0x06, 0x206, 0x406), Sheet._read_formula),
    **dict.fromkeys((0x207, 0x07), Sheet._read_result),
    **dict.fromkeys((0x14, 0x15), Sheet._read_header),
    0x5D: Sheet._read_object,
    0x1B6: Sheet._read_box,
    0x1C: Sheet._read_note,
    0x1B8: Sheet._read_link,
    0x800: Sheet._read_hint,
    0x1BE: Sheet._read_validation,
    0x100D: Sheet._read_series,
}
