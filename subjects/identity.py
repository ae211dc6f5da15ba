"""People of this run go in, ids that stay the same from run to run come out; the home remembers what tells each apart.

A person keeps the id of the earlier person with whom it shares most of its identifiers. What is kept is keyed: without
the home's key it says nothing.
"""

from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from reports.parquet import PrivateFile
from scanner.home import PEOPLE_FILE, HomeError
from scanner.keys import Keyring
from subjects.keysets import Ints, combine
from subjects.linking import Linkage
from subjects.person_records import Records

# Single keys, and combinations, that stand for one person.
_ANCHORS = (
    ("national_id",), ("email",), ("phone",), ("account",), ("card",), ("name_full", "birth_date"),
    ("surname", "birth_date"), ("name_full", "house_postcode"), ("name_full",),
)  # fmt: skip


def subject_ids(records: Records, linkage: Linkage, people: Ints, keyring: Keyring, home: Path) -> dict[int, int]:
    """Person (number of a record) -> subject id, for each of `people`; the home learns new ones.

    Raises:
        HomeError: what the home remembers cannot be read.
    """
    anchors = _anchors(records, linkage)
    remembered = _load(home)
    claims: dict[int, Counter[int]] = {}
    for person in people.tolist():
        votes = Counter(remembered[key] for key in anchors.get(person, ()) if key in remembered)
        claims[person] = votes
    taken: dict[int, int] = {}
    found: dict[int, int] = {}
    ranked = sorted(
        ((count, person, subject) for person, votes in claims.items() for subject, count in votes.items()),
        key=lambda claim: (-claim[0], claim[1]),
    )
    for _, person, subject in ranked:
        if person not in found and subject not in taken:
            found[person] = subject
            taken[subject] = person
    for person in people.tolist():
        if person not in found:
            own = anchors.get(person) or [int(records.finding_id[records.finding_record == person][0])]
            number = keyring.number("subject", str(min(own)))
            while number in taken:
                number = keyring.number("subject", str(number))
            found[person] = number
            taken[number] = person
    _save(home, {**remembered, **{key: found[person] for person in found for key in anchors.get(person, ())}})
    return found


def _anchors(records: Records, linkage: Linkage) -> dict[int, list[int]]:
    """For each person the keyed identifiers that tell it apart, the strongest kinds first."""
    found: dict[int, list[int]] = defaultdict(list)
    for kinds in _ANCHORS:
        first = records.of_kind(kinds[0]).without(linkage.shared.get(kinds[0], np.zeros(0, np.int64)))
        owners, keys = first.owners, first.keys
        for kind in kinds[1:]:
            index, more = records.of_kind(kind).take(owners)
            owners, keys = owners[index], combine(keys[index], more)
        if kinds == ("name_full",):  # only where nothing better tells somebody apart
            loose = np.array([int(linkage.person[owner]) not in found for owner in owners.tolist()], dtype=bool)
            owners, keys = owners[loose], combine(keys[loose], records.place[owners[loose]])
        for person, key in sorted(set(zip(linkage.person[owners].tolist(), keys.tolist(), strict=True))):
            found[person].append(key)
    return found


def _load(home: Path) -> dict[int, int]:
    file = home / PEOPLE_FILE
    if not file.exists():
        return {}
    try:
        table = pq.read_table(file)
        return dict(zip(table["anchor"].to_pylist(), table["subject_id"].to_pylist(), strict=True))
    except (OSError, pa.ArrowInvalid, KeyError) as error:
        raise HomeError(f"{file} cannot be read ({type(error).__name__}). Restore it from a backup.") from error


def _save(home: Path, known: dict[int, int]) -> None:
    table = pa.table({"anchor": pa.array(known.keys(), pa.int64()), "subject_id": pa.array(known.values(), pa.int64())})
    with PrivateFile(home / PEOPLE_FILE) as file:
        pq.write_table(table, file.file, compression="zstd")
        file.commit()
