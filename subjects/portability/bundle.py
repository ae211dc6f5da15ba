"""Fields with decisions and the blocks of items go in; a folder of JSON, CSV and a schema to hand over comes out."""

import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from detectors.dates import BirthDetector
from detectors.phones import PhoneDetector
from detectors.types import Text
from scanner.plan import PlanError
from subjects.access.check import Stranger, strangers
from subjects.access.extracts import Block, Mark, RowBlock, TextBlock
from subjects.access.files import csv_bytes, put, write_manifest
from subjects.access.pack import Request
from subjects.access.redaction import GONE, Own, redact
from subjects.portability.columns import MESSAGE, Choice, Field, Place, own_rows
from subjects.portability.portable import INCLUDE
from subjects.portability.readme import readme, schema

_DATES, _PHONES = "DATE_OF_BIRTH", "PHONE_NUMBER"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one table as they go out: `columns` are (key, heading), `rows` have the values by key."""

    name: str
    place: str
    basis: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Source:
    """What was read of each item, and what in it is the person's."""

    read: Mapping[Place, Sequence[Block]]
    own: Own


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was made. `left` counts cells that were left empty because they tell of somebody else."""

    tables: int
    rows: int
    left: int
    strangers: Sequence[Stranger]
    digest: str


def make_bundle(
    request: Request, source: Source, found: Sequence[Field], choices: Mapping[str, Choice], out: Path
) -> Bundle:
    """Write the folder `out`, which must not exist. With somebody else in it nothing stays there.

    Raises:
        PlanError: `out` exists, or nothing is to be handed over.
    """
    if out.exists():
        raise PlanError(f"{out} exists already: name another place.")
    kept: set[int] = set(request.not_people)
    empty: list[str] = []
    tables = list(_tables(source, found, choices, kept, empty))
    if not tables:
        raise PlanError("Nothing was decided to be portable. If nothing is, close the case and say so.")
    draft = out.with_name(f".{out.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700, parents=True)
    try:
        left = [
            (one.place[0], one.label, choices[one.key].why or "not provided by you")
            for one in found
            if choices[one.key].decision != INCLUDE
        ]
        if empty:
            left.append(("", f"{len(empty)} cells", "they tell of somebody else"))
        _write(draft, request, tables, left)
        strange = strangers(draft, request.home, frozenset(kept), request.settings)
        put(draft / "README.txt", readme(request, tables, len(empty)).encode())
        digest = write_manifest(draft)
        if not strange:
            draft.replace(out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Bundle(len(tables), sum(len(table.rows) for table in tables), len(empty), strange, digest)


def _write(draft: Path, request: Request, tables: Sequence[Table], left: Sequence[tuple[str, str, str]]) -> None:
    data = {
        "case": request.case_id,
        "made": request.today.isoformat(),
        "tables": [
            {"name": one.name, "found_in": one.place, "basis": one.basis, "rows": list(one.rows)} for one in tables
        ],
    }
    put(draft / "data.json", json.dumps(data, ensure_ascii=False, indent=1).encode())
    put(draft / "schema.json", json.dumps(schema(tables), ensure_ascii=False, indent=1).encode())
    for one in tables:
        keys = [key for key, _ in one.columns]
        put(draft / f"{one.name}.csv", csv_bytes(keys, [[row.get(key, "") for key in keys] for row in one.rows]))
    put(draft / "left-out.csv", csv_bytes(("place", "column", "why"), left))


def _tables(
    source: Source, found: Sequence[Field], choices: Mapping[str, Choice], kept: set[int], empty: list[str]
) -> Iterator[Table]:
    """One for each table (or text) of an item of which something goes out."""
    wanted: dict[tuple[Place, str], list[Field]] = defaultdict(list)
    for one in found:
        if choices[one.key].decision == INCLUDE:
            wanted[one.place, one.table if one.number else MESSAGE].append(one)
    for number, ((place, name), some) in enumerate(wanted.items(), start=1):
        mine = [block for block in own_rows(source.read[place], source.own) if _table_of(block) == name]
        clean = redact(mine, source.own)
        kept.update(clean.kept)
        keys = _keys(some)
        numbers = {field.number: key for field, key in keys}
        if name == MESSAGE:
            rows: list[dict[str, str]] = [{"text": _text(clean.blocks)}]
        else:
            # Every block here is an own row, so that none was left out: they come out in the same order.
            pairs = zip(mine, clean.blocks, strict=True)
            rows = [dict(_cells(block, made, numbers, source.own, empty)) for block, made in pairs]
        basis = ", ".join(sorted({choices[field.key].basis for field in some}))
        columns = tuple((key, field.label) for field, key in keys)
        yield Table(f"table-{number:02}", place[0], basis, columns, tuple(rows))


def _table_of(block: Block) -> str:
    return block.table if isinstance(block, RowBlock) else MESSAGE


def _text(blocks: Sequence[Block]) -> str:
    texts = [block for block in blocks if isinstance(block, TextBlock)]
    return "\n".join(f"{one.label}: {one.text.strip()}" if one.label else one.text.strip() for one in texts)


def _cells(block: Block, made: Block, keys: Mapping[int, str], own: Own, empty: list[str]) -> Iterator[tuple[str, str]]:
    """(key, value) of one row; what tells of somebody else stays empty."""
    for number, _, value in made.cells if isinstance(made, RowBlock) else ():
        if number in keys and GONE in value:
            empty.append(keys[number])
        elif number in keys and value:
            yield keys[number], _plain(value.strip(), [mark for mark in block.marks if mark.column == number], own)


def _plain(value: str, marks: Sequence[Mark], own: Own) -> str:
    """As machines agree on it: dates by ISO 8601, telephones by E.164; anything else as it stands."""
    for mark in marks:
        kind = mark.finding["entity_type"]
        whole = mark.end - mark.start >= len(value) and mark.finding["finding_id"] in own.findings
        if whole and kind in (_DATES, _PHONES):
            detector: Any = BirthDetector(date.today()) if kind == _DATES else PhoneDetector()
            [spans] = detector.detect([Text(value, "date of birth" if kind == _DATES else "telephone")])
            return next((str(span.value) for span in spans), value)
    return value


def _keys(some: Sequence[Field]) -> list[tuple[Field, str]]:
    """A key for each column: its heading in small letters, the same from one export to the next."""
    made: list[tuple[Field, str]] = []
    used: set[str] = set()
    for field in some:
        stem = re.sub(r"\W+", "_", field.label.casefold()).strip("_") or f"column_{field.number}"
        key = stem if field.number else "text"
        while key in used:
            key = f"{stem}_{field.number}" if f"{stem}_{field.number}" not in used else f"{key}_"
        used.add(key)
        made.append((field, key))
    return made
