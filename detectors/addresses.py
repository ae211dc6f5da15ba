"""Texts go in, spans of British postal addresses come out: from the house to the postcode, or whole cells by label."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from detectors import rampart, tagger
from detectors.address_forms import (
    BOX,
    OPEN_STREET,
    POSTCODE,
    SAID_NUMBER,
    SAID_STREET,
    address_value,
    named,
    open_streets,
    spaced,
    walk_back,
)
from detectors.batch import DIGITS, Batch, Near
from detectors.checksums import CHECKS
from detectors.hints import holding, spread
from detectors.labels import announced
from detectors.scoring import weigh
from detectors.types import Detector, DetectorOptions, Evidence, Span, Text

ADDRESS, POST = "ADDRESS", "UK_POSTCODE"
WORDS = (
    "address", "addr", "live", "lives", "living at", "lived", "resident", "residence", "reside", "resides", "home",
    "deliver", "delivery", "post to", "moved", "moving to", "occupier", "tenant", "property", "registered office",
)  # fmt: skip
BACK = 220  # characters before the postcode in which the rest of its address stands
AROUND = 120  # characters on each side of a street that the models are shown
SURE_OF_STREET = 0.95  # chance from which our own tagger is believed, many times as fast as Rampart
NEAR = 40  # characters before a street in which a word such as "lives at" counts for it
# What Rampart calls the parts of an address; a street is one when it agrees.
STREET_TAGS = frozenset({"BUILDING_NUMBER", "STREET_NAME"})
_NUMBERED = re.compile(r"(?<![\w.])[0-9]{1,5}[A-Za-z]?(?![\w.])")
_NUMBER_BEFORE_NAME = re.compile("[0-9][A-Za-z]?[ \u00a0][A-Z]")  # in every street, and quickly seen not to be there
_LETTERS = re.compile(r"[^\W\d_]{3}")
_NEAR_POSTCODE, _NEAR_NUMBER, _NEAR_STREET = Near(DIGITS, 2, 4, 4), Near(DIGITS, 0, 0, 4), Near(DIGITS, 0, 16, 120)
_NEAR_SAID, _NEAR_SAID_NUMBER = Near(DIGITS, 0, 32, 160), Near(DIGITS, 0, 16, 0)


@dataclass(frozen=True, slots=True)
class AddressDetector:
    """Finds addresses that end in a postcode, cells under a label of addresses, and streets that something speaks for.

    `model`: whether the model of names may be asked about a street without a postcode.
    """

    model: bool = False
    name: str = "addresses"
    entity_types: tuple[str, ...] = (ADDRESS, POST)

    def detect(self, texts: Sequence[Text]) -> Iterator[list[Span]]:
        """One list of spans for each text."""
        return spread(texts, self.find(texts))

    def find(self, texts: Sequence[Text]) -> dict[int, list[Span]]:
        """The spans of the texts that have any."""
        worth = holding(texts, POSTCODE, _NEAR_POSTCODE)
        if holding(texts, _NUMBER_BEFORE_NAME, _NEAR_NUMBER):
            worth |= holding(texts, OPEN_STREET, _NEAR_STREET)
        if holding(texts, SAID_NUMBER, _NEAR_SAID_NUMBER):
            worth |= holding(texts, SAID_STREET, _NEAR_SAID)
        batch = Batch.of(texts)
        cells = any(ADDRESS in announced(label).expected for label in batch.labels)
        found = {
            number: self._spans(batch[number], number in worth) for number in (range(len(batch)) if cells else worth)
        }
        return {number: spans for number, spans in found.items() if spans}

    def _spans(self, text: Text, worth: bool) -> list[Span]:
        cell = self._cell(text)
        if cell:
            codes = (one for one in POSTCODE.finditer(text.text) if CHECKS["postcode"].passes(one.group()))
            return [cell, *(self._postcode(cell, code) for code in codes)]
        if not worth or ADDRESS in announced(text.label).excluded:
            return []
        anchored = list(self._anchored(text))
        return [*anchored, *self._open(text, anchored)]

    def _anchored(self, text: Text) -> Iterator[Span]:
        last = 0
        for match in POSTCODE.finditer(text.text):
            if not CHECKS["postcode"].passes(match.group()):
                continue
            found = walk_back(text.text, max(last, match.start() - BACK), match.start())
            if found:
                value = address_value((*found.pieces, spaced(match.group())))
                whole = self._span(text, found.start, match.end(), found.form, value)
                yield whole
                yield self._postcode(whole, match)
            last = match.end()

    def _postcode(self, address: Span, match: re.Match[str]) -> Span:
        """The postcode of an address: in small letters or without its blank it is hardly one elsewhere."""
        evidence = Evidence("postcode of an address", "postcode area", address.evidence.context, address.evidence.label)
        reason = f"postcode of an address; right {evidence.validator}"
        return Span(POST, *match.span(), max(0.6, address.score), self.name, reason, spaced(match.group()), evidence)

    def _open(self, text: Text, anchored: Sequence[Span]) -> Iterator[Span]:
        """Streets without a postcode: a word such as "lives at" or the model must say that they are addresses."""
        for start, end, placed in open_streets(text.text):
            if any(start < span.end and span.start < end for span in anchored):
                continue
            score, evidence = weigh(
                ADDRESS, 0.3, text, start, end, words=WORDS, pattern=STREET, before=NEAR, after=0
            )  # fmt: skip
            validator = "model" if self.model and placed and _model_agrees(text.text, start, end) else ""
            if not (evidence.context or validator):
                continue
            score = round(score + (1 - score) * 0.5, 3) if validator else score
            reason = STREET + (f" near the word '{evidence.context}'" if evidence.context else "")
            reason += ", the model agrees" if validator else ""
            value = address_value((text.text[start:end],))
            evidence = replace(evidence, validator=validator)
            yield Span(ADDRESS, start, end, score, self.name, reason, value, evidence)

    def _cell(self, text: Text) -> Span | None:
        """The whole value under a label of addresses, when it has anything of an address besides the label."""
        if ADDRESS not in announced(text.label).expected:
            return None
        body = text.text.strip()
        if not 5 <= len(body) <= BACK or "@" in body:
            return None
        postcode = next((one for one in POSTCODE.finditer(body) if CHECKS["postcode"].passes(one.group())), None)
        rest = body.replace(postcode.group(), "") if postcode else body
        if postcode and not _LETTERS.search(rest):
            return None  # a postcode alone is found as one
        numbered = _NUMBERED.search(body) and _LETTERS.search(body)  # "Avenida Noruega 42": the label says the rest
        if not (postcode or numbered or BOX.search(body) or named(body)):
            return None
        start = len(text.text) - len(text.text.lstrip())
        value = body.replace(postcode.group(), spaced(postcode.group())) if postcode else body
        return self._span(text, start, start + len(body), "a cell of addresses", address_value((value,)))

    def _span(self, text: Text, start: int, end: int, form: str, value: str) -> Span:
        score, evidence = weigh(
            ADDRESS, _BASE[form], text, start, end, words=WORDS, pattern=form,
            validator="" if form == "a cell of addresses" else "postcode area",
        )  # fmt: skip
        return Span(ADDRESS, start, end, score, self.name, form, value, evidence)


STREET = "number and street"
_BASE = {
    "number, street and postcode": 0.8,
    "number, name and postcode": 0.65,
    "box and postcode": 0.7,
    "house and postcode": 0.65,
    "street and postcode": 0.55,
    "a cell of addresses": 0.5,
}


def _model_agrees(text: str, start: int, end: int) -> bool:
    """Whether a model takes it for a street: our own tagger where it is sure, or else Rampart."""
    low = max(0, start - AROUND)
    piece = text[low : end + AROUND]
    if tagger.street_chance(piece, start - low, end - low) >= SURE_OF_STREET:
        return True
    parts = rampart.tokens(piece, STREET_TAGS)
    return {part.label for part in parts if part.start < end - low and start - low < part.end} == STREET_TAGS


def load(options: DetectorOptions) -> list[Detector]:
    """The detector of addresses; where names are off, the model is not asked."""
    return [AddressDetector(model=options.names != "off")]
