"""A calendar (iCalendar, vCalendar) goes in; its entries come out as Segments, each person invited as a record."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import IO

from scanner.encoding import decode_stream
from scanner.formats.mail.content_lines import Property, properties
from scanner.formats.text.html import text_of
from scanner.limits import Budget
from scanner.model import Child, Location, Part, Segment

_PERSONS = {"ORGANIZER": "from", "ATTENDEE": "to", "CONTACT": "to"}
_LABELS = {
    "SUMMARY": "Subject", "DESCRIPTION": "", "LOCATION": "Location", "COMMENT": "Comment", "URL": "Web page",
    "ORGANIZER": "Organizer", "ATTENDEE": "Attendee", "CONTACT": "Contact", "CATEGORIES": "Categories",
    "X-WR-CALNAME": "Calendar", "X-WR-CALDESC": "Calendar", "ATTACH": "Attachment", "RESOURCES": "Resources", "": "",
}  # fmt: skip
_WITHOUT_PERSONS = re.compile(
    r"VERSION|PRODID|CALSCALE|METHOD|UID|DTSTAMP|SEQUENCE|STATUS|CLASS|TRANSP|PRIORITY|CREATED|LAST-MODIFIED|DURATION|"
    r"DT(?:START|END)|DUE|RRULE|EXRULE|RDATE|EXDATE|RECURRENCE-ID|TZ.*|TRIGGER|ACTION|REPEAT|GEO|PERCENT-COMPLETE|"
    r"COMPLETED|REQUEST-STATUS|X-MICROSOFT-.*|X-MS-.*|X-WR-TIMEZONE|X-PUBLISHED-TTL|X-APPLE-(?!STRUCTURED).*|X-MOZ-.*|"
    r"X-LIC-.*|FREEBUSY|RELATED-TO"
)
_MAIL = re.compile(r"^(?:mailto:\s*)", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Za-z]+")


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:  # noqa: ARG001 - nothing is unpacked
    """Read entry by entry: events, tasks, journals; what stands outside of them has no number."""
    entries = 0
    open_components: list[str] = []
    seen: Counter[str] = Counter()
    for entry in properties(decode_stream(stream)):
        kind = entry.raw.strip().upper()
        if entry.name == "BEGIN":
            open_components.append(kind)
            if kind not in {"VCALENDAR", "VTIMEZONE"} and len(open_components) <= 2:
                entries, seen = entries + 1, Counter()
        elif entry.name == "END":
            while open_components and open_components.pop() != kind:
                pass
        elif "VTIMEZONE" not in open_components and not _WITHOUT_PERSONS.fullmatch(entry.name):
            inside = [part for part in open_components if part != "VCALENDAR"]
            base = Location.of(entry=entries) if inside else Location()
            seen[entry.name] += 1
            number = f"[{seen[entry.name]}]" if seen[entry.name] > 1 else ""
            yield from _property(entry, base.then(property=(entry.name or "none") + number))


def _property(entry: Property, where: Location) -> Iterator[Part]:
    data = entry.data()
    if data is not None:
        name = entry.parameters.get("FILENAME") or entry.parameters.get("X-FILENAME") or ""
        yield Child(name, partial(io.BytesIO, data), len(data), hint=entry.parameters.get("FMTTYPE", ""))
        return
    text = entry.text()
    if entry.name in _PERSONS:
        address = _MAIL.sub("", text.strip())
        address = entry.parameters.get("EMAIL", "") if "@" not in address else address
        name = entry.parameters.get("CN", "").strip("'")
        text = f"{name} <{address}>" if name and address and name != address else address or name or text
    elif entry.parameters.get("FMTTYPE", "").lower() == "text/html" or entry.name == "X-ALT-DESC":
        text = text_of(text.encode("utf-8", "replace"), "utf-8")
    for key, value in entry.parameters.items():  # on whose behalf, where to look somebody up
        if "@" in value and value not in text:
            yield Segment(_MAIL.sub("", value), where.then(parameter=key))
    if text.strip():
        role = _PERSONS.get(entry.name, "")
        label = _LABELS.get(entry.name)
        if label is None:
            label = " ".join(_LETTERS.findall(entry.name.removeprefix("X-"))).capitalize()
        yield Segment(text, where, label=label, record=str(where) if role else "", role=role)
