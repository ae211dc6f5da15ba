"""What an organisation says is its own (`[own]` in whosedata.toml) goes in, whether a found value is, comes out.

Values are compared as the detectors normalise them, so one spelling in the file stands for all.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from detectors.addresses import ADDRESS, AddressDetector
from detectors.normalise import email
from detectors.phones import PHONE, PhoneDetector
from detectors.types import Detector, Span, Text

OWN_KEYS = ("domains", "phones", "names", "addresses")
OWN_FACT = ("own", "yes")
_POSTCODE = re.compile(r"(.+) ([A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2})", re.ASCII)
# "Flat 3, 10 Wren Close" is somebody's home, "Wren House, 10 Wren Close" is the house itself.
_INNER = re.compile(r"[0-9]|\bFLAT\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class Own:
    """Normalised values. `domains` stand for all addresses at them and below them, whoever they belong to."""

    domains: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    def __len__(self) -> int:
        """How many values there are."""
        return sum(map(len, (self.domains, self.phones, self.names, self.addresses)))

    def holds(self, entity_type: str, value: str) -> bool:
        """Whether this normalised value is the organisation's own."""
        if entity_type == "EMAIL_ADDRESS":
            domain = value.rpartition("@")[2]
            return any(domain == own or domain.endswith(f".{own}") for own in self.domains)
        if entity_type == PHONE:
            return value in self.phones
        if entity_type == "PERSON":
            return value in self.names
        return entity_type == ADDRESS and any(_same_place(value, own) for own in self.addresses)


def make_own(table: Mapping[str, Sequence[str]]) -> Own:
    """The lists of the file as one Own.

    Raises:
        ValueError: what stands under phones, addresses or domains is none.
    """
    return Own(
        tuple(map(_domain, table.get("domains", ()))),
        tuple(_read(PhoneDetector(), "phone", "phones", text) for text in table.get("phones", ())),
        tuple(" ".join(name.split()).casefold() for name in table.get("names", ())),
        tuple(_read(AddressDetector(), "address", "addresses", text) for text in table.get("addresses", ())),
    )


def mark_own(own: Own, spans: Sequence[Span]) -> list[Span]:
    """Spans in, the same spans out, the organisation's own with the fact own=yes.

    A postcode is shared with the neighbours: it is own only within an own address.
    """
    held = [own.holds(span.entity_type, span.value) for span in spans]
    places = [span for span, yes in zip(spans, held, strict=True) if yes and span.entity_type == ADDRESS]
    return [
        span._replace(facts=(*span.facts, OWN_FACT)) if yes or _postcode_within(span, places) else span
        for span, yes in zip(spans, held, strict=True)
    ]


def _postcode_within(span: Span, places: Sequence[Span]) -> bool:
    return span.entity_type == "UK_POSTCODE" and any(
        place.start <= span.start and span.end <= place.end for place in places
    )


def _domain(text: str) -> str:
    domain = email(f"x@{text.strip().removeprefix('@').strip('.')}").removeprefix("x@")
    if "." not in domain or "@" in domain or " " in domain:
        raise ValueError(f"“{text}” under domains in [own] is not a domain. Write it like wrenclose.example.")
    return domain


def _read(detector: Detector, label: str, key: str, text: str) -> str:
    """Let the detector normalise it; it must be the whole text, not a number within."""
    for span in next(iter(detector.detect([Text(text.strip(), label)]))):
        if (span.start, span.end) == (0, len(text.strip())):
            return span.value
    raise ValueError(f"“{text}” under {key} in [own] is not understood. Write it in full, as in a letter.")


def _same_place(value: str, own: str) -> bool:
    """Equal; or house and street, then perhaps a town, then the postcode."""
    parts = _POSTCODE.fullmatch(own)
    if value == own or not parts:
        return value == own
    before, found, behind = f" {value} ".partition(f" {parts[1]} ")
    return bool(found) and not _INNER.search(before) and f" {parts[2]} " in f" {behind}"
