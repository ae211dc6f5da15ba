"""A column of a table goes in, the spans of each cell come out, weighed by how the column as a whole behaves."""

import math
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from detectors.labels import expected_types
from detectors.running import Failure, detect_all
from detectors.types import ChecksummedDetector, Detector, Evidence, Span, Text

# Fewer distinct candidates than this say nothing of a column.
MIN_CANDIDATES = 5
# The log-likelihood that valid values are there by chance must fall below -this (about one in ten thousand).
SURPRISE = 9.0
COLUMN_GAIN = 0.6
BY_CHANCE = 0.3
# Types that a model guesses at. Fewer than this share of a column's cells being one is the model's error.
BY_MODEL = ("PERSON",)
RARE = 0.25
# Cells and characters that are looked at between two signs of life: a model reads some 15,000 characters a second.
BATCH_CELLS = 4096
BATCH_CHARACTERS = 32 * 1024


@dataclass(frozen=True, slots=True)
class Share:
    """Of `total` distinct cells that have the shape of a checksummed type, `valid` pass its check."""

    valid: int
    total: int
    chance: float

    @property
    def words(self) -> str:
        """What the column says, in one sentence."""
        by_chance = round(self.total * self.chance)
        counted = f"{self.valid:,} of {self.total:,} values of the column pass, chance lets {by_chance:,}"
        return f"{counted}: no more than chance" if self.verdict < 0 else counted

    @property
    def verdict(self) -> int:
        """1: far more pass than chance lets, -1: no more than chance, 0: too few to tell.

        Chernoff's bound: the probability of k of n by chance p is at most exp(-n * KL(k/n, p)).
        """
        rate = self.valid / self.total if self.total else 0.0
        surprise = self.total * _divergence(rate, self.chance) if rate > self.chance else 0.0
        if rate >= 0.5 and surprise > SURPRISE:
            return 1
        return -1 if self.total >= MIN_CANDIDATES and (surprise < SURPRISE or rate < 2 * self.chance) else 0


def _divergence(rate: float, chance: float) -> float:
    if not 0 < chance < 1:
        return 0.0
    known = rate * math.log(rate / chance) if rate else 0.0
    return known + ((1 - rate) * math.log((1 - rate) / (1 - chance)) if rate < 1 else 0.0)


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What the first block of a column told; later blocks are read by it.

    `shares`: entity type -> share of valid cells. `rare`: types that are a whole cell here only now and then.
    """

    shares: Mapping[str, Share] = field(default_factory=dict)
    rare: frozenset[str] = frozenset()


def detect_column(
    detectors: Sequence[Detector], label: str, values: Sequence[str], profile: ColumnProfile | None = None
) -> Generator[None, None, tuple[list[list[Span]], ColumnProfile, list[Failure]]]:
    """Spans for each value, in order, the profile that decided them, and which detectors failed on some value.

    A generator, so that a long column can be watched: it yields between batches of cells, and returns the three.

    Equal values are looked at once. A type whose values pass the check no more often than chance lets them is held down
    in the whole column unless the label announces it; one that passes far more often is raised.
    """
    distinct = [value for value in dict.fromkeys(values) if value and not value.isspace()]
    spans: dict[str, list[Span]] = {}
    failures: list[Failure] = []
    for block in _batches(distinct):
        found, failed = detect_all(detectors, [Text(value, label) for value in block])
        failures += failed
        spans.update(zip(block, found, strict=True))
        yield
    if profile is None:
        profile = ColumnProfile(_shares(detectors, label, distinct, spans), _rare(spans))
    if profile.shares or profile.rare:
        expected = expected_types(label)
        spans = {
            value: [_weighed(span, profile, expected, whole=span.end - span.start == len(value)) for span in found]
            for value, found in spans.items()
        }
    return [spans.get(value, []) for value in values], profile, list(dict.fromkeys(failures))


def _batches(values: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for value in values:
        batch.append(value)
        size += len(value)
        if size >= BATCH_CHARACTERS or len(batch) >= BATCH_CELLS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _shares(
    detectors: Sequence[Detector], label: str, distinct: Sequence[str], spans: Mapping[str, list[Span]]
) -> dict[str, Share]:
    total: Counter[str] = Counter()
    valid: Counter[str] = Counter()
    chances: dict[str, float] = {}
    for detector in detectors:
        if not hasattr(detector, "shaped"):
            continue
        checked = cast("ChecksummedDetector", detector)
        texts = [Text(value, label) for value in distinct]
        for value, kinds in zip(distinct, checked.shaped(texts), strict=True):
            passed = {span.entity_type for span in spans[value]} if kinds else frozenset[str]()
            for kind in kinds:
                chances.setdefault(kind, checked.chance(kind))
                total[kind] += 1
                valid[kind] += kind in passed
    return {
        kind: Share(valid[kind], count, chances[kind]) for kind, count in sorted(total.items()) if chances[kind] < 1
    }


def _rare(spans: Mapping[str, list[Span]]) -> frozenset[str]:
    """A column is of one kind: among goods, the one that sounds like a person is none. Longer cells are prose."""
    filled: Counter[str] = Counter()
    for value, found in spans.items():
        filled.update({span.entity_type for span in found if span.end - span.start == len(value)})
    if len(spans) < MIN_CANDIDATES:
        return frozenset()
    return frozenset(kind for kind in BY_MODEL if 0 < filled[kind] < RARE * len(spans))


def _weighed(span: Span, profile: ColumnProfile, expected: frozenset[str], whole: bool) -> Span:
    if whole and span.entity_type in profile.rare and span.entity_type not in expected:
        span = replace(span, score=round(span.score * BY_CHANCE, 3))
    share = profile.shares.get(span.entity_type)
    if share is None:
        return span
    score = span.score
    if share.verdict > 0:
        score += (1 - score) * COLUMN_GAIN
    elif share.verdict < 0 and span.entity_type not in expected:
        score *= BY_CHANCE
    evidence: Evidence = replace(span.evidence, column_valid=share.valid, column_total=share.total)
    return replace(span, score=round(score, 3), reason=f"{span.reason}; {share.words}", evidence=evidence)
