"""The commands about erasure: erase review, plan, apply, restore, forget, check."""

from collections.abc import Sequence
from pathlib import Path

import click

from reports.parquet import PrivateFile, open_report
from reports.safe import printable
from scanner import scan
from scanner.home import default_home, load_key
from scanner.keys import Keyring
from scanner.passwords import NO_PASSWORDS
from scanner.plan import PlanError
from scanner.reopen import Reading
from subjects.access.pack import Searched
from subjects.access.review import KEEPING, Line, lines_of, read_sheet
from subjects.access.searching import asking, search, write_review
from subjects.cases.case import Case, check_freeze, fold
from subjects.cases.clock import Right
from subjects.cases.commands import case_of, journal_of, today
from subjects.cases.events import Kind
from subjects.cases.opening import seed_of
from subjects.erasure.apply import DONE, REFUSED, Result, apply, restore, results
from subjects.erasure.certificate import certificate
from subjects.erasure.plan import Basis, ErasurePlan, counted, make_plan, read_plan, write_plan
from subjects.erasure.quarantine import forget
from subjects.erasure.step import CHANGE, MANUAL
from subjects.erasure.tombstones import bury, returned
from subjects.exits import INCOMPLETE, MATCHED, exits, say
from subjects.linking.link import require_home
from subjects.reopening import Access, moved_roots
from subjects.restriction.checking import require_unrestricted

_CASE = click.argument("case_id", metavar="CASE")
_REPORTS = click.argument("reports", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="REPORT...")
_PLAN = click.argument("plan_file", metavar="PLAN", type=click.Path(path_type=Path))
_HOME = click.option("--home", type=click.Path(path_type=Path), metavar="DIR", help="Folder with this organisation's key.")  # fmt: skip  # noqa: E501
_OUT = click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help="File to write.")
_ROOT = click.option("--root", "roots", multiple=True, metavar="LABEL=PATH", help="Where a scanned place is now, if it moved.")  # fmt: skip  # noqa: E501


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
    """Write the sheet on which a person decides: include (it goes), exclude (not theirs), exempt (kept, with a code).

    \b
    Example:
      whosedata erase review 2026-0002 report.parquet --out sheet.csv --accept-certain
    """
    _, lines = _found(case_id, reports, home or default_home(), roots)
    write_review(out, lines, accept_certain)
    say([f"Codes      {code:<13} {words}" for code, words in KEEPING.items()])


@erase_group.command("plan")
@_CASE
@_REPORTS
@click.option("--decisions", type=click.Path(path_type=Path), required=True, metavar="FILE", help="The sheet, with every line decided.")  # fmt: skip  # noqa: E501
@_OUT
@_ROOT
@_HOME
@exits
def plan_command(
    *, case_id: str, reports: tuple[Path, ...], decisions: Path, out: Path, roots: tuple[str, ...], home: Path | None
) -> None:
    """Make a plan: what happens to which file. Nothing is changed.

    \b
    Example:
      whosedata erase plan 2026-0002 report.parquet --decisions sheet.csv --out plan.json
    """
    searched, lines = _found(case_id, reports, home or default_home(), roots)
    plan = make_plan(Basis(case_id, today().isoformat()), searched, lines, read_sheet(decisions, lines, KEEPING))
    with PrivateFile(out) as file:
        file.file.write(write_plan(plan).encode())
        file.commit()
    for step in plan.steps:
        why = f"  {step.why}" if step.why else ""
        say([printable(f"{step.action:<7} {step.findings:>5}  {step.root}/{step.path}{why}")])
    numbers = counted(plan.steps)
    said = f"{numbers['delete']} files to delete, {numbers['change']} to change, {numbers['manual']} by hand"
    say([f"Plan       {out}: {said}, {len(plan.kept)} kept", f"Next       whosedata erase apply {out} --confirm"])


@erase_group.command("apply")
@_PLAN
@click.option("--confirm", is_flag=True, help="A person has read the plan and wants it done.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write the record of erasure (HTML).")
@_HOME
@exits
def apply_command(*, plan_file: Path, confirm: bool, out: Path | None, home: Path | None) -> None:
    """Carry out a plan. Stopped at any moment, the same command goes on.

    \b
    Example:
      whosedata erase apply plan.json --confirm --out record.html
    """
    place = home or default_home()
    key = load_key(place)
    plan = read_plan(plan_file, key)
    if not confirm:
        raise PlanError("Nothing was changed. Read the plan, then add --confirm.")
    journal = journal_of(place)
    cases = fold(journal.events())
    case = case_of(cases, plan.case_id)
    _require_open(case)
    check_freeze(cases, case)
    require_unrestricted(place, Keyring(key), seed_of(case))
    before = results(plan, place)
    for one in apply(plan, place, Reading(key)):
        say([_line(one)])
    done = results(plan, place)
    bury(place, {value for one in done if one.state == DONE for value in one.step.values}, today(), plan.case_id)
    left = _left(done, place)
    made = certificate(plan, done, left, today().isoformat())
    if out:
        with PrivateFile(out) as file:
            file.file.write(made.encode())
            file.commit()
    if done != before:
        _record(plan, done, left, place)
    say([f"Proof      {left} findings of the erased values are left in the changed files", _next(plan_file, out)])
    if left or any(one.state != DONE for one in done) or any(step.action == MANUAL for step in plan.steps):
        raise SystemExit(INCOMPLETE)


@erase_group.command("restore")
@_PLAN
@_HOME
@exits
def restore_command(*, plan_file: Path, home: Path | None) -> None:
    """Bring everything back as it was, byte by byte, while the quarantine is there.

    \b
    Example:
      whosedata erase restore plan.json
    """
    place = home or default_home()
    key = load_key(place)
    back = list(restore(read_plan(plan_file, key), place, key))
    say([_line(one) for one in back] or ["Nothing to bring back."])
    if any(one.state == REFUSED for one in back):
        raise SystemExit(INCOMPLETE)


@erase_group.command("forget")
@_PLAN
@_HOME
@exits
def forget_command(*, plan_file: Path, home: Path | None) -> None:
    """Take the quarantine of a plan away: from then on the erasure is final.

    \b
    Example:
      whosedata erase forget plan.json
    """
    place = home or default_home()
    number = forget(place, read_plan(plan_file, load_key(place)).seal)
    say([f"{number} copies taken away. The erasure is final."])


@erase_group.command("check")
@_REPORTS
@_HOME
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


def _found(
    case_id: str, reports: Sequence[Path], place: Path, roots: Sequence[str]
) -> tuple[list[Searched], list[Line]]:
    case = case_of(fold(journal_of(place).events()), case_id)
    keyring = require_home(list(reports), place)
    person = asking(case, Right.ERASURE, keyring)
    require_unrestricted(place, keyring, person)
    access = Access(place, NO_PASSWORDS, moved_roots(roots))
    searched = [search(report, person, access) for report in reports]
    return searched, lines_of(hit for found in searched for hit in found.answer.hits)


def _require_open(case: Case) -> None:
    if case.right is not Right.ERASURE or not case.is_open:
        raise PlanError(f"{case.case_id} is no open request for erasure.")


def _left(done: Sequence[Result], place: Path) -> int:
    """Findings of the erased values in the files that were changed."""
    files = [one.step.address for one in done if one.state == DONE and one.step.action == CHANGE]
    wanted = {value for one in done for value in one.step.values}
    if not files or not wanted:
        return 0
    labels = [f"file{number}" for number in range(len(files))]
    report = scan(files, labels=labels, home=place, names="off")
    return sum(value in wanted for value in report.findings["value_id"].to_pylist())


def _record(plan: ErasurePlan, done: Sequence[Result], left: int, place: Path) -> None:
    """Into the journal of the case: how many, never what."""
    states = [one.state for one in done]
    what = f"{states.count(DONE)} files, {states.count(REFUSED)} refused, {len(plan.kept)} kept, {left} findings left"
    events = [(plan.case_id, Kind.SEARCHED, today(), {"place": "the reports of the plan", "sheet": plan.sheet})]
    events += [(plan.case_id, Kind.ERASED, today(), {"what": what, "plan": plan.seal})]
    events += [
        (plan.case_id, Kind.TODO, today(), {"what": f"erase by hand: {step.root}/{step.path} ({step.why})"})
        for step in plan.steps
        if step.action == MANUAL
    ]
    journal_of(place).add(events)


def _line(result: Result) -> str:
    why = f"  {result.why}" if result.why else ""
    return printable(f"{result.state:<12} {result.step.action:<7} {result.step.root}/{result.step.path}{why}")


def _next(plan_file: Path, out: Path | None) -> str:
    record = f"keep {out}; " if out else ""
    return f"Next       {record}scan again; then, when nobody wants it back: whosedata erase forget {plan_file}"
