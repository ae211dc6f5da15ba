"""Records go in, people come out: candidate pairs, their weights, constrained joining, guards, and reasons in words."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from subjects.linking.blocking import candidates
from subjects.linking.comparing import Compared, Comparison, Floats, Frequencies
from subjects.linking.edges import Edges, joined, level_bits
from subjects.linking.grouping import group
from subjects.linking.keysets import Bools, Ints
from subjects.linking.person_records import Records
from subjects.linking.sharing import learn_shared

CHUNK = 200_000
# A pair is taken for one person when the odds are 100 to 1 that it is, after the odds of any two records by chance.
CERTAIN_BITS = math.log2(100)
LEAST_PRIOR = 9.0  # also in a tiny share two strangers may share a name


@dataclass(frozen=True, slots=True)
class Review:
    """Two records that a person should look at: why they look like one, and why they were not joined."""

    left: int
    right: int
    score: float
    agree: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Linkage:
    """`person[i]` numbers the person of record i; `tie[i]` is the number of the pair that ties it best."""

    person: Ints
    edges: Edges
    tie: Ints
    review: Sequence[Review]
    skipped: int
    shared: Mapping[str, Ints]
    prior: float

    def probability(self, pairs: Ints) -> Floats:
        """How likely each of these pairs is one person, 0 to 1."""
        return _probability(self.edges.weight[pairs] - self.prior)


def link_records(
    records: Records, frequencies: Frequencies, must: Sequence[tuple[int, int]] = (),
    cannot: Mapping[int, Sequence[int]] | None = None,
) -> Linkage:  # fmt: skip
    """Tell which records are of one person. `must` and `cannot` are people's decisions."""
    shared = learn_shared(records, frequencies)
    pairs = candidates(records)
    comparison = Comparison(records, frequencies, shared)
    prior = max(LEAST_PRIOR, math.log2(max(records.count, 1)))
    found: list[Edges] = []
    for start in range(0, len(pairs.left), CHUNK):
        left, right = pairs.left[start : start + CHUNK], pairs.right[start : start + CHUNK]
        compared = comparison.compare(left, right)
        at = np.flatnonzero(_alike(compared, prior))
        bits = level_bits(compared.levels, at)
        found.append(Edges(left[at], right[at], compared.weight[at], compared.sure[at], bits))
    edges = joined(found).ranked()
    grouping = group(records, edges, frequencies, must, cannot or {})
    review = [
        Review(
            one.edge.left, one.edge.right, float(_probability(np.array(one.edge.weight - prior))),
            edges.reasons(one.edge.pair), one.reason,
        )
        for one in grouping.refused
    ]  # fmt: skip
    return Linkage(grouping.person, edges, grouping.tie, review, pairs.skipped, shared, prior)


def _alike(compared: Compared, prior: float) -> Bools:
    """Pairs to join: sure enough, not forbidden, and never on names alone or on shared things alone."""
    likely = compared.weight - prior >= CERTAIN_BITS
    # A telephone or mailbox without a name on either side tells one owner; with names, they must agree.
    fits: Bools = likely & ~compared.forbidden & compared.supported & (compared.named | compared.unique)
    return fits | compared.sure


def _probability(bits: Floats) -> Floats:
    odds = np.exp2(np.minimum(bits, 40.0))
    return np.asarray(odds / (1.0 + odds))
