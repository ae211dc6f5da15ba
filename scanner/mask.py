"""An entity type and a value in, a preview that does not give the value away out (reliability.md, goal 17)."""

import re
from collections.abc import Callable

from detectors.checksums import letters_and_digits

# Of these no report says anything but the type and the place, not even with --values clear: a word that was found is
# the value, and a value is worth more to a thief than the report to anybody.
WITHHELD = frozenset(
    {
        "HEALTH",
        "RELIGION",
        "ETHNICITY",
        "POLITICS",
        "UNION",
        "SEX_LIFE",
        "BIOMETRIC",
        "GENETIC",
        "CRIMINAL",
        "CREDENTIAL",
        # PCI DSS 3.3.1: nobody may keep these once a payment is authorised, not even encrypted.
        "CARD_TRACK",
        "CARD_SECURITY_CODE",
    }
)
_NATIONAL = re.compile(r"^(UK_|US_|EU_|[A-Z]{2}_)")
_DOT = "\u2022"


def mask(entity_type: str, text: str) -> str:
    """A short preview: enough for the owner to recognise the value, not enough for anybody else to learn it.

    Cards show their last four digits only (PCI DSS 3.4.1), national ids and accounts their last two characters, names
    their initials, e-mail addresses one letter on each side, everything else at most a quarter of its characters.
    """
    compact = letters_and_digits(text)
    if not compact or entity_type in WITHHELD:
        return _DOT * 3
    shorten = _MASKS.get(entity_type) or (_last_two if _NATIONAL.match(entity_type) else _ends)
    return shorten(text, compact)


def _initials(text: str, _: str) -> str:
    return " ".join(f"{word[0]}." for word in text.split() if word[0].isalpha())[:20] or _DOT * 3


def _email(text: str, _: str) -> str:
    local, at, domain = text.rpartition("@")
    if not at:
        return _DOT * 3
    suffix = domain.rpartition(".")[2]
    return f"{local[:1] if len(local) > 3 else ''}{_DOT * 3}@{domain[:1]}{_DOT * 3}.{suffix[:12]}"


def _card(_: str, compact: str) -> str:
    return _DOT * 4 + (compact[-4:] if len(compact) >= 12 else "")


def _last_two(_: str, compact: str) -> str:
    return _DOT * 4 + (compact[-2:] if len(compact) >= 8 else "")


def _postcode(_: str, compact: str) -> str:
    return compact[:2].upper() + _DOT * 3


def _shape(text: str, _: str) -> str:
    """Letters and digits become dots: `12 Oak Road, Leeds` and `01/02/1980` keep their shape, not their content."""
    shape = re.sub(r"[^\W_]+", lambda match: _DOT * min(len(match.group()), 4), text)
    return re.sub(r"\s+", " ", shape)[:40]


def _ends(_: str, compact: str) -> str:
    shown = min(2, len(compact) // 8)
    return compact[:shown] + _DOT * 3 + (compact[-shown:] if shown else "")


_MASKS: dict[str, Callable[[str, str], str]] = {
    "PERSON": _initials,
    "EMAIL_ADDRESS": _email,
    "CREDIT_CARD": _card,
    "DATE_OF_BIRTH": _shape,
    "ADDRESS": _shape,
    "AGE": _shape,
    "UK_POSTCODE": _postcode,
    "PHONE_NUMBER": _last_two,
    "IBAN_CODE": _last_two,
}
