"""Records in, the pairs that are worth comparing out: those that share one of a dozen combinations of keys."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from subjects.linking.keysets import Ints, KeySets, combine, pairs_within
from subjects.linking.person_records import Records

# Kinds that must agree together. One rare key is enough; common ones are only looked at together.
PASSES: tuple[tuple[str, ...], ...] = (
    ("email",),
    ("email_alias", "nickname_root"),
    ("email_alias", "surname"),
    ("email_deletion", "nickname_root"),
    ("email_deletion", "surname"),
    ("email_deletion", "birth_date"),
    ("phone",),
    ("national_id",),
    ("account",),
    ("account_number", "surname"),
    ("card",),
    ("surname", "birth_date"),
    ("nickname_root", "birth_date"),
    ("forename_deletion", "birth_date"),
    ("sound", "birth_date"),
    ("surname_deletion", "birth_date"),
    ("birth_date", "postcode"),
    ("nickname_root", "surname", "birth_year"),
    ("nickname_root", "surname", "birth_month", "birth_day"),
    ("nickname_root", "surname_deletion", "birth_year"),
    ("forename_deletion", "surname", "birth_year"),
    ("email_name", "birth_date"),
    ("nickname_root", "surname", "postcode"),
    ("nickname_root", "surname", "locality"),
    ("initial_surname", "postcode"),
    ("nickname_root", "house_postcode"),
    ("surname", "house_postcode"),
)
# Kinds that say all that a record says: the others are made from the same values.
_TELLING = (
    "email", "phone", "national_id", "account", "card", "birth_date", "postcode", "house_postcode", "locality",
    "name_full", "surname", "forename",
)  # fmt: skip
CAP = 200  # unlike records that one key may hold together; what more share says little about anybody


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs left[i] < right[i], each once; `skipped` counts pairs that only a too common key would have made."""

    left: Ints
    right: Ints
    skipped: int


def candidates(records: Records, passes: Sequence[Sequence[str]] = PASSES) -> Candidates:
    """The pairs of all passes together.

    Records that say exactly the same (a customer's thousand orders) are each paired with the first of them only.
    """
    first = _first_alike(records)
    copies = np.flatnonzero(first != np.arange(records.count))
    codes: list[Ints] = [first[copies] * records.count + copies]
    skipped = 0
    for kinds in passes:
        sets = [records.of_kind(kind) for kind in kinds]
        if not all(len(one.keys) for one in sets):
            continue
        owners, keys = _crossed(sets, first)
        left, right, wide = pairs_within(owners, keys, CAP)
        skipped += wide
        codes.append(np.unique(left * records.count + right))
    whole = np.unique(np.concatenate(codes))
    return Candidates(whole // max(records.count, 1), whole % max(records.count, 1), skipped)


def _first_alike(records: Records) -> Ints:
    """For each record the first one that has exactly its keys; itself where it has none."""
    sign = np.zeros(records.count, np.uint64)
    for number, kind in enumerate(_TELLING):
        sets = records.of_kind(kind)
        mixed = combine(sets.keys, np.full(len(sets.keys), number, np.int64)).view(np.uint64)
        # A sum does not hang on the order, and wraps.
        sums = np.r_[np.zeros(1, np.uint64), np.cumsum(mixed, dtype=np.uint64)]
        sign += sums[sets.starts[1:]] - sums[sets.starts[:-1]]
    _, first, index = np.unique(sign, return_index=True, return_inverse=True)
    alike = first[index].astype(np.int64)
    return np.where(sign == 0, np.arange(records.count), alike)


def _crossed(sets: Sequence[KeySets], first: Ints) -> tuple[Ints, Ints]:
    """Every combination of one key of each kind: (record, combined key) pairs, of one of each alike."""
    owners, keys = sets[0].owners, sets[0].keys
    kept = first[owners] == owners
    owners, keys = owners[kept], keys[kept]
    for further in sets[1:]:
        index, more = further.take(owners)
        owners, keys = owners[index], combine(keys[index], more)
    return owners, keys
