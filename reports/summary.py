"""The files of a report go in, counts come out, and the short table that ends a scan."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from reports.parquet import ReportPaths, iterate, read_metadata
from reports.safe import printable

PLACES = 5
GONE = "gone"  # no item of this scan: it was in the report that --since named
# These two say that the user or the file system left the item out: they do not make a scan incomplete.
HARMLESS = frozenset({"excluded", "special"})
MEANING = {
    "excluded": "left out by a rule",
    "special": "no regular file (link, pipe, device)",
    "unsupported": "a kind of file that is not read yet",
    "encrypted": "needs a password",
    "needs_ocr": "a picture of text",
    "too_large": "over --max-file-size",
    "limit": "unpacks to too much (a limit)",
    "damaged": "broken or cut off",
    "permission": "no permission to read it",
    "io_error": "could not be read from the disk",
    "changed": "changed while it was read",
    "detector_timeout": "a detector ran out of time",
    "timed_out": "took too long",
    "out_of_memory": "needs too much memory",
    "crashed": "the reader crashed",
    "poison": "the reader crashed each time (three)",
    "failed": "the reader failed (a defect of ours: please report it)",
}


@dataclass(frozen=True, slots=True)
class Counts:
    """What a report holds. Copies of files and quoted replies have rows in the report but are not counted here."""

    statuses: dict[str, int]
    reasons: dict[tuple[str, str], int]  # (status, reason)
    types: dict[str, int]
    places: dict[str, int]
    tests: int
    own: int
    copies: int
    duplicates: int
    left_out: int
    since: dict[str, Any] = field(default_factory=dict)  # what changed, where the scan went by an earlier report
    sandbox: str = ""  # what kept the readers of strange files in, "full" or what of it was missing

    @property
    def findings(self) -> int:
        """All that counts."""
        return sum(self.types.values())

    @property
    def complete(self) -> bool:
        """Everything that should be examined was, wholly."""
        return all(status == "examined" or reason in HARMLESS for status, reason in self.reasons)


def count(paths: ReportPaths) -> Counts:
    """Count a report piece by piece: a report of ten million findings needs little memory."""
    statuses: Counter[str] = Counter()
    reasons: Counter[tuple[str, str]] = Counter()
    duplicates: set[tuple[str, str]] = set()
    for table in iterate(paths.items):
        _tally(statuses, table, "status")
        for row in table.group_by(["status", "reason"]).aggregate([([], "count_all")]).to_pylist():
            if row["reason"]:
                reasons[row["status"], row["reason"]] += row["count_all"]
        same = table.filter(pc.is_valid(table["duplicate_of"]))
        duplicates.update(zip(same["root"].to_pylist(), same["item"].to_pylist(), strict=True))
    types: Counter[str] = Counter()
    places: Counter[str] = Counter()
    tests = own = copies = 0
    for table in iterate(paths.findings):
        counted = table.filter(pc.invert(pc.or_(table["quoted"], _in_copy(table, duplicates))))
        copies += table.num_rows - counted.num_rows
        tests += pc.sum(counted["is_test"]).as_py() or 0
        own += sum(len(chunk) - pc.map_lookup(chunk, "own", "first").null_count for chunk in counted["facts"].chunks)
        _tally(types, counted, "entity_type")
        for row in counted.group_by(["root", "item"]).aggregate([([], "count_all")]).to_pylist():
            places[f"{row['root']}/{row['item'].partition('!/')[0]}"] += row["count_all"]
    metadata = read_metadata(paths.findings)
    return Counts(
        dict(statuses), dict(reasons.most_common()), dict(types.most_common()), dict(places.most_common(PLACES)),
        tests, own, copies, len(duplicates), int(metadata.get("left_out", 0)),
        json.loads(metadata.get("since", "{}")), metadata.get("sandbox", ""),
    )  # fmt: skip


def _tally(counter: Counter[str], table: pa.Table, column: str) -> None:
    for row in table.group_by([column]).aggregate([([], "count_all")]).to_pylist():
        counter[row[column]] += row["count_all"]


def _in_copy(table: pa.Table, duplicates: set[tuple[str, str]]) -> pa.Array:
    pairs = zip(table["root"].to_pylist(), table["item"].to_pylist(), strict=True)
    return pa.array([pair in duplicates for pair in pairs], pa.bool_())


def summary(counts: Counts, report: Path, next_steps: Sequence[str], people: str = "") -> Iterator[str]:
    """The lines that end a scan: what was examined, what was found, where most, and what to type next."""
    yield from _items(counts)
    if counts.since:
        yield from _changes(counts.since, counts.statuses.get(GONE, 0))
    yield f"Findings   {counts.findings:,}"
    for number, remark in (
        (counts.tests, "of them published test values or numbers reserved for drama"),
        (counts.own, "of them the organisation's own"),
        (counts.copies, "more in copies of files and quoted replies, not counted"),
        (counts.left_out, "left out by your verdicts"),
    ):
        if number:
            yield f"             {number:>7,}  {remark}"
    for kind, number in counts.types.items():
        yield f"  {number:>9,}  {kind}"
    if counts.places:
        yield "Most findings in"
        for place, number in counts.places.items():
            yield f"  {number:>9,}  {printable(place)}"
    if people and counts.findings:
        yield f"People     {people}"
    if counts.sandbox.startswith("degraded"):
        yield f"Sandbox    {printable(counts.sandbox)}"
    yield f"Report     {printable(str(report))}"
    yield from (f"{name:<11}{step}" for name, step in zip(("Next", *[""] * len(next_steps)), next_steps, strict=False))


def _items(counts: Counts) -> Iterator[str]:
    yield f"Items      {sum(counts.statuses.values()) - counts.statuses.get(GONE, 0):,} met"
    for status, name in (("examined", "examined"), ("partial", "partial"), ("not_examined", "not examined")):
        yield f"  {counts.statuses.get(status, 0):>9,}  {name}"
        for (of, reason), number in counts.reasons.items():
            if of == status:
                yield f"             {number:>7,}  {reason}: {MEANING.get(reason, reason)}"


def _changes(since: dict[str, Any], gone: int) -> Iterator[str]:
    """What changed since the report that the scan went by."""
    when = str(since["finished_at"])[:19].replace("T", " ")
    yield f"Since      {when}"
    for number, words in (
        (since["unchanged"], "unchanged"), (since["changed"], "changed"), (since["new"], "new"), (gone, "gone"),
    ):  # fmt: skip
        yield f"  {number:>9,}  {words}"
        if words == "unchanged" and since["again"]:
            why = since["why"] or "not wholly read then, verdicts, passwords or a birthday"
            yield f"             {since['again']:>7,}  read again all the same: {why}"
        if words == "new" and since["moved"]:
            yield f"             {since['moved']:>7,}  known from another folder: not read again"
    for root in since["roots"]:
        yield f"             {printable(root)} was not scanned this time"
