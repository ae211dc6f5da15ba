"""Pairs that are taken for one person, as arrays: each level of agreement is a bit, words for it come on demand."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from subjects.linking.comparing import WEIGHTS, Floats
from subjects.linking.keysets import Bools, Ints

# Every level of agreement, in the order of its bit.
LEVELS = ("same forename", "same surname", *WEIGHTS)


@dataclass(frozen=True, slots=True)
class Edges:
    """Pair i joins records left[i] and right[i] with weight[i] bits; `levels` holds one bit for each of LEVELS.

    `sure`: a national number or a personal mailbox, so that a slip in a name or date does not part them.
    """

    left: Ints
    right: Ints
    weight: Floats
    sure: Bools
    levels: Ints

    def __len__(self) -> int:
        """How many pairs."""
        return len(self.left)

    def ranked(self) -> "Edges":
        """The surest first, then by weight, then in the order of records."""
        order = np.lexsort((self.right, self.left, -self.weight, ~self.sure))
        return Edges(*(getattr(self, name)[order] for name in self.__slots__))

    def reasons(self, number: int) -> tuple[str, ...]:
        """What agrees and what does not in one pair, in words, the weightiest first."""
        return reasons_of(int(self.levels[number]))


def level_bits(levels: Mapping[str, Bools], at: Ints) -> Ints:
    """The levels that hold for the pairs with these numbers, one bit each."""
    bits = np.zeros(len(at), np.int64)
    for name, held in levels.items():
        bits |= held[at].astype(np.int64) << LEVELS.index(name)
    return bits


@lru_cache(maxsize=4096)
def reasons_of(bits: int) -> tuple[str, ...]:
    """The words for one combination of levels."""
    said = [name for number, name in enumerate(LEVELS) if bits >> number & 1]
    return tuple(sorted(said, key=lambda name: -abs(WEIGHTS.get(name, 10.0))))


def joined(parts: list[Edges]) -> Edges:
    """Several lots as one."""
    if not parts:
        none = np.zeros(0, np.int64)
        return Edges(none, none, np.zeros(0), np.zeros(0, dtype=bool), none)
    return Edges(*(np.concatenate([getattr(part, name) for part in parts]) for name in Edges.__slots__))
