"""The command policy-check: a privacy notice and a report go in, what does not fit comes out."""

from datetime import date
from pathlib import Path

import click

from reports.audit.reading import read_held
from reports.notice.check import check_notice, remarks_told
from reports.parquet import open_report
from scanner.encoding import decode
from scanner.plan import PlanError
from subjects.cases.commands import today
from subjects.exits import MATCHED, exits, say


@click.command("policy-check", epilog="\b\nExample:\n  whosedata policy-check privacy-notice.txt report.parquet\n")
@click.argument("notice", type=click.Path(path_type=Path), metavar="POLICY.txt")
@click.argument("report", type=click.Path(path_type=Path))
@click.option("--on", "day", metavar="DATE", help="Judge by this day.  [default: today]")
@exits
def policy_check_command(*, notice: Path, report: Path, day: str | None) -> None:
    """Compare a privacy notice with what was found: what it does not name, denies, or says by old law.

    The notice is a text file. Exit code 1 when something does not fit.
    """
    try:
        text = decode(notice.read_bytes())
        judged = date.fromisoformat(day) if day else today()
    except OSError as error:
        raise PlanError(f"{notice} cannot be read ({error.strerror}).") from error
    except ValueError:
        raise PlanError(f"--on {day} is not a date. Write it like 2026-11-25.") from None
    if "\0" in text or not text.strip():
        raise PlanError(f"{notice} is no text. Save the notice as plain text (.txt).")
    remarks = check_notice(text, read_held(open_report(report)), judged)
    say(remarks_told(remarks))
    if remarks:
        raise SystemExit(MATCHED)
