"""Reports go in, report.subjects.parquet and report.links.parquet come out: who is there, which finding is whose."""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from reports.ids import format_id
from reports.lookup import typed_range
from reports.parquet import PrivateFile, ReportError, ReportPaths, TableWriter, open_report, read_metadata, report_paths
from reports.safe import printable
from reports.schema import arrow_schema, link_columns, subject_columns
from scanner.home import KEY_FILE, HomeError, load_key
from scanner.keys import KINDS, Keyring
from subjects.linking.attaching import attach, telling
from subjects.linking.decisions import NOT_SAME, load_decisions
from subjects.linking.frequencies import load_frequencies
from subjects.linking.identity import subject_ids
from subjects.linking.keysets import Ints
from subjects.linking.link_tables import Outcome, link_tables, subject_table, verdicts
from subjects.linking.linking import Linkage, link_records
from subjects.linking.person_records import Records, read_records


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two subjects (ids) that may be one person: how likely, what agrees, and why they were not joined, in words."""

    first: int
    second: int
    score: float
    agree: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class LinkCounts:
    """What a link run told apart: people, records that are theirs, names that fit nobody or several, doubts.

    `doubts`: pairs of people who may be one; of a record that is nobody's by itself there is nothing to decide.
    """

    people: int
    records: int
    unresolved: int
    skipped: int
    doubts: tuple[Doubt, ...] = ()

    @property
    def words(self) -> str:
        """One line on it."""
        said = f"{self.people:,} told apart by {self.records:,} records" if self.people else "nobody told apart"
        if self.unresolved:
            said += f"; {self.unresolved:,} mentions of a name fit nobody or several"
        return said + (f"; {len(self.doubts):,} pairs to look at" if self.doubts else "")


def linked_file(report: Path, file: Path) -> Path:
    """A file that linking wrote beside a report, checked to be of this scan.

    Raises:
        ReportError: it is not there, or was left by another scan.
    """
    again = f"Make it anew: whosedata link {report}"
    if not file.exists():
        raise ReportError(f"{file} does not exist. {again}")
    if read_metadata(file).get("run_id") != read_metadata(report).get("run_id"):
        raise ReportError(f"{file} belongs to another scan than {report}. {again}")
    return file


def links_of(report: Path, typed: str) -> pa.Table:
    """The links of the one person whose subject id begins with what was typed.

    Raises:
        ReportError: the report has not been linked, or none or several begin so.
    """
    file = linked_file(report, report_paths(report).links)
    low, high = typed_range(typed, "person", "people")
    ids = pc.field("subject_id")
    mine = pq.read_table(file, filters=(ids >= low) & (ids <= high))
    subjects = pc.unique(mine["subject_id"]).to_pylist()
    if len(subjects) != 1:
        found = ", ".join(map(format_id, subjects[:5])) or "none"
        raise ReportError(
            f"{len(subjects)} people have an id that begins with {printable(typed)} ({found}). Type more letters."
        )
    return mine


def require_home(reports: Sequence[Path], home: Path) -> Keyring:
    """The keyring of the home that made these reports.

    Raises:
        HomeError: another home's key made them: every answer would be empty.
    """
    if not (home / KEY_FILE).exists():
        raise HomeError(f"{home} holds no key. Name the home folder of the scan with --home DIR.")
    key = load_key(home)
    for report in reports:
        if read_metadata(report).get("key_id") != key.key_id:
            raise HomeError(
                f"{report} was not made with the key in {home}. Name the home folder of that scan with --home DIR."
            )
    plans = (json.loads(read_metadata(report).get("plan", "{}")) for report in reports)
    own = {one["name"] for plan in plans for one in plan.get("detectors", {}).get("identifiers", ())}
    return Keyring(key, own)


def link(reports: Sequence[Path], home: Path, out: Path | None = None) -> LinkCounts:
    """Tell the people of reports apart; `out` names the pair of files (default: beside the first report).

    Raises:
        ReportError: not a report, or reports of different homes.
        HomeError: the wrong home, or one that cannot be used.
    """
    keyring = require_home(reports, home)
    paths = [open_report(report) for report in reports]
    records = read_records(paths)
    must, cannot = _decided(records, home)
    linkage = link_records(records, load_frequencies(keyring), must, cannot)
    known = telling(records, linkage)
    attached = attach(records, linkage, known)
    people = np.unique(linkage.person[known])
    ids = subject_ids(records, linkage, people, keyring, home)
    _write(report_paths(out or reports[0]), paths, Outcome(records, linkage, known, attached, people, ids))
    mentions = sum(len(one.records) for one in attached)
    named = np.logical_or.reduce([records.of_kind(kind).sizes > 0 for kind in KINDS if kind.startswith("name_")])
    unresolved = int((named & ~known).sum()) - mentions
    doubts = _doubts(linkage, people, ids)
    return LinkCounts(len(ids), int(known.sum()) + mentions, unresolved, linkage.skipped, doubts)


def _doubts(linkage: Linkage, people: Ints, ids: Ints) -> tuple[Doubt, ...]:
    """The pairs to look at as pairs of subjects, each pair once, the likeliest first."""
    subject = dict(zip(people.tolist(), ids.tolist(), strict=True))
    found: dict[frozenset[int], Doubt] = {}
    for one in sorted(linkage.review, key=lambda one: -one.score):
        first, second = (subject.get(int(linkage.person[record])) for record in (one.left, one.right))
        if first is not None and second is not None and first != second:
            found.setdefault(frozenset({first, second}), Doubt(first, second, one.score, one.agree, one.reason))
    return tuple(found.values())


def _decided(records: Records, home: Path) -> tuple[list[tuple[int, int]], dict[int, list[int]]]:
    """People's decisions as pairs of records; those about findings that are not in these reports rest."""
    decisions = load_decisions(home)
    wanted = np.array(sorted({one for decision in decisions for one in (decision.first, decision.second)}), np.int64)
    rows = np.flatnonzero(np.isin(records.finding_id, wanted))
    record = dict(zip(records.finding_id[rows].tolist(), records.finding_record[rows].tolist(), strict=True))
    must: list[tuple[int, int]] = []
    cannot: dict[int, list[int]] = {}
    for decision in decisions:
        if decision.first in record and decision.second in record:
            first, second = record[decision.first], record[decision.second]
            if decision.decision == NOT_SAME:
                cannot.setdefault(first, []).append(second)
                cannot.setdefault(second, []).append(first)
            else:
                must.append((first, second))
    return must, cannot


def _write(target: ReportPaths, paths: Sequence[ReportPaths], outcome: Outcome) -> None:
    said = verdicts(outcome)
    tables = ([subject_table(paths, outcome, said)], link_tables(outcome, said))
    metadata = {name: text for name, text in read_metadata(paths[0].findings).items() if name != "schema_version"}
    with ExitStack() as stack:
        files = [stack.enter_context(PrivateFile(path)) for path in (target.subjects, target.links)]
        for file, parts, columns in zip(files, tables, (subject_columns(), link_columns()), strict=True):
            writer = TableWriter(file.file, arrow_schema(columns, metadata))
            for part in parts:
                writer.write(part)
            writer.close()
        for file in files:
            file.commit()
