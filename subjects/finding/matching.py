"""The index of a report and the values that a seed agrees with go in; records that may be the person's come out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from scanner.keys import KINDS
from subjects.finding.index import Index
from subjects.finding.seeds import SeedKeys
from subjects.finding.tiers import FORENAME, UNIQUE
from subjects.linking.columns import coded
from subjects.linking.keysets import Bools, Ints, among, distinct_pairs

# Kinds of agreement, in the order of their bits.
_KINDS = (*KINDS, "accepted")
# Kinds rare enough to look a record up by; the others only say how well it fits.
_LEADS = frozenset({
    *UNIQUE, "account_number", "email_alias", "email_deletion", "name_full", "initial_surname", "house_postcode",
    "surname", "birth_date",
})  # fmt: skip
# Two weak signs together lead, too.
_NEARLY = (frozenset({"surname_deletion", "sound"}), frozenset({"nickname_root", "forename_deletion", "forename"}))
# "Mr Smith" means somebody only in a document that is about one.
_SURNAME_ALONE = frozenset({"surname", "sound", "surname_deletion", "name_word", "email_name"})


@dataclass(frozen=True, slots=True)
class Matches:
    """Records that may be the person's, sorted by number; one entry each in every array.

    `kinds` are the match kinds in common as bits (kinds_of); `names`, `births` and `nationals` count the record's own
    values, `matching` those of its names that fit. `rows` and `record_at` (a place in `records`) are its findings.
    """

    records: Ints
    kinds: Ints
    names: Ints
    matching: Ints
    births: Ints
    nationals: Ints
    forenamed: Bools
    near: Bools
    place: Ints
    rows: Ints
    record_at: Ints
    is_name: Bools
    agrees: Bools


def bits_of(kinds: Iterable[str]) -> int:
    """Kinds as bits."""
    return sum(1 << _KINDS.index(kind) for kind in kinds)


_NAMES = bits_of((
    "name_full", "name_word", "surname", "forename", "initial", "initial_surname", "nickname_root", "sound",
    "surname_deletion", "forename_deletion", "email_name",
))  # fmt: skip


@lru_cache(maxsize=4096)
def kinds_of(bits: int) -> frozenset[str]:
    """Bits as kinds."""
    return frozenset(kind for number, kind in enumerate(_KINDS) if bits >> number & 1)


@dataclass(frozen=True, slots=True)
class Matched:
    """Value ids, sorted, and the kinds under which each agrees with the seed as bits."""

    values: Ints
    kinds: Ints


def matched_values(file: Path, keys: SeedKeys, accepted: Sequence[int] = ()) -> Matched:
    """The values that agree with a seed, by the table of keys. It is sorted by key: few of its parts are read."""
    wanted = np.array(sorted(keys.kinds), np.int64)
    allowed = np.array([bits_of(keys.kinds[key]) for key in wanted.tolist()], np.int64)
    values = [np.array(accepted, np.int64)]
    kinds = [np.full(len(accepted), bits_of(["accepted"]))]
    with pq.ParquetFile(file) as parquet:
        bounds = [parquet.metadata.row_group(group).column(0).statistics for group in range(parquet.num_row_groups)]
        low = np.searchsorted(wanted, np.array([one.min for one in bounds], np.int64), "left")
        high = np.searchsorted(wanted, np.array([one.max for one in bounds], np.int64), "right")
        for group in np.flatnonzero(high > low).tolist():
            table = parquet.read_row_group(group)
            key = table["key"].to_numpy()
            at = np.minimum(np.searchsorted(wanted, key), len(wanted) - 1)
            words, code = coded(table["kind"])
            bits = np.array([bits_of([word]) for word in words], np.int64)[code]
            held = (wanted[at] == key) & ((allowed[at] & bits) != 0)
            values.append(table["value_id"].to_numpy()[held])
            kinds.append(bits[held])
    value, bits = np.concatenate(values), np.concatenate(kinds)
    order = np.argsort(value, kind="stable")
    value, bits = value[order], bits[order]
    begins = np.flatnonzero(np.r_[True, value[1:] != value[:-1]]) if len(value) else order
    return Matched(value[begins], np.bitwise_or.reduceat(bits, begins) if len(value) else bits)


def match(index: Index, matched: Matched, keys: SeedKeys) -> Matches:
    """The records that a leading value leads to."""
    number, known = index.numbers(matched.values)
    bits = np.zeros(len(index.values), np.int64)
    bits[number[known]] = matched.kinds[known]
    leading = known & ((matched.kinds & bits_of(_LEADS | _NEARLY[0])) != 0)
    records = np.unique(index.record_of[index.rows_with(number[leading])]).astype(np.int64)
    rows, at = index.rows_of(records)
    values = index.value_of[rows]
    row_bits = bits[values]
    row_bits &= ~np.where(_lesser_names(index, values, row_bits, at, len(records)), np.int64(_NAMES), np.int64(0))
    begins = np.flatnonzero(np.r_[True, at[1:] != at[:-1]]) if len(at) else at
    kinds = np.bitwise_or.reduceat(row_bits, begins) if len(at) else at
    place = index.place_of[records].astype(np.int64)
    kept = _kept(kinds, place, place[at[(row_bits & bits_of(UNIQUE.keys())) != 0]])
    chosen = kept[at]
    rows, row_bits, values = rows[chosen], row_bits[chosen], values[chosen]
    at = (np.cumsum(kept) - 1)[at[chosen]]
    count = int(kept.sum())
    types = index.type_of[values]

    def counted(held: Bools) -> Ints:
        return np.bincount(at[held], minlength=count)

    is_name, agrees = types == _number(index, "PERSON"), row_bits != 0
    national = among(np.array([_number(index, kind) for kind in keys.national], np.int64), types)
    return Matches(
        records[kept], kinds[kept], counted(is_name), counted(is_name & agrees),
        counted(types == _number(index, "DATE_OF_BIRTH")),
        counted(national & ((row_bits & bits_of({"national_id"})) == 0)),
        (counted(is_name) > 1) | (counted(is_name & np.asarray(index.whole_name[values])) > 0),
        np.asarray(index.near[records[kept]]), place[kept], rows, at, is_name, agrees,
    )  # fmt: skip


def _lesser_names(index: Index, values: Ints, row_bits: Ints, at: Ints, count: int) -> Bools:
    """Whole names of a record beside the one that fits best: the forename of one and the surname of another is nobody.

    Parts of a name in cells of their own stay together.
    """
    whole = np.asarray(index.whole_name[values])
    fits = np.bitwise_count(row_bits & _NAMES).astype(np.int64) * 2 + ((row_bits & bits_of(["name_full"])) != 0)
    best = np.zeros(count, np.int64)
    np.maximum.at(best, at[whole], fits[whole])
    lesser: Bools = whole & (fits < best[at])
    return lesser


def _number(index: Index, entity_type: str) -> int:
    return index.types.index(entity_type) if entity_type in index.types else -1


def _kept(kinds: Ints, place: Ints, certain_places: Ints) -> Bools:
    """A forename or a year alone leads nowhere; a surname alone only where a document is about one of that name."""
    weak = [(kinds & bits_of(group)) != 0 for group in _NEARLY]
    leads = ((kinds & bits_of(_LEADS)) != 0) | (weak[0] & weak[1])
    alone = (kinds & ~np.int64(bits_of(_SURNAME_ALONE))) == 0
    kept: Bools = leads & ~(alone & ~among(certain_places, place))
    return kept


def shared_kinds(matches: Matches, index: Index, by_name: bool) -> frozenset[str]:
    """Unique kinds of the seed that stand beside somebody else's name somewhere: they tell nobody apart.

    Without a name in the seed nobody is "somebody else": then it is two different names beside one value.
    """
    found = set()
    for kind in ("phone", "email", "account", "card"):
        held = ((matches.kinds & bits_of({kind})) != 0) & (matches.names > 0)
        if by_name:
            unlike = matches.forenamed & ((matches.kinds & bits_of(FORENAME | {"initial"})) == 0)
            several = bool((held & ((matches.matching == 0) | unlike)).any())
        else:
            rows = matches.is_name & held[matches.record_at]
            values = index.value_of[matches.rows[rows]]
            names: dict[int, set[int]] = {}
            for record, value in zip(matches.record_at[rows].tolist(), values.tolist(), strict=True):
                names.setdefault(record, set()).add(value)
            several = len(set(map(frozenset, names.values()))) > 1
        if several:
            found.add(kind)
    return frozenset(found)


def others_by_place(matches: Matches, index: Index) -> dict[int, int]:
    """How many people beside this one the records found name, by item; the item may name more."""
    named = matches.is_name & ~matches.agrees
    places, _ = distinct_pairs(matches.place[matches.record_at[named]], index.value_of[matches.rows[named]])
    different, counts = np.unique(places, return_counts=True)
    return dict(zip(different.tolist(), counts.tolist(), strict=True))
