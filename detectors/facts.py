"""Name of a reader goes in (rules name it), a function from a value to facts about it comes out; never the value."""

import ipaddress
from collections.abc import Callable

from detectors.checksums import card_brand, compact

Facts = tuple[tuple[str, str], ...]


def brand(text: str) -> Facts:
    """Card scheme."""
    name = card_brand(text)
    return (("brand", name),) if name else ()


def country(text: str) -> Facts:
    """Country that an IBAN or VAT number begins with."""
    return (("country", compact(text)[:2]),)


def issuer(text: str) -> Facts:
    """Nationality in the second machine-readable line of a passport."""
    return (("country", text[10:13].rstrip("<")),)


def network(text: str) -> Facts:
    """Whether an address means something outside of its own network."""
    return (("private", "yes"),) if ipaddress.ip_address(text).is_private else ()


def health_scheme(text: str) -> Facts:
    """NHS number of England and Wales, Scotland's CHI (starts with the birth date) or Northern Ireland's H&C number."""
    digits = compact(text)
    if 1 <= int(digits[:2]) <= 31 and 1 <= int(digits[2:4]) <= 12:
        return (("scheme", "CHI"),)
    return (("scheme", "H&C" if "320" <= digits[:3] <= "399" else "NHS"),)


FACTS: dict[str, Callable[[str], Facts]] = {
    "brand": brand,
    "country": country,
    "health_scheme": health_scheme,
    "issuer": issuer,
    "network": network,
}
