"""The commands about erasure: erase review, plan, apply, restore, forget, check."""

from pathlib import Path

import click

from reports.parquet import open_report
from reports.safe import printable
from scanner.home import default_home
from subjects.access.review import KEEPING, read_sheet
from subjects.access.searching import write_review
from subjects.cases.clock import Right
from subjects.cases.commands import today
from subjects.erasure.doing import found_of, put_plan
from subjects.erasure.plan import Basis, make_plan
from subjects.erasure.plan_commands import add_plan_commands
from subjects.erasure.tombstones import returned
from subjects.exits import MATCHED, exits, say, shown
from subjects.linking.link import require_home
from subjects.options import CASE, HOME, OUT, PATH, REPORTS, ROOT


@click.group("erase")
def erase_group() -> None:
    """Erase what is one person's, with a plan, a person's word, and a proof.

    Nothing is changed before `apply --confirm`. Every file is copied into an encrypted quarantine in the home first;
    `restore` brings all of it back, `forget` makes the erasure final.

    \b
    Example:
      whosedata erase review 2026-0002 report.parquet --out sheet.csv
      whosedata erase plan 2026-0002 report.parquet --decisions sheet.csv --out plan.json
      whosedata erase apply plan.json --confirm --out record.html
    """


@erase_group.command("review")
@CASE
@REPORTS
@OUT
@click.option("--accept-certain", is_flag=True, help="Fill in the proposals for all that is certain.")
@ROOT
@HOME
@exits
def review_command(
    *, case_id: str, reports: tuple[Path, ...], out: Path, accept_certain: bool, roots: tuple[str, ...],
    home: Path | None,
) -> None:  # fmt: skip
    """Write the sheet on which a person decides: include (it goes), exclude (not theirs), exempt (kept, with a code).

    \b
    Example:
      whosedata erase review 2026-0002 report.parquet --out sheet.csv --accept-certain
    """
    _, lines = found_of(case_id, reports, home or default_home(), roots, Right.ERASURE)
    then = f"whosedata erase plan {case_id} {shown(reports)} --decisions {shown([out])} --out PLAN"
    write_review(out, lines, accept_certain, then)
    say([f"Codes      {code:<13} {words}" for code, words in KEEPING.items()])


@erase_group.command("plan")
@CASE
@REPORTS
@click.option("--decisions", type=PATH, required=True, metavar="FILE", help="The sheet, with every line decided.")  # fmt: skip  # noqa: E501
@OUT
@ROOT
@HOME
@exits
def plan_command(
    *, case_id: str, reports: tuple[Path, ...], decisions: Path, out: Path, roots: tuple[str, ...], home: Path | None
) -> None:
    """Make a plan: what happens to which file. Nothing is changed.

    \b
    Example:
      whosedata erase plan 2026-0002 report.parquet --decisions sheet.csv --out plan.json
    """
    searched, lines = found_of(case_id, reports, home or default_home(), roots, Right.ERASURE)
    plan = make_plan(Basis(case_id, today().isoformat()), searched, lines, read_sheet(decisions, lines, KEEPING))
    put_plan(plan, out, "erase")


add_plan_commands(erase_group, Right.ERASURE, "record of erasure", "the erasure is final")


@erase_group.command("check")
@REPORTS
@HOME
@exits
def check_command(*, reports: tuple[Path, ...], home: Path | None) -> None:
    """Look for what was erased and is back, after a backup or an import. Exit code 1 when there is any.

    \b
    Example:
      whosedata erase check report.parquet
    """
    place = home or default_home()
    require_home(list(reports), place)
    count = 0
    for report in reports:
        for row, since, case_id in returned(open_report(report).findings, place):
            count += 1
            said = f"{row['entity_type']:<16} {row['preview']:<16} {row['root']}/{row['item']}  {row['location']}"
            say([printable(f"{said}  erased {since}, case {case_id}")])
    say([f"{count:,} findings of erased values."])
    if count:
        raise SystemExit(MATCHED)
