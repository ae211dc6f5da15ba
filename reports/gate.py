"""Rules such as UK_NINO:0.8 and a report go in, how many findings match each rule comes out (`--fail-on`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.compute as pc

from reports.parquet import iterate


@dataclass(frozen=True, slots=True)
class Gate:
    """Findings of this type with at least this score."""

    entity_type: str
    score: float = 0.0

    def __str__(self) -> str:
        """As it was typed."""
        return f"{self.entity_type}:{self.score:g}" if self.score else self.entity_type


def parse_gate(typed: str) -> Gate:
    """`TYPE` or `TYPE:score`; raises ValueError that says what is wrong."""
    kind, colon, number = typed.partition(":")
    try:
        score = float(number) if colon else 0.0
    except ValueError:
        score = -1.0
    if not kind or not 0 <= score <= 1:
        raise ValueError(f"“{typed}” is not TYPE or TYPE:score with a score from 0 to 1, such as UK_NINO:0.8")
    return Gate(kind.upper(), score)


def matches(findings: Path, gates: Sequence[Gate]) -> dict[Gate, int]:
    """Rule -> number of findings that it matches, without the rules that match none."""
    found = dict.fromkeys(gates, 0)
    for table in iterate(findings) if gates else ():
        for gate in gates:
            hits = pc.and_(
                pc.equal(table["entity_type"], gate.entity_type), pc.greater_equal(table["score"], gate.score)
            )
            found[gate] += pc.sum(hits).as_py() or 0
    return {gate: number for gate, number in found.items() if number}
