"""Paragraphs and tables in, bytes of DOCX, XLSX and PDF files out, by hand, so that no library changes them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from containers import zip_bytes

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_PROPERTIES = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a Word document holds."""

    paragraphs: Sequence[str]
    table: Sequence[Sequence[str]] = ()
    header: str = ""
    footer: str = ""
    comment: str = ""
    comment_author: str = ""
    text_box: str = ""
    author: str = ""


def docx_bytes(letter: Letter) -> bytes:
    """A Word document with body, table, text box, header, footer and one comment."""
    body = "".join(_paragraph(text) for text in letter.paragraphs)
    if letter.table:
        rows = "".join(
            "<w:tr>" + "".join(f"<w:tc>{_paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>" for row in letter.table
        )
        body += f"<w:tbl>{rows}</w:tbl>"
    if letter.text_box:
        body += (
            '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent>'
            f"{_paragraph(letter.text_box)}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
        )
    parts = {"header1": ("header", "hdr", letter.header), "footer1": ("footer", "ftr", letter.footer)}
    members = {
        f"word/{name}.xml": _xml(f"<w:{tag} {_W}>{_paragraph(text)}</w:{tag}>")
        for name, (_, tag, text) in parts.items()
    }
    members["word/comments.xml"] = _xml(
        f'<w:comments {_W}><w:comment w:id="0" w:author={quoteattr(letter.comment_author)} '
        f'w:date="2025-03-12T10:00:00Z">{_paragraph(letter.comment)}</w:comment></w:comments>'
    )
    section = "".join(
        f'<w:{kind}Reference xmlns:r="{_OFFICE}" w:type="default" r:id="{name}"/>'
        for name, (kind, _, _) in parts.items()
    )
    members["word/document.xml"] = _xml(
        f"<w:document {_W}><w:body>{body}<w:sectPr>{section}</w:sectPr></w:body></w:document>"
    )
    related = {**{name: kind for name, (kind, _, _) in parts.items()}, "comments": "comments"}
    return _package(
        members,
        {f"word/{name}.xml": f"{_WORD}.{kind}+xml" for name, kind in related.items()},
        ("word/document.xml", f"{_WORD}.document.main+xml"),
        {f"{name}.xml": (name, kind) for name, kind in related.items()},
        letter.author,
    )


def _paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook. Cells are text as typed, but for whole numbers under one of the `numeric` headings."""

    name: str
    rows: Sequence[Sequence[str]]
    hidden: bool = False
    numeric: frozenset[str] = frozenset()


def xlsx_bytes(sheets: Sequence[Sheet], author: str = "") -> bytes:
    """An Excel workbook with shared strings."""
    strings: dict[str, int] = {}
    members, content, related, listed = {}, {}, {}, ""
    for number, sheet in enumerate(sheets, 1):
        rows = "".join(
            f'<row r="{row}">{"".join(_cells(sheet, row, cells, strings))}</row>'
            for row, cells in enumerate(sheet.rows, 1)
        )
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        name = f"xl/worksheets/sheet{number}.xml"
        members[name] = _xml(f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>')
        content[name] = f"{_SHEET}.worksheet+xml"
        related[f"worksheets/sheet{number}.xml"] = (f"rId{number}", "worksheet")
        state = ' state="hidden"' if sheet.hidden else ""
        listed += f'<sheet name={quoteattr(sheet.name)} sheetId="{number}"{state} r:id="rId{number}"/>'
    shared = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
    members["xl/sharedStrings.xml"] = _xml(f'<sst xmlns="{main}" count="{len(strings)}">{shared}</sst>')
    content["xl/sharedStrings.xml"] = f"{_SHEET}.sharedStrings+xml"
    related["sharedStrings.xml"] = ("rIdStrings", "sharedStrings")
    members["xl/workbook.xml"] = _xml(
        f'<workbook xmlns="{main}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'
    )
    return _package(members, content, ("xl/workbook.xml", f"{_SHEET}.sheet.main+xml"), related, author)


def _cells(sheet: Sheet, row: int, cells: Sequence[str], strings: dict[str, int]) -> Iterator[str]:
    for column, cell in enumerate(cells):
        place = f"{chr(ord('A') + column)}{row}"
        if cell and row > 1 and sheet.rows[0][column] in sheet.numeric:
            yield f'<c r="{place}"><v>{int(cell)}</v></c>'
        elif cell:
            yield f'<c r="{place}" t="s"><v>{strings.setdefault(cell, len(strings))}</v></c>'


def _package(
    members: dict[str, bytes],
    content: dict[str, str],
    main: tuple[str, str],
    related: dict[str, tuple[str, str]],
    author: str,
) -> bytes:
    """Zip the parts of an Office document together with the lists and the properties that every such package has."""
    properties = ("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml")
    content = {**content, properties[0]: properties[1]}
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in [main, *content.items()]
    )
    defaults = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    folder, _, name = main[0].rpartition("/")
    links = "".join(
        f'<Relationship Id="{id_}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for target, (id_, kind) in related.items()
    )
    document = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="{main[0]}"/>'
    document += f'<Relationship Id="rId2" Type="{_PROPERTIES}" Target="{properties[0]}"/>'
    return zip_bytes(
        {
            "[Content_Types].xml": _xml(f'<Types xmlns="{_TYPES}">{defaults}{overrides}</Types>'),
            "_rels/.rels": _xml(f'<Relationships xmlns="{_RELS}">{document}</Relationships>'),
            f"{folder}/_rels/{name}.rels": _xml(f'<Relationships xmlns="{_RELS}">{links}</Relationships>'),
            **dict(sorted(members.items())),
            properties[0]: _xml(
                f'<cp:coreProperties xmlns:cp="{_CORE}" xmlns:dc="http://purl.org/dc/elements/1.1/" '
                'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
                f"<dc:creator>{escape(author)}</dc:creator>"
                '<dcterms:created xsi:type="dcterms:W3CDTF">2025-04-01T09:00:00Z</dcterms:created></cp:coreProperties>'
            ),
        }
    )


def _xml(text: str) -> bytes:
    return (_XML + text).encode("utf-8")


def pdf_bytes(pages: Sequence[Sequence[str]]) -> bytes:
    """A PDF with a text layer: one list of lines for each page."""
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for index, lines in enumerate(pages):
        shown = b"".join(b"(" + _pdf_text(line) + b") Tj T*\n" for line in lines)
        stream = b"BT /F1 11 Tf 15 TL 60 780 Td\n" + shown + b"ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * index} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        size, table, size, len(out),
    )  # fmt: skip


def _pdf_text(line: str) -> bytes:
    for char in ("\\", "(", ")"):
        line = line.replace(char, "\\" + char)
    return line.encode("cp1252")
