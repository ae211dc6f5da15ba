"""Fields of forms and cells of tables go in, what they say of somebody's gender comes out, by their label.

Few who record it need it (UK GDPR Article 5(1)(c)): an audit and a privacy notice are asked about it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detectors.hints import spread
from detectors.labelled import spans_of_fields
from detectors.labels import expected_types
from detectors.special import NEEDS
from detectors.types import Detector, DetectorOptions, Evidence, Span, Text

GENDER = "GENDER"
NAME = "gender"
SCORE = 0.85
_VALUES = {
    "m": "male", "male": "male", "man": "male", "boy": "male", "f": "female", "female": "female", "woman": "female",
    "girl": "female", "non-binary": "other", "nonbinary": "other", "other": "other", "x": "other",
    "prefer not to say": "not said",
}  # fmt: skip
_CUE = re.compile(r"\b(?:gender|sex)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GenderDetector:
    """Finds genders, by label and value together."""

    name: str = NAME
    entity_types: tuple[str, ...] = (GENDER,)
    needs: tuple[str, ...] = NEEDS

    def detect(self, texts: Sequence[Text]) -> Iterator[list[Span]]:
        """One list of spans for each text."""
        return spread(texts, self.find(texts))

    def find(self, texts: Sequence[Text]) -> dict[int, list[Span]]:
        """The spans of the texts that have any."""
        return spans_of_fields(texts, GENDER, _CUE, _field)


def _field(label: str, text: str, start: int, end: int) -> Iterator[Span]:
    value = text[start:end].strip()
    normal = _VALUES.get(value.casefold())
    if normal is None or GENDER not in expected_types(label):
        return
    start = text.index(value, start)
    evidence = Evidence(pattern="a field of its own", label=label[:200])
    yield Span(GENDER, start, start + len(value), SCORE, NAME, "a gender under its label", normal, evidence)


def load(options: DetectorOptions) -> list[Detector]:  # noqa: ARG001 - every factory is given the options
    """The detector of genders."""
    return [GenderDetector()]
