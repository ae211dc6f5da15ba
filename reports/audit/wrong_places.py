"""The paths, kinds and permissions of items go in, which lie in a place that is wrong for personal data comes out."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reports.audit.tables import Bools, Held
from reports.audit.words import EVERYDAY

# Order matters: the first that fits names the place.
PLACES = (
    ("recycle bin", r"(?i)(^|/)(\$recycle\.bin|recycler|recycled|\.trash(es|-[0-9]+)?|trash|deleted items)(/|$)"),
    ("downloads", r"(?i)(^|/)downloads?(/|$)"),
    ("desktop", r"(?i)(^|/)desktop(/|$)"),
    ("temporary files", r"(?i)(^|/)(te?mp|temporary internet files|\.cache|cache)(/|$)|\.(tmp|temp)$|(^|/)~\$"),
    ("old copies", r"(?i)\.(bak|old|orig|backup)$|~$"),
    ("sync folder", r"(?i)(^|/)(dropbox|google ?drive|icloud ?drive|onedrive( - [^/]*)?|box sync)(/|$)"),
    ("removable drive", r"(?i)(^|/)(usb( (stick|drive))?|removable disk[^/]*)(/|$)"),
)
MAILBOX, OPEN = "mailbox", "open to everyone"
_MAIL = frozenset({
    "application/mbox", "application/vnd.ms-outlook", "application/vnd.ms-outlook-pst", "application/vnd.ms-tnef",
    "message/rfc822", "application/x-emlx",
})  # fmt: skip
_IN_MAIL = r"(?i)(^|/)(mail|mailbox(es)?|maildir)(/|$)|\.(mbox|pst|ost|eml|msg|emlx)!/"


def wrong_places(held: Held) -> dict[str, Bools]:
    """Place in words -> the items with personal data there, each in one place only.

    Mailboxes and files open to everyone count only with more than names, contact details and internet addresses: those
    stand in every mail.
    """
    items, findings = held.items, held.findings
    left = held.flagged(np.ones(len(findings), bool))
    born = findings.kind.is_in("DATE_OF_BIRTH")
    telling = held.flagged(~findings.category.is_in(*EVERYDAY) | born)
    found = {}
    for name, pattern in PLACES:
        found[name] = left & _matches(items.paths, pattern)
        left = left & ~found[name]
    mail = items.media_type.is_in(*_MAIL) | _matches(items.paths, _IN_MAIL)
    found[MAILBOX] = left & telling & mail
    left = left & ~found[MAILBOX]
    found[OPEN] = left & telling & items.readable_by.is_in("everyone")
    return found


def _matches(paths: pa.ChunkedArray, pattern: str) -> Bools:
    return np.asarray(pc.fill_null(pc.match_substring_regex(paths, pattern), False))
