"""Column names go in, those that hold parts of one address or date of birth come out, and what a row makes of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from detectors.address_forms import address_value
from detectors.labels import label_words

# Words of a column's name -> the part of an address that it holds. The first that fits counts.
_PARTS = (
    ("postcode", ("postcode", "post code", "postal code", "zip code", "zip", "pcode")),
    (
        "house",
        ("house number", "house no", "house name or number", "house name", "house", "building number", "building no",
         "building name", "building", "door number", "street number", "street no", "flat number", "flat no", "flat",
         "apartment", "unit number", "unit no", "paon", "saon", "premise", "premises", "property name"),
    ),
    (
        "line",
        ("address line", "addr line", "address", "addr", "street name", "street address", "street", "road",
         "thoroughfare"),
    ),
    (
        "place",
        ("post town", "posttown", "town city", "town or city", "town", "city", "locality", "village", "district",
         "suburb", "county", "region", "state", "province"),
    ),
)  # fmt: skip
# What may stand behind the part: "postcode home", "street billing".
_WHOSE = frozenset({"home", "billing", "delivery", "shipping", "postal", "work", "current", "previous", "full"})
_ELSEWHERE = re.compile(
    r"\b(?:e ?mail|ip|mac|web|url|wallet|country|phone|tel|type|date|id|status|since|years?|months?)\b"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_RANK = {"house": 0, "line": 1, "place": 2, "postcode": 3}
_UNITS = (re.compile(r"\b(?:day|dd)\b"), re.compile(r"\b(?:month|mon|mm)\b"), re.compile(r"\b(?:year|yr|yyyy)\b"))
_BIRTH = re.compile(r"\b(?:dob|d o b|birth|date of birth|born)\b")


@dataclass(frozen=True, slots=True)
class AddressGroup:
    """Columns (by index) that hold one address of a row, and which part each of them holds."""

    columns: tuple[int, ...]
    parts: tuple[str, ...]

    def part(self, column: int) -> str:
        """The part that a column of the group holds: house, line, place or postcode."""
        return self.parts[self.columns.index(column)]


def address_groups(labels: Sequence[str]) -> list[AddressGroup]:
    """The groups of columns that are one address each: `billing_street, billing_city` and `delivery_street, …` are two.

    A group has two columns or more, one of them with a street or a house.
    """
    groups: dict[str, list[tuple[int, str]]] = {}
    last = ""  # whose address the column in front belongs to
    for index, label in enumerate(labels):
        known = _part_of(label)
        if not known:
            continue
        whose, part = known
        # "Home address, Town, Postcode": columns that do not say whose they are belong to those in front of them.
        before = groups.get(last, [(-2, "")])[-1]
        if not whose and before[0] == index - 1 and _RANK[part] >= _RANK[before[1]]:
            whose = last
        groups.setdefault(whose, []).append((index, part))
        last = whose
    found = []
    for columns in groups.values():
        parts = [part for _, part in columns]
        if len(columns) > 1 and {"line", "house"} & set(parts) and {"place", "postcode"} & set(parts):
            found.append(AddressGroup(tuple(index for index, _ in columns), tuple(parts)))
    return found


def _part_of(label: str) -> tuple[str, str] | None:
    """(whose address, part) of a column name; None when it holds no part of an address."""
    words = label_words(label)
    if _ELSEWHERE.search(words):
        return None
    numbered = re.fullmatch(r"(.*?)\b(?:line|add) ?[0-9]", words)  # "Line 1", but not "product line"
    words = f"{numbered[1]} address" if numbered else re.sub(r"\b(?:[0-9]+|one|two|three|four|five)\b", " ", words)
    words = f" {' '.join(words.split())} "
    for part, names in _PARTS:
        for name in sorted(names, key=len, reverse=True):
            before, _, behind = words.partition(f" {name} ")
            if before != words and (not behind.strip() or behind.strip() in _WHOSE):
                whose = [word for word in f"{before} {behind}".split() if word not in {"address", "addr", "the", "of"}]
                return (" ".join(whose), part) if len(whose) <= 3 else None
    return None


def one_address(pieces: Sequence[tuple[str, str]]) -> str | None:
    """The normalised address of (part, cell) pairs in order; None without a street or house, or without a place."""
    parts = {part for part, _ in pieces}
    if not {"line", "house"} & parts or not {"place", "postcode"} & parts or len(pieces) < 2:
        return None
    written: list[str] = []
    for _, cell in sorted(pieces, key=lambda piece: _RANK[piece[0]]):
        piece = address_value([cell])
        # "10 Wren Close, NN12 6RD" beside a column of postcodes: each piece once.
        if piece and piece not in " ".join(written):
            written.append(piece)
    value = " ".join(written)
    return value if re.search(r"[A-Z]{3}", value) and len(value) <= 300 else None


def birth_columns(labels: Sequence[str]) -> tuple[int, int, int] | None:
    """Indices of the columns of day, month and year of birth."""
    births = [(index, words) for index, words in enumerate(map(label_words, labels)) if _BIRTH.search(words)]
    columns = [next((index for index, words in births if unit.search(words)), None) for unit in _UNITS]
    day, month, year = columns
    return None if day is None or month is None or year is None else (day, month, year)


def born_of(day: str, month: str, year: str) -> date | None:
    """The date that three cells give; None when they give none."""
    short = month.strip().lower()[:3]
    number = str(_MONTHS.index(short) + 1) if short in _MONTHS else month.strip()
    try:
        born = date(int(year), int(number), int(day))
    except ValueError:
        return None
    return born if born.year >= 1900 else None
