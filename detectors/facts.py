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


# What a shop mails its customers from.
_OF_SHOP = (
    r"info|sales|enquir(?:y|ies)|inquir(?:y|ies)|support|hello|contact|contactus|no[._-]?reply|do[._-]?not[._-]?reply|reply|"
    r"marketing|newsletter|news|offers?|promos?|promotions?|services?|customer[._-]?(?:services?|care)|orders?|e?mail"
)
_BRANCH = r"(?:[._-]?(?:uk|team|dept|desk|office|[0-9]{1,2}))?"
_SHOP_MAILBOX = re.compile(f"(?:{_OF_SHOP}){_BRANCH}")
# RFC 2142, and what offices call the mailboxes that several people read.
_ROLE_MAILBOX = re.compile(
    rf"(?:{_OF_SHOP}|admin|administration|office|accounts?|help|helpdesk|hr|personnel|jobs|careers|recruitment|postmaster|"
    r"hostmaster|webmaster|abuse|security|noc|billing|invoices?|payments?|finance|payroll|reception|privacy|dpo|"
    r"dataprotection|gdpr|press|media|team|bookings?|events?|mailbox|shop|volunteers?|volunteering|donations?|"
    r"fundraising|members?|membership|trustees?|secretary|treasurer|chair|president|manager|director|all|staff|"
    rf"everyone|list|lists|ftp|www|usenet|uucp|trouble){_BRANCH}"
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


def is_shop_mailbox(local: str) -> bool:
    """Whether a shop mails its customers from it ("orders", "no-reply"); `local`: before the @, in small letters.

    "treasurer@" is read by several people, too, and yet it is somebody who writes from it.
    """
    return bool(_SHOP_MAILBOX.fullmatch(local))


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
