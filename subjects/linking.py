"""Records go in, people come out: candidate pairs, their weights, constrained joining, guards, and reasons in words."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from subjects.blocking import candidates
from subjects.clustering import Edge, Joiner
from subjects.comparing import WEIGHTS, Compared, Comparison, Frequencies
from subjects.guards import doubts
from subjects.keysets import Bools, Ints
from subjects.person_records import Records
from subjects.profiles import clash_of, make_profiles
from subjects.sharing import learn_shared

CHUNK = 500_000
# A pair is taken for one person when the odds are 100 to 1 that it is, after the odds of any two records by chance.
CERTAIN_BITS = math.log2(100)
LEAST_PRIOR = 9.0  # also in a tiny share two strangers may share a name


@dataclass(frozen=True, slots=True)
class Review:
    """Two records that a person should look at: why they look like one, and why they were not joined."""

    left: int
    right: int
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Linkage:
    """`person[i]` numbers the person of record i; `tie[i]` is the number of the edge that ties it best, -1: decided."""

    person: Ints
    edges: Sequence[Edge]
    reasons: Sequence[tuple[str, ...]]
    tie: Mapping[int, int]
    review: Sequence[Review]
    skipped: int
    shared: Mapping[str, Ints]
    prior: float

    def probability(self, edge: int) -> float:
        """How likely the pair of this edge is one person, 0 to 1."""
        return _probability(self.edges[edge].weight - self.prior)


def link_records(
    records: Records, frequencies: Frequencies, must: Sequence[tuple[int, int]] = (),
    cannot: Mapping[int, Sequence[int]] | None = None,
) -> Linkage:  # fmt: skip
    """Tell which records are of one person. `must` and `cannot` are people's decisions."""
    shared = learn_shared(records, frequencies)
    pairs = candidates(records)
    comparison = Comparison(records, frequencies, shared)
    prior = max(LEAST_PRIOR, math.log2(max(records.count, 1)))
    edges: list[Edge] = []
    reasons: list[tuple[str, ...]] = []
    for start in range(0, len(pairs.left), CHUNK):
        left, right = pairs.left[start : start + CHUNK], pairs.right[start : start + CHUNK]
        compared = comparison.compare(left, right)
        for index in np.flatnonzero(_alike(compared, prior)).tolist():
            edges.append(
                Edge(
                    int(left[index]),
                    int(right[index]),
                    float(compared.weight[index]),
                    len(edges),
                    bool(compared.sure[index]),
                )
            )
            reasons.append(_reasons(compared, index))
    touched = sorted(
        {record for edge in edges for record in (edge.left, edge.right)} | {r for pair in must for r in pair}
    )
    profile, profiles = make_profiles(records, touched)
    joiner = Joiner(profile, clash_of(profiles, frequencies), cannot or {})
    people = joiner.join(edges, must)
    cut = doubts(people)
    if cut:
        gone = {id(edge) for edge, _ in cut}
        people = joiner.join([edge for edge in edges if id(edge) not in gone], must)
    tie: dict[int, int] = {}
    for edge in people.used:
        for record in (edge.left, edge.right):
            tie.setdefault(record, edge.pair)
    doubtful = (*((one.edge, one.reason) for one in people.refused), *cut)
    review = [Review(edge.left, edge.right, _probability(edge.weight - prior), reason) for edge, reason in doubtful]
    return Linkage(np.array(people.cluster, np.int64), edges, reasons, tie, review, pairs.skipped, shared, prior)


def _alike(compared: Compared, prior: float) -> Bools:
    """Pairs to join: sure enough, not forbidden, and never on names alone or on shared things alone."""
    likely = compared.weight - prior >= CERTAIN_BITS
    # A telephone or mailbox without a name on either side tells one owner; with names, they must agree.
    fits: Bools = likely & ~compared.forbidden & compared.supported & (compared.named | compared.unique)
    return fits | compared.sure


def _reasons(compared: Compared, index: int) -> tuple[str, ...]:
    said = [name for name, held in compared.levels.items() if held[index]]
    return tuple(sorted(said, key=lambda name: -abs(WEIGHTS.get(name, 10.0))))


def _probability(bits: float) -> float:
    return 1.0 if bits > 40 else 2.0**bits / (1.0 + 2.0**bits)
