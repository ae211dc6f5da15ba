"""A seed in, a table of invented people out: families, twins, namesakes, slips of the pen, shared mailboxes.

Public sets hold no households (domain.md 4.6): two people at one address, with one telephone, are what a wrong merge is
made of. Column `person` is the truth.
"""

import random
from collections.abc import Iterator

GIVEN = """
Margaret Susan Emma Zadie Aoife Nia Priya Fatima Ngozi Ewa Mei Shirin Grace Hannah Ruth Sian Kirsty Oluchi
Anita Leila Colin Tom Deepak Rhys Declan Hamish Kwame Piotr Wei Omar George Alan Stuart Neil Gareth Femi
Vikram Yusuf Pavel Iain
"""
SURNAMES = """
Tolliver Quill Okonkwo Patel Smith Jones Marsh Reed Byrne Morgan Kowalski Chen Rahimi Adeyemi Brown Taylor
Fairfax Threlkeld Osei Nowak Begum Hussain Campbell Gallagher Penhaligon Vaughan Sutherland Ogunleye Iyer
Novak
"""
NICK = {
    "Margaret": "Peggy", "Susan": "Sue", "Tom": "Thomas", "Alan": "Al", "Stuart": "Stu", "Colin": "Col",
}  # fmt: skip
Row = dict[str, str]


def planted(seed: int = 7, families: int = 150) -> list[Row]:
    """Rows in mixed order: about nine for each family."""
    rng = random.Random(seed)
    rows = [row for number in range(families) for row in _family(rng, number)]
    rng.shuffle(rows)
    return rows


def _family(rng: random.Random, number: int) -> Iterator[Row]:
    surname = rng.choice(SURNAMES.split())
    home = {"house": str(rng.randint(1, 200)), "postcode": f"WR{rng.randint(10, 98)} {rng.randint(1, 9)}QX"}
    landline = f"01632 960{number % 1000:03d}"
    father, mother, twin, other = rng.sample(GIVEN.split(), 4)
    year = rng.randint(1940, 1975)
    family_mail = f"{surname.lower()}.family{number}@home.example"
    people = [
        (father, surname, _born(rng, year)), (mother, surname, _born(rng, year + 2)),
        (father, surname, _born(rng, year + 30)),  # a son of his father's name
        (twin, surname, (born := _born(rng, year + 33))), (other, surname, born),
    ]  # fmt: skip
    for index, (given, sur, birth) in enumerate(people):
        person = f"{number}.{index}"
        mail = f"{given}.{sur}{number}{index}@mail.example".lower()
        base = {"person": person, "given": given, "surname": sur, "dob": birth, "email": "", "phone": "", **home}
        yield {**base, "email": mail}
        yield {**base, "email": mail, "given": NICK.get(given, given), "dob": ""}
        if index < 2:
            yield {**base, "email": family_mail, "phone": landline}
        elif index == 3:
            yield {**base, "surname": _slip(rng, sur), "email": "", "phone": landline}
    married = rng.choice([one for one in SURNAMES.split() if one != surname])
    yield {"person": f"{number}.4", "given": other, "surname": married, "dob": born, "email": "", "phone": "", **home}
    # A namesake of the mother across town, and a mailbox that everybody in an office reads.
    blank = {"dob": "", "email": "", "phone": "", "house": "", "postcode": ""}
    yield {
        **blank, "person": f"{number}.n", "given": mother, "surname": surname, "house": "1",
        "email": f"{mother}{number}@else.example".lower(), "postcode": f"LS{rng.randint(1, 29)} {rng.randint(1, 9)}AB",
    }  # fmt: skip
    yield {
        **blank, "person": f"{number}.i", "given": rng.choice(GIVEN.split()), "surname": rng.choice(SURNAMES.split()),
        "email": "info@wren.example",
    }  # fmt: skip


def _born(rng: random.Random, year: int) -> str:
    return f"{year}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"


def _slip(rng: random.Random, word: str) -> str:
    at = rng.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1 :]
