"""Records in, what each says of itself out as a number, and whether two such profiles can be one person."""

from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from typing import NamedTuple

from subjects.linking.comparing import Frequencies
from subjects.linking.person_records import Records

Keys = frozenset[int]
_KINDS = (
    "forename", "nickname_root", "forename_deletion", "initial", "birth_date", "birth_swapped",
    "name_word", "national_id", "birth_near",
)  # fmt: skip
_PARTS = ("birth_year", "birth_month", "birth_day")


class Profile(NamedTuple):
    """What one record says that only one person can say: keys of forenames, birth dates and national numbers."""

    forenames: Keys
    roots: Keys
    deletions: Keys
    initials: Keys
    births: Keys
    swapped: Keys
    words: Keys
    numbers: Keys
    near: Keys
    parts: tuple[Keys, ...]
    national: tuple[Keys, ...]


def make_profiles(records: Records, wanted: Iterable[int]) -> tuple[list[int], list[Profile]]:
    """(number of each record's profile, the profiles); records that are not wanted share one that says nothing."""
    nothing: Keys = frozenset()
    silent = Profile._make([*[nothing] * len(_KINDS), (nothing,) * len(_PARTS), ()])
    known: dict[Profile, int] = {silent: 0}
    numbers = [0] * records.count
    kinds, parts = ([records.of_kind(kind) for kind in group] for group in (_KINDS, _PARTS))
    groups = (kinds, parts, list(records.national.values()))
    for record in wanted:
        own, dates, ids = ([frozenset(one.of_record(record).tolist()) for one in group] for group in groups)
        profile = Profile._make([*own, tuple(dates), tuple(ids)])
        numbers[record] = known.setdefault(profile, len(known))
    return numbers, list(known)


class Relation(NamedTuple):
    """How two profiles stand: for births and forenames None where one of them says nothing, else whether they fit."""

    numbers_differ: bool
    births: bool | None
    forenames: bool | None


def clash_of(profiles: list[Profile], frequencies: Frequencies) -> Callable[[Iterable[int], Collection[int]], str]:
    """The reason why two people, each given by the profiles of their records, cannot be one; "" when they can.

    One pair of different national numbers is enough. Births and forenames are misspelt within one person, too: they
    clash when no form that one has fits any form of the other (domain.md 4.3).
    """
    common = frequencies.common_forenames

    @lru_cache(maxsize=1 << 20)
    def related(one: int, other: int) -> Relation:
        return _relation(profiles[one], profiles[other], common)

    def clash(mine: Iterable[int], theirs: Collection[int]) -> str:
        pairs = [related(one, other) for one in mine for other in theirs]
        if any(pair.numbers_differ for pair in pairs):
            return "two different national numbers"
        if _none_fits([pair.births for pair in pairs]):
            return "two different birth dates"
        if _none_fits([pair.forenames for pair in pairs]):
            return "two different forenames"
        return ""

    return clash


def _none_fits(answers: list[bool | None]) -> bool:
    return False in answers and True not in answers


def _relation(one: Profile, other: Profile, common: Keys) -> Relation:
    pairs = zip(one.national, other.national, strict=False)
    differ = any(mine and theirs and mine.isdisjoint(theirs) for mine, theirs in pairs)
    same = _meet(one.numbers, other.numbers)
    births = (same or _same_birth(one, other)) if one.births and other.births else None
    forenames = (same or _same_forename(one, other, common)) if one.forenames and other.forenames else None
    return Relation(differ, births, forenames)


def _meet(mine: Keys, theirs: Keys) -> bool:
    return not mine.isdisjoint(theirs)


def _same_birth(one: Profile, other: Profile) -> bool:
    if _meet(one.births, other.births) or _meet(one.swapped, other.swapped):
        return True
    year, month, day = (_meet(mine, theirs) for mine, theirs in zip(one.parts, other.parts, strict=True))
    # Less than a generation apart and of one name: a slip. The pairs that joined them had an identifier in common.
    named = _meet(one.words, other.words) or not (one.words and other.words)
    return year + month + day >= 2 or (_meet(one.near, other.near) and named)


def _same_forename(one: Profile, other: Profile, common: Keys) -> bool:
    # Forename and surname in each other's field show as a word that both have.
    if _meet(one.roots, other.roots) or _meet(one.words, other.words - other.forenames):
        return True
    both_common = _meet(one.forenames, common) and _meet(other.forenames, common)
    initial = _meet(one.initials, other.initials) and not (one.deletions and other.deletions)
    return not both_common and (initial or _meet(one.deletions, other.deletions))
