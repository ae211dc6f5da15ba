"""The command doctor: a home and a report folder are named, what this installation can and cannot do is printed."""

import json
from pathlib import Path

import click

from scanner.home import default_home
from subjects.doctor.check import as_lines, as_rows, exit_code
from subjects.doctor.keeping import keeping_checks
from subjects.doctor.machine import machine_checks
from subjects.doctor.reading import reading_checks
from subjects.exits import exits, say
from subjects.options import HOME, PATH

_EXAMPLES = """\b
Examples:
  whosedata doctor
  whosedata doctor --home ./client --out /srv/reports --json
"""


@click.command("doctor", epilog=_EXAMPLES)
@HOME
@click.option("--out", type=PATH, default=Path(), metavar="FOLDER", help="Where reports are to be written.  [default: this folder]")  # fmt: skip  # noqa: E501
@click.option("--json", "as_json", is_flag=True, help="For machines: name, state, says, do of each check.")
@exits
def doctor_command(*, home: Path | None, out: Path, as_json: bool) -> None:
    """Say what this installation can and cannot do, and what to do about it.

    Nothing is changed, sent or made, and no secret is printed. Exit codes: 0 all is good (optional parts that are
    not installed do not count), 3 something is limited, 4 something is broken.
    """
    checks = [
        *reading_checks(),
        *keeping_checks((home or default_home()).absolute(), out.absolute()),
        *machine_checks(),
    ]
    code = exit_code(checks)
    if as_json:
        say([json.dumps({"exit_code": code, "checks": as_rows(checks)}, indent=2, ensure_ascii=True)])
    else:
        say(as_lines(checks))
    raise SystemExit(code)
