"""People by the model of names and entities of spaCy go in, their verified union comes out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from detectors.name_lists import look_up
from detectors.name_parts import NAME_WORD, NOBLE, Part, has_humps, in_identifier, one_form, trimmed
from detectors.name_things import behind_article, is_thing
from detectors.name_words import title_before
from detectors.name_words import words as listed

BOTH = 0.9  # the least of a name on which both agree
ALONE = 0.6
WITHIN = 0.5  # what is left of a name inside a longer organisation
ORGANISATIONS = frozenset({"ORG", "FAC", "PRODUCT", "WORK_OF_ART"})
_NO_NAME = re.compile(r"[\d@_/\\<>=|{}#:]")


class Entity(NamedTuple):
    """A stretch of a text that the model of spaCy calls `label`: PERSON, ORG, FAC, GPE …"""

    label: str
    start: int
    end: int


def united(text: str, parts: Sequence[Part], entities: Sequence[Entity]) -> list[Part]:
    """The parts with what the entities make of their scores, and the verified people that only spaCy found."""
    people = [entity for entity in entities if entity.label == "PERSON"]
    firms = [entity for entity in entities if entity.label in ORGANISATIONS]
    kept = [_judged(text, part, people, firms) for part in parts]
    more = [
        part
        for part in _verified(text, people)
        if not any(one.start < part.end and part.start < one.end for one in kept)
    ]
    return sorted([*kept, *more], key=lambda part: part.start)


def _judged(text: str, part: Part, people: Sequence[Entity], firms: Sequence[Entity]) -> Part:
    agreed = any(one.start < part.end and part.start < one.end for one in people)
    if agreed and not behind_article(text, part.start, part.end):
        return replace(part, score=max(part.score, BOTH), reason=f"{part.reason}; both models agree")
    inside = any(one.start <= part.start and part.end <= one.end and _longer(text, part, one) for one in firms)
    titled = title_before(text, part.start)
    if inside and not titled and "announced" not in part.reason:
        return replace(part, score=round(part.score * WITHIN, 3), reason=f"{part.reason}; within an organisation")
    return part


def _longer(text: str, part: Part, firm: Entity) -> bool:
    """Whether the organisation has words besides the name."""
    rest = text[firm.start : part.start] + text[part.end : firm.end]
    return any(word.casefold() not in {"the", "s"} for word in NAME_WORD.findall(rest))


def _verified(text: str, people: Sequence[Entity]) -> Iterator[Part]:
    """Of what spaCy calls a person what has a listed name in it or a title before it."""
    for entity in people:
        start, end = trimmed(text, entity.start, entity.end)
        shown = text[start:end]
        words = [word.strip(".").casefold() for word in NAME_WORD.findall(shown)]
        if not words or len(words) > 5 or _NO_NAME.search(shown) or in_identifier(text, start, end):
            continue
        before = text[max(0, start - 14) : start]
        titled = title_before(text, start) and not NOBLE.search(before)
        known = [look_up(word) for word in words]
        plain = all(word in listed("common") or word in listed("ambiguous") or one.word for word, one in zip(words, known, strict=True))  # fmt: skip  # noqa: E501
        sure = any(one.sure and word not in listed("common") for word, one in zip(words, known, strict=True))
        if not titled and (plain or not sure or is_thing(text, start, end, words) or has_humps(shown)):
            continue
        if not titled and behind_article(text, start, end):
            continue
        reason = "name by spaCy, " + ("after a title" if titled else "with a listed name")
        yield Part(start, end, ALONE, reason, one_form(shown, turned=False))
