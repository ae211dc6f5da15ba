"""The command schedule: places and a day of the month go in, a timer is printed, installed or taken away."""

from collections.abc import Sequence
from pathlib import Path

import click

from reports.safe import printable
from scanner.home import default_home
from scanner.plan import PlanError
from subjects.cases.commands import today
from subjects.exits import COMPLETE, exits, say
from subjects.options import HOME, PATH
from subjects.scheduling.monthly import PAGE, make_audit, require_writable
from subjects.scheduling.schedule import make_schedule
from subjects.scheduling.timers import TIMERS, usual

_EXAMPLES = """\b
Examples:
  whosedata schedule ./share --into ./audits
  whosedata schedule ./share --into ./audits --config whosedata.toml --day 1 --at 02:30 --install
  whosedata schedule ./share --into ./audits --now
  whosedata schedule ./share --into ./audits --remove
"""


@click.command("schedule", epilog=_EXAMPLES)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--into", required=True, type=PATH, metavar="FOLDER", help="Where the dated reports and audits are kept, outside of PATH.")  # fmt: skip  # noqa: E501
@click.option("--day", default=1, show_default=True, metavar="N", help="Day of the month, 1 to 28.")
@click.option("--at", default="02:00", show_default=True, metavar="TIME", help="Time of that day.")
@click.option("--with", "timer", type=click.Choice(list(TIMERS)), metavar="TIMER", help="systemd, cron or windows.  [default: what this system has]")  # fmt: skip  # noqa: E501
@click.option("--name", default="audit", show_default=True, metavar="NAME", help="Tells several schedules apart.")
@click.option("--config", type=PATH, metavar="FILE", help="Settings in TOML, for the scan and for the audit.")
@click.option("--ropa", type=PATH, metavar="FILE", help="Your record of processing activities (ropa.yaml).")
@click.option("--passwords", type=PATH, metavar="FILE", help="Passwords to try on what is encrypted, one a line.")
@click.option("--credentials", type=PATH, metavar="FILE", help="How to log in at addresses (TOML).")
@HOME
@click.option("--install", "action", flag_value="install", help="Install the timer for your user. Can be repeated.")
@click.option("--remove", "action", flag_value="remove", help="Take the timer away; the audits stay.")
@click.option("--now", "action", flag_value="now", help="Scan and audit once, now: this is what the timer runs.")
@click.pass_context
@exits
def schedule_command(
    context: click.Context, *, paths: tuple[str, ...], into: Path, day: int, at: str, timer: str | None, name: str,
    config: Path | None, ropa: Path | None, passwords: Path | None, credentials: Path | None, home: Path | None,
    action: str | None,
) -> None:  # fmt: skip
    """Scan and audit places every month, and keep each audit beside those before it.

    Without --install the timer is only printed. Each run reads what changed since the last, writes
    FOLDER/2026-12-01/ (report, audit.html, audit.parquet, worklists) and renews FOLDER/audit.html.
    """
    files = (("--config", config), ("--ropa", ropa), ("--passwords", passwords), ("--credentials", credentials))
    schedule = make_schedule(paths, into, home or default_home(), day=day, at=at, name=name, files=files)
    chosen = TIMERS[timer or usual()]
    if action == "now":
        page, code = make_audit(schedule, today(), lambda words: _run(context, words))
        if code in {COMPLETE, 1, 3}:
            say([printable(f"Page       {page}"), printable(f"The same   {schedule.into / PAGE}")])
        raise SystemExit(code)
    if action == "install":
        require_writable(schedule.into)
    steps = {"install": chosen.install, "remove": chosen.remove}.get(action or "", chosen.shown)
    say(steps(schedule))
    if action is None:
        click.echo("whosedata: nothing was installed. Add --install for that, or --now to try it once.", err=True)


def _run(context: click.Context, words: Sequence[str]) -> int:
    """Run another of our commands in this process; its exit code."""
    root = context.find_root().command
    if not isinstance(root, click.Group):
        raise PlanError("Type it as whosedata schedule.")
    try:
        root.main(list(words), prog_name="whosedata", standalone_mode=False)
    except click.ClickException as error:
        raise PlanError(error.format_message()) from error
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else COMPLETE
    return COMPLETE
