"""Pairs of records go in, for each the weight of evidence that they are one person comes out, and what was compared.

Fellegi and Sunter's model: each field adds log2(m / u), where m is how often it agrees within a person and u how often
by chance. m and u are shipped, not learned: what one office holds is too little to learn from (domain.md 4.4). Names
that are rare say more (term frequency).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from subjects.linking.keysets import Bools, Ints, KeySets, distinct_pairs
from subjects.linking.person_records import Records

Floats = NDArray[np.float64]

# Levels of agreement, each with its weight in bits where it does not hang on the frequency of a name.
WEIGHTS: Mapping[str, float] = {
    "same e-mail address": 18.0,
    "same e-mail address but for dots or a tag": 10.0,
    "e-mail addresses one letter apart": 10.0,
    "other e-mail address": -0.5,
    "same telephone": 10.0,
    "other telephone": -0.5,
    "same national number": 20.0,
    "other national number": -3.0,
    "same account, card or customer number": 9.0,
    "same account number, one of them without sort code": 5.0,
    "numbers one digit apart": 8.0,
    "same birth date": 12.0,
    "birth dates with day and month exchanged": 8.0,
    "birth dates alike in two of three parts": 3.5,
    "birth dates less than a generation apart": -3.0,
    "other birth date": -6.0,
    "same house and postcode": 8.0,
    "same postcode": 5.5,
    "same town": 3.0,
    "other address": -2.5,
    "other town": -0.5,
    "forenames that are forms of one name": 4.5,
    "forenames one letter apart": 5.0,
    "an initial that fits": 2.0,
    "other forename": -7.0,
    "surnames one letter apart": 6.0,
    "surnames that sound alike": 4.0,
    "other surname": -4.0,
    "forename and surname exchanged": 8.0,
    "something that several people share": 1.5,
}
# Bits of a name that nobody else is known to have; of the commonest names the frequency decides.
_RAREST_FORENAME, _RAREST_SURNAME = 9.0, 11.0
COMMON = 0.0005
_SPARSE = 0.0005  # share of all pairs of numbers that are a digit apart
_AGREES = 0.9  # m of names: the rest are misspelt, changed by marriage, or nicknames


@dataclass(frozen=True, slots=True)
class Compared:
    """For each pair: the sum of weights; whether the names agree, something beside names does, or something forbids it.

    `unique`: an identifier that nobody shares agrees; `sure`: a national number does, and something else with it.

    `levels` says for each level which pairs have it: the reasons, in words.
    """

    weight: Floats
    named: Bools
    supported: Bools
    unique: Bools
    sure: Bools
    forbidden: Bools
    levels: Mapping[str, Bools]


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Shares of the people of Britain, by the keys of forenames and surnames; names that are not listed are rare."""

    forename: Mapping[int, float]
    surname: Mapping[int, float]

    @property
    def common_forenames(self) -> frozenset[int]:
        """Forenames so common that one is no misspelling of another: Jane and June are two people."""
        return frozenset(name for name, share in self.forename.items() if share >= COMMON)


def _rare(records: Records) -> KeySets:
    """Slips of numbers, where they tell something: of numbers given out densely most are a digit away from others."""
    sets, numbers = records.of_kind("number_slip"), records.of_kind("national_id")
    if not len(sets.keys) or not len(numbers.keys):
        return sets
    slips, of = distinct_pairs(sets.keys, numbers.keys[numbers.starts[sets.owners]])  # a number that comes again is one
    _, counts = np.unique(slips, return_counts=True)
    different = len(np.unique(of))
    alike = float((counts * (counts - 1.0) / 2).sum()) / max(different * (different - 1) / 2, 1.0)
    return sets if alike < _SPARSE else KeySets.of(records.count, sets.keys[:0], sets.keys[:0])


class Comparison:
    """Compares pairs of one set of records. `shared` are keys that several people have: they count next to nothing."""

    def __init__(self, records: Records, frequencies: Frequencies, shared: Mapping[str, Ints]) -> None:
        self._records = records
        self._frequencies = frequencies
        self._shared = shared
        self._own = {
            kind: records.of_kind(kind).without(shared.get(kind, np.zeros(0, np.int64)))
            for kind in ("email", "email_alias", "phone", "account", "card", "house_postcode")
        }
        self._rare_slips = _rare(records)
        self._common = np.array(sorted(frequencies.common_forenames), np.int64)

    def compare(self, left: Ints, right: Ints) -> Compared:
        """Weigh each pair (left[i], right[i])."""
        levels: dict[str, Bools] = {}
        weight = np.zeros(len(left))
        for field in (self._names, self._births, self._emails, self._numbers, self._places):
            weight += field(left, right, levels)
        none = np.zeros(len(left), dtype=bool)

        def any_of(*names: str) -> Bools:
            held: Bools = np.logical_or.reduce([levels.get(name, none) for name in names])
            return held

        unique = any_of("same e-mail address", "same telephone", "same national number")
        # Outside of Google's mail a dot makes another mailbox: alike, no more (domain.md 4.2).
        nearly = any_of("same e-mail address but for dots or a tag", "e-mail addresses one letter apart")
        number = any_of("same national number")
        exchanged = any_of("forename and surname exchanged")
        fore = any_of("same forename", "forenames that are forms of one name", "forenames one letter apart",
                      "an initial that fits")  # fmt: skip
        sur = any_of("same surname", "surnames one letter apart", "surnames that sound alike")
        born = any_of("same birth date", "birth dates with day and month exchanged")
        lives = any_of("same house and postcode", "same postcode")
        alike = any_of("birth dates alike in two of three parts") & ~any_of("other address")
        # A father and his son of one name and house have each a mailbox of his own.
        home = lives & ~any_of("other e-mail address")
        supported = (
            unique
            | born
            | home
            | nearly
            | alike
            | any_of(
                "same account, card or customer number",
                "same account number, one of them without sort code",
                "same town",
            )
        )
        # Marriage changes a surname, nothing changes a forename; a field left empty says nothing.
        married = fore & born & (unique | lives)
        named = (fore | sur | exchanged) & ~any_of("other forename") & (~any_of("other surname") | married)
        # A slip in a birth date, not a father and his son: name and something of their own agree.
        mailbox = any_of("same e-mail address")
        agree = ~any_of("other forename", "other surname")
        beside = (unique | nearly) & (fore | sur | exchanged)
        slip = agree & (mailbox | beside | (((fore & sur) | exchanged) & (lives | any_of("same town"))))
        odd_birth = any_of("other birth date") | (any_of("birth dates less than a generation apart") & ~slip)
        clash = self._national_clash(left, right)
        # Numbers that hardly any two people have so alike, and all else but the forename: no twin, another entry.
        slip_of_number = any_of("numbers one digit apart") & born & ((sur & lives) | (fore & (sur | lives)))
        forbidden = clash | ((odd_birth | any_of("other forename")) & ~number)
        # A personal mailbox or a national number tells its owner by itself (domain.md 4.3).
        sure = (number & ~clash & (fore | sur | exchanged | born | lives)) | (mailbox & agree & ~forbidden)
        sure |= slip_of_number & ~clash
        return Compared(weight, named, supported, unique, sure, forbidden, levels)

    def _ladder(
        self, levels: dict[str, Bools], rungs: list[tuple[str, Callable[[Ints], Bools]]], among: Bools
    ) -> Floats:
        """The first level that holds for each pair; each is only asked of the pairs that none before it held for."""
        weight = np.zeros(len(among))
        open_ = np.flatnonzero(among)
        for name, test in rungs:
            if not len(open_):
                break
            held = test(open_)
            told = np.zeros(len(among), dtype=bool)
            told[open_[held]] = True
            levels[name] = told
            weight[open_[held]] += WEIGHTS.get(name, 0.0)
            open_ = open_[~held]
        return weight

    def _names(self, left: Ints, right: Ints, levels: dict[str, Bools]) -> Floats:
        keys = self._records.of_kind
        fore, sur = keys("forename"), keys("surname")
        both_fore, both_sur = fore.has(left) & fore.has(right), sur.has(left) & sur.has(right)
        weight = self._ladder(
            levels,
            [
                ("same forename", lambda at: fore.overlap(left[at], right[at])),
                ("forenames that are forms of one name",
                 lambda at: keys("nickname_root").overlap(left[at], right[at])),
                ("an initial that fits", lambda at: self._initial_only(left[at], right[at])),
                ("forenames one letter apart", lambda at: self._typing_error(left[at], right[at])),
                ("other forename", lambda at: np.ones(len(at), dtype=bool)),
            ],
            both_fore,
        )  # fmt: skip
        weight += self._ladder(
            levels,
            [
                ("same surname", lambda at: sur.overlap(left[at], right[at])),
                ("surnames one letter apart", lambda at: keys("surname_deletion").overlap(left[at], right[at])),
                ("surnames that sound alike", lambda at: keys("sound").overlap(left[at], right[at])),
                ("other surname", lambda at: np.ones(len(at), dtype=bool)),
            ],
            both_sur,
        )
        weight += self._rarity(left, right, levels)
        return weight + self._exchanged(left, right, levels)

    def _rarity(self, left: Ints, right: Ints, levels: dict[str, Bools]) -> Floats:
        """Bits of equal names: a shared rare name says more."""
        weight = np.zeros(len(left))
        for level, kind, shares, most in (
            ("same forename", "forename", self._frequencies.forename, _RAREST_FORENAME),
            ("same surname", "surname", self._frequencies.surname, _RAREST_SURNAME),
        ):
            at = np.flatnonzero(levels.get(level, np.zeros(len(left), dtype=bool)))
            if len(at):
                common = self._records.of_kind(kind).common_key(left[at], right[at])
                names, index = np.unique(common, return_inverse=True)
                bits = [
                    min(most, np.log2(_AGREES / shares[name])) if name in shares else most for name in names.tolist()
                ]
                weight[at] += np.array(bits)[index]
        return weight

    def _exchanged(self, left: Ints, right: Ints, levels: dict[str, Bools]) -> Floats:
        """Forename and surname in each other's field: what spoke against the pair is taken back."""
        none = np.zeros(len(left), dtype=bool)
        other_fore, other_sur = levels.get("other forename", none), levels.get("other surname", none)
        agree = np.logical_or.reduce([held for name, held in levels.items() if not name.startswith("other")])
        name = "forename and surname exchanged"
        held = (other_fore | other_sur) & ~agree
        at = np.flatnonzero(held)
        held[at] = self._records.of_kind("name_word").overlap(left[at], right[at])
        levels[name] = held
        weight = WEIGHTS[name] * held - WEIGHTS["other forename"] * (held & other_fore)
        weight -= WEIGHTS["other surname"] * (held & other_sur)
        for level in ("other forename", "other surname"):
            if level in levels:
                levels[level] &= ~held
        return np.asarray(weight, np.float64)

    def _initial_only(self, left: Ints, right: Ints) -> Bools:
        """One of the two forenames is an initial, and it fits."""
        initial, long = self._records.of_kind("initial"), self._records.of_kind("forename_deletion")
        bare = ~(long.has(left) & long.has(right))
        fits: Bools = initial.overlap(left, right) & bare
        return fits

    def _typing_error(self, left: Ints, right: Ints) -> Bools:
        """One letter apart, and not two names that parents give: Jane and June are twins, not a slip."""
        near = self._records.of_kind("forename_deletion").overlap(left, right)
        return near & ~self._both_listed(left, right)

    def _both_listed(self, left: Ints, right: Ints) -> Bools:
        fore = self._records.of_kind("forename")
        listed = np.zeros(self._records.count, dtype=bool)
        listed[fore.owners[np.isin(fore.keys, self._common)]] = True
        both: Bools = listed[left] & listed[right]
        return both

    def _births(self, left: Ints, right: Ints, levels: dict[str, Bools]) -> Floats:
        keys = self._records.of_kind
        whole = keys("birth_date")

        def two_parts(at: Ints) -> Bools:
            parts = [keys(kind).overlap(left[at], right[at]) for kind in ("birth_year", "birth_month", "birth_day")]
            alike: Bools = np.sum(parts, axis=0) >= 2
            return alike

        rungs: list[tuple[str, Callable[[Ints], Bools]]] = [
            ("same birth date", lambda at: whole.overlap(left[at], right[at])),
            ("birth dates with day and month exchanged",
             lambda at: keys("birth_swapped").overlap(left[at], right[at])),
            ("birth dates alike in two of three parts", two_parts),
            (
                "birth dates less than a generation apart",
                lambda at: keys("birth_near").overlap(left[at], right[at]),
            ),
            ("other birth date", lambda at: np.ones(len(at), dtype=bool)),
        ]  # fmt: skip
        return self._ladder(levels, rungs, whole.has(left) & whole.has(right))

    def _emails(self, left: Ints, right: Ints, levels: dict[str, Bools]) -> Floats:
        every, own, alias = self._records.of_kind("email"), self._own["email"], self._own["email_alias"]
        rungs: list[tuple[str, Callable[[Ints], Bools]]] = [
            ("same e-mail address", lambda at: own.overlap(left[at], right[at])),
            ("something that several people share", lambda at: every.overlap(left[at], right[at])),
            ("same e-mail address but for dots or a tag", lambda at: alias.overlap(left[at], right[at])),
            ("e-mail addresses one letter apart",
             lambda at: self._records.of_kind("email_deletion").overlap(left[at], right[at])),
            ("other e-mail address", lambda at: np.ones(len(at), dtype=bool)),
        ]  # fmt: skip
        return self._ladder(levels, rungs, every.has(left) & every.has(right))

    def _numbers(self, left: Ints, right: Ints, levels: dict[str, Bools]) -> Floats:
        """Telephones, national numbers, accounts and cards."""
        weight = np.zeros(len(left))
        phones = self._records.of_kind("phone")
        own = self._own["phone"]
        weight += self._ladder(
            levels,
            [
                ("same telephone", lambda at: own.overlap(left[at], right[at])),
                ("other telephone", lambda at: ~phones.overlap(left[at], right[at])),
            ],
            phones.has(left) & phones.has(right),
        )
        ids, slips = self._records.of_kind("national_id"), self._rare_slips
        weight += self._ladder(
            levels,
            [
                ("same national number", lambda at: ids.overlap(left[at], right[at])),
                ("numbers one digit apart", lambda at: slips.overlap(left[at], right[at])),
                ("other national number", lambda at: np.ones(len(at), dtype=bool)),
            ],
            ids.has(left) & ids.has(right),
        )
        everyone = np.ones(len(left), dtype=bool)
        same = self._own["account"].overlap(left, right) | self._own["card"].overlap(left, right)
        account, number = self._records.of_kind("account"), self._records.of_kind("account_number")
        rungs: list[tuple[str, Callable[[Ints], Bools]]] = [
            ("same account, card or customer number", lambda at: same[at]),
            ("same account number, one of them without sort code",
             lambda at: number.overlap(left[at], right[at]) & ~(account.has(left[at]) & account.has(right[at]))),
        ]  # fmt: skip
        return weight + self._ladder(levels, rungs, everyone)

    def _places(self, left: Ints, right: Ints, levels: dict[str, Bools]) -> Floats:
        house, postcode, town = (self._records.of_kind(kind) for kind in ("house_postcode", "postcode", "locality"))
        weight = self._ladder(
            levels,
            [
                ("same house and postcode", lambda at: house.overlap(left[at], right[at])),
                ("same postcode", lambda at: postcode.overlap(left[at], right[at])),
                ("other address", lambda at: np.ones(len(at), dtype=bool)),
            ],
            postcode.has(left) & postcode.has(right),
        )
        told = levels.get("same house and postcode", np.zeros(len(left), dtype=bool)) | levels.get(
            "same postcode", np.zeros(len(left), dtype=bool)
        )
        return weight + self._ladder(
            levels,
            [
                ("same town", lambda at: town.overlap(left[at], right[at])),
                ("other town", lambda at: np.ones(len(at), dtype=bool)),
            ],
            town.has(left) & town.has(right) & ~told,
        )

    def _national_clash(self, left: Ints, right: Ints) -> Bools:
        """Both have a number of a kind that nobody has two of, and the numbers differ."""
        clash = np.zeros(len(left), dtype=bool)
        for sets in self._records.national.values():
            both = np.flatnonzero(sets.has(left) & sets.has(right))
            clash[both] |= ~sets.overlap(left[both], right[both])
        return clash
