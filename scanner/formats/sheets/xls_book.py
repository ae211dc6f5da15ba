"""Records of an old Excel workbook as a whole go in; its strings, formats, sheet names and named values come out."""

import struct
from collections.abc import Iterator

from scanner.formats.sheets.biff import Record, Strings, constants, encoding
from scanner.formats.sheets.cells import Kind, kind_of_format
from scanner.model import Location, Part, Segment

_PAGE, _DATES, _SHEET, _TEXTS, _NAME, _WRITER, _SHARER = 0x42, 0x22, 0x85, 0xFC, 0x18, 0x5C, 0x5B
_FORMAT, _OLD_FORMAT, _LOOKS, _LOOKS_3, _LOOKS_4 = 0x41E, 0x1E, 0xE0, 0x243, 0x443


class Book:
    """What all sheets share. `version` is 2, 3, 4, 5 (Excel 5 and 95) or 8 (97 to 2003)."""

    def __init__(self) -> None:
        self.version = 8
        self.encoding = "cp1252"
        self.since_1904 = False
        self.texts: list[str] = []
        self._formats: dict[int, str] = {}
        self._kinds: list[int] = []
        self._known: dict[int, Kind] = {}
        self._sheets: dict[int, str] = {}

    def begin(self, record: Record) -> None:
        """A part of the stream begins: its record tells the version."""
        told = int.from_bytes(record.data[:2], "little")
        self.version = {0x009: 2, 0x209: 3, 0x409: 4}.get(record.kind, 8 if told == 0x600 else 5)

    def sheet_at(self, at: int, number: int) -> str:
        """Name of the sheet that begins there in the stream."""
        return self._sheets.get(at) or f"Sheet{number}"

    def kind(self, look: int) -> Kind:
        """What the look of a cell makes of a number."""
        if look not in self._known:
            number = self._kinds[look] if look < len(self._kinds) else 0
            code = self._formats.get(number, "")
            self._known[look] = kind_of_format(-1 if code else number, code)
        return self._known[look]

    def short(self, data: bytes, at: int = 0, size: int = 1) -> str:
        """A string behind its length; what it is made of depends on the version."""
        if self.version == 8:
            return Strings((data,), at).string(size)
        count = int.from_bytes(data[at : at + size], "little")
        return data[at + size : at + size + count].decode(self.encoding, "replace")

    def read(self, record: Record) -> Iterator[Part]:
        """One record of the workbook itself."""
        data, kind = record.data, record.kind
        if kind == _TEXTS:
            reader = Strings(record.chunks, 8)
            while not reader.ended:
                self.texts.append(reader.string())
        elif kind == _SHEET and len(data) > 7:
            self._sheets[int.from_bytes(data[:4], "little")] = self.short(data, 6)
        elif kind in {_FORMAT, _OLD_FORMAT}:
            self._format(kind, data)
        elif kind in {_LOOKS, _LOOKS_3, _LOOKS_4}:
            self._kinds.append(
                int.from_bytes(data[2:4], "little") if kind == _LOOKS else data[1] if len(data) > 1 else 0
            )
        elif kind == _PAGE:
            self._page(int.from_bytes(data[:2], "little"))
        elif kind == _DATES:
            self.since_1904 = data[:1] == b"\x01"
        else:
            yield from self._said(kind, data)

    def _said(self, kind: int, data: bytes) -> Iterator[Part]:
        """Named values, and who saved or shares the file."""
        if kind == _NAME:
            yield from self._name(data)
        elif kind in {_WRITER, _SHARER}:
            person = (self.short(data, 0, 2) if kind == _WRITER else self.short(data, 4, 2)).strip(" \0")
            if person and person.isprintable():
                yield Segment(
                    person,
                    Location.of(part="workbook", writer=1),
                    label="last modified by",
                    record="writer",
                    role="author",
                )

    def _format(self, kind: int, data: bytes) -> None:
        if kind == _FORMAT and self.version >= 5 and len(data) > 3:
            self._formats[int.from_bytes(data[:2], "little")] = self.short(data, 2, 2 if self.version == 8 else 1)
        else:
            self._formats[len(self._formats)] = self.short(data, 2 if kind == _FORMAT else 0)

    def _page(self, page: int) -> None:
        name = encoding(page)
        try:
            b"a".decode(name)
        except LookupError:
            return
        self.encoding = name

    def _name(self, data: bytes) -> Iterator[Part]:
        """A named value: texts in it are somebody's words."""
        if len(data) < 15 or self.version < 5:
            return
        count = data[3]
        (size,) = struct.unpack_from("<H", data, 4)
        if self.version == 8:
            wide = bool(data[14] & 1)
            end = 15 + count * (2 if wide else 1)
            name = data[15:end].decode("utf-16-le" if wide else "latin-1", "replace")
        else:
            end = 14 + count
            name = data[14:end].decode(self.encoding, "replace")
        formula = data[end : end + size]
        if formula[:1] == b"\x17" or b"@" in formula:
            for text in constants(formula):
                yield Segment(text, Location.of(name=name), label=name)
