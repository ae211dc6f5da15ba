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
        score = span.score
        verdict = self.verdict
        if verdict > 0:
            score += (1 - score) * GAIN
        elif verdict < 0 and not supported:
            score *= BY_CHANCE
        # Not replace(), which takes three times as long: a table has a million of these.
        return Span(
            span.entity_type, span.start, span.end, round(score, 3), span.detector, _told(span.reason, self.words),
            span.value, _counted(span.evidence, self.valid, self.total), span.facts, span.is_test,
        )  # fmt: skip


@lru_cache(maxsize=256)
def _words(share: Share) -> str:
    by_chance = round(share.total * share.chance)
    counted = f"{share.valid:,} of {share.total:,} {share.place} pass, chance lets {by_chance:,}"
    return f"{counted}: no more than chance" if share.verdict < 0 else counted


@lru_cache(maxsize=256)
def _told(reason: str, words: str) -> str:
    """One string for all findings of a column: each with its own would take most of their memory."""
    return f"{reason}; {words}"


@lru_cache(maxsize=256)
def _verdict(share: Share) -> int:
    rate = share.valid / share.total if share.total else 0.0
    surprise = share.total * _divergence(rate, share.chance) if rate > share.chance else 0.0
    if rate >= 0.5 and surprise > SURPRISE:
        return 1
    return -1 if share.total >= MIN_CANDIDATES and (surprise < SURPRISE or rate < 2 * share.chance) else 0


@lru_cache(maxsize=256)
def _counted(evidence: Evidence, valid: int, total: int) -> Evidence:
    return replace(evidence, column_valid=valid, column_total=total)


def is_published(span: Span) -> bool:
    """One of the single numbers that are published for testing: no accident, wherever it stands."""
    return span.is_test and span.entity_type not in TEST_RANGES


def _divergence(rate: float, chance: float) -> float:
    if not 0 < chance < 1:
        return 0.0
    known = rate * math.log(rate / chance) if rate else 0.0
    return known + ((1 - rate) * math.log((1 - rate) / (1 - chance)) if rate < 1 else 0.0)
