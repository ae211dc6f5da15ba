"""Name of a detector -> the factory that makes it, imported on first use; options in, loaded detectors out."""

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import entry_points
from typing import cast

from detectors.types import Detector, DetectorOptions

Factory = Callable[[DetectorOptions], list[Detector]]

# Order is the order of running; overlaps are resolved by score, so it carries no meaning.
DETECTORS: dict[str, str] = {
    "rules": "detectors.patterns:load",
    "identifiers": "detectors.identifiers:load",
    "phones": "detectors.phones:load",
    "dates": "detectors.dates:load",
    "school_years": "detectors.school_years:load",
    "bank": "detectors.bank:load",
    "cards": "detectors.cards:load",
    "travel_documents": "detectors.travel_documents:load",
    "addresses": "detectors.addresses:load",
    "names": "detectors.names:load",
    "special": "detectors.special:load",
    "credentials": "detectors.credentials:load",
    "preferences": "detectors.preferences:load",
    "gender": "detectors.gender:load",
    "presidio": "detectors.presidio:load",
}

# What [detectors.settings] may hold for them: days are counted from `today`, which is the day of the scan.
SETTINGS = ("modulus_table", "modulus_substitutes", "spacy_model", "today")
_GROUP = "whosedata.detectors"


def plugins() -> frozenset[str]:
    """Names of the detectors of other packages; each has its settings under its own name, as `name.key`."""
    return frozenset(entry.name for entry in entry_points(group=_GROUP))


def factories() -> dict[str, str]:
    """All known detectors, ours first, then those of installed packages (entry-point group whosedata.detectors)."""
    found = {entry.name: entry.value for entry in entry_points(group=_GROUP)}
    return {**found, **DETECTORS}


def load_detectors(options: DetectorOptions) -> list[Detector]:
    """Make the detectors that can return at least one of the wanted entity types.

    Raises:
        ValueError: an entity type is wanted that no detector returns.
    """
    loaded: list[Detector] = []
    for target in factories().values():
        module, _, attribute = target.partition(":")
        factory = cast("Factory", getattr(import_module(module), attribute))
        loaded += factory(options)
    wanted = set(options.entities)
    unknown = wanted.difference(*(detector.entity_types for detector in loaded))
    if unknown:
        known = sorted({kind for detector in loaded for kind in detector.entity_types})
        raise ValueError(f"unknown entity type {', '.join(sorted(unknown))}; known are: {', '.join(known)}")
    # Some findings count only beside others: a word of health is nobody's without a person.
    asked = [detector for detector in loaded if not wanted.isdisjoint(detector.entity_types)]
    wanted.update(*(getattr(detector, "needs", ()) for detector in asked))
    return [detector for detector in loaded if not wanted or wanted.intersection(detector.entity_types)]
