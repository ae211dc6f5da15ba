"""A request, what was found and what was decided go in; a folder to send comes out, or a reason why it must not.

The folder holds no path of a source: file names tell of other people, too. Which extract is of which file stands in the
working list, which stays with the organisation.
"""

import shutil
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from reports.parquet import PrivateFile, ReportPaths, iterate
from scanner.formats import formats
from scanner.plan import PlanError, Root
from scanner.reopen import Reading, SourceError, find_item, read_again, rows_of
from subjects.access.check import Stranger, strangers
from subjects.access.controller import Controller, Recipient
from subjects.access.extracts import Block, Extractor
from subjects.access.files import csv_bytes, put, write_manifest
from subjects.access.letter import Facts, as_docx, as_html, letter
from subjects.access.pages import item_page, page
from subjects.access.provenance import domains_of
from subjects.access.redaction import Clean, Own, redact, words_of
from subjects.access.review import Decided, Decision, Line
from subjects.access.threads import once
from subjects.finding.find import Answer
from subjects.finding.items import items_at
from subjects.finding.relations import AUTHORS, RECIPIENTS
from subjects.finding.seeds import Seed

Place: TypeAlias = tuple[str, str]  # root and item
_COLUMNS = [
    "finding_id", "item", "root", "location", "role", "entity_type", "category", "value_id", "preview", "facts",
    "media_type", "thread",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Searched:
    """One report, what was found in it, and how and where its sources are read again."""

    paths: ReportPaths
    answer: Answer
    reading: Reading
    roots: Sequence[Root]


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks, since when, and who answers. `not_people`: value ids that a person looked at and passed."""

    case_id: str
    person: Seed
    received: date
    today: date
    controller: Controller
    home: Path
    settings: Mapping[str, Any] = field(default_factory=dict)
    not_people: frozenset[int] = frozenset()
    expires: date | None = None
    recipients: Sequence[Recipient] = ()


@dataclass(frozen=True, slots=True)
class Packed:
    """What was made. `lost` are items, or findings in them, that could not be read again."""

    items: int
    redactions: Counter[str]
    lost: Sequence[tuple[Place, str]]
    strangers: Sequence[Stranger]
    digest: str


@dataclass(frozen=True, slots=True)
class _Extract:
    place: Place
    media_type: str
    date: str
    clean: Clean
    source: str = ""  # the domain that a message came from
    sent_to: frozenset[str] = frozenset()
    thread: str = ""


def make_pack(
    request: Request, searched: Sequence[Searched], lines: Sequence[Line], decided: Decided, out: Path
) -> Packed:
    """Write the pack to `out`, which must not exist. With strangers in it nothing stays there.

    Raises:
        PlanError: `out` exists, or nothing is to be sent.
    """
    working = out.with_name(f"{out.name}.working.csv")
    if out.exists() or working.exists():
        raise PlanError(f"{out if out.exists() else working} exists already. A pack is made once: name another place.")
    accepted = [hit.row for line in lines if _of(decided, line) is Decision.INCLUDE for hit in line.hits]
    if not accepted:
        raise PlanError("Nothing was decided to be included. If nothing is held, close the case and say so.")
    own = Own(
        frozenset(row["finding_id"] for row in accepted),
        frozenset(row["value_id"] for row in accepted),
        words_of((*request.person.names, *request.person.aliases)),
    )
    lost: list[tuple[Place, str]] = []
    extracts = _each_once([one for found in searched for one in _extracts(found, lines, decided, own, lost)])
    draft = out.with_name(f".{out.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700, parents=True)
    try:
        unread = [row for found in searched for row in found.answer.unread]
        _write_extracts(draft, extracts, unread)
        kept = frozenset(value for one in extracts for value in one.clean.kept) | request.not_people
        found = strangers(draft, request.home, kept, request.settings)
        # The letter comes after the check: it names who asks and who answers, and nothing from any source.
        told = letter(_facts(request, searched, decided, extracts, len(unread)), request.controller)
        put(draft / "letter.html", as_html(told).encode())
        put(draft / "letter.docx", as_docx(told))
        digest = write_manifest(draft)
        if not found:
            _write_working(working, extracts, lines, decided)
            draft.replace(out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    taken: Counter[str] = Counter()
    for one in extracts:
        taken.update(one.clean.taken)
    return Packed(len(extracts), taken, lost, found, digest)


def _each_once(extracts: Sequence[_Extract]) -> list[_Extract]:
    blocks = once([one.thread for one in extracts], [one.clean.blocks for one in extracts])
    return [replace(one, clean=replace(one.clean, blocks=mine)) for one, mine in zip(extracts, blocks, strict=True)]


def _of(decided: Decided, line: Line) -> Decision:
    return decided.decisions[line.key][0]


def _extracts(
    found: Searched, lines: Sequence[Line], decided: Decided, own: Own, lost: list[tuple[Place, str]]
) -> Iterator[_Extract]:
    """One for each item of which something is included; of equal copies the first."""
    included: dict[Place, Line] = {}
    for line in lines:
        if _of(decided, line) is Decision.INCLUDE:
            included.setdefault((line.hits[0].row["root"], line.hits[0].row["item"]), line)
    places = {place: line for place, line in included.items() if (place[0], line.hits[0].duplicate_of) not in included}
    rows = findings_of(found.paths.findings, places)
    for place, blocks in read_blocks(found, rows, own, lost):
        when = places[place].hits[0].date
        yield _Extract(
            place, rows[place][0]["media_type"], when.isoformat() if when else "", redact(blocks, own),
            next(iter(domains_of(blocks, own, AUTHORS)), ""), frozenset(domains_of(blocks, own, RECIPIENTS)),
            next((row["thread"] for row in rows[place] if row["thread"]), ""),
        )  # fmt: skip


def read_blocks(
    found: Searched, rows: Mapping[Place, Sequence[Mapping[str, Any]]], own: Own, lost: list[tuple[Place, str]]
) -> Iterator[tuple[Place, list[Block]]]:
    """The blocks of each item, each file read once for all its members. What changed since the scan is not given.

    A file is told by its hash. A live table has none: of it a row is given only where every finding has its mask still.
    """
    by_file: dict[Place, dict[str, Extractor]] = defaultdict(dict)
    known = items_at(found.paths.items, rows.keys())
    hashes = {place: digest for place, row in known.items() if (digest := row["content_hash"])}
    for root, item in rows:
        by_file[root, item.partition("!/")[0]][item] = Extractor(rows[root, item], (root, item) not in hashes)
    for (root, top), readers in by_file.items():
        blocks: dict[str, list[Block]] = {item: [] for item in readers}
        try:
            locations = {item: [row["location"] for row in rows[root, item]] for item in readers}
            mine = {item: hashes[root, item] for item in readers if (root, item) in hashes}
            item_there = find_item(found.roots, root, top, found.reading.terms)
            for item, block in read_again(item_there, readers, found.reading, mine, rows_of(locations)):
                blocks[item].append(block)
        except SourceError as error:
            lost.append(((root, top), str(error)))
        for item, extractor in readers.items():
            wanted = {row["finding_id"] for row in rows[root, item]} & own.findings
            if gone := len(wanted - extractor.found):
                lost.append(((root, item), f"{gone} of {len(wanted)} findings do not stand there any more"))
            if blocks[item]:
                yield (root, item), blocks[item]


def findings_of(file: Path, places: Collection[Place]) -> dict[Place, list[dict[str, Any]]]:
    """All findings of the items, whoever's they are, in the order of the report."""
    items = pa.array(sorted({item for _, item in places}), pa.string())
    found: dict[Place, list[dict[str, Any]]] = defaultdict(list)
    for table in iterate(file):
        rows = table.select(_COLUMNS)
        for row in rows.filter(pc.is_in(rows["item"].cast(pa.string()), value_set=items)).to_pylist():
            if (row["root"], row["item"]) in places:
                found[row["root"], row["item"]].append(row)
    return found


def _write_extracts(draft: Path, extracts: Sequence[_Extract], unread: Iterable[Mapping[str, Any]]) -> None:
    (draft / "items").mkdir(mode=0o700)
    listed = []
    for number, one in enumerate(extracts, start=1):
        facts = (
            ("Found in", one.place[0]),
            ("Kind", _kind(one.media_type)),
            ("Date", one.date),
            ("Came from", one.source),
        )
        name = f"{number:04}.html"
        put(draft / "items" / name, item_page(f"Extract {number}", facts, one.clean.blocks).encode())
        cells = (f'<a href="items/{name}">{number}</a>', *(escape(value) for _, value in facts))
        listed.append("<tr>" + "".join(f"<td>{value}</td>" for value in cells) + "</tr>")
    head = "<tr><th>extract</th><th>found in</th><th>kind</th><th>date</th></tr>"
    put(draft / "index.html", page("What we hold about you", f"<table>{head}{''.join(listed)}</table>").encode())
    put(draft / "not-examined.csv", _unread(unread))


def _kind(media_type: str) -> str:
    """What a kind of file is called."""
    known = formats().get(media_type)
    return known.what if known else media_type


def _facts(
    request: Request, searched: Sequence[Searched], decided: Decided, extracts: Sequence[_Extract], unread: int
) -> Facts:
    person = request.person
    kept = frozenset(value for one in extracts for value in one.clean.kept)
    hits = [hit.row for found in searched for hit in found.answer.hits if hit.row["value_id"] in kept]
    return Facts(
        case_id=request.case_id,
        name=(*person.names, *person.aliases, "Sir or Madam")[0],
        received=request.received,
        today=request.today,
        items=len(extracts),
        redactions=sum(one.clean.taken.total() for one in extracts),
        categories=sorted({row["category"] for row in hits}),
        places=sorted({root.label for found in searched for root in found.roots}),
        unread=unread,
        exempted=sorted({code for decision, code, _ in decided.decisions.values() if decision is Decision.EXEMPT}),
        version=version("whosedata"),
        expires=request.expires,
        recipients=request.recipients,
        sent_to=sorted({domain for one in extracts for domain in one.sent_to}),
    )


def _unread(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """How many items of each place were not read, and why; their names may tell of others."""
    counts = Counter((row["root"], row["status"], row["reason"]) for row in rows)
    return csv_bytes(
        ("place", "status", "reason", "files"), ((*key, str(number)) for key, number in sorted(counts.items()))
    )


def _write_working(path: Path, extracts: Sequence[_Extract], lines: Sequence[Line], decided: Decided) -> None:
    """What became of every item that was found; not to be sent."""
    numbers = {one.place: str(number) for number, one in enumerate(extracts, start=1)}
    rows = []
    for line in lines:
        decision, code, why = decided.decisions[line.key]
        place = (line.hits[0].row["root"], line.hits[0].row["item"])
        rows.append(
            (numbers.get(place, ""), f"{place[0]}/{place[1]}", line.hits[0].tier.value, decision.value, code, why)
        )
    with PrivateFile(path) as file:
        file.file.write(csv_bytes(("extract", "item", "tier", "decision", "code", "why"), rows))
        file.commit()
