"""The events of one request go in, where it stands comes out: its clock, what is done, what is still to do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from scanner.plan import PlanError
from subjects.cases.clock import Dates, Deadline, PauseRule, Right, Wait, deadline
from subjects.cases.events import MEANINGS, Event, Kind
from subjects.cases.persons import same_person, seed_said
from subjects.cases.working_days import Division


class Outcome(StrEnum):
    """How a request ends. `refused` names its reasons and how to complain (Article 12(4)); `lapsed`: no proof came."""

    RESPONDED = "responded"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


_CLEAR = Kind.IDENTITY_CONFIRMED
# What must have happened before an answer is complete (Articles 12(6), 15 to 21 and 19; DPA 2018 section 164A).
STEPS: Mapping[Right, tuple[Kind, ...]] = {
    Right.ACCESS: (_CLEAR, Kind.SEARCHED, Kind.DECIDED, Kind.PACKED, Kind.SENT),
    Right.PORTABILITY: (_CLEAR, Kind.SEARCHED, Kind.PACKED, Kind.SENT),
    Right.RECTIFICATION: (_CLEAR, Kind.SEARCHED, Kind.CHANGED, Kind.RECIPIENTS_TOLD, Kind.SENT),
    Right.ERASURE: (_CLEAR, Kind.SEARCHED, Kind.ERASED, Kind.RECIPIENTS_TOLD, Kind.SENT),
    Right.RESTRICTION: (_CLEAR, Kind.MARKED, Kind.RECIPIENTS_TOLD, Kind.SENT),
    Right.OBJECTION: (_CLEAR, Kind.DECIDED, Kind.MARKED, Kind.SENT),
    Right.COMPLAINT: (Kind.ACKNOWLEDGED, Kind.SENT),
}
# What came belongs to what was asked.
_ANSWERS = {
    Kind.IDENTITY_CONFIRMED: Kind.IDENTITY_ASKED,
    Kind.AUTHORITY_RECEIVED: Kind.AUTHORITY_ASKED,
    Kind.FEE_PAID: Kind.FEE_ASKED,
    Kind.QUESTION_ANSWERED: Kind.QUESTION_ASKED,
}
_BEFORE_START = frozenset({Kind.IDENTITY_ASKED, Kind.AUTHORITY_ASKED, Kind.FEE_ASKED})
# Article 12(6) and the agent's authority need asking only where there is doubt: they may come without.
_UNASKED = frozenset({Kind.IDENTITY_CONFIRMED, Kind.AUTHORITY_RECEIVED})
_CHANGING = frozenset({Kind.ERASED, Kind.CHANGED})
_NOTIFIED = frozenset({Kind.RECIPIENT_TOLD, Kind.RECIPIENT_NOT_TOLD})
AFTER_THE_END = frozenset({Kind.NOTE, Kind.REOPENED, Kind.RECIPIENTS_TOLD, *_NOTIFIED, Kind.DISCLOSED, Kind.PURGED})
# What an objection is about (`about` in its words): of direct marketing there is nothing to weigh (Article 21(3)).
DIRECT_MARKETING = "direct-marketing"


@dataclass(frozen=True, slots=True)
class Case:
    """One request for one right. `first` is the request that must be answered before it, "" when there is none.

    `open_todos` are (number of the line, what is to be done), `recipients` (number, who) of those who are still to be
    told (Article 19). `outcome` is None while it is open.
    """

    case_id: str
    dates: Dates
    said: Mapping[str, str]
    events: tuple[Event, ...]
    first: str
    outcome: Outcome | None
    held: bool
    open_todos: tuple[tuple[int, str], ...]
    recipients: tuple[tuple[int, str], ...] = ()

    @property
    def right(self) -> Right:
        """What is asked for."""
        return self.dates.right

    @property
    def is_open(self) -> bool:
        """Whether an answer is still owed."""
        return self.outcome is None

    @property
    def missing(self) -> tuple[Kind, ...]:
        """Steps that have not happened yet, in their order."""
        happened = {event.kind for event in self.events}
        # All who were named are told: nobody need say so again.
        if Kind.RECIPIENT in happened and not self.recipients:
            happened.add(Kind.RECIPIENTS_TOLD)
        return tuple(step for step in self._steps() if step not in happened or self._waits(step))

    def _steps(self) -> tuple[Kind, ...]:
        steps = STEPS[self.right]
        if self.said.get("about") == DIRECT_MARKETING:
            steps = tuple(step for step in steps if step is not Kind.DECIDED)
        return (Kind.AUTHORITY_RECEIVED, *steps) if self.said.get("agent") else steps

    def _waits(self, step: Kind) -> bool:
        return step is Kind.RECIPIENTS_TOLD and bool(self.recipients)

    def deadline(self, today: date) -> Deadline:
        """When the answer is due."""
        return deadline(self.dates, today)


def fold(events: Iterable[Event]) -> dict[str, Case]:
    """Case id -> the case, in the order in which they were opened."""
    by_case: dict[str, list[Event]] = {}
    for event in events:
        by_case.setdefault(event.case_id, []).append(event)
    return {case_id: _case(case_id, mine) for case_id, mine in by_case.items()}


def _case(case_id: str, events: Sequence[Event]) -> Case:
    opened = events[0]
    # Of a purged case the last line says what tells of nobody.
    kept = next((event.said for event in reversed(events) if event.kind is Kind.PURGED), {})
    said = {**opened.said, **kept}
    dates = Dates(
        Right(said["right"]),
        opened.day,
        Division(said["division"]),
        pause_rule=PauseRule(said.get("pauses", PauseRule.SAFE)),
    )
    outcome: Outcome | None = None
    held = False
    todos: dict[int, str] = {}
    recipients: dict[int, str] = {}
    for event in events[1:]:
        dates = _ticked(dates, event)
        if event.kind is Kind.CLOSED:
            outcome = Outcome(kept.get("outcome") or event.said["outcome"])
        elif event.kind is Kind.REOPENED:
            outcome = None
        elif event.kind in {Kind.HELD, Kind.RELEASED}:
            held = event.kind is Kind.HELD
        elif event.kind is Kind.TODO:
            todos[event.number] = event.said.get("what", "")
        elif event.kind is Kind.DONE:
            todos.pop(int(event.said.get("to-do", 0)), None)
        elif event.kind is Kind.RECIPIENT:
            recipients[event.number] = event.said.get("who", "")
        elif event.kind in _NOTIFIED:
            recipients.pop(int(event.said.get("recipient", 0)), None)
    return Case(
        case_id, dates, said, tuple(events), said.get("after", ""), outcome, held, tuple(todos.items()),
        tuple(recipients.items()),
    )  # fmt: skip


def _ticked(dates: Dates, event: Event) -> Dates:
    """The clock after one more event."""
    if event.kind is Kind.EXTENDED:
        return replace(dates, extended=event.day)
    if event.kind in _BEFORE_START:
        return replace(dates, before_start=(*dates.before_start, Wait(event.day, of=event.kind)))
    if event.kind is Kind.QUESTION_ASKED:
        return replace(dates, questions=(*dates.questions, Wait(event.day, of=event.kind)))
    if event.kind not in _ANSWERS:
        return dates
    asked = _ANSWERS[event.kind]
    return replace(
        dates,
        before_start=_answered(dates.before_start, asked, event.day),
        questions=_answered(dates.questions, asked, event.day),
    )


def _answered(waits: Iterable[Wait], asked: Kind, day: date) -> tuple[Wait, ...]:
    return tuple(replace(wait, came=day) if wait.of == asked and wait.came is None else wait for wait in waits)


def check_event(cases: Mapping[str, Case], case: Case, kind: Kind, day: date, said: Mapping[str, str]) -> None:
    """Whether this may happen to a case now.

    Raises:
        PlanError: it may not; the message says why, and what to do first.
    """
    lacking = [word for word in MEANINGS[kind].needs if not said.get(word)]
    if lacking:
        options = " ".join(f"--say {word}=…" for word in lacking)
        raise PlanError(f"“{kind}” ({MEANINGS[kind].words}) needs {options}")
    if kind in {Kind.OPENED, Kind.PURGED}:
        raise PlanError(f"“{kind}” is not written by hand: `whosedata case new` and `whosedata case purge` do that.")
    if day < case.dates.received:
        raise PlanError(f"{case.case_id} came on {case.dates.received}: nothing can have happened on {day}.")
    if not case.is_open and kind not in AFTER_THE_END:
        raise PlanError(f"{case.case_id} is closed. Add the event “reopened” first, with --say why=…")
    if case.is_open and kind is Kind.REOPENED:
        raise PlanError(f"{case.case_id} is open.")
    _check_answers(case, kind)
    _check_numbers(case, kind, said)
    if kind in _CHANGING:
        check_freeze(cases, case)
    if kind is Kind.CLOSED:
        _check_end(case, said)


def _check_numbers(case: Case, kind: Kind, said: Mapping[str, str]) -> None:
    if kind is Kind.DONE and said["to-do"] not in {str(number) for number, _ in case.open_todos}:
        raise PlanError(f"{case.case_id} has no open to-do {said['to-do']}. `whosedata case show` lists them.")
    if kind in _NOTIFIED and said["recipient"] not in {str(number) for number, _ in case.recipients}:
        raise PlanError(
            f"{case.case_id} has no recipient {said['recipient']} to tell. `whosedata case show` lists them."
        )
    if kind is Kind.RECIPIENTS_TOLD and case.recipients:
        raise PlanError(f"{case.case_id}: say of each how it was told, or why not: {_still(case.recipients)}.")


def _check_answers(case: Case, kind: Kind) -> None:
    asked = _ANSWERS.get(kind)
    waits = (*case.dates.before_start, *case.dates.questions)
    if asked and kind not in _UNASKED and not any(wait.of == asked and wait.came is None for wait in waits):
        raise PlanError(f"{case.case_id}: nothing waits for “{kind}”. Add “{asked}” first, with its day (--on).")


def check_freeze(cases: Mapping[str, Case], case: Case) -> None:
    """DPA 2018 section 173: what an access request asked for must not be altered or erased before it is answered."""
    who = seed_said(case.said)
    for one in cases.values():
        if one is not case and one.case_id != case.first and not same_person(who, seed_said(one.said)):
            continue
        if one.held:
            raise PlanError(f"{one.case_id} is on hold: nothing of this person may be changed or erased.")
        if one.is_open and one.right is Right.ACCESS and one is not case:
            raise PlanError(
                f"{one.case_id} (access) is not answered yet, and must be answered before anything is changed or "
                "erased: it would be an offence to erase what was asked for (DPA 2018, section 173)."
            )


def _still(numbered: Iterable[tuple[int, str]]) -> str:
    return "; ".join(f"{number} {what}" for number, what in numbered)


def _check_end(case: Case, said: Mapping[str, str]) -> None:
    try:
        outcome = Outcome(said["outcome"])
    except ValueError:
        raise PlanError(f"“{said['outcome']}” is no outcome. Known are: {', '.join(Outcome)}.") from None
    if outcome is Outcome.RESPONDED and case.missing:
        raise PlanError(f"{case.case_id} cannot be closed as answered yet. Missing: {', '.join(case.missing)}.")
    if outcome is Outcome.RESPONDED and case.open_todos:
        raise PlanError(f"{case.case_id} cannot be closed as answered yet. To do by hand: {_still(case.open_todos)}")
    if outcome is Outcome.RESPONDED and case.recipients:
        raise PlanError(
            f"{case.case_id} cannot be closed as answered yet. Still to tell (Article 19): {_still(case.recipients)}"
        )
    if outcome in {Outcome.REFUSED, Outcome.LAPSED} and not said.get("why"):
        raise PlanError("Say why with --say why=… (the person must be told the reason: Article 12(4)).")
    if outcome is Outcome.REFUSED:
        _check_refusal(case)


def _check_refusal(case: Case) -> None:
    happened = {event.kind for event in case.events}
    if case.said.get("about") == DIRECT_MARKETING:
        raise PlanError("An objection to direct marketing cannot be refused (Article 21(3)): suppress add --case")
    if case.right is Right.OBJECTION and Kind.DECIDED not in happened:
        raise PlanError(
            f"{case.case_id}: write down first what was weighed: whosedata case event {case.case_id} decided "
            "--say decision=… --say why=…"
        )
    if Kind.SENT not in happened:
        raise PlanError(
            f"{case.case_id}: tell the person first why, and how to complain (Article 12(4)): whosedata letter "
            f"{case.case_id} refusal, then the event “sent”."
        )
