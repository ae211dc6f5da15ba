"""Options go in, presidio's recognisers come out as detectors, and ours as presidio's; it is imported on first need."""

from importlib import import_module
from typing import TYPE_CHECKING, cast

from detectors.types import Detector, DetectorOptions

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer

# Importing presidio takes most of a second: workers that need none of it must not pay for it.
_ADAPTER = "detectors.presidio_adapter"


def load(options: DetectorOptions) -> list[Detector]:
    """The recognisers of the user's registry files and classes; none of presidio's own, as ours cover their types.

    Raises:
        ValueError: a file or a class cannot be loaded.
    """
    if not options.recognizers and not options.presidio:
        return []
    return cast("list[Detector]", import_module(_ADAPTER).detectors_of(options.recognizers, options.presidio))


def as_recognizer(detector: Detector, language: str = "en") -> "EntityRecognizer":
    """One of our detectors as a presidio EntityRecognizer, for `registry.add_recognizer(...)`."""
    return cast("EntityRecognizer", import_module(_ADAPTER).OwnRecognizer(detector, language))
