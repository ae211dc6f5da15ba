"""Detectors and texts in, the spans of each text out, and which detector failed: one that fails stops no other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from detectors.batch import Batch
from detectors.types import Detector, DetectorTimeout, Span, SparseDetector, Text


@dataclass(frozen=True, slots=True)
class Failure:
    """A detector gave up on a text. `error` is the type of what it raised, never its words: they may hold content."""

    detector: str
    error: str
    timed_out: bool = False


def detect_all(detectors: Sequence[Detector], texts: Sequence[Text]) -> tuple[list[list[Span]], list[Failure]]:
    """Spans for each text, in order, of all detectors together.

    A detector that raises on a batch is given the rest of its texts one by one, so that one text costs itself only.
    """
    found: list[list[Span]] = [[] for _ in texts]
    failures: list[Failure] = []
    batch = Batch.of(texts)
    for detector in detectors:
        done = _detect(detector, batch, found, failures)
        if done < len(texts):
            failures.pop()
            for index in range(done, len(texts)):
                _detect(detector, texts[index : index + 1], found[index : index + 1], failures)
    return found, list(dict.fromkeys(failures))


def _detect(detector: Detector, texts: Sequence[Text], found: list[list[Span]], failures: list[Failure]) -> int:
    """Add the detector's spans to `found`; gives the number of texts that it got through."""
    done = 0
    try:
        if hasattr(detector, "find"):
            for number, more in cast("SparseDetector", detector).find(texts).items():
                found[number].extend(more)
            return len(texts)
        for spans, more in zip(found, detector.detect(texts), strict=True):
            if more:
                spans.extend(more)
            done += 1
    except DetectorTimeout:
        failures.append(Failure(detector.name, "DetectorTimeout", timed_out=True))
        return done
    except Exception as error:  # noqa: BLE001 - a foreign detector may raise anything; the item's row says so
        failures.append(Failure(detector.name, type(error).__name__))
        return done
    return len(texts)
