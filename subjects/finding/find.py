"""A report and a seed go in, the findings that are this person's come out: tier, reasons, relation, others."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from reports.lookup import look_up
from reports.parquet import ReportPaths
from scanner.keys import Keyring
from scanner.places import Passage
from subjects.finding.index import Index, open_index
from subjects.finding.items import date_of
from subjects.finding.matching import Matches, kinds_of, match, matched_values, others_by_place, shared_kinds
from subjects.finding.relations import relation_of
from subjects.finding.seeds import Seed, SeedKeys, seed_keys
from subjects.finding.tiers import Agreement, tier_of
from subjects.linking.keysets import Ints
from subjects.model import Relation, Tier

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


def find(paths: ReportPaths, seed: Seed, keyring: Keyring, home: Path) -> Answer:
    """Everything in one report that ties to the seed, the surest first.

    Raises:
        PlanError: a value of the seed is not understood.
        ReportError: an accepted finding is not in the report.
    """
    accepted = [row["value_id"] for row in look_up(paths.findings, seed.accepted)] if seed.accepted else []
    return find_by(paths, seed_keys(seed, keyring), home, seed, accepted)


def find_by(
    paths: ReportPaths,
    keys: SeedKeys,
    home: Path,
    seed: Seed | None = None,
    accepted: Sequence[int] = (),
) -> Answer:
    """The same by match keys alone, for people of whom nothing else is kept; `seed` bounds the dates of items."""
    matched = matched_values(paths.keys, keys, accepted)
    index = open_index(paths, home)
    matches = match(index, matched, keys)
    hits = sorted(_hits(matches, index, keys, seed or Seed()), key=order_of)
    names = index.value_of[matches.rows[matches.is_name & matches.agrees]]
    return Answer(
        hits,
        list(_proposals(hits, set(matched.values.tolist()))),
        index.unread(),
        index.left_out,
        len(np.unique(names)),
        keys.thin,
    )


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


def _hits(matches: Matches, index: Index, keys: SeedKeys, seed: Seed) -> Iterator[Hit]:
    shared = shared_kinds(matches, index, keys.has_name)
    plain, which = _agreements(matches, keys, shared)
    namesake = any(one.full_name and "house_postcode" in one.kinds and one.other_birth for one in plain)
    plain = [replace(one, namesake_there=namesake) for one in plain]
    first = [tier_of(one) for one in plain]
    # A table names many people: only running text is about the one whom it is certainly about.
    beside = [tier_of(replace(one, beside_certain=one.near)) for one in plain]
    told = np.array([one is not None for one in beside], dtype=bool)[which]
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    at = np.flatnonzero(told[matches.record_at])
    order = at[np.argsort(matches.rows[at], kind="stable")]
    listed = index.findings(matches.rows[order])
    for record, row in zip(matches.record_at[order].tolist(), listed, strict=True):
        rows[record].append(row)
    sure = np.array([verdict is not None and verdict[0] is Tier.CERTAIN for verdict in first], dtype=bool)
    certain = np.flatnonzero(sure[which]).tolist()
    places = matches.place.tolist()
    certain_places = {places[number] for number in certain}
    threads = {row["thread"] for number in certain for row in rows[number]} - {None}
    items, others = index.items(matches.place[told]), others_by_place(matches, index)
    for number, found in rows.items():
        here = places[number] in certain_places or any(row["thread"] in threads for row in found)
        verdict = (beside if here else first)[which[number]]
        item = items[places[number]]
        dated = date_of(item)
        if verdict is None or not _within(dated, seed):
            continue
        tier, score, reasons = verdict
        special = any(row["category"] == "special_category" for row in found)
        beside_here = others.get(places[number], 0)
        relation = relation_of(found[0]["role"], tier, beside_here, _CROWD)
        place = {"root": item["root"], "item": item["item"]}
        for row in found:
            yield Hit(
                {**row, **place}, tier, score, reasons, relation, beside_here, special, item["duplicate_of"], dated
            )


def _agreements(matches: Matches, keys: SeedKeys, shared: frozenset[str]) -> tuple[list[Agreement], Ints]:
    """The different ways in which records agree with the seed, and which of them each record has."""
    columns = (
        matches.kinds, matches.names, matches.matching, matches.births, matches.nationals, matches.forenamed,
        matches.near,
    )  # fmt: skip
    numbers: dict[tuple[int, ...], int] = {}
    which = [numbers.setdefault(fields, len(numbers)) for fields in zip(*map(np.ndarray.tolist, columns), strict=True)]
    made = [
        Agreement(
            (kinds := kinds_of(bits)), names, matching, births, nationals, bool(forenamed), shared & kinds,
            near=bool(near),
            seed_has_birth=keys.has_birth, seed_has_name=keys.has_name,
        )
        for bits, names, matching, births, nationals, forenamed, near in numbers
    ]  # fmt: skip
    return made, np.array(which, np.int64)


def _within(when: date | None, seed: Seed) -> bool:
    """What has no date is in: leaving it out would be a silent loss."""
    if when is None:
        return True
    return (seed.since is None or when >= seed.since) and (seed.until is None or when <= seed.until)


def _proposals(hits: Sequence[Hit], matched: Collection[int]) -> Iterator[Proposal]:
    """One hop: addresses and numbers that certain records hold and the seed does not name."""
    found: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for hit in hits:
        kind = hit.row["entity_type"]
        if (
            hit.tier is Tier.CERTAIN
            and kind in {"EMAIL_ADDRESS", "PHONE_NUMBER"}
            and hit.row["value_id"] not in matched
        ):
            found[hit.row["value_id"]].append(hit.row)
    for rows in found.values():
        yield Proposal(rows[0]["finding_id"], rows[0]["entity_type"], rows[0]["preview"], len(rows))
