"""An earlier report in, what of a new scan need not be read again out: unchanged files keep the rows that they had.

A file is unchanged by size and time of its last change; where these do not settle it (the time is another one, lies
near or behind the earlier scan, or the place has moved), its bytes are compared by their keyed hash.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from reports.parquet import ReportPaths, open_report, read_metadata
from scanner.aging import aged
from scanner.basis import Basis, differences
from scanner.copies import content_of
from scanner.earlier_items import EarlierItems, Tree
from scanner.home import HomeError, Key
from scanner.journal import Journal
from scanner.model import Item, Reason, Skip
from scanner.plan import Plan
from scanner.verdicts import LEFT_OUT_WORDS

# Clocks of file servers go wrong by minutes, and some file systems count in steps of two seconds.
NEAR_SECONDS = 600
_SAME_MICROSECONDS = 2  # two ways of rounding
# Reading the same bytes again in the same way ends the same: only the others may end better.
_LASTING = frozenset({Reason.UNSUPPORTED, Reason.ENCRYPTED, Reason.TOO_LARGE, Reason.DAMAGED, Reason.EXCLUDED, Reason.SPECIAL})  # fmt: skip  # noqa: E501


@dataclass(frozen=True, slots=True)
class Earlier:
    """The files of the earlier report, as named by whoever asked for it, and what it says of its scan."""

    paths: ReportPaths
    metadata: Mapping[str, str]
    given: Path


@dataclass(slots=True)
class Changes:
    """How many items are what, compared with the earlier report; `moved` are new ones, `again` unchanged ones.

    `why` says why everything was read again, "" when it was not.
    """

    run_id: str
    finished_at: str
    why: str = ""
    unchanged: int = 0
    changed: int = 0
    new: int = 0
    moved: int = 0
    again: int = 0
    roots: list[str] = field(default_factory=list)  # of the earlier report, that this scan does not cover

    def printed(self) -> str:
        """As JSON, for the report's metadata."""
        return json.dumps({name: getattr(self, name) for name in self.__slots__})


def open_earlier(paths: ReportPaths, given: Path, key: Key) -> Earlier:
    """The earlier report; nothing of it is read yet.

    Raises:
        ReportError: it is none, or not whole. HomeError: another home's key made it.
    """
    require_home(given, paths.findings, key)
    return Earlier(paths, read_metadata(open_report(paths.findings).findings), given)


def require_home(given: Path, findings: Path, key: Key) -> None:
    """Raises HomeError when another home's key made the report with these findings."""
    if read_metadata(findings).get("key_id") != key.key_id:
        raise HomeError(
            f"--since {given} was made with the key of another home folder: its rows cannot be carried over. Name the "
            "home folder of that scan with --home DIR."
        )


def compare(earlier: Earlier, items: EarlierItems, journal: Journal, *, plan: Plan, key: Key, basis: Basis) -> Changes:
    """Read the earlier items, tell which items of the walk are what, and note in the journal whose content is known."""
    changes = Changes(earlier.metadata.get("run_id", ""), earlier.metadata.get("finished_at", ""))
    before = Basis.parse(earlier.metadata)
    changes.why = _why_all(earlier, plan, before, basis)
    items.read(earlier.paths.items, _Again(other_passwords=before.passwords != basis.passwords))
    if not changes.why and before.day != basis.day:
        items.read_again(aged(earlier.paths, key, before.day, basis.day))
    doubt = _Doubt(earlier, plan)
    for number, item in journal.walked():
        tree = items.meet(item.root, item.path)
        digest = None if changes.why else _content(tree, item, items, doubt, key)
        if digest:
            items.know(number, digest)
        known = bool(tree and digest) and tree is not None and tree.content_hash == digest
        if tree is None or tree.size is None:
            changes.new += 1
        elif known or ((changes.why or not tree.content_hash) and doubt.looks_same(tree, item)):
            changes.unchanged += 1
            changes.again += not known
        else:
            changes.changed += 1
    for _, met in journal.met():
        items.meet(met.root, met.path)
    journal.set_digests(items.known())
    changes.roots = sorted({root for root, _, _ in items.missing()} - _covered(plan))
    return changes


def carry(items: EarlierItems, journal: Journal, changes: Changes) -> None:
    """Take the trees whose rows are carried over; copies must have been found before, they follow their originals."""
    for number, item, digest in journal.known_originals():
        tree = items.source(item, digest)
        here = tree is not None and (tree.root, tree.path) == (item.root, item.path)
        if tree is not None:
            items.take(tree, number, moved=not here)
        if not here:
            at_its_place = items.at(item.root, item.path)
            unchanged = at_its_place is not None and at_its_place.content_hash == digest
            changes.again += unchanged and tree is None
            changes.moved += tree is not None and not unchanged
    journal.carry(items.taken())


def gone(items: EarlierItems, plan: Plan) -> Iterator[tuple[str, str, int]]:
    """(root, path, findings that it had) of files that are not there any more, and of members within files that are.

    What lies in a folder that could not be read, or that is left out now, is not gone.
    """
    covered = _covered(plan)
    for root, path, findings in items.missing():
        if root in covered and not any(items.has_met(root, folder) for folder in _folders(path)):
            yield root, path, findings
    yield from items.lost_members()


def _folders(path: str) -> Iterator[str]:
    yield "."
    steps = path.split("/")
    yield from ("/".join(steps[:count]) for count in range(1, len(steps)))


def _covered(plan: Plan) -> frozenset[str]:
    """Labels of places that are walked whole: of a single file nothing else can be said to be gone."""
    return frozenset(root.label for root in plan.roots if root.path != "-" and not Path(root.path).is_file())


def _why_all(earlier: Earlier, plan: Plan, before: Basis, now: Basis) -> str:
    if before.settings == now.settings and before.program == now.program:
        return ""
    if not before.settings:
        return "the earlier report does not say how it was made"
    if before.program != now.program:
        return "whosedata or a library that it reads files with is another version"
    told = ", ".join(differences(json.loads(earlier.metadata.get("plan", "{}")), json.loads(plan.printed())))
    return f"other settings ({told or 'your own rules, tables or [own]'})"


@dataclass(frozen=True, slots=True)
class _Again:
    """Tells by a row's reason and detail whether its tree must be read again."""

    other_passwords: bool

    def __call__(self, reason: str | None, detail: str) -> str | None:
        if reason and reason not in _LASTING:
            return "it could not be read wholly"
        if LEFT_OUT_WORDS in detail:
            return "verdicts left findings out"
        if self.other_passwords and (reason == Reason.ENCRYPTED or "password" in detail):
            return "there are other passwords to try"
        return None


class _Doubt:
    """Tells whether size and time settle that a file is unchanged."""

    def __init__(self, earlier: Earlier, plan: Plan) -> None:
        begun = earlier.metadata.get("begun_at")
        self._sure_before = datetime.fromisoformat(begun).timestamp() - NEAR_SECONDS if begun else 0.0
        places = [(label, place) for label, place in json.loads(earlier.metadata.get("places", "[]"))]
        now = {(root.label, root.place) for root in plan.roots}
        self._same_places = {label for label, place in places if (label, place) in now}

    def looks_same(self, tree: Tree, item: Item) -> bool:
        """Size and time are equal."""
        same_time = tree.modified is not None and abs(tree.modified - item.modified_ns // 1000) <= _SAME_MICROSECONDS
        return tree.size == item.size and same_time

    def is_same(self, tree: Tree, item: Item) -> bool:
        """They are, and nothing can have been written unnoticed."""
        settled = item.root in self._same_places and 0 < item.modified_ns / 1e9 < self._sure_before
        return settled and self.looks_same(tree, item)


def _content(tree: Tree | None, item: Item, items: EarlierItems, doubt: _Doubt, key: Key) -> str | None:
    """The content hash of an item if it is worth knowing: the bytes may be those of some earlier file."""
    if tree and tree.content_hash and doubt.is_same(tree, item):
        return tree.content_hash
    if not (items.has_like(item) or (tree and tree.size == item.size and tree.content_hash)):
        return None
    if item.source != "folder":  # to fetch it twice costs more than to scan it
        return None
    try:
        return content_of(item, key)
    except (Skip, OSError):
        return None  # the scan itself will meet the same trouble
