"""A home, reports and two periods go in; what is older, and whether a request still needs it, comes out.

A request that is open or on hold keeps the reports from which it is answered: of each set of places the last one made
before it came, and all later ones; and what an erasure put into quarantine for it.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from reports.parquet import ReportError, read_metadata, report_paths
from scanner.home import HISTORY_FOLDER, INDEX_FOLDER, QUARANTINE_FOLDER, WORK_FOLDER
from subjects.cases.case import Case
from subjects.cases.clock import Right
from subjects.cases.events import Kind

_CHANGING = frozenset((Right.ERASURE, Right.RECTIFICATION))
_DONE = frozenset((Kind.ERASED, Kind.CHANGED))


@dataclass(frozen=True, slots=True)
class Old:
    """Something past its time: what it is and where, its files in the order in which they go, who needs it."""

    what: str
    place: Path
    made: date
    files: tuple[Path, ...]
    needed_by: str = ""


@dataclass(frozen=True, slots=True)
class _Made:
    """A report, where it is, of which places, and when it was finished."""

    what: str
    findings: Path
    places: str
    made: date
    run: str


def old_things(
    home: Path, reports: Sequence[Path], cases: Sequence[Case], today: date, *, days: int, quarantine_days: int
) -> list[Old]:
    """Everything past its time, what a request needs included.

    Raises:
        ReportError: a file that was named is no report of ours.
    """
    waiting = [case for case in cases if case.is_open or case.held]
    before = today - timedelta(days=days)
    made = [*(_made("report", file) for file in reports), *_history(home)]
    needed = _needed(made, waiting)
    old = [
        Old(one.what, one.findings, one.made, _files_of(home, one), needed.get(one.findings, ""))
        for one in made if one.made < before
    ]  # fmt: skip
    old += _folders(home / WORK_FOLDER, "stopped scan", before)
    return old + list(_quarantine(home, cases, waiting, today - timedelta(days=quarantine_days)))


def remove(old: Old) -> None:
    """Take it away. What is killed in between is found again by the next call: the file that tells of it goes last."""
    for file in old.files:
        if file.is_dir() and not file.is_symlink():
            shutil.rmtree(file)
        else:
            file.unlink(missing_ok=True)


def _made(what: str, findings: Path) -> _Made:
    told = read_metadata(findings)
    try:
        day = date.fromisoformat(told.get("finished_at", "")[:10])
    except ValueError:
        raise ReportError(
            f"{findings} does not say when it was made, so nobody knows whether its time is over: nothing was removed. "
            "Name the other reports without it, and delete it by hand if it is old."
        ) from None
    return _Made(what, findings, told.get("places", ""), day, told.get("run_id", ""))


def _history(home: Path) -> Iterator[_Made]:
    for folder in sorted((home / HISTORY_FOLDER).glob("*")):
        if (folder / "report.parquet").exists():
            yield _made("earlier report", folder / "report.parquet")


def _files_of(home: Path, one: _Made) -> tuple[Path, ...]:
    paths = report_paths(one.findings)
    index = home / INDEX_FOLDER / one.run
    files = [path for path in paths.companions if path.exists()]
    files = [*([index] if one.run and index.exists() else []), *files, paths.findings]
    return (*files, one.findings.parent) if one.findings.parent.parent == home / HISTORY_FOLDER else tuple(files)


def _needed(made: Sequence[_Made], waiting: Sequence[Case]) -> dict[Path, str]:
    """Reports from which a request is answered, with its number."""
    needed: dict[Path, str] = {}
    for case in waiting:
        came = case.events[0].day
        for places in {one.places for one in made}:
            mine = sorted((one for one in made if one.places == places), key=lambda one: one.made)
            earlier = [one for one in mine if one.made <= came]
            for one in (*earlier[-1:], *(one for one in mine if one.made > came)):
                needed.setdefault(one.findings, case.case_id)
    return needed


def _quarantine(home: Path, cases: Sequence[Case], waiting: Sequence[Case], before: date) -> Iterator[Old]:
    """Copies of one plan together; of a plan that no request tells of, any open erasure may be the owner."""
    owners = {
        event.said["plan"][:32]: case
        for case in cases for event in case.events
        if event.kind in _DONE and event.said.get("plan")
    }  # fmt: skip
    unknown = next((case.case_id for case in waiting if case.right in _CHANGING), "")
    for folder in sorted((home / QUARANTINE_FOLDER).glob("*")):
        copies = sorted(file for suffix in ("sealed", "json") for file in folder.glob(f"*.{suffix}"))
        if not copies:
            continue
        made = max(map(_changed, copies))
        case = owners.get(folder.name)
        needed = unknown if case is None else case.case_id if case in waiting else ""
        if made < before:
            yield Old("copies in quarantine", folder, made, tuple(copies), needed)


def _folders(parent: Path, what: str, before: date) -> list[Old]:
    found = [(folder, max(map(_changed, (folder, *folder.rglob("*"))))) for folder in sorted(parent.glob("*"))]
    return [Old(what, folder, made, (folder,)) for folder, made in found if made < before]


def _changed(file: Path) -> date:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC).date()
