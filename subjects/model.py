"""The nouns of people: how sure a finding is somebody's, how it concerns them, and a record's numbered place."""

from enum import StrEnum


class Tier(StrEnum):
    """How sure it is that a finding belongs to a person: the tiers of domain.md 4.7."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    EXCLUDED = "excluded"


class Relation(StrEnum):
    """How a finding concerns a person: a name in the To line of a mail to everybody is not about him (ICO)."""

    ABOUT = "about"
    AUTHORED = "authored"
    RECIPIENT_ONLY = "recipient_only"
    INCIDENTAL = "incidental"
