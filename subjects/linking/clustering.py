"""Weighted pairs in, people out: joined from the surest pair down, never against what two records say of themselves.

A union that would put two national numbers, two birth dates or two unrelated forenames into one person is refused and
goes to review; so does a record that fits two people about equally well. No doubt is settled by a merge: a wrong
person in a pack is a breach, a missed one is found by hand (domain.md 4.4, 4.6).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

# Why two people, given by the numbers of their records' profiles, cannot be one; "" if they can.
Clash = Callable[[Iterable[int], Collection[int]], str]

MARGIN = 4.0  # bits by which one of two people must fit a record better


@dataclass(frozen=True, slots=True)
class Edge:
    """Two records that are taken for one person, with the bits of evidence and the number of the pair (-1: decided).

    `sure`: they share a national number, so that a slip in a name or date does not part them.
    """

    left: int
    right: int
    weight: float
    pair: int
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A pair that looked right and was not joined, and why in words."""

    edge: Edge
    reason: str


@dataclass(slots=True)
class People:
    """`cluster[i]` is a record that stands for the person of record i; `used` edges hold people together."""

    cluster: list[int]
    members: dict[int, list[int]] = field(default_factory=dict)
    used: list[Edge] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def of(self, record: int) -> list[int]:
        """All records of the person of this record."""
        return self.members.get(self.cluster[record], [record])


class Joiner:
    """Joins records under constraints. `profile[i]` is the profile of record i; `cannot` are people's decisions."""

    def __init__(self, profile: Sequence[int], clash: Clash, cannot: Mapping[int, Sequence[int]]) -> None:
        self._profile = profile
        self._clash = clash
        self._cannot = cannot

    def join(self, edges: Iterable[Edge], must: Sequence[tuple[int, int]] = ()) -> People:
        """People from edges, the surest first; `must` pairs are decisions and come before all.

        A record that fits two people who cannot be one about equally well is left by itself, its edges for review.
        """
        ordered = sorted(edges, key=lambda edge: (not edge.sure, -edge.weight, edge.left, edge.right))
        decided = [Edge(left, right, float("inf"), -1) for left, right in must]
        people = self._joined([*decided, *ordered])
        ambiguous = set(self._ambiguous(people))
        if not ambiguous:
            return people
        doubtful = [edge for edge in ordered if edge.left in ambiguous or edge.right in ambiguous]
        left_out = set(map(id, doubtful))
        again = self._joined([*decided, *(edge for edge in ordered if id(edge) not in left_out)])
        again.refused += [Refused(edge, "fits two different people about equally well") for edge in doubtful]
        return again

    def _joined(self, edges: Sequence[Edge]) -> People:
        people = People(list(range(len(self._profile))))
        profiles: dict[int, set[int]] = {}
        for edge in edges:
            first, second = people.cluster[edge.left], people.cluster[edge.right]
            if first == second:
                continue
            if len(people.of(first)) < len(people.of(second)):
                first, second = second, first
            mine = profiles.get(first) or {self._profile[first]}
            theirs = profiles.get(second) or {self._profile[second]}
            reason = "" if edge.pair < 0 else self._decided(people, first, second)
            if not reason and edge.pair >= 0 and not edge.sure:
                reason = self._clash(mine, theirs)
            if reason:
                people.refused.append(Refused(edge, reason))
                continue
            people.used.append(edge)
            moved = people.of(second)
            people.members.setdefault(first, [first]).extend(moved)
            for record in moved:
                people.cluster[record] = first
            people.members.pop(second, None)
            profiles.pop(second, None)
            profiles[first] = mine | theirs
        return people

    def _decided(self, people: People, first: int, second: int) -> str:
        if self._cannot:
            others = set(people.of(second))
            if any(not others.isdisjoint(self._cannot.get(record, ())) for record in people.of(first)):
                return "somebody decided that they are not the same person"
        return ""

    def _ambiguous(self, people: People) -> Iterator[int]:
        """Records that would fit the person of a refused edge if they stood alone: nothing of their own decides."""
        held: dict[int, float] = defaultdict(float)
        for edge in people.used:
            for record in (edge.left, edge.right):
                held[record] = max(held[record], edge.weight)
        for refused in people.refused:
            edge = refused.edge
            for record, other in ((edge.left, edge.right), (edge.right, edge.left)):
                theirs = {self._profile[one] for one in people.of(other)}
                if 0 < held[record] < edge.weight + MARGIN and not self._clash((self._profile[record],), theirs):
                    yield record
