"""A PDF goes in; the text of its pages, its notes, links, form fields, metadata and embedded files come out.

pdfium can end the whole process on hostile files (forms that draw themselves): the worker around it must expect that.
"""

import ctypes
import io
import re
from collections.abc import Iterator
from contextlib import closing
from typing import IO, Any
from urllib.parse import unquote

import pypdfium2 as pdfium
from pypdfium2 import raw

from scanner.limits import Budget
from scanner.model import Child, Location, Lost, Part, Piece, Reason, Segment, Skip

_PEOPLE = {"Author": "author", "Title": "title", "Subject": "subject", "Keywords": "keywords"}
# pdfium marks a hyphen at a line's end that only breaks the word.
_BROKEN_WORD = re.compile("[\ufffe\x02]\r?\n?")
_PASSWORD = 4  # FPDF_ERR_PASSWORD
_SECURITY = 5  # FPDF_ERR_SECURITY
_STAMP = 60  # fewer letters than this on a page that is one picture: a stamp or page number on a scan
_FEW = 50


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read page by page: page=N with the characters of its text. A page that is only a picture is reported."""
    try:
        document = pdfium.PdfDocument(_readable(stream))
    except pdfium.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise Skip(Reason.ENCRYPTED, "the file needs a password; save a copy without it and scan again") from error
        if error.err_code == _SECURITY:
            raise Skip(Reason.ENCRYPTED, "the file is locked in a way that this program cannot read") from error
        raise Skip(Reason.DAMAGED, "the file is damaged and cannot be opened") from error
    with closing(document):
        yield from _metadata(document)
        yield from _form(document)
        pictures: list[int] = []
        damaged: list[int] = []
        for number in range(1, len(document) + 1):
            yield from _page(document, number, budget, pictures, damaged)
        yield from _bookmarks(document)
        if pictures:
            yield Lost("", Reason.NEEDS_OCR, f"{_pages(pictures)} no text, only a picture of it")
        if damaged:
            yield Lost("", Reason.DAMAGED, f"{_pages(damaged)} damage and cannot be read")
        yield from _attachments(document, budget)


def _form(document: Any) -> Iterator[Lost]:
    """Load the form, without which pdfium knows no field values."""
    kind = document.get_formtype()
    if kind in {raw.FORMTYPE_XFA_FULL, raw.FORMTYPE_XFA_FOREGROUND}:
        yield Lost("", Reason.UNSUPPORTED, "an XFA form: what its pages show was read, other entries were not")
    elif kind != raw.FORMTYPE_NONE:
        try:
            document.init_forms()
        except pdfium.PdfiumError:
            yield Lost("", Reason.DAMAGED, "the form in this PDF cannot be read")


def _readable(stream: IO[bytes]) -> IO[bytes]:
    """PDFium fills buffers of its own; a stream that cannot do that is read as a whole."""
    return stream if hasattr(stream, "readinto") else io.BytesIO(stream.read())


def _pages(numbers: list[int]) -> str:
    """Page numbers as "pages 1-3, 7 have", "page 2 has"; a long list is cut."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    shown = [str(first) if first == last else f"{first}-{last}" for first, last in ranges]
    if len(shown) > _FEW:
        shown = [*shown[:_FEW], f"... ({len(numbers)} pages)"]
    return f"pages {', '.join(shown)} have" if len(numbers) > 1 else f"page {numbers[0]} has"


def _metadata(document: Any) -> Iterator[Segment]:
    for key, label in _PEOPLE.items():
        text = _string(raw.FPDF_GetMetaText, document.raw, key.encode()).strip()
        if text:
            role = "author" if key == "Author" else ""
            where = Location.of(part="properties", property=key)
            yield Segment(text, where, label=label, record=role and "properties", role=role)


def _page(
    document: Any, number: int, budget: Budget, pictures: list[int], damaged: list[int]
) -> Iterator[Segment | Child | Lost]:
    where = Location.of(page=number)
    try:
        page = document[number - 1]
    except pdfium.PdfiumError:
        damaged.append(number)
        return
    with closing(page):
        try:
            with closing(page.get_textpage()) as text_page:
                text = text_page.get_text_range()
        except pdfium.PdfiumError:
            damaged.append(number)
            text = ""
        text = _BROKEN_WORD.sub("", text).replace("\r\n", "\n").replace("\x00", "")
        if text.strip():
            yield Segment(text, where)
        if len(text.strip()) < _STAMP and number not in damaged and _is_picture(page, bool(text.strip())):
            pictures.append(number)
        yield from _annotations(document, page, where, budget)


def _is_picture(page: Any, has_text: bool) -> bool:
    """Whether a page (almost) without text shows a picture; beside some text only one that fills half the page."""
    area = page.get_width() * page.get_height() or 1.0
    for found in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        if not has_text:
            return True
        left, bottom, right, top = found.get_bounds()
        if (right - left) * (top - bottom) * 2 >= area:
            return True
    return False


def _annotations(document: Any, page: Any, where: Location, budget: Budget) -> Iterator[Segment | Child | Lost]:
    """Notes with their writers, filled-in form fields with their names, targets of links, attached files."""
    targets: dict[str, None] = {}
    form = document.formenv.raw if document.formenv else None
    for index in range(max(0, raw.FPDFPage_GetAnnotCount(page.raw))):
        note = raw.FPDFPage_GetAnnot(page.raw, index)
        if not note:
            continue
        place = where.then(note=index + 1)
        kind = raw.FPDFAnnot_GetSubtype(note)
        try:
            if kind == raw.FPDF_ANNOT_LINK:
                targets[_link(document, note)] = None
            elif kind == raw.FPDF_ANNOT_WIDGET:
                yield from _field(form, note, place)
            elif kind == raw.FPDF_ANNOT_FILEATTACHMENT:
                yield from _attached(raw.FPDFAnnot_GetFileAttachment(note), document, budget)
            if kind not in {raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_POPUP}:
                yield from _note(note, place)
        finally:
            raw.FPDFPage_CloseAnnot(note)
    wanted = [link for link in targets if "@" in link or link.lower().startswith(("tel:", "sms:", "callto:"))]
    if wanted:
        yield Segment("\n".join(wanted), where.then(link="target"))


def _note(note: Any, place: Location) -> Iterator[Segment]:
    text = _string(raw.FPDFAnnot_GetStringValue, note, b"Contents")
    if not text.strip():
        return
    yield Segment(text, place, label="comment")
    author = _string(raw.FPDFAnnot_GetStringValue, note, b"T")
    if author.strip():
        yield Segment(author, place.then(author=1), label="author", record=str(place), role="author")


def _field(form: Any, note: Any, place: Location) -> Iterator[Segment]:
    value = name = ""
    if form:
        value = _string(raw.FPDFAnnot_GetFormFieldValue, form, note)
        name = _string(raw.FPDFAnnot_GetFormFieldAlternateName, form, note) or _string(
            raw.FPDFAnnot_GetFormFieldName, form, note
        )
    value = value or _string(raw.FPDFAnnot_GetStringValue, note, b"V")
    if value.strip() and value not in {"Off", "Yes", "On"}:
        yield Segment(value, place, label=name or _string(raw.FPDFAnnot_GetStringValue, note, b"T"))


def _link(document: Any, note: Any) -> str:
    link = raw.FPDFAnnot_GetLink(note)
    action = raw.FPDFLink_GetAction(link) if link else None
    if not action:
        return ""
    size = raw.FPDFAction_GetURIPath(document.raw, action, None, 0)
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFAction_GetURIPath(document.raw, action, buffer, size)
    return unquote(buffer.raw[: max(size - 1, 0)].decode("utf-8", "replace"))


def _string(getter: Any, *keys: Any) -> str:
    """One of pdfium's UTF-16 texts: the first call gives its size in bytes, the second fills the buffer.

    pypdfium2's own getters raise UnicodeDecodeError on a damaged text; here such characters are replaced.
    """
    size = getter(*keys, None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    getter(*keys, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")


def _bookmarks(document: Any) -> Iterator[Segment | Lost]:
    lines: list[str] = []
    pieces: list[Piece] = []
    length = 0
    try:
        for mark in document.get_toc(max_depth=15):
            title = _string(raw.FPDFBookmark_GetTitle, mark.raw)
            pieces.append(Piece(length, Location.of(bookmark=len(pieces) + 1)))
            lines.append(title)
            length += len(title) + 1
            if len(lines) >= 10_000:  # a list that leads back to itself
                break
    except pdfium.PdfiumError:
        yield Lost("", Reason.DAMAGED, "the bookmarks of this PDF cannot be read")
    if "".join(lines).strip():
        yield Segment("\n".join(lines), Location.of(part="bookmarks"), tuple(pieces))


def _attachments(document: Any, budget: Budget) -> Iterator[Child | Lost]:
    for index in range(document.count_attachments()):
        try:
            attachment = document.get_attachment(index)
        except pdfium.PdfiumError:
            yield Lost(f"attachment {index + 1}", Reason.DAMAGED, "cannot be taken out of the PDF")
            continue
        yield from _child(attachment, budget)


def _attached(found: Any, document: Any, budget: Budget) -> Iterator[Child | Lost]:
    if found:
        yield from _child(pdfium.PdfAttachment(found, document), budget)


def _child(attachment: Any, budget: Budget) -> Iterator[Child | Lost]:
    budget.charge_member()
    name = _string(raw.FPDFAttachment_GetName, attachment.raw)
    try:
        data = bytes(attachment.get_data())
    except pdfium.PdfiumError:
        yield Lost(name, Reason.DAMAGED, "cannot be taken out of the PDF")
        return
    yield Child(name, lambda: io.BytesIO(data), len(data))
