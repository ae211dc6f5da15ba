"""A seed in, invented British papers out, each as pieces of text with what they are: the templates filled in."""

import random
import re
from collections.abc import Callable
from typing import NamedTuple

from detectors.name_things import may_be_somebody
from detectors.name_words import known_things, namesakes
from training.names.people import Person, Pool, somebody
from training.names.sentences import lists, papers, sentences, shapes

OTHER, GIVEN, SURNAME, TITLE, FIRM, STREET, PLACE = range(7)
_THINGS = frozenset({
    "charity", "pub", "product", "ship", "storm", "thing", "software", "work", "bank", "shop", "drink", "food",
    "season", "club", "prize", "illness_known", "science", "paper", "building", "lake",
})  # fmt: skip
BESIDE = 0.4  # share of sentences that are among things which sound like people
# Share of casts with somebody who is called like a thing, "Laura Ashley from payroll"; half of them as many are.
NAMESAKES = 0.4
# "{1f}" is somebody, "{shop}" an entry of a list. The template itself may name a thing, "«Travis Perkins»", or
# somebody, "‹Will Page›", "‹g:Grace›" by forename, "‹s:Lake›" by surname.
_SLOT = re.compile(r"\{(\d?)([a-zA-Z_]+)\}|«([^»]+)»|‹(?:([gs]):)?([^›]+)›")


class Mark(NamedTuple):
    """A stretch of a text and what it is."""

    start: int
    end: int
    kind: int


class Page:
    """A text that grows piece by piece, with its marks."""

    def __init__(self) -> None:
        self.text = ""
        self.marks: list[Mark] = []

    def add(self, piece: str, kind: int = OTHER) -> None:
        """Append a piece."""
        if kind:
            self.marks.append(Mark(len(self.text), len(self.text) + len(piece), kind))
        self.text += piece


class Inventor:
    """Fills templates in, from one stream of chance."""

    def __init__(self, pool: Pool, seed: int) -> None:
        self.pool, self.rng = pool, random.Random(seed)
        self.lists = lists()
        self.people, self.nobody = sentences("sentences.txt")
        self.beside, self.things = sentences("things.txt")
        self.prose, self.prose_of_things = sentences("prose.txt")
        self.shapes, self.papers = shapes(), papers()
        self.namesakes = _namesakes(self.lists)
        self.many_bear = tuple(Person(*name.title().split()) for name in sorted(namesakes()) if name.count(" ") == 1)

    def pick(self, kind: str) -> str:
        """One entry of a list."""
        return self.rng.choice(self.lists[kind])

    def line(self, of_people: bool) -> str:
        """A sentence about people or about nobody, often one in which things sound like people."""
        if self.rng.random() < BESIDE:
            return self.rng.choice(self.beside if of_people else self.things)
        return self.rng.choice(self.people if of_people else self.nobody)

    def sentence(self, of_people: bool) -> str:
        """A sentence of a book, the news, a chat: of no office paper."""
        return self.rng.choice(self.prose if of_people else self.prose_of_things)

    def shape(self, kind: str) -> str:
        """One entry of shapes.txt."""
        return self.rng.choice(self.shapes[kind])

    def cast(self) -> dict[str, Person]:
        """The people of one paper; mostly of different groups."""
        rng = self.rng
        group = rng.randrange(len(self.pool.groups)) if rng.random() < 0.5 else None
        cast = {str(number): somebody(self.pool, rng, group) for number in range(10)}
        if rng.random() < NAMESAKES:
            cast[str(rng.randint(1, 3))] = rng.choice(self.namesakes if rng.random() < 0.5 else self.many_bear)
        return cast

    def fill(self, page: Page, template: str, cast: dict[str, Person]) -> None:
        """Append a template with its slots filled in."""
        at = 0
        for slot in _SLOT.finditer(template):
            page.add(template[at : slot.start()])
            at = slot.end()
            if slot[3]:
                page.add(slot[3], self.kind(slot[3]))
            elif slot[5]:
                _named(page, slot[5], slot[4])
            else:
                self.slot(page, slot[1], slot[2], cast)
        page.add(template[at:])

    def kind(self, thing: str) -> int:
        """Whether a thing that a template names is a street, a place or anything else."""
        if thing.rsplit(maxsplit=1)[-1] in self.lists["streetend"]:
            return STREET
        return PLACE if thing in self.lists["town"] else FIRM

    def slot(self, page: Page, number: str, kind: str, cast: dict[str, Person]) -> None:
        """Append what one slot stands for."""
        if len(kind) == 1 and number:
            self.name(page, cast[number], kind)
        elif kind in _MAKERS:
            _MAKERS[kind](self, page)
        elif kind == "town":
            page.add(self.town(), PLACE)
        elif kind == "Plant":
            page.add(self.pick("plant").capitalize())
        elif kind in _THINGS:
            page.add(self.pick(kind) if self.rng.random() < 0.5 or kind != "thing" else self.thing(), FIRM)
        else:
            page.add(self.pick(kind))

    def name(self, page: Page, person: Person, form: str) -> None:
        """Append a person in one form: f full, g forename, s surname, t, T with title, i initials, e mail address."""
        rng, given, surname = self.rng, person.given, person.surname
        if form == "f":
            form = rng.choices("fmirRkFu", (70, 7, 5, 4, 2, 2, 6, 2))[0]
        if form in "tT":
            page.add(self.pick("titles"), TITLE)
            page.add(" ")
            form = "s" if form == "t" else rng.choice("ffffim")
        if form == "e":
            joint = rng.choice((".", "", "_"))
            mailbox = rng.choice((f"{given}{joint}{surname}", f"{given[0]}{surname}", given)).lower()
            page.add(re.sub(r"[^\w.@]", "", mailbox) + rng.choice(("@example.org", "@example.co.uk", "@example.com")))
        elif form in "rR":
            page.add(surname.upper() if form == "R" or rng.random() < 0.5 else surname, SURNAME)
            page.add(rng.choice((", ", ", ", " ")) if form == "R" else ", ")
            page.add(given, GIVEN)
        elif form == "s":
            page.add(surname, SURNAME)
        elif form == "g":
            page.add(given, GIVEN)
        elif person.turned and form in "fF":
            page.add(surname, SURNAME)
            page.add(" ")
            page.add(given, GIVEN)
        else:
            self._forward(page, given, surname, form)

    def _forward(self, page: Page, given: str, surname: str, form: str) -> None:
        rng, letters = self.rng, "ABCDEFGHJKLMNPRSTW"
        if form == "i":
            page.add(rng.choice((f"{given[0]}.", given[0], f"{given[0]}.{rng.choice(letters)}.")), GIVEN)
        else:
            page.add(given.upper() if form == "u" else given, GIVEN)
        page.add(" ")
        if form == "m":
            middle = rng.choice((f"{rng.choice(letters)}.", rng.choice(letters), rng.choice(self.pool.groups[0][1])))
            page.add(middle, GIVEN)
            page.add(" ")
        page.add(surname.upper() if form in "uk" else surname, SURNAME)

    def town(self) -> str:
        """A town, one in four of which nobody has heard of."""
        if self.rng.random() < 0.75:
            return self.pick("town")
        person = somebody(self.pool, self.rng)
        root = re.sub(r"[aeiouy]+$", "", person.surname.partition("-")[0]) or "Mar"
        forms = (
            f"{root}{self.pick('townend')}",
            f"{root}{self.pick('townend')}",
            f"{self.pick('townhead')} {person.surname}",
            f"{self.pick('townhead')} {person.given}",
            f"{root}{self.pick('townend')}, {self.pick('country')}",
            f"{root}{self.pick('townend')}-{self.pick('townhead')}",
            self.pick("country"),
        )
        return self.rng.choice(forms)

    def thing(self) -> str:
        """A street, a firm, a school, a prize that bears somebody's name."""
        person, end = somebody(self.pool, self.rng), self.pick("things_behind")
        if self.rng.random() < 0.35:
            return self.rng.choice(
                (
                    f"{self.pick('things_before')} {self.rng.choice((person.given, person.surname))}",
                    f"{person.given} {person.surname} {self.pick('goods')}",
                    f"{person.surname} {self.pick('goods')}",
                    f"{person.surname}'s {self.pick('illness')}",
                )
            )
        forms = (
            f"{person.given} {person.surname} {end}",
            f"{person.surname} {end}",
            f"{person.given} {end}",
            f"the {person.surname} {end}",
            f"{person.surname}'s {end}",
            f"St {person.given}'s {end}",
        )
        return self.rng.choice(forms)

    def firm(self) -> str:
        """A firm, mostly one that is called after people."""
        rng, (one, two, three) = self.rng, (somebody(self.pool, self.rng) for _ in range(3))
        if rng.random() < 0.35:
            return self.pick("firm")
        end = self.pick("firmend")
        forms = (
            f"{one.surname} {end}",
            f"{one.surname} & {two.surname} {end}",
            f"{one.surname} and {two.surname} {end}",
            f"{one.given} {one.surname} {end}",
            f"{one.surname} {two.surname} {end}",
            f"{one.surname} & {two.surname}",
            f"{one.surname}, {two.surname} & {three.surname}",
            f"{one.surname} Bros",
            f"{one.given}'s {end}",
            f"{self.pick('town')} {end}",
            f"{self.pick('noun').title()} {end}",
            f"{self.pick('streetname')} {self.pick('noun').title()} {end}",
            f"{one.surname} {two.surname} LLP",
        )
        return rng.choice(forms)

    def street(self) -> str:
        """A street with its kind."""
        name = self.pick("streetname") if self.rng.random() < 0.6 else somebody(self.pool, self.rng).surname
        return f"{name} {self.pick('streetend')}"


def _named(page: Page, name: str, part: str | None) -> None:
    """Somebody whom the template names: in full, or by one `part` of the name, g or s."""
    words = name.split(" ")
    for number, word in enumerate(words):
        last = number == len(words) - 1
        page.add(" " if number else "")
        page.add(word, SURNAME if part == "s" or (last and part != "g") else GIVEN)


def _namesakes(lists: dict[str, list[str]]) -> tuple[Person, ...]:
    """People who are called like a thing of the lists or of the rules: a forename and a surname."""
    things = [one for kind in sorted(_THINGS) for one in lists[kind]] + [one.title() for one in sorted(known_things())]
    pairs = {tuple(one.split()) for one in things}
    known = sorted(pair for pair in pairs if pair[0][:1].isupper() and may_be_somebody(pair))
    return tuple(Person(given, surname) for given, surname in known)


def _firm(inventor: Inventor, page: Page) -> None:
    page.add(inventor.firm(), FIRM)


def _street(inventor: Inventor, page: Page) -> None:
    page.add(inventor.street(), STREET)


def _abroad(inventor: Inventor, page: Page) -> None:
    """An address in a country whose streets have names that no list has."""
    rng, name = inventor.rng, somebody(inventor.pool, inventor.rng)
    root = inventor.town().split()[-1]
    shown = rng.choice(
        (
            f"{inventor.pick('roadhead')} {name.surname}",
            f"{root}{inventor.pick('roadend')}",
            f"{inventor.pick('roadhead')} {name.given} {name.surname}",
            f"{name.surname} {inventor.pick('streetend')}",
            f"{root} {inventor.pick('streetend')}",
        )
    )
    number = rng.randint(1, 999)
    page.add(f"{number} " if rng.random() < 0.6 else "")
    page.add(shown, STREET)
    page.add(f" {number}" if rng.random() < 0.3 else "")
    page.add(rng.choice(("", "", f", Apt. {number}", f" Suite {number}", f"\nApt. {number}")))
    joint = rng.choice((", ", "\n", " ", "\n "))
    page.add(joint)
    town = inventor.town()
    page.add(town.upper() if rng.random() < 0.25 else town, PLACE)
    state = "".join(rng.choices("ABCDEFGHIKLMNOPRSTUVW", k=2))
    page.add(rng.choice(("", f", {state}", f", {state} {rng.randint(1000, 99999)}", f" {rng.randint(1000, 99999)}")))
    if rng.random() < 0.6:
        page.add(joint)
        page.add(inventor.pick("country"), PLACE)


def _address(inventor: Inventor, page: Page) -> None:
    rng = inventor.rng
    if rng.random() < 0.3:
        _abroad(inventor, page)
        return
    if rng.random() < 0.3:
        page.add(inventor.pick("house"), STREET)
        page.add(", ")
    page.add(f"{rng.randint(1, 240)} ")
    page.add(inventor.street(), STREET)
    joint = rng.choice((", ", ", ", "\n"))
    page.add(joint)
    page.add(inventor.pick("town"), PLACE)
    if rng.random() < 0.7:
        code = f"{rng.choice(('LS', 'M', 'B', 'SW', 'NE', 'CF', 'G', 'EH', 'BT'))}{rng.randint(1, 20)}"
        page.add(joint if rng.random() < 0.5 else " ")
        page.add(f"{code} {rng.randint(1, 9)}{rng.choice('ABDEFG')}{rng.choice('HJLN')}")


_SCHOOLS = (
    "Primary School", "High School", "Academy", "College", "Junior School", "CE Primary", "Grammar School", "Nursery",
)  # fmt: skip
_HOSPITALS = ("Hospital", "Infirmary", "Hospice", "Medical Centre", "Surgery", "Care Home")


def _school(inventor: Inventor, page: Page) -> None:
    person, rng = somebody(inventor.pool, inventor.rng), inventor.rng
    full = f"{person.given} {person.surname}"
    patron = rng.choice((f"St {person.given}'s", person.surname, full, inventor.pick("town")))
    page.add(f"{patron} {rng.choice(_SCHOOLS)}", FIRM)


def _hospital(inventor: Inventor, page: Page) -> None:
    pool, rng = inventor.pool, inventor.rng
    saint, town = f"St {somebody(pool, rng).given}'s", inventor.pick("town")
    patron = rng.choice((saint, town, "Queen Elizabeth", "Royal Victoria", somebody(pool, rng).surname))
    page.add(f"{patron} {rng.choice(_HOSPITALS)}", FIRM)


def _ward(inventor: Inventor, page: Page) -> None:
    name = somebody(inventor.pool, inventor.rng).surname
    page.add(f"{inventor.rng.choice((name, 'Nightingale', 'Rose', 'Florence'))} Ward", FIRM)


def _date(inventor: Inventor, page: Page) -> None:
    rng = inventor.rng
    day, month, year = rng.randint(1, 28), inventor.pick("month"), rng.randint(1930, 2026)
    forms = (
        f"{day} {month} {year}",
        f"{day}/{rng.randint(1, 12):02}/{year}",
        f"{day} {month}",
        f"{month} {day}, {year}",
        f"{day}th {month[:3]} {year}",
    )
    page.add(rng.choice(forms))


def _number(low: int, high: int, shape: str = "{}") -> Callable[[Inventor, Page], None]:
    return lambda inventor, page: page.add(shape.format(inventor.rng.randint(low, high)))


def _borrowed(shape: str) -> Callable[[Inventor, Page], None]:
    """A thing that is called like somebody and like nothing on a list: only the words around it tell."""

    def add(inventor: Inventor, page: Page) -> None:
        person = somebody(inventor.pool, inventor.rng)
        page.add(shape.format(given=person.given, surname=person.surname), FIRM)

    return add


_MAKERS: dict[str, Callable[[Inventor, Page], None]] = {
    "xf": _borrowed("{given} {surname}"),
    "xg": _borrowed("{given}"),
    "xs": _borrowed("{surname}"),
    "firm": _firm,
    "street": _street,
    "address": _address,
    "school": _school,
    "hospital": _hospital,
    "ward": _ward,
    "date": _date,
    "year": _number(1850, 2026),
    "small": _number(2, 60),
    "age": _number(18, 99),
    "number": _number(100, 99_999_999),
    "amount": _number(5, 90_000, "£{:,}"),
    "phone": _number(100_000, 999_999, "01632 {}"),
    "time": lambda inventor, page: page.add(
        inventor.rng.choice(("9am", "10.30", "2pm", "14:15", "noon", "half past 3"))
    ),
    "ref": _number(1000, 999_999, "REF/{}"),
}
