"""Blocks of items go in, the columns and messages that may be portable come out, and the sheet to decide them on.

Article 20 covers what the person provided, under consent or a contract. No program can tell who provided a column: a
person says so for each, in the sheet or beforehand in whosedata.toml.
"""

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TypeAlias

from reports.safe import cell
from scanner.plan import PlanError
from subjects.access.extracts import Block, Mark, RowBlock
from subjects.access.redaction import Own
from subjects.portability.portable import EXCLUDE, INCLUDE, Portable, require_choice

Place: TypeAlias = tuple[str, str]
SELF = (None, "", "self")
MESSAGE = "text of the message"
FIELDS = ("decision", "basis", "provided_by", "why", "proposal", "item", "table", "column", "what", "rows", "key")
_NOT_NAMED = "not among the columns that whosedata.toml names as provided by the person"


@dataclass(frozen=True, slots=True)
class Field:
    """One column of one table, or the text of one message (`number` 0), in which the person's own data stand."""

    place: Place
    table: str
    number: int
    label: str
    kinds: tuple[str, ...]
    rows: int
    theirs: bool  # a finding that is certainly the person's stands in it

    @property
    def key(self) -> str:
        """By what it is: a sheet that was made for another report or search does not fit."""
        text = "\x1f".join((*self.place, self.table, str(self.number), self.label))
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person decided of one field."""

    decision: str
    basis: str = ""
    provided_by: str = ""
    why: str = ""


def own_rows(blocks: Sequence[Block], own: Own) -> list[Block]:
    """The text and the rows that are the person's own: a row in which they are, say, the next of kin is another's."""
    return [block for block in blocks if not isinstance(block, RowBlock) or any(_is_own(mark, own) for mark in block.marks)]  # fmt: skip  # noqa: E501


def _is_own(mark: Mark, own: Own) -> bool:
    return mark.finding["finding_id"] in own.findings and mark.finding["role"] in SELF


def fields_of(read: Iterable[tuple[Place, Sequence[Block]]], own: Own) -> list[Field]:
    """All columns of the person's own rows, and one field for each item of text; in the order of the items."""
    found: dict[tuple[Place, str, int, str], list[list[Mark]]] = defaultdict(list)
    for place, blocks in read:
        for block in own_rows(blocks, own):
            if isinstance(block, RowBlock):
                for number, label, value in block.cells:
                    if value:
                        inside = [mark for mark in block.marks if mark.column == number]
                        found[place, block.table, number, label or f"column {number}"].append(inside)
            else:
                found[place, "", 0, MESSAGE].append(list(block.marks))
    return [
        Field(
            place, table, number, label,
            tuple(sorted({mark.finding["entity_type"] for marks in cells for mark in marks})),
            len(cells) if number else 1, any(_is_own(mark, own) for marks in cells for mark in marks),
        )
        for (place, table, number, label), cells in found.items()
    ]  # fmt: skip


def configured_choice(field: Field, portable: Sequence[Portable]) -> Choice | None:
    """What whosedata.toml says of a field; None where it says nothing of its item."""
    name = "/".join(field.place)
    of_item = [one for one in portable if fnmatchcase(name, one.item) or fnmatchcase(field.place[1], one.item)]
    for one in of_item:
        if not one.columns or field.label in one.columns:
            return Choice(INCLUDE, one.basis, one.provided_by, "whosedata.toml")
    return Choice(EXCLUDE, why=_NOT_NAMED) if of_item else None


def write_sheet(found: Iterable[Field], portable: Sequence[Portable]) -> str:
    """CSV with a heading, for a spreadsheet; decided is only what whosedata.toml says."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(FIELDS)
    for field in found:
        choice = configured_choice(field, portable) or Choice("")
        row = (
            choice.decision, choice.basis, choice.provided_by, choice.why, INCLUDE if field.theirs else EXCLUDE,
            "/".join(field.place), field.table, field.label, ", ".join(field.kinds), str(field.rows), field.key,
        )  # fmt: skip
        writer.writerow([cell(text) for text in row])
    return file.getvalue()


def read_choices(path: Path, found: Sequence[Field]) -> tuple[dict[str, Choice], str]:
    """Key -> what was decided, and the SHA-256 of the sheet.

    Raises:
        PlanError: it cannot be read, is of another search, or leaves something open.
    """
    try:
        data = path.read_bytes()
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise PlanError(f"The sheet {path} cannot be read: save it as CSV in UTF-8.") from error
    if not rows or not {"decision", "basis", "provided_by", "why", "key"} <= set(rows[0]):
        raise PlanError(f"{path} is not a sheet made by `whosedata portability --review`.")
    known = {field.key for field in found}
    made = {}
    for number, row in enumerate(rows, start=2):
        where = f"{path}, line {number}"
        if row["key"] not in known:
            raise PlanError(f"{where}, is of another search. Make the sheet anew with --review.")
        words = [(row[name] or "").strip() for name in ("decision", "basis", "provided_by", "why")]
        choice = Choice(words[0].lower(), words[1].lower(), words[2].lower(), words[3])
        require_choice(choice.decision, choice.basis, choice.provided_by, where)
        made[row["key"]] = choice
    if missing := known - made.keys():
        raise PlanError(f"{path} says nothing of {len(missing)} columns that were found. Make it anew with --review.")
    return made, hashlib.sha256(data).hexdigest()
