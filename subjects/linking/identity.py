"""People of this run go in, ids that stay the same from run to run come out; the home remembers what tells each apart.

A person keeps the id of the earlier person with whom it shares most of its identifiers. What is kept is keyed: without
the home's key it says nothing.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from reports.parquet import PrivateFile
from scanner.home import PEOPLE_FILE, HomeError
from scanner.keys import Keyring
from subjects.linking.keysets import Bools, Ints, among, combine, distinct_pairs
from subjects.linking.linking import Linkage
from subjects.linking.person_records import Records

# Single keys, and combinations, that stand for one person.
_ANCHORS = (
    ("national_id",), ("email",), ("phone",), ("account",), ("card",), ("name_full", "birth_date"),
    ("surname", "birth_date"), ("name_full", "house_postcode"), ("name_full",),
)  # fmt: skip


def subject_ids(records: Records, linkage: Linkage, people: Ints, keyring: Keyring, home: Path) -> Ints:
    """The subject id of each of `people` (numbers of records, sorted), in their order; the home learns new ones.

    Raises:
        HomeError: what the home remembers cannot be read.
    """
    person, anchor = _anchors(records, linkage, people, keyring)
    known, subject = _load(home)
    found = np.zeros(len(people), np.int64)
    has = np.zeros(len(people), dtype=bool)
    taken = set()
    for one, claimed in _claims(person, anchor, known, subject):
        if not has[one] and claimed not in taken:
            found[one], has[one] = claimed, True
            taken.add(claimed)
    first = np.searchsorted(person, np.arange(len(people)))  # every person has an anchor: at least a finding
    for one in np.flatnonzero(~has).tolist():
        number = keyring.number("subject", str(int(anchor[first[one]])))
        while number in taken:
            number = keyring.number("subject", str(number))
        found[one] = number
        taken.add(number)
    rest = ~among(anchor, known)
    _save(home, np.r_[known[rest], anchor], np.r_[subject[rest], found[person]])
    return found


def _claims(person: Ints, anchor: Ints, known: Ints, subject: Ints) -> list[tuple[int, int]]:
    """(person, earlier subject) of all that share an anchor, those that share most first."""
    if not len(known):
        return []
    order = np.argsort(known, kind="stable")
    place = np.minimum(np.searchsorted(known[order], anchor), len(known) - 1)
    same = known[order][place] == anchor
    one, earlier = person[same], subject[order][place[same]]
    order = np.lexsort((earlier, one))
    one, earlier = one[order], earlier[order]
    new = np.flatnonzero(np.r_[True, (one[1:] != one[:-1]) | (earlier[1:] != earlier[:-1])]) if len(one) else one
    votes = np.diff(np.r_[new, len(one)])
    ranked = np.argsort(-votes, kind="stable")
    return list(zip(one[new][ranked].tolist(), earlier[new][ranked].tolist(), strict=True))


def _anchors(records: Records, linkage: Linkage, people: Ints, keyring: Keyring) -> tuple[Ints, Ints]:
    """(place in `people`, keyed identifier that tells this person and nobody else apart), sorted."""
    persons: list[Ints] = []
    anchors: list[Ints] = []
    told = np.zeros(records.count, dtype=bool)
    for kinds in _ANCHORS:
        first = records.of_kind(kinds[0]).without(linkage.shared.get(kinds[0], np.zeros(0, np.int64)))
        owners, keys = first.owners, first.keys
        for kind in kinds[1:]:
            index, more = records.of_kind(kind).take(owners)
            owners, keys = owners[index], combine(keys[index], more)
        if kinds == ("name_full",):  # only where nothing better tells somebody apart
            loose = ~told[linkage.person[owners]]
            owners, keys = owners[loose], keys[loose]
            keys = combine(keys, _place_keys(records, records.place[owners], keyring))
        _add(linkage.person[owners], keys, told, persons, anchors)
    # What holds nothing that it has alone is known again by the id of a finding.
    rest = people[~told[people]]
    rows = records.first_rows()[rest]
    _add(rest, records.finding_id[rows], told, persons, anchors)
    whole, keys = np.concatenate(persons), np.concatenate(anchors)
    kept = among(people, whole)
    return distinct_pairs(np.searchsorted(people, whole[kept]), keys[kept])


def _add(person: Ints, keys: Ints, told: Bools, persons: list[Ints], anchors: list[Ints]) -> None:
    """Add what only one person has: a key that two have would make their ids change places from run to run."""
    keys, person = distinct_pairs(keys, person)
    alone = np.ones(len(keys), dtype=bool)
    alone[1:] &= keys[1:] != keys[:-1]
    alone[:-1] &= keys[1:] != keys[:-1]
    told[person[alone]] = True
    persons.append(person[alone])
    anchors.append(keys[alone])


def _place_keys(records: Records, places: Ints, keyring: Keyring) -> Ints:
    """For each of these items a keyed number that is the same in every run."""
    different, index = np.unique(places, return_inverse=True)
    numbers = [keyring.number("subject", *records.places[place]) for place in different.tolist()]
    return np.array(numbers, np.int64)[index] if numbers else places


def _load(home: Path) -> tuple[Ints, Ints]:
    """(anchor, subject id), each anchor once."""
    file = home / PEOPLE_FILE
    if not file.exists():
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    try:
        table = pq.read_table(file)
        return table["anchor"].to_numpy(), table["subject_id"].to_numpy()
    except (OSError, pa.ArrowInvalid, KeyError) as error:
        raise HomeError(f"{file} cannot be read ({type(error).__name__}). Restore it from a backup.") from error


def _save(home: Path, anchors: Ints, subjects: Ints) -> None:
    with PrivateFile(home / PEOPLE_FILE) as file:
        pq.write_table(pa.table({"anchor": anchors, "subject_id": subjects}), file.file, compression="zstd")
        file.commit()
