"""Two examined reports go in, what is new, resolved, persisted or back again comes out, for each check.

Findings are compared by their stable id, items by root and path, people by their id. What was flagged before and is in
a place that could not be read this time is neither resolved nor persisted: it is unseen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow.compute as pc

from reports.audit.checks import Examined
from reports.audit.result import Change, Check, Coverage, Slope, Totals, Trend, Unit
from reports.audit.tables import Bools, Ints, Items
from reports.audit.titles import QUESTIONS, Question

_UNREAD = ("partial", "not_examined")
_DEEPEST = 64  # folders and containers in one another


@dataclass(frozen=True, slots=True)
class Traces:
    """What a comparison needs of one examined report: of five million findings only those that a check is about.

    For each check `flagged` has the items that it is about; `ids`, where it counts findings or people, those; `places`
    the item of each such finding.
    """

    items: Items
    metadata: dict[str, str]
    flagged: dict[str, Bools]
    ids: dict[str, Ints]
    places: dict[str, Ints]


def traces(examined: Examined) -> Traces:
    """Copies, so that the columns of the report itself can be let go."""
    held, flags = examined.held, examined.flags
    ids: dict[str, Ints] = {}
    places: dict[str, Ints] = {}
    for question in QUESTIONS:
        flagged = flags[question.number]
        if question.unit is Unit.FINDINGS:
            ids[question.number] = held.findings.ids[flagged.findings]
            places[question.number] = held.findings.item[flagged.findings]
        elif question.unit is Unit.PEOPLE:
            people = flagged.people
            ids[question.number] = np.zeros(0, np.int64) if people is None else held.subject_ids[people]
    return Traces(held.items, held.metadata, {number: one.items for number, one in flags.items()}, ids, places)


@dataclass(frozen=True, slots=True)
class Side:
    """One audit of the two, as far as a comparison needs it."""

    traces: Traces
    day: date
    coverage: Coverage
    totals: Totals
    checks: tuple[Check, ...]


def compare(before: Side, now: Side, older: Sequence[Traces] = ()) -> Trend:
    """The trend between two audits; `older` are audits before both, by which it is told what is back again."""
    why_not = tuple(_differences(before.traces.metadata, now.traces.metadata))
    changes = () if why_not else _changes(before.traces, now.traces, older)
    return Trend(
        before=before.day,
        now=now.day,
        comparable=not why_not,
        why_not=why_not,
        coverage_before=before.coverage.share,
        coverage_now=now.coverage.share,
        changes=changes,
        slopes=() if why_not else tuple(_slopes(before, now)),
    )


def _differences(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Why the two reports cannot be compared; nothing where they can."""
    found = []
    if one.get("key_id") != other.get("key_id"):
        found.append("The two reports were made with different homes (keys), so nothing in them has the same id.")
    if not one.get("basis_program") or not other.get("basis_program"):
        found.append("One of the reports does not say what it was made with: scan again.")
    elif one["basis_program"] != other["basis_program"]:
        found.append("The program or its detectors changed between the scans: scan again with --fresh to compare.")
    if one.get("basis_settings") != other.get("basis_settings"):
        found.append("The settings of the two scans differ, so one looked for what the other did not.")
    return found


@dataclass(frozen=True, slots=True)
class _Joined:
    """Two audits and those before them, with each item's number in the others: found once for all checks.

    `at` of each item of `before` in `now`, `was_at` the other way, `older_at` of each item of `now` in each older one.
    """

    before: Traces
    now: Traces
    older: Sequence[Traces]
    at: Ints
    was_at: Ints
    older_at: Sequence[Ints]
    hidden: Bools


def _changes(before: Traces, now: Traces, older: Sequence[Traces]) -> tuple[Change, ...]:
    joined = _Joined(
        before,
        now,
        older,
        same_items(before.items, now.items),
        same_items(now.items, before.items),
        [same_items(now.items, one.items) for one in older],
        hidden(before.items, now.items),
    )
    return tuple(
        _change(one, joined) if one.number in now.ids else _change_of_items(one, joined) for one in QUESTIONS
    )  # fmt: skip


def _change(question: Question, joined: _Joined) -> Change:
    number, before = question.number, joined.before
    was, known = before.ids[number], joined.now.ids[number]
    persisted = np.isin(was, known)
    unseen = np.zeros(len(was), bool)
    if number in before.places:
        unseen = ~persisted & joined.hidden[before.places[number]]
    fresh = ~np.isin(known, was)
    back = fresh & np.isin(known, np.concatenate([np.zeros(0, np.int64), *(one.ids[number] for one in joined.older)]))
    return _made(question, persisted, unseen, fresh, back)


def _made(question: Question, persisted: Bools, unseen: Bools, fresh: Bools, back: Bools) -> Change:
    return Change(
        number=question.number,
        title=question.title,
        before=len(persisted),
        now=int(persisted.sum()) + int(fresh.sum()),
        new=int((fresh & ~back).sum()),
        resolved=int((~persisted & ~unseen).sum()),
        persisted=int(persisted.sum()),
        reappeared=int(back.sum()),
        unseen=int((unseen & ~persisted).sum()),
    )


def _change_of_items(question: Question, joined: _Joined) -> Change:
    number, before, now = question.number, joined.before, joined.now
    was = np.flatnonzero(before.flagged[number])
    at = joined.at[was]
    persisted = (at >= 0) & now.flagged[number][at]
    unseen = ~persisted if number != "A15" else np.zeros(len(was), bool)
    unseen = unseen & joined.hidden[was]
    mine = np.flatnonzero(now.flagged[number])
    place = joined.was_at[mine]
    fresh = ~((place >= 0) & before.flagged[number][place]) if len(before.items) else np.ones(len(mine), bool)
    back = np.zeros(len(mine), bool)
    for one, numbers in zip(joined.older, joined.older_at, strict=True):
        place = numbers[mine]
        back |= (place >= 0) & one.flagged[number][place] if len(one.items) else False
    return _made(question, persisted, unseen, fresh, back & fresh)


def same_items(of: Items, among: Items) -> Ints:
    """For each item of one report its number in another, -1 where it is not there."""
    if not len(among):
        return np.full(len(of), -1)
    found = pc.index_in(of.paths, value_set=among.paths.combine_chunks())
    return np.asarray(pc.fill_null(found, -1))


def hidden(before: Items, now: Items) -> Bools:
    """Items of the earlier report that the later one could not look at: unread, in what is unread, or not scanned."""
    at = same_items(before, now)
    found: Bools
    unread = now.status.is_in(*_UNREAD)
    found = (at >= 0) & unread[at] if len(unread) else np.zeros(len(before), bool)
    scanned = np.array([*(name in now.roots.names for name in before.roots.names), False], bool)
    found = found | ~scanned[before.roots.codes]
    absent = np.flatnonzero((at < 0) & ~found)
    holder, known = before.paths.take(absent), now.paths.combine_chunks()
    lost = np.zeros(len(absent), bool)
    for _ in range(_DEEPEST):
        holder = pc.replace_substring_regex(holder, r"!?/[^/]*$", "")
        place = np.asarray(pc.fill_null(pc.index_in(holder, value_set=known), -1))
        lost |= (place >= 0) & unread[place] if len(unread) else False
        if not pc.any(pc.match_substring(holder, "/")).as_py():
            break
    found[absent] = lost
    return found


def _slopes(before: Side, now: Side) -> list[Slope]:
    """The numbers that an owner watches, both as they are and for a thousand items that were read."""
    read = [max(side.coverage.examined + side.coverage.partial, 1) for side in (before, now)]
    stale = [_count(side, "A1") for side in (before, now)]
    rows: list[tuple[str, str, int, int]] = [
        ("stale", "items kept too long", stale[0], stale[1]),
        ("stale_people", "people with data kept too long", _people(before, "A1"), _people(now, "A1")),
        ("cards", "readable card numbers", before.totals.clear_cards, now.totals.clear_cards),
        ("special", "items with special category data", before.totals.special_items, now.totals.special_items),
        ("copies", "items that copy others", _count(before, "A3"), _count(now, "A3")),
    ]
    slopes = [
        Slope(name, words, float(was), float(here), (1000 * was / read[0], 1000 * here / read[1]), "down")
        for name, words, was, here in rows
    ]
    averages = (
        ("age", "median age in years", before.totals.median_age_years, now.totals.median_age_years, "down"),
        ("places", "places for each person", before.totals.copies_per_person, now.totals.copies_per_person, "down"),
        ("owned", "share of stores with an owner", _owned(before.totals), _owned(now.totals), "up"),
        ("read", "share of items that could be read", before.coverage.share, now.coverage.share, "up"),
    )
    slopes += [
        Slope(name, words, float(was), float(here), None, better)
        for name, words, was, here, better in averages
        if was is not None and here is not None
    ]
    return slopes


def _count(side: Side, number: str) -> int:
    return next(one.count for one in side.checks if one.number == number)


def _people(side: Side, number: str) -> int:
    return next(one.amount.people or 0 for one in side.checks if one.number == number)


def _owned(totals: Totals) -> float:
    return totals.stores_with_owner / totals.stores if totals.stores else 1.0
