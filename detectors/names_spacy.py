"""Texts go in, the people and organisations that an installed spaCy model finds come out; nothing is downloaded."""

import re
import warnings
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import spacy
from spacy.util import load_config

from detectors.names_thorough import Entity
from detectors.normalise import encodable
from detectors.rampart import ModelError
from detectors.spacy_models import find_model

BATCH = 32
WINDOW = 4_000  # characters: what the model holds at once stays small, and it reads no further than some sentences
_CAPITALS = re.compile(r"[^\W\d_]{2,}")


@cache
def load_model(name: str) -> Any:
    """The model, loaded once per process with nothing but what finds names: some 3 s and 350 MB for a medium one.

    Raises:
        ModelError: it cannot be loaded, or it finds no people.
    """
    place = find_model(name)
    try:
        folder = Path(place) if (Path(place) / "config.cfg").is_file() else _of_package(place)
        config = load_config(folder / "config.cfg")
        with warnings.catch_warnings():
            # Trained with spaCy 3.7 and measured with 3.8: the entities are the same.
            warnings.filterwarnings("ignore", message=r"\[W095\]")
            pipeline: Any = spacy.load(folder, exclude=_unused(config))
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise ModelError(
            f"The spaCy model {place} cannot be loaded ({type(error).__name__}). Install it again."
        ) from error
    if "ner" not in pipeline.pipe_names or "PERSON" not in pipeline.get_pipe("ner").labels:
        raise ModelError(f"The spaCy model {place} finds no people: it knows no entity PERSON.")
    return pipeline


def _of_package(name: str) -> Path:
    """The folder of a model that is installed as spaCy installs its own: the package holds it beside its code."""
    spec = find_spec(name)
    places = [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
    found = [config.parent for place in places for config in sorted(place.glob("*/config.cfg"))]
    if not found:
        raise OSError(f"{name} holds no model")
    return found[0]


def _unused(config: Any) -> list[str]:
    """All steps but the one that finds names, and the shared word vectors of the others where that has its own."""
    steps = list(config["nlp"]["pipeline"])
    reader = config["components"].get("ner", {}).get("model", {}).get("tok2vec", {})
    shared = {"tok2vec", "transformer"} if "Listener" in str(reader.get("@architectures", "Listener")) else set()
    return [step for step in steps if step != "ner" and step not in shared]


def entities(texts: Sequence[str], name: str = "") -> list[list[Entity]]:
    """The entities of each text in order of their start.

    Raises:
        ModelError: the model is missing.
    """
    pipeline = load_model(name)
    pieces = [
        (index, offset, piece)
        for index, text in enumerate(texts)
        for offset, piece in _pieces(_capitals_down(encodable(text)))
    ]
    found: list[list[Entity]] = [[] for _ in texts]
    docs = pipeline.pipe((piece for *_, piece in pieces), batch_size=BATCH)
    for (index, offset, _), doc in zip(pieces, docs, strict=True):
        found[index] += [Entity(one.label_, one.start_char + offset, one.end_char + offset) for one in doc.ents]
    return found


def _capitals_down(text: str) -> str:
    """Words in capitals as names are written, each as long as before: the model reads SMITH as a firm."""
    return _CAPITALS.sub(_titled, text)


def _titled(match: re.Match[str]) -> str:
    word = match.group()
    if not word.isupper():
        return word
    lowered = word[0] + word[1:].lower()
    return lowered if len(lowered) == len(word) else word


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Stretches of at most WINDOW characters that end with a line or a sentence where they can."""
    start = 0
    while start < len(text):
        end = len(text)
        if end - start > WINDOW:
            middle = start + WINDOW // 2
            cuts = (text.rfind(mark, middle, start + WINDOW) + len(mark) for mark in ("\n\n", "\n", ". ", " "))
            end = next((cut for cut in cuts if cut > middle), start + WINDOW)
        yield start, text[start:end]
        start = end
