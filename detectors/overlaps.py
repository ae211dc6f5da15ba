"""Spans of all detectors over one text go in, one reading of each stretch of text comes out, sorted by start."""

from bisect import bisect_left, insort
from collections import defaultdict

from detectors.types import Span

# A longer reading of one type beats a shorter one inside it unless it is this much less sure.
MUCH_LOWER = 0.25

# Spans that are compared each with each.
FEW = 6

# A finding that is part of another by design: both stay. An address is linked by its postcode as well as as a whole.
PARTS = frozenset(
    {
        ("UK_POSTCODE", "ADDRESS"),
        ("UK_BANK_ACCOUNT", "IBAN_CODE"),
        ("CREDIT_CARD", "CARD_TRACK"),
        ("PERSON", "CARD_TRACK"),
        ("DATE_OF_BIRTH", "UK_PASSPORT"),
        ("DATE_OF_BIRTH", "ID_DOCUMENT"),
    }
)
_PART_TYPES = frozenset(part for part, _ in PARTS)


def resolve(spans: list[Span]) -> list[Span]:
    """Keep one of overlapping readings, whatever the order of the input.

    Of one type the longer reading stays unless it is much less sure. Of different types the surer one stays, then the
    one that passed a validator, then the longer one, then the first in the alphabet. So a weak span hides nothing
    that is surer than itself.
    """
    if len(spans) < 2:
        return [span for span in spans if span.start < span.end]
    if len(spans) == 2 and _is_one_place(*spans):
        return [min(spans, key=_preference)]
    if len(spans) <= FEW and len({span.entity_type for span in spans}) == len(spans):
        return _resolve_few([span for span in spans if span.start < span.end])
    by_type: defaultdict[str, list[Span]] = defaultdict(list)
    for span in spans:
        if span.start < span.end:
            by_type[span.entity_type].append(span)
    survivors = [span for same in by_type.values() for span in _without_nested(same)]
    survivors.sort(key=_preference)
    taken, parts = _Stretches(), _Stretches()
    kept = []
    for span in survivors:
        own, other = (parts, taken) if span.entity_type in _PART_TYPES else (taken, parts)
        if own.overlapping(span) or any(not _by_design(span, rival) for rival in other.overlapping(span)):
            continue
        own.add(span)
        kept.append(span)
    return sorted(kept, key=_place)


def _is_one_place(one: Span, other: Span) -> bool:
    """Two rules have found the same: so it is in half the cells of a column of cards."""
    return one.start == other.start < one.end == other.end and one.entity_type == other.entity_type


def _place(span: Span) -> tuple[int, int, str]:
    return span.start, -span.end, span.entity_type


def _resolve_few(spans: list[Span]) -> list[Span]:
    """The same of spans of different types in a cell: to compare each with each costs less than to keep stretches."""
    kept: list[Span] = []
    for span in sorted(spans, key=_preference):
        part = span.entity_type in _PART_TYPES
        for rival in kept:
            alike = part == (rival.entity_type in _PART_TYPES)
            if rival.start < span.end and span.start < rival.end and (alike or not _by_design(span, rival)):
                break
        else:
            kept.append(span)
    return sorted(kept, key=_place)


class _Stretches:
    """Spans that do not overlap each other, kept in order, so that a look-up is a bisection."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._spans: dict[int, Span] = {}

    def overlapping(self, span: Span) -> list[Span]:
        """Those that share a character with the span."""
        low = bisect_left(self._starts, span.start + 1) - 1
        high = bisect_left(self._starts, span.end)
        near = (self._spans[start] for start in self._starts[max(low, 0) : high])
        return [other for other in near if other.end > span.start]

    def add(self, span: Span) -> None:
        insort(self._starts, span.start)
        self._spans[span.start] = span


def _by_design(one: Span, other: Span) -> bool:
    part, whole = (one, other) if one.entity_type in _PART_TYPES else (other, one)
    inside = whole.start <= part.start and part.end <= whole.end
    return inside and (part.entity_type, whole.entity_type) in PARTS


def _without_nested(spans: list[Span]) -> list[Span]:
    """Of spans of one type, drop those inside a longer one, and first the longer ones that are much less sure."""
    if len(spans) < 2:
        return spans
    ordered = sorted(spans, key=lambda span: (span.start, -span.end, _preference(span)))
    outdone: set[int] = set()
    for outer, inner in _nested(ordered):
        if ordered[outer].score < ordered[inner].score - MUCH_LOWER:
            outdone.add(outer)
    ordered = [span for index, span in enumerate(ordered) if index not in outdone]
    inside = {inner for _, inner in _nested(ordered)}
    return [span for index, span in enumerate(ordered) if index not in inside]


def _nested(ordered: list[Span]) -> list[tuple[int, int]]:
    """(outer, inner) positions; as deep as detectors of one type pile up, so nearly linear."""
    pairs = []
    open_spans: list[int] = []
    for index, span in enumerate(ordered):
        open_spans = [outer for outer in open_spans if ordered[outer].end > span.start]
        pairs += [(outer, index) for outer in open_spans if ordered[outer].end >= span.end]
        open_spans.append(index)
    return pairs


def _preference(span: Span) -> tuple[object, ...]:
    """Sort key, best first; the tail only makes equal claims come out the same way every time."""
    evidence = span.evidence
    return (
        -span.score,
        not evidence.validator,
        span.start - span.end,
        span.entity_type,
        span.start,
        span.detector,
        span.reason,
        span.value,
        span.facts,
        span.is_test,
        evidence.pattern,
        evidence.validator,
        evidence.context,
        evidence.label,
    )
