"""Spans of all detectors over a batch in, the readings that stay out: overlaps settled, special ones about somebody.

What one text cannot know is known here: the other cells of a row, the other fields of a record, the subject of a mail.
"""

import re
from collections.abc import Sequence

from detectors.about import Around, has_candidates, identifies, keep_about_people
from detectors.children import is_contract_label, mark_children, mark_contracts
from detectors.documents import weigh_by_document
from detectors.overlaps import resolve
from detectors.types import Span
from scanner.model import Column, Segment

CONTRACT_CLASS = "contract"
ABOUT_ONE = frozenset({"cv", "payslip", "medical_letter", "id_scan"})
# A table whose rows carry such a number is about people, although their names stand in another table.
_PERSON_NUMBER = re.compile(
    r"(?:client|patient|person|people|member|employee|staff|payroll|pupil|student|donor|volunteer|tenant|resident"
    r"|customer|applicant|candidate|contact|claimant|service ?user|subject|case)[ _.-]?"
    r"(?:id|no|nr|num|number|ref|reference|code)\b"
    r"|(?:client|patient|person|member|employee|staff|pupil|student|customer)(?:Id|ID|No|Number|Ref)\b",
    re.IGNORECASE,
)


def settle_segments(segments: Sequence[Segment], found: Sequence[list[Span]], document_class: str) -> list[list[Span]]:
    """The spans that stay of each segment of one item, sorted by start."""
    settled = [
        mark_children(segment.text, segment.label, resolve(weigh_by_document(spans, document_class)))
        for segment, spans in zip(segments, found, strict=True)
    ]
    if document_class == CONTRACT_CLASS:
        settled = [mark_contracts(spans) for spans in settled]
    if not any(map(has_candidates, settled)):
        return settled
    known = [segment for segment, spans in zip(segments, settled, strict=True) if any(map(identifies, spans))]
    records = {segment.record for segment in known if segment.record}
    subject = any(segment.thread and segment.label.casefold() == "subject" for segment in known)
    return [
        keep_about_people(
            segment.text,
            spans,
            Around(
                record=segment.record in records,
                author=bool(segment.thread),
                subject=subject,
                one_person=document_class in ABOUT_ONE,
            ),
        )
        for segment, spans in zip(segments, settled, strict=True)
    ]


def settle_block(
    columns: Sequence[Column], found: Sequence[Sequence[list[Span]]], document_class: str
) -> list[list[list[Span]]]:
    """For each column of a block the spans that stay of each of its cells."""
    settled = [
        [
            mark_children(value, column.label, resolve(spans)) if spans else spans
            for value, spans in zip(column.values, cells, strict=True)
        ]
        for column, cells in zip(columns, found, strict=True)
    ]
    if document_class == CONTRACT_CLASS or any(is_contract_label(column.label) for column in columns):
        settled = [[mark_contracts(spans) if spans else spans for spans in cells] for cells in settled]
    rows = {index for cells in settled for index, spans in enumerate(cells) if spans and has_candidates(spans)}
    if not rows:
        return settled
    numbered = any(_PERSON_NUMBER.search(column.label) for column in columns)
    known = {index for index in rows if numbered or any(any(map(identifies, cells[index])) for cells in settled)}
    for column, cells in zip(columns, settled, strict=True):
        for index in rows:
            if cells[index]:
                cells[index] = keep_about_people(column.values[index], cells[index], Around(record=index in known))
    return settled
