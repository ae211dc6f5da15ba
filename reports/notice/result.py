"""What does not fit between a privacy notice, a report and the law, as frozen values."""

from dataclasses import dataclass
from enum import StrEnum


class Misfit(StrEnum):
    """How a notice fails. The notice is public, so its own words may be quoted."""

    CONTRADICTED = "contradicted"  # it says that something is not held, and it is
    UNDECLARED = "undeclared"  # found, and not in the notice (Article 13)
    OUTDATED = "outdated"  # law that is no longer in force
    MISSING = "missing"  # what Article 13 or the DPA 2018 asks for
    UNCLEAR = "unclear"  # broken sentences, periods without a length
    NOT_FOUND = "not found"  # declared, and nothing of it was found


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that does not fit. `line` is of the notice, 0 for all of it; `found` counts findings."""

    misfit: Misfit
    what: str
    advice: str
    line: int = 0
    quote: str = ""
    found: int = 0


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a notice, and the line in which it begins (from 1)."""

    text: str
    line: int
