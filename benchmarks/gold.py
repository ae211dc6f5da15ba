"""Labelled material and the findings of a tool go in, precision, recall and F1 per entity type come out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

# Found when the letters and digits are the same. Of all other types a stretch counts that overlaps the wanted one.
EXACT = frozenset({
    "EMAIL_ADDRESS", "CREDIT_CARD", "IBAN_CODE", "IP_ADDRESS", "UK_NHS", "UK_NINO", "UK_UTR", "UK_VAT", "US_SSN",
    "CARD_SECURITY_CODE",
})  # fmt: skip
# A number that may be found in another form: national, with a prefix or an extension, as half of a pair.
NUMBERS = frozenset({"PHONE_NUMBER", "UK_SORT_CODE", "UK_BANK_ACCOUNT"})
# A sort code and the account behind it are one finding; lists have both.
ALSO_AS = {"UK_SORT_CODE": "UK_BANK_ACCOUNT"}
# Parts of what a list has as a whole are no false findings.
WITHIN = {"UK_POSTCODE": "ADDRESS", "UK_BANK_ACCOUNT": "IBAN_CODE"}


@dataclass(frozen=True, slots=True)
class Unit:
    """What is looked at by itself: a text, or the cell of a table under its heading."""

    key: str
    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """Something of an entity type in a unit: wanted by a list, or found by a tool. An empty value is the whole unit."""

    unit: str
    kind: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled set.

    `form`: "texts" (units are read one by one), "table" (units are the cells of `path`), or "files" (units are the
    files below the folder `path`). `wanted`: its mentions. `kinds`: types that are scored. `complete`: those of which
    the list claims to name every mention; only there a finding that it does not name counts against precision. `whole`:
    that goes for all files of the folder; else only files that the list names are read.
    """

    name: str
    form: str
    wanted: tuple[Mention, ...]
    kinds: frozenset[str]
    complete: frozenset[str]
    units: tuple[Unit, ...] = ()
    path: Path = Path()
    countries: tuple[str, ...] = ("gb",)
    whole: bool = False

    def only(self, keys: frozenset[str]) -> "Labelled":
        """The same set, with the units of these keys alone."""
        wanted = tuple(one for one in self.wanted if one.unit in keys)
        units = tuple(unit for unit in self.units if unit.key in keys)
        return replace(self, wanted=wanted, units=units, whole=False)


@dataclass(slots=True)
class Score:
    """Counts of one entity type: mentions wanted, of these found, findings made, of these right."""

    wanted: int = 0
    hits: int = 0
    found: int = 0
    right: int = 0
    missed: list[Mention] = field(default_factory=list)
    false: list[Mention] = field(default_factory=list)
    judged: bool = True

    @property
    def recall(self) -> float | None:
        return self.hits / self.wanted if self.wanted else None

    @property
    def precision(self) -> float | None:
        return self.right / self.found if self.found and self.judged else None

    @property
    def f1(self) -> float | None:
        if self.recall is None or self.precision is None:
            return None
        both = self.recall + self.precision
        return 2 * self.recall * self.precision / both if both else 0.0

    def add(self, other: "Score") -> None:
        """Pool two scores of one type."""
        self.wanted += other.wanted
        self.hits += other.hits
        if other.judged:
            self.found += other.found
            self.right += other.right


def compare(labelled: Labelled, found: Iterable[Mention]) -> dict[str, Score]:
    """Score of each type of the set. Equal mentions of one unit count once, on both sides."""
    wanted = _by_place(labelled.wanted)
    listed = {one.unit for one in labelled.wanted}
    near = labelled.form != "files"
    everywhere = labelled.form != "files" or labelled.whole
    made = _by_place(one for one in found if one.kind in labelled.kinds and (everywhere or one.unit in listed))
    scores = {kind: Score(judged=kind in labelled.complete) for kind in sorted(labelled.kinds)}
    for place, mentions in wanted.items():
        others = made.get(place, {}) | made.get((place[0], ALSO_AS.get(place[1], "")), {})
        score = scores[place[1]]
        for key, mention in mentions.items():
            hit = any(same(place[1], key, other, near) for other in others)
            score.wanted += 1
            score.hits += hit
            if not hit:
                score.missed.append(mention)
    for place, findings in made.items():
        score, others = scores[place[1]], wanted.get(place, {})
        wholes = wanted.get((place[0], WITHIN.get(place[1], "")), {})
        for key, finding in findings.items():
            right = any(same(place[1], other, key, near) for other in others)
            right = right or any(_part(key, whole) for whole in wholes)
            score.found += 1
            score.right += right
            if not right:
                score.false.append(finding)
    return scores


def _by_place(mentions: Iterable[Mention]) -> dict[tuple[str, str], dict[str, Mention]]:
    places: dict[tuple[str, str], dict[str, Mention]] = {}
    for one in mentions:
        places.setdefault((one.unit, one.kind), {})[plain(one.value)] = one
    return places


def same(kind: str, wanted: str, found: str, near: bool) -> bool:
    """Whether what was found is what was wanted, both as plain() gives them.

    `near`: they stand in one text or cell, so that a word which both have is the same word.
    """
    if not wanted or not found or wanted == found:
        return True
    if kind in EXACT:
        return letters(wanted) == letters(found)
    if kind in NUMBERS:
        one, other = (re.sub(r"\D", "", text) for text in (wanted, found))
        if kind == "PHONE_NUMBER":
            one, other = one.lstrip("0"), other.lstrip("0")
        return min(len(one), len(other)) >= 6 and (one in other or other in one)
    return _part(wanted, found) or _part(found, wanted) or (near and bool(_words(wanted) & _words(found)))


def _part(found: str, whole: str) -> bool:
    return re.sub(r"\W", "", found) in re.sub(r"\W", "", whole)


def plain(value: str) -> str:
    """Lower case, one blank between words."""
    return " ".join(value.replace("\\n", " ").split()).casefold()


def letters(value: str) -> str:
    """Letters and digits, and the marks of an e-mail address."""
    return re.sub(r"[^\w@.+-]|(?<=\d)[ .-](?=\d)", "", value)


def _words(value: str) -> set[str]:
    return {word for word in re.findall(r"\w+", value) if len(word) > 2 and not word.isdigit()}


def cell(row: int, column: int) -> str:
    """Key of a cell; both from 1, the heading is row 1."""
    return f"{row};{column}"


def mentions_of(units: Sequence[Unit], kind: str) -> tuple[Mention, ...]:
    """Each unit as a whole is one mention."""
    return tuple(Mention(unit.key, kind, unit.text) for unit in units)
