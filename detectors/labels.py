"""A column name, header or form label goes in, the entity types that it announces or rules out come out."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import cast

from detectors.yaml_text import read_yaml


@dataclass(frozen=True, slots=True)
class Announced:
    """What a label says of the values under it."""

    expected: frozenset[str]
    excluded: frozenset[str]


@lru_cache(maxsize=8192)
def announced(label: str) -> Announced:
    """Read a label as people write it: `dateOfBirth`, `DATE_OF_BIRTH` and `Date of birth:` say the same."""
    words = f" {label_words(label)} "
    if not words.strip():
        return Announced(frozenset(), frozenset())
    rules = _rules()
    expected = {kind for kind, phrases in rules.expected.items() if any(phrase in words for phrase in phrases)}
    for kind, phrases in rules.unless.items():
        if kind in expected and any(phrase in words for phrase in phrases):
            expected.discard(kind)
    excluded = {
        kind for phrases, kinds in rules.excluded for kind in kinds if any(phrase in words for phrase in phrases)
    }
    return Announced(frozenset(expected), frozenset(excluded - expected))


_ASKING = re.compile(
    r"(?:(?:do you have|have you(?: got)?|are there|does your child have) )?(?:(?:any|a|your|known|other|details of) )*"
)


def form_types(label: str) -> frozenset[str]:
    """Types that the label of a form's field announces, also by a word that says so only as all of the label.

    "Medical", "Any dietary needs?"; but "Medical centre" is a place, and a column "Medical" may hold insurance.
    """
    words = label_words(label)
    bare = words[_ASKING.match(words).end() :]  # type: ignore[union-attr]  # it matches nothing, too
    return announced(label).expected | {kind for kind, phrases in _rules().alone.items() if bare in phrases}


@cache
def alone_phrases(kinds: tuple[str, ...]) -> frozenset[str]:
    """The words that announce one of these types as all of a label."""
    rules = _rules()
    return frozenset(
        phrase.strip() for kind in kinds for phrase in (*rules.alone.get(kind, ()), *rules.expected.get(kind, ()))
    )


def is_alone(label: str, kinds: tuple[str, ...]) -> bool:
    """Whether a label is nothing but words for one of these types: "Medical", "Any unspent convictions?"."""
    words = " ".join(label.lower().rstrip("? ").split())
    return words[_ASKING.match(words).end() :] in alone_phrases(kinds)  # type: ignore[union-attr]  # it matches nothing, too


def label_phrases(entity_type: str) -> tuple[str, ...]:
    """The phrases that announce a type: words as label_words gives them, a blank before and after."""
    rules = _rules()
    return (*rules.expected.get(entity_type, ()), *(f" {phrase} " for phrase in rules.alone.get(entity_type, ())))


def expected_types(label: str) -> frozenset[str]:
    """Entity types that the label announces."""
    return announced(label).expected


@lru_cache(maxsize=8192)
def says(label: str, phrases: tuple[str, ...]) -> bool:
    """Whether a label holds one of the phrases (words as label_words gives them, a blank before and after)."""
    words = f" {label_words(label)} "
    return any(phrase in words for phrase in phrases)


def label_words(label: str) -> str:
    """The words of a label in lower case: snake_case, camelCase, dotted paths and punctuation are taken apart."""
    return " ".join(re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", label.replace("'", ""))).lower()


@dataclass(frozen=True, slots=True)
class _Rules:
    expected: dict[str, tuple[str, ...]]
    unless: dict[str, tuple[str, ...]]
    alone: dict[str, frozenset[str]]  # that announce a type as all of a label of a form only
    excluded: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]


@cache
def _rules() -> _Rules:
    raw = read_yaml((files("detectors") / "rules" / "labels.yaml").read_text(encoding="utf-8"))
    return _Rules(
        expected={kind: _phrases(rule["words"]) for kind, rule in raw["expected"].items()},
        unless={kind: _phrases(rule.get("unless", [])) for kind, rule in raw["expected"].items()},
        alone={
            kind: frozenset(map(str.strip, _phrases(rule["alone"])))
            for kind, rule in raw["expected"].items()
            if "alone" in rule
        },
        excluded=tuple((_phrases(rule["words"]), tuple(cast("list[str]", rule["types"]))) for rule in raw["excluded"]),
    )


def _phrases(words: list[str]) -> tuple[str, ...]:
    return tuple(f" {label_words(word)} " for word in words)
