"""Ranked pairs and what records say of themselves go in, people come out: most at once, the doubtful pair by pair.

Where nothing in a group of records that hangs together speaks against its being one person, it is one. Only the other
groups are joined step by step under constraints (clustering.py), so that a million records take minutes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from subjects.linking.clustering import Edge, Joiner, Refused
from subjects.linking.comparing import Frequencies
from subjects.linking.edges import Edges
from subjects.linking.forest import forest
from subjects.linking.guards import LARGE, WEAK_BITS, doubts
from subjects.linking.keysets import Bools, Ints, KeySets, combine, distinct_pairs
from subjects.linking.person_records import Records
from subjects.linking.profiles import clash_of, make_profiles

DECIDED = -2  # the tie of a record that a person's decision joined
ALONE = -1


@dataclass(frozen=True, slots=True)
class Grouping:
    """`person[i]` numbers the person of record i; `tie[i]` is its surest pair that was used, or DECIDED, or ALONE."""

    person: Ints
    tie: Ints
    refused: Sequence[Refused]


def group(
    records: Records, edges: Edges, frequencies: Frequencies,
    must: Sequence[tuple[int, int]], cannot: Mapping[int, Sequence[int]],
) -> Grouping:  # fmt: skip
    """Tell people apart. `edges` are ranked; `must` and `cannot` are people's decisions."""
    person, used = forest(records.count, edges.left, edges.right)
    doubtful = _doubtful(records, edges, person, used)
    doubtful[[person[record] for pair in must for record in pair]] = True
    doubtful[[person[record] for record in cannot]] = True
    inside = doubtful[person]
    tie = _ties(records.count, edges, np.flatnonzero(used & ~inside[edges.left]))
    if not inside.any():
        return Grouping(person, tie, ())
    chosen = np.flatnonzero(inside[edges.left])
    columns = (edges.left[chosen], edges.right[chosen], edges.weight[chosen], chosen, edges.sure[chosen])
    listed = [Edge(*fields) for fields in zip(*(column.tolist() for column in columns), strict=True)]
    profile, profiles = make_profiles(records, np.flatnonzero(inside).tolist())
    joiner = Joiner(profile, clash_of(profiles, frequencies), cannot)
    people = joiner.join(listed, must)
    cut = doubts(people)
    if cut:
        gone = {id(edge) for edge, _ in cut}
        people = joiner.join([edge for edge in listed if id(edge) not in gone], must)
    at = np.flatnonzero(inside)
    person[at] = np.array(people.cluster, np.int64)[at]
    for edge in reversed(people.used):
        tie[[edge.left, edge.right]] = edge.pair if edge.pair >= 0 else DECIDED
    return Grouping(person, tie, [*people.refused, *(Refused(edge, reason) for edge, reason in cut)])


def _ties(count: int, edges: Edges, used: Ints) -> Ints:
    """For each record the first of these pairs that it is in."""
    tie = np.full(count, len(edges))
    np.minimum.at(tie, edges.left[used], used)
    np.minimum.at(tie, edges.right[used], used)
    tie[tie == len(edges)] = ALONE
    return tie


def _doubtful(records: Records, edges: Edges, person: Ints, used: Bools) -> Bools:
    """For each group whether something may speak against it: two numbers, dates or forenames, or a weak thread."""
    found = np.zeros(records.count, dtype=bool)
    several = np.zeros(records.count, dtype=bool)
    several[np.unique(person[edges.left])] = True
    for sets in (*records.national.values(), records.of_kind("birth_date")):
        group_of, _ = _distinct(sets, person, several)
        found[group_of[1:][group_of[1:] == group_of[:-1]]] = True
    found |= several & ~_one_forename(records, person, several)
    found[_weakly_held(edges, person, np.flatnonzero(used))] = True
    return found


def _distinct(sets: KeySets, person: Ints, several: Bools) -> tuple[Ints, Ints]:
    """(group, key) of every different key in every group of several records, sorted by group."""
    of = person[sets.owners]
    kept = several[of]
    return distinct_pairs(of[kept], sets.keys[kept])


def _one_forename(records: Records, person: Ints, several: Bools) -> Bools:
    """Groups in which one form of one forename is common to all records that have a forename."""
    roots, named = records.of_kind("nickname_root"), records.of_kind("forename")
    wanted = np.bincount(person[named.sizes > 0], minlength=records.count)
    of = person[roots.owners]
    kept = several[of]
    of = of[kept]
    groups, first, counts = np.unique(combine(of, roots.keys[kept]), return_index=True, return_counts=True)
    most = np.zeros(records.count, np.int64)
    np.maximum.at(most, of[first], counts)
    fits: Bools = most >= wanted
    return fits if len(groups) else wanted == 0


def _weakly_held(edges: Edges, person: Ints, used: Ints) -> Ints:
    """Large groups in which one pair is much weaker than what holds either side of it together (guards.py)."""
    left, right, weight = edges.left[used], edges.right[used], edges.weight[used]
    best, second = (np.full(len(person), -np.inf) for _ in range(2))
    np.maximum.at(best, left, weight)
    np.maximum.at(best, right, weight)
    repeats = np.bincount(np.r_[left[weight == best[left]], right[weight == best[right]]], minlength=len(person))
    for ends in (left, right):
        lower = weight < best[ends]
        np.maximum.at(second, ends[lower], weight[lower])
    second[repeats > 1] = best[repeats > 1]
    beside = [np.where(weight < best[ends], best[ends], second[ends]) for ends in (left, right)]
    weak = np.minimum(*beside) > weight + WEAK_BITS
    large = np.bincount(person, minlength=len(person)) >= LARGE
    groups = person[left[weak]]
    return groups[large[groups]]
