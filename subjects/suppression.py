"""People who want no direct marketing go in, as keyed hashes; a mailing list goes in, the rows to leave out come out.

The right to object to direct marketing is absolute (UK GDPR Article 21(3)). Who objects is suppressed, not deleted: a
deleted address comes back with the next list that is bought (ICO).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from scanner.home import SUPPRESSED_FILE
from scanner.keys import Keyring
from scanner.plan import PlanError
from scanner.private_base import make_private, private_base
from subjects.finding.seeds import Seed, seed_keys
from subjects.linking.person_records import Records

_ENTRIES = """number INTEGER PRIMARY KEY AUTOINCREMENT, since TEXT NOT NULL, case_id TEXT NOT NULL, why TEXT NOT NULL,
    lifted TEXT NOT NULL DEFAULT ''"""
_TABLES = (
    f"CREATE TABLE IF NOT EXISTS entries ({_ENTRIES})",
    "CREATE TABLE IF NOT EXISTS keys (number INTEGER NOT NULL, key INTEGER NOT NULL, kind TEXT NOT NULL)",
)
# One of these alone is the person, as far as a mailing goes: whoever reads that mailbox asked for nothing more.
_ALONE: Mapping[str, str] = {"email": "e-mail address", "email_alias": "e-mail address", "phone": "telephone"}
# And so is a name, whole or in two columns, with the place where it lives.
_NAMES = (("name_full",), ("forename", "surname"))
_LIVES = "house_postcode"
_KINDS = (*_ALONE, "name_full", "forename", "surname", _LIVES)
WHAT = "suppressed people"


@dataclass(frozen=True, slots=True)
class Entry:
    """One person who objected. `keys` are by kind; `lifted` is the day on which they changed their mind, or ""."""

    number: int
    since: date
    case_id: str
    why: str
    lifted: str
    keys: Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Match:
    """Row `row` of a list (the heading is row 1) is the person of entry `number`; `how` in words."""

    row: int
    number: int
    how: str


def suppress(home: Path, keyring: Keyring, person: Seed, since: date, *, why: str = "", case_id: str = "") -> int:
    """Put a person on the list from this day on; gives the number of the entry.

    Raises:
        PlanError: nothing is known by which a mailing could be told to be theirs.
        HomeError: the home cannot be written to.
    """
    by_kind: dict[str, set[int]] = defaultdict(set)
    for key, kinds in seed_keys(person, keyring).kinds.items():
        for kind in kinds & set(_KINDS):
            by_kind[kind].add(key)
    if not by_kind.keys() & _ALONE.keys() and not {"name_full", _LIVES} <= by_kind.keys():
        raise PlanError("Give an e-mail address, a telephone number, or a name with a postal address and its postcode.")
    make_private(home / SUPPRESSED_FILE, WHAT)
    with private_base(home / SUPPRESSED_FILE, WHAT) as base, base:
        base.execute("BEGIN IMMEDIATE")
        for table in _TABLES:
            base.execute(table)
        words = (since.isoformat(), case_id, why)
        number = int(base.execute("INSERT INTO entries (since, case_id, why) VALUES (?,?,?)", words).lastrowid or 0)
        rows = [(number, key, kind) for kind, keys in by_kind.items() for key in sorted(keys)]
        base.executemany("INSERT INTO keys VALUES (?,?,?)", rows)
    return number


def suppressed(home: Path) -> list[Entry]:
    """The list, lifted entries included.

    Raises:
        HomeError: there is a list and it cannot be read.
    """
    if not (home / SUPPRESSED_FILE).exists():
        return []
    with private_base(home / SUPPRESSED_FILE, WHAT) as base:
        if not base.execute("SELECT 1 FROM sqlite_master WHERE name = 'keys'").fetchone():
            return []
        keys: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for number, key, kind in base.execute("SELECT number, key, kind FROM keys"):
            keys[number][kind].add(key)
        rows = base.execute("SELECT number, since, case_id, why, lifted FROM entries ORDER BY number").fetchall()
    return [
        Entry(number, date.fromisoformat(since), case_id, why, lifted,
              {kind: frozenset(some) for kind, some in keys[number].items()})
        for number, since, case_id, why, lifted in rows
    ]  # fmt: skip


def lift(home: Path, number: int, day: date) -> None:
    """The person wants mailings again; the entry stays, and says since when.

    Raises:
        PlanError: there is no such entry, or it is lifted already.
    """
    if not any(entry.number == number and not entry.lifted for entry in suppressed(home)):
        raise PlanError(f"There is no entry {number} that holds. `whosedata suppress list` shows them.")
    with private_base(home / SUPPRESSED_FILE, WHAT) as base:
        base.execute("UPDATE entries SET lifted = ? WHERE number = ?", (day.isoformat(), number))


def matches(entries: Sequence[Entry], records: Records) -> Iterator[Match]:
    """The rows of a list that are suppressed people, each once, in their order."""
    found: dict[int, Match] = {}
    for entry in entries:
        if entry.lifted:
            continue
        rows = {kind: _rows(records, kind, entry) for kind in _KINDS}
        for kind, words in _ALONE.items():
            for row in rows[kind]:
                found.setdefault(row, Match(row + 2, entry.number, f"same {words}"))
        named = set[int]().union(*(frozenset.intersection(*(rows[kind] for kind in kinds)) for kinds in _NAMES))
        for row in named & rows[_LIVES]:
            found.setdefault(row, Match(row + 2, entry.number, "same name and postal address"))
    yield from (found[row] for row in sorted(found))


def _rows(records: Records, kind: str, entry: Entry) -> frozenset[int]:
    sets = records.of_kind(kind)
    wanted = np.array(sorted(entry.keys.get(kind, ())), np.int64)
    return frozenset(sets.owners[np.isin(sets.keys, wanted)].tolist())
