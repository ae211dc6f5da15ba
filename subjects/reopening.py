"""A report and the id of a finding go in, the text at its place today comes out, in clear, for a terminal."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from reports.ids import format_id
from reports.lookup import look_up
from reports.parquet import ReportError, iterate, open_report, read_metadata
from reports.safe import printable
from scanner.addresses import is_address
from scanner.credentials import gather
from scanner.home import KEY_FILE, HomeError, load_key
from scanner.limits import Limits
from scanner.mask import mask
from scanner.passwords import NO_PASSWORDS, Passwords
from scanner.places import Passage
from scanner.plan import PlanError, Root, make_roots
from scanner.reopen import Reading, SourceError, find_item, reopen

_SPLIT = frozenset(("ADDRESS", "CREDIT_CARD", "UK_BANK_ACCOUNT", "DATE_OF_BIRTH"))


@dataclass(frozen=True, slots=True)
class Access:
    """What is needed beside the report: the home whose key made it, secrets, and places that have moved."""

    home: Path
    passwords: Passwords = NO_PASSWORDS
    moved: tuple[Root, ...] = ()
    credentials: Path | None = None


def moved_roots(typed: Sequence[str]) -> tuple[Root, ...]:
    """`LABEL=PATH` words of the command as roots; raises PlanError on anything else."""
    found = []
    for words in typed:
        label, sign, path = words.partition("=")
        if not sign or not label or not path:
            raise PlanError(f"--root {words}: write the label that the report shows, then =, then where it is now.")
        if not is_address(path) and not Path(path).exists():
            raise PlanError(f"--root {words}: {path} does not exist.")
        found.append(make_roots([path], [label])[0] if is_address(path) else Root(path, label))
    return tuple(found)


def open_finding(report: Path, typed: str, access: Access) -> Iterator[str]:
    """Lines that show the finding whose id begins so, as it stands in its file now.

    Raises:
        ReportError, HomeError, PlanError: the report or the home cannot be used. SourceError: the file has changed or
        is gone.
    """
    paths = open_report(report)
    metadata = read_metadata(paths.findings)
    [row] = look_up(paths.findings, [typed])
    reading, roots = sources_of(report, metadata, access)
    item = find_item(roots, row["root"], row["item"].partition("!/")[0], reading.terms)
    digest = _hash_of(paths.items, row["root"], row["item"])
    passage = reopen(item, row["item"], row["location"], reading, digest)
    if not digest and not looks_like(row, passage):
        raise SourceError(f"{row['item']} has changed: something else stands at {row['location']} now. Scan it again.")
    yield printable(f"finding  {format_id(row['finding_id'])}  {row['entity_type']}  {row['score']:.2f}")
    yield printable(f"where    {row['root']}/{row['item']}  {row['location']}")
    yield printable(f"text     {text_of(row, passage)}")
    if not passage.row:
        yield from (printable(f"under    {label}") for label in [passage.label] if label)
        yield "around"
    yield from around([row["location"]], passage)


def looks_like(row: Mapping[str, Any], passage: Passage) -> bool:
    """Whether what stands at the place of a finding has its mask: of a live table there is no hash to tell a change.

    What may be split over several cells is masked as a whole, of which the passage is a part.
    """
    return row["entity_type"] in _SPLIT or mask(row["entity_type"], passage.text) == row["preview"]


def text_of(row: Mapping[str, Any], passage: Passage) -> str:
    """The text of a finding: what stands at its place, or in all the cells that it is split over."""
    numbers = dict(row["facts"] or ()).get("columns", "")
    return passage.cells([int(number) for number in numbers.split("+")]) if numbers else passage.text


def sources_of(report: Path, metadata: Mapping[str, str], access: Access) -> tuple[Reading, list[Root]]:
    """How and where the items of a report are read again, with the credentials that their places need.

    Raises:
        HomeError, PlanError, ReportError: the home, a place or the credentials cannot be used.
    """
    reading, roots = reading_of(report, metadata, access), roots_of(metadata, access)
    return replace(reading, credentials=gather(roots, access.credentials, os.environ)), roots


def reading_of(report: Path, metadata: Mapping[str, str], access: Access) -> Reading:
    """How the scan of this report read, so that its locations are found again.

    Raises:
        HomeError: the home is not the one whose key made the report.
    """
    # A home made by mistake would have a new key, under which members without a name have other names.
    if not (access.home / KEY_FILE).exists() or metadata.get("key_id") != load_key(access.home).key_id:
        raise HomeError(
            f"{report} was not made with the key in {access.home}. Name the home folder of that scan with --home DIR."
        )
    plan = json.loads(metadata.get("plan", "{}"))
    known = {field.name for field in fields(Limits)}
    limits = Limits(**{name: value for name, value in plan.get("limits", {}).items() if name in known})
    return Reading(load_key(access.home), limits, access.passwords, plan.get("ocr", "auto"))


def roots_of(metadata: Mapping[str, str], access: Access) -> list[Root]:
    """The places of the scan, where they are now."""
    moved = {root.label for root in access.moved}
    before = [Root(path, label) for label, path in json.loads(metadata.get("places", "[]"))]
    unknown = moved - {root.label for root in before}
    if unknown:
        labels = ", ".join(sorted({root.label for root in before}))
        raise PlanError(f"--root: the report has no place called {unknown.pop()}. It has: {labels}.")
    if not before:
        raise ReportError("This report does not tell where its files are: it was made by an earlier version.")
    return [*access.moved, *(root for root in before if root.label not in moved)]


def _hash_of(items: Path, root: str, path: str) -> str:
    for table in iterate(items):
        rows = table.filter(pc.and_(pc.equal(table["item"], path), pc.equal(table["root"], root)))
        for digest in rows["content_hash"].to_pylist():
            return digest or ""
    return ""


def around(locations: Sequence[str], passage: Passage) -> Iterator[str]:
    """What stands around findings: the cells of their row, theirs marked, or the text before and behind it."""
    if passage.row:
        here = {step for location in locations for step in location.split(";") if step.startswith("col=")}
        for number, label, value in passage.row:
            mark = ">" if f"col={number}" in here else " "
            yield printable(f"  {mark} {label or f'column {number}'}: {value[:200]}")
        return
    before, after = passage.before, passage.after
    lines = f"{before}[{passage.text}]{after}".replace("\r\n", "\n").replace("\r", "\n").split("\n")
    yield from (printable(f"  | {line}") for line in lines)
