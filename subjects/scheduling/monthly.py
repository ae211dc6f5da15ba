"""A schedule and a day go in; the dated scan and audit of that day are made beside those of the months before."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from reports.page.sheet import write_page
from reports.parquet import ReportError, open_report
from scanner.plan import PlanError
from subjects.exits import COMPLETE, INCOMPLETE, MATCHED
from subjects.scheduling.schedule import Schedule

REPORT, PAGE, TABLE, LISTS = "report.parquet", "audit.html", "audit.parquet", "worklists"
_COMPARED = 3  # earlier reports: what comes back after a month away is told from what is new
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_ANSWERS = frozenset({COMPLETE, MATCHED, INCOMPLETE})  # of a scan that wrote its report

Run = Callable[[Sequence[str]], int]


def make_audit(schedule: Schedule, day: date, run: Run) -> tuple[Path, int]:
    """Scan what changed since the last report, audit it beside that one, and renew the page of the same name.

    `run` runs one of our commands and gives its exit code. Returns the page of this audit and the exit code; a code of
    a scan that wrote no report comes back at once, and the history is as it was.
    """
    folder = schedule.into / day.isoformat()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    report, page = folder / REPORT, folder / PAGE
    before = earlier(schedule.into, day)
    since = report if _complete(report) else before[-1] if before else None
    scanned = run(_scan_words(schedule, report, since))
    if scanned not in _ANSWERS:
        return page, scanned
    words = [
        "audit",
        str(report),
        "--html",
        str(page),
        "--out",
        str(folder / TABLE),
        "--worklists",
        str(folder / LISTS),
    ]
    words += ["--home", str(schedule.home), "--on", day.isoformat(), "--quiet"]
    words += [word for one in before[-_COMPARED:] for word in ("--previous", str(one))]
    words += _named(schedule, {"--config": "--policy", "--ropa": "--ropa"})
    audited = run(words)
    if audited in _ANSWERS:
        write_page(schedule.into / PAGE, page.read_text(encoding="utf-8"))
    return page, max(scanned, audited) if audited in _ANSWERS else audited


def earlier(into: Path, day: date) -> list[Path]:
    """The complete reports of the days before, the oldest first."""
    days = (one.name for one in into.iterdir() if one.is_dir() and _DAY.fullmatch(one.name))
    reports = (into / name / REPORT for name in sorted(days) if name < day.isoformat())
    return [report for report in reports if _complete(report)]


def _complete(report: Path) -> bool:
    try:
        open_report(report)
    except ReportError:
        return False
    return True


def _scan_words(schedule: Schedule, report: Path, since: Path | None) -> list[str]:
    words = ["scan", "--out", str(report), "--home", str(schedule.home), "--quiet", "--no-progress"]
    words += ["--since", str(since)] if since else []
    words += _named(schedule, {name: name for name in ("--config", "--passwords", "--credentials")})
    return [*words, "--", *schedule.paths]


def _named(schedule: Schedule, options: dict[str, str]) -> list[str]:
    return [word for option, path in schedule.files if option in options for word in (options[option], str(path))]


def require_writable(into: Path) -> None:
    """Say at once, not next month at night, that the history cannot be written.

    Raises:
        PlanError: it is a file, or cannot be made.
    """
    try:
        into.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise PlanError(f"--into {into} cannot be made: {error.strerror or type(error).__name__}.") from error
