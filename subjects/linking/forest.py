"""Pairs of records, the surest first, go in; what hangs together comes out, and the pairs that hold it together."""

import numpy as np

from subjects.linking.keysets import Bools, Ints


def forest(count: int, left: Ints, right: Ints) -> tuple[Ints, Bools]:
    """(the lowest record that each of `count` records hangs together with, whether each pair is needed for that).

    The pairs needed are those that joining one by one, the first first, would use: every part takes its first pair to
    another part, until there is none (Boruvka's way to the same tree).
    """
    label = np.arange(count)
    used = np.zeros(len(left), dtype=bool)
    alive = np.arange(len(left))
    while True:
        one, other = label[left[alive]], label[right[alive]]
        apart = one != other
        alive, one, other = alive[apart], one[apart], other[apart]
        if not len(alive):
            return label, used
        first = np.full(count, len(left))
        np.minimum.at(first, one, alive)
        np.minimum.at(first, other, alive)
        chosen = np.unique(first)[:-1] if (first == len(left)).any() else np.unique(first)
        used[chosen] = True
        label = _together(label, label[left[chosen]], label[right[chosen]])


def _together(label: Ints, one: Ints, other: Ints) -> Ints:
    """Labels after the parts one[i] and other[i] have become one: the lowest label of all that hang together."""
    parent = np.arange(len(label))
    while True:
        low = np.minimum(parent[one], parent[other])
        changed = (parent[one] != low) | (parent[other] != low)
        if not changed.any():
            return parent[label]
        np.minimum.at(parent, parent[one], low)
        np.minimum.at(parent, parent[other], low)
        while not np.array_equal(parent, shorter := parent[parent]):
            parent = shorter
