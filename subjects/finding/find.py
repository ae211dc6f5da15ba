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
from subjects.finding.tiers import Agreement, Verdict, tier_of
from subjects.linking.keysets import Bools, Ints
from subjects.model import Relation, Tier

_DOUBT = 0.9  # what is less than certain, but likely
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
    `more` counts findings that a thin seed fits besides the `hits`.
    """

    hits: Sequence[Hit]
    proposals: Sequence[Proposal]
    unread: Sequence[Mapping[str, Any]]
    left_out: int
    fits: int = 0
    thin: bool = False
    more: int = 0


def find(paths: ReportPaths, seed: Seed, keyring: Keyring, home: Path, *, most: int | None = None) -> Answer:
    """Everything in one report that ties to the seed, the surest first.

    A name alone may fit tens of thousands of findings of many people: of these only the surest `most` are looked up.

    Raises:
        PlanError: a value of the seed is not understood.
        ReportError: an accepted finding is not in the report.
    """
    accepted = [row["value_id"] for row in look_up(paths.findings, seed.accepted)] if seed.accepted else []
    return find_by(paths, seed_keys(seed, keyring), home, seed, accepted, most=most)


def find_by(
    paths: ReportPaths,
    keys: SeedKeys,
    home: Path,
    seed: Seed | None = None,
    accepted: Sequence[int] = (),
    *,
    most: int | None = None,
) -> Answer:
    """The same by match keys alone, for people of whom nothing else is kept; `seed` bounds the dates of items."""
    matched = matched_values(paths.keys, keys, accepted)
    index = open_index(paths, home)
    matches = match(index, matched, keys)
    bounds = seed or Seed()
    dated = bounds.since is not None or bounds.until is not None  # dates stand with the items, which are read last
    verdicts = _verdicts(matches, index, keys)
    at, more = verdicts.findings(matches, most if keys.thin and not dated else None)
    hits = sorted(_hits(matches, index, verdicts, at, bounds), key=order_of)
    names = index.value_of[matches.rows[matches.is_name & matches.agrees]]
    return Answer(
        hits,
        list(_proposals(hits, set(matched.values.tolist()))),
        index.unread(),
        index.left_out,
        len(np.unique(names)),
        keys.thin,
        more,
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


@dataclass(frozen=True, slots=True)
class _Verdicts:
    """Which way a record agrees, and what that makes it: `first` by itself, `beside` in an item that is theirs."""

    which: Ints
    first: Sequence[Verdict | None]
    beside: Sequence[Verdict | None]

    def told(self) -> Bools:
        """Whether a record may be told at all."""
        return np.array([one is not None for one in self.beside], dtype=bool)[self.which]

    def certain(self) -> Ints:
        """The records that are certainly the person's."""
        sure = np.array([one is not None and one[0] is Tier.CERTAIN for one in self.first], dtype=bool)
        return np.flatnonzero(sure[self.which])

    def findings(self, matches: Matches, most: int | None) -> tuple[Ints, int]:
        """Places in `matches.rows` of what may be told, in order of rows, and how many more there would be."""
        at = np.flatnonzero(self.told()[matches.record_at])
        at = at[np.argsort(matches.rows[at], kind="stable")]
        if most is None or len(at) <= most:
            return at, 0
        ranks = list(Tier)
        orders = [(ranks.index(one[0]), -one[1]) if one else (len(ranks), 0.0) for one in self.beside]
        rank = np.array([sorted(set(orders)).index(order) for order in orders])
        surest = np.argsort(rank[self.which][matches.record_at[at]], kind="stable")[:most]
        return at[np.sort(surest)], len(at) - most


def _verdicts(matches: Matches, index: Index, keys: SeedKeys) -> _Verdicts:
    shared = shared_kinds(matches, index, keys.has_name)
    plain, which = _agreements(matches, keys, shared)
    namesake = any(one.full_name and "house_postcode" in one.kinds and one.other_birth for one in plain)
    plain = [replace(one, namesake_there=namesake) for one in plain]
    # A table names many people: only running text is about the one whom it is certainly about.
    beside = [tier_of(replace(one, beside_certain=one.near)) for one in plain]
    return _Verdicts(which, [tier_of(one) for one in plain], beside)


def _hits(matches: Matches, index: Index, verdicts: _Verdicts, at: Ints, seed: Seed) -> Iterator[Hit]:
    rows: dict[int, list[tuple[dict[str, Any], bool]]] = defaultdict(list)  # of each record, and whether one agrees
    listed = index.findings(matches.rows[at])
    for record, row, agreed in zip(matches.record_at[at].tolist(), listed, matches.agrees[at].tolist(), strict=True):
        rows[record].append((row, agreed))
    certain = verdicts.certain().tolist()
    places = matches.place.tolist()
    certain_places = {places[number] for number in certain}
    threads = {row["thread"] for number in certain for row, _ in rows[number]} - {None}
    items = index.items(matches.place[np.unique(matches.record_at[at])])
    others = others_by_place(matches, index)
    for number, told in rows.items():
        found = [row for row, _ in told]
        here = places[number] in certain_places or any(row["thread"] in threads for row in found)
        verdict = (verdicts.beside if here else verdicts.first)[verdicts.which[number]]
        item = items[places[number]]
        dated = date_of(item)
        if verdict is None or not _within(dated, seed):
            continue
        tier, score, reasons = verdict
        special = any(row["category"] == "special_category" for row in found)
        beside_here = others.get(places[number], 0)
        relation = relation_of(found[0]["role"], tier, beside_here, _CROWD)
        place = {"root": item["root"], "item": item["item"]}
        unsure = _one_of_several(found) if tier is Tier.CERTAIN else frozenset[str]()
        for row, agreed in told:
            sure_of = (tier, score, reasons)
            if row["entity_type"] in unsure and not agreed:
                sure_of = (Tier.PROBABLE, min(score, _DOUBT), (*reasons, "beside another of its kind"))
            yield Hit({**row, **place}, *sure_of, relation, beside_here, special, item["duplicate_of"], dated)


def _one_of_several(found: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Types of which running text holds several different values near a name: some may be of a name missed.

    In a row of a table it is the heading that says whose they are.
    """
    values: dict[str, set[int]] = defaultdict(set)
    for row in (one for one in found if ";col=" not in one["location"]):
        values[row["entity_type"]].add(row["value_id"])
    return frozenset(kind for kind, some in values.items() if len(some) > 1 and kind != "PERSON")


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
