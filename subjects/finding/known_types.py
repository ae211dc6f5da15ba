"""A report and entity types as typed go in; types that it cannot hold are refused, with those that read alike."""

import json
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import pyarrow.compute as pc

from detectors.entities import WORDS
from reports.parquet import iterate, read_metadata
from reports.safe import printable
from scanner.plan import PlanError


def require_types(findings: Path, typed: Sequence[str]) -> None:
    """Raises PlanError for a type that no detector makes, the scan's own settings name none, and no finding has."""
    unknown = [kind for kind in typed if kind not in WORDS]
    if not unknown:
        return
    detectors = json.loads(read_metadata(findings).get("plan", "{}")).get("detectors", {})
    known = {*WORDS, *(identifier["name"] for identifier in detectors.get("identifiers", ()))}
    for table in iterate(findings):
        known.update(pc.unique(table["entity_type"]).to_pylist())
    for kind in unknown:
        if kind not in known:
            near = get_close_matches(kind, sorted(known), 4, 0.5) or sorted(one for one in known if kind in one)
            hint = f"Did you mean {', '.join(near)}?" if near else "scan --detectors lists the types."
            raise PlanError(f"--type {printable(kind)}: there is no such type. {hint}")
