"""What a detector found in a batch goes in; it fails unless every span lies in its text and says what it must say."""

from collections.abc import Sequence

from detectors.types import Detector, Span, Text


def require_spans(detector: Detector, batch: Sequence[Text], found: Sequence[list[Span]]) -> None:
    """What whoever calls a detector relies on without asking."""
    assert len(found) == len(batch)
    for text, spans in zip(batch, found, strict=True):
        for span in spans:
            assert 0 <= span.start < span.end <= len(text.text)
            assert 0 <= span.score <= 1
            assert span.entity_type in detector.entity_types
            assert span.value
            assert span.reason
            assert span.detector
