"""The spans of one text go in, among them candidates of special categories; out come those that are about somebody.

UK GDPR Articles 9 and 10 protect people, not words: a term counts when a person is known in the same sentence, in the
same record, or by a pronoun, a role or "I" that leads to a person named in the text.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from detectors.forms import Form, form_at, forms_in
from detectors.gender import NAME as GENDER
from detectors.lexicons import load_ties, words_of
from detectors.preferences import NAME as PREFERENCES
from detectors.sentences import above, sentence_at
from detectors.special import NAME as SPECIAL
from detectors.special import NEEDS
from detectors.types import Span

# Detectors whose spans are findings only where they are about somebody.
DEPENDENT = frozenset({SPECIAL, PREFERENCES, GENDER})
LEAST_PERSON = 0.5
SIGNED_WITHIN = 3_000  # characters from what somebody says of themselves to their name below it
BESIDE_SIGNATURE = 25
# How much of the remaining doubt each way of knowing the person takes away, or how much of the score it leaves.
GAINS = {
    "named": 0.4,
    "record": 0.4,
    "author": 0.1,
    "pronoun": 0.0,
    "document": 0.0,
    "signed": -0.15,
    "above": -0.15,
    "role": -0.15,
}
WORDS = {
    "named": "a person is named in the same sentence",
    "record": "a person is known in the same record",
    "author": "the sender writes of themselves",
    "pronoun": "a pronoun for a person named in the same paragraph",
    "signed": "the writer speaks of themselves, and a person is named in the text",
    "above": "a pronoun for a person named in a paragraph above",
    "document": "the document is about one person, who is named in it",
    "role": "a word for the person whom the text is about, who is named in it",
}


@dataclass(frozen=True, slots=True)
class Around:
    """What the caller knows beside the text.

    `record`: a person is known in the same row or form. `author`: the text is a mail, so that "I" is its sender.
    `subject`: the heading of the mail names somebody. `one_person`: the document is of a kind that is about one person.
    """

    record: bool = False
    author: bool = False
    subject: bool = False
    one_person: bool = False


def identifies(span: Span) -> bool:
    """Whether a span says who somebody is. A mailbox that several people read does not."""
    sure = span.entity_type in NEEDS and span.score >= LEAST_PERSON
    return sure and ("mailbox", "role") not in span.facts


def has_candidates(spans: Sequence[Span]) -> bool:
    """Whether any span says something only if it is about somebody."""
    return any(span.detector in DEPENDENT for span in spans)


def keep_about_people(text: str, spans: Sequence[Span], around: Around) -> list[Span]:
    """The spans in their order, without the candidates of special categories that are about nobody.

    `spans` are sorted by start and do not overlap but by design.
    """
    if not has_candidates(spans):
        return list(spans)
    people = [span for span in spans if identifies(span)]
    if not (people or around.record or around.author or around.subject):
        return [span for span in spans if span.detector not in DEPENDENT]
    reading = _Reading(
        text,
        around,
        [person.start for person in people],
        [person.start for person in people if _stands_alone(text, person)],
        [span for span in spans if span.detector in DEPENDENT],
        forms_in(text) if any(span.detector in DEPENDENT and span.evidence.label for span in spans) else [],
    )
    bound = (_bound(reading, span) if span.detector in DEPENDENT else span for span in spans)
    return [span for span in bound if span]


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text with what is known of it; `people` and `signatures` are places where somebody is named."""

    text: str
    around: Around
    people: Sequence[int]
    signatures: Sequence[int]
    candidates: Sequence[Span]
    forms: Sequence[Form]


def _bound(reading: _Reading, span: Span) -> Span | None:
    """The candidate with its score, None when it is about nobody."""
    if span.evidence.label:
        form = form_at(reading.forms, span.start)
        known = reading.around.record or (form and _any_in(reading.people, form.start, form.end))
        return _as_found(span, "record") if known else None
    first, last = sentence_at(reading.text, span.start, span.end)
    words = words_of(reading.text[first:last])
    if any(phrase in words for phrase in load_ties().nobody) or _of_the_law(reading.candidates, first, last):
        return None
    how = _how(reading, words, first, last)
    return _as_found(span, how) if how else None


def _how(reading: _Reading, words: str, first: int, last: int) -> str:
    """The nearest way in which a person of the sentence `first:last` is known, "" when there is none."""
    ties, around, people = load_ties(), reading.around, reading.people
    paragraph, higher = above(reading.text, first)
    bound = any(word in words for word in ties.pronouns)
    speaks = any(word in words for word in ties.firsts)
    named = bool(people) or around.subject
    ways = (
        ("named", _any_in(people, first, last)),
        ("pronoun", bound and _any_in(people, paragraph, first)),
        ("above", bound and (around.subject or _any_in(people, higher, paragraph))),
        ("author", speaks and around.author),
        ("signed", speaks and _any_in(reading.signatures, last, last + SIGNED_WITHIN)),
        ("role", named and any(word in words for word in ties.roles)),
        ("record", around.record),
        ("document", around.one_person and bool(people)),
    )
    return next((way for way, holds in ways if holds), "")


def _stands_alone(text: str, person: Span) -> bool:
    """Whether a name has a line nearly for itself, as below a letter."""
    before = text[max(0, person.start - BESIDE_SIGNATURE - 1) : person.start].rpartition("\n")[2]
    behind = text[person.end : person.end + BESIDE_SIGNATURE + 1].partition("\n")[0]
    return len(before) + len(behind) <= BESIDE_SIGNATURE


def _any_in(starts: Sequence[int], first: int, last: int) -> bool:
    at = bisect_left(starts, first)
    return at < len(starts) and starts[at] < last


def _of_the_law(candidates: Sequence[Span], first: int, last: int) -> bool:
    """Religion, health and politics in one sentence are a list of categories, not somebody's life."""
    low = bisect_left(candidates, first, key=lambda span: span.start)
    high = bisect_left(candidates, last, key=lambda span: span.start)
    return len({span.entity_type for span in candidates[low:high]}) >= load_ties().list_of_the_law


def _as_found(span: Span, how: str) -> Span:
    gain = GAINS[how]
    score = span.score + (1 - span.score) * gain if gain >= 0 else span.score * (1 + gain)
    context = "; ".join(filter(None, (span.evidence.context, WORDS[how])))
    evidence = replace(span.evidence, context=context)
    return span._replace(score=round(score, 3), reason=f"{span.reason}; {WORDS[how]}", evidence=evidence)
