"""The section [controller] of whosedata.toml goes in, what a letter says of the organisation comes out.

A letter says "not determined" of what is not written there: a blank would look like "none" (Article 15(1)).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

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
    complaints: str = UNKNOWN


def read_controller(configured: Mapping[str, Any]) -> Controller:
    """What is configured.

    Raises:
        PlanError: a word is not known, or is no text.
    """
    given = configured.get("controller", {})
    known = [field.name for field in fields(Controller)]
    if not isinstance(given, dict) or not set(given) <= set(known):
        raise PlanError(f"[controller] holds a word that is not known. Known are: {', '.join(known)}.")
    if not all(isinstance(value, str) and value.strip() for value in given.values()):
        raise PlanError("Each word of [controller] needs a text in quotation marks.")
    return Controller(**given)
