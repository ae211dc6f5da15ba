"""Numbers, sizes and dates go in, what a reader in the UK expects comes out."""

from datetime import date

_STEPS = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))


def number(value: float) -> str:
    """`12,345`; one decimal where it is no whole number."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def counted(value: int, one: str, many: str = "") -> str:
    """`1 person`, `2,000 people`."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def percent(share: float) -> str:
    """`95%`. What is not all is never rounded to 100%, what is not nothing never to 0%."""
    value = share * 100
    if 0 < value < 1 or 99 < value < 100:
        return f"{min(max(value, 0.1), 99.9):.1f}%"
    return f"{value:.0f}%"


def size(value: int) -> str:
    """`5.0 MB`, in steps of a thousand."""
    for step, unit in _STEPS:
        if value >= step:
            return f"{value / step:,.1f} {unit}"
    return counted(value, "byte")


def day(value: date | None) -> str:
    """`26 November 2026`."""
    return f"{value.day} {value:%B %Y}" if value else "no date"


def short_day(value: date | None) -> str:
    """`26 Nov 2026`."""
    return f"{value.day} {value:%b %Y}" if value else "no date"


def years(value: float) -> str:
    """`7 years`, `4.5 years`, `1 year`."""
    return f"{number(round(value, 1))} {'year' if value == 1 else 'years'}"
