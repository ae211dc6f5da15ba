"""A block of columns and what was found in it go in, the records of other tables that its rows belong to come out."""

from collections.abc import Sequence

from detectors.types import Span
from scanner.model import Column
from scanner.records import role_of

# A row with one of these says itself whom it is about, who need not be the person that its key refers to.
_NAMING = frozenset(("PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "DATE_OF_BIRTH"))


def row_owners(columns: Sequence[Column], found: Sequence[Sequence[Sequence[Span]]]) -> dict[int, str]:
    """Index of a row in the block -> the record of its owner, for rows that have one; `found` by column and row."""
    owners = columns[0].owners if columns else None
    if owners is None:
        return {}
    named = (
        set()
        if owners.whole
        else {
            index
            for column, settled in zip(columns, found, strict=True)
            if role_of(column.label) == "self"
            for index, spans in enumerate(settled)
            if any(span.entity_type in _NAMING for span in spans)
        }
    )
    return {index: record for index, record in enumerate(owners.records) if record and index not in named}
