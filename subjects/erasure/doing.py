"""A case and reports, or a plan and a person's word, go in; what every command that changes files does comes out."""

from collections.abc import Sequence
from pathlib import Path

from reports.parquet import PrivateFile
from reports.plural import plural
from reports.safe import printable
from scanner import scan
from scanner.home import load_key
from scanner.keys import Keyring
from scanner.passwords import NO_PASSWORDS
from scanner.plan import PlanError
from scanner.reopen import Reading
from subjects.access.pack import Searched
from subjects.access.review import Line, lines_of
from subjects.access.searching import asking, search
from subjects.cases.case import Case, check_freeze, fold
from subjects.cases.clock import Right, written
from subjects.cases.commands import case_of, journal_of, today
from subjects.cases.events import Kind
from subjects.cases.opening import seed_of
from subjects.erasure.apply import DONE, REFUSED, Result, apply, restore, results
from subjects.erasure.certificate import certificate
from subjects.erasure.plan import ErasurePlan, counted, read_plan, write_plan
from subjects.erasure.quarantine import forget
from subjects.erasure.step import CHANGE, MANUAL
from subjects.erasure.tombstones import bury
from subjects.exits import INCOMPLETE, say
from subjects.linking.link import require_home
from subjects.reopening import Access, moved_roots
from subjects.restriction.checking import require_unrestricted


def found_of(
    case_id: str, reports: Sequence[Path], place: Path, roots: Sequence[str], right: Right
) -> tuple[list[Searched], list[Line]]:
    """What the reports know of who asks for this right; raises PlanError when nothing may be changed for them."""
    case = case_of(fold(journal_of(place).events()), case_id)
    keyring = require_home(list(reports), place)
    person = asking(case, right, keyring)
    _check_restriction(place, keyring, case)
    access = Access(place, NO_PASSWORDS, moved_roots(roots))
    searched = [search(report, person, access) for report in reports]
    return searched, lines_of(hit for found in searched for hit in found.answer.hits)


def put_plan(plan: ErasurePlan, out: Path, group: str) -> None:
    """Write the plan, and tell of each file; `group` is the command that carries it out."""
    with PrivateFile(out) as file:
        file.file.write(write_plan(plan).encode())
        file.commit()
    for step in plan.steps:
        why = f"  {step.why}" if step.why else ""
        say([printable(f"{step.action:<7} {step.findings:>5}  {step.root}/{step.path}{why}")])
    numbers = counted(plan.steps)
    said = f"{numbers['delete']} files to delete, {numbers['change']} to change, {numbers['manual']} by hand"
    say([f"Plan       {out}: {said}, {len(plan.kept)} kept", f"Next       whosedata {group} apply {out} --confirm"])


def carry_out(plan_file: Path, place: Path, right: Right, confirm: bool, out: Path | None) -> None:
    """Carry out a plan, prove it, write the record and the journal.

    Raises:
        PlanError: the plan or the case does not allow it. SystemExit: something is left, refused or to do by hand.
    """
    key = load_key(place)
    plan = read_plan(plan_file, key)
    if not confirm:
        raise PlanError("Nothing was changed. Read the plan, then add --confirm.")
    cases = fold(journal_of(place).events())
    case = case_of(cases, plan.case_id)
    if case.right is not right or not case.is_open:
        raise PlanError(f"{case.case_id} is no open request for {right}.")
    check_freeze(cases, case)
    _check_restriction(place, Keyring(key), case)
    before = results(plan, place, key)
    for one in apply(plan, place, Reading(key)):
        say([_line(one)])
    done = results(plan, place, key)
    if right is Right.ERASURE:  # an old number may be somebody else's one day: it is no tombstone
        bury(place, {value for one in done if one.state == DONE for value in one.step.values}, today(), plan.case_id)
    left = _left(done, place)
    if out:
        with PrivateFile(out) as file:
            file.file.write(certificate(plan, done, left, written(today())).encode())
            file.commit()
    if done != before:
        _record(plan, done, left, place)
    what = "erased" if right is Right.ERASURE else "old"
    say(_proof(what, left))
    say([_next(plan_file, out, "erase" if right is Right.ERASURE else "rectify")])
    if left or any(one.state != DONE for one in done) or any(step.action == MANUAL for step in plan.steps):
        raise SystemExit(INCOMPLETE)


def bring_all_back(plan_file: Path, place: Path) -> None:
    """Bring the files of a plan back; raises SystemExit when one was changed since."""
    key = load_key(place)
    back = list(restore(read_plan(plan_file, key), place, key))
    say([_line(one) for one in back] or ["Nothing to bring back."])
    if any(one.state == REFUSED for one in back):
        raise SystemExit(INCOMPLETE)


def make_final(plan_file: Path, place: Path) -> None:
    """Take the quarantine of a plan away."""
    number = forget(place, read_plan(plan_file, load_key(place)).seal)
    say([f"{number} copies taken away. It is final."])


def _check_restriction(place: Path, keyring: Keyring, case: Case) -> None:
    # Data whose accuracy is contested are restricted until they are set right: the correction must be possible.
    if case.right is Right.ERASURE:
        require_unrestricted(place, keyring, seed_of(case))


def _left(done: Sequence[Result], place: Path) -> list[str]:
    """Where in the files that were changed a scan still finds one of the erased values."""
    changed = [one.step for one in done if one.state == DONE and one.step.action == CHANGE]
    wanted = {value for one in done for value in one.step.values}
    if not changed or not wanted:
        return []
    steps = {f"file{number}": step for number, step in enumerate(changed)}
    report = scan([step.address for step in changed], labels=list(steps), home=place, names="off")
    rows = report.findings.select(["value_id", "root", "entity_type", "location"]).to_pylist()
    left = [(steps[row["root"]], row) for row in rows if row["value_id"] in wanted]
    return [f"{step.root}/{step.path}, {row['location']}: {row['entity_type']}" for step, row in left]


def _proof(what: str, left: Sequence[str]) -> list[str]:
    found = plural(len(left), "finding")
    lines = [f"Proof      {found} of the {what} values {'is' if len(left) == 1 else 'are'} left in the changed files"]
    lines += [f"Left       {printable(one)}" for one in left]
    if left:
        lines.append("           It stands where the sheet decided otherwise, or belongs to somebody else: look there.")
    return lines


def _record(plan: ErasurePlan, done: Sequence[Result], left: Sequence[str], place: Path) -> None:
    """Into the journal of the case: how many, never what."""
    states = [one.state for one in done]
    what = (
        f"{plural(states.count(DONE), 'file')}, {states.count(REFUSED)} refused, {len(plan.kept)} kept, "
        f"{plural(len(left), 'finding')} left"
    )
    kind = Kind.CHANGED if plan.correction else Kind.ERASED
    said = {"what": what, "plan": plan.seal} | ({"proof": plan.proof} if plan.proof else {})
    verb = "correct" if plan.correction else "erase"
    events = [(plan.case_id, Kind.SEARCHED, today(), {"place": "the reports of the plan", "sheet": plan.sheet})]
    events += [(plan.case_id, kind, today(), said)]
    events += [
        (plan.case_id, Kind.TODO, today(), {"what": f"{verb} by hand: {step.root}/{step.path} ({step.why})"})
        for step in plan.steps
        if step.action == MANUAL
    ]
    journal_of(place).add(events)


def _line(result: Result) -> str:
    why = f"  {result.why}" if result.why else ""
    return printable(f"{result.state:<12} {result.step.action:<7} {result.step.root}/{result.step.path}{why}")


def _next(plan_file: Path, out: Path | None, group: str) -> str:
    record = f"keep {out}; " if out else ""
    return f"Next       {record}scan again; then, when nobody wants it back: whosedata {group} forget {plan_file}"
