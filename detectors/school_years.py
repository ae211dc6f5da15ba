"""Texts go in, school years of pupils come out as ages: "Year 4" where a word or label speaks of school."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from detectors.ages import age_facts
from detectors.batch import Batch
from detectors.dates import AGE
from detectors.hints import holding, mentions, spread
from detectors.labels import label_words
from detectors.scoring import weigh
from detectors.types import Detector, DetectorOptions, Span, Text

# English and Welsh school years; somebody is five in Reception and turns eighteen in Year 13.
_YEAR = re.compile(r"(?<![\w/-])(?:year|yr)[ .-]?(?P<number>1[0-3]|[1-9])(?![\w/%]|[.,][0-9])", re.IGNORECASE)
_EARLY = re.compile(
    r"(?<![\w/-])(?:reception (?:class|year)|nursery (?:class|school)|foundation stage)(?!\w)", re.IGNORECASE
)
# Pieces of the words above; those without letters that also have an unusual form (s, k, i).
_HINTS = ("year", "yr", "recept", "nur", "foundat")
_CELL = re.compile(
    r"\s{0,9}(?:(?:year|yr|y)?[ .-]?(?P<number>1[0-3]|[1-9])[a-z]?|(?P<early>r|rec|reception|nursery|n[12]))\s{0,9}",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:school |national curriculum |nc )?(?:year group|year|yr group|yr)"
    r"|school year|class|form group|registration group"
)
WORDS = (
    "pupil", "pupils", "school", "class", "primary", "secondary", "academy", "teacher", "headteacher", "form tutor",
    "child", "children", "boy", "girl", "son", "daughter", "grandson", "granddaughter", "senco", "attends", "upn",
    "playground", "gcse", "sats", "key stage", "nursery", "mum", "dad", "parents",
)  # fmt: skip
AGAINST = (
    "report", "plan", "budget", "forecast", "accounts", "project", "contract", "warranty", "phase", "target", "degree",
    "undergraduate", "university", "revenue", "audit", "programme", "licence", "lease", "apprentice",
)  # fmt: skip
_REACH = 45


@dataclass(frozen=True, slots=True)
class SchoolYearDetector:
    """Finds the school year of a pupil."""

    name: str = "school_years"
    entity_types: tuple[str, ...] = (AGE,)

    def detect(self, texts: Sequence[Text]) -> Iterator[list[Span]]:
        """One list of spans for each text."""
        return spread(texts, self.find(texts))

    def find(self, texts: Sequence[Text]) -> dict[int, list[Span]]:
        """The spans of the texts that have any."""
        worth = holding(texts, _YEAR) | holding(texts, _EARLY) if mentions(texts, _HINTS) else frozenset[int]()
        batch = Batch.of(texts)
        cells = any(label and _class_label(label) for label in batch.labels)
        found = {}
        for number in range(len(batch)) if cells else worth:
            text = batch[number]
            in_cell = list(_cell(text)) if text.label else []
            if spans := in_cell or (list(_prose(text)) if number in worth else []):
                found[number] = spans
        return found


def _cell(text: Text) -> Iterator[Span]:
    words = _class_label(text.label)
    match = _CELL.fullmatch(text.text) if words else None
    # A bare number under "Year" or "Class" may be anything; under "Year group" it is a school year.
    if match and (not text.text.strip().isdigit() or "group" in words or "school" in words):
        start = len(text.text) - len(text.text.lstrip())
        yield _span(text, start, len(text.text.rstrip()), int(match["number"] or 0), labelled=True)


@lru_cache(maxsize=4096)
def _class_label(label: str) -> str:
    """The words of a label that may stand over school years; "" where it cannot."""
    words = label_words(label)
    return words if _LABEL.fullmatch(words) else ""


def _prose(text: Text) -> Iterator[Span]:
    for pattern in (_YEAR, _EARLY):
        for match in pattern.finditer(text.text):
            span = _span(text, *match.span(), int(match["number"]) if pattern is _YEAR else 0)
            if span.evidence.context and not span.evidence.context.startswith("not: "):
                yield span


def _span(text: Text, start: int, end: int, year: int, *, labelled: bool = False) -> Span:
    score, evidence = weigh(
        AGE, 0.4, text, start, end, words=WORDS, against=AGAINST, pattern="school year", before=_REACH, after=_REACH,
        announces=labelled,
    )  # fmt: skip
    facts = (*age_facts(min(year + 4, 17)), ("school_year", "yes"))
    return Span(AGE, start, end, score, "school_years", "school year of a pupil", f"year {year}", evidence, facts)


def load(options: DetectorOptions) -> list[Detector]:
    """The detector of school years, where British numbers are looked for."""
    return [SchoolYearDetector()] if "gb" in options.countries else []
