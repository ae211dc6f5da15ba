"""The commands about people whose data may only be stored: restrict add, list, review, lift, check."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from reports.parquet import open_report
from reports.safe import printable
from scanner.home import default_home, load_key
from scanner.keys import Keyring
from scanner.plan import PlanError
from subjects.cases.case import fold
from subjects.cases.commands import case_of, day_of, journal_of, today
from subjects.cases.events import Kind
from subjects.cases.opening import seed_of
from subjects.exits import MATCHED, exits, say
from subjects.finding.seeds import make_seed
from subjects.linking.link import require_home
from subjects.options import HOME, REPORTS
from subjects.person_options import pair, person_options
from subjects.restriction.checking import restricted_hits
from subjects.restriction.markers import GROUNDS, Ground, holding, lift, markers, put_off, restrict

_NUMBER = click.argument("number", type=int, metavar="RESTRICTION")
REVIEW_DAYS = 90


@click.group("restrict")
def restrict_group() -> None:
    """Keep the people whose data may be stored and nothing more, as keyed hashes, each with a day of review.

    Later scans count what is restricted, mailing lists are cleared of it, and nothing of it is erased.

    \b
    Example:
      whosedata restrict add --case 2026-0005 --ground accuracy --review 2027-01-15
      whosedata restrict check report.parquet
    """


@restrict_group.command("add", epilog="\b\nGrounds:\n" + "\n".join(f"  {ground.value:<10} {words}" for ground, words in GROUNDS.items()))  # fmt: skip  # noqa: E501
@click.option("--case", "case_id", default="", metavar="CASE", help="The person of a request, which is told so.")
@person_options
@click.option("--ground", required=True, type=click.Choice([one.value for one in Ground]), help="Why; see below.")
@click.option("--since", metavar="DATE", help="The day from which it holds.  [default: today]")
@click.option("--review", metavar="DATE", help=f"The day to look at it again.  [default: in {REVIEW_DAYS} days]")
@click.option("--why", default="", metavar="TEXT", help="Your note; do not repeat a name or number in it.")
@HOME
@exits
def add_command(
    *, case_id: str, ground: str, since: str | None, review: str | None, why: str, home: Path | None,
    ids: tuple[str, ...], **given: Any,
) -> None:  # fmt: skip
    """Restrict the data of a person. Nothing in any file is changed."""
    place = home or default_home()
    day = day_of(since)
    until = _later(review) if review else day + timedelta(days=REVIEW_DAYS)
    journal = journal_of(place)
    if case_id:
        person = seed_of(case_of(fold(journal.events()), case_id))
    else:
        person = make_seed(**given, ids=tuple(pair(text) for text in ids))
    keyring = Keyring(load_key(place))
    number = restrict(place, keyring, person, ground=Ground(ground), since=day, review=until, why=why, case_id=case_id)
    if case_id:
        said = {"what": f"restriction {number}, since {day}, review {until}", "ground": ground}
        journal.add([(case_id, Kind.MARKED, today(), said)])
    say([f"Restriction {number}, since {day}; look at it again on {until}"])
    say(["Next       whosedata restrict check REPORT, and whosedata restrict check before every mailing or export"])


@restrict_group.command("list")
@HOME
@exits
def list_command(*, home: Path | None) -> None:
    """List the restrictions: ground, day of review, whether lifted. Nobody's name is kept.

    \b
    Example:
      whosedata restrict list
    """
    found = markers(home or default_home())
    say([] if found else ["Nobody's data are restricted."])
    for one in found:
        state = "holds" if one.holds else f"lifted {one.lifted}, told {one.told}"
        dates = f"since {one.since}  review {one.review}"
        say([printable(f"{one.number:>5}  {dates}  {one.ground:<10} {state:<12} {one.case_id:<10} {one.why}")])


@restrict_group.command("review")
@_NUMBER
@click.option("--until", required=True, metavar="DATE", help="The next day to look at it.")
@HOME
@exits
def review_command(*, number: int, until: str, home: Path | None) -> None:
    """Say that somebody looked at a restriction and that it goes on.

    \b
    Example:
      whosedata restrict review 3 --until 2027-04-15
    """
    put_off(home or default_home(), number, _later(until))
    say([f"Restriction {number} goes on; look at it again on {until}"])


@restrict_group.command("lift")
@_NUMBER
@click.option("--told", metavar="DATE", help="The day on which the person was told that it would end.")
@HOME
@exits
def lift_command(*, number: int, told: str | None, home: Path | None) -> None:
    """End a restriction. The person must have been told before (Article 18(3)).

    \b
    Example:
      whosedata restrict lift 3 --told 2027-01-20
    """
    if not told:
        raise PlanError("Tell the person before the restriction ends (Article 18(3)), then say when: --told DATE")
    place = home or default_home()
    day = day_of(told)
    marker = lift(place, number, day, today())
    if marker.case_id:
        note = {"note": f"restriction {number} lifted; the person was told on {day}"}
        journal_of(place).add([(marker.case_id, Kind.NOTE, today(), note)])
    say([f"Restriction {number} is lifted."])


@restrict_group.command("check")
@REPORTS
@HOME
@exits
def check_command(*, reports: tuple[Path, ...], home: Path | None) -> None:
    """Look in reports for data that may only be stored. Exit code 1 when there are any.

    For a mailing list or an export as CSV: whosedata suppress check FILE.csv --out FILE leaves these people out, too.

    \b
    Example:
      whosedata restrict check report.parquet
    """
    place = home or default_home()
    require_home(list(reports), place)
    held, count = holding(place), 0
    for report in reports:
        for marker, hit in restricted_hits(open_report(report), held, place):
            count += 1
            row = hit.row
            where = f"{row['root']}/{row['item']}  {row['location']}"
            said = f"{row['entity_type']:<16} {row['preview']:<16} {where}"
            say([printable(f"{said}  restriction {marker.number}, review {marker.review}")])
    say([f"{count:,} findings may only be stored."])
    if count:
        raise SystemExit(MATCHED)


def _later(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise PlanError(f"“{text}” is not a date. Write it like 2027-01-15.") from None
    if day <= today():
        raise PlanError(f"{day} is not later than today.")
    return day
