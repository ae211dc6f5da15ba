"""The organisation's own table of who left when goes in, the days on which people's relationships ended come out.

A CSV with a column `ended` (a date; empty: still running) and columns that say who: e-mail, telephone, NI, NHS number.
"""

import re
from datetime import date
from pathlib import Path

import numpy as np

from detectors.labels import expected_types
from reports.audit.retention import STILL_RUNNING, Ends
from scanner.keys import Keyring
from scanner.plan import PlanError
from subjects.auditing.home_tables import dated, values_of
from subjects.linking.plain_table import read_table

ENDED = ("ended", "end", "end date", "left", "leaving date", "relationship end", "membership end", "date of leaving")
# Headings, and the field that they announce: what is one person's alone.
_FIELDS = {"EMAIL_ADDRESS": "email", "PHONE_NUMBER": "phone", "UK_NINO": "nino", "UK_NHS": "nhs"}
_KINDS = ("email", "phone", "national_id")
_BRITISH = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", re.ASCII)


def read_ends(table: Path, keys: Path, keyring: Keyring) -> Ends:
    """The ends of relationships of people in a report, by the values that stand for them.

    Raises:
        PlanError: the table cannot be read, lacks a column, or holds an end that is no date.
    """
    rows, _ = read_table(table, {}, keyring)
    headings = list(rows[0]) if rows else []
    ended = next((name for name in headings if name.casefold().replace("_", " ") in ENDED), None)
    fields: dict[str, str] = {}
    for heading in headings:
        for kind in sorted(expected_types(heading) & _FIELDS.keys()):
            fields.setdefault(_FIELDS[kind], heading)
    if rows and (ended is None or not fields):
        raise PlanError(f"{table} needs a column “ended” and one of e-mail, phone, NINO or NHS number.")
    _, records = read_table(table, fields, keyring)
    days = [_day(table, number, row[ended or ""]) for number, row in enumerate(rows, start=2)]
    of_key: dict[int, date] = {}
    for kind in _KINDS:
        sets = records.of_kind(kind)
        for owner, key in zip(sets.owners.tolist(), sets.keys.tolist(), strict=True):
            of_key[key] = max(days[owner], of_key.get(key, days[owner]))
    values, ends = dated(values_of(keys, of_key))
    return Ends(values, ends) if len(values) else Ends(np.zeros(0, np.int64), np.zeros(0, "datetime64[D]"))


def _day(table: Path, row: int, text: str) -> date:
    if not text:
        return STILL_RUNNING
    try:
        if found := _BRITISH.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(text[:10])
    except ValueError:
        raise PlanError(f"{table}, row {row}: the end is no date. Write it like 2026-11-22 or 22/11/2026.") from None
