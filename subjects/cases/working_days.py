"""A day and a part of the United Kingdom go in, the next working day comes out.

Bank holidays come from the `holidays` library, which works out those that are not announced yet by their rules.
"""

from datetime import date, timedelta
from enum import StrEnum
from functools import cache

import holidays

# The government announces bank holidays about two years ahead; one-off days (a coronation) come at any time.
ANNOUNCED_UNTIL = date(2027, 12, 31)
_SATURDAY = 5


class Division(StrEnum):
    """Whose bank holidays count."""

    ENGLAND_AND_WALES = "england-and-wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"


_CODES = {Division.ENGLAND_AND_WALES: "ENG", Division.SCOTLAND: "SCT", Division.NORTHERN_IRELAND: "NIR"}


@cache
def bank_holidays(division: Division, year: int) -> frozenset[date]:
    """All of one year, substitutes for those at a weekend included."""
    return frozenset(holidays.country_holidays("GB", subdiv=_CODES[division], years=year))


def is_working_day(day: date, division: Division) -> bool:
    """Neither Saturday nor Sunday nor a bank holiday."""
    return day.weekday() < _SATURDAY and day not in bank_holidays(division, day.year)


def working_day_from(day: date, division: Division) -> date:
    """The day itself, or the next working day after it."""
    while not is_working_day(day, division):
        day += timedelta(days=1)
    return day
