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
from reports.audit.tables import Bools, Held, Ints
from reports.audit.titles import QUESTIONS, Question

_UNREAD = ("partial", "not_examined")
_DEEPEST = 64  # folders and containers in one another


@dataclass(frozen=True, slots=True)
class Side:
    """One audit of the two, as far as a comparison needs it."""

    examined: Examined
    day: date
    coverage: Coverage
    totals: Totals
    checks: tuple[Check, ...]


def compare(before: Side, now: Side, older: Sequence[Examined] = ()) -> Trend:
    """The trend between two audits; `older` are audits before both, by which it is told what is back again."""
    why_not = tuple(_differences(before.examined.held, now.examined.held))
    changes = (
        () if why_not else tuple(_change(question, before.examined, now.examined, older) for question in QUESTIONS)
    )
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


def _differences(before: Held, now: Held) -> list[str]:
    """Why the two reports cannot be compared; nothing where they can."""
    one, other = before.metadata, now.metadata
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


def _change(question: Question, before: Examined, now: Examined, older: Sequence[Examined]) -> Change:
    ids = {Unit.FINDINGS: _finding_ids, Unit.PEOPLE: _people_ids}.get(question.unit)
    if ids is None:
        return _change_of_items(question, before, now, older)
    was, known = ids(before, question.number), ids(now, question.number)
    persisted = np.isin(was, known)
    unseen = ~persisted
    if question.unit is Unit.FINDINGS:
        flagged = before.flags[question.number].findings
        unseen &= hidden(before.held, now.held)[before.held.findings.item[flagged]]
    else:
        unseen[:] = False
    fresh = ~np.isin(known, was)
    back = fresh & np.isin(
        known, np.concatenate([np.zeros(0, np.int64), *(ids(one, question.number) for one in older)])
    )
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


def _finding_ids(examined: Examined, number: str) -> Ints:
    return examined.held.findings.ids[examined.flags[number].findings]


def _people_ids(examined: Examined, number: str) -> Ints:
    people = examined.flags[number].people
    return np.zeros(0, np.int64) if people is None else examined.held.subject_ids[people]


def _change_of_items(question: Question, before: Examined, now: Examined, older: Sequence[Examined]) -> Change:
    number = question.number
    was = np.flatnonzero(before.flags[number].items)
    at = same_items(before.held, now.held)[was]
    persisted = (at >= 0) & now.flags[number].items[at]
    unseen = ~persisted if number != "A15" else np.zeros(len(was), bool)
    unseen = unseen & hidden(before.held, now.held)[was]
    mine = np.flatnonzero(now.flags[number].items)
    place = same_items(now.held, before.held)[mine]
    fresh = ~((place >= 0) & before.flags[number].items[place]) if len(before.held.items) else np.ones(len(mine), bool)
    back = np.zeros(len(mine), bool)
    for one in older:
        place = same_items(now.held, one.held)[mine]
        back |= (place >= 0) & one.flags[number].items[place] if len(one.held.items) else False
    return _made(question, persisted, unseen, fresh, back & fresh)


def same_items(of: Held, among: Held) -> Ints:
    """For each item of one report its number in another, -1 where it is not there."""
    if not len(among.items):
        return np.full(len(of.items), -1)
    found = pc.index_in(of.items.paths, value_set=among.items.paths.combine_chunks())
    return np.asarray(pc.fill_null(found, -1))


def hidden(before: Held, now: Held) -> Bools:
    """Items of the earlier report that the later one could not look at: unread, in what is unread, or not scanned."""
    at = same_items(before, now)
    found: Bools
    unread = now.items.status.is_in(*_UNREAD)
    found = (at >= 0) & unread[at] if len(unread) else np.zeros(len(before.items), bool)
    scanned = np.array([*(name in now.items.roots.names for name in before.items.roots.names), False], bool)
    found = found | ~scanned[before.items.roots.codes]
    absent = np.flatnonzero((at < 0) & ~found)
    holder, known = before.items.paths.take(absent), now.items.paths.combine_chunks()
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
