"""Fields of forms and cells of tables go in, what people chose comes out: consent to mailings, ways to be reached.

They are personal data where they are somebody's: detectors.about keeps them only beside a person in the same record.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detectors.hints import spread
from detectors.labelled import spans_of_fields
from detectors.labels import expected_types
from detectors.special import NEEDS
from detectors.types import Detector, DetectorOptions, Evidence, Span, Text

PREFERENCE = "PREFERENCE"
NAME = "preferences"
SCORE = 0.85
LONGEST = 200
_NOTHING = frozenset({"", "n/a", "na", "null", "unknown", "-", "?", "tbc", "not asked", "not stated"})
_CUE = re.compile(r"opt|prefer|consent|subscri|newsletter|mailing|marketing|interests|contact", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PreferenceDetector:
    """Finds preferences, by label only."""

    name: str = NAME
    entity_types: tuple[str, ...] = (PREFERENCE,)
    needs: tuple[str, ...] = NEEDS

    def detect(self, texts: Sequence[Text]) -> Iterator[list[Span]]:
        """One list of spans for each text."""
        return spread(texts, self.find(texts))

    def find(self, texts: Sequence[Text]) -> dict[int, list[Span]]:
        """The spans of the texts that have any."""
        return spans_of_fields(texts, PREFERENCE, _CUE, _field)


def _field(label: str, text: str, start: int, end: int) -> Iterator[Span]:
    if PREFERENCE not in expected_types(label):
        return
    value = text[start:end].strip()
    if value.casefold() in _NOTHING or len(value) > LONGEST:
        return
    start = text.index(value, start)
    evidence = Evidence(pattern="a field of its own", label=label[:200])
    normal = " ".join(value.casefold().split())
    yield Span(PREFERENCE, start, start + len(value), SCORE, NAME, "a choice under its label", normal, evidence)


def load(options: DetectorOptions) -> list[Detector]:  # noqa: ARG001 - every factory is given the options
    """The detector of preferences."""
    return [PreferenceDetector()]
