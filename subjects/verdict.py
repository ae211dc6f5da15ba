"""Findings of a report and a decision go in, verdicts in the home folder and lines that say so come out."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from reports.ids import format_id
from reports.lookup import look_up, typed_range
from reports.parquet import ReportError, open_report, read_metadata
from reports.safe import printable
from scanner.home import KEY_FILE, HomeError, load_key
from scanner.plan import PlanError
from scanner.verdicts import LEAVING_OUT, UNDONE, Verdict, add_verdicts, load_verdicts, now


def give(report: Path, typed: Sequence[str], verdict: str, why: str, home: Path) -> Iterator[str]:
    """Store a verdict on each of these findings, all or none.

    Raises:
        PlanError, HomeError, ReportError: nothing was stored; the message says what to do.
    """
    if not typed:
        raise PlanError("Name at least one finding; `whosedata show` prints their ids.")
    if not why.strip():
        raise PlanError("Say why, for whoever reads this later: --why TEXT. Do not repeat the value in it.")
    findings = open_report(report).findings
    # A home made by mistake would have a new key, under which no finding has its id.
    if not (home / KEY_FILE).exists() or read_metadata(findings).get("key_id") != load_key(home).key_id:
        raise HomeError(
            f"{report} was not made with the key in {home}. Name the home folder of that scan with --home DIR."
        )
    rows = look_up(findings, typed)
    date = now()
    add_verdicts(home, (Verdict(row["finding_id"], row["entity_type"], verdict, date, why.strip()) for row in rows))
    for row in rows:
        yield printable(f"{format_id(row['finding_id'])}  {verdict}  {row['entity_type']}  {row['preview']}")
    yield "Later scans leave out what is listed here." if verdict in LEAVING_OUT else "Later scans still report them."


def take_back(typed: str, home: Path) -> Iterator[str]:
    """Undo the verdict on one finding; the list keeps both lines.

    Raises:
        HomeError, ReportError: no verdict, or several, begin with these letters.
    """
    low, high = typed_range(typed)
    found = [verdict for key, verdict in load_verdicts(home).items() if low <= key <= high]
    if not found:
        raise ReportError(f"No verdict in {home} begins with {printable(typed)}. List them: whosedata verdict --list")
    if len(found) > 1:
        raise ReportError(f"{len(found)} verdicts begin with {printable(typed)}. Type more letters.")
    [verdict] = found
    add_verdicts(home, [Verdict(verdict.finding_id, verdict.entity_type, UNDONE, now(), "")])
    yield f"{format_id(verdict.finding_id)}  {verdict.verdict} taken back. Later scans report it again."


def listed(home: Path) -> Iterator[str]:
    """The verdicts that hold, in the order in which they were given."""
    verdicts = load_verdicts(home)
    if not verdicts:
        yield printable(f"There are no verdicts in {home}.")
    for verdict in verdicts.values():
        words = (format_id(verdict.finding_id), f"{verdict.verdict:<12}", verdict.date[:10], verdict.entity_type)
        yield printable("  ".join((*words, verdict.why)))
