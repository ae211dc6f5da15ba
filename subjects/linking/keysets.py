"""Pairs of record and match key go in, sets out: one for each record, compared many at a time by equality alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# Odd constants of splitmix64: they spread what is combined over all 64 bits.
_MIX = np.uint64(0x9E3779B97F4A7C15)
_STIR = np.uint64(0xBF58476D1CE4E5B9)


def combine(*parts: Ints) -> Ints:
    """Several keys of equal length as one 64-bit key each; equal parts give equal keys, others almost never do."""
    mixed = np.zeros(len(parts[0]), dtype=np.uint64)
    for part in parts:
        mixed = (mixed ^ part.astype(np.int64, copy=False).view(np.uint64)) * _MIX
        mixed ^= mixed >> np.uint64(29)
        mixed *= _STIR
    return mixed.view(np.int64)


@dataclass(frozen=True, slots=True)
class KeySets:
    """`keys[starts[i]:starts[i + 1]]` are the keys of record i, sorted and distinct."""

    starts: Ints
    keys: Ints

    @classmethod
    def of(cls, count: int, records: Ints, keys: Ints) -> "KeySets":
        """From pairs of record and key, in any order and with repeats."""
        if len(records) and np.any(records[1:] < records[:-1]):
            order = np.argsort(records, kind="stable")
            records, keys = records[order], keys[order]
            del order
        keys = keys.astype(np.int64)
        # Mostly a record has one value of a kind, whose keys come sorted: only the others need more work.
        unsorted = (records[1:] == records[:-1]) & (keys[1:] <= keys[:-1])
        if unsorted.any():
            at = np.flatnonzero(np.isin(records, np.unique(records[1:][unsorted])))
            keys[at] = keys[at[np.lexsort((keys[at], records[at]))]]
            new = np.r_[True, (records[1:] != records[:-1]) | (keys[1:] != keys[:-1])]
            records, keys = records[new], keys[new]
        return cls(np.searchsorted(records, np.arange(count + 1)), keys)

    @property
    def sizes(self) -> Ints:
        """How many keys each record has."""
        return np.diff(self.starts)

    @property
    def owners(self) -> Ints:
        """The record of each key, in the order of `keys`."""
        return np.repeat(np.arange(len(self.starts) - 1), self.sizes)

    def has(self, records: Ints) -> Bools:
        """Whether these records have any key of this kind."""
        found: Bools = self.starts[records + 1] > self.starts[records]
        return found

    def of_record(self, record: int) -> Ints:
        """The keys of one record."""
        return self.keys[self.starts[record] : self.starts[record + 1]]

    def take(self, records: Ints) -> tuple[Ints, Ints]:
        """All keys of these records: (index into `records`, key) pairs."""
        low = self.starts[records]
        index, within = spread(self.starts[records + 1] - low)
        return index, self.keys[low[index] + within]

    def without(self, keys: Ints) -> "KeySets":
        """The same records, these keys left out."""
        if not len(keys) or not len(self.keys):
            return self
        kept = ~among(keys, self.keys)
        return KeySets(np.r_[0, np.cumsum(kept)][self.starts], self.keys[kept])

    def overlap(self, left: Ints, right: Ints) -> Bools:
        """For each pair of records whether they share a key."""
        index, shared = self.shared(left, right)
        found = np.zeros(len(left), dtype=bool)
        found[index[shared]] = True
        return found

    def shared(self, left: Ints, right: Ints) -> tuple[Ints, Bools]:
        """For each key of each left record: the number of its pair, and whether the right record has it, too."""
        index, keys = self.take(left)
        low, high = self.starts[right][index], self.starts[right + 1][index]
        end = high.copy()
        # A binary search of all at once: the sets are small, so a few steps do.
        while len(low) and (high > low).any():
            middle = (low + high) >> 1
            smaller = (self.keys[np.minimum(middle, len(self.keys) - 1)] < keys) & (low < high)
            low, high = np.where(smaller, middle + 1, low), np.where(smaller, high, middle)
        found = low < end
        found[found] = self.keys[low[found]] == keys[found]
        return index, found

    def common_key(self, left: Ints, right: Ints) -> Ints:
        """The first key that each pair shares; 0 where there is none."""
        index, shared = self.shared(left, right)
        _, keys = self.take(left)
        found = np.zeros(len(left), dtype=np.int64)
        found[index[shared][::-1]] = keys[shared][::-1]
        return found


def spread(sizes: Ints) -> tuple[Ints, Ints]:
    """(number of the group, place within it) of every member of groups of these sizes."""
    index = np.repeat(np.arange(len(sizes)), sizes)
    return index, np.arange(len(index)) - np.repeat(np.cumsum(sizes) - sizes, sizes)


def distinct_pairs(first: Ints, second: Ints) -> tuple[Ints, Ints]:
    """The different pairs, sorted by the first and then the second."""
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    new = np.ones(len(first), dtype=bool)
    new[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    return first[new], second[new]


def among(wanted: Ints, keys: Ints) -> Bools:
    """Whether each of `keys` is one of `wanted` (sorted or not)."""
    ordered = np.unique(wanted)
    if not len(ordered):
        return np.zeros(len(keys), dtype=bool)
    place = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
    found: Bools = ordered[place] == keys
    return found


def pairs_within(records: Ints, keys: Ints, cap: int) -> tuple[Ints, Ints, int]:
    """All pairs of records that share a key, for keys that at most `cap` records have; and how many were not made.

    Returns (left, right, skipped) with left < right; a pair may come more than once.
    """
    order = np.argsort(keys, kind="stable")
    records, keys = records[order], keys[order]
    del order
    borders = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.zeros(0, np.int64)
    sizes = np.diff(np.r_[borders, len(keys)])
    wide = sizes > cap
    skipped = int((sizes[wide].astype(object) * (sizes[wide] - 1) // 2).sum()) if wide.any() else 0
    lefts, rights = [], []
    for size in np.unique(sizes[~wide & (sizes > 1)]):
        block = records[borders[sizes == size][:, None] + np.arange(size)]
        first, second = np.triu_indices(int(size), 1)
        lefts.append(block[:, first].ravel())
        rights.append(block[:, second].ravel())
    if not lefts:
        none = np.zeros(0, np.int64)
        return none, none, skipped
    left, right = np.concatenate(lefts), np.concatenate(rights)
    keep = left != right
    return np.minimum(left, right)[keep], np.maximum(left, right)[keep], skipped
