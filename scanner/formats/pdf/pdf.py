"""A PDF goes in; the text of its pages, its notes, links, form fields, properties and embedded files come out.

pdfium can end the whole process on hostile files (forms that draw themselves): the worker around it must expect that.
"""

import io
from collections.abc import Iterator
from contextlib import closing
from typing import IO, Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from scanner.formats.pdf.pdf_notes import annotations, attachments
from scanner.formats.pdf.pdf_properties import form, properties
from scanner.formats.pdf.pdf_scan import Scans
from scanner.formats.pdf.pdf_text import page_numbers, string, text_of
from scanner.limits import Budget
from scanner.model import About, Child, Location, Lost, Part, Piece, Reason, Segment, Skip

_PASSWORD = 4  # FPDF_ERR_PASSWORD
_SECURITY = 5  # FPDF_ERR_SECURITY
_MOST_BOOKMARKS = 10_000  # a list that leads back to itself


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read page by page: page=N with the characters of its text, or with the words that are read in its picture."""
    stream = _readable(stream)
    document, line = _opened(stream, budget)
    with closing(document):
        if line is not None:
            yield About(password_line=line)
        yield from properties(document, stream)
        yield from form(document, budget)
        scans = Scans(budget)
        damaged: list[int] = []
        for number in range(1, len(document) + 1):
            budget.charge_page(number, len(document))
            yield from _page(document, number, scans, damaged)
        yield from _bookmarks(document)
        yield from scans.losses()
        if damaged:
            yield Lost("", Reason.DAMAGED, f"{page_numbers(damaged)} damage and cannot be read")
        yield from attachments(document, budget)


def _readable(stream: IO[bytes]) -> IO[bytes]:
    """PDFium fills buffers of its own; a stream that cannot do that is read as a whole."""
    return stream if hasattr(stream, "readinto") else io.BytesIO(stream.read())


def _opened(stream: IO[bytes], budget: Budget) -> tuple[Any, int | None]:
    """The document, and the line of the password that opened it; a file that only its owner may change needs none."""
    if (document := _try(stream, None)) is not None:
        return document, None
    for line, password in budget.tries():
        if (document := _try(stream, password)) is not None:
            budget.fits(line)
            return document, line
    raise Skip(Reason.ENCRYPTED, budget.password_advice)


def _try(stream: IO[bytes], password: str | None) -> Any | None:
    """The document, or None when it needs another password."""
    stream.seek(0)
    try:
        return pdfium.PdfDocument(stream, password=password)
    except pdfium.PdfiumError as error:
        if error.err_code == _SECURITY:
            raise Skip(Reason.ENCRYPTED, "the file is locked in a way that this program cannot read") from error
        if error.err_code != _PASSWORD:
            raise Skip(Reason.DAMAGED, "the file is damaged and cannot be opened") from error
    return None


def _page(document: Any, number: int, scans: Scans, damaged: list[int]) -> Iterator[Segment | Child | Lost]:
    where = Location.of(page=number)
    try:
        page = document[number - 1]
    except pdfium.PdfiumError:
        damaged.append(number)
        return
    with closing(page):
        text, garbled = "", False
        try:
            with closing(page.get_textpage()) as text_page:
                text, garbled = text_of(text_page)
        except pdfium.PdfiumError:
            damaged.append(number)
        read = None
        if number not in damaged[-1:]:
            read = scans.page(page, number, text, garbled)
        if text.strip() and not (garbled and read and read.text):
            yield Segment(text, where)
        if read:
            yield read
        yield from annotations(document, page, where, scans.budget)


def _bookmarks(document: Any) -> Iterator[Segment | Lost]:
    lines: list[str] = []
    pieces: list[Piece] = []
    length = 0
    try:
        for mark in document.get_toc(max_depth=15):
            title = string(raw.FPDFBookmark_GetTitle, mark.raw)
            pieces.append(Piece(length, Location.of(bookmark=len(pieces) + 1)))
            lines.append(title)
            length += len(title) + 1
            if len(lines) >= _MOST_BOOKMARKS:
                break
    except pdfium.PdfiumError:
        yield Lost("", Reason.DAMAGED, "the bookmarks of this PDF cannot be read")
    if "".join(lines).strip():
        yield Segment("\n".join(lines), Location.of(part="bookmarks"), tuple(pieces))
