"""People as they were joined go in, the joins that are but one thread between two come out, with the reason."""

from collections import defaultdict
from collections.abc import Iterator

from subjects.linking.clustering import Edge, People

# From this many records on, one weak edge between two well-knit halves is looked at.
LARGE = 4
WEAK_BITS = 6.0  # an edge so much weaker than the weakest beside it


def doubts(people: People) -> list[tuple[Edge, str]]:
    """Edges to cut: a bridge much weaker than what holds either side together (domain.md 4.4)."""
    edges: dict[int, list[Edge]] = defaultdict(list)
    for edge in people.used:
        edges[people.cluster[edge.left]].append(edge)
    return [found for cluster, held in edges.items() if len(people.of(cluster)) >= LARGE for found in _bridges(held)]


def _bridges(edges: list[Edge]) -> Iterator[tuple[Edge, str]]:
    """`used` edges form a tree: each is a bridge, doubtful when both its sides have ties far surer."""
    for edge in edges:
        if edge.pair < 0:
            continue
        beside = [
            max(
                (other.weight for other in edges if other is not edge and record in (other.left, other.right)),
                default=0.0,
            )
            for record in (edge.left, edge.right)
        ]
        if min(beside) > edge.weight + WEAK_BITS:
            yield edge, "one weak tie between two people who are otherwise well told apart"
