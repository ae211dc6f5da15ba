"""The options by which a person is named on the command line, for every command that asks for one."""

from collections.abc import Callable
from typing import Any

import click

from scanner.plan import PlanError

_OPTIONS = (
    click.option(
        "--name", "names", multiple=True, metavar="NAME", help="Forename and surname. May be repeated, as all of these."
    ),
    click.option("--alias", "aliases", multiple=True, metavar="NAME", help="Another name: maiden, married, nickname."),
    click.option("--email", "emails", multiple=True, metavar="ADDRESS", help="E-mail address."),
    click.option("--phone", "phones", multiple=True, metavar="NUMBER", help="Telephone number."),
    click.option("--address", "addresses", multiple=True, metavar="TEXT", help="Postal address with postcode."),
    click.option("--dob", "births", multiple=True, metavar="DATE", help="Date of birth."),
    click.option("--id", "ids", multiple=True, metavar="TYPE=NUMBER", help="Number of a type, such as UK_NINO=..."),
)


def person_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with these options, in this order."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def pair(text: str) -> tuple[str, str]:
    """TYPE=NUMBER as it is typed; raises PlanError when it is not."""
    kind, sign, number = text.partition("=")
    if not sign:
        raise PlanError(f"--id {text}: write TYPE=NUMBER, such as UK_NINO=... (scan --detectors lists the types).")
    return kind, number
