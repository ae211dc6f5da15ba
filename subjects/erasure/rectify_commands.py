"""The commands about rectification: rectify review, plan, apply, restore, forget."""

from pathlib import Path

import click

from scanner.home import default_home
from scanner.plan import PlanError
from subjects.access.review import KEEPING, Decided, Decision, Line, read_sheet
from subjects.access.searching import write_review
from subjects.cases.clock import Right
from subjects.cases.commands import today
from subjects.erasure.corrections import Correction
from subjects.erasure.doing import found_of, put_plan
from subjects.erasure.plan import Basis, make_plan
from subjects.erasure.plan_commands import add_plan_commands
from subjects.exits import exits, say, shown
from subjects.model import Tier
from subjects.options import CASE, HOME, OUT, PATH, REPORTS, ROOT


@click.group("rectify")
def rectify_group() -> None:
    """Set right what is wrong of one person, in every form in which it is written (Article 16).

    Plan, quarantine, proof and record are those of `whosedata erase`. The new value is written as the old one was:
    capitals, spacing, +44 or 0, the order of a name.

    \b
    Example:
      whosedata rectify plan 2026-0005 report.parquet --old "07700 900123" --new "07700 900456" --proof "her e-mail of 3 May" --out plan.json
      whosedata rectify apply plan.json --confirm --out record.html
    """  # noqa: E501


@rectify_group.command("review")
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
    """Write the sheet on which a person decides: include (it is theirs: set it right), exclude (it is not).

    \b
    Example:
      whosedata rectify review 2026-0005 report.parquet --out sheet.csv --accept-certain
    """
    _, lines = found_of(case_id, reports, home or default_home(), roots, Right.RECTIFICATION)
    words = '--old "…" --new "…"'
    then = f"whosedata rectify plan {case_id} {shown(reports)} {words} --decisions {shown([out])} --out PLAN"
    write_review(out, lines, accept_certain, then)


@rectify_group.command("plan")
@CASE
@REPORTS
@click.option("--old", required=True, metavar="TEXT", help="The wrong value; an address with commas between its lines.")
@click.option("--new", required=True, metavar="TEXT", help="The right value.")
@click.option("--proof", default="", metavar="TEXT", help="By what it is known to be right; kept with the case.")
@click.option("--decisions", type=PATH, metavar="FILE", help="The sheet, with every line decided. Without it only what is certain is set right.")  # fmt: skip  # noqa: E501
@OUT
@ROOT
@HOME
@exits
def plan_command(
    *, case_id: str, reports: tuple[Path, ...], old: str, new: str, proof: str, decisions: Path | None, out: Path,
    roots: tuple[str, ...], home: Path | None,
) -> None:  # fmt: skip
    """Make a plan: where the old value stands. Nothing is changed. The plan holds both values: keep it private.

    \b
    Example:
      whosedata rectify plan 2026-0005 report.parquet --old "12 Rose Lane, Leeds LS1 4AP" --new "7 Elm Road, York YO1 7HH" --out plan.json
    """  # noqa: E501
    if not old.strip() or not new.strip() or old.strip() == new.strip():
        raise PlanError("Give the old value and another new one. To take a value away, use whosedata erase.")
    searched, lines = found_of(case_id, reports, home or default_home(), roots, Right.RECTIFICATION)
    decided = read_sheet(decisions, lines, KEEPING) if decisions else _certain(lines)
    basis = Basis(case_id, today().isoformat(), Correction(old.strip(), new.strip()), proof)
    put_plan(make_plan(basis, searched, lines, decided), out, "rectify")
    unsure = [line for line in lines if line.hits[0].tier in {Tier.PROBABLE, Tier.POSSIBLE}]
    if unsure and not decisions:
        left = f"{len(unsure)} lines are not certain and were left out"
        say([f"Undecided  {left}: whosedata rectify review, then --decisions."])


add_plan_commands(rectify_group, Right.RECTIFICATION, "record of rectification", "the old values are gone")


def _certain(lines: list[Line]) -> Decided:
    """What is decided without a sheet: all that is certain is set right."""
    said: dict[str, tuple[Decision, str, str]] = {
        line.key: (Decision.INCLUDE, "", "certain") if line.sure else (Decision.EXCLUDE, "", "not certain")
        for line in lines
    }
    return Decided(said, "")
