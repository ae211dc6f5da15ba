"""A seed in, invented office papers with the people in them, lines that only sound like people, and columns out.

Names and papers are in parts: "first" and "second" were used in development, "last" was measured at the end of several
trainings, "kept" is by a language model that saw neither the program nor what taught the tagger; it was measured for
two taggers, of which the better was shipped. "wide" fills the papers of "first" and "second" with thirty names and more
of each group and with the places of "second"; its lines that only sound like people are harder.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "office"
_SLOT = re.compile(r"\{(\w+)(?::(\w))?\}")
_TITLES = ("Mr", "Mrs", "Ms", "Miss", "Dr", "Mr", "Mrs", "Ms")


@dataclass(frozen=True, slots=True)
class Paper:
    """A text, the spans of persons without their titles, the form in which each is written, and the group of names."""

    text: str
    people: tuple[tuple[int, int], ...]
    forms: tuple[str, ...]
    group: str


@dataclass(frozen=True, slots=True)
class Person:
    """Forename and surname as they stand in the lists; `turned` for names whose family name is said first."""

    given: str
    surname: str
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one group."""

    group: str
    given: tuple[str, ...]
    surnames: tuple[str, ...]

    def person(self, rng: random.Random) -> Person:
        """Somebody of the group; one in twelve has a double-barrelled surname."""
        surname = rng.choice(self.surnames).replace("Ni-", "Ni ").replace("Mac-", "Mac ").replace("ap-", "ap ")
        surname = re.sub(r"\b(da|de|van|der|dos)-", r"\1 ", surname)
        if rng.random() < 1 / 12 and not set(surname) & set("- "):
            surname += "-" + rng.choice([name for name in self.surnames if not set(name) & set("- ")])
        return Person(rng.choice(self.given), surname, self.group == "chinese" and rng.random() < 0.5)


def groups(part: str) -> list[Names]:
    """The groups of one part."""
    blocks = re.findall(r"^\[(\w+) (\w+)\]\n(.*)\n\| (.*)$", (FOLDER / "names.txt").read_text(encoding="utf-8"), re.M)
    return [Names(name, tuple(a.split()), tuple(b.split())) for name, which, a, b in blocks if which == part]


def papers(part: str, count: int, seed: int = 5) -> list[Paper]:
    """`count` papers; each is of one group of names, one in eight is in small letters and one in eight in capitals."""
    rng, known = random.Random(f"{seed} {part}"), groups(part)
    templates, words = _templates(part), _words(part)
    made = []
    for number in range(count):
        template, names = (
            templates[number % len(templates)],
            known[(number * 7 + number // len(templates)) % len(known)],
        )
        made.append(_cased(_filled(template, names, words, rng), rng.random()))
    return made


def _sources(part: str) -> tuple[str, ...]:
    """The parts whose papers a part has: "wide" fills those of others with names of its own."""
    return ("first", "second") if part == "wide" else (part,)


def _templates(part: str) -> list[str]:
    texts = [(FOLDER / f"papers_{one}.txt").read_text(encoding="utf-8") for one in _sources(part)]
    return [template for text in texts for template in text.split("=====\n")]


def traps(part: str) -> list[str]:
    """Lines without a person, full of what only sounds like one."""
    return (FOLDER / f"trapped_{part}.txt").read_text(encoding="utf-8").splitlines()


def columns(part: str, rows: int = 40, seed: int = 9) -> list[tuple[str, list[tuple[str, bool]]]]:
    """Columns of tables: heading, and cells with whether each is a person."""
    rng, known, words = random.Random(f"{seed} {part}"), groups(part), _words(part)
    people = {"Full name": "f", "Name": "T", "Surname": "s", "First name": "g", "Contact": "f", "Attendee": "r",
              "Column1": "f", "Assigned to": "i", "Case worker": "f", "member": "u", "Signed": "k", "pupil": "R",
              "Responsible": "f", "Who": "g"}  # fmt: skip
    made = []
    for heading, form in people.items():
        cells = [(written(rng.choice(known).person(rng), form, rng), True) for _ in range(rows)]
        made.append((heading, [(text, True) for text, _ in cells]))
    mixed = [(written(rng.choice(known).person(rng), "f", rng), True) for _ in range(rows * 2 // 3)]
    made.append(("Paid to", mixed + [(org, False) for org in words["org"]]))
    for heading, kind in (("Name", "org"), ("Location", "place"), ("Road", "street"), ("Customer", "org")):
        made.append((heading, [(word, False) for word in words[kind]]))
    lines = traps(part)
    made.append(("Description", [(line, False) for line in lines[::3]]))
    made.append(("Notes", [(line, False) for line in lines[1::3]]))
    return made


def written(person: Person, form: str, rng: random.Random) -> str:
    """A name in one form, without title; the letters are those of the papers' slots."""
    given, surname = person.given, person.surname
    full = f"{surname} {given}" if person.turned else f"{given} {surname}"
    initial = given[0]
    forms: dict[str, Callable[[], str]] = {
        "f": lambda: full,
        "T": lambda: full,
        "s": lambda: surname,
        "t": lambda: surname,
        "g": lambda: given,
        "i": lambda: _initialled(initial, surname, rng),
        "r": lambda: rng.choice((f"{surname}, {given}", f"{surname.upper()}, {given}", f"{surname.upper()} {given}")),
        "R": lambda: f"{surname.upper()}, {given}",
        "u": full.upper,
        "k": lambda: f"{given} {surname.upper()}",
        "m": lambda: f"{given} {rng.choice('ABCDEJKLMRST')}. {surname}",
        "n": lambda: f"{given}_{surname}".replace(" ", "_"),
    }  # fmt: skip
    return forms[form]()


def _initialled(first: str, surname: str, rng: random.Random) -> str:
    second = rng.choice("AJMR")
    return f"{rng.choice((f'{first}.', first, first + second, f'{first}.{second}.'))} {surname}"


def _filled(template: str, names: Names, words: dict[str, list[str]], rng: random.Random) -> Paper:
    cast: dict[str, Person] = {}
    text, spans, forms, at = "", [], [], 0
    for slot in _SLOT.finditer(template):
        text += template[at : slot.start()]
        at = slot.end()
        name, form = slot[1], slot[2]
        if form is None:
            text += rng.choice(_TITLES) if name == "title" else rng.choice(words[name])
            continue
        person = cast.setdefault(name.lower(), names.person(rng))
        text += f"{rng.choice(_TITLES)} " if form in "tT" else ""
        shown = written(person, form, rng)
        shown = shown.upper() if name.isupper() and form == "s" else shown
        spans.append((len(text), len(text) + len(shown)))
        forms.append(form)
        text += shown
    return Paper(text + template[at:], tuple(spans), tuple(forms), names.group)


def _cased(paper: Paper, chance: float) -> Paper:
    text = paper.text.lower() if chance < 1 / 8 else paper.text.upper() if chance > 7 / 8 else paper.text
    same = len(text) == len(paper.text)
    form = "lower" if chance < 1 / 8 else "upper"
    return (
        paper
        if not same or text == paper.text
        else Paper(text, paper.people, tuple(form for _ in paper.forms), paper.group)
    )


def _words(part: str) -> dict[str, list[str]]:
    found = re.findall(r"^\[(\w+) (\w+)\]\n(.*)$", (FOLDER / "places.txt").read_text(encoding="utf-8"), re.M)
    return {kind: line.split("|") for kind, which, line in found if which == _sources(part)[-1]}
