"""The spans of a text or cell go in; they come out with the facts that a name is a child's, or a contract a child's.

A date of birth, an age or a pupil number says by itself that it is a child's; a name needs a word or label that does.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from detectors.labels import label_words
from detectors.types import Span

CHILD, CONTRACT = ("child", "yes"), ("contract", "yes")
_BEFORE = re.compile(
    r"(?:\b(?:parents?|guardians?|carers?)(?:\(s\))?(?:\s?(?:/|or|and|,)\s?(?:legal )?(?:parents?|guardians?|carers?))*"
    r"(?:\(s\))?\s{1,2}of\s{1,2}(?:(?:the )?(?:child|pupil|minor)\W{1,3})?"
    r"|\b(?:child|pupil|schoolboy|schoolgirl|toddler)(?:['\u2019]?s)?(?: (?:full |first |last )?name)?"
    r"[ \t]{0,12}[:,=]?[ \t]{0,24}"
    r"|\bname of (?:the |your )?(?:child|pupil)[ \t]{0,12}:?[ \t]{0,24})\Z",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:(?:child|pupil)s? ?(?:[0-9] )?(?:(?:full|first|last|given|family) )?(?:names?|surname|forenames?)?"
    r"|(?:(?:full|first|last) )?names? of (?:the |your )?(?:child|pupil|children))(?: [0-9])?"
)
_LOOK_BACK = 90
# What stands beside somebody who has signed up for something.
_CONTRACT = re.compile(
    r"(?<![a-z])(?:contract|agreement|tariff|subscription|direct debit|mandate|loan|credit limit|minimum term"
    r"|membership (?:type|plan|fee)|monthly (?:fee|payment|charge)|hire purchase|policy (?:no|number|start)"
    r"|account opened|price plan|order total)(?![a-z])"
)


def mark_children(text: str, label: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, with the fact child=yes on names that stand as a child's."""
    if not any(span.entity_type == "PERSON" for span in spans):
        return list(spans)
    under = bool(label) and _is_child_label(label)
    return [
        _with(span, CHILD) if span.entity_type == "PERSON" and (under or _announced(text, span.start)) else span
        for span in spans
    ]


def mark_contracts(spans: Sequence[Span]) -> list[Span]:
    """The spans of a contract or of a row about one: those that say that somebody is under 18 say so of a contract."""
    return [_with(span, CONTRACT) if CHILD in span.facts else span for span in spans]


@lru_cache(maxsize=4096)
def is_contract_label(label: str) -> bool:
    """Whether a column belongs to what people sign up for."""
    return bool(_CONTRACT.search(label_words(label)))


@lru_cache(maxsize=4096)
def _is_child_label(label: str) -> bool:
    return bool(_LABEL.fullmatch(label_words(label)))


def _announced(text: str, start: int) -> bool:
    return bool(_BEFORE.search(text, max(0, start - _LOOK_BACK), start))


def _with(span: Span, fact: tuple[str, str]) -> Span:
    return span if fact in span.facts else span._replace(facts=(*span.facts, fact))
