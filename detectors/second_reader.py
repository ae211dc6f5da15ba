"""Lines and sentences go in, the name tags of the second reader come out, in the form of those of Rampart.

It is the first four of Rampart's six layers with an adapter of ours, which tells people from firms, streets and things
that are called like them, and which sees capitals and the lists of names (detectors/token_kinds.py). The recipe is
training/second_reader; training/names/CARD.md is the card of both.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from detectors import rampart
from detectors.rampart import LABELS, THRESHOLD, Model, Tag
from detectors.tagger import FIRM, GIVEN, PLACE, STREET, SURNAME
from detectors.token_kinds import NO_WORD, kinds

NAME = "second_reader"
# Where its tags stand among the labels of Rampart. For firms and other things Rampart has none; as places they count
# against a name.
_COLUMNS = {GIVEN: "GIVEN_NAME", SURNAME: "SURNAME", STREET: "STREET_NAME", PLACE: "CITY", FIRM: "STATE"}


def tag(texts: Sequence[str], threshold: float = THRESHOLD) -> list[list[Tag]]:
    """The words of each text that may be names, in order of their start.

    Raises:
        ModelError: the model is missing or has been changed.
    """
    found = rampart.tag(texts, threshold, load_model())
    return [[one._replace(weighed=True) for one in own] for own in found]  # it has seen the lists


def check() -> None:
    """Look whether all that the model needs is there, without loading it.

    Raises:
        ModelError: something is missing or has been changed.
    """
    rampart.check(NAME)


@cache
def load_model() -> Model:
    """The model, loaded and checked once per process.

    Raises:
        ModelError: the model is missing or has been changed.
    """
    return replace(rampart.model_of(NAME, _labels), kinds=kinds, no_word=NO_WORD)


def _labels(chances: NDArray[np.float32]) -> NDArray[np.float32]:
    found = np.zeros((*chances.shape[:2], len(LABELS)), np.float32)
    for tag_number, label in _COLUMNS.items():
        found[:, :, LABELS.index(label)] = chances[:, :, tag_number]
    return found
