"""Words as a person types them after --countries go in, the codes of countries whose rules run come out."""

from collections.abc import Iterable
from functools import cache

from detectors.rulefiles import builtin_rules

EU = "eu"


@cache
def known_countries() -> tuple[str, ...]:
    """The countries that have rules of their own, in the order of the alphabet."""
    return tuple(sorted({country for rule in builtin_rules() for country in rule.countries}))


def read_countries(words: Iterable[str]) -> tuple[str, ...]:
    """`["GB,de", "eu"]` -> codes, each once and sorted, so that two orders of one choice are one plan.

    Raises:
        ValueError: a country without rules, or none at all.
    """
    wanted = {word for typed in words for word in typed.lower().replace(",", " ").split()}
    known = known_countries()
    if EU in wanted:
        wanted |= set(known) - {"gb", "us"}
        wanted.discard(EU)
    unknown = sorted(wanted.difference(known))
    if unknown or not wanted:
        told = f"unknown country {', '.join(unknown)}" if unknown else "no country is named"
        raise ValueError(f"{told}; known are: {', '.join(known)}, and {EU} for all of the EU that are known.")
    return tuple(sorted(wanted))
