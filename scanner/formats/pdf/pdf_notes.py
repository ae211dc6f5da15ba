"""A page of an opened PDF goes in; its notes with their writers, form fields, link targets and files come out."""

import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pypdfium2 as pdfium
from pypdfium2 import raw

from scanner.formats.pdf.pdf_text import byte_string, string
from scanner.limits import Budget
from scanner.model import Child, Location, Lost, Reason, Segment

_SILENT = frozenset(("Off", "Yes", "On"))  # states of a box to tick


def annotations(document: Any, page: Any, where: Location, budget: Budget) -> Iterator[Segment | Child | Lost]:
    """Everything that is pinned to a page, in its order, as page=2;note=3; link targets with a value at the end."""
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
    text = string(raw.FPDFAnnot_GetStringValue, note, b"Contents")
    if not text.strip():
        return
    yield Segment(text, place, label="comment")
    author = string(raw.FPDFAnnot_GetStringValue, note, b"T")
    if author.strip():
        yield Segment(author, place.then(author=1), label="author", record=str(place), role="author")


def _field(form: Any, note: Any, place: Location) -> Iterator[Segment]:
    value = name = ""
    if form:
        value = string(raw.FPDFAnnot_GetFormFieldValue, form, note)
        name = string(raw.FPDFAnnot_GetFormFieldAlternateName, form, note) or string(
            raw.FPDFAnnot_GetFormFieldName, form, note
        )
    value = value or string(raw.FPDFAnnot_GetStringValue, note, b"V")
    if value.strip() and value not in _SILENT:
        yield Segment(value, place, label=name or string(raw.FPDFAnnot_GetStringValue, note, b"T"))


def _link(document: Any, note: Any) -> str:
    link = raw.FPDFAnnot_GetLink(note)
    action = raw.FPDFLink_GetAction(link) if link else None
    return unquote(byte_string(raw.FPDFAction_GetURIPath, document.raw, action)) if action else ""


def attachments(document: Any, budget: Budget) -> Iterator[Child | Lost]:
    """The files that are attached to the document; a portfolio is nothing else."""
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
    name = string(raw.FPDFAttachment_GetName, attachment.raw)
    try:
        data = bytes(attachment.get_data())
    except pdfium.PdfiumError:
        yield Lost(name, Reason.DAMAGED, "cannot be taken out of the PDF")
        return
    yield Child(name, lambda: io.BytesIO(data), len(data))
