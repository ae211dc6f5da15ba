"""Invented texts go in; small old Office files come out, byte by byte, made without any reader of ours.

Only the box of streams is made by our own writer; `olefile` reads it in its own test.
"""

import io
import struct
import zipfile

from scanner.formats.office.ole_rebuild import rebuild

Streams = dict[str, bytes]


def box(streams: Streams) -> bytes:
    """An OLE file with these streams; "/" parts storages from streams."""
    return rebuild([(tuple(name.split("/")), data) for name, data in streams.items()])


def summary(**texts: str) -> bytes:
    """A SummaryInformation stream with title, author, last ... and `saved` as seconds since 1970."""
    numbers = {"title": 2, "author": 4, "last": 8, "saved": 13}
    values = [(1, struct.pack("<LHH", 2, 1252, 0))]
    for name, value in texts.items():
        if name == "saved":
            packed = struct.pack("<LQ", 64, int(float(value) * 10_000_000) + 116444736000000000)
        else:
            raw = value.encode("cp1252") + b"\0"
            packed = struct.pack("<LL", 30, len(raw)) + raw + b"\0" * (-len(raw) % 4)
        values.append((numbers[name], packed))
    table, body = b"", b""
    start = 8 + 8 * len(values)
    for number, packed in values:
        table += struct.pack("<LL", number, start + len(body))
        body += packed
    section = struct.pack("<LL", start + len(body), len(values)) + table + body
    return struct.pack("<HHL16sL16sL", 0xFFFE, 0, 0, b"", 1, b"F" * 16, 48) + section


def doc(*texts: str, rows: tuple[int, ...] = (), locked: bool = False, others: Streams | None = None) -> bytes:
    """A Word 97 file: footnotes, headers, macros, comments ... follow the document; `rows`: characters that end rows.

    The first half of the text is kept in 8 bits, the second in 16, as Word mixes them.
    """
    whole = "".join(texts) + "\r"
    counts = [len(text) for text in texts] + [0] * (8 - len(texts))
    half = len(whole) // 2
    narrow, wide = whole[:half].encode("cp1252"), whole[half:].encode("utf-16-le", "surrogatepass")
    start = 0x600
    places = [start, start + len(narrow) + len(narrow) % 2]
    body = narrow + b"\0" * (len(narrow) % 2) + wide
    plc = struct.pack("<3L", 0, half, len(whole)) + struct.pack("<HLH", 0, places[0] * 2 | 0x40000000, 0)
    plc += struct.pack("<HLH", 0, places[1], 0)
    clx = b"\x02" + struct.pack("<L", len(plc)) + plc
    page, paragraphs = _looks(whole, rows, half, places)
    fib = bytearray(0x400)
    struct.pack_into("<HHHH", fib, 0, 0xA5EC, 0xC1, 0, 0x409)
    struct.pack_into("<H", fib, 10, 0x0200 | (0x0100 if locked else 0))
    struct.pack_into("<8L", fib, 0x4C, *counts)
    struct.pack_into("<LL", fib, 0x1A2, 0, len(clx))
    if rows:
        struct.pack_into("<LL", fib, 0x102, len(clx), len(paragraphs))
    main = bytes(fib) + page.ljust(0x200, b"\0") + body
    return box({"WordDocument": main, "1Table": clx + paragraphs, **(others or {})})


def _looks(whole: str, rows: tuple[int, ...], half: int, places: list[int]) -> tuple[bytes, bytes]:
    """A page of paragraph looks at sector 2 for all cells and ends of rows, and the table that leads to it."""

    def place(at: int) -> int:
        return places[0] + at if at < half else places[1] + (at - half) * 2

    ends = [at for at, char in enumerate(whole) if char in "\r\x07"] if rows else []
    page = bytearray(512)
    for number, at in enumerate([-1, *ends]):
        width = 1 if at < half else 2
        struct.pack_into("<L", page, number * 4, places[0] if at < 0 else place(at) + width)
    free = 0x1F0
    for number, at in enumerate(ends):
        if whole[at] != "\x07":
            continue
        settings = struct.pack("<HBHB", 0x2416, 1, 0x2417, at in rows)
        look = bytes([0, 4]) + b"\0\0" + settings
        free -= len(look) + len(look) % 2
        page[free : free + len(look)] = look
        page[(len(ends) + 1) * 4 + number * 13] = free // 2
    page[511] = len(ends)
    return bytes(page), struct.pack("<3L", 0, 1 << 20, 2)


def record(kind: int, content: bytes = b"", version: int = 0, instance: int = 0) -> bytes:
    """One record of a PowerPoint file."""
    return struct.pack("<HHL", instance << 4 | version, kind, len(content)) + content


def holder(kind: int, *records: bytes, instance: int = 0) -> bytes:
    """A record that holds others."""
    return record(kind, b"".join(records), 0xF, instance)


def wide(text: str) -> bytes:
    return text.encode("utf-16-le")


def ppt(slides: dict[int, bytes], document: bytes = b"", garbage: bytes = b"", others: Streams | None = None) -> bytes:
    """A PowerPoint 97 file: number of an object -> its record; `garbage` is what an earlier edit left."""
    objects = {1: holder(0x03E8, document), **slides}
    stream, places = garbage, {}
    for number, data in objects.items():
        places[number] = len(stream)
        stream += data
    directory = len(stream)
    entries = b"".join(struct.pack("<LL", number | 1 << 20, at) for number, at in places.items())
    stream += record(0x1772, entries)
    edit = len(stream)
    stream += record(0x0FF5, struct.pack("<LHHLLLLHH", 0, 0, 0, 0, directory, 1, 9, 0, 0))
    current = record(0x0FF6, struct.pack("<LLL", 20, 0xE391C05F, edit))
    return box({"PowerPoint Document": stream, "Current User": current, **(others or {})})


def biff(kind: int, content: bytes = b"") -> bytes:
    """One record of an Excel file."""
    return struct.pack("<HH", kind, len(content)) + content


def short(text: str, size: str = "H") -> bytes:
    """A string as Excel 97 keeps it, in 8 bits where it can."""
    narrow = all(char < "\u0100" for char in text)
    return struct.pack(f"<{size}B", len(text), not narrow) + (text.encode("latin-1") if narrow else wide(text))


def xls(
    sheets: dict[str, list[bytes]],
    texts: tuple[str, ...] = (),
    others: Streams | None = None,
    first: tuple[bytes, ...] = (),
) -> bytes:
    """An Excel 97 file: name of a sheet -> its records; `texts` are the shared ones, `first` more of the book."""
    start = biff(0x809, struct.pack("<HHLL", 0x600, 5, 0, 0))
    shared = biff(0xFC, struct.pack("<LL", len(texts), len(texts)) + b"".join(map(short, texts))) if texts else b""
    size = len(start) + sum(map(len, first)) + len(shared) + 4
    size += sum(len(biff(0x85, struct.pack("<LH", 0, 0) + short(name, "B"))) for name in sheets)
    names, bodies = b"", b""
    for name, rows in sheets.items():
        names += biff(0x85, struct.pack("<LH", size + len(bodies), 0) + short(name, "B"))
        bodies += biff(0x809, struct.pack("<HHLL", 0x600, 0x10, 0, 0)) + b"".join(rows) + biff(0x0A)
    return box({"Workbook": start + b"".join(first) + names + shared + biff(0x0A) + bodies, **(others or {})})


def label(row: int, column: int, text: str) -> bytes:
    """A cell with its text in place."""
    return biff(0x204, struct.pack("<HHH", row, column, 0) + short(text))


def number(row: int, column: int, value: float, look: int = 0) -> bytes:
    """A cell with a number."""
    return biff(0x203, struct.pack("<HHHd", row, column, look, value))


def bits(kind: int, content: bytes = b"") -> bytes:
    """One record of a binary workbook (XLSB)."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, out = len(content), b""
    while True:
        out += bytes([size & 0x7F | (0x80 if size > 127 else 0)])
        size >>= 7
        if not size:
            return head + out + content


def long(text: str) -> bytes:
    """A string of a binary workbook."""
    return struct.pack("<L", len(text)) + wide(text)


def xlsb(cells: bytes, others: dict[str, bytes | str] | None = None) -> bytes:
    """A binary workbook with one sheet of these records."""
    kind = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types><Override PartName="/xl/workbook.bin" ContentType="{kind}"/></Types>',
        "xl/workbook.bin": bits(156, struct.pack("<LL", 0, 1) + long("r1") + long("Staff")),
        "xl/_rels/workbook.bin.rels": '<Relationships><Relationship Id="r1" Type="a/worksheet" '
        'Target="worksheets/sheet1.bin"/></Relationships>',
        "xl/worksheets/sheet1.bin": cells,
        **(others or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def emf(*lines: str) -> bytes:
    """A drawing with these lines, each on its own height."""
    out = struct.pack("<LL", 1, 88) + bytes(32) + b" EMF" + bytes(44)
    for height, line in enumerate(lines):
        raw = wide(line) + b"\0" * (len(line) % 2 * 2)
        head = struct.pack("<LL", 84, 76 + len(raw)) + bytes(28) + struct.pack("<llLL", 0, height * 20, len(line), 76)
        out += head + bytes(24) + raw
    return out + struct.pack("<LLLLL", 14, 20, 0, 0, 20)


def wmf(*lines: str, charset: int = 0, page: str = "cp1252") -> bytes:
    """An old drawing with these lines."""
    font = bytes(13) + bytes([charset]) + bytes(4)
    out = struct.pack("<HHHLHLH", 1, 9, 0x300, 0, 0, 0, 0) + struct.pack("<LH", 3 + len(font) // 2, 0x02FB) + font
    for height, line in enumerate(lines):
        raw = line.encode(page)
        raw += b"\0" * (len(raw) % 2)
        content = struct.pack("<H", len(line.encode(page))) + raw + struct.pack("<HH", height * 20, 0)
        out += struct.pack("<LH", 3 + len(content) // 2, 0x0521) + content
    return out + struct.pack("<LH", 3, 0)
