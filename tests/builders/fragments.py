"""The words of which files of our own parsers are made go out: joined at random they get further in than noise does."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_OFFICE = "http://schemas.openxmlformats.org"
_MAIN = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class Grammar:
    """Fragments of one format, in any order, and what makes a file of them."""

    media_type: str
    fragments: tuple[bytes, ...]
    wrap: Callable[[bytes], bytes] = bytes


def _zipped(*members: tuple[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members:
            archive.writestr(zipfile.ZipInfo(name), text)
    return out.getvalue()


def _types(part: str, content: str) -> str:
    return f'<Types xmlns="{_OFFICE}/package/2006/content-types"><Override PartName="{part}" ContentType="{_MAIN}.{content}.main+xml"/></Types>'  # noqa: E501


def _docx(body: bytes) -> bytes:
    links = f'<Relationships xmlns="{_OFFICE}/package/2006/relationships"><Relationship Id="r" Type="{_OFFICE}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'  # noqa: E501
    start = f'<w:document xmlns:w="{_OFFICE}/wordprocessingml/2006/main"><w:body>'.encode()
    document = start + body + b"</w:body></w:document>"
    types = _types("/word/document.xml", "wordprocessingml.document")
    return _zipped(("[Content_Types].xml", types), ("_rels/.rels", links), ("word/document.xml", document))


def _xlsx(body: bytes) -> bytes:
    space = f'xmlns="{_OFFICE}/spreadsheetml/2006/main" xmlns:r="{_OFFICE}/officeDocument/2006/relationships"'
    kind = f"{_OFFICE}/officeDocument/2006/relationships"
    rels = f'<Relationships xmlns="{_OFFICE}/package/2006/relationships">'
    book = f'<workbook {space}><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>'
    top = f'{rels}<Relationship Id="r" Type="{kind}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    inner = f'{rels}<Relationship Id="r1" Type="{kind}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{kind}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'  # noqa: E501
    sheet = f"<worksheet {space}><sheetData>".encode() + body + b"</sheetData></worksheet>"
    strings = f"<sst {space}><si><t>Ann Lee</t></si></sst>"
    return _zipped(
        ("[Content_Types].xml", _types("/xl/workbook.xml", "spreadsheetml.sheet")), ("_rels/.rels", top),
        ("xl/workbook.xml", book), ("xl/_rels/workbook.xml.rels", inner), ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", strings),
    )  # fmt: skip


def _pptx(body: bytes) -> bytes:
    slide = b"<p:sld xmlns:p='p' xmlns:a='a'>" + body + b"</p:sld>"
    types = _types("/ppt/presentation.xml", "presentationml.presentation")
    return _zipped(("[Content_Types].xml", types), ("ppt/slides/slide1.xml", slide))


def _odt(body: bytes) -> bytes:
    spaces = "".join(f" xmlns:{name}='{name}'" for name in ("office", "text", "table", "draw", "dc")).encode()
    start = b"<office:document-content" + spaces + b"><office:body>"
    content = start + body + b"</office:body></office:document-content>"
    return _zipped(("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", content))


def _rtf(body: bytes) -> bytes:
    return rb"{\rtf1\ansi " + body + b"}"


_FORMATS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "sql": ("application/sql", bytes),
    "mail": ("message/rfc822", bytes),
    "mbox": ("application/mbox", bytes),
    "docx": (f"{_MAIN}.wordprocessingml.document", _docx),
    "xlsx": (f"{_MAIN}.spreadsheetml.sheet", _xlsx),
    "pptx": (f"{_MAIN}.presentationml.presentation", _pptx),
    "odt": ("application/vnd.oasis.opendocument.text", _odt),
    "rtf": ("application/rtf", _rtf),
    "vcard": ("text/vcard", bytes),
    "ical": ("text/calendar", bytes),
    "csv": ("text/csv", bytes),
    "json": ("application/json", bytes),
    "ndjson": ("application/x-ndjson", bytes),
    "html": ("text/html", bytes),
    "xml": ("application/xml", bytes),
}


def _read() -> dict[str, Grammar]:
    found: dict[str, list[bytes]] = {}
    for line in Path(__file__).with_name("fragments.txt").read_text("utf-8").split("\n"):
        if line.startswith("== "):
            name = line[3:]
        elif line and not line.startswith("# "):
            found.setdefault(name, []).append(line.replace("~", "\n").replace("^", " ").encode())
    return {name: Grammar(_FORMATS[name][0], tuple(words), _FORMATS[name][1]) for name, words in found.items()}


GRAMMARS = _read()
