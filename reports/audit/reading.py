"""The files of one report go in, the columns of an audit come out, row group by row group."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from reports.audit.tables import (
    CHUNK,
    FINDING_COLUMNS,
    GONE,
    HARMLESS,
    NO_DATE,
    OWN,
    Findings,
    Held,
    Items,
    WordsBuilder,
    encode,
    fact_bits,
    fact_words,
    join_paths,
    plain,
)
from reports.parquet import ReportPaths, iterate, read_metadata

LINK_COLUMNS = ["finding_id", "subject_id", "tier", "relation"]
SURE = ("certain", "probable")


def read_held(paths: ReportPaths) -> Held:
    """What an audit reads of a report; raises ReportError as open_report does."""
    items = make_items(pq.read_table(paths.items))
    links = iterate(paths.links, LINK_COLUMNS) if paths.links.exists() else None
    return hold(items, iterate(paths.findings, list(FINDING_COLUMNS)), links, read_metadata(paths.findings))


def hold(
    items: Items, findings: Iterable[pa.Table], links: Iterable[pa.Table] | None, metadata: dict[str, str]
) -> Held:
    """The columns of tables that come piece by piece; `links` is None where the report is not linked."""
    found = _findings(items, findings)
    if links is None:
        return Held(items, found, np.zeros(0, np.int64), linked=False, metadata=metadata)
    subject, subject_ids = _subjects(found.ids, links)
    return Held(items, replace(found, subject=subject), subject_ids, linked=True, metadata=metadata)


def make_items(table: pa.Table) -> Items:
    """One entry an item of this scan."""
    table = table.filter(pc.fill_null(pc.not_equal(plain(table["status"]), GONE), False))
    paths, roots = join_paths(table), encode(table["root"])
    content, modified = (_days(table[name]) for name in ("content_date", "modified"))
    by_content = ~np.isnat(content)
    reason = encode(table["reason"])
    return Items(
        paths=paths,
        roots=roots,
        stores=encode(_stores(table)),
        status=encode(table["status"]),
        reason=reason,
        document_class=encode(table["document_class"]),
        media_type=encode(table["media_type"]),
        readable_by=encode(table["readable_by"]),
        owner=encode(table["owner"]),
        size=np.asarray(pc.fill_null(table["size"], 0)).astype(np.int64),
        date=_inherited(np.where(by_content, content, modified), table, paths),
        by_content=by_content,
        has_copy_of=np.asarray(pc.is_valid(table["duplicate_of"])),
        harmless=reason.is_in(*HARMLESS),
    )


def _days(column: pa.ChunkedArray) -> np.ndarray:
    return np.asarray(column.to_numpy()).astype("datetime64[D]")


def _stores(table: pa.Table) -> pa.ChunkedArray:
    """Root and first folder; of what lies in the root, or of a container there, the root alone."""
    top = pc.struct_field(pc.extract_regex(plain(table["item"]), r"^(?P<top>[^/!]+)/"), "top")
    root = plain(table["root"])
    return pc.if_else(pc.is_valid(top), pc.binary_join_element_wise(root, top, "/"), root)


def _inherited(dates: np.ndarray, table: pa.Table, paths: pa.ChunkedArray) -> np.ndarray:
    """A member without a date has that of what holds it."""
    holder = pc.binary_join_element_wise(plain(table["root"]), plain(table["parent"]), "/")
    at = np.asarray(pc.fill_null(pc.index_in(holder, value_set=paths.combine_chunks()), -1))
    for _ in range(8):  # containers in containers in containers
        lacking = np.isnat(dates) & (at >= 0)
        if not lacking.any():
            break
        dates = np.where(lacking, np.where(at >= 0, dates[at], NO_DATE), dates)
    return dates


def _findings(items: Items, tables: Iterable[pa.Table]) -> Findings:
    words = {name: WordsBuilder() for name in ("entity_type", "category", "role", "country", "label")}
    parts: dict[str, list[np.ndarray]] = {name: [] for name in ("finding_id", "value_id", "item", "facts", "quoted")}
    known, tests, own = items.paths.combine_chunks(), 0, 0
    for piece in tables:
        bits = fact_bits(piece["facts"])
        is_test = np.asarray(pc.fill_null(piece["is_test"], False))
        is_own = (bits & OWN) > 0
        number = _item_numbers(piece, known)
        kept = ~is_test & ~is_own & (number >= 0)
        tests, own = tests + int(is_test.sum()), own + int((is_own & ~is_test).sum())
        table = piece.filter(pa.array(kept))
        for name in ("entity_type", "category", "role"):
            words[name].add(table[name])
        words["country"].add(pa.chunked_array([fact_words(table["facts"], "country")]))
        words["label"].add(pa.chunked_array([_choice_labels(table)]))
        parts["finding_id"].append(np.asarray(table["finding_id"]))
        parts["value_id"].append(np.asarray(table["value_id"]))
        parts["item"].append(number[kept].astype(np.int32))
        parts["facts"].append(bits[kept])
        parts["quoted"].append(np.asarray(pc.fill_null(table["quoted"], False)))
    kinds = {"finding_id": np.int64, "value_id": np.int64, "item": np.int32, "facts": np.uint8, "quoted": bool}
    joined = {name: np.concatenate([np.zeros(0, kind), *parts.pop(name)]).astype(kind) for name, kind in kinds.items()}
    return Findings(
        ids=joined["finding_id"],
        item=joined["item"],
        kind=words["entity_type"].done(),
        category=words["category"].done(),
        role=words["role"].done(),
        value=joined["value_id"],
        facts=joined["facts"],
        country=words["country"].done(),
        label=words["label"].done(),
        quoted=joined["quoted"],
        subject=np.full(len(joined["finding_id"]), -1, np.int32),
        tests=tests,
        own=own,
    )


def _choice_labels(table: pa.Table) -> pa.Array:
    """What each preference is about, in one spelling; null for all other findings."""
    chosen = pc.equal(plain(table["entity_type"]), "PREFERENCE")
    label = pc.utf8_lower(pc.struct_field(table["evidence"], "label"))
    spelt = pc.if_else(chosen, pc.replace_substring_regex(label, r"[^0-9a-z]+", ""), None)
    return spelt.combine_chunks() if isinstance(spelt, pa.ChunkedArray) else spelt


def _item_numbers(table: pa.Table, known: pa.Array) -> np.ndarray:
    """The item of each finding. Only the distinct pairs of root and item are looked up."""
    roots, names = encode(table["root"]), encode(table["item"])
    pairs = roots.codes.astype(np.int64) * (len(names.names) + 1) + names.codes
    distinct, back = np.unique(pairs, return_inverse=True)
    texts = pa.array([
        f"{roots.names[pair // (len(names.names) + 1)]}/{names.names[pair % (len(names.names) + 1)]}"
        for pair in distinct.tolist()
    ], pa.string())  # fmt: skip
    return np.asarray(pc.fill_null(pc.index_in(texts, value_set=known), -1))[back]


def _subjects(ids: np.ndarray, links: Iterable[pa.Table]) -> tuple[np.ndarray, np.ndarray]:
    """The number of the person of each finding, as far as that is sure, and the ids that the numbers stand for."""
    order = np.argsort(ids, kind="stable").astype(np.int32)
    ordered = ids[order]
    whose = np.zeros(len(ids), np.int64)
    known = np.zeros(len(ids), bool)
    for table in links:
        sure = np.asarray(encode(table["tier"]).is_in(*SURE))
        finding, subject = (np.asarray(table[name])[sure] for name in ("finding_id", "subject_id"))
        by_id = np.argsort(finding)  # neighbours are looked up together: four times as fast
        finding, subject = finding[by_id], subject[by_id]
        at = np.minimum(np.searchsorted(ordered, finding), max(len(ordered) - 1, 0))
        fits = ordered[at] == finding if len(ordered) else np.zeros(len(finding), bool)
        whose[order[at[fits]]] = subject[fits]
        known[order[at[fits]]] = True
    del order, ordered
    numbers = np.full(len(ids), -1, np.int32)
    subject_ids = np.unique(whose[known])
    for start in range(0, len(ids), CHUNK):
        part = slice(start, start + CHUNK)
        numbers[part] = np.where(known[part], np.searchsorted(subject_ids, whose[part]), -1)
    return numbers, subject_ids
