"""Contacts (vCard 2.1, 3, 4) go in; each card comes out as one record of labelled Segments, its photo as a Child."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import IO

from scanner.encoding import decode_stream
from scanner.formats.mail.content_lines import Property, properties
from scanner.limits import Budget
from scanner.model import Child, Location, Part, Segment
from scanner.records import role_of

_LABELS = {
    "FN": "Full name", "NICKNAME": "Nickname", "EMAIL": "Email", "TEL": "Telephone", "ADR": "Address",
    "LABEL": "Address", "BDAY": "Date of birth", "ANNIVERSARY": "Anniversary", "NOTE": "Note", "ORG": "Organisation",
    "TITLE": "Job title", "ROLE": "Job", "URL": "Web page", "IMPP": "Messaging", "GENDER": "Gender",
    "BIRTHPLACE": "Place of birth", "DEATHDATE": "Date of death", "RELATED": "Related", "AGENT": "Agent",
    "GEO": "Position", "X-SPOUSE": "Spouse", "X-EVOLUTION-SPOUSE": "Spouse", "X-MANAGER": "Manager",
    "X-EVOLUTION-MANAGER": "Manager", "X-ASSISTANT": "Assistant", "X-EVOLUTION-ASSISTANT": "Assistant",
    "X-CHILDREN": "Children", "X-EVOLUTION-ANNIVERSARY": "Anniversary", "X-SKYPE": "Skype", "CONTACT-URI": "Contact",
    "": "",
}  # fmt: skip
_NAME_FIELDS = ("Surname", "First name", "Middle name", "", "")
_KINDS = {"cell": "Mobile", "fax": "Fax", "work": "Work", "home": "Home", "pager": "Pager"}
# Ids, versions and names of programs: nobody stands in them.
_WITHOUT_PERSONS = frozenset((
    "VERSION", "PRODID", "UID", "REV", "KIND", "CLASS", "MAILER", "TZ", "SORT-STRING", "X-ABUID", "X-ABADR",
    "X-ABSHOWAS", "X-ABLABEL", "PROFILE", "SOURCE", "CLIENTPIDMAP", "LANG", "CALSCALE", "X-PHONETIC-FIRST-NAME",
))  # fmt: skip
_LETTERS = re.compile(r"[A-Za-z]+")


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:  # noqa: ARG001 - nothing is unpacked
    """Read card by card, in memory that does not grow with their number."""
    card = depth = 0
    seen: Counter[str] = Counter()
    names: list[Property] = []
    shown = ""
    for entry in properties(decode_stream(stream)):
        if entry.name == "BEGIN" and entry.raw.strip().upper() == "VCARD":
            depth += 1
            if depth == 1:
                card, seen, names, shown = card + 1, Counter(), [], ""
        elif entry.name == "END" and entry.raw.strip().upper() == "VCARD":
            depth = max(depth - 1, 0)
            if not depth:
                yield from _structured_names(names, shown, card)
        elif entry.name == "N":
            names.append(entry)
        elif entry.name not in _WITHOUT_PERSONS:
            shown += f" {entry.text()}" if entry.name == "FN" else ""
            seen[entry.name] += 1
            yield from _property(entry, Location.of(card=card), seen[entry.name])
    yield from _structured_names(names if depth else [], shown, card)


def _structured_names(names: list[Property], shown: str, card: int) -> Iterator[Segment]:
    """Surname and forenames, unless the full name has said them: a name must not count twice."""
    said = set(shown.casefold().split())
    for number, entry in enumerate(names, 1):
        fields = entry.fields()
        if said.issuperset(" ".join(fields[:2]).casefold().split()) and said:
            continue
        where = _place(Location.of(card=card), "N", number)
        at = 0
        for label, text in zip(_NAME_FIELDS, fields, strict=False):
            if label and text:
                yield Segment(text, where, first_char=at, label=label, record=f"card={card}", role="self")
            at += len(text) + 1


def _property(entry: Property, card: Location, number: int) -> Iterator[Part]:
    where = _place(card, entry.name, number)
    data = entry.data()
    if data is not None:
        kind = entry.parameters.get("TYPE", "").partition(",")[0].lower().rpartition("/")[2]
        suffix = f".{kind}" if kind.isalnum() else ""
        name = f"{card.steps[0][1]}-{entry.name.lower()}{f'-{number}' if number > 1 else ''}{suffix}"
        yield Child(name, partial(io.BytesIO, data), len(data))
        return
    label = _label(entry)
    fields = entry.fields() if entry.name in {"ADR", "ORG"} else [entry.text()]
    text = ", ".join(filter(None, fields))
    text = re.sub(r"^(?:mailto|tel):", "", text, flags=re.IGNORECASE)
    if text.strip():
        role = role_of(label)
        record = str(card) if role == "self" else f"{card};{role}"
        yield Segment(text, where, label=label, record=record, role=role)


def _place(card: Location, name: str, number: int) -> Location:
    return card.then(property=(name or "none") + (f"[{number}]" if number > 1 else ""))


def _label(entry: Property) -> str:
    label = _LABELS.get(entry.name)
    if label is None:
        return " ".join(_LETTERS.findall(entry.name.removeprefix("X-"))).capitalize()
    kinds = [_KINDS[kind] for kind in entry.parameters.get("TYPE", "").lower().split(",") if kind in _KINDS]
    return f"{kinds[0]} {label.lower()}" if kinds and label else label
