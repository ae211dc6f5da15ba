"""Texts go in, what stands around a card number comes out: the magnetic stripe, the security code behind the expiry.

Card numbers themselves are a rule (payment.yaml); the stripe is code because it holds a card, a name and more, and the
security code because it needs no word where a card and its expiry date stand in front of it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detectors.batch import DIGITS, Near
from detectors.checksums import CHECKS, card_brand
from detectors.hints import holding, spread
from detectors.labels import announced
from detectors.rulefiles import Rule, builtin_rules
from detectors.types import Detector, DetectorOptions, Evidence, Span, Text

TRACK, CARD, CODE, PERSON = "CARD_TRACK", "CREDIT_CARD", "CARD_SECURITY_CODE", "PERSON"
APART = 40  # characters between a card number and its security code
PAN = "issuer prefix, length and Luhn digit"

# ISO/IEC 7813. Track 1: %B number ^ SURNAME/FORENAME ^ yymm, service code, and what the issuer likes; ends with ?.
_TRACK_1 = re.compile(
    r"%?B(?P<pan>[0-9]{13,19})\^(?P<name>[A-Z '.,/-]{2,26}+)\^[0-9]{4}[0-9A-Za-z ^=]{0,60}\??", re.ASCII
)
# Track 2: ; number = yymm, service code, discretionary digits ?. Chip readers write D for the =.
_TRACK_2 = re.compile(r"(?<![0-9A-Za-z]);?(?P<pan>[0-9]{13,19})[=D][0-9]{2}(?:0[1-9]|1[0-2])[0-9]{3,20}F?\??", re.ASCII)
_CARD = re.compile(
    r"(?<!\w)(?:[0-9]{13,19}|[0-9]{4}([ -])[0-9]{4}\1[0-9]{4}\1[0-9]{4}|[0-9]{4}([ -])[0-9]{6}\2[0-9]{4,5})(?!\w)",
    re.ASCII,
)
_EXPIRY = (
    r"[\s,;|:/]{1,4}(?:(?:exp|expiry|expires|valid thru|valid to)[ .:]{0,3})?"
    r"(?:0[1-9]|1[0-2]) ?[/-] ?(?:20)?[2-4][0-9]"
)
_EXPIRY_AND_CODE = re.compile(
    rf"{_EXPIRY}[\s,;|:/]{{1,4}}(?P<code>[0-9]{{3,4}})(?![0-9]|[.,:/-][0-9])", re.ASCII | re.IGNORECASE
)
# What stands behind a card number in all that is looked for here.
_BEHIND_CARD = re.compile(rf"(?<=[0-9])(?:[\^=D]|{_EXPIRY})", re.ASCII | re.IGNORECASE)
_NEAR = Near(DIGITS, 13, 1, 2)


@dataclass(frozen=True, slots=True)
class CardDetector:
    """Finds magnetic stripes with the card number and the name in them, and security codes that no word announces."""

    rule: Rule
    name: str = "cards"
    entity_types: tuple[str, ...] = (TRACK, CARD, CODE, PERSON)

    def detect(self, texts: Sequence[Text]) -> Iterator[list[Span]]:
        """One list of spans for each text."""
        return spread(texts, self.find(texts))

    def find(self, texts: Sequence[Text]) -> dict[int, list[Span]]:
        """The spans of the texts that have any."""
        worth = ((number, texts[number]) for number in holding(texts, _BEHIND_CARD, _NEAR))
        found = {number: [*self._tracks(text.text), *self._codes(text)] for number, text in worth}
        return {number: spans for number, spans in found.items() if spans}

    def _tracks(self, body: str) -> Iterator[Span]:
        for pattern, track in ((_TRACK_1, "1"), (_TRACK_2, "2")):
            if ("^" if track == "1" else "=") not in body and (track == "1" or "D" not in body):
                continue
            for match in pattern.finditer(body):
                pan = match["pan"]
                if not CHECKS["card"].passes(pan):
                    continue
                evidence = Evidence(pattern=f"track {track} of a magnetic stripe", validator=PAN)
                reason = f"looks like track {track} of a magnetic stripe; right {PAN}"
                test = self.rule.is_test(pan)
                facts = (("brand", card_brand(pan)),)
                yield Span(TRACK, *match.span(), 0.95, self.name, reason, pan, evidence, facts, test)
                yield Span(CARD, *match.span("pan"), 0.95, self.name, reason, pan, evidence, facts, test)
                if track == "1":
                    yield from self._name(match, reason, evidence)

    def _name(self, match: re.Match[str], reason: str, evidence: Evidence) -> Iterator[Span]:
        surname, _, given = match["name"].rstrip(" /").partition("/")
        value = " ".join(f"{given} {surname}".replace(".", " ").split()).title()
        if value and "/" in match["name"]:  # cards without a holder have CARDHOLDER or blanks there
            end = match.start("name") + len(match["name"].rstrip(" /"))
            yield Span(PERSON, match.start("name"), end, 0.9, self.name, reason, value, evidence)

    def _codes(self, text: Text) -> Iterator[Span]:
        """`4111 1111 1111 1111 12/27 123`: three digits (four for American Express) behind a card and its expiry."""
        if CODE in announced(text.label).excluded:
            return
        for card in _CARD.finditer(text.text):
            if not CHECKS["card"].passes(card.group()):
                continue
            found = _EXPIRY_AND_CODE.match(text.text, card.end(), card.end() + APART)
            if found and len(found["code"]) == (4 if card_brand(card.group()) == "amex" else 3):
                evidence = Evidence(pattern="three or four digits", context="card number and expiry date")
                reason = "three or four digits behind a card number and its expiry date"
                yield Span(CODE, *found.span("code"), 0.8, self.name, reason, found["code"], evidence)


def load(options: DetectorOptions) -> list[Detector]:
    """The one detector of what stands around card numbers; it has no settings."""
    del options
    rule = next(rule for rule in builtin_rules() if rule.entity_type == CARD and rule.check)
    return [CardDetector(rule)]
