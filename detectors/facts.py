"""Name of a reader goes in (rules name it), a function from a value to facts about it comes out; never the value."""

import ipaddress
import re
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


def network(text: str) -> Facts:
    """Whether an address means something outside of its own network."""
    return (("private", "yes"),) if ipaddress.ip_address(text).is_private else ()


# RFC 2142, and what offices call the mailboxes that several people read.
_ROLE_MAILBOX = re.compile(
    r"(?:info|sales|admin|administration|office|accounts?|enquir(?:y|ies)|inquir(?:y|ies)|support|help|helpdesk|hello|"
    r"contact|contactus|hr|personnel|jobs|careers|recruitment|no-?reply|do-?not-?reply|postmaster|hostmaster|webmaster|"
    r"abuse|security|noc|billing|invoices?|payments?|finance|payroll|reception|privacy|dpo|dataprotection|gdpr|"
    r"marketing|newsletter|news|press|media|team|service|services|customer-?services?|orders?|bookings?|events?|"
    r"mail|mailbox|shop|volunteers?|volunteering|donations?|fundraising|members?|membership|trustees?|secretary|"
    r"treasurer|chair|president|manager|director|all|staff|everyone|list|lists|ftp|www|usenet|news|uucp|trouble)"
    r"(?:[._-]?(?:uk|team|dept|desk|office|[0-9]{1,2}))?"
)


# Endings of two letters that people buy for their sound, wherever they are.
_SOLD_ANYWHERE = frozenset(
    {"ai", "cc", "co", "eu", "fm", "io", "ly", "me", "nu", "sh", "so", "st", "to", "tv", "uk", "ws"}
)


def mailbox(text: str) -> Facts:
    """Whether several people are likely to read a mailbox: it never tells who somebody is (domain.md 4.3).

    And the country abroad that the address names, which an audit asks for.
    """
    local, _, domain = text.casefold().partition("@")
    ending = domain.rpartition(".")[2]
    abroad = len(ending) == 2 and ending.isascii() and ending.isalpha() and ending not in _SOLD_ANYWHERE
    facts: Facts = (("mailbox", "role"),) if _ROLE_MAILBOX.fullmatch(local) else ()
    return (*facts, ("country", ending.upper())) if abroad else facts


# It passes the check, as an ISBN of ten digits does, but begins as no number that was ever given out.
NOT_ISSUED = ("range", "not issued")


def health_scheme(text: str) -> Facts:
    """NHS number of England and Wales, Scotland's CHI (starts with the birth date) or Northern Ireland's H&C number."""
    digits = compact(text)
    if 1 <= int(digits[:2]) <= 31 and 1 <= int(digits[2:4]) <= 12:
        return (("scheme", "CHI"),)
    if digits[0] in "01258":
        return (NOT_ISSUED,)
    return (("scheme", "H&C" if "320" <= digits[:3] <= "399" else "NHS"),)


FACTS: dict[str, Callable[[str], Facts]] = {
    "brand": brand,
    "country": country,
    "health_scheme": health_scheme,
    "mailbox": mailbox,
    "network": network,
}
