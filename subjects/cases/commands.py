"""The commands about requests: case new, list, show, event, close, purge, and cases."""

import os
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import click

from reports.safe import printable
from scanner.home import default_home, load_key
from scanner.plan import PlanError
from subjects.cases.answers import FORMS, review_row, row_of, told
from subjects.cases.case import DIRECT_MARKETING, Case, Outcome, check_event, fold
from subjects.cases.clock import PauseRule, Right, add_months
from subjects.cases.events import MEANINGS, Kind
from subjects.cases.journal import CaseJournal
from subjects.cases.opening import opening_events, said_of
from subjects.cases.working_days import Division
from subjects.exits import exits, say
from subjects.finding.seeds import make_seed
from subjects.options import CASE, HOME
from subjects.person_options import pair, person_options
from subjects.restriction.markers import holding

PASSPHRASE = "WHOSEDATA_PASSPHRASE"  # noqa: S105 - the name of a variable, not a passphrase
KEEP_YEARS = 3
_BY_HAND = [kind for kind in Kind if kind not in {Kind.OPENED, Kind.PURGED}]
_EVENTS = "\b\nEvents, and what must be said of them:\n" + "\n".join(
    f"  {kind.value:<20} {MEANINGS[kind].words}" + "".join(f" --say {word}=…" for word in MEANINGS[kind].needs)
    for kind in _BY_HAND
)


def _choice(values: Iterable[StrEnum]) -> click.Choice[str]:
    """The values as they are typed; click would take the names of an enum."""
    return click.Choice([value.value for value in values])


_ON = click.option("--on", "day", metavar="DATE", help="The day on which it happened.  [default: today]")


@click.group("case")
def case_group() -> None:
    """Keep the requests of people: what was asked, by when to answer, what was done.

    Cases live in the home folder and nowhere else, in a journal to which lines are only added. Set WHOSEDATA_PASSPHRASE
    before the first case to have their words encrypted. This is no legal advice.

    \b
    Example:
      whosedata case new --right access --name "Peggy Tolliver" --email peggy@home.example --received 2026-11-25
      whosedata cases --due 14
    """


@case_group.command("new")
@click.option("--right", "rights", multiple=True, required=True, type=_choice(Right), help="What is asked for. May be repeated.")  # fmt: skip  # noqa: E501
@person_options
@click.option("--received", metavar="DATE", help="The day on which it came, day off or not.  [default: today]")
@click.option("--channel", default="", metavar="TEXT", help="How it came: e-mail, letter, telephone ...")
@click.option("--agent", default="", metavar="NAME", help="Who asks for the person; ask for their authority.")
@click.option("--about", type=click.Choice([DIRECT_MARKETING, "legitimate-interests"]), default=None, help="What an objection is against; direct marketing always ends.")  # fmt: skip  # noqa: E501
@click.option("--division", type=_choice(Division), default=Division.ENGLAND_AND_WALES.value, show_default=True, help="Whose bank holidays count.")  # fmt: skip  # noqa: E501
@click.option("--pauses", type=_choice(PauseRule), default=PauseRule.SAFE.value, show_default=True, help="How days of a pause are counted: safe is a day shorter.")  # fmt: skip  # noqa: E501
@HOME
@exits
def new_command(
    *, rights: tuple[str, ...], received: str | None, channel: str, agent: str, about: str | None,
    division: str, pauses: str, home: Path | None, ids: tuple[str, ...], **given: Any,
) -> None:  # fmt: skip
    """Write down a request: one case for each right; access is answered before anything is erased."""
    journal = journal_of(home or default_home())
    cases = fold(journal.events())
    person = make_seed(**given, ids=tuple(pair(text) for text in ids))
    said = said_of(channel=channel, agent=agent, about=about, division=division, pauses=pauses)
    day = day_of(received)
    added = journal.add(opening_events(cases, map(Right, rights), person, day, said))
    cases = fold(journal.events())
    for event in added:
        say(told(cases[event.case_id], today()))
    say([f"Next       whosedata case event {added[0].case_id} identity-confirmed --say method=…   (or identity-asked)"])


@case_group.command("list")
@click.option("--all", "closed", is_flag=True, help="Closed ones, too.")
@click.option("--due", "within", type=int, metavar="DAYS", help="Only what is due within so many days, or overdue.")
@click.option("--format", "form", type=click.Choice(list(FORMS)), default="table", show_default=True, help="How to print.")  # fmt: skip  # noqa: E501
@HOME
@exits
def list_command(*, closed: bool, within: int | None, form: str, home: Path | None) -> None:
    """List the requests, the next due first.

    \b
    Example:
      whosedata cases --due 14
    """
    day = today()
    cases = [case for case in fold(journal_of(home or default_home()).events()).values() if closed or case.is_open]
    if within is not None:
        cases = [case for case in cases if case.is_open and ((due := case.deadline(day).due) is None or (due - day).days <= within)]  # fmt: skip  # noqa: E501
    cases.sort(key=lambda case: (not case.is_open, case.deadline(day).due or date.min, case.case_id))
    rows = [row_of(case, day) for case in cases]
    rows += [
        review_row(one.number, one.since, one.review, day)
        for one in holding(home or default_home())
        if within is not None and (one.review - day).days <= within
    ]
    if form == "table" and not rows:
        say(["No requests." if within is None else f"No request is due within {within} days."])
        return
    say(FORMS[form](rows))


@case_group.command("show")
@CASE
@HOME
@exits
def show_case_command(*, case_id: str, home: Path | None) -> None:
    """Show one request: who asks, when it is due, what happened, what is to do.

    \b
    Example:
      whosedata case show 2026-0001
    """
    say(told(case_of(fold(journal_of(home or default_home()).events()), case_id), today()))


@case_group.command("event", epilog=_EVENTS)
@CASE
@click.argument("kind", type=_choice(_BY_HAND), metavar="EVENT")
@_ON
@click.option("--say", "words", multiple=True, metavar="WORD=TEXT", help="What is to be said of it. May be repeated.")
@HOME
@exits
def event_command(*, case_id: str, kind: str, day: str | None, words: tuple[str, ...], home: Path | None) -> None:
    """Add to a request what happened.

    \b
    Example:
      whosedata case event 2026-0001 identity-asked --on 2026-11-26
      whosedata case event 2026-0001 identity-confirmed --say method="known by telephone"
      whosedata case event 2026-0001 to-do --say what="take her out of the backup on the shelf"
    """
    said = dict(_word(text) for text in words)
    _add(journal_of(home or default_home()), case_id, Kind(kind), day_of(day), said)


@case_group.command("close")
@CASE
@click.option("--outcome", type=_choice(Outcome), required=True, help="How it ended.")
@click.option("--why", default="", metavar="TEXT", help="The reason that the person is told.")
@_ON
@HOME
@exits
def close_command(*, case_id: str, outcome: str, why: str, day: str | None, home: Path | None) -> None:
    """End a request. It is answered only when every step is done.

    \b
    Example:
      whosedata case close 2026-0001 --outcome responded
    """
    _add(journal_of(home or default_home()), case_id, Kind.CLOSED, day_of(day), said_of(outcome=outcome, why=why))


@case_group.command("purge")
@click.argument("case_ids", nargs=-1, metavar="CASE...")
@click.option("--older-than", "years", type=int, metavar="YEARS", help=f"All that ended so long ago; {KEEP_YEARS} is usual.")  # fmt: skip  # noqa: E501
@HOME
@exits
def purge_command(*, case_ids: tuple[str, ...], years: int | None, home: Path | None) -> None:
    """Take the words of ended requests away for good; that there was a request, and when, stays.

    \b
    Example:
      whosedata case purge --older-than 3
    """
    journal = journal_of(home or default_home())
    cases = fold(journal.events())
    day = today()
    old = [case.case_id for case in cases.values() if years is not None and _ended_before(case, add_months(day, -12 * years))]  # fmt: skip  # noqa: E501
    chosen = [case_of(cases, case_id) for case_id in dict.fromkeys((*case_ids, *old))]
    if not (case_ids or years is not None):
        raise PlanError("Name the cases, or give --older-than YEARS.")
    for case in chosen:
        if case.is_open:
            raise PlanError(f"{case.case_id} is open. Close it first.")
    for case in chosen:
        kept = said_of(right=case.right, division=case.dates.division, outcome=case.outcome)
        journal.purge(case.case_id, day, kept)
    say([f"{len(chosen)} {'case' if len(chosen) == 1 else 'cases'} purged."])


def _add(journal: CaseJournal, case_id: str, kind: Kind, day: date, said: dict[str, str]) -> None:
    cases = fold(journal.events())
    case = case_of(cases, case_id)
    check_event(cases, case, kind, day, said)
    journal.add([(case_id, kind, day, said)])
    after = fold(journal.events())[case_id]
    say([f"{case_id}  {kind}: {MEANINGS[kind].words}", *FORMS["table"]([row_of(after, today())])])


def journal_of(place: Path) -> CaseJournal:
    """The journal of a home, with the passphrase of the environment; tells when that comes too late.

    Raises:
        HomeError: the home cannot be used.
    """
    journal = CaseJournal(place, load_key(place), os.environ.get(PASSPHRASE, ""))
    if journal.passphrase and journal.is_open_to_read():
        click.echo(
            f"whosedata: {PASSPHRASE} is set, but the cases in {printable(str(place))} were begun without it and are "
            "not encrypted.", err=True,
        )  # fmt: skip
    return journal


def case_of(cases: dict[str, Case], case_id: str) -> Case:
    """The case of this number; raises PlanError when there is none."""
    if case_id not in cases:
        known = f" Known are: {_few(list(cases))}." if cases else " There are none yet: whosedata case new."
        raise PlanError(f"There is no case {printable(case_id)}.{known}")
    return cases[case_id]


def _few(ids: Sequence[str]) -> str:
    return ", ".join(ids[-5:])


def _ended_before(case: Case, day: date) -> bool:
    last = case.events[-1].kind
    return not case.is_open and last is not Kind.PURGED and max(event.day for event in case.events) < day


def _word(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise PlanError(f'--say {text}: write WORD=TEXT, such as --say why="she asked by telephone".')
    return name, value


def day_of(text: str | None) -> date:
    """A day as it is typed, today when it is not; raises PlanError for what is no day, or still to come."""
    if text is None:
        return today()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise PlanError(f"“{text}” is not a date. Write it like 2026-11-25.") from None
    if day > today():
        raise PlanError(f"{day} is still to come.")
    return day


def today() -> date:
    """The day on the clock of who works on the case, which is the law's day in the United Kingdom."""
    return date.today()


cases_command = click.Command(
    "cases", callback=list_command.callback, params=list_command.params, help=list_command.help
)
