"""Records that hold a name and nothing else go in, whom each most likely means comes out, never as certain."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from subjects.keysets import Bools, Ints, KeySets
from subjects.linking import Linkage
from subjects.model import Tier
from subjects.person_records import Records

# What tells somebody apart beyond a name.
TELLING = ("email", "phone", "national_id", "account", "card", "birth_date", "house_postcode")
# Kinds of name, the fullest first; a surname alone ("Mr Smith") only means somebody within its own document.
_NAMES = (("name_full", True), ("initial_surname", False), ("surname", False))


@dataclass(frozen=True, slots=True)
class Attached:
    """A mention of a name and the person (number of a record of theirs) whom it fits, with why."""

    record: int
    person: int
    tier: Tier
    reasons: tuple[str, ...]


def telling(records: Records, linkage: Linkage) -> Bools:
    """Records with more than a name: something that is not shared by several people."""
    found = np.zeros(records.count, dtype=bool)
    for kind in TELLING:
        sets = records.of_kind(kind).without(linkage.shared.get(kind, np.zeros(0, np.int64)))
        found |= sets.sizes > 0
    return found


def attach(records: Records, linkage: Linkage) -> Iterator[Attached]:
    """Each name-only record whose name fits exactly one person; those that fit several or none stay unresolved."""
    known = telling(records, linkage)
    waiting = np.flatnonzero(~known)
    for kind, anywhere in _NAMES:
        sets = records.of_kind(kind)
        owners = _people_by_key(sets, known, linkage.person)
        near = _people_by_key_and_place(sets, known, linkage.person, records.place)
        left = []
        for record in waiting.tolist():
            keys = sets.of_record(record).tolist()
            here = set().union(*(near.get((key, int(records.place[record])), ()) for key in keys))
            there = set().union(*(owners.get(key, ()) for key in keys)) if anywhere else set()
            if len(here) == 1:
                yield Attached(record, here.pop(), Tier.PROBABLE, ("same name as a person in the same document",))
            elif not here and len(there) == 1:
                yield Attached(record, there.pop(), Tier.POSSIBLE, ("the only person known by this name",))
            else:
                left.append(record)
        waiting = np.array(left, np.int64)


def _people_by_key(sets: KeySets, known: Bools, person: Ints) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    kept = known[sets.owners]
    for key, owner in zip(sets.keys[kept].tolist(), person[sets.owners[kept]].tolist(), strict=True):
        found[key].add(owner)
    return found


def _people_by_key_and_place(sets: KeySets, known: Bools, person: Ints, place: Ints) -> dict[tuple[int, int], set[int]]:
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    owners = sets.owners
    kept = known[owners]
    columns = (sets.keys[kept].tolist(), place[owners[kept]].tolist(), person[owners[kept]].tolist())
    for key, where, owner in zip(*columns, strict=True):
        found[key, where].add(owner)
    return found
