"""Texts go in, what stands in the machine-readable zone of passports, visas and identity cards comes out (ICAO 9303).

TD1 is three lines of 30 characters, TD2 two of 36, TD3 two of 44. The number, the date of birth and the name are found,
each only when the check digits of the zone are right. A second line of TD3 that stands alone counts too.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from detectors.ages import full_year, today_of
from detectors.batch import Batch
from detectors.encoded_births import birth_facts
from detectors.hints import spread
from detectors.types import Detector, DetectorOptions, Evidence, Span, Text

PASSPORT, DOCUMENT, BIRTH, PERSON = "UK_PASSPORT", "ID_DOCUMENT", "DATE_OF_BIRTH", "PERSON"
SCORE = 0.95
CHECKED = "7-3-1 digits of the machine-readable zone"

_LINE = re.compile(r"(?<![A-Z0-9<])(?:[A-Z0-9<]{44}|[A-Z0-9<]{36}|[A-Z0-9<]{30})(?![A-Z0-9<])", re.ASCII)
_BETWEEN = re.compile(r"[ \t\r]{0,4}\n?[ \t]{0,8}", re.ASCII)
_SEX = {"F": "female", "M": "male"}


@dataclass(frozen=True, slots=True)
class _Field:
    """Characters of one line of the zone: offset in the text, and what stands there."""

    start: int
    written: str


@dataclass(frozen=True, slots=True)
class _Zone:
    """A zone whose check digits are right. `names` is None for a second line alone."""

    start: int
    end: int
    code: str
    issuer: str
    number: _Field
    birth: _Field
    sex: str
    names: _Field | None


@dataclass(frozen=True, slots=True)
class ZoneDetector:
    """Finds machine-readable zones. `today` is the day by which a child is a child."""

    today: date
    name: str = "travel_documents"
    entity_types: tuple[str, ...] = (PASSPORT, DOCUMENT, BIRTH, PERSON)

    def detect(self, texts: Sequence[Text]) -> Iterator[list[Span]]:
        """One list of spans for each text."""
        return spread(texts, self.find(texts))

    def find(self, texts: Sequence[Text]) -> dict[int, list[Span]]:
        """The spans of the texts that have any."""
        batch = Batch.of(texts)
        worth = [number for number, text in enumerate(batch) if "<<" in text.text] if "<<" in batch.joined else []
        found = {
            number: [span for zone in _zones(batch[number].text) for span in self._spans(zone)] for number in worth
        }
        return {number: spans for number, spans in found.items() if spans}

    def _spans(self, zone: _Zone) -> Iterator[Span]:
        evidence = Evidence(pattern="machine-readable zone", validator=CHECKED)
        reason = f"looks like a machine-readable zone; right {CHECKED}"
        born = _born(zone.birth.written, self.today)
        facts = birth_facts((born, _SEX.get(zone.sex, "")) if born else None, self.today)
        kind = PASSPORT if zone.code.startswith("P") else DOCUMENT
        yield Span(
            kind, zone.start, zone.end, SCORE, self.name, reason, zone.number.written.replace("<", ""), evidence,
            (("country", zone.issuer.strip("<")), *facts),
        )  # fmt: skip
        if born:
            end = zone.birth.start + len(zone.birth.written)
            yield Span(BIRTH, zone.birth.start, end, SCORE, self.name, reason, born.isoformat(), evidence, facts)
        if zone.names:
            surname, _, given = zone.names.written.partition("<<")
            written = zone.names.written.rstrip("<")
            value = " ".join(f"{given} {surname}".replace("<", " ").split()).title()
            if value:
                end = zone.names.start + len(written)
                yield Span(PERSON, zone.names.start, end, SCORE, self.name, reason, value, evidence)


def _zones(text: str) -> Iterator[_Zone]:
    lines = [_Field(match.start(), match.group()) for match in _LINE.finditer(text)]
    at = 0
    while at < len(lines):
        size = len(lines[at].written)
        wanted = 3 if size == 30 else 2
        block = lines[at : at + wanted]
        if len(block) == wanted and _together(text, block):
            zone = _three_lines(*block) if wanted == 3 else _two_lines(*block)
            if zone:
                yield zone
                at += wanted
                continue
        if size == 44 and (alone := _second_line(lines[at])):
            yield alone
        at += 1


def _together(text: str, block: Sequence[_Field]) -> bool:
    """Lines of one length that follow each other."""
    for one, other in pairwise(block):
        end = one.start + len(one.written)
        if len(one.written) != len(other.written) or not _BETWEEN.fullmatch(text, end, other.start):
            return False
    return True


def _three_lines(first: _Field, second: _Field, third: _Field) -> _Zone | None:
    one, two = first.written, second.written
    whole = one[5:30] + two[0:7] + two[8:15] + two[18:29]
    if one[0] not in "IACP" or not _right(
        (one[5:14], one[14]), (two[0:6], two[6]), (two[8:14], two[14]), (whole, two[29])
    ):
        return None
    return _Zone(
        first.start, second.start + len(two), one[:2], one[2:5], _part(first, 5, 14), _part(second, 0, 6), two[7],
        third if "<<" in third.written else None,
    )  # fmt: skip


def _two_lines(first: _Field, second: _Field) -> _Zone | None:
    one, two = first.written, second.written
    if one[0] not in "PVIAC" or not _right((two[0:9], two[9]), (two[13:19], two[19]), (two[21:27], two[27])):
        return None
    # A visa has no digit over the whole line.
    if one[0] != "V" and not _right((two[0:10] + two[13:20] + two[21:-1], two[-1])):
        return None
    return _zone_of_second(second, one[:2], one[2:5], _part(first, 5, len(one)))


def _second_line(second: _Field) -> _Zone | None:
    two = second.written
    fields = ((two[0:9], two[9]), (two[13:19], two[19]), (two[21:27], two[27]))
    if two[20] not in "MFX<" or not _right(*fields, (two[0:10] + two[13:20] + two[21:43], two[43])):
        return None
    return _zone_of_second(second, "P", two[10:13], None)


def _zone_of_second(second: _Field, code: str, issuer: str, names: _Field | None) -> _Zone:
    end = second.start + len(second.written)
    return _Zone(second.start, end, code, issuer, _part(second, 0, 9), _part(second, 13, 19), second.written[20], names)


def _part(line: _Field, start: int, end: int) -> _Field:
    return _Field(line.start + start, line.written[start:end])


def _right(*fields: tuple[str, str]) -> bool:
    """Whether each field has its check digit: weights 7, 3 and 1, letters count from 10, fillers nothing."""
    return all(_digit(field) == ("0" if digit == "<" else digit) for field, digit in fields)


def _digit(field: str) -> str:
    values = (0 if char == "<" else int(char, 36) for char in field)
    return str(sum(value * (7, 3, 1)[index % 3] for index, value in enumerate(values)) % 10)


def _born(yymmdd: str, today: date) -> date | None:
    if not yymmdd.isdigit():
        return None  # parts that nobody knows are fillers
    try:
        return date(full_year(int(yymmdd[:2]), today), int(yymmdd[2:4]), int(yymmdd[4:]))
    except ValueError:
        return None


def load(options: DetectorOptions) -> list[Detector]:
    """The detector of machine-readable zones. Setting `today`: see detectors.ages."""
    return [ZoneDetector(today_of(options))]
