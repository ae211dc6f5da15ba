"""Texts go in, spans of dates of birth and ages come out: only where a word or a label says that somebody was born."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from detectors.ages import age_facts, today_of, years
from detectors.batch import DIGITS, Batch, Near, Stretch
from detectors.hints import holding, mentions, spread
from detectors.labels import announced
from detectors.name_lists import look_up
from detectors.scoring import weigh
from detectors.types import Detector, DetectorOptions, Span, Text

BIRTH, AGE = "DATE_OF_BIRTH", "AGE"
WORDS = (
    "dob", "d o b", "d.o.b", "d.o.b.", "date of birth", "birth date", "birthdate", "birthday", "born", "born on",
    "birth", "d.o. b",
)  # fmt: skip
REACH = 40  # characters between the word and its date

_DIGIT = re.compile("[0-9]")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month{0}>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{{0,6}})\.?"
_DATE = re.compile(
    r"(?<![\w/.-])(?:"
    r"(?P<iso>[0-9]{4})(?P<sep1>[-/.])(?P<m1>[0-9]{1,2})(?P=sep1)(?P<d1>[0-9]{1,2})(?![0-9])"
    r"|(?P<d2>[0-9]{1,2})(?P<sep2> ?[-/.] ?| )(?P<m2>[0-9]{1,2})(?P=sep2)(?P<y2>[0-9]{4}|[0-9]{2})(?![0-9])"
    rf"|(?P<d3>[0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)?[ \u00a0-]{{0,2}}{_MONTH.format(3)},?[ \u00a0-]{{0,2}}"
    r"(?P<y3>[0-9]{4}|'?[0-9]{2})(?![0-9])"
    rf"|{_MONTH.format(4)} {{0,2}}(?P<d4>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<y4>[0-9]{{4}})(?![0-9])"
    r")",
    re.IGNORECASE | re.ASCII,
)
_COMPACT = re.compile(r"(?P<a>[0-9]{2})(?P<b>[0-9]{2})(?P<c>[0-9]{2})(?P<d>[0-9]{2})", re.ASCII)
# A plain search for these letters, before any pattern runs, leaves out almost all texts.
_HINTS = ("birth", "born", "dob", "d.o.b", "d o b", "(b.", "(b ")
_BIRTH_WORD = re.compile(
    r"(?<![a-z])(?:d\.? ?o\.? ?b\.?|birth[ _-]?(?:date|day)|date[ _-]of[ _-]birth|born|birth)(?![a-z])"
    r"|(?<=\()b\.?(?= ?[0-9])"  # "Jane Doe (b. 14/02/1980)"
)
_COMPACT_BEHIND = re.compile(r"[ \t]{0,2}[:=-]?[ \t]{0,2}([0-9]{8})(?![0-9])", re.ASCII)
# These words between the birth word and a date give the date to something else.
_OTHER_EVENT = re.compile(
    r"\b(?:joined|started|start|issued|expir\w{1,4}|invoice|registered|died|death|deceased|dod|employed|hired|married"
    r"|created|updated|due|received|admitted|seen|signed|since|appointment|date of (?!birth))\b",
    re.IGNORECASE,
)
_AND = re.compile(r"[\s,&/:;]*(?:and)?[\s,&/:;]*", re.IGNORECASE)
# What forms and systems put in when nobody knows.
_PLACEHOLDERS = frozenset({(1900, 1, 1), (1901, 1, 1), (1970, 1, 1), (1980, 1, 1)})

_NUMBER = r"(?P<{}>[0-9]{{1,3}})"
_AGE = re.compile(
    rf"(?<![a-z_-])(?:aged|age is|age|age of)[ :=]{{1,3}}{_NUMBER.format('a')}"
    r"(?![0-9%.,]?[0-9%]|[-+\u2013/]| ?(?:to|or|and) )"
    rf"|(?<![0-9.,-]){_NUMBER.format('b')}(?:[ -]?(?:years?|yrs?|yo)[ -]?(?:old|of age)|[ -]?y/?o)(?![a-z])",
    re.IGNORECASE | re.ASCII,
)
# "Mrs Doe, 84, lives alone", as newspapers and case notes write.
_AGE_IN_COMMAS = re.compile(r", [0-9]{1,3},")
_AGE_BEHIND_NAME = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z][\w'\u2019-]{1,25}(?: [A-Z][\w'\u2019-]{1,25})?, (?P<a>[0-9]{1,3}),"
    r"|\b[A-Z][a-z'\u2019-]{1,25} [A-Z][a-z'\u2019-]{1,25}, (?P<b>[0-9]{1,3}),"
    r" (?:of|from|who|was|is|has|had|lives|lived|died|said|told)\b)"
)
# "Wilf has Parkinson's and is 81": only of somebody with a forename, and with nothing counted behind.
_AND_IS = re.compile(r" and is [0-9]{1,3}(?![\w%:/-]|[.,][0-9])")
_AGE_BEHIND_CLAUSE = re.compile(
    r"\b(?P<name>[A-Z][a-z'\u2019-]{1,25}) (?:[A-Z][a-z'\u2019-]{1,25} )?"
    r"(?:has|had|is|was|lives|lived|lost|needs|takes|uses|suffers|came|works)\b"
    r"[^.;:!?\n]{1,60}? and is (?P<a>[0-9]{1,3})"
    r"(?=[.,;!?)]{0,2}(?:\s*\n|\s*\Z)|[.;!?)] | ?,? (?:and|but|who|now|next|today|this|so|she|he)\b|, )"
)
_AGE_CELL = re.compile(r"\s*[0-9]{1,3}(?:\.0)?\s*")
_NEAR_AGE = Near(DIGITS, 0, 12, 20)  # where both lie
_AGE_HINTS = ("age", "old", "yo", "y/o")
_LIMIT = re.compile(
    r"\b(?:under|over|below|above|least|than|minimum|maximum|between|to|or|until|from)[ -]{0,2}(?:the )?$",
    re.IGNORECASE,
)
_THING = re.compile(
    r"[ -]{0,2}(?:\w{1,15} )?(?:company|business|firm|car|van|vehicle|building|house|property|whisk\w{1,2}|laptop"
    r"|system|boiler|data|records?|charity|church|tree|dog|cat|horse|bug|version|policy)\b",
    re.IGNORECASE,
)
AGE_WORDS = (
    "boy", "girl", "son", "daughter", "child", "children", "man", "woman", "male", "female", "pupil", "student",
    "patient", "he", "she", "mr", "mrs", "ms", "miss", "mother", "father", "brother", "sister", "widow", "victim",
    "client", "lady", "teenager", "baby", "grandson", "granddaughter", "nephew", "niece", "who", "dob", "gender",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BirthDetector:
    """Finds dates of birth and ages. `today` is the day by which a child is a child."""

    today: date
    name: str = "dates"
    entity_types: tuple[str, ...] = (BIRTH, AGE)

    def detect(self, texts: Sequence[Text]) -> Iterator[list[Span]]:
        """One list of spans for each text."""
        return spread(texts, self.find(texts))

    def find(self, texts: Sequence[Text]) -> dict[int, list[Span]]:
        """The spans of the texts that have any."""
        speaks = (
            mentions(texts, (*_HINTS, *_AGE_HINTS))
            or any(not announced(label).expected.isdisjoint((BIRTH, AGE)) for label in {text.label for text in texts})
            or bool(holding(texts, _AGE_IN_COMMAS, _NEAR_AGE))
            or bool(holding(texts, _AND_IS, _NEAR_AGE))
        )
        batch = Batch.of(texts)
        worth = ((number, batch[number]) for number in (batch.holding(_DIGIT) if speaks else ()))
        found = {
            number: [*self._births(text), *self._ages(text, batch.stretches_of(number, _NEAR_AGE))]
            for number, text in worth
        }
        return {number: spans for number, spans in found.items() if spans}

    def _births(self, text: Text) -> Iterator[Span]:
        labelled = BIRTH in announced(text.label).expected
        lowered = text.text.lower()
        if len(lowered) != len(text.text):
            lowered = text.text
        if not labelled and not any(hint in lowered for hint in _HINTS):
            return
        if labelled and (match := _COMPACT.fullmatch(text.text.strip())):
            yield from self._birth(text, text.text.index(match.group()), match.group(), _compact_day(match, self.today))
            return
        words = [match.span() for match in _BIRTH_WORD.finditer(lowered)]
        for _, end in words:
            digits = _COMPACT_BEHIND.match(text.text, end)
            if digits and (date_of := _COMPACT.fullmatch(digits[1])):
                yield from self._birth(text, digits.start(1), digits[1], _compact_day(date_of, self.today))
        before = (-1, -1, False)  # the date in front of this one, and whether it was somebody's birth
        at = 0
        for match in _DATE.finditer(text.text):
            while at < len(words) and words[at][1] <= match.start():
                at += 1
            word = words[at - 1][1] if at else -1
            behind = words[at][0] if at < len(words) else len(lowered) + REACH
            mine = labelled or _belongs(text.text, match, word, behind, before)
            before = (match.start(), match.end(), mine)
            if mine:
                yield from self._birth(text, match.start(), match.group(), _day(match, self.today))

    def _birth(self, text: Text, start: int, written: str, read: tuple[date, str] | None) -> Iterator[Span]:
        if read is None:
            return
        born, form = read
        base = {"month first": 0.45, "two-digit year": 0.5}.get(form, 0.6)
        score, evidence = weigh(
            BIRTH, base, text, start, start + len(written), words=WORDS, pattern=form, validator="calendar",
            before=REACH + 15, after=REACH - 10,
        )  # fmt: skip
        facts = age_facts(years(born, self.today))
        if (born.year, born.month, born.day) in _PLACEHOLDERS:
            score = round(score * 0.5, 3)
            facts = (("placeholder", "yes"),)
        reason = f"date ({form}) " + (f"beside '{evidence.context}'" if evidence.context else "under its label")
        yield Span(
            BIRTH, start, start + len(written), score, self.name, reason, born.isoformat(), evidence, facts
        )  # fmt: skip

    def _ages(self, text: Text, stretches: Sequence[Stretch]) -> Iterator[Span]:
        body = text.text
        if AGE in announced(text.label).expected and _AGE_CELL.fullmatch(body):
            start = len(body) - len(body.lstrip())
            digits = body.strip().removesuffix(".0")
            yield from self._age(text, start, start + len(digits), digits)
            return
        if _AGE_IN_COMMAS.search(body):
            for match in _AGE_BEHIND_NAME.finditer(body):
                group = "a" if match.group("a") else "b"
                yield from self._age(text, match.start(group), match.end(group), match.group(group))
        if _AND_IS.search(body):
            for match in _AGE_BEHIND_CLAUSE.finditer(body):
                known = look_up(match["name"])
                if known and known.given:
                    yield from self._age(text, *match.span("a"), match["a"])
        lowered = body.lower()
        if not any(hint in body or hint in lowered for hint in _AGE_HINTS):
            return
        for match in chain.from_iterable(_AGE.finditer(body, *stretch) for stretch in stretches):
            group = "a" if match.group("a") else "b"
            lead = body[max(0, match.start() - 20) : match.start()]
            if _LIMIT.search(lead) or (group == "b" and _THING.match(body, match.end())):
                continue
            yield from self._age(text, match.start(group), match.end(group), match.group(group))

    def _age(self, text: Text, start: int, end: int, digits: str) -> Iterator[Span]:
        age = int(digits)
        if age > 120:
            return
        score, evidence = weigh(
            AGE, 0.5, text, start, end, words=AGE_WORDS, pattern="age in years", before=REACH, after=REACH
        )  # fmt: skip
        yield Span(AGE, start, end, score, self.name, "age in years", str(age), evidence, age_facts(age))


def _belongs(body: str, match: re.Match[str], word: int, behind: int, before: tuple[int, int, bool]) -> bool:
    """Whether a date is the one that the nearest birth word speaks of: `word` ends before, `behind` starts after."""
    if word >= 0 and match.start() - word <= REACH:
        if before[0] < word:
            return not _OTHER_EVENT.search(body, word, match.start())
        # "born 01/02/2010 and 03/04/2012": the second of a list, but not the next column of a row.
        return before[2] and bool(_AND.fullmatch(body, before[1], match.start()))
    if behind - match.end() > REACH // 2:
        return False
    gap = body[match.end() : behind]
    return "\n" not in gap and not _DATE.search(gap)


def _day(match: re.Match[str], today: date) -> tuple[date, str] | None:
    found = match.groupdict()
    if found["iso"]:
        return _real(found["iso"], found["m1"], found["d1"], "year first", today)
    if found["d2"]:
        form = "day first" if len(found["y2"]) == 4 else "two-digit year"
        # British order; the American one only where the British is no date at all.
        return _real(found["y2"], found["m2"], found["d2"], form, today) or _real(
            found["y2"], found["d2"], found["m2"], "month first", today
        )
    month = found["month3"] or found["month4"]
    number = str(_MONTHS.index(month[:3].lower()) + 1)
    year = (found["y3"] or found["y4"]).strip("'")
    return _real(year, number, found["d3"] or found["d4"], "month in words", today)


def _compact_day(match: re.Match[str], today: date) -> tuple[date, str] | None:
    a, b, c, d = match.groups()
    return _real(a + b, c, d, "digits only", today) or _real(c + d, b, a, "digits only", today)


def _real(year: str, month: str, day: str, form: str, today: date) -> tuple[date, str] | None:
    """The date, when it exists and somebody alive or lately dead can have been born on it."""
    number = int(year)
    if len(year) == 2:
        # Somebody born in '14 is a child of 2014 sooner than a pensioner over a hundred.
        number += 2000 if number <= today.year % 100 else 1900
    try:
        born = date(number, int(month), int(day))
    except ValueError:
        return None
    return (born, form) if born.year >= 1900 and born <= today else None


def load(options: DetectorOptions) -> list[Detector]:
    """The detector of dates of birth and ages. Setting `today` (yyyy-mm-dd): the day of the scan."""
    return [BirthDetector(today_of(options))]
