"""The streams of an old Word document go in; its characters in order, their parts, paragraphs and people come out."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from scanner.model import Reason, Skip

# The texts follow each other in this order ([MS-DOC] 2.4.1, FibRgLw97).
PARTS = ("document", "footnotes", "headers", "macros", "comments", "endnotes", "textboxes", "header textboxes")
_WORD_97 = 0xC1
_MOST = 1 << 28  # characters
# Places in the header of Word 97 and later: (offset, length) pairs behind 0x9A.
_CLX, _PARAGRAPHS, _COMMENTERS, _REVISERS, _SAVED_BY = 0x1A2, 0x102, 0x1BA, 0x232, 0x2D2
_IN_TABLE, _ROW_END = 0x2416, 0x2417
_PAGES = {
    0x01: "cp1256", 0x04: "gbk", 0x05: "cp1250", 0x08: "cp1253", 0x0D: "cp1255", 0x0E: "cp1250", 0x11: "cp932",
    0x12: "cp949", 0x15: "cp1250", 0x18: "cp1250", 0x19: "cp1251", 0x1A: "cp1250", 0x1B: "cp1250", 0x1E: "cp874",
    0x1F: "cp1254", 0x22: "cp1251", 0x23: "cp1251", 0x24: "cp1250", 0x2A: "cp1258", 0x02: "cp1251",
}  # fmt: skip


@dataclass(slots=True)
class Text:
    """All characters, `ranges` of them for each of PARTS; `looks`: end of a paragraph -> (in a table, ends a row)."""

    characters: str
    ranges: list[tuple[int, int]]
    looks: dict[int, tuple[bool, bool]] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    damaged: bool = False

    @property
    def letters(self) -> int:
        """Characters that are more than blanks and marks."""
        return sum(not char.isspace() and char > " " for char in self.characters[:10_000])


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int  # first character
    count: int
    offset: int  # in the main stream
    wide: bool


def file_text(main: bytes, table: bytes, page: str) -> Text:
    """The text of a file by its main and its table stream (Word 6 and before have none); raises Skip(damaged).

    `page`: the encoding of its properties; the text of Word 6 and before is most often in the same.
    """
    if len(main) < 0x68:
        raise Skip(Reason.DAMAGED, "this Word file is cut off")
    (version,) = struct.unpack_from("<H", main, 2)
    (language,) = struct.unpack_from("<H", main, 6)
    new = version >= _WORD_97
    counts = struct.unpack_from("<8l", main, 0x4C if new else 0x34)
    ranges, at = [], 0
    for count in counts:
        end = at + min(max(count, 0), _MOST)
        ranges.append((at, end))
        at = end
    pieces = _pieces(main, table, new) or [_Piece(0, at, struct.unpack_from("<L", main, 0x18)[0], False)]
    told = "big5" if language in {0x404, 0xC04} else _PAGES.get(language & 0x3FF, page)
    characters = _characters(main, pieces, "cp1252" if new else told)
    text = Text(characters, [(min(start, len(characters)), min(end, len(characters))) for start, end in ranges])
    text.damaged = len(characters) < at - 1
    if new:
        text.looks = _looks(main, table, pieces)
        text.people = [*_names(main, table, _COMMENTERS), *_strings(main, table, _REVISERS)]
        text.people = [name for name in dict.fromkeys(text.people) if name and name != "Unknown"]
        text.said = list(dict.fromkeys(_strings(main, table, _SAVED_BY)))
    return text


def _pair(main: bytes, table: bytes, place: int) -> bytes:
    """What the header says to stand somewhere in the table stream."""
    if len(main) < place + 8:
        return b""
    offset, length = struct.unpack_from("<LL", main, place)
    return table[offset : offset + length]


def _pieces(main: bytes, table: bytes, new: bool) -> list[_Piece]:
    """The piece table; empty when the text stands in one piece (files of Word 6 and before that were saved whole)."""
    if not new:
        (flags,) = struct.unpack_from("<H", main, 10)
        if not flags & 0x0004:
            return []
    data = _pair(main, table if new else main, _CLX if new else 0x160)
    at = 0
    while at + 3 <= len(data) and data[at] == 1:  # looks of fast-saved pieces
        at += 3 + int.from_bytes(data[at + 1 : at + 3], "little")
    if at + 5 > len(data) or data[at] != 2:
        return []
    size = int.from_bytes(data[at + 1 : at + 5], "little")
    plc = data[at + 5 : at + 5 + size]
    number = (len(plc) - 4) // 12
    if number < 1:
        return []
    ends = struct.unpack_from(f"<{number + 1}L", plc)
    pieces = []
    for index in range(number):
        (where,) = struct.unpack_from("<L", plc, (number + 1) * 4 + index * 8 + 2)
        start, count = ends[index], ends[index + 1] - ends[index]
        if not 0 <= count <= _MOST:
            continue
        if not new:
            pieces.append(_Piece(start, count, where, False))
        elif where & 0x40000000:
            pieces.append(_Piece(start, count, (where & 0x3FFFFFFF) // 2, False))
        else:
            pieces.append(_Piece(start, count, where & 0x3FFFFFFF, True))
    return pieces


def _characters(main: bytes, pieces: Sequence[_Piece], page: str) -> str:
    texts, left = [], len(main) * 2  # overlapping pieces must not make more of it
    for piece in pieces:
        raw = main[piece.offset : piece.offset + min(piece.count, left) * (2 if piece.wide else 1)]
        left -= len(raw)
        # A lone half of a surrogate pair and an unknown byte must not end the text.
        text = raw.decode("utf-16-le" if piece.wide else page, "replace")
        if piece.wide and any(char > "\ud7ff" for char in text):
            text = "".join(char if char < "\U00010000" else char + "\x1f" for char in text)  # one sign, two characters
        texts.append(text)
    return "".join(texts)


def _looks(main: bytes, table: bytes, pieces: Sequence[_Piece]) -> dict[int, tuple[bool, bool]]:
    """For each paragraph of a table: the character that ends it -> (in a table, ends a row)."""
    ends: dict[int, tuple[bool, bool]] = {}
    plc = _pair(main, table, _PARAGRAPHS)
    number = (len(plc) - 4) // 8
    for index in range(max(0, number)):
        (page,) = struct.unpack_from("<L", plc, (number + 1) * 4 + index * 4)
        block = main[(page & 0x3FFFFF) * 512 : (page & 0x3FFFFF) * 512 + 512]
        if len(block) == 512:
            ends.update(_page_looks(block))
    out = {}
    for offset, looks in ends.items():
        for piece in pieces:
            width = 2 if piece.wide else 1
            last = offset - width
            if piece.offset <= last < piece.offset + piece.count * width:
                out[piece.start + (last - piece.offset) // width] = looks
    return out


def _page_looks(block: bytes) -> Iterator[tuple[int, tuple[bool, bool]]]:
    """(where a paragraph ends in the main stream, its looks) for the table paragraphs of one page of formats."""
    count = block[511]
    if count * 17 + 4 > 511:
        return
    places = struct.unpack_from(f"<{count + 1}L", block)
    for index in range(count):
        at = block[(count + 1) * 4 + index * 13] * 2
        if not 0 < at < 510:
            continue
        size = block[at] * 2 - 1
        if size < 0:
            at += 1
            size = block[at] * 2
        found = dict(_settings(block[at + 3 : at + 1 + size]))
        if found.get(_IN_TABLE) or found.get(_ROW_END):
            yield places[index + 1], (True, bool(found.get(_ROW_END)))


def _settings(data: bytes) -> Iterator[tuple[int, int]]:
    """(setting, first byte of its value) of a list of paragraph settings ([MS-DOC] 2.2.5.1)."""
    at = 0
    while at + 3 <= len(data):
        code = int.from_bytes(data[at : at + 2], "little")
        yield code, data[at + 2]
        size = (1, 1, 2, 4, 2, 2, 0, 3)[code >> 13]
        if not size:
            wide = code == 0xD608  # the definition of a table has a length of two bytes
            size = int.from_bytes(data[at + 2 : at + 4], "little") + 1 if wide else data[at + 2] + 1
        at += 2 + size


def _names(main: bytes, table: bytes, place: int) -> Iterator[str]:
    """A list of wide strings, each behind its length."""
    data, at = _pair(main, table, place), 0
    while at + 2 <= len(data):
        size = int.from_bytes(data[at : at + 2], "little") * 2
        yield data[at + 2 : at + 2 + size].decode("utf-16-le", "replace").strip("\0 ")
        at += 2 + size


def _strings(main: bytes, table: bytes, place: int) -> Iterator[str]:
    """A table of strings ([MS-DOC] 2.2.4)."""
    data = _pair(main, table, place)
    wide = data[:2] == b"\xff\xff"
    at = 6 if wide else 4
    extra = int.from_bytes(data[at - 2 : at], "little")
    while at < len(data):
        if wide:
            size = int.from_bytes(data[at : at + 2], "little") * 2
            text = data[at + 2 : at + 2 + size].decode("utf-16-le", "replace")
            at += 2 + size + extra
        else:
            size = data[at]
            text = data[at + 1 : at + 1 + size].decode("cp1252", "replace")
            at += 1 + size + extra
        yield text.strip("\0 ")
