"""Hits go in, the same hits with the text that stands around each in its file today come out, or why it cannot be.

Each file is read once for all hits in it and its members. The text is in clear: for a terminal, never for a report.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from reports.parquet import open_report, read_metadata
from scanner.locators import MEMBER
from scanner.model import Item
from scanner.places import Passage
from scanner.plan import Root
from scanner.reopen import Reading, SourceError, find_item, passages
from subjects.finding.find import Answer, Hit
from subjects.finding.items import items_at
from subjects.reopening import Access, looks_like, sources_of

_GONE = "the text is not there any more: the file has changed since the scan. Scan it again"
_Place = tuple[str, str]


def with_context(answer: Answer, report: Path, access: Access) -> Answer:
    """The answer, each hit with its passage, or with a sentence that says why its item cannot be opened again.

    Raises:
        ReportError, HomeError, PlanError: the report does not say where its files are, or the home is not its own.
    """
    paths = open_report(report)
    metadata = read_metadata(paths.findings)
    reading, roots = sources_of(report, metadata, access)
    wanted: dict[_Place, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for hit in answer.hits:
        file = hit.row["item"].partition(MEMBER)[0]
        wanted[hit.row["root"], file][hit.row["item"]].append(hit.row["location"])
    places = {(hit.row["root"], hit.row["item"]) for hit in answer.hits}
    hashes = {place: row["content_hash"] or "" for place, row in items_at(paths.items, places).items()}
    found: dict[tuple[str, str, str], Passage] = {}
    errors: dict[_Place, str] = {}
    for (root, file), locations in wanted.items():
        known = {item: hashes.get((root, item), "") for item in locations}
        for item, passage in _of_file(roots, (root, file), locations, reading, known):
            if isinstance(passage, str):
                errors[root, item] = passage
            else:
                found[root, item, passage.location] = passage
    return replace(answer, hits=[_told(hit, found, errors, hashes) for hit in answer.hits])


def _told(
    hit: Hit, found: Mapping[tuple[str, str, str], Passage], errors: Mapping[_Place, str], hashes: Mapping[_Place, str]
) -> Hit:
    root, item = hit.row["root"], hit.row["item"]
    passage = found.get((root, item, hit.row["location"]))
    if passage and not hashes.get((root, item)) and not looks_like(hit.row, passage):
        passage = None
    return replace(hit, context=passage or errors.get((root, item), _GONE))


def _of_file(
    roots: Sequence[Root], place: _Place, wanted: Mapping[str, Sequence[str]], reading: Reading,
    hashes: Mapping[str, str],
) -> Iterator[tuple[str, Passage | str]]:  # fmt: skip
    """(locator, passage or why there is none) of everything wanted in one file."""
    try:
        item = find_item(roots, *place, reading.terms)
    except SourceError as error:
        yield from ((locator, str(error)) for locator in wanted)
        return
    try:
        yield from _read(item, wanted, reading, hashes)
    except SourceError as error:
        if len(wanted) == 1:
            yield from ((locator, str(error)) for locator in wanted)
            return
        # One member that has changed must not hide what stands in the others.
        for locator, locations in wanted.items():
            yield from _of_file(roots, place, {locator: locations}, reading, {locator: hashes.get(locator, "")})


def _read(
    item: Item, wanted: Mapping[str, Sequence[str]], reading: Reading, hashes: Mapping[str, str]
) -> list[tuple[str, Passage]]:
    known = {locator: digest for locator, digest in hashes.items() if digest}
    try:
        return list(passages(item, wanted, reading, known))
    except SourceError:
        raise
    except Exception as error:  # any reader may fail on a file that has changed: say so, and go on with the others
        raise SourceError(f"{item.path} cannot be read any more ({type(error).__name__}).") from error
