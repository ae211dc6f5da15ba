"""The command purge: reports and periods go in, what is past its time is listed and, when a person says so, removed."""

from collections.abc import Sequence
from pathlib import Path

import click

from reports.parquet import report_paths
from reports.safe import printable
from scanner.home import default_home
from subjects.cases.case import fold
from subjects.cases.commands import journal_of, today
from subjects.exits import exits, say
from subjects.options import HOME, PATH
from subjects.purging.expired import Old, old_things, remove

REPORT_DAYS, QUARANTINE_DAYS = 90, 14
_EXAMPLES = """\b
Examples:
  whosedata purge reports/*.parquet
  whosedata purge reports/*.parquet --days 30 --confirm
"""


@click.command("purge", epilog=_EXAMPLES)
@click.argument("reports", nargs=-1, type=PATH, metavar="[REPORT]...")
@click.option("--days", type=click.IntRange(min=0), default=REPORT_DAYS, show_default=True, metavar="N", help="Days that reports are kept.")  # fmt: skip  # noqa: E501
@click.option("--quarantine-days", type=click.IntRange(min=0), default=QUARANTINE_DAYS, show_default=True, metavar="N", help="Days that erased files can be brought back.")  # fmt: skip  # noqa: E501
@click.option("--confirm", is_flag=True, help="Remove it. Without this it is only listed.")
@HOME
@exits
def purge_command(
    *, reports: tuple[Path, ...], days: int, quarantine_days: int, confirm: bool, home: Path | None
) -> None:
    """List, and with --confirm remove, what is past its time.

    That is each REPORT that is named, the earlier reports and stopped scans in the home, and the encrypted copies of
    erased files, after which an erasure is final. What an open request or one on hold needs stays. The words of cases
    go by `whosedata case purge`.
    """
    place = home or default_home()
    cases = fold(journal_of(place).events()).values() if place.exists() else ()
    beside = {path for file in reports for path in report_paths(file).companions}  # a shell's * names them, too
    named = [file for file in dict.fromkeys(reports) if file not in beside]
    old = old_things(place, named, list(cases), today(), days=days, quarantine_days=quarantine_days)
    going = [one for one in old if not one.needed_by]
    if confirm:
        for one in going:
            remove(one)
    say(_line(one, "removed" if confirm else "to go") for one in old)
    say([_end(going, confirm)])


def _line(one: Old, verb: str) -> str:
    why = f"  (for {one.needed_by}, which is open or on hold)" if one.needed_by else ""
    return printable(f"{'stays' if one.needed_by else verb:<8} {one.made}  {one.what}  {one.place}{why}")


def _end(going: Sequence[Old], confirm: bool) -> str:
    if not going:
        return "Nothing is past its time."
    return f"{len(going)} removed." if confirm else f"{len(going)} to go. Nothing was removed yet: add --confirm."
