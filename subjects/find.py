"""A report and a seed go in, the findings that are this person's come out: tier, reasons, relation, others."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from reports.lookup import look_up
from reports.parquet import ReportPaths
from scanner.keys import Keyring
from scanner.places import Passage
from subjects.index import Index, open_index
from subjects.items import date_of, items_at, unread
from subjects.keysets import Ints
from subjects.model import Relation, Tier
from subjects.relations import relation_of
from subjects.seeds import Seed, SeedKeys, seed_keys
from subjects.tiers import UNIQUE, Agreement, tier_of

_COLUMNS = [
    "finding_id", "item", "root", "location", "record", "role", "entity_type", "category", "value_id", "preview",
    "quoted", "thread", "is_test", "facts",
]  # fmt: skip
# Kinds rare enough to look a record up by; the others only say how well it fits.
_LEADS = frozenset({
    *UNIQUE, "email_alias", "email_deletion", "name_full", "initial_surname", "house_postcode", "surname", "birth_date",
})  # fmt: skip
# "Mr Smith" means somebody only in a document that is about one.
_SURNAME_ALONE = frozenset({"surname", "sound", "surname_deletion", "name_word", "email_name"})
_CROWD = 20  # so many other people in one item, and a bare name there is one of a list


@dataclass(frozen=True, slots=True)
class Hit:
    """One finding that is, or may be, the person's; `context` what stands around it, or why it cannot be shown."""

    row: Mapping[str, Any]
    tier: Tier
    score: float
    reasons: tuple[str, ...]
    relation: Relation
    others: int
    special: bool
    duplicate_of: str | None
    date: date | None
    context: Passage | str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value that a certain record holds and the seed does not: a person may accept it by the id of its finding."""

    finding_id: int
    entity_type: str
    preview: str
    records: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything to tell about one request. `fits` counts different full names that a thin seed fits.

    `unread` are items that were not, or only partly, examined; `left_out` counts those that the user's rules left out.
    """

    hits: Sequence[Hit]
    proposals: Sequence[Proposal]
    unread: Sequence[Mapping[str, Any]]
    left_out: int
    fits: int = 0
    thin: bool = False


@dataclass(slots=True)
class _Record:
    """What a record has in common with the seed, gathered over its findings."""

    kinds: set[str] = field(default_factory=set)
    rows: list[dict[str, Any]] = field(default_factory=list)
    names: int = 0
    matching: int = 0
    births: int = 0
    nationals: int = 0


def find(paths: ReportPaths, seed: Seed, keyring: Keyring, home: Path) -> Answer:
    """Everything in one report that ties to the seed, the surest first.

    Raises:
        PlanError: a value of the seed is not understood.
        ReportError: an accepted finding is not in the report.
    """
    keys = seed_keys(seed, keyring)
    matched = _matched_values(paths.keys, keys)
    for row in look_up(paths.findings, seed.accepted) if seed.accepted else ():
        matched.setdefault(row["value_id"], set()).add("accepted")
    index = open_index(paths, home)
    records = _records(paths, index, matched, keys)
    items = items_at(paths.items, {_place(record) for record in records.values()})
    hits = sorted(_hits(records, matched, keys, items, seed), key=order_of)
    return Answer(
        hits, list(_proposals(hits, matched)), *unread(paths.items),
        len({row["value_id"] for record in records.values() for row in record.rows
             if row["entity_type"] == "PERSON" and matched.get(row["value_id"])}),
        keys.thin,
    )  # fmt: skip


def order_of(hit: Hit) -> tuple[int, float, bool, str, str]:
    """The surest first, then special categories, then by place."""
    ranks = (Tier.CERTAIN, Tier.PROBABLE, Tier.POSSIBLE, Tier.EXCLUDED)
    return (
        ranks.index(hit.tier),
        -hit.score,
        not hit.special,
        f"{hit.row['root']}/{hit.row['item']}",
        hit.row["location"],
    )


def _matched_values(file: Path, keys: SeedKeys) -> dict[int, set[str]]:
    """Value id -> kinds under which it agrees with the seed. The file is sorted by key: few parts are read."""
    wanted = sorted(keys.kinds)
    if not wanted:
        return {}
    table = pq.read_table(file, filters=[("key", "in", wanted)])
    found: dict[int, set[str]] = defaultdict(set)
    for key, kind, value in zip(*(table[name].to_pylist() for name in ("key", "kind", "value_id")), strict=True):
        if kind in keys.kinds[key]:
            found[value].add(kind)
    return found


def _records(paths: ReportPaths, index: Index, matched: Mapping[int, set[str]], keys: SeedKeys) -> dict[int, _Record]:
    """The records that a leading value leads to, with all their findings."""
    values = np.array(sorted(matched), np.int64)
    rows, at = index.rows_with(values)
    of = index.record_of[rows].astype(np.int64) if len(rows) else rows
    kinds: dict[int, set[str]] = defaultdict(set)
    for record, value in zip(of.tolist(), values[at].tolist(), strict=True):
        kinds[record] |= matched[value]
    certain_places = {int(index.place_of[row]) for row, value in zip(rows.tolist(), values[at].tolist(), strict=True)
                      if matched[value] & UNIQUE.keys()}  # fmt: skip
    places = dict(zip(of.tolist(), index.place_of[rows].tolist(), strict=True)) if len(rows) else {}
    leading = [
        record for record, found in kinds.items()
        if _leads(found) and not (found <= _SURNAME_ALONE and places[record] not in certain_places)
    ]  # fmt: skip
    chosen = np.array(sorted(leading), np.int64)
    wanted = np.unique(index.rows_of(chosen))
    found: dict[int, _Record] = defaultdict(_Record)
    for row_number, row in zip(wanted.tolist(), read_rows(paths.findings, wanted), strict=True):
        record = found[int(index.record_of[row_number])]
        here = matched.get(row["value_id"], set())
        record.rows.append(row)
        record.kinds |= here
        record.names += row["entity_type"] == "PERSON"
        record.matching += row["entity_type"] == "PERSON" and bool(here)
        record.births += row["entity_type"] == "DATE_OF_BIRTH"
        record.nationals += row["entity_type"] in keys.national and "national_id" not in here
    return found


def _leads(kinds: set[str]) -> bool:
    """A forename or a year alone leads nowhere; two weak signs together do."""
    if kinds & _LEADS:
        return True
    return bool(kinds & {"surname_deletion", "sound"} and kinds & {"nickname_root", "forename_deletion", "forename"})


def read_rows(file: Path, rows: Ints) -> Iterator[dict[str, Any]]:
    """Rows by number, reading only the groups that hold them."""
    with pq.ParquetFile(file) as parquet:
        start = 0
        for group in range(parquet.num_row_groups):
            count = parquet.metadata.row_group(group).num_rows
            low, high = np.searchsorted(rows, (start, start + count))
            if high > low:
                table = parquet.read_row_group(group, columns=_COLUMNS)
                yield from table.take(pa.array(rows[low:high] - start)).to_pylist()
            start += count


def _hits(
    records: Mapping[int, _Record], matched: Mapping[int, set[str]], keys: SeedKeys,
    items: Mapping[tuple[str, str], Mapping[str, Any]], seed: Seed,
) -> Iterator[Hit]:  # fmt: skip
    shared = _shared(records, keys.has_name)
    places: dict[int, tuple[str, str]] = {number: _place(record) for number, record in records.items()}
    plain = {number: _agreement(record, keys, shared) for number, record in records.items()}
    namesake = any(one.full_name and "house_postcode" in one.kinds and one.other_birth for one in plain.values())
    first = {number: tier_of(replace(one, namesake_there=namesake)) for number, one in plain.items()}
    certain = {places[number] for number, verdict in first.items() if verdict and verdict[0] is Tier.CERTAIN}
    threads = {row["thread"] for number, verdict in first.items() if verdict and verdict[0] is Tier.CERTAIN
               for row in records[number].rows if row["thread"]}  # fmt: skip
    others = _others(records, matched)
    for number, record in records.items():
        here = places[number] in certain or any(row["thread"] in threads for row in record.rows if row["thread"])
        # A table names many people: only running text is about the one whom it is certainly about.
        agreement = plain[number]
        verdict = tier_of(replace(agreement, beside_certain=here and agreement.near, namesake_there=namesake))
        if verdict is None:
            continue
        tier, score, reasons = verdict
        item = items.get(places[number], {})
        dated = date_of(item)
        if not _within(dated, seed):
            continue
        special = any(row["category"] == "special_category" for row in record.rows)
        relation = relation_of(record.rows[0]["role"], tier, others[places[number]], _CROWD)
        for row in record.rows:
            yield Hit(
                row, tier, score, reasons, relation, others[places[number]], special, item.get("duplicate_of"), dated
            )


def _agreement(record: _Record, keys: SeedKeys, shared: frozenset[str]) -> Agreement:
    return Agreement(
        frozenset(record.kinds), record.names, record.matching, record.births, record.nationals, shared & record.kinds,
        near=record.rows[0]["record"] is None, seed_has_birth=keys.has_birth, seed_has_name=keys.has_name,
    )  # fmt: skip


def _place(record: _Record) -> tuple[str, str]:
    return record.rows[0]["root"], record.rows[0]["item"]


def _shared(records: Mapping[int, _Record], by_name: bool) -> frozenset[str]:
    """Unique kinds of the seed that stand beside somebody else's name somewhere: they tell nobody apart.

    Without a name in the seed nobody is "somebody else": then it is two different names beside one value.
    """
    found = set()
    for kind in ("phone", "email", "account", "card"):
        holders = [record for record in records.values() if kind in record.kinds and record.names]
        names = {frozenset(row["value_id"] for row in one.rows if row["entity_type"] == "PERSON") for one in holders}
        if any(not one.matching for one in holders) if by_name else len(names) > 1:
            found.add(kind)
    return frozenset(found)


def _others(records: Mapping[int, _Record], matched: Mapping[int, set[str]]) -> Counter[tuple[str, str]]:
    """How many people beside this one the records found name, by item; the item may name more."""
    found: Counter[tuple[str, str]] = Counter()
    seen: set[tuple[tuple[str, str], int]] = set()
    for record in records.values():
        for row in record.rows:
            key = (_place(record), row["value_id"])
            if row["entity_type"] == "PERSON" and not matched.get(row["value_id"]) and key not in seen:
                seen.add(key)
                found[key[0]] += 1
    return found


def _within(when: date | None, seed: Seed) -> bool:
    """What has no date is in: leaving it out would be a silent loss."""
    if when is None:
        return True
    return (seed.since is None or when >= seed.since) and (seed.until is None or when <= seed.until)


def _proposals(hits: Sequence[Hit], matched: Mapping[int, set[str]]) -> Iterator[Proposal]:
    """One hop: addresses and numbers that certain records hold and the seed does not name."""
    found: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for hit in hits:
        kind = hit.row["entity_type"]
        if (
            hit.tier is Tier.CERTAIN
            and kind in {"EMAIL_ADDRESS", "PHONE_NUMBER"}
            and not matched.get(hit.row["value_id"])
        ):
            found[hit.row["value_id"]].append(hit.row)
    for rows in found.values():
        yield Proposal(rows[0]["finding_id"], rows[0]["entity_type"], rows[0]["preview"], len(rows))
