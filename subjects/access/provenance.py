"""The blocks of a message go in, the organisations that it came from or went to come out (Article 15(1)(c) and (g))."""

from collections.abc import Collection, Iterator, Sequence

from subjects.access.extracts import Block, TextBlock
from subjects.access.redaction import Own

# At these a domain tells of no organisation: the mailbox is a private person's.
_PRIVATE = frozenset([
    "aol.com", "btinternet.com", "gmail.com", "gmx.com", "googlemail.com", "hotmail.co.uk", "hotmail.com", "icloud.com",
    "live.co.uk", "live.com", "me.com", "msn.com", "outlook.com", "proton.me", "protonmail.com", "sky.com",
    "talktalk.net", "virginmedia.com", "yahoo.co.uk", "yahoo.com",
])  # fmt: skip


def domains_of(blocks: Sequence[Block], own: Own, roles: Collection[str]) -> Iterator[str]:
    """Domains of the addresses that play one of these roles; neither the subject's, nor our own, nor of webmail."""
    seen: set[str] = set()
    for block in blocks:
        if not isinstance(block, TextBlock) or block.quoted:
            continue
        for mark in block.marks:
            row = mark.finding
            ours = dict(row["facts"] or ()).get("own") == "yes" or row["value_id"] in own.values
            if row["entity_type"] != "EMAIL_ADDRESS" or row["role"] not in roles or ours:
                continue
            domain = block.text[mark.start : mark.end].rpartition("@")[2].casefold()
            if domain and domain not in _PRIVATE and domain not in seen:
                seen.add(domain)
                yield domain
