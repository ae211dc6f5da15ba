"""Records that hold a name and nothing else go in, whom each most likely means comes out, never as certain."""

from dataclasses import dataclass

import numpy as np

from subjects.linking.keysets import Bools, Ints, among, combine, distinct_pairs, spread
from subjects.linking.linking import Linkage
from subjects.linking.person_records import Records
from subjects.model import Tier

# What tells somebody apart beyond a name.
TELLING = ("email", "phone", "national_id", "account", "card", "birth_date", "house_postcode")
# Kinds of name, the fullest first; a surname alone ("Mr Smith") only means somebody within its own document.
_NAMES = (("name_full", True), ("initial_surname", False), ("surname", False))


@dataclass(frozen=True, slots=True)
class Attached:
    """Mentions of a name and the person (number of a record of theirs) whom each fits, all with one tier and reason."""

    records: Ints
    people: Ints
    tier: Tier
    score: float
    reason: str


def telling(records: Records, linkage: Linkage) -> Bools:
    """Records with more than a name: something that is not shared by several people."""
    found = np.zeros(records.count, dtype=bool)
    for kind in TELLING:
        sets = records.of_kind(kind).without(linkage.shared.get(kind, np.zeros(0, np.int64)))
        found |= sets.sizes > 0
    # And what was joined with one of them, by less.
    joined: Bools = among(linkage.person[found], linkage.person)
    return joined


def attach(records: Records, linkage: Linkage, known: Bools) -> list[Attached]:
    """Each name-only record whose name fits exactly one person; those that fit several or none stay unresolved.

    `known` are the records that tell somebody apart.
    """
    waiting = np.flatnonzero(~known)
    found: list[Attached] = []
    for kind, anywhere in _NAMES:
        sets = records.of_kind(kind)
        index, keys = sets.take(waiting)
        owners = sets.owners
        kept = known[owners]
        people, theirs, where = linkage.person[owners[kept]], sets.keys[kept], records.place[owners[kept]]
        # One record's people by all its keys together: 0, one or several.
        number, here = _only(
            index, combine(keys, records.place[waiting[index]]), combine(theirs, where), people, len(waiting)
        )
        at = np.flatnonzero(number == 1)
        same_place = "same name as a person in the same document"
        found.append(Attached(waiting[at], here[at], Tier.PROBABLE, 0.85, same_place))
        done = number == 1
        if anywhere:
            count, there = _only(index, keys, theirs, people, len(waiting))
            at = np.flatnonzero((number == 0) & (count == 1))
            found.append(Attached(waiting[at], there[at], Tier.POSSIBLE, 0.4, "the only person known by this name"))
            done[at] = True
        waiting = waiting[~done]
    return [one for one in found if len(one.records)]


def _only(index: Ints, keys: Ints, known: Ints, people: Ints, count: int) -> tuple[Ints, Ints]:
    """For each of `count` records how many people its keys lead to (2 = several), and the one where it is one."""
    known, people = distinct_pairs(known, people)
    low = np.searchsorted(known, keys, "left")
    group, within = spread(np.minimum(np.searchsorted(known, keys, "right") - low, 2))  # two are several
    record, person = distinct_pairs(index[group], people[low[group] + within])
    number = np.minimum(np.bincount(record, minlength=count), 2)
    only = np.full(count, -1)
    only[record] = person
    return number, only
