"""The columns of a report, their types and their meaning: schema version 1 (the table is the interface)."""

from typing import NamedTuple

import pyarrow as pa

SCHEMA_VERSION = 1


class Column(NamedTuple):
    """One column: its arrow type and what it means, in words for the person who reads the table."""

    name: str
    type: pa.DataType
    meaning: str


def _words() -> pa.DataType:
    return pa.dictionary(pa.int32(), pa.string())


def evidence_type() -> pa.DataType:
    """The struct of the evidence column: each layer in plain words, never the value."""
    return pa.struct(
        [
            ("pattern", pa.string()),
            ("validator", pa.string()),
            ("context", pa.string()),
            ("label", pa.string()),
            ("document", pa.string()),
            ("column_valid", pa.int32()),
            ("column_total", pa.int32()),
        ]
    )


def finding_columns() -> tuple[Column, ...]:
    """Columns of report.parquet: one row per finding."""
    return (
        Column("finding_id", pa.int64(), "stable id: keyed hash of root, item, type, value and its count in the item"),
        Column("item", _words(), "path of the item below the root; members of containers are joined by !/"),
        Column("root", _words(), "label of the scanned folder"),
        Column("media_type", _words(), "what the content is, whatever the name says"),
        Column("location", pa.string(), "where in the item, such as sheet=Staff;row=17;col=3;chars=0-17"),
        Column("record", pa.string(), "the person slot in the item that this finding belongs to"),
        Column("role", _words(), "the part that this person plays: self, from, to, author, next_of_kin ..."),
        Column("entity_type", _words(), "what kind of personal data"),
        Column("category", _words(), "identity, contact, financial, government_id, online ..."),
        Column("value_id", pa.int64(), "keyed hash of type and normalised value: equal values have equal ids"),
        Column("score", pa.float32(), "how sure, from 0 to 1"),
        Column("detector", _words(), "which detector made the finding"),
        Column("reason", pa.string(), "why, in words"),
        Column("evidence", evidence_type(), "pattern, validator, context, label, document class and column statistics"),
        Column("facts", pa.map_(pa.string(), pa.string()), "what is known of the value, never the value itself"),
        Column("is_test", pa.bool_(), "a published test number or a number reserved for drama"),
        Column("quoted", pa.bool_(), "stands in a quoted reply"),
        Column("thread", pa.string(), "keyed id of the mail thread"),
        Column("language", _words(), "language of the text"),
        Column("preview", pa.string(), "the value, masked"),
        Column("value", pa.string(), "the value itself, only with --values clear"),
    )


def item_columns() -> tuple[Column, ...]:
    """Columns of report.items.parquet: one row per item met, and one for each that is gone since the report before."""
    return (
        Column("item", pa.string(), "path below the root"),
        Column("parent", pa.string(), "the item that holds this one"),
        Column("root", _words(), "label of the scanned folder"),
        Column("media_type", _words(), "what the content is, whatever the name says"),
        Column("size", pa.int64(), "bytes"),
        Column("modified", pa.timestamp("us", tz="UTC"), "last change as the file system or container says"),
        Column("content_date", pa.timestamp("us", tz="UTC"), "date that the content itself gives"),
        Column("owner", _words(), "owner as the file system or container says"),
        Column("readable_by", _words(), "who may read it by its permissions: owner, group or everyone"),
        Column("content_hash", pa.string(), "keyed hash of the bytes"),
        Column("duplicate_of", pa.string(), "the first item with the same bytes, in walk order"),
        Column("status", _words(), "examined, partial, not_examined; gone: only in the report that --since named"),
        Column("reason", _words(), "why not, or not wholly, examined"),
        Column(
            "detail",
            pa.string(),
            "more of the reason; how many findings verdicts left out; when what is gone was there",
        ),
        Column("findings", pa.int64(), "number of findings in this item, without its members"),
        Column("expected", pa.int64(), "members that the container says it has"),
        Column("emitted", pa.int64(), "members that could be read"),
        Column("cpu_seconds", pa.float32(), "processor time"),
        Column("document_class", _words(), "what kind of document: cv, payslip, invoice, medical_letter, id_scan ..."),
    )


def key_columns() -> tuple[Column, ...]:
    """Columns of report.keys.parquet: match keys of the distinct values, sorted by key."""
    return (
        Column(
            "key", pa.int64(), "first 8 bytes of an HMAC-SHA256, domain-separated by kind; compare for equality only"
        ),
        Column("kind", _words(), "what the key stands for: email, phone, name_full, surname ..."),
        Column("value_id", pa.int64(), "the value that has this key"),
    )


def subject_columns() -> tuple[Column, ...]:
    """Columns of report.subjects.parquet: one row per person whom the records tell apart."""
    return (
        Column("subject_id", pa.int64(), "keyed id, the same from run to run in one home"),
        Column("name", pa.string(), "the fullest name found, masked"),
        Column("records", pa.int64(), "rows, forms, mail participants and mentions that are this person's"),
        Column("findings", pa.int64(), "findings of these records"),
        Column("items", pa.int64(), "files and members that hold them"),
        Column("categories", pa.list_(pa.string()), "kinds of personal data held"),
        Column("first", pa.timestamp("us", tz="UTC"), "oldest date of an item"),
        Column("last", pa.timestamp("us", tz="UTC"), "newest date of an item"),
        Column("review", pa.int64(), "records that may be this person's and that somebody should look at"),
    )


def link_columns() -> tuple[Column, ...]:
    """Columns of report.links.parquet: which finding is whose, how sure, and why."""
    return (
        Column("finding_id", pa.int64(), "the finding, as in report.parquet"),
        Column("record", pa.int64(), "number of the person slot within this link run"),
        Column("subject_id", pa.int64(), "the person, as in report.subjects.parquet"),
        Column("tier", _words(), "certain, probable or possible"),
        Column("score", pa.float32(), "how likely, 0 to 1"),
        Column("relation", _words(), "about, authored, recipient_only or incidental"),
        Column("reasons", _words(), "why, in words"),
    )


def arrow_schema(columns: tuple[Column, ...], metadata: dict[str, str] | None = None) -> pa.Schema:
    """The arrow schema of one of the tables, each field carrying its meaning."""
    fields = [pa.field(column.name, column.type, metadata={"meaning": column.meaning}) for column in columns]
    return pa.schema(fields, metadata={"schema_version": str(SCHEMA_VERSION), **(metadata or {})})
