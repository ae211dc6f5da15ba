"""The cells of a column and their spans go in, the types that are here only the form of a series of codes come out.

Numbers of people differ in their letters: NINOs, postcodes and registrations have hundreds of combinations. The codes
of a stock or of a machine have a few prefixes and count up.
"""

from collections import defaultdict
from collections.abc import Mapping

from detectors.types import Span

# Types without check digits whose letters vary.
LETTERED = frozenset({"UK_NINO", "UK_POSTCODE", "UK_VEHICLE_REGISTRATION"})
ENOUGH = 10  # values below which nothing is said
MOST = 200  # values that are looked at: even real letters come back in the end
VARIED = 0.25  # combinations of letters to a value
# Numbers of bare digits among which fewer than this share could be telephones are a series of their own.
DIGITS = 20
STRAY = 0.1
PHONE = "PHONE_NUMBER"


def serial_types(spans: Mapping[str, list[Span]]) -> frozenset[str]:
    """`spans` are those of each distinct cell; only spans that fill their cell are looked at."""
    letters: dict[str, list[str]] = defaultdict(list)
    digits = phones = 0
    for value, found in spans.items():
        kinds = {span.entity_type for span in found if span.end - span.start == len(value)}
        for kind in kinds & LETTERED:
            letters[kind].append("".join(filter(str.isalpha, value.upper())))
        if value.isdecimal():
            digits += 1
            phones += PHONE in kinds
    serial = {kind for kind, seen in letters.items() if _counts_up(seen[:MOST])}
    return frozenset(serial | ({PHONE} if digits >= DIGITS and 0 < phones < STRAY * digits else set()))


def _counts_up(letters: list[str]) -> bool:
    return len(letters) >= ENOUGH and len(set(letters)) < VARIED * len(letters)
