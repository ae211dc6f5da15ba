"""A column of a table goes in, the spans of each cell come out, weighed by how the column as a whole behaves."""

from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import cast

from detectors.batch import Batch
from detectors.facts import NOT_ISSUED
from detectors.labels import expected_types
from detectors.loose import Shares, weigh_loose
from detectors.running import Failure, detect_all
from detectors.series import serial_types
from detectors.shares import BY_CHANCE, MIN_CANDIDATES, Share, Weigher, is_published
from detectors.types import ChecksummedDetector, Detector, Span, Text

# Types that a model guesses at. Fewer than this share of a column's cells being one is the model's error.
BY_MODEL = ("PERSON",)
RARE = 0.25
# Among so many codes of one length (letters and digits, no blank) fewer than this share are accidents of a form that
# has no check digit: one part number in 50,000 looks like a National Insurance number.
MANY_CODES = 20
STRAY = 0.02
# Cells and characters that are looked at between two signs of life: a model reads some 15,000 characters a second.
BATCH_CELLS = 4096
BATCH_CHARACTERS = 32 * 1024


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What the first block of a column told; later blocks are read by it.

    `shares`: entity type -> share of valid cells. `rare`: types that are a whole cell here only now and then.
    `codes`: length of codes, of which there are many here -> the types that more than a stray one of them has.
    `serial`: types that are only the form of a series here. `loose`: shares of numbers within longer cells.
    """

    shares: Mapping[str, Share] = field(default_factory=dict)
    rare: frozenset[str] = frozenset()
    codes: Mapping[int, frozenset[str]] = field(default_factory=dict)
    serial: frozenset[str] = frozenset()
    loose: Shares = field(default_factory=dict)


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
    batches: list[Batch] = []
    for block in _batches(distinct):
        batch = Batch(Text(value, label) for value in block)
        found, failed = detect_all(detectors, batch)
        failures += failed
        spans.update(zip(block, found, strict=True))
        if profile is None:
            batches.append(batch)
        yield
    if profile is None:
        shares, rare, codes = _shares(detectors, batches, spans), _rare(spans), _codes(spans)
        profile = ColumnProfile(shares, rare, codes, serial_types(spans))
    spans, profile = _weigh_sentences(detectors, label, spans, profile)
    if profile.shares or profile.rare or profile.codes or profile.serial:
        expected = expected_types(label)
        weighers = {kind: Weigher(share) for kind, share in profile.shares.items()}
        spans = {
            value: [_weighed(span, profile, weighers, expected, value) for span in found] if found else found
            for value, found in spans.items()
        }
    return [spans.get(value, []) for value in values], profile, list(dict.fromkeys(failures))


def _weigh_sentences(
    detectors: Sequence[Detector], label: str, spans: dict[str, list[Span]], profile: ColumnProfile
) -> tuple[dict[str, list[Span]], ColumnProfile]:
    """Cells that hold more than one number are weighed as a text is: a column of log lines is a log."""
    full = {value for value, found in spans.items() if found and any(_fills(span, value) for span in found)}
    if not any(found and value not in full for value, found in spans.items()):
        return spans, profile
    longer = [value for value in spans if value not in full]
    texts = [Text(value, label) for value in longer]
    weighed, loose = weigh_loose(detectors, texts, [spans[value] for value in longer], profile.loose)
    return spans | dict(zip(longer, weighed, strict=True)), replace(profile, loose=loose)


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
    detectors: Sequence[Detector], batches: Sequence[Batch], spans: Mapping[str, list[Span]]
) -> dict[str, Share]:
    total: Counter[str] = Counter()
    valid: Counter[str] = Counter()
    chances: dict[str, float] = {}
    for detector in detectors:
        if not hasattr(detector, "shaped"):
            continue
        checked = cast("ChecksummedDetector", detector)
        shaped = chain.from_iterable(zip(batch, checked.shaped(batch), strict=True) for batch in batches)
        for text, kinds in [one for one in shaped if one[1]]:
            passed = {span.entity_type for span in spans[text.text] if NOT_ISSUED not in span.facts}
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
        filled.update({span.entity_type for span in found if _fills(span, value)})
    if len(spans) < MIN_CANDIDATES:
        return frozenset()
    return frozenset(kind for kind in BY_MODEL if 0 < filled[kind] < RARE * len(spans))


def _codes(spans: Mapping[str, list[Span]]) -> dict[int, frozenset[str]]:
    lengths: Counter[int] = Counter()
    filled: Counter[tuple[int, str]] = Counter()
    for value, found in spans.items():
        if _is_code(value):
            lengths[len(value)] += 1
            filled.update({(len(value), span.entity_type) for span in found if _fills(span, value)})
    return {
        length: frozenset(kind for of, kind in filled if of == length and filled[of, kind] >= STRAY * many)
        for length, many in lengths.items()
        if many >= MANY_CODES
    }


def _is_code(value: str) -> bool:
    return value.isalnum() and not value.isalpha() and not value.isdigit()


def _fills(span: Span, value: str) -> bool:
    return span.end - span.start == len(value)


def _weighed(
    span: Span, profile: ColumnProfile, weighers: Mapping[str, Weigher], expected: frozenset[str], value: str
) -> Span:
    announced = span.entity_type in expected
    if _fills(span, value) and not announced:
        if span.entity_type in profile.rare:
            span = span._replace(score=round(span.score * BY_CHANCE, 3))
        elif span.entity_type in profile.serial:
            reason = f"{span.reason}; the cells around it are a series of codes that have this form now and then"
            span = span._replace(score=round(span.score * BY_CHANCE, 3), reason=reason)
        elif _is_stray(span, profile, value):
            reason = f"{span.reason}; next to none of the codes around it in the column have this form"
            span = span._replace(score=round(span.score * BY_CHANCE, 3), reason=reason)
    weigher = weighers.get(span.entity_type)
    return weigher.weigh(span, supported=announced or is_published(span)) if weigher else span


def _is_stray(span: Span, profile: ColumnProfile, value: str) -> bool:
    """A form without check digits, among codes that do not have it."""
    if span.entity_type in profile.shares or not _is_code(value):
        return False
    return span.entity_type not in profile.codes.get(len(value), frozenset({span.entity_type}))
