"""The dates of a request go in; when it must be answered, and what stands in the way, comes out.

UK GDPR Articles 12(3), 12(6) and 12A, DPA 2018 section 54 as amended by the Data (Use and Access) Act 2025, and the
ICO's worked examples (its page on responding to a request, December 2025). One month ends on the same day of the next
month. The law can be read as ending a day sooner: work to `target`.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from subjects.cases.working_days import ANNOUNCED_UNTIL, Division, working_day_from

TARGET_DAYS = 28  # what the ICO suggests as a constant for systems
ASK_WITHIN = 7  # days after which asking for proof of identity looks like delay
UNANSWERED = 31  # days after which a question may be taken as not answered
COMPLAINT_DAYS = 30  # section 164A(2): beginning when received, so the first day is the day of receipt


class Right(StrEnum):
    """What may be asked for. A complaint to the controller has a clock of its own (DPA 2018 section 164A)."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"
    COMPLAINT = "complaint"


class Phase(StrEnum):
    """Whether the time runs. `waiting`: for proof of identity, an agent's authority, or a fee."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"


class PauseRule(StrEnum):
    """How days of a pause are counted: `safe` leaves out the day of the answer, `statute` counts both ends."""

    SAFE = "safe"
    STATUTE = "statute"


@dataclass(frozen=True, slots=True)
class Wait:
    """Something that was asked for on one day and came on another; None = not yet. `of` says what, in a word."""

    asked: date
    came: date | None = None
    of: str = ""


@dataclass(frozen=True, slots=True)
class Dates:
    """What a clock is made of: local calendar dates (Europe/London). A receipt on a day off counts, too.

    `before_start`: identity, authority of an agent, a fee; `questions`: clarifications, which stop the time of access
    requests only; `extended`: when the notice of two further months was sent.
    """

    right: Right
    received: date
    division: Division = Division.ENGLAND_AND_WALES
    before_start: tuple[Wait, ...] = ()
    questions: tuple[Wait, ...] = ()
    extended: date | None = None
    pause_rule: PauseRule = PauseRule.SAFE


@dataclass(frozen=True, slots=True)
class Deadline:
    """`due` is None while the time has not begun; while it is paused, it is the day if the answer came today.

    `target` is the day to work to, `notice_by` the last day to tell of an extension (never rolled to a working day:
    the safe side). `warnings` are sentences.
    """

    phase: Phase
    starts: date | None
    due: date | None
    target: date | None
    notice_by: date | None
    paused_days: int
    extended: bool
    warnings: tuple[str, ...]


def written(day: date) -> str:
    """As it stands in a letter: 3 May 2026."""
    return f"{day.day} {day:%B %Y}"


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def deadline(dates: Dates, today: date) -> Deadline:
    """When the answer is due, as far as it can be said `today`."""
    if dates.right is Right.COMPLAINT:
        due = dates.received + timedelta(days=COMPLAINT_DAYS - 1)
        return Deadline(Phase.RUNNING, dates.received, due, due, None, 0, extended=False, warnings=())
    warnings = list(_late_questions(dates))
    if any(wait.came is None for wait in dates.before_start):
        return Deadline(Phase.WAITING, None, None, None, None, 0, extended=False, warnings=tuple(warnings))
    starts = max([dates.received, *(wait.came for wait in dates.before_start if wait.came)])
    pauses = dates.questions if dates.right is Right.ACCESS else ()
    paused = _paused_days(pauses, add_months(starts, 1), starts, dates.pause_rule, today)
    notice_by = add_months(starts, 1) + timedelta(days=paused)
    in_time = dates.extended is not None and dates.extended <= notice_by
    if dates.extended and not in_time:
        warnings.append(f"The notice of an extension came after {written(notice_by)}: it does not count.")
    end = add_months(starts, 3 if in_time else 1)
    paused = _paused_days(pauses, end, starts, dates.pause_rule, today)
    base = end + timedelta(days=paused)
    due = working_day_from(base, dates.division)
    if due > ANNOUNCED_UNTIL:
        warnings.append(f"Bank holidays after {ANNOUNCED_UNTIL.year} are not announced: check the day again.")
    return Deadline(
        phase=Phase.PAUSED if any(wait.came is None for wait in pauses) else Phase.RUNNING,
        starts=starts,
        due=due,
        target=starts + timedelta(days=TARGET_DAYS + paused) if not in_time else base,
        notice_by=None if in_time else notice_by,
        paused_days=paused,
        extended=in_time,
        warnings=(*warnings, *_unanswered(pauses, today)),
    )


def _paused_days(questions: Iterable[Wait], end: date, starts: date, rule: PauseRule, today: date) -> int:
    """Days that do not count, each once; a question asked when the answer was overdue stops nothing."""
    paused: set[date] = set()
    for wait in sorted(questions, key=lambda wait: wait.asked):
        if wait.asked > end + timedelta(days=len(paused)):
            continue
        last = wait.came if wait.came else max(today, wait.asked)
        days = (last - wait.asked).days + (1 if rule is PauseRule.STATUTE else 0)
        paused.update(day for day in (wait.asked + timedelta(days=n) for n in range(days)) if day >= starts)
    return len(paused)


def _late_questions(dates: Dates) -> Iterable[str]:
    for wait in dates.before_start:
        if (days := (wait.asked - dates.received).days) > ASK_WITHIN:
            yield f"Proof was asked for {days} days after the request came: the ICO expects it promptly."
    if dates.questions and dates.right is not Right.ACCESS:
        yield "Questions stop the time of access requests only: this one runs on."


def _unanswered(pauses: Iterable[Wait], today: date) -> Iterable[str]:
    for wait in pauses:
        if wait.came is None and (today - wait.asked).days > UNANSWERED:
            yield (
                f"The question of {written(wait.asked)} was not answered for more than a month. "
                "You may close the request; keep a note of why."
            )
