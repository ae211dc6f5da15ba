"""A seeded random source goes in, invented British identifiers and what only looks like them come out, as people write
them. No number belongs to anybody on purpose: all of them are drawn at random.
"""

import random
import string
import tomllib
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import phonenumbers
from stdnum import luhn
from stdnum.gb import nhs, utr

LAYOUTS = tomllib.loads(Path(__file__).with_name("british_texts.toml").read_text(encoding="utf-8"))
WORDS: dict[str, list[str]] = LAYOUTS["words"]


class Values:
    """Draws values; every method gives one as it would be written, of a form drawn at random."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def pick(self, *choices: str) -> str:
        """One of the choices."""
        return self.random.choice(choices)

    def digits(self, count: int) -> str:
        """Random digits."""
        return "".join(self.random.choices(string.digits, k=count))

    def number(self, low: int, high: int) -> int:
        """A number between two, both included."""
        return self.random.randint(low, high)

    def forename(self) -> str:
        """A forename."""
        return self.pick(*WORDS["forenames"])

    def surname(self) -> str:
        """A surname."""
        return self.pick(*WORDS["surnames"])

    def nino(self) -> str:
        """National Insurance number."""
        while True:
            prefix = self.random.choice("ABCEGHJKLMNOPRSTWXYZ") + self.random.choice("ABCEGHJKLMNPRSTWXYZ")
            if prefix not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}:
                break
        number, suffix = self.digits(6), self.random.choice("ABCD")
        spaced = f"{prefix} {number[:2]} {number[2:4]} {number[4:]} {suffix}"
        return self.pick(
            spaced, spaced, spaced.replace(" ", ""), spaced.replace(" ", "").lower(), f"{prefix}{number} {suffix}"
        )

    def nhs(self) -> str:
        """NHS number."""
        whole = ""
        while not nhs.is_valid(whole):
            whole = self.random.choice("467") + self.digits(9)
        spaced = f"{whole[:3]} {whole[3:6]} {whole[6:]}"
        return self.pick(spaced, spaced, whole, spaced.replace(" ", "-"))

    def utr(self) -> str:
        """Unique taxpayer reference."""
        number = self.digits(9)
        whole = utr.calc_check_digit(number) + number
        return self.pick(whole, f"{whole[:5]} {whole[5:]}") if whole[0] != "0" else self.utr()

    def card(self) -> str:
        """Payment card."""
        prefix, length = self.random.choice(
            [("4", 16), ("51", 16), ("54", 16), ("2223", 16), ("2655", 16), ("37", 15), ("6011", 16), ("6759", 16)]
        )
        body = prefix + self.digits(length - len(prefix) - 1)
        pan = body + luhn.calc_check_digit(body)
        cuts = [4, 10, 15] if length == 15 else [4, 8, 12, 16]
        groups = [pan[start:end] for start, end in zip([0, *cuts], cuts, strict=False)]
        return self.pick(pan, " ".join(groups), " ".join(groups), "-".join(groups))

    def sort_code(self) -> str:
        """Sort code with dashes."""
        code = self.pick("20", "30", "40", "60", "77", "09", "23", "04", "16", "83") + self.digits(4)
        return f"{code[:2]}-{code[2:4]}-{code[4:]}"

    def account(self) -> str:
        """Account number."""
        return self.digits(8)

    def iban(self) -> str:
        """British IBAN."""
        bank = self.pick("NWBK", "BARC", "LOYD", "MIDL", "HBUK") + self.sort_code().replace("-", "") + self.account()
        number = "".join(str(int(char, 36)) for char in bank + "GB00")
        whole = f"GB{98 - int(number) % 97:02}{bank}"
        spaced = " ".join(whole[start : start + 4] for start in range(0, len(whole), 4))
        return self.pick(whole, spaced, spaced, whole.lower())

    def postcode(self) -> str:
        """Postcode."""
        area = self.pick(*WORDS["areas"])
        inward = self.random.choice(string.digits) + "".join(self.random.choices("ABDEFGHJLNPQRSTUWXYZ", k=2))
        whole = f"{area}{self.random.randint(1, 28)} {inward}"
        return self.pick(whole, whole, whole, whole.replace(" ", ""), whole.lower())

    def phone(self) -> str:
        """Telephone number that is in the numbering plan."""
        while True:
            written = self._mobile() if self.random.random() < 0.5 else self._landline()
            number = phonenumbers.parse(written.partition(" ext")[0], "GB")
            if phonenumbers.is_valid_number(number):
                return written

    def _mobile(self) -> str:
        rest = "7" + self.pick("4", "5", "7", "8", "9") + self.digits(8)
        return self.pick(
            f"0{rest[:4]} {rest[4:]}", f"0{rest[:4]} {rest[4:7]} {rest[7:]}", f"0{rest}", f"+44 {rest[:4]} {rest[4:]}",
            f"+44{rest}", f"0044 {rest[:4]} {rest[4:]}", f"+44 (0){rest[:4]} {rest[4:]}", f"0{rest[:4]}-{rest[4:]}",
        )  # fmt: skip

    def _landline(self) -> str:
        code = self.pick(*WORDS["codes"])
        local = self.random.choice("2345678") + self.digits(10 - len(code))
        front, back = local[: len(local) // 2], local[len(local) // 2 :]
        return self.pick(
            f"{code} {local}", f"({code}) {local}", f"{code} {front} {back}", f"{code}-{local}", f"{code}{local}",
            f"+44 {code[1:]} {front} {back}", f"+44 (0) {code[1:]} {local}", f"{code} {local} ext {self.digits(3)}",
            f"({code}) {front} {back}", f"{code}.{front}.{back}",
        )  # fmt: skip

    def email(self) -> str:
        """E-mail address at an example or internal domain."""
        name, surname = self.forename().lower(), self.surname().lower()
        local = self.pick(
            f"{name}.{surname}",
            f"{name[0]}{surname}",
            f"{name}_{surname}{self.random.randint(1, 99)}",
            f"{name}+news",
            f"{surname.upper()}.{name[0].upper()}",
        )
        domain = self.pick(
            "wren.example", "mail.example.org", "example.co.uk", "charity.local", "ad.internal", "files.lan"
        )
        return f"{local}@{domain}"

    def birth(self) -> str:
        """Date of birth."""
        born = date(1930, 1, 1) + timedelta(days=self.random.randint(0, 34_000))
        return self.pick(
            f"{born:%d/%m/%Y}", f"{born:%d/%m/%Y}", f"{born.day} {born:%B %Y}", f"{born:%Y-%m-%d}", f"{born:%d.%m.%Y}",
            f"{born:%d-%b-%Y}", f"{born.day}th {born:%B}, {born:%Y}", f"{born:%d/%m/%y}",
            f"{born.day}/{born.month}/{born.year}",
        )  # fmt: skip

    def licence(self) -> str:
        """Driver number."""
        born = date(1950, 1, 1) + timedelta(days=self.random.randint(0, 20_000))
        month = born.month + self.random.choice([0, 50])
        whole = (
            f"{self.surname().upper()[:5].ljust(5, '9')}{born.year % 100 // 10}{month:02}{born.day:02}{born.year % 10}"
        )
        whole += (
            self.pick("AB", "J9", "SM") + self.random.choice("9876") + "".join(self.random.choices("ABDEFGHIJKL", k=2))
        )
        return self.pick(whole, f"{whole[:5]} {whole[5:11]} {whole[11:]}", f"{whole} {self.random.randint(10, 60)}")

    def street(self) -> str:
        """House and street, perhaps with a flat or a name."""
        number, road, house = self.number, self.pick(*WORDS["streets"]), self.pick(*WORDS["houses"])
        plain = f"{number(1, 240)} {road}"
        return self.pick(
            plain, plain, plain, f"Flat {number(1, 30)}, {plain}", f"Unit {number(1, 9)}, {plain}", f"{house}, {road}",
            f"{number(1, 99)}{self.pick('a', 'B')} {road}", f"{number(1, 4)}F{number(1, 3)}, {plain}",
            f"{number(0, 3)}/{number(1, 3)}, {plain}", f"Apartment {number(1, 60)}, {house}, {plain}",
        )  # fmt: skip

    def town(self) -> str:
        """Town."""
        return self.pick(*WORDS["towns"])

    def address(self) -> str:
        """Address on one line."""
        pieces = [self.street(), self.town()]
        if self.random.random() < 0.3:
            pieces.append(self.pick(*WORDS["counties"]))
        post = self.postcode().upper()
        joined = ", ".join(pieces)
        return self.pick(f"{joined}, {post}", f"{joined} {post}")

    def lines(self) -> str:
        """Address on several lines."""
        return "\n".join([self.street().replace(", ", "\n"), self.town(), self.postcode().upper()])


def _luhn_imei(values: Values) -> str:
    body = "35" + values.digits(12)
    return body + luhn.calc_check_digit(body)


# What only looks like personal data.
DECOYS: dict[str, Callable[[Values], str]] = {
    "order": lambda v: v.pick(v.digits(10), v.digits(8), v.digits(16), f"ORD-{v.digits(10)}", v.digits(6)),
    "invoice": lambda v: v.pick(f"INV{v.digits(8)}", v.digits(10), f"{v.digits(3)} {v.digits(3)} {v.digits(4)}"),
    "epoch": lambda v: str(1_600_000_000 + v.random.randint(0, 170_000_000)),
    "epoch_ms": lambda v: str(1_600_000_000_000 + v.random.randint(0, 170_000_000_000)),
    "imei": _luhn_imei,
    "ean": lambda v: "50" + v.digits(11),
    "isbn": lambda v: "978" + v.digits(10),
    "uuid": lambda v: str(uuid.UUID(int=v.random.getrandbits(128), version=4)),
    "hex": lambda v: f"{v.random.getrandbits(160):040x}",
    "sku": lambda v: v.pick(
        f"{v.pick('AB', 'CE', 'JG')}{v.digits(6)}{v.pick('A', 'B')}",
        f"SKU-{v.digits(5)}",
        f"M{v.digits(1)} {v.digits(1)}AA",
        f"E1-{v.digits(4)}",
    ),
    "tracking": lambda v: v.pick(
        f"JD{v.digits(16)}", v.digits(14), v.digits(16), f"{v.pick('RR', 'AB')}{v.digits(9)}GB"
    ),
    "version": lambda v: (
        f"{v.random.randint(0, 20)}.{v.random.randint(0, 30)}.{v.random.randint(0, 99)}.{v.random.randint(0, 9)}"
    ),
    "amount": lambda v: f"{v.random.randint(1, 9999):,}.{v.digits(2)}",
    "day": lambda v: (date(2019, 1, 1) + timedelta(days=v.random.randint(0, 2700))).strftime(
        v.pick("%d/%m/%Y", "%Y-%m-%d", "%d %B %Y")
    ),
    "meter": lambda v: v.pick(v.digits(13), v.digits(21), v.digits(10)),
    "room": lambda v: f"room {v.random.randint(1, 300)}",
    "grid": lambda v: f"{v.pick('SP', 'TQ', 'SU')} {v.digits(3)} {v.digits(3)}",
}
