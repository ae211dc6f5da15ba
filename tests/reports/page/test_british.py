"""Numbers, sizes, shares and dates as a reader in the UK expects them."""

from datetime import date

import pytest

from reports.page.british import counted, day, number, percent, short_day, size, years


@pytest.mark.parametrize(
    ("share", "said"),
    [(0, "0%"), (1, "100%"), (0.954, "95%"), (0.9999, "99.9%"), (0.00001, "0.1%"), (0.996, "99.6%"), (0.5, "50%")],
)
def test_a_share_never_claims_all_or_nothing(share: float, said: str):
    assert percent(share) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(1, "1 byte"), (999, "999 bytes"), (1_500, "1.5 kB"), (5_000_000, "5.0 MB"), (2_400_000_000_000, "2.4 TB")],
)
def test_sizes(value: int, said: str):
    assert size(value) == said


def test_numbers_and_dates():
    assert (number(12345), number(2.45), counted(1, "person", "people")) == ("12,345", "2.5", "1 person")
    assert (day(date(2026, 11, 5)), short_day(date(2026, 11, 5)), day(None)) == (
        "5 November 2026",
        "5 Nov 2026",
        "no date",
    )
    assert (years(1), years(7), years(4.52)) == ("1 year", "7 years", "4.5 years")
