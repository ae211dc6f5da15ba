"""A person slot's role and surroundings go in, how it concerns the person comes out (not every name is their data)."""

from subjects.model import Relation, Tier

AUTHORS = frozenset({"from", "author", "sender"})
RECIPIENTS = frozenset({"to", "cc", "bcc", "reply-to", "recipient"})


def relation_of(role: str | None, tier: Tier = Tier.CERTAIN, others: int = 0, crowd: int = 1 << 30) -> Relation:
    """A bare name among a crowd is incidental; senders authored; recipients merely received; the rest is about them."""
    if role in AUTHORS:
        return Relation.AUTHORED
    if role in RECIPIENTS:
        return Relation.RECIPIENT_ONLY
    if role is None and tier is Tier.POSSIBLE and others > crowd:
        return Relation.INCIDENTAL
    return Relation.ABOUT
