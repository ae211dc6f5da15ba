"""Texts of one file and their spans go in, the spans weighed by how often such numbers pass in this file come out.

A log with 500 ten-digit numbers of which 45 pass a mod-11 check holds 45 accidents. What a word or a label near it
announces is left as it is; what stands loose is held down where chance explains it, and raised where it does not.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from detectors.checksums import compact
from detectors.shares import MIN_CANDIDATES, Share, is_published
from detectors.types import ChecksummedDetector, Detector, Span, Text

PLACE = "numbers of this form in the text"

Kind = tuple[str, str]  # label, entity type
Shares = Mapping[Kind, Share]


def weigh_loose(
    detectors: Sequence[Detector], texts: Sequence[Text], found: Sequence[list[Span]], earlier: Shares
) -> tuple[list[list[Span]], Shares]:
    """Spans for each text, in order, and the shares of the file so far: give them back with its next texts.

    A type is counted from the first text on that has a loose number of it: most files never have one. Equal values
    within one call count once.
    """
    kinds = set(earlier) | {
        (text.label, span.entity_type)
        for text, spans in zip(texts, found, strict=True)
        for span in spans
        if _is_loose(span)
    }
    shares = _count(detectors, texts, kinds, earlier) if kinds else earlier
    if not any(share.total >= MIN_CANDIDATES for share in shares.values()):
        return list(found), shares
    weighed = [
        [_weighed(span, shares.get((text.label, span.entity_type))) for span in spans]
        for text, spans in zip(texts, found, strict=True)
    ]
    return weighed, shares


def _count(detectors: Sequence[Detector], texts: Sequence[Text], kinds: set[Kind], earlier: Shares) -> Shares:
    shares = dict(earlier)
    wanted = frozenset(entity_type for _, entity_type in kinds)
    for detector in detectors:
        if not hasattr(detector, "trials"):
            continue
        checked = cast("ChecksummedDetector", detector)
        types = frozenset(entity_type for entity_type in wanted if checked.chance(entity_type) < 1)
        seen: dict[tuple[Kind, str], bool] = {}
        for index, entity_type, number, passes in checked.trials(texts, types) if types else ():
            kind = (texts[index].label, entity_type)
            if kind in kinds:
                key = (kind, compact(number))
                seen[key] = seen.get(key, False) or passes
        for (kind, _), passes in seen.items():
            before = shares.get(kind, Share(0, 0, checked.chance(kind[1]), PLACE))
            shares[kind] = Share(before.valid + passes, before.total + 1, before.chance, PLACE)
    return shares


def _weighed(span: Span, share: Share | None) -> Span:
    if share is None or share.total < MIN_CANDIDATES or not _is_loose(span):
        return span
    if share.verdict > 0 and _opposed(span):
        return span
    return share.weigh(span, supported=False)


def _is_loose(span: Span) -> bool:
    """Passed a check and nothing else speaks for it. A published test number is no accident."""
    evidence = span.evidence
    said = [words for words in (evidence.context, evidence.label) if words and not words.startswith("not: ")]
    return bool(evidence.validator) and not said and not is_published(span)


def _opposed(span: Span) -> bool:
    return span.evidence.context.startswith("not: ") or span.evidence.label.startswith("not: ")
