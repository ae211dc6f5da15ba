"""What was found and decided of a person goes in, a plan of what to do to which file comes out; nothing is changed.

A plan is bound to the content of each file, to its place on the disk, and to the home's key: whoever edits it, or
changes a file after it was made, gets a refusal.
"""

import hmac
import json
import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

from reports.parquet import iterate
from scanner.home import Key, content_digest
from scanner.locators import MEMBER
from scanner.plan import PlanError
from scanner.reopen import SourceError, find_item
from subjects.access.pack import Searched, findings_of
from subjects.access.review import Decided, Decision, Line
from subjects.erasure.actions import ACTIONS, WHOLE_FILES

Place: TypeAlias = tuple[str, str]
DELETE, CHANGE, MANUAL = "delete", "change", "manual"
_SELF = (None, "", "self")
# `include`: the row, the message; `redact`: the values alone.
_GOING = (Decision.INCLUDE, Decision.REDACT)
_TABLES = frozenset({"text/csv", "application/vnd.sqlite3"})


@dataclass(frozen=True, slots=True)
class Step:
    """What to do to one file. `why` says why by hand, where it is so.

    `cuts` are (location, whether its row goes); `members` are locators of messages that go. `digest` is the keyed hash
    of the content, `device` and `inode` its place on the disk. `values` are ids of what must not be found afterwards.
    """

    root: str
    path: str
    address: str
    action: str
    why: str = ""
    cuts: tuple[tuple[str, bool], ...] = ()
    members: tuple[str, ...] = ()
    findings: int = 0
    values: tuple[int, ...] = ()
    media_type: str = ""
    digest: str = ""
    device: int = 0
    inode: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """What is not erased, and why: the letter must say so (Article 17(3), 12(4))."""

    item: str
    code: str
    why: str


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """The steps of one case. `seal` binds it to the home's key."""

    case_id: str
    made: str
    sheet: str
    steps: tuple[Step, ...]
    kept: tuple[Kept, ...]
    seal: str = field(default="")


def make_plan(
    case_id: str, made: str, searched: Sequence[Searched], lines: Sequence[Line], decided: Decided
) -> ErasurePlan:
    """One step for each file in which something was decided to go.

    Raises:
        PlanError: nothing was decided to go, and nothing to be kept.
    """
    decision = {line.key: decided.decisions[line.key] for line in lines}
    # Finding id -> whether the row in which it stands goes, too.
    wanted = {
        hit.row["finding_id"]: what is Decision.INCLUDE
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
    steps = tuple(step for found in searched for step in _steps(found, places, wanted))
    if not steps and not kept:
        raise PlanError("Nothing was decided to be erased or kept. If nothing is held, say so and close the case.")
    plan = ErasurePlan(case_id, made, decided.digest, steps, kept)
    return replace(plan, seal=_seal(plan, key))


def _steps(found: Searched, places: set[Place], wanted: Mapping[int, bool]) -> Iterator[Step]:
    by_file: dict[Place, list[Mapping[str, Any]]] = defaultdict(list)
    for (root, item), rows in findings_of(found.paths.findings, places).items():
        by_file[root, item.partition(MEMBER)[0]] += [row for row in rows if row["finding_id"] in wanted]
    types = _types(found.paths.items, by_file)
    for (root, path), mine in by_file.items():
        try:
            there = find_item(found.roots, root, path, found.reading.terms)
        except SourceError as error:
            yield Step(root, path, "", MANUAL, str(error), findings=len(mine))
            continue
        bare = Step(
            root, path, os.fsdecode(there.address), MANUAL, findings=len(mine), media_type=types.get((root, path), ""),
            values=tuple(sorted({row["value_id"] for row in mine if _tells(row)})),
        )  # fmt: skip
        yield _step(bare, mine, wanted, found.reading.key)


def _types(items: Path, wanted: Collection[Place]) -> dict[Place, str]:
    """What kind of file each of these is."""
    found = {}
    for table in iterate(items):
        for row in table.select(["root", "item", "media_type"]).to_pylist():
            if (row["root"], row["item"]) in wanted:
                found[row["root"], row["item"]] = row["media_type"]
    return found


def _step(bare: Step, rows: Sequence[Mapping[str, Any]], wanted: Mapping[int, bool], key: Key) -> Step:
    file = Path(bare.address)
    if why := _unsafe(file):
        return replace(bare, why=why)
    status = file.stat()
    step = replace(bare, digest=digest_of(file, key), device=status.st_dev, inode=status.st_ino)
    inside = {row["item"] for row in rows if row["item"] != bare.path}
    whole_rows = all(wanted[row["finding_id"]] for row in rows)
    if bare.media_type in WHOLE_FILES and whole_rows:
        return replace(step, action=DELETE)
    if bare.media_type == "application/mbox" and whole_rows and all(row["item"] in inside for row in rows):
        members = {MEMBER.join(item.split(MEMBER)[:2]) for item in inside}
        return replace(step, action=CHANGE, members=tuple(sorted(members)))
    if bare.media_type not in ACTIONS or inside:
        return replace(step, why="it is inside another file" if inside else "whosedata cannot change this kind of file")
    tabular = bare.media_type in _TABLES
    whole = {_row(row) for row in rows if tabular and row["role"] in _SELF and wanted[row["finding_id"]]}
    if any(dict(row["facts"] or ()).get("columns") and _row(row) not in whole for row in rows):
        return replace(step, why="a value is spread over several cells of somebody else's row")
    return replace(step, action=CHANGE, cuts=tuple((row["location"], _row(row) in whole) for row in rows))


def _tells(row: Mapping[str, Any]) -> bool:
    """Whether a value is one person's alone: a name or a birth date is not, and comes back with anybody."""
    return row["entity_type"] in {"EMAIL_ADDRESS", "PHONE_NUMBER"} or row["category"] in {"government_id", "financial"}


def _row(row: Mapping[str, Any]) -> str:
    """The row of the table, without the column and the characters."""
    return str(row["location"]).partition(";col=")[0]


def _unsafe(file: Path) -> str:
    """Why a file must not be changed by a program; "" when it may."""
    if file.is_symlink() or not file.is_file():
        return "it is a link, or no regular file"
    links = file.stat().st_nlink
    if links > 1:
        return f"it has {links} names (hard links): changing one would leave or change the others"
    if any(file.with_name(file.name + end).exists() for end in ("-wal", "-journal")):
        return "a program has the database open, or left changes beside it"
    if not os.access(file, os.W_OK) or not os.access(file.parent, os.W_OK):
        return "you may not write there"
    return ""


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
        table = json.loads(path.read_text("utf-8"))
        steps = tuple(
            Step(**{**step, "cuts": tuple(map(tuple, step["cuts"])), "members": tuple(step["members"]),
                    "values": tuple(step["values"])})
            for step in table["steps"]
        )  # fmt: skip
        plan = ErasurePlan(
            table["case_id"],
            table["made"],
            table["sheet"],
            steps,
            tuple(Kept(**one) for one in table["kept"]),
            table["seal"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PlanError(f"{path} is not a plan made by `whosedata erase plan`.") from error
    if not hmac.compare_digest(plan.seal, _seal(plan, key)):
        raise PlanError(f"{path} was edited, or made in another home. Change the sheet and make the plan anew.")
    return plan


def _seal(plan: ErasurePlan, key: Key) -> str:
    body = {name: value for name, value in asdict(plan).items() if name != "seal"}
    text = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return hmac.digest(key.derive("erasure plan"), text.encode(), "sha256").hex()


def counted(steps: Iterable[Step]) -> dict[str, int]:
    """How many files there are for each action."""
    actions = [step.action for step in steps]
    return {action: actions.count(action) for action in (DELETE, CHANGE, MANUAL)}
