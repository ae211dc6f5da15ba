"""What was found and decided of a person goes in, a plan of what to do to which file comes out; nothing is changed.

A plan is bound to the content of each file, to its place on the disk, and to the home's key: whoever edits it, or
changes a file after it was made, gets a refusal. Every change is rehearsed: what cannot be done is by hand.
"""

import hmac
import json
import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from reports.parquet import iterate
from scanner.home import Key, content_digest
from scanner.locators import MEMBER
from scanner.plan import PlanError
from scanner.reopen import SourceError, find_item
from subjects.access.pack import Searched, findings_of
from subjects.access.review import Decided, Decision, Line
from subjects.erasure.actions import ACTIONS, CONTAINERS, TABLES, WHOLE_FILES, CannotErase
from subjects.erasure.corrections import Correction, corrected
from subjects.erasure.rewriting import texts_at, write_new
from subjects.erasure.step import CHANGE, DELETE, MANUAL, Kept, Place, Planned, Stand, Step, stand_of, unsafe

Row = Mapping[str, Any]
_SELF = (None, "", "self")
# `include`: the row, the message; `redact`: the values alone.
_GOING = (Decision.INCLUDE, Decision.REDACT)
_TO = frozenset({"to", "cc", "bcc"})
_BY_HAND = {
    "application/pdf": "a PDF keeps earlier versions of its text: make it anew from its source, or delete the file",
    "application/vnd.ms-outlook-pst": "an Outlook data file: delete the messages in Outlook, then compact the file",
    "image/": "a picture: cover what it shows in a new copy, or delete the file",
}


@dataclass(frozen=True, slots=True)
class Basis:
    """What a plan rests on: case, day, and for a rectification the values and what proves the new one."""

    case_id: str
    made: str
    correction: Correction | None = None
    proof: str = ""


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """The steps of one case; with a `correction` values are not erased but set right.

    `proof` says by what they are known to be right. `seal` binds the plan to the home's key.
    """

    case_id: str
    made: str
    sheet: str
    steps: tuple[Step, ...]
    kept: tuple[Kept, ...]
    correction: Correction | None = None
    proof: str = ""
    seal: str = field(default="")


def make_plan(basis: Basis, searched: Sequence[Searched], lines: Sequence[Line], decided: Decided) -> ErasurePlan:
    """One step for each file in which something was decided to go, or to be set right.

    Raises:
        PlanError: nothing was decided to go, and nothing to be kept; or the old value stands nowhere.
    """
    correction = basis.correction
    decision = {line.key: decided.decisions[line.key] for line in lines}
    # Finding id -> whether the row in which it stands goes, too.
    wanted = {
        hit.row["finding_id"]: what is Decision.INCLUDE and correction is None
        for line in lines
        if (what := decision[line.key][0]) in _GOING
        for hit in line.hits
    }
    kept = tuple(
        Kept(f"{line.hits[0].row['root']}/{line.hits[0].row['item']}", code, why)
        for line in lines
        for what, code, why in [decision[line.key]]
        if what is Decision.EXEMPT
    )
    places = {(line.hits[0].row["root"], line.hits[0].row["item"]) for line in lines if decision[line.key][0] in _GOING}
    key = searched[0].reading.key
    staying: dict[Place, set[int]] = defaultdict(set)
    for line in lines:
        if decision[line.key][0] not in _GOING:
            for hit in line.hits:
                staying[hit.row["root"], hit.row["item"].partition(MEMBER)[0]].add(hit.row["value_id"])
    wish = _Wish(places, wanted, staying, correction)
    steps = tuple(step for found in searched for step in _steps(found, wish))
    if not steps and not kept:
        raise PlanError(
            "The old value stands nowhere in what was decided on: check how it is written, and the sheet."
            if correction
            else "Nothing was decided to be erased or kept. If nothing is held, say so and close the case."
        )
    plan = ErasurePlan(basis.case_id, basis.made, decided.digest, steps, kept, correction, basis.proof)
    return replace(plan, seal=_seal(plan, key))


@dataclass(frozen=True, slots=True)
class _Wish:
    """Items in which something goes; finding id -> whether its row goes, too; values that stay in each file."""

    places: Collection[Place]
    wanted: Mapping[int, bool]
    staying: Mapping[Place, Collection[int]]
    correction: Correction | None


def _steps(found: Searched, wish: _Wish) -> Iterator[Step]:
    places, wanted, correction = wish.places, wish.wanted, wish.correction
    by_file: dict[Place, list[dict[str, Any]]] = defaultdict(list)
    for (root, item), rows in findings_of(found.paths.findings, places).items():
        by_file[root, item.partition(MEMBER)[0]] += rows
    types = _types(found.paths.items, {place for (root, item) in places for place in _ways(root, item)})
    for (root, path), rows in by_file.items():
        mine = [row for row in rows if row["finding_id"] in wanted]
        try:
            there = find_item(found.roots, root, path, found.reading.terms)
        except SourceError as error:
            yield Step(root, path, "", MANUAL, str(error), findings=len(mine))
            continue
        bare = Step(
            root, path, os.fsdecode(there.address), MANUAL, findings=len(mine), media_type=types.get((root, path), "")
        )
        if correction:
            mine = _to_correct(bare, mine, found, correction)
        if not mine:
            continue
        going = {row["finding_id"] for row in mine}
        others = {row["value_id"] for row in rows if row["finding_id"] not in going}
        others |= set(wish.staying.get((root, path), ()))
        sure = {row["value_id"] for row in mine if _tells(row)}
        bare = replace(
            bare,
            findings=len(mine),
            values=tuple(sorted({row["value_id"] for row in mine} - others if correction else sure)),
            recipients=tuple(sorted({row["preview"] for row in rows if row["role"] in _TO and row["preview"]})),
        )
        members = {item: kind for (_, item), kind in types.items() if item.partition(MEMBER)[0] == path}
        step = _placed(bare, found.reading.key)
        yield _rehearsed(step if step.why else _step(step, mine, wanted, members, sure - others), found, correction)


def _ways(root: str, item: str) -> Iterator[Place]:
    """The item and everything that it is in."""
    steps = item.split(MEMBER)
    yield from ((root, MEMBER.join(steps[:count])) for count in range(1, len(steps) + 1))


def _types(items: Path, wanted: Collection[Place]) -> dict[Place, str]:
    """What kind of file each of these is."""
    found = {}
    for table in iterate(items):
        for row in table.select(["root", "item", "media_type"]).to_pylist():
            if (row["root"], row["item"]) in wanted:
                found[row["root"], row["item"]] = row["media_type"]
    return found


def _to_correct(
    bare: Step, rows: Sequence[dict[str, Any]], found: Searched, correction: Correction
) -> list[dict[str, Any]]:
    """The findings that are the old value, in any written form."""
    try:
        texts = texts_at(bare, [(row["item"], row["location"]) for row in rows], found.reading)
    except SourceError:
        return []
    return [
        row for row in rows
        if (text := texts.get((row["item"], row["location"]))) and corrected(text, correction) is not None
    ]  # fmt: skip


def _placed(bare: Step, key: Key) -> Step:
    """The step bound to the file as it is now, or why it must be left alone."""
    file = Path(bare.address)
    if why := unsafe(file):
        return replace(bare, why=why)
    return replace(bare, digest=digest_of(file, key), stand=stand_of(file))


def _step(
    step: Step, rows: Sequence[Row], wanted: Mapping[int, bool], types: Mapping[str, str], alone: Collection[int]
) -> Step:
    """`alone`: values that go everywhere in the file."""
    if step.media_type in WHOLE_FILES and all(wanted[row["finding_id"]] for row in rows):
        return replace(step, action=DELETE)
    if step.media_type in WHOLE_FILES and re.search(r",[SW]=[0-9]", step.path):
        return replace(step, why="the name of the message tells its size, which would be wrong (maildir)")
    by_item: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_item[row["item"]].append(row)
    gone = {way for item in by_item if (way := _whole(item, by_item, wanted, types))}
    cuts: list[Planned] = []
    for item, mine in by_item.items():
        if any(item == one or item.startswith(one + MEMBER) for one in gone):
            continue
        if why := _by_hand(item, types):
            return replace(step, why=why)
        whole = {_row(row) for row in mine if types[item] in TABLES and row["role"] in _SELF
                 and wanted[row["finding_id"]] and ";col=" in f";{row['location']}"}  # fmt: skip
        if any(dict(row["facts"] or ()).get("columns") and _row(row) not in whole for row in mine):
            return replace(step, why="a value is spread over several cells of somebody else's row")
        cuts += [Planned(item, row["location"], _row(row) in whole, row["value_id"] in alone) for row in mine]
    touched = {*(cut.locator for cut in cuts), *(one.rpartition(MEMBER)[0] for one in gone)}
    kinds = {way: types[way] for item in touched for _, way in _ways("", item)}
    return replace(
        step, action=CHANGE, cuts=tuple(cuts), members=tuple(sorted(gone)), types=tuple(sorted(kinds.items()))
    )


def _whole(item: str, rows: Mapping[str, Sequence[Row]], wanted: Mapping[int, bool], types: Mapping[str, str]) -> str:
    """The outermost message around (or at) this item that goes as a whole; "" when none does."""
    for _, way in list(_ways("", item))[1:]:
        below = [row for one, mine in rows.items() if one == way or one.startswith(way + MEMBER) for row in mine]
        outer = way.rpartition(MEMBER)[0]
        if types.get(way) in WHOLE_FILES and types.get(outer) in CONTAINERS and not _by_hand(outer, types):
            return way if all(wanted[row["finding_id"]] for row in below) else ""
    return ""


def _by_hand(item: str, types: Mapping[str, str]) -> str:
    """Why something in this item must be done by a person; "" when whosedata can do it."""
    kinds = [types.get(way, "") for _, way in _ways("", item)]
    for kind in kinds:
        for known, why in _BY_HAND.items():
            if kind.startswith(known):
                return why
    if kinds[-1] not in ACTIONS:
        return "whosedata cannot change this kind of file"
    return "" if all(kind in CONTAINERS for kind in kinds[:-1]) else "it is inside another file"


def _rehearsed(step: Step, found: Searched, correction: Correction | None) -> Step:
    """The step as it is when its new content can be made, else by hand, with what was in the way."""
    if step.action != CHANGE:
        return step
    try:
        with tempfile.TemporaryFile() as target:
            write_new(step, target, found.reading, correction)
    except (CannotErase, SourceError) as error:
        return replace(step, action=MANUAL, why=str(error))
    return step


def _tells(row: Row) -> bool:
    """Whether a value is one person's alone: a name or a birth date is not, and comes back with anybody."""
    return row["entity_type"] in {"EMAIL_ADDRESS", "PHONE_NUMBER"} or row["category"] in {"government_id", "financial"}


def _row(row: Row) -> str:
    """The row of the table, without the column and the characters."""
    return str(row["location"]).partition(";col=")[0]


def digest_of(file: Path, key: Key) -> str:
    """The keyed hash of a file's content, as the report has it."""
    digest = content_digest(key)
    with file.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def write_plan(plan: ErasurePlan) -> str:
    """As JSON, for a person to read and for apply."""
    return json.dumps(asdict(plan), indent=1, ensure_ascii=False)


def read_plan(path: Path, key: Key) -> ErasurePlan:
    """A plan as it was made.

    Raises:
        PlanError: it cannot be read, was edited, or is of another home.
    """
    try:
        text = path.read_text("utf-8")
        table = json.loads(text)
        steps = tuple(_step_of(step) for step in table["steps"])
        plan = ErasurePlan(
            table["case_id"],
            table["made"],
            table["sheet"],
            steps,
            tuple(Kept(**one) for one in table["kept"]),
            Correction(**table["correction"]) if table["correction"] else None,
            table["proof"],
            table["seal"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PlanError(f"{path} is not a plan made by `whosedata erase plan`.") from error
    # Also what stands beside the known fields is an edit.
    if not hmac.compare_digest(plan.seal, _seal(plan, key)) or write_plan(plan) != text:
        raise PlanError(f"{path} was edited, or made in another home. Change the sheet and make the plan anew.")
    return plan


def _step_of(table: Mapping[str, Any]) -> Step:
    return Step(**{
        **table,
        "cuts": tuple(Planned(**one) for one in table["cuts"]),
        "types": tuple((item, kind) for item, kind in table["types"]),
        "members": tuple(table["members"]),
        "values": tuple(table["values"]),
        "recipients": tuple(table["recipients"]),
        "stand": Stand(**table["stand"]),
    })  # fmt: skip


def _seal(plan: ErasurePlan, key: Key) -> str:
    body = {name: value for name, value in asdict(plan).items() if name != "seal"}
    text = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return hmac.digest(key.derive("erasure plan"), text.encode(), "sha256").hex()


def counted(steps: Iterable[Step]) -> dict[str, int]:
    """How many files there are for each action."""
    actions = [step.action for step in steps]
    return {action: actions.count(action) for action in (DELETE, CHANGE, MANUAL)}
