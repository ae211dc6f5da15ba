"""A plain CSV of people and which column holds what go in, records come out: for tables that no scan made.

Keys are the same as a scan makes, from values brought to the same form.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from detectors.normalise import email
from detectors.phones import PhoneDetector
from detectors.types import Text
from scanner.encoding import decode
from scanner.keys import Keyring, number_slips
from scanner.plan import PlanError
from subjects.linking.keysets import KeySets
from subjects.linking.person_records import Records

# What a column may hold: entity type and part of a name, as a scan would call it.
FIELDS: Mapping[str, tuple[str, str]] = {
    "name": ("PERSON", ""),
    "given": ("PERSON", "given"),
    "surname": ("PERSON", "surname"),
    "email": ("EMAIL_ADDRESS", ""),
    "phone": ("PHONE_NUMBER", ""),
    "dob": ("DATE_OF_BIRTH", ""),
    "address": ("ADDRESS", ""),
    "house": ("", ""),
    "postcode": ("UK_POSTCODE", ""),
    "town": ("LOCALITY", ""),
    "id": ("RECORD_ID", ""),
    "nino": ("UK_NINO", ""),
    "nhs": ("UK_NHS", ""),
}
# Google exports several values of one cell so; people write the others.
_SEVERAL = re.compile(r"\s*(?::::|[;,])\s*")
_DATE = re.compile(r"([0-9]{4})[-/.]?([0-9]{2})[-/.]?([0-9]{2})(?:\D.*)?")
_BRITISH_DATE = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})")


def read_mapping(text: str) -> dict[str, str]:
    """`given=first_name,dob=birth` -> field to column.

    Raises:
        PlanError: a field that is not known, or no sign of equality.
    """
    mapping = {}
    for word in filter(None, (part.strip() for part in text.split(","))):
        field, sign, column = word.partition("=")
        if not sign or field not in FIELDS:
            raise PlanError(
                f"--map {word} is not understood. Write field=column, where field is one of: {', '.join(FIELDS)}."
            )
        mapping[field] = column
    if not mapping:
        raise PlanError("--records needs --map, such as --map given=first_name,surname=last_name,email=email.")
    return mapping


def read_table(path: Path, mapping: Mapping[str, str], keyring: Keyring) -> tuple[list[dict[str, str]], Records]:
    """The rows of the table, and their records in the same order.

    Raises:
        PlanError: the file cannot be read, or has no column of that name.
    """
    try:
        text = decode(path.read_bytes())
    except OSError as error:
        raise PlanError(f"{path} cannot be read ({error.strerror}).") from error
    lines = text.lstrip("\ufeff").splitlines(keepends=True)
    reader = csv.DictReader(lines, skipinitialspace=True)
    names = [name.strip() for name in reader.fieldnames or ()]
    for column in mapping.values():
        if column not in names:
            raise PlanError(f"{path} has no column “{column}”. It has: {', '.join(names)}.")
    rows = [
        {(name or "").strip(): (value or "").strip() if isinstance(value, str) else "" for name, value in row.items()}
        for row in reader
    ]
    return rows, table_records(rows, mapping, keyring)


def table_records(rows: list[dict[str, str]], mapping: Mapping[str, str], keyring: Keyring) -> Records:
    """Records of rows that are already read."""
    phones = PhoneDetector()
    made: dict[str, tuple[list[int], list[int]]] = {}
    national: dict[str, tuple[list[int], list[int]]] = {}
    for number, row in enumerate(rows):
        for field, column in mapping.items():
            if value := row.get(column, ""):
                for entity_type, part, plain in _normalised(field, value, row, mapping, phones):
                    for key, kind in _keys(keyring, entity_type, plain, part):
                        for target, name in (
                            (made, kind),
                            (national, entity_type if entity_type in ("UK_NINO", "UK_NHS") else ""),
                        ):
                            if name:
                                owners, keys = target.setdefault(name, ([], []))
                                owners.append(number)
                                keys.append(key)
    count = len(rows)
    zero = np.zeros(count, np.int64)
    numbers = np.arange(count)
    return Records(
        count, {kind: _sets(count, *pairs) for kind, pairs in made.items()},
        {kind: _sets(count, *pairs) for kind, pairs in national.items()}, np.zeros(0, np.int64),
        np.zeros(count, dtype=bool), numbers, ("self",), zero, numbers, numbers,
    )  # fmt: skip


def _sets(count: int, owners: list[int], keys: list[int]) -> KeySets:
    return KeySets.of(count, np.array(owners, np.int64), np.array(keys, np.int64))


def _keys(keyring: Keyring, entity_type: str, value: str, part: str) -> Sequence[tuple[int, str]]:
    if entity_type == "LOCALITY":
        return [(keyring.number("locality", value), "locality")]
    if entity_type == "RECORD_ID":
        slips = ((keyring.number("number_slip", slip), "number_slip") for slip in number_slips(value))
        return [(keyring.number("national_id", f"{entity_type} {value}"), "national_id"), *slips]
    if entity_type == "HOUSE":
        return [(keyring.number("house_postcode", value), "house_postcode")]
    return keyring.match_keys(entity_type, value, part)


def _normalised(
    field: str, value: str, row: Mapping[str, str], mapping: Mapping[str, str], phones: PhoneDetector
) -> list[tuple[str, str, str]]:
    """(entity type, part, normalised value); nothing where the value is not what its column says."""
    entity_type, part = FIELDS[field]
    plain = value
    if field == "email":
        return [(entity_type, part, email(one)) for one in _SEVERAL.split(value) if "@" in one]
    if field == "dob":
        plain = _iso(value)
    elif field == "postcode":
        plain = value.upper()
    elif field in {"town", "id"}:
        plain = " ".join(value.casefold().split())
    elif field == "phone":
        [spans] = phones.detect([Text(value, "telephone")])
        return [(entity_type, part, span.value) for span in spans]
    found = [(entity_type, part, plain)] if plain and field != "house" else []
    if field == "postcode" and (house := row.get(mapping.get("house", ""), "")):
        # As an address has it: number and compact postcode; of other countries' postcodes, too.
        found.append(("HOUSE", "", f"{house.upper()} {plain.replace(' ', '')}"))
    return found


def _iso(value: str) -> str:
    if match := _DATE.fullmatch(value):
        return "-".join(match.groups())
    if match := _BRITISH_DATE.fullmatch(value):
        day, month, year = match.groups()
        return f"{year}-{month:>02}-{day:>02}"
    return ""
