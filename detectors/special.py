"""Texts go in, words of special categories and of crime come out as candidates: detectors.about says whom they concern.

UK GDPR Articles 9 and 10. A candidate is no finding yet: who it is about is told by the people found around it.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import chain

from detectors.batch import Batch
from detectors.forms import forms_in
from detectors.hints import spread
from detectors.labels import expected_types, form_types, label_phrases
from detectors.lexicons import Group, Lexicons, load_lexicons, words_of
from detectors.sentences import sentence_at
from detectors.types import Detector, DetectorOptions, Evidence, Span, Text

NAME = "special"
# The people who must be known before a candidate counts; detectors of these types run whenever one of ours is wanted.
NEEDS = ("PERSON", "EMAIL_ADDRESS", "UK_NINO", "UK_NHS", "DATE_OF_BIRTH")
BESIDE = 40  # characters on either side that hold the words beside a term
LABELLED = 0.85
# Cells that say nothing, or that somebody is not concerned.
_EMPTY = frozenset(
    {
        "no", "n", "none", "nil", "na", "n/a", "not applicable", "false", "0", "-", "--", ".", "?", "unknown",
        "not known", "n/k", "nk", "not stated", "not given", "not recorded", "not disclosed", "null",
        "prefer not to say", "none known", "none declared", "none disclosed", "none stated", "not specified",
        "undisclosed", "tbc", "rather not say", "prefer not to disclose", "information refused", "nothing known",
    }
)  # fmt: skip
_MERE_YES = frozenset({"yes", "y", "true", "x"})  # under "Medical" it may be insurance
# Without any of these no field stands in a text: behind a colon, a tab, blanks or a question mark, or below a label.
_FORM_LIKE = re.compile(r":|\t|\S   |\?[ \r\n]")
SHORT = 80
_TOKEN = re.compile(r"[^\W\d_]+|[0-9]+")
_NOTE = re.compile(r"(?:\s[-\u2013\u2014]\s|[(:]\s{0,2})\Z")
_SHORT_NOTE = re.compile(r"(?:\s[-\u2013\u2014]\s|[(:,;/]\s{0,2})\Z")
_NUMBER = re.compile(r"[\d ./-]+")


@dataclass(frozen=True, slots=True)
class SpecialDetector:
    """Finds words of health, belief, origin, politics, unions, sex life, biometrics, genes and crime."""

    lexicons: Lexicons
    name: str = NAME
    needs: tuple[str, ...] = NEEDS

    @property
    def entity_types(self) -> tuple[str, ...]:
        """All types of the lexicons."""
        return self.lexicons.entity_types

    def detect(self, texts: Sequence[Text]) -> Iterator[list[Span]]:
        """Candidates in each text."""
        return spread(texts, self.find(texts))

    def find(self, texts: Sequence[Text]) -> dict[int, list[Span]]:
        """The same by text. One look at the words of all texts together comes first: most have none of ours."""
        batch = Batch.of(texts)
        heads = self.lexicons.heads(batch.words)
        has_labels = not _plain(batch.words).isdisjoint(_label_heads(self.entity_types))
        types = frozenset(self.entity_types)
        if not heads and not has_labels and not any(expected_types(label) & types for label in batch.labels):
            return {}
        by_text = {}
        for number, text in enumerate(batch):
            found = list(self._labelled(expected_types(text.label), text.label, text.text, (0, len(text.text))))
            if not found and has_labels and _FORM_LIKE.search(text.text):
                fields = (field for form in forms_in(text.text) for field in form.fields)
                for field in fields:
                    kinds, at = form_types(field.label), (field.value_start, field.value_end)
                    found += self._labelled(kinds, field.label, text.text, at)
            if heads and not (found and text.label):
                found += self._terms(text.text, heads)
            if found:
                by_text[number] = sorted(found, key=lambda span: (span.start, span.end, span.entity_type))
        return by_text

    def _labelled(self, said: Set[str], label: str, text: str, at: tuple[int, int]) -> Iterator[Span]:
        """A cell or field whose label says what it is: all of it, unless it says that there is nothing."""
        kinds = said & frozenset(self.entity_types)
        value = text[at[0] : at[1]].strip() if kinds else ""
        if not value or value.casefold().rstrip(".") in _EMPTY:
            return
        start = text.index(value, at[0])
        for kind in kinds:
            if value.casefold() in _MERE_YES and kind not in expected_types(label):
                continue
            if kind == "CRIMINAL" or not _NUMBER.fullmatch(value):
                words = f"stands under a label of {kind.lower().replace('_', ' ')}"
                evidence = Evidence(pattern="a field of its own", label=label[:200])
                normal = " ".join(value.casefold().split())
                yield Span(kind, start, start + len(value), LABELLED, NAME, words, normal, evidence)

    def _terms(self, text: str, heads: Set[str]) -> Iterator[Span]:
        for word in _TOKEN.finditer(text):
            head = word.group().lower()
            match = self.lexicons.pattern(head).match(text, word.start()) if head in heads else None
            if match:
                written = " ".join(match.group().replace("\u2019", "'").split())
                exact = () if _shouted(text, match) else self.lexicons.exact.get(written, ())
                groups = (*exact, *self.lexicons.loose.get(written.lower(), ()))
                spans = (_span(group, text, match.start(), match.end()) for group in groups)
                yield from {span.entity_type: span for span in spans if span}.values()


def _shouted(text: str, match: re.Match[str]) -> bool:
    """Whether a term of capitals stands among capitals: FROM ME is no illness."""
    around = text[max(0, match.start() - 20) : match.start()] + text[match.end() : match.end() + 20]
    return match.group().isupper() and around.isupper()


def _span(group: Group, text: str, start: int, end: int) -> Span | None:
    """The candidate, None where the words around it do not say that somebody has, is or does it."""
    first, last = sentence_at(text, start, end)
    front, back = text[max(first, start - BESIDE) : start], text[end : min(last, end + BESIDE)]
    # A word that the look begins in the middle of is none.
    before = words_of(front if first >= start - BESIDE else front.partition(" ")[2])
    behind = words_of(back)
    near_before, near_behind = _last(before, 2), _first(behind, 2)
    if any(word in near_behind or word in near_before for word in group.unless):
        return None
    said = "" if group.free else _said(group, behind, text, (first, start, end, last))
    if said is None:
        return None
    words = f"a word of {group.kind} ({group.name})"
    return Span(
        group.entity_type, start, end, group.score, NAME, words, " ".join(text[start:end].casefold().split()),
        Evidence(pattern=words, context=said),
    )  # fmt: skip


def _said(group: Group, behind: str, text: str, at: tuple[int, int, int, int]) -> str | None:
    """The word that makes the term somebody's, None when there is none and the group wants one."""
    first, start, end, last = at
    clause = words_of(re.split(r"[.;:!?]", text[max(first, start - BESIDE) : start])[-1])
    near = _last(clause, 4)
    for word in group.before:
        if word in near:
            return word.strip()
    near = _first(behind, 2)
    for word in group.behind:
        if near.startswith(word):
            return word.strip()
    if group.cues:
        whole = words_of(text[first:start]) + words_of(text[end:last])
        for word in group.cues:
            if word in whole:
                return word.strip()
    # "Tom Field - epilepsy", "Tom Field (epilepsy)"; in a short line also "Tom Field, epilepsy".
    if group.note and (_NOTE if last - first > SHORT else _SHORT_NOTE).search(text[max(first, start - 4) : start]):
        return "a note"
    return None


def _last(words: str, count: int) -> str:
    return f" {' '.join(words.split()[-count:])} "


def _first(words: str, count: int) -> str:
    return f" {' '.join(words.split()[:count])} "


def _plain(words: Set[str]) -> set[str]:
    """Words without their digits, as labels are read: "health2" is "health" and 2."""
    mixed = (_TOKEN.findall(word) for word in words if not (word.isalpha() or word.isdigit()))
    return {*words, *chain.from_iterable(mixed)}


@cache
def _label_heads(entity_types: tuple[str, ...]) -> frozenset[str]:
    """The first words of the labels that announce one of ours: without any of them no form needs to be looked for."""
    return frozenset(phrase.split()[0] for kind in entity_types for phrase in label_phrases(kind))


def load(options: DetectorOptions) -> list[Detector]:  # noqa: ARG001 - every factory is given the options
    """The detector of special categories."""
    return [SpecialDetector(load_lexicons())]
