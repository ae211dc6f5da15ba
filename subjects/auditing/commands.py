"""The command audit: a report and what is known beside it go in, a summary, a table and an exit code come out."""

from datetime import date
from pathlib import Path

import click

from reports.audit.audit import Audited, Question, audit
from reports.audit.policy import Policy, PolicyError, make_policy
from reports.audit.reading import read_held
from reports.audit.result import Audit
from reports.audit.retention import Ends
from reports.audit.ropa import Activity, draft, read_ropa, retention_rules
from reports.audit.rows import write_rows
from reports.audit.told import told
from reports.audit.workbook import write_workbook
from reports.earlier import is_report
from reports.page.audit_page import audit_page
from reports.page.sheet import may_write, write_page
from reports.page.worklists import write_worklists
from reports.parquet import PrivateFile, ReportPaths, open_report, read_metadata
from reports.safe import printable
from scanner.home import default_home
from scanner.plan import PlanError
from subjects.auditing.home_tables import home_of, requests_of, reviewed_of
from subjects.auditing.relationships import read_ends
from subjects.cases.case import fold
from subjects.cases.commands import journal_of, today
from subjects.configuration import read_configured
from subjects.exits import INCOMPLETE, exits, say
from subjects.linking.link import require_home
from subjects.options import HOME, PATH

_EXAMPLES = """\b
Examples:
  whosedata audit report.parquet
  whosedata audit report.parquet --draft-ropa ropa.yaml
  whosedata audit report.parquet --html audit.html --worklists worklists
  whosedata audit report.parquet --ropa ropa.yaml --previous october.parquet --out audit.parquet
"""


@click.command("audit", epilog=_EXAMPLES)
@click.argument("report", type=PATH)
@click.option("--previous", multiple=True, type=PATH, metavar="OLD", help="An earlier report, to compare with. May be repeated.")  # fmt: skip  # noqa: E501
@click.option("--policy", type=PATH, metavar="FILE", help="Settings in TOML: sections [retention] and [audit].")
@click.option("--ropa", type=PATH, metavar="FILE", help="Your record of processing activities (ropa.yaml).")
@click.option("--draft-ropa", type=PATH, metavar="FILE", help="Write a first ropa.yaml from the report, and stop.")
@click.option("--html", "page", type=PATH, metavar="FILE", help="Write the page for the owner, to read and print.")
@click.option("--worklists", type=PATH, metavar="FOLDER", help="Write a list of work for each owner (HTML, CSV).")
@click.option("--xlsx", type=PATH, metavar="FILE", help="Write checks, worklists, changes and gaps as a workbook.")
@click.option("--out", type=PATH, metavar="FILE", help="Write every item of every check (.parquet).")
@click.option("--on", "day", metavar="DATE", help="Judge by this day.  [default: today]")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@HOME
@exits
def audit_command(
    *, report: Path, previous: tuple[Path, ...], policy: Path | None, ropa: Path | None, draft_ropa: Path | None,
    page: Path | None, worklists: Path | None, xlsx: Path | None, out: Path | None, day: str | None,
    quiet: bool, home: Path | None,
) -> None:  # fmt: skip
    """Say what is kept too long, twice, in a wrong place or without an owner: fifteen checks of a report.

    Nothing is scanned again and nothing is changed. Exit codes: 0 done, 3 something could not be read by the scan.
    """
    paths = open_report(report)
    if draft_ropa:
        _write_new(draft_ropa, draft(read_held(paths)))
        say([f"Written    {printable(str(draft_ropa))}", f"Next       fill it in, then: whosedata audit {printable(str(report))} --ropa {printable(str(draft_ropa))}"])  # fmt: skip  # noqa: E501
        return
    _may_write(out, page, xlsx)
    question = ask(paths, policy, ropa, _day(day), home or default_home())
    found = audit(paths, question, [open_report(one) for one in previous])
    if out:
        _write_rows(out, found, paths)
    _write_forms(found.audit, page, worklists, xlsx)
    if not quiet:
        say(told(found.audit))
    if found.audit.check("A15").count:
        raise SystemExit(INCOMPLETE)


def ask(paths: ReportPaths, policy: Path | None, ropa: Path | None, day: date, home: Path) -> Question:
    """What an audit goes by: the files that are named, and the home.

    Raises:
        PlanError, HomeError: a file or the home cannot be used; the message says what to do.
    """
    keyring = require_home([paths.findings], home)
    try:
        activities: tuple[Activity, ...] | None = read_ropa(ropa) if ropa else None
        config = read_configured(policy)
        made: Policy = make_policy(config, retention_rules(activities or ()))
    except PolicyError as error:
        raise PlanError(f"{error}.") from error
    ends = Ends.none()
    if policy and made.relationships:
        ends = read_ends(policy.parent / made.relationships, paths.keys, keyring)
    cases = list(fold(journal_of(home).events()).values())
    return Question(
        today=day,
        policy=made,
        activities=activities,
        home=home_of(home, paths, ends, cases, keyring),
        requests=requests_of(cases, day),
        reviewed=reviewed_of(home),
    )


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else today()
    except ValueError:
        raise PlanError(f"--on {text} is not a date. Write it like 2026-11-25.") from None


def _write_new(path: Path, text: str) -> None:
    """What a person filled in is never written over."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise PlanError(f"{path} is there already. Name another file: it may hold what you filled in.") from None


def _may_write(out: Path | None, page: Path | None, xlsx: Path | None) -> None:
    """Refuse before the work what cannot be written after it."""
    if out and out.suffix != ".parquet":
        raise PlanError(f"--out {out}: the table of an audit is a .parquet file.")
    if page:
        may_write(page)
    if xlsx and xlsx.exists() and not is_report(xlsx):
        raise PlanError(f"{xlsx} exists and was not written by whosedata. Choose another name.")


def _write_forms(found: Audit, page: Path | None, worklists: Path | None, xlsx: Path | None) -> None:
    """Those that were asked for."""
    if page:
        write_page(page, audit_page(found))
    if worklists:
        write_worklists(found, worklists)
    if xlsx:
        with PrivateFile(xlsx) as file:
            write_workbook(found, file.file)
            file.commit()


def _write_rows(out: Path, found: Audited, paths: ReportPaths) -> None:
    told_by = {name: read_metadata(paths.findings).get(name, "") for name in ("run_id", "key_id")}
    with PrivateFile(out) as file:
        write_rows(file, found.examined, found.audit.checks, told_by)
        file.commit()
