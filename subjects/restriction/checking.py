"""Markers and a report, or a person who is to be acted on, go in; what is restricted comes out, or a refusal."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from reports.parquet import ReportPaths
from scanner.keys import Keyring
from scanner.plan import PlanError
from subjects.finding.find import Hit, find_by
from subjects.finding.seeds import Seed, seed_keys
from subjects.model import Tier
from subjects.restriction.markers import Marker, holding, of_person


def restricted_hits(paths: ReportPaths, held: Sequence[Marker], home: Path) -> Iterator[tuple[Marker, Hit]]:
    """The findings of a report that certainly belong to a person whose data are restricted."""
    for marker in held:
        yield from ((marker, hit) for hit in find_by(paths, marker.keys, home).hits if hit.tier is Tier.CERTAIN)


def require_unrestricted(home: Path, keyring: Keyring, person: Seed) -> None:
    """Restricted data are stored and nothing more: they are not erased either (Article 18(2)).

    Raises:
        PlanError: the person's data are restricted.
    """
    for marker in of_person(holding(home), seed_keys(person, keyring)):
        raise PlanError(
            f"These data may only be stored: {marker.words()}. Decide that first, tell the person, then: "
            f"whosedata restrict lift {marker.number} --told DATE"
        )


def warn_of_restriction(home: Path, keyring: Keyring, person: Seed) -> None:
    """Say on standard error that an answer is about restricted data; the person themselves may have it."""
    for marker in of_person(holding(home), seed_keys(person, keyring)):
        click.echo(f"whosedata: {marker.words()}. The person may have their data; give them to nobody else.", err=True)


def warn_of_report(paths: ReportPaths, home: Path) -> None:
    """Say on standard error how much in a fresh report is restricted."""
    held = holding(home)
    found = {
        (hit.row["root"], hit.row["item"], hit.row["finding_id"])
        for _, hit in (restricted_hits(paths, held, home) if held else ())
    }
    if found:
        items = len({place[:2] for place in found})
        click.echo(
            f"whosedata: {len(found):,} findings in {items:,} items are of people whose data may only be stored. "
            f"See: whosedata restrict check {paths.findings}", err=True,
        )  # fmt: skip
