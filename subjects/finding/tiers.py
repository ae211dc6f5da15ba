"""What agrees between a record and a seed goes in, the tier, score and reasons of domain.md 4.7 come out."""

from dataclasses import dataclass

from subjects.model import Tier

Verdict = tuple[Tier, float, tuple[str, ...]]

# Identifiers that one person has; each with the word a reader sees.
UNIQUE = {
    "email": "e-mail address", "phone": "telephone", "national_id": "number", "card": "card", "account": "account",
    "accepted": "accepted value",
}  # fmt: skip


# The forename, or a form or misspelling of it.
FORENAME = frozenset({"name_full", "forename", "nickname_root", "forename_deletion"})


@dataclass(frozen=True, slots=True)
class Agreement:
    """How one record agrees with a seed.

    `kinds` are the match kinds that some value of the record has in common with the seed. `names`, `births` and
    `nationals` count the record's own values of these kinds, `matching_*` those of them that fit. `shared` are unique
    kinds whose value several people have. `forenamed`: the record gives a forename, whole or as an initial. `near`
    marks slots of running text. `namesake_there`: at the seed's address lives somebody of its name with another date
    of birth (a father and his son).
    """

    kinds: frozenset[str]
    names: int = 0
    matching_names: int = 0
    births: int = 0
    nationals: int = 0
    forenamed: bool = False
    shared: frozenset[str] = frozenset()
    near: bool = False
    beside_certain: bool = False
    seed_has_birth: bool = False
    seed_has_name: bool = True
    namesake_there: bool = False

    @property
    def forename(self) -> bool:
        """The forename agrees, or a form of it."""
        return bool(self.kinds & {"name_full", "forename", "nickname_root"})

    @property
    def full_name(self) -> bool:
        """Forename and surname agree, letter by letter or in a form of the name."""
        return "name_full" in self.kinds or (self.forename and "surname" in self.kinds)

    @property
    def other_name(self) -> bool:
        """The record names somebody, and nobody of the seed's names: a husband shares surname, telephone and house."""
        if not (self.seed_has_name and self.names):
            return False
        return not self.matching_names or (self.doubtful_forename and "initial" not in self.kinds)

    @property
    def doubtful_forename(self) -> bool:
        """The record gives a forename, and no form of the seed's: an initial at most."""
        return self.seed_has_name and self.forenamed and not self.kinds & FORENAME

    @property
    def other_birth(self) -> bool:
        """The record has a birth date, the seed too, and they differ in two parts or more."""
        if not (self.seed_has_birth and self.births) or self.kinds & {"birth_date", "birth_swapped"}:
            return False
        return len(self.kinds & {"birth_year", "birth_month", "birth_day"}) < 2


def tier_of(agreement: Agreement) -> Verdict | None:
    """Tier, score 0 to 1 and reasons in words; None when nothing ties the record to the seed."""
    against = _against(agreement)
    found = _without_contradiction(agreement)
    if found is None:
        return None
    tier, score, reasons = found
    if against and tier is not Tier.POSSIBLE:
        return Tier.EXCLUDED, 0.05, (*reasons, *against)
    if against:
        return (Tier.EXCLUDED, 0.05, (*reasons, *against)) if agreement.full_name else None
    return tier, score, reasons


def _against(agreement: Agreement) -> tuple[str, ...]:
    said = []
    if agreement.nationals:
        said.append("but another number of the same kind stands there")
    if agreement.other_birth:
        said.append("but another date of birth stands there")
    return tuple(said)


def _without_contradiction(one: Agreement) -> Verdict | None:
    own = [UNIQUE[kind] for kind in UNIQUE if kind in one.kinds and kind not in one.shared]
    shared = [UNIQUE[kind] for kind in UNIQUE if kind in one.kinds and kind in one.shared]
    born, lives = "birth_date" in one.kinds, "house_postcode" in one.kinds
    if own:
        return _by_identifier(one, own)
    if one.full_name and (born or lives):
        reasons = ("same name", "same date of birth" if born else "same address")
        if one.namesake_there and not born:
            return Tier.PROBABLE, 0.7, (*reasons, "but a namesake with another date of birth lives there")
        if one.near:
            return Tier.PROBABLE, 0.95, (*reasons, "told by nearness in the text")
        return Tier.CERTAIN, 0.99, reasons
    if one.full_name:
        return _by_name(one, shared)
    return _by_shared(one, shared) if shared else _by_half(one, born)


def _by_identifier(one: Agreement, own: list[str]) -> Verdict:
    reasons = tuple(f"same {word}" for word in own)
    if one.other_name:
        return Tier.POSSIBLE, 0.5, (*reasons, "but with another name beside it")
    if one.doubtful_forename:
        return Tier.PROBABLE, 0.85, (*reasons, "but of the forename only the initial fits")
    return Tier.CERTAIN, 0.99, (*reasons, *(("name fits",) if one.matching_names else ()))


def _by_shared(one: Agreement, shared: list[str]) -> Verdict | None:
    reasons = tuple(f"same {word}, which several people use" for word in shared)
    if one.forename:
        return Tier.PROBABLE, 0.85, (*reasons, "forename fits")
    return None if one.other_name else (Tier.POSSIBLE, 0.4, reasons)


def _by_name(one: Agreement, shared: list[str]) -> Verdict:
    weak = {
        "postcode": "same postcode", "birth_swapped": "date of birth with day and month exchanged",
        "email_alias": "nearly the same e-mail address", "account_number": "same account number, sort code aside",
        "email_deletion": "e-mail address one letter apart",
    }  # fmt: skip
    said = [words for kind, words in weak.items() if kind in one.kinds]
    said += [f"same {word}" for word in shared]
    if len(one.kinds & {"birth_year", "birth_month", "birth_day"}) >= 2:
        said.append("date of birth alike in two of three parts")
    if one.beside_certain:
        said.append("in a document that is certainly about this person")
    if said:
        return Tier.PROBABLE, 0.9, ("same name", *said)
    return Tier.POSSIBLE, 0.5, ("same name, and nothing else to tell by",)


def _by_half(one: Agreement, born: bool) -> Verdict | None:
    """Part of a name, or something nearly the same: the first of these that holds."""
    fuzzy = bool(one.kinds & {"surname_deletion", "sound"}) and (one.forename or "forename_deletion" in one.kinds)
    surname = "surname" in one.kinds
    initial = ("initial_surname" in one.kinds or (surname and "initial" in one.kinds)) and one.matching_names > 0
    beside = ("in a document that is certainly about this person",)
    signs: tuple[tuple[bool, Verdict], ...] = (
        (born and (fuzzy or one.forename), (Tier.PROBABLE, 0.85, ("same date of birth", "part of the name fits"))),
        (born and surname, (Tier.POSSIBLE, 0.5, ("same date of birth", "only the surname fits"))),  # a twin
        (bool(one.kinds & {"email_alias", "email_deletion"}) and not one.other_name,
         (Tier.POSSIBLE, 0.5, ("e-mail address nearly the same",))),
        ("account_number" in one.kinds and not one.other_name,
         (Tier.POSSIBLE, 0.5, ("same account number, but not its sort code",))),
        (initial and one.beside_certain, (Tier.PROBABLE, 0.8, ("initial and surname fit", *beside))),
        (initial, (Tier.POSSIBLE, 0.35, ("initial and surname fit",))),
        (fuzzy and one.matching_names > 0, (Tier.POSSIBLE, 0.3, ("name is nearly the same",))),
        (surname and one.beside_certain, (Tier.PROBABLE, 0.8, ("surname fits", *beside))),
        ("house_postcode" in one.kinds and not one.names, (Tier.POSSIBLE, 0.25, ("same address, nobody named",))),
    )  # fmt: skip
    return next((verdict for holds, verdict in signs if holds), None)
