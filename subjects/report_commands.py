"""The commands that read a report or decide on its findings: show, explain, open, verdict."""

from itertools import chain
from pathlib import Path

import click

from reports.explain import explain
from reports.parquet import open_report
from reports.show import FORMS, select
from reports.show_items import FORMS as ITEM_FORMS
from reports.show_items import STATUSES, select_items
from scanner.home import default_home
from scanner.passwords import NO_PASSWORDS, read_passwords
from scanner.plan import PlanError
from scanner.verdicts import ACCEPTED, NOT_PERSONAL, TEST_DATA
from subjects.exits import exits, say
from subjects.finding.known_types import require_types
from subjects.options import HOME, PATH, ROOT
from subjects.reopening import Access, moved_roots, open_finding
from subjects.verdict import give, listed, take_back

_SHOW_EXAMPLES = """\b
Examples:
  whosedata show report.parquet --type UK_NINO --type UK_NHS
  whosedata show report.parquet --item 'hr/*' --format csv > hr.csv
  whosedata show report.parquet --items --status not_examined
"""


@click.command("show", epilog=_SHOW_EXAMPLES)
@click.argument("report", type=PATH)
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Only this entity type. May be repeated.")
@click.option(
    "--item", default="", metavar="PATH", help="Only this file, folder or archive; * and ? match any characters."
)
@click.option("--limit", type=int, default=0, metavar="N", help="At most so many.  [default: 0, all]")
@click.option(
    "--format", "form", type=click.Choice(list(FORMS)), default="table", show_default=True, help="How to print."
)
@click.option("--items", "list_items", is_flag=True, help="List items instead: what was not, or only partly, examined, and why.")  # fmt: skip  # noqa: E501
@click.option("--status", "statuses", multiple=True, type=click.Choice(STATUSES), metavar="STATUS", help="With --items: not_examined, partial, examined or gone. May be repeated.")  # fmt: skip  # noqa: E501
@exits
def show_command(
    *, report: Path, types: tuple[str, ...], item: str, limit: int, form: str, list_items: bool,
    statuses: tuple[str, ...],
) -> None:  # fmt: skip
    """Print the findings of a report, values masked; or its items."""
    if limit < 0:
        raise PlanError(f"--limit {limit}: give how many, or 0 for all.")
    if types if list_items else statuses:
        raise PlanError("--type is for findings, --status for --items: give one of the two.")
    paths = open_report(report)
    if list_items:
        rows, lines, nothing = select_items(paths.items, statuses, item, limit), ITEM_FORMS[form], "no item matches"
    else:
        wanted = tuple(kind.upper() for kind in types)
        require_types(paths.findings, wanted)
        rows, lines, nothing = select(paths.findings, wanted, item, limit), FORMS[form], "no finding matches"
    first = next(rows, None)
    if first is None:
        click.echo(f"whosedata: {nothing}.", err=True)
        return
    say(lines(chain([first], rows)))


@click.command(
    "explain",
    context_settings={"ignore_unknown_options": True},
    epilog="\b\nExample:\n  whosedata explain report.parquet 1f0c93aa52b7d608\n",
)
@click.argument("report", type=PATH)
@click.argument("finding_id")
@exits
def explain_command(report: Path, finding_id: str) -> None:
    """Say why a finding was made. The first letters of its id are enough."""
    for line in explain(open_report(report).findings, finding_id):
        click.echo(line)


_OPEN_EXAMPLES = """\b
Examples:
  whosedata open report.parquet 1f0c93aa
  whosedata open report.parquet 1f0c93aa --root share=/mnt/new/share
"""


@click.command("open", context_settings={"ignore_unknown_options": True}, epilog=_OPEN_EXAMPLES)
@click.argument("report", type=PATH)
@click.argument("finding_id")
@ROOT
@click.option("--passwords", type=PATH, metavar="FILE", help="The password file of the scan.")
@click.option("--credentials", type=PATH, metavar="FILE", help="The credentials file of the scan.")
@HOME
@exits
def open_command(
    *, report: Path, finding_id: str, roots: tuple[str, ...], passwords: Path | None, credentials: Path | None,
    home: Path | None,
) -> None:  # fmt: skip
    """Show a finding in its file, in clear, with what stands around it.

    The file is read again; nothing is stored. The first letters of an id are enough.
    """
    known = read_passwords(passwords) if passwords else NO_PASSWORDS
    access = Access(home or default_home(), known, moved_roots(roots), credentials)
    say(open_finding(report, finding_id, access))


_VERDICT_EXAMPLES = """\b
Examples:
  whosedata verdict report.parquet 1f0c93aa 77b1 --not-personal --why "an order number"
  whosedata verdict --list
  whosedata verdict --undo 1f0c93aa
"""


@click.command("verdict", context_settings={"ignore_unknown_options": True}, epilog=_VERDICT_EXAMPLES)
@click.argument("report", type=PATH, required=False)
@click.argument("finding_ids", nargs=-1)
@click.option("--not-personal", "verdict", flag_value=NOT_PERSONAL, help="It is no personal data: leave it out.")
@click.option("--test-data", "verdict", flag_value=TEST_DATA, help="It was made up for a test: leave it out.")
@click.option("--accepted", "verdict", flag_value=ACCEPTED, help="It is right, and known: go on reporting it.")
@click.option("--why", default="", metavar="TEXT", help="Your reason, kept as you type it: do not repeat the value.")
@click.option("--list", "show_list", is_flag=True, help="Print the verdicts that hold, and stop.")
@click.option("--undo", metavar="FINDING_ID", help="Take the verdict on a finding back, and stop.")
@HOME
@exits
def verdict_command(
    *, report: Path | None, finding_ids: tuple[str, ...], verdict: str | None, why: str, show_list: bool,
    undo: str | None, home: Path | None,
) -> None:  # fmt: skip
    """Say what a finding is, so that later scans with the same home know it.

    The first letters of an id are enough. A verdict is for one finding at one path; each copy of a file has its own.
    """
    place = home or default_home()
    if undo or show_list:
        say(take_back(undo, place) if undo else listed(place))
    elif report is None or verdict is None:
        raise PlanError("Give a report, ids of its findings, and one of --not-personal, --test-data and --accepted.")
    else:
        say(give(report, finding_ids, verdict, why, place))
