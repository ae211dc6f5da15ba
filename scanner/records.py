"""A column's name in, whose value it holds out: the row's own person or a relation, and which part of a name."""

import re
from dataclasses import dataclass
from functools import lru_cache

# Columns about somebody else than the row's own person (domain.md 4.3). First match wins.
_ROLES = (
    ("next_of_kin", r"next of kin|nok\b|kin\b"),
    ("emergency_contact", r"emergency|ice contact"),
    ("spouse", r"spouse|husband|wife|partner"),
    ("guardian", r"guardian|parent|mother|father|carer"),
    ("referee", r"referee|reference name|reference contact"),
    ("manager", r"line manager|manager|supervisor"),
    ("staff", r"account manager|assigned to|owner|agent|advis[eo]r"),
    ("staff", r"(?:case|key|support|social) ?worker|(?:created|updated|modified|handled) by"),
    ("doctor", r"gp\b|doctor"),
    ("from", r"from|sender"),
    ("to", r"to|recipient"),
)


@dataclass(frozen=True, slots=True)
class Slot:
    """The person slot of a finding, whether it stands in a quotation of which thread, and its part of a name."""

    record: str
    role: str
    quoted: bool = False
    thread: str = ""
    part: str = ""  # of a name: "given" or "surname" where the label says so


@lru_cache(maxsize=4096)
def role_of(label: str) -> str:
    """The role of the person that a column is about: "self" unless the name says otherwise."""
    words = " ".join(re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", label)).lower()
    for role, pattern in _ROLES:
        if re.match(rf"(?:{pattern})(?:\s|$)", words) or (
            role not in {"from", "to"} and re.search(rf"\b(?:{pattern})", words)
        ):
            return role
    return "self"


_PARTS = (
    ("given", r"(?:first|given|fore|christian|preferred|middle)[ _-]?names?|fname|forenames?|given|known as"),
    ("surname", r"(?:sur|last|family|second|maiden|married)[ _-]?names?|lname|surname|family"),
)


@lru_cache(maxsize=4096)
def name_part(label: str) -> str:
    """Which part of a name stands under a label: "given", "surname", or "" where it may be a whole name."""
    words = " ".join(re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", label)).lower()
    return next((part for part, pattern in _PARTS if re.search(rf"\b(?:{pattern})$", words)), "")
