"""A seed in, a table of customers and a folder of prose out, with every value that was planted in them; nobody is real.

All sentences are put together here from words; numbers come from ranges kept for drama or tests, or merely pass a
check.
"""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

Planted = tuple[str, str, str]  # file, entity type, normalised value

TYPES = ("EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "IBAN_CODE", "UK_NHS")
HEADING = (
    "customer_id", "full_name", "email", "phone", "nhs_number", "card_number", "iban", "order_no", "created", "amount",
    "notes",
)  # fmt: skip
# Telephone ranges that are kept for drama and that a number library holds for valid.
_RANGES = ("020 7946 0", "0113 496 0", "0118 496 0", "029 2018 0", "0808 157 0", "03069 990")
_FORENAMES = (
    "Ada", "Amir", "Beth", "Carl", "Dana", "Elif", "Finn", "Gita", "Hugo",
    "Iris", "Joan", "Kofi", "Lena", "Marc", "Nina", "Omar", "Petra", "Rhys",
)  # fmt: skip
_SURNAMES = (
    "Ashby", "Bello", "Carne", "Dunmore", "Ekwall", "Farrow", "Gosling", "Harker", "Irons",
    "Juster", "Kestle", "Larkin", "Mistry",
)  # fmt: skip
_WHO = ("The warden", "A driver", "The group", "Our treasurer", "The cook", "A neighbour", "The school", "The council")
_DID = ("opened", "repaired", "visited", "counted", "painted", "closed", "cleaned", "measured", "borrowed", "praised")
_WHAT = (
    "the hall",
    "the kitchen",
    "a minibus",
    "the garden",
    "two boxes of leaflets",
    "the old piano",
    "the notice board",
)
_HOW = (
    "without a word",
    "in a great hurry",
    "with care",
    "for the third time",
    "as agreed",
    "before lunch",
    "in the rain",
)
_WHEN = ("on Monday", "last week", "after the meeting", "in spring", "at dusk", "during the fair", "once more")


@dataclass(slots=True)
class Corpus:
    """A folder that was made: its bytes, what was planted, and the pieces of text to hand to presidio."""

    folder: Path
    size: int = 0
    planted: set[Planted] = field(default_factory=set)
    pieces: list[tuple[str, str]] = field(default_factory=list)  # file, text


def make_table(folder: Path, rows: int, seed: int) -> Corpus:
    """One CSV of customers."""
    rng, corpus = random.Random(seed), Corpus(folder)
    folder.mkdir(parents=True)
    path = folder / "customers.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADING)
        for number in range(rows):
            cells = _row(rng, number, corpus)
            writer.writerow(cells)
            corpus.pieces += [(path.name, cell) for cell in cells if cell]
    corpus.size = path.stat().st_size
    return corpus


def _row(rng: random.Random, number: int, corpus: Corpus) -> list[str]:
    name = f"{rng.choice(_FORENAMES)} {rng.choice(_SURNAMES)}"
    values = dict(_person(rng, name, number))
    note = sentence(rng)
    if number % 10 == 0:
        note += f" Call back on {_plant(corpus, 'customers.csv', 'PHONE_NUMBER', phone(rng))}."
    planted = {kind: _plant(corpus, "customers.csv", kind, value) for kind, value in values.items()}
    return [
        str(100001 + number), name, planted["EMAIL_ADDRESS"], planted["PHONE_NUMBER"], planted["UK_NHS"],
        planted["CREDIT_CARD"], planted["IBAN_CODE"], str(rng.randint(4000000000, 4999999999)),
        str(rng.randint(1600000000, 1790000000)), f"{rng.randint(100, 99999) / 100:.2f}", note,
    ]  # fmt: skip


def make_prose(folder: Path, size: int, seed: int) -> Corpus:
    """Text files of about 6 KB until there are `size` bytes; one paragraph in four holds personal data."""
    rng, corpus = random.Random(seed), Corpus(folder)
    folder.mkdir(parents=True)
    number = 0
    while corpus.size < size:
        number += 1
        name = f"note{number:05}.txt"
        paragraphs = [_paragraph(rng, corpus, name, number * 100 + index) for index in range(14)]
        corpus.pieces += [(name, paragraph) for paragraph in paragraphs]
        raw = ("\n\n".join(paragraphs) + "\n").encode()
        (folder / name).write_bytes(raw)
        corpus.size += len(raw)
    return corpus


def _paragraph(rng: random.Random, corpus: Corpus, file: str, number: int) -> str:
    sentences = [sentence(rng) for _ in range(rng.randint(4, 8))]
    if rng.random() < 0.25:
        name = f"{rng.choice(_FORENAMES)} {rng.choice(_SURNAMES)}"
        kind, value = rng.choice(_person(rng, name, number))
        shown = _plant(corpus, file, kind, value)
        said = {
            "EMAIL_ADDRESS": f"{name} can be reached at {shown}.",
            "PHONE_NUMBER": f"Please ring {name} on {shown} tomorrow.",
            "CREDIT_CARD": f"{name} paid by card {shown}.",
            "IBAN_CODE": f"The refund goes to {name}, IBAN {shown}.",
            "UK_NHS": f"{name} gave the NHS number {shown}.",
        }
        sentences.insert(rng.randrange(len(sentences)), said[kind])
    return " ".join(sentences)


def sentence(rng: random.Random) -> str:
    """One of several ten thousand harmless sentences."""
    words = f"{rng.choice(_WHO)} {rng.choice(_DID)} {rng.choice(_WHAT)} {rng.choice(_HOW)} {rng.choice(_WHEN)}"
    return f"{words} and spent {rng.randint(2, 90)} pounds." if rng.random() < 0.2 else f"{words}."


def _person(rng: random.Random, name: str, number: int) -> list[tuple[str, str]]:
    forename, surname = name.lower().split()
    return [
        ("EMAIL_ADDRESS", f"{forename}.{surname}{number}@example.{rng.choice(('org', 'com', 'net'))}"),
        ("PHONE_NUMBER", phone(rng)),
        ("CREDIT_CARD", _grouped(rng, _card(rng), (4, 4, 4, 4))),
        ("IBAN_CODE", _grouped(rng, _iban(rng), (4, 4, 4, 4, 4, 2))),
        ("UK_NHS", _grouped(rng, _nhs(rng), (3, 3, 4))),
    ]


def phone(rng: random.Random) -> str:
    """A number of the drama ranges, as at home or with the prefix for calls from abroad."""
    number = f"{rng.choice(_RANGES)}{rng.randint(0, 999):03}"
    return f"+44 {number[1:]}" if rng.random() < 0.3 else number


def _card(rng: random.Random) -> str:
    digits = f"400000{rng.randint(0, 999999999):09}"
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(digits))
    return digits + str(-total % 10)


def _nhs(rng: random.Random) -> str:
    while True:
        digits = f"{rng.choice(('485', '999', '943'))}{rng.randint(0, 999999):06}"
        check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return digits + str(check % 11)


def _iban(rng: random.Random) -> str:
    body = f"WEST123456{rng.randint(10000000, 99999999)}"
    return f"GB{98 - int(''.join(str(int(char, 36)) for char in body + 'GB00')) % 97:02}{body}"


def _grouped(rng: random.Random, value: str, groups: tuple[int, ...]) -> str:
    return " ".join(_cut(value, groups)) if rng.random() < 0.5 else value


def _cut(value: str, groups: tuple[int, ...]) -> Iterator[str]:
    start = 0
    for length in groups:
        yield value[start : start + length]
        start += length


def _plant(corpus: Corpus, file: str, kind: str, value: str) -> str:
    corpus.planted.add((file, kind, normalise(kind, value)))
    return value


def normalise(kind: str, value: str) -> str:
    """One spelling for each value, so that what two programs found can be compared."""
    if kind == "EMAIL_ADDRESS":
        return value.casefold()
    if kind == "PHONE_NUMBER":
        digits = "".join(char for char in value if char.isdigit())
        return digits.removeprefix("0044").removeprefix("44").removeprefix("0")
    return "".join(char for char in value if char.isalnum()).upper()
