"""Findings and outcomes in, arrow tables of the report's columns out (plus `top` and `nth`, which copies need)."""

from array import array
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from detectors.types import Evidence, Span
from reports.schema import Column, evidence_type, finding_columns, item_columns, key_columns
from scanner.messages import Outcome

# Working columns of parts: the number of the top-level item in the walk, and how many equal values the item had before.
WORKING = (
    Column("top", pa.int64(), "which top-level item: its number in the walk, and in parts its position in the batch"),
    Column("nth", pa.int32(), "repeat in the item"),
)

FEW = 50
# What no column holds.
_NOT_STORABLE = (UnicodeEncodeError, OverflowError, pa.ArrowInvalid)

CATEGORIES = {
    "PERSON": "identity", "DATE_OF_BIRTH": "identity", "AGE": "identity", "GENDER": "identity",
    "EMAIL_ADDRESS": "contact", "PHONE_NUMBER": "contact", "ADDRESS": "contact", "UK_POSTCODE": "contact",
    "CREDIT_CARD": "financial", "CARD_SECURITY_CODE": "financial", "CARD_TRACK": "financial", "IBAN_CODE": "financial",
    "UK_BANK_ACCOUNT": "financial", "UK_SORT_CODE": "financial", "CRYPTO": "financial", "UK_VAT": "financial",
    "UK_COMPANY_NUMBER": "identity", "UK_VEHICLE_REGISTRATION": "identity",
    "GEO_POSITION": "location",
    "IP_ADDRESS": "online", "MAC_ADDRESS": "online", "SOCIAL_HANDLE": "online", "MESSAGE_ID": "online", "URL": "online",
    **dict.fromkeys(
        ("HEALTH", "RELIGION", "ETHNICITY", "POLITICS", "UNION", "SEX_LIFE", "BIOMETRIC", "GENETIC"), "special_category"
    ),
    "CRIMINAL": "criminal", "CREDENTIAL": "credential", "PREFERENCE": "preference",
}  # fmt: skip


def category_of(entity_type: str) -> str:
    """The category of design.md section 4; national numbers of any country are government ids."""
    if entity_type in CATEGORIES:
        return CATEGORIES[entity_type]
    return "government_id" if entity_type[2:3] == "_" or entity_type == "MRZ" else "other"


def plain_schema(columns: Iterable[Column], *more: Column) -> pa.Schema:
    """Columns with plain strings: dictionaries of many small tables do not merge cheaply."""
    return pa.schema([(column.name, _plain(column.type)) for column in (*columns, *more)])


@cache
def part_schema(kind: str) -> pa.Schema:
    """Columns of one kind of part: "items", "findings" or "keys"."""
    if kind == "items":
        return plain_schema(item_columns(), WORKING[0])
    if kind == "findings":
        return plain_schema(finding_columns(), *WORKING)
    return plain_schema(key_columns())


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


class Keys:
    """Collects match keys column by column: a mail address has thirty, and a tuple for each would take most memory."""

    def __init__(self) -> None:
        self._keys = array("q")
        self._kinds: list[str] = []
        self._value_ids = array("q")

    def add(self, keys: Sequence[tuple[int, str]], value_id: int) -> None:
        """(key, kind) pairs of one value."""
        for key, kind in keys:
            self._keys.append(key)
            self._kinds.append(kind)
        self._value_ids.extend([value_id] * len(keys))

    def table(self) -> pa.Table:
        """All of them, as the columns of the report."""
        columns = {"key": np.asarray(self._keys), "kind": self._kinds, "value_id": np.asarray(self._value_ids)}
        schema = part_schema("keys")
        return pa.table([pa.array(columns[field.name], field.type) for field in schema], schema=schema)


class FindingRows:
    """Collects findings of one top-level item, and hands them out as tables."""

    def __init__(self, top: int) -> None:
        self._top = top
        self._schema = part_schema("findings")
        self._rows: list[tuple[object, ...]] = []
        self._keys = Keys()

    def __len__(self) -> int:
        return len(self._rows)

    def add(
        self,
        span: Span,
        *,
        finding_id: int,
        item: str,
        root: str,
        media_type: str,
        location: str,
        record: str | None,
        role: str | None,
        value_id: int,
        quoted: bool,
        thread: str | None,
        language: str,
        preview: str,
        value: str | None,
        nth: int,
    ) -> None:
        """One finding, as a row in the order of the schema; columns that follow from the span are filled in here."""
        row = (
            finding_id, item, root, media_type, location, record, role, span.entity_type,
            category_of(span.entity_type), value_id, span.score, span.detector, span.reason, span.evidence,
            span.facts, span.is_test, quoted, thread, language, preview, value, self._top, nth,
        )  # fmt: skip
        self._rows.append(row)

    def add_keys(self, keys: Sequence[tuple[int, str]], value_id: int) -> None:
        """Match keys of a value. A value that comes twice has them twice; the report keeps them once."""
        self._keys.add(keys, value_id)

    def take(self) -> tuple[pa.Table, pa.Table]:
        """(findings, keys) collected so far, and start anew."""
        arrays = _few_arrays(self._rows, self._schema) if len(self._rows) <= FEW else _arrays(self._rows, self._schema)
        findings = pa.Table.from_arrays(arrays, schema=self._schema)
        keys = self._keys.table()
        self._rows, self._keys = [], Keys()
        return findings, keys


def _few_arrays(rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> list[pa.Array]:
    """Columns of a few findings, converted in one call: each call costs as much as a dozen values."""
    plain = [tuple(map(_plain_value, row)) for row in rows]
    try:
        return list(pa.array(plain, _row_type(schema)).flatten())
    except _NOT_STORABLE:
        return _arrays(rows, schema)


def _plain_value(value: object) -> object:
    """Evidence as a tuple of its fields, in the order of the report."""
    return tuple([getattr(value, name) for name in _evidence_names()]) if isinstance(value, Evidence) else value


@cache
def _evidence_names() -> tuple[str, ...]:
    return tuple(field.name for field in evidence_type())


def _row_type(schema: pa.Schema) -> pa.StructType:
    return pa.struct(list(schema))


def _arrays(rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> list[pa.Array]:
    """Columns of many findings."""
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [() for _ in schema]
    return [_finding_array(values, field.type) for field, values in zip(schema, columns, strict=True)]


def _finding_array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """A column of findings. In one file most of them have the same few reasons: each of these is converted once."""
    if not pa.types.is_nested(kind):
        return _array(values, kind)
    places: dict[int, int] = {}
    distinct: list[Any] = []
    codes = array("i")
    for value in values:  # by identity: all are kept by the rows
        place = places.get(id(value))
        if place is None:
            place = places[id(value)] = len(distinct)
            distinct.append(value)
        codes.append(place)
    converted = _evidence(distinct) if pa.types.is_struct(kind) else _array(distinct, kind)
    return converted if len(distinct) == len(values) else converted.take(pa.array(np.asarray(codes)))


def _evidence(values: Sequence[Evidence]) -> pa.StructArray:
    fields = list(evidence_type())
    arrays = [_array([getattr(value, field.name) for value in values], field.type) for field in fields]
    return pa.StructArray.from_arrays(arrays, fields=fields)


def item_table(outcomes: Iterable[tuple[int, Outcome]]) -> pa.Table:
    """(top, outcome) pairs as a table of the items columns."""
    pairs = list(outcomes)
    schema = part_schema("items")
    columns: dict[str, list[object]] = {name: [] for name in schema.names}
    for top, outcome in pairs:
        row = {
            **{name: getattr(outcome, name) for name in outcome.__slots__},
            "item": outcome.path,
            "parent": outcome.parent or None,
            "media_type": outcome.media_type or None,
            "modified": moment(outcome.modified),
            "content_date": moment(outcome.content_date),
            "owner": outcome.owner or None,
            "readable_by": outcome.readable_by or None,
            "content_hash": outcome.content_hash or None,
            "duplicate_of": None,
            "document_class": outcome.document_class or None,
            "status": str(outcome.status),
            "reason": str(outcome.reason) if outcome.reason else None,
            "detail": outcome.detail or None,
            "top": top,
        }
        for name, column in columns.items():
            column.append(row[name])
    arrays = [_array(columns[field.name], field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(values: Sequence[object], kind: pa.DataType) -> pa.Array:
    """A column. What a hostile file put there and no column holds must not end the scan, so it is made storable."""
    try:
        return pa.array(values, kind)
    except _NOT_STORABLE:
        return pa.array([_storable(value) for value in values], kind)


def _storable(value: object) -> object:
    """Halves of characters (JSON may hold them) as their code, and no number beyond 64 bits."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else None
    if isinstance(value, (list, tuple)):
        return tuple(_storable(part) for part in value)
    return value


def moment(seconds: float | None) -> datetime | None:
    """A time stamp that a container may have set to nonsense."""
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
