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
from subjects.erasure.doing import bring_all_back, carry_out, found_of, make_final, put_plan
from subjects.erasure.plan import Basis, make_plan
from subjects.exits import exits, say, shown
from subjects.model import Tier

_CASE = click.argument("case_id", metavar="CASE")
_REPORTS = click.argument("reports", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="REPORT...")
_PLAN = click.argument("plan_file", metavar="PLAN", type=click.Path(path_type=Path))
_HOME = click.option("--home", type=click.Path(path_type=Path), metavar="DIR", help="Folder with this organisation's key.")  # fmt: skip  # noqa: E501
_OUT = click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help="File to write.")
_ROOT = click.option("--root", "roots", multiple=True, metavar="LABEL=PATH", help="Where a scanned place is now, if it moved.")  # fmt: skip  # noqa: E501


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
@_CASE
@_REPORTS
@_OUT
@click.option("--accept-certain", is_flag=True, help="Fill in the proposals for all that is certain.")
@_ROOT
@_HOME
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
@_CASE
@_REPORTS
@click.option("--old", required=True, metavar="TEXT", help="The wrong value; an address with commas between its lines.")
@click.option("--new", required=True, metavar="TEXT", help="The right value.")
@click.option("--proof", default="", metavar="TEXT", help="By what it is known to be right; kept with the case.")
@click.option("--decisions", type=click.Path(path_type=Path), metavar="FILE", help="The sheet, with every line decided. Without it only what is certain is set right.")  # fmt: skip  # noqa: E501
@_OUT
@_ROOT
@_HOME
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


@rectify_group.command("apply")
@_PLAN
@click.option("--confirm", is_flag=True, help="A person has read the plan and wants it done.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Write the record of rectification (HTML)."
)
@_HOME
@exits
def apply_command(*, plan_file: Path, confirm: bool, out: Path | None, home: Path | None) -> None:
    """Carry out a plan. Stopped at any moment, the same command goes on.

    \b
    Example:
      whosedata rectify apply plan.json --confirm --out record.html
    """
    carry_out(plan_file, home or default_home(), Right.RECTIFICATION, confirm, out)


@rectify_group.command("restore")
@_PLAN
@_HOME
@exits
def restore_command(*, plan_file: Path, home: Path | None) -> None:
    """Bring everything back as it was, byte by byte, while the quarantine is there.

    \b
    Example:
      whosedata rectify restore plan.json
    """
    bring_all_back(plan_file, home or default_home())


@rectify_group.command("forget")
@_PLAN
@_HOME
@exits
def forget_command(*, plan_file: Path, home: Path | None) -> None:
    """Take the quarantine of a plan away: from then on the old values are gone.

    \b
    Example:
      whosedata rectify forget plan.json
    """
    make_final(plan_file, home or default_home())


def _certain(lines: list[Line]) -> Decided:
    """What is decided without a sheet: all that is certain is set right."""
    said: dict[str, tuple[Decision, str, str]] = {
        line.key: (Decision.INCLUDE, "", "certain") if line.sure else (Decision.EXCLUDE, "", "not certain")
        for line in lines
    }
    return Decided(said, "")
