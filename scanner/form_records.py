"""A segment and its spans go in, the person slot of each span comes out: the fields of one form are one record.

A record holds what certainly belongs to one person. So a name counts only under a label for the form's own person (or
where the same name stands in the comments), and several names in one field are a list of people, not one of them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detectors.forms import Field, Form, form_at, forms_in
from detectors.labels import label_words
from detectors.types import Span
from scanner.model import Segment
from scanner.records import Slot, name_part, role_of
from scanner.segment import locate

PERSON = "PERSON"
_WHOSE = (
    "your|full|first|last|middle|given|family|second|maiden|previous|former|preferred|legal|contact|card ?holders?"
    "|account holders?|clients?|patients?|applicants?|candidates?|employees?|members?|donors?|volunteers?|pupils?"
    "|students?|customers?|tenants?|residents?|claimants?|complainants?|service users?|childs?|persons?|learners?"
)
_OWN_NAME = re.compile(
    rf"(?:(?:{_WHOSE}) )*(?:names?|surname|forenames?|known as)"
    rf"(?: in full| and surname| s)?(?: of .*)?|(?:{_WHOSE})|title"
)


@dataclass(frozen=True, slots=True)
class _Filled:
    """A form with the names in it: how many stand in each field (by where its value begins), and whose form it is."""

    form: Form
    names: Counter[int]
    owners: frozenset[str]

    def takes(self, field: Field, role: str, span: Span) -> bool:
        """Whether a name is that of the form's own person, or of the one relation that the label names."""
        alone = self.names[field.value_start] == 1
        return (alone and (role != "self" or _names_owner(field))) or span.value in self.owners


def slots_of(segment: Segment, spans: Sequence[Span]) -> Iterator[Slot]:
    """The slot of each span, in order: the segment's own, or that of the form which the span stands in."""
    own = _own_slot(segment)
    forms = forms_in(segment.text) if spans and not segment.record and ":" in segment.text else []
    filled: dict[int, _Filled] = {}
    for span in spans:
        form = form_at(forms, span.start) if forms else None
        field = form.field_at(span.start) if form else None
        if form is None or field is None:
            yield own
            continue
        if form.start not in filled:
            filled[form.start] = _filled(form, spans)
        yield _slot(segment, own, filled[form.start], field, span)


def _own_slot(segment: Segment) -> Slot:
    """The slot that the format gave; a labelled field of a record belongs to the person, or relation, of its label."""
    part = name_part(segment.label) if segment.label else ""
    record, role = segment.record, segment.role
    if record and segment.label and not role:
        role = role_of(segment.label)
        record = record if role == "self" else f"{record};{role}"
    return Slot(record, role, segment.quoted, segment.thread, part)


def _filled(form: Form, spans: Sequence[Span]) -> _Filled:
    names = [
        (field, span)
        for span in spans
        if span.entity_type == PERSON and form.start <= span.start < form.end and (field := form.field_at(span.start))
    ]
    return _Filled(
        form,
        Counter(field.value_start for field, _ in names),
        frozenset(span.value for field, span in names if _names_owner(field)),
    )


def _slot(segment: Segment, own: Slot, filled: _Filled, field: Field, span: Span) -> Slot:
    role = role_of(field.label)
    if span.entity_type == PERSON and not filled.takes(field, role, span):
        return own
    # The place of its first label names a form: it stays when values are changed.
    first = filled.form.fields[0]
    where = str(locate(segment, first.start, first.start + len(first.label)))
    record = where if role == "self" else f"{where};{role}"
    return Slot(record, role, segment.quoted, segment.thread, name_part(field.label))


def _names_owner(field: Field) -> bool:
    return bool(_OWN_NAME.fullmatch(label_words(field.label)))
