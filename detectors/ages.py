"""A date of birth and a day go in, the age on that day and the facts that a finding carries about it come out."""

from datetime import date

from detectors.types import DetectorOptions

ADULT = 18  # Family Law Reform Act 1969, section 1
_BANDS = ((13, "0-12"), (18, "13-17"), (25, "18-24"), (35, "25-34"), (50, "35-49"), (65, "50-64"), (75, "65-74"))


def today_of(options: DetectorOptions) -> date:
    """The day of the scan: setting `today` (yyyy-mm-dd), else the computer's."""
    today = options.settings.get("today")
    return date.fromisoformat(today) if today else date.today()


def years(born: date, today: date) -> int:
    """Whole years. Somebody born on 29 February is a year older on 1 March of other years, as English law counts."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def age_facts(age: int) -> tuple[tuple[str, str], ...]:
    """`child` for those under 18, and the band."""
    band = next((name for limit, name in _BANDS if age < limit), "75+")
    return ((("child", "yes"),) if age < ADULT else ()) + (("age_band", band),)


def full_year(two_digits: int, today: date, youngest: int = 0) -> int:
    """The year of birth that two digits stand for: the latest in which the person is `youngest` or older today."""
    return 2000 + two_digits if 2000 + two_digits <= today.year - youngest else 1900 + two_digits
