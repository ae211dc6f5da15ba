"""An opened PDF and its bytes go in; who made it and when, what it is called and the data of its form come out."""

import ctypes
import io
import re
from collections.abc import Iterator
from typing import IO, Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from scanner.formats.content_dates import iso_date
from scanner.formats.pdf.pdf_text import byte_string, string
from scanner.formats.pictures.xmp import made, read_xmp, texts
from scanner.limits import MB, Budget
from scanner.model import About, Child, Location, Lost, Reason, Segment

_PEOPLE = {"Author": "author", "Title": "title", "Subject": "subject", "Keywords": "keywords"}
# 20240305101500+01'00'
_DATE = re.compile(r"(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?\s*(?:(Z)|([+-])(\d\d)'?(\d\d)?'?)?", re.ASCII)
_XMP = re.compile(rb"<x:xmpmeta\b.{0,1000000}?</x:xmpmeta>", re.DOTALL)
_LONGEST_PACKET = MB
_MOST_PACKETS = 20
_XFA_READ = frozenset(("datasets", "template", "form"))


def properties(document: Any, stream: IO[bytes]) -> Iterator[Segment | About]:
    """The information dictionary, then what the XMP packets say beside it; the date of the last change."""
    said: list[str] = []
    for key, label in _PEOPLE.items():
        text = string(raw.FPDF_GetMetaText, document.raw, key.encode()).strip()
        if text:
            said.append(text)
            role = "author" if key == "Author" else ""
            where = Location.of(part="properties", property=key)
            yield Segment(text, where, label=label, record=role and "properties", role=role)
    xmp = [pair for packet in _packets(stream) for pair in read_xmp(packet)]
    yield from texts(xmp, said)
    for key in ("ModDate", "CreationDate"):
        moment = _moment(string(raw.FPDF_GetMetaText, document.raw, key.encode()))
        if moment is not None:
            yield About(content_date=moment)
            return
    if (date := made(xmp)) is not None:
        yield date


def _packets(stream: IO[bytes]) -> Iterator[bytes]:
    """XMP stands in a PDF as plain text, so that programs that know nothing of PDF can find it."""
    stream.seek(0)
    kept, found = b"", 0
    while (chunk := stream.read(4 * MB)) and found < _MOST_PACKETS:
        window = kept + chunk
        end = 0
        for match in _XMP.finditer(window):
            yield match[0]
            end, found = match.end(), found + 1
        start = window.find(b"<x:xmpmeta", end)
        kept = window[max(start, len(window) - _LONGEST_PACKET) :] if start >= 0 else window[-16:]


def _moment(text: str) -> float | None:
    found = _DATE.match(text.strip())
    if not found:
        return None
    year, month, day, hour, minute, second, _, sign, hours, minutes = found.groups()
    zone = f"{sign}{hours}:{minutes or '00'}" if sign else "+00:00"
    return iso_date(f"{year}-{month or '01'}-{day or '01'}T{hour or '00'}:{minute or '00'}:{second or '00'}{zone}")


def form(document: Any, budget: Budget) -> Iterator[Child | Lost]:
    """Load the form, without which pdfium knows no field values; the data of an XFA form are XML members."""
    kind = document.get_formtype()
    if kind in {raw.FORMTYPE_XFA_FULL, raw.FORMTYPE_XFA_FOREGROUND}:
        yield from _xfa(document, budget)
    elif kind != raw.FORMTYPE_NONE:
        try:
            document.init_forms()
        except pdfium.PdfiumError:
            yield Lost("", Reason.DAMAGED, "the form in this PDF cannot be read")


def _xfa(document: Any, budget: Budget) -> Iterator[Child | Lost]:
    for index in range(max(0, raw.FPDF_GetXFAPacketCount(document.raw))):
        name = byte_string(raw.FPDF_GetXFAPacketName, document.raw, index)
        if name not in _XFA_READ:
            continue
        budget.charge_member()
        size = ctypes.c_ulong()
        raw.FPDF_GetXFAPacketContent(document.raw, index, None, 0, size)
        buffer = ctypes.create_string_buffer(size.value)
        if not raw.FPDF_GetXFAPacketContent(document.raw, index, buffer, size.value, size):
            yield Lost(f"xfa-{name}.xml", Reason.DAMAGED, "cannot be taken out of the PDF")
            continue
        data = buffer.raw[: size.value]
        if data.strip():
            yield Child(f"xfa-{name}.xml", lambda data=data: io.BytesIO(data), len(data), hint="application/xml")  # type: ignore[misc]
