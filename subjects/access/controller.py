"""The section [controller] of whosedata.toml goes in, what a letter says of the organisation comes out.

A letter says "not determined" of what is not written there: a blank would look like "none" (Article 15(1)).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from scanner.config import unknown
from scanner.plan import PlanError

UNKNOWN = "not determined"


@dataclass(frozen=True, slots=True)
class Controller:
    """The organisation as it answers. Article 15(1)(a), (c), (d), (f), (h) and 15(2) each have a field."""

    name: str = UNKNOWN
    contact: str = UNKNOWN
    purposes: str = UNKNOWN
    recipients: str = UNKNOWN
    retention: str = UNKNOWN
    transfers: str = UNKNOWN
    automated_decisions: str = UNKNOWN
    automated_decisions_checked: str = UNKNOWN
    complaints: str = UNKNOWN


def read_controller(configured: Mapping[str, Any]) -> Controller:
    """What is configured.

    Raises:
        PlanError: a word is not known, or is no text.
    """
    given = configured.get("controller", {})
    known = [field.name for field in fields(Controller)]
    if not isinstance(given, dict):
        raise PlanError("controller is a section: write [controller] on a line of its own, once, above its keys.")
    if wrong := unknown("key {} in [controller]", given, known):
        raise PlanError(wrong)
    if empty := next((key for key, value in given.items() if not isinstance(value, str) or not value.strip()), ""):
        raise PlanError(f'{empty} in [controller] needs a text in quotation marks, such as {empty} = "…".')
    return Controller(**given)


def undetermined(controller: Controller, recipients: bool) -> list[str]:
    """Words of [controller] that are missing, so that a letter says "not determined".

    Whether some `recipients` are listed one by one makes up for a missing word; complaints go to the contact.
    """
    made_up = {"complaints"} | ({"recipients"} if recipients else set())
    words = [one.name for one in fields(controller) if one.name not in made_up]
    return [word for word in words if getattr(controller, word) == UNKNOWN]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who receives personal data: an entry [[recipients]] of whosedata.toml (Articles 15(1)(c) and 19)."""

    name: str
    contact: str = UNKNOWN
    what: str = UNKNOWN


def read_recipients(configured: Mapping[str, Any]) -> tuple[Recipient, ...]:
    """Who is configured.

    Raises:
        PlanError: an entry has no name, or a word that is not known.
    """
    known = [field.name for field in fields(Recipient)]
    entries = configured.get("recipients", ())
    if not isinstance(entries, list | tuple) or not all(isinstance(one, dict) for one in entries):
        raise PlanError('Write each recipient as [[recipients]] with name = "…".')
    for entry in entries:
        if wrong := unknown("key {} in [[recipients]]", entry, known):
            raise PlanError(wrong)
        if "name" not in entry or not all(isinstance(value, str) and value.strip() for value in entry.values()):
            raise PlanError(
                '[[recipients]] needs a name, and each of its keys a text in quotation marks, such as name = "…".'
            )
    return tuple(Recipient(**entry) for entry in entries)


def machine_decisions(controller: Controller) -> str:
    """What a letter says of decisions by machines (Articles 15(1)(h) and 22A to 22D), with the day it was checked."""
    said, checked = controller.automated_decisions, controller.automated_decisions_checked
    when = (
        f" This was last checked on {checked}."
        if checked != UNKNOWN
        else " When this was last checked: not determined."
    )
    if said.strip().casefold().rstrip(".") == "none":
        return (
            "We make no significant decision about you by automated means alone, that is without a person who has a "
            f"meaningful part in it (UK GDPR Articles 22A to 22D), and we do no profiling for such decisions.{when}"
        )
    if said == UNKNOWN:
        return UNKNOWN
    return (
        f"{said} You may be told about such a decision, make representations, have a person look at it, and contest it "
        f"(UK GDPR Article 22C).{when}"
    )
