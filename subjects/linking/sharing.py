"""Records in, the keys that several people have out: learned from the data, since every office shares other things."""

from collections.abc import Mapping

import numpy as np

from subjects.linking.comparing import Frequencies
from subjects.linking.keysets import Bools, Ints, KeySets, pairs_within
from subjects.linking.person_records import Records

KINDS = ("email", "email_alias", "phone", "account", "card", "house_postcode")
_WIDE = 200  # no one person has one address or number in so many records under other names


def learn_shared(records: Records, frequencies: Frequencies) -> Mapping[str, Ints]:
    """For each kind the keys that are seen with two forenames that cannot be one person's (domain.md 4.3).

    Forms and misspellings of one name count as one. A name that nobody is known to bear may be a misspelling itself,
    so it only counts when it is there twice.
    """
    known = _known_names(records, frequencies)
    found = {}
    for kind in KINDS:
        sets = records.of_kind(kind)
        named = records.of_kind("forename").has(sets.owners)
        owners, keys = sets.owners[named], sets.keys[named]
        left, right, _ = pairs_within(owners, keys, _WIDE)
        unlike = _unlike(records, left, right) & known[left] & known[right]
        shared = sets.keys[:0]
        if unlike.any():
            shared = _keys_of(sets, left[unlike], right[unlike])
        distinct, counts = np.unique(keys, return_counts=True)
        found[kind] = np.unique(np.concatenate([shared, distinct[counts > _WIDE], records.shared]))
    return found


def _keys_of(sets: KeySets, left: Ints, right: Ints) -> Ints:
    """The keys that pairs of records share."""
    _, keys = sets.take(left)
    _, shared = sets.shared(left, right)
    return np.unique(keys[shared])


def _unlike(records: Records, left: Ints, right: Ints) -> Bools:
    """Whether two forenames are no forms or misspellings of each other, and not in the other's field."""
    unlike = np.ones(len(left), dtype=bool)
    for kind in ("nickname_root", "forename_deletion", "name_word"):
        at = np.flatnonzero(unlike)
        overlap = records.of_kind(kind).overlap(left[at], right[at])
        if kind == "name_word":  # an equal surname is no sign of an equal forename
            overlap &= ~records.of_kind("surname").overlap(left[at], right[at])
        unlike[at[overlap]] = False
    return unlike


def _known_names(records: Records, frequencies: Frequencies) -> Bools:
    """Records whose forename is listed, or borne by another record, too."""
    fore = records.of_kind("forename")
    distinct, index, counts = np.unique(fore.keys, return_inverse=True, return_counts=True)
    borne = np.isin(distinct, np.array(sorted(frequencies.forename), np.int64)) | (counts > 1)
    known = np.zeros(records.count, dtype=bool)
    known[fore.owners[borne[index]]] = True
    return known
