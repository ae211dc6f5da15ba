"""Cases go in, lines of a table, JSON or CSV come out: what is due, what is missing, what happened."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from reports.safe import cell, printable
from subjects.cases.case import Case
from subjects.cases.clock import Phase, written
from subjects.cases.events import MEANINGS, Kind
from subjects.cases.opening import seed_of
from subjects.cases.persons import age_on
from subjects.cases.working_days import Division

ADULT, SCOTTISH_AGE = 18, 12
FIELDS = (
    "case",
    "right",
    "phase",
    "received",
    "due",
    "target",
    "days_left",
    "missing",
    "to_do",
    "after",
    "outcome",
    "next",
)


def row_of(case: Case, today: date) -> dict[str, Any]:
    """One case with plain values, in the order of FIELDS. Whose it is stays in the home folder."""
    clock = case.deadline(today)
    return {
        "case": case.case_id, "right": case.right.value, "phase": clock.phase.value if case.is_open else "closed",
        "received": case.dates.received.isoformat(), "due": clock.due.isoformat() if clock.due else None,
        "target": clock.target.isoformat() if clock.target else None,
        "days_left": (clock.due - today).days if clock.due and case.is_open else None,
        "missing": [step.value for step in case.missing] if case.is_open else [],
        "to_do": [f"{number} {what}" for number, what in (*case.open_todos, *case.recipients)],
        "after": case.first or None, "outcome": case.outcome.value if case.outcome else None,
        "next": _next(case, today),
    }  # fmt: skip


def review_row(number: int, since: date, review: date, today: date) -> dict[str, Any]:
    """A restriction that somebody must look at again, beside the cases: with the same fields."""
    return {
        "case": f"restr. {number}", "right": "review", "phase": "holds", "received": since.isoformat(),
        "due": review.isoformat(), "target": review.isoformat(), "days_left": (review - today).days, "missing": [],
        "to_do": [], "after": None, "outcome": None, "next": f"whosedata restrict review {number}, or lift {number}",
    }  # fmt: skip


def as_table(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """One line for each case, the next due first, as given."""
    yield f"{'case':<10}  {'right':<13}  {'due':<10}  {'days':>5}  next"
    for row in rows:
        days = "" if row["days_left"] is None else f"{row['days_left']:>5}"
        yield f"{row['case']:<10}  {row['right']:<13}  {row['due'] or row['phase']:<10}  {days:>5}  {row['next']}"


def as_json(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """One object a line."""
    yield from (json.dumps(row) for row in rows)


def as_csv(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """With a heading; no cell becomes a formula."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(FIELDS)
    for row in rows:
        values = ["; ".join(value) if isinstance(value, list) else str(value or "") for value in row.values()]
        writer.writerow([cell(value) for value in values])
    yield file.getvalue().rstrip("\n")


FORMS: dict[str, Callable[[Iterable[Mapping[str, Any]]], Iterator[str]]] = {
    "table": as_table, "json": as_json, "csv": as_csv,
}  # fmt: skip


def told(case: Case, today: date) -> Iterator[str]:
    """Everything that is known of one case, for the person who works on it."""
    clock = case.deadline(today)
    yield f"Case       {case.case_id}, {case.right}" + ("" if case.is_open else f", closed: {case.outcome}")
    for name, value in _who(case):
        yield printable(f"{name:<10} {value}")
    yield f"Came       {written(case.dates.received)}" + (
        f" by {case.said['channel']}" if "channel" in case.said else ""
    )
    yield f"Due        {_due(case, today)}"
    if clock.notice_by and case.is_open:
        yield f"Extension  can be told until {written(clock.notice_by)}, with reasons"
    if case.first:
        yield f"After      {case.first}: it must be answered first"
    if case.held:
        yield "On hold    nothing of this person may be changed or erased"
    yield from (f"Mind       {warning}" for warning in (*clock.warnings, *_of_a_child(case)))
    yield "What happened"
    for event in case.events:
        # Who asks stands above, as it was said.
        hidden = {"who", "right"} if event.kind is Kind.OPENED else set[str]()
        said = ", ".join(f"{name}: {value}" for name, value in event.said.items() if name not in hidden)
        yield printable(f"  {event.number:>5}  {event.day}  {event.kind:<19} {said or MEANINGS[event.kind].words}")
    say_it = f"whosedata case event {case.case_id}"
    if case.is_open:
        yield "To do"
        yield from (f"  {step:<19} {MEANINGS[step].words}" for step in case.missing)
        yield from (
            printable(f"  by hand             {what} (then: {say_it} done --say to-do={number})")
            for number, what in case.open_todos
        )
    yield from (
        printable(f"  recipient           {who} (then: {say_it} recipient-told --say recipient={number} --say how=…)")
        for number, who in case.recipients
    )


def _of_a_child(case: Case) -> Iterator[str]:
    """Whether a child can ask alone (ICO): in Scotland presumed from twelve on, elsewhere by understanding."""
    age = age_on(seed_of(case), case.dates.received)
    if age is None or age >= ADULT:
        return
    if case.dates.division is Division.SCOTLAND and age >= SCOTTISH_AGE:
        yield f"The person is {age} years old: in Scotland a child of twelve is presumed able to ask, and to decide."
    else:
        yield (
            f"The person is {age} years old. Note whether the child understands the request and its answer; if so, "
            "answer the child; if not, whoever has parental responsibility may ask, and only in the child's interest."
        )


def _who(case: Case) -> Iterator[tuple[str, str]]:
    seed = seed_of(case)
    fields = (
        ("Name", seed.names), ("Also", seed.aliases), ("E-mail", seed.emails), ("Phone", seed.phones),
        ("Address", seed.addresses), ("Born", seed.births), ("Number", tuple(map(" ".join, seed.ids))),
    )  # fmt: skip
    yield from ((name, ", ".join(values)) for name, values in fields if values)


def _due(case: Case, today: date) -> str:
    clock = case.deadline(today)
    if clock.due is None or clock.target is None:
        return f"the time has not begun: {(today - case.dates.received).days} days since the request came"
    if not case.is_open:
        return written(clock.due)
    left = (clock.due - today).days
    days = f"{abs(left)} {'day' if abs(left) == 1 else 'days'}"
    said = f"{written(clock.due)}, {days} {'left' if left >= 0 else 'too late'}"
    paused = ", if the answer to our question comes today" if clock.phase is Phase.PAUSED else ""
    return f"{said}{paused}; work to {written(clock.target)}"


def _next(case: Case, today: date) -> str:
    if not case.is_open:
        return f"closed: {case.outcome}"
    if case.deadline(today).phase is Phase.WAITING:
        return "waits for " + ", ".join(
            wait.of.removesuffix("-asked") for wait in case.dates.before_start if not wait.came
        )
    steps = [step.value for step in case.missing] + [f"by hand: {what}" for _, what in case.open_todos]
    if case.recipients and steps[:1] == [Kind.RECIPIENTS_TOLD.value]:
        steps[0] = f"tell {case.recipients[0][1]} (whosedata letter {case.case_id} notices)"
    return printable(steps[0] if steps else Kind.CLOSED.value)
