"""The first lines of a letter go in, the date that it was written comes out; nothing else in a text tells that.

A letter has its date on a line of its own above the salutation, or behind the word "Date".
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from scanner.model import Column, Segment

_CHARACTERS = 2_500  # of the beginning
_LINES = 30
_FIRST_YEAR = 1950
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"  # noqa: E501
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        rf"{_DAY}(?: of)? {_MONTH},? {_YEAR}",
        rf"{_MONTH} {_DAY},? {_YEAR}",
        rf"(?P<day>[0-3]?\d)[./-](?P<number>[01]?\d)[./-]{_YEAR}",
        rf"{_YEAR}-(?P<number>[01]\d)-(?P<day>[0-3]\d)",
    )
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?"
_LEAD = re.compile(
    rf"(?P<said>(?:our |your )?dated?(?: of letter)?\s*:?\s*)?(?:[a-z][a-z' .-]{{1,30}},\s*)?{_WEEKDAY}", re.IGNORECASE
)
_SALUTATION = re.compile(r"\s*(?:dear\b|to whom it may concern|hello\b|hi\b)", re.IGNORECASE)


class LetterDate:
    """Collects the beginning of one item."""

    def __init__(self) -> None:
        self._text = ""
        self._is_open = True

    def read(self, part: Segment | Column) -> None:
        """Take over prose until there is enough of it."""
        if (
            self._is_open
            and len(self._text) < _CHARACTERS
            and isinstance(part, Segment)
            and not (part.label or part.role or part.quoted)
        ):
            self._text += part.text[: _CHARACTERS - len(self._text)] + "\n"

    def close(self) -> None:
        """What comes now is no beginning any more."""
        self._is_open = False

    def found(self) -> float | None:
        """The date as seconds since 1970, midnight UTC; None when the text does not begin like a letter."""
        return letter_date(self._text)


def letter_date(text: str) -> float | None:
    """The date of a letter that begins so, as seconds since 1970 (midnight UTC), or None."""
    lines = [line.strip() for line in text[:_CHARACTERS].splitlines() if line.strip()][:_LINES]
    salutation = next((number for number, line in enumerate(lines) if _SALUTATION.match(line)), -1)
    for number, line in enumerate(lines):
        for said, date in _dates(line):
            if said or number < salutation:
                return date
    return None


def _dates(line: str) -> Iterator[tuple[bool, float]]:
    """(whether the line calls it a date, the date), when the line is nothing but a date."""
    lead = _LEAD.match(line)
    for start in dict.fromkeys((lead.end() if lead else 0, 0)):
        for form in _FORMS:
            if (match := form.fullmatch(line, start)) and (date := _seconds(match)) is not None:
                yield bool(start and lead and lead["said"]), date


def _seconds(match: re.Match[str]) -> float | None:
    named = match.groupdict()
    month = int(named["number"]) if named.get("number") else _MONTHS.index(named["month"][:3].lower()) + 1
    try:
        date = datetime(int(named["year"]), month, int(named["day"]), tzinfo=UTC)
    except ValueError:
        return None
    return date.timestamp() if _FIRST_YEAR <= date.year <= datetime.now(UTC).year + 1 else None
