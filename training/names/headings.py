"""Ordinary words go in, headings, goods and cells of two or three of them come out, written as names are."""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from detectors.name_lists import look_up
from training.names.corpus import Labelled

_LABELS = (
    "Value", "Value", "Value", "Name", "Contact", "Item", "Product", "Description", "Customer", "Title", "Supplier",
    "Category", "Department", "Subject", "Notes", "Assigned to", "Owner", "Location", "Type", "Project", "Model",
    "Team",
)  # fmt: skip
_FORMS = (
    "{l}: {A} {B}", "{l}: {A} {B}", "{l}: {A} {B} {C}", "{l}: {A} {b}", "{A} {B}", "{A} {B} {C}", "{A} {B}\n{C} {D}\n",
    "{A} {B}, {C} {D} and {E} {F}", "- {A} {B}\n- {C}\n- {D} {E}\n", "{A} & {B}", "The {A} {B} is {c}.", "{A}: {B} {C}",
    "{A} {B} ({C})", "{A}\n\n{B} {c} {d}.", "1. {A} {B}\n2. {C} {D}\n", "{A}\t{B} {C}\t{D}", "Re: {A} {B}",
    "{A} of {B}", "Buy our {A} {B}!", "{A} {B} {b} {c} {d}.", "{A}, {B}, {C}", "Dear {A} {B} team,", "{A}/{B}",
    "| {A} {B} | {C} |", "{A} {B} {C} {D}", "I like {A} {B} and {c}.", "#{A}{B}", "{A}", "{l}: {A}", "{A}!", "{A} {b}?",
)  # fmt: skip
_SLOT = re.compile(r"\{(\w)\}")


def vocabulary(passages: Sequence[Labelled]) -> list[str]:
    """Words that the passages write in small letters, but for what is a name and nothing else."""
    seen = Counter(word for text, _ in passages for word in re.findall(r"(?<![\w'-])[a-z]{3,12}(?![\w'-])", text))
    return sorted(word for word, count in seen.items() if count > 2 and not look_up(word).sure)


def headings(words: Sequence[str], seed: int, count: int) -> Iterator[Labelled]:
    """So many texts in which nobody is named."""
    rng = random.Random(f"headings {seed}")
    for _ in range(count):
        yield _SLOT.sub(lambda slot: _word(slot[1], words, rng), rng.choice(_FORMS)), []


def _word(kind: str, words: Sequence[str], rng: random.Random) -> str:
    if kind == "l":
        return rng.choice(_LABELS)
    word = rng.choice(words)
    return word if kind.islower() else word.capitalize()
