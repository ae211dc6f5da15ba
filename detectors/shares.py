"""Counts of numbers that pass a check go in, a verdict comes out: are they there by chance, and what is it worth?"""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

from detectors.types import Evidence, Span

# Fewer distinct candidates than this say nothing of a column or a text.
MIN_CANDIDATES = 5
# The log-likelihood that valid values are there by chance must fall below -this (about one in ten thousand).
SURPRISE = 9.0
GAIN = 0.6
BY_CHANCE = 0.3
# Types whose test numbers are a whole range (NHS: all that begin with 999): chance makes those, too.
TEST_RANGES = frozenset({"UK_NHS"})


@dataclass(frozen=True, slots=True)
class Share:
    """Of `total` distinct values that have the shape of a checksummed type, `valid` pass its check.

    `chance` is the probability that a random one passes; `place` is where they stand, in words.
    """

    valid: int
    total: int
    chance: float
    place: str = "values of the column"

    @property
    def words(self) -> str:
        """What the column or the text says, in one sentence."""
        return _words(self)

    @property
    def verdict(self) -> int:
        """1: far more pass than chance lets, -1: no more than chance, 0: too few to tell.

        Chernoff's bound: the probability of k of n by chance p is at most exp(-n * KL(k/n, p)).
        """
        return _verdict(self)

    def weigh(self, span: Span, supported: bool) -> Span:
        """The span with what the others of its kind say: chance holds it down unless something else supports it."""
        return Weigher(self).weigh(span, supported)


class Weigher:
    """Weighs spans by one share: a table has a million of them, and most are as sure as each other, for one reason."""

    def __init__(self, share: Share) -> None:
        self._share = share
        self._words, self._verdict = share.words, share.verdict
        self._reasons: dict[str, str] = {}  # one string for all findings of a column: their own would take most memory
        # Evidence by its identity, which is kept with it: to compare its words takes longer than to make it anew.
        self._evidence: dict[int, tuple[Evidence, Evidence]] = {}

    def weigh(self, span: Span, supported: bool) -> Span:
        """The span with what the others of its kind say."""
        score = span.score
        if self._verdict > 0:
            score += (1 - score) * GAIN
        elif self._verdict < 0 and not supported:
            score *= BY_CHANCE
        reason = self._reasons.get(span.reason)
        if reason is None:
            reason = self._reasons[span.reason] = f"{span.reason}; {self._words}"
        # Not replace(), which takes three times as long.
        return Span(
            span.entity_type, span.start, span.end, round(score, 3), span.detector, reason,
            span.value, self._counted(span.evidence), span.facts, span.is_test,
        )  # fmt: skip

    def _counted(self, evidence: Evidence) -> Evidence:
        known = self._evidence.get(id(evidence))
        if known is None:
            counted = replace(evidence, column_valid=self._share.valid, column_total=self._share.total)
            known = self._evidence[id(evidence)] = (evidence, counted)
        return known[1]


@lru_cache(maxsize=256)
def _words(share: Share) -> str:
    by_chance = round(share.total * share.chance)
    counted = f"{share.valid:,} of {share.total:,} {share.place} pass, chance lets {by_chance:,}"
    return f"{counted}: no more than chance" if share.verdict < 0 else counted


@lru_cache(maxsize=256)
def _verdict(share: Share) -> int:
    rate = share.valid / share.total if share.total else 0.0
    surprise = share.total * _divergence(rate, share.chance) if rate > share.chance else 0.0
    if rate >= 0.5 and surprise > SURPRISE:
        return 1
    return -1 if share.total >= MIN_CANDIDATES and (surprise < SURPRISE or rate < 2 * share.chance) else 0


def is_published(span: Span) -> bool:
    """One of the single numbers that are published for testing: no accident, wherever it stands."""
    return span.is_test and span.entity_type not in TEST_RANGES


def _divergence(rate: float, chance: float) -> float:
    if not 0 < chance < 1:
        return 0.0
    known = rate * math.log(rate / chance) if rate else 0.0
    return known + ((1 - rate) * math.log((1 - rate) / (1 - chance)) if rate < 1 else 0.0)
