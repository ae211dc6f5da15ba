"""An entity type and a value in, a preview that does not give the value away out (reliability.md, goal 17)."""

import re

# These categories say nothing of the value at all: a lexicon hit is the value.
_NO_PREVIEW = frozenset({"HEALTH", "RELIGION", "ETHNICITY", "POLITICS", "UNION", "SEX_LIFE", "CRIMINAL"})
_LAST_TWO = re.compile(r"^(UK_|US_|EU_|[A-Z]{2}_)")
_DOT = "\u2022"


def mask(entity_type: str, text: str) -> str:
    """A short preview: enough for the owner to recognise the value, not enough for anybody else to learn it.

    Cards show their last four digits only (PCI DSS 3.4.1), national ids and accounts their last two characters, names their
    initials, e-mail addresses one letter on each side, everything else at most a quarter of its characters.
    """
    words = text.split()
    compact = "".join(char for char in text if char.isalnum())
    if not compact or entity_type in _NO_PREVIEW:
        return _DOT * 3
    if entity_type == "PERSON":
        return " ".join(f"{word[0]}." for word in words if word[0].isalpha())[:20] or _DOT * 3
    if entity_type == "EMAIL_ADDRESS":
        return _mask_email(text)
    if entity_type == "CREDIT_CARD":
        return _DOT * 4 + (compact[-4:] if len(compact) >= 12 else "")
    if entity_type in {"DATE_OF_BIRTH", "ADDRESS", "AGE"}:
        return _mask_shape(text)
    if entity_type == "UK_POSTCODE":
        return compact[:2].upper() + _DOT * 3
    if entity_type == "PHONE_NUMBER" or _LAST_TWO.match(entity_type) or entity_type == "IBAN_CODE":
        return _DOT * 4 + (compact[-2:] if len(compact) >= 8 else "")
    shown = min(2, len(compact) // 8)
    return compact[:shown] + _DOT * 3 + (compact[-shown:] if shown else "")


def _mask_email(text: str) -> str:
    local, at, domain = text.rpartition("@")
    if not at:
        return _DOT * 3
    suffix = domain.rpartition(".")[2]
    return f"{local[:1] if len(local) > 3 else ''}{_DOT * 3}@{domain[:1]}{_DOT * 3}.{suffix[:6]}"


def _mask_shape(text: str) -> str:
    """Letters and digits become dots, so that `12 Oak Road, Leeds` and `01/02/1980` keep their shape, not their content."""
    shape = re.sub(r"[^\W_]+", lambda match: _DOT * min(len(match.group()), 4), text)
    return re.sub(r"\s+", " ", shape)[:40]
