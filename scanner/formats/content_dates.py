"""Dates as documents write them (ISO 8601, Windows FILETIME) go in, seconds since 1970 come out, None for nonsense."""

import calendar
from datetime import UTC, datetime

_FIRST = calendar.timegm((1980, 1, 1, 0, 0, 0))  # earlier ones are zeros and defaults of programs
_LAST = calendar.timegm((2200, 1, 1, 0, 0, 0))
_FILETIME_1970 = 116444736000000000


def iso_date(text: str) -> float | None:
    """`2024-03-05T10:00:00Z`, with or without time and zone; no zone counts as UTC."""
    try:
        when = datetime.fromisoformat(text.strip())
        return plausible((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None


def filetime(ticks: int) -> float | None:
    """Tenths of microseconds since 1601, as Windows counts."""
    return plausible((ticks - _FILETIME_1970) / 1e7)


def plausible(seconds: float) -> float | None:
    """The same, unless no document can have been written then."""
    return seconds if _FIRST <= seconds < _LAST else None
