"""A seed in, invented people out: of every group of names that lives in the United Kingdom, and rare ones besides."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from detectors.name_lists import look_up, plain
from detectors.name_words import words as listed
from training.names.sentences import FOLDER, lists

HAND = Path(__file__).parents[1] / "names_by_hand.txt"
RARE = 0.25  # share of people whose names are from the long public-domain lists
WORDS = 0.3  # share with a name such as Will or Hill, Everton or Morgan: words, or things of the lists
ACCENTED = 0.05  # share whose names have letters that English lacks
MADE_UP = 0.06  # share whose surname is on no list at all
_ACCENTS = {
    "a": "áàäåâãą", "e": "éèëêęě", "i": "íîï", "o": "öøóôõő", "u": "üúûůű", "n": "ñńň", "c": "çčć", "s": "šśş",
    "z": "žźż", "l": "ł", "r": "ř", "y": "ý", "g": "ğ", "d": "ðđ", "t": "ťţ",
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*\Z")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist."""

    given: str
    surname: str
    turned: bool = False  # the family name is said first


@dataclass(frozen=True, slots=True)
class Pool:
    """Forenames and surnames by group, and the long lists."""

    groups: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
    words_given: tuple[str, ...]  # those that are ordinary words besides
    words_surnames: tuple[str, ...]
    things_given: tuple[str, ...]  # those that things of the lists bear besides
    things_surnames: tuple[str, ...]
    rare_given: tuple[str, ...]
    rare_surnames: tuple[str, ...]


def read_pool(data: Path) -> Pool:
    """The lists by hand by group, and the public-domain ones of `data`/names."""
    text = HAND.read_text(encoding="utf-8")
    given, surnames = (_sections(text, kind) for kind in ("given", "surname"))
    groups = []
    for title, names in given.items():
        others = next((found for other, found in surnames.items() if other[:12] == title[:12]), None)
        if others:
            groups.append((title, tuple(names), tuple(others)))
    ordinary = (FOLDER / "words.txt").read_text(encoding="utf-8")
    things = _words_of_things()
    also = [{name for names in _sections(ordinary, part).values() for name in names} for part in ("given", "surname")]
    every = [sorted({name for group in groups for name in group[part] if _is_word(name)}) for part in (1, 2)]
    return Pool(
        tuple(groups),
        tuple(sorted({*every[0], *also[0]})),
        tuple(sorted({*every[1], *also[1]})),
        tuple(word for word in things if look_up(word).given),
        tuple(word for word in things if look_up(word).surname),
        tuple(_listed(data / "names/smashew_first_names_all.txt")),
        tuple(_listed(data / "names/smashew_surnames_all.txt")),
    )


def somebody(pool: Pool, rng: random.Random, group: int | None = None) -> Person:
    """A person of one group, at random unless it is given."""
    title, given, surnames = pool.groups[rng.randrange(len(pool.groups)) if group is None else group]
    first, last = rng.choice(given), rng.choice(surnames)
    if rng.random() < WORDS:
        which, of_things = rng.random(), rng.random() < 0.35  # "Will Sharp" is both
        first = rng.choice(pool.things_given if of_things else pool.words_given) if which < 0.6 else first
        last = rng.choice(pool.things_surnames if of_things else pool.words_surnames) if which > 0.4 else last
    chance = rng.random()
    if chance < RARE:
        first = rng.choice(pool.rare_given) if rng.random() < 0.5 else first
        last = rng.choice(pool.rare_surnames)
    elif chance < RARE + MADE_UP:
        head, tail = rng.choice(pool.rare_surnames), rng.choice(surnames)
        last = (head[: rng.randint(2, 4)] + tail[-rng.randint(3, 5) :].lower()).strip("-'").capitalize()
    if rng.random() < 1 / 14 and "-" not in last:
        last = f"{last}-{rng.choice(surnames)}"
    if rng.random() < ACCENTED:
        first, last = _accented(first, rng), _accented(last, rng)
    return Person(first, last, title.startswith("China") and rng.random() < 0.5)


def _accented(name: str, rng: random.Random) -> str:
    """The name with one or two of its letters as other languages write them."""
    places = [place for place, letter in enumerate(name) if letter.lower() in _ACCENTS]
    chosen = set(rng.sample(places, min(len(places), rng.choice((1, 1, 2)))))
    letters = [rng.choice(_ACCENTS[letter.lower()]) if place in chosen else letter for place, letter in enumerate(name)]
    return "".join(new.upper() if old.isupper() else new for old, new in zip(name, letters, strict=True))


def _sections(text: str, kind: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    title = ""
    for line in text.partition(f"[{kind}]\n")[2].partition("\n[")[0].splitlines():
        if line.startswith("#"):
            title = line.strip("# ")
        elif title:
            found.setdefault(title, []).extend(name for name in line.split() if len(name) > 1)
    return found


def _words_of_things() -> list[str]:
    """The words with a capital in the names of things that the templates have."""
    named = re.findall(r"«([^»]+)»", (FOLDER / "things.txt").read_text(encoding="utf-8"))
    return sorted({
        word
        for name in [*named, *(entry for entries in lists().values() for entry in entries)]
        for word in name.split()
        if word.istitle() and word.isalpha() and len(word) > 2 and word.lower() not in listed("common")
    })  # fmt: skip


def _is_word(name: str) -> bool:
    lowered = plain(name)
    return look_up(name).word or lowered in listed("common") or lowered in listed("ambiguous")


def _listed(path: Path) -> Sequence[str]:
    lines = (line.strip() for line in path.read_text(encoding="utf-8", errors="replace").splitlines())
    return sorted(
        {line.capitalize() if line.isupper() else line for line in lines if _WORD.match(line) and len(line) > 2}
    )
