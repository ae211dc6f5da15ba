"""A finished pack goes in, everything in it that is somebody else's comes out, found by our own scanner."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scanner import scan

# What tells of a person by itself; a word about health that stays was decided with the extract.
_TELLING = frozenset(["identity", "contact", "financial", "government_id", "child", "credential"])


@dataclass(frozen=True, slots=True)
class Stranger:
    """A value in the pack that is not the subject's, masked, and the file in which it stands."""

    value_id: int
    entity_type: str
    preview: str
    file: str
    location: str


def strangers(folder: Path, home: Path, own: frozenset[int], settings: Mapping[str, Any]) -> list[Stranger]:
    """Each value once. `own` are value ids that may stay; `settings` are those of the scan that made the report."""
    report = scan(folder, home=home, **settings)
    found: dict[int, Stranger] = {}
    columns = ["value_id", "entity_type", "preview", "item", "location", "category", "facts"]
    for row in report.findings.select(columns).to_pylist():
        value, facts = row["value_id"], dict(row["facts"] or ())
        # The organisation's own, and a card of which we left four digits, are nobody.
        if row["category"] not in _TELLING or value in own or "yes" in (facts.get("own"), facts.get("truncated")):
            continue
        found.setdefault(value, Stranger(value, row["entity_type"], row["preview"], row["item"], row["location"]))
    return list(found.values())
