"""A seed in, the invented people of the sample charity out: nobody here exists, and no number here was ever issued.

Phones lie in the ranges that Ofcom keeps for drama, addresses of mail under example.org and .example, cards are the
published test numbers and a few that merely pass the check, every other NHS number starts with 999 (kept for tests),
postcodes lie in districts that do not exist, bank accounts belong to a sort code of the published test vectors.
"""

import random
from dataclasses import dataclass

SEED = 20260401
ORGANISATION = "Wren Valley Family Support"
DOMAIN = "wrenvalley.example"
OFFICE_PHONE = "01632 960100"
OFFICE_ADDRESS = "4 Mill Yard, Wrenford, WR63 4AA"
TEST_CARDS = (
    "4111111111111111",
    "5555555555554444",
    "2223003122003222",
    "378282246310005",
    "4012888888881881",
    "5105105105105100",
)


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person. `household` is shared by people at one address."""

    id: str
    forename: str
    surname: str
    born: str
    email: str
    mobile: str
    landline: str
    street: str
    town: str
    postcode: str
    household: str
    nino: str
    nhs: str
    utr: str
    sort_code: str
    account: str
    iban: str
    card: str
    nickname: str = ""

    @property
    def name(self) -> str:
        """Forename and surname."""
        return f"{self.forename} {self.surname}"

    @property
    def address(self) -> str:
        """The address on one line."""
        return f"{self.street}, {self.town}, {self.postcode}"


# id, forename, surname, born, local part of the e-mail address (at example.org without an @), household, nickname
_ROSTER = (
    # A family of four at one address with one landline; the children are under 18.
    ("p01", "Grace", "Okafor", "1981-06-14", "grace.okafor", "h1", ""),
    ("p02", "Emeka", "Okafor", "1979-02-03", "okafor.family", "h1", ""),
    ("p03", "Chidi", "Okafor", "2012-09-21", "", "h1", ""),
    ("p04", "Amara", "Okafor", "2012-09-21", "", "h1", ""),  # Chidi's twin
    # Father and son of the same name at one address.
    ("p05", "John", "Barnstable", "1948-11-30", "j.barnstable", "h2", ""),
    ("p06", "John", "Barnstable", "1975-05-08", "johnny.barnstable", "h2", "Johnny"),
    # Two women of the same name in different towns.
    ("p07", "Sarah", "Whitcombe", "1990-01-17", "sarah.whitcombe", "h3", ""),
    ("p08", "Sarah", "Whitcombe", "1967-08-25", "s.whitcombe67", "h4", ""),
    # Known by a nickname, and by a name from before her marriage.
    ("p09", "Margaret", "Tolliver", "1952-03-12", "peggy.tolliver", "h5", "Peggy"),
    ("p10", "Elizabeth", "Hargreave", "1986-10-02", "liz.hargreave", "h6", "Liz"),
    # Names from elsewhere, and names that are also words.
    ("p11", "Rajesh", "Patel", "1972-12-19", "rajesh.patel", "h7", ""),
    ("p12", "Siân", "Llewellyn", "1983-04-27", "sian.llewellyn", "h8", ""),
    ("p13", "Niamh", "O'Sullivan", "1994-07-06", "niamh.osullivan", "h9", ""),
    ("p14", "Wojciech", "Kowalczyk", "1988-09-15", "w.kowalczyk", "h10", ""),
    ("p15", "Mei", "Zhang", "1999-02-11", "mei.zhang", "h11", ""),
    ("p16", "Robin", "Field", "1961-05-29", "robin.field", "h12", ""),
    # Staff. They share info@ and each has an address of the charity.
    ("p17", "Helen", "Marchbank", "1970-01-05", "helen.marchbank@wrenvalley.example", "h13", ""),
    ("p18", "Daniel", "Achterberg", "1984-03-23", "daniel.achterberg@wrenvalley.example", "h14", "Dan"),
    ("p19", "Priya", "Raghunathan", "1991-11-11", "priya.raghunathan@wrenvalley.example", "h15", ""),
    ("p20", "Thomas", "Eastgate", "1959-07-31", "thomas.eastgate@wrenvalley.example", "h16", "Tom"),
    # Two flatmates.
    ("p21", "Oluwaseun", "Adeyemi", "1997-06-18", "seun.adeyemi", "h17", "Seun"),
    ("p22", "Callum", "Fairweather", "1996-12-01", "callum.fairweather", "h17", ""),
    ("p23", "Jasmine", "Begum", "2001-08-09", "jasmine.begum", "h18", ""),
    ("p24", "Gordon", "Pettifer", "1944-02-29", "gordon.pettifer", "h19", ""),
)  # fmt: skip
_STREETS = ("Almond Way", "Bishop Lane", "Church Road", "Dovecote Close", "Elm Grove", "Ferry Street", "Garden Terrace")
_TOWNS = (("Wrenford", "WR63"), ("Little Dunmore", "NN63"), ("Port Ashby", "TR63"))
_INWARD = "ABDEFGHJLNPQRSTUWXYZ"  # letters that end a postcode


def make_people(seed: int = SEED) -> dict[str, Person]:
    """All people by id; the same seed gives the same people on every platform."""
    rng = random.Random(seed)
    households = {household: _home(rng) for household in dict.fromkeys(row[5] for row in _ROSTER)}
    people = {}
    for number, (id_, forename, surname, born, mailbox, household, nickname) in enumerate(_ROSTER):
        street, town, postcode, landline = households[household]
        sort_code, account = _bank(rng)
        people[id_] = Person(
            id=id_, forename=forename, surname=surname, born=born, nickname=nickname, household=household,
            email=mailbox if "@" in mailbox or not mailbox else f"{mailbox}@example.org",
            mobile=f"07700 900{101 + number * 7}", landline=landline,
            street=street, town=town, postcode=postcode,
            nino=_nino(rng), nhs=_nhs(rng, "999" if number % 2 else "485"), utr=_utr(rng),
            sort_code=sort_code, account=account, iban=_iban(rng),
            card=TEST_CARDS[number] if number < len(TEST_CARDS) else _card(rng),
        )  # fmt: skip
    return people


def _home(rng: random.Random) -> tuple[str, str, str, str]:
    town, district = rng.choice(_TOWNS)
    postcode = f"{district} {rng.randint(1, 9)}{rng.choice(_INWARD)}{rng.choice(_INWARD)}"
    return f"{rng.randint(2, 98)} {rng.choice(_STREETS)}", town, postcode, f"01632 960{rng.randint(200, 899)}"


def _nino(rng: random.Random) -> str:
    prefix = rng.choice("ABCEHJLMPRSWXY") + rng.choice("ABCEHJLMPRSTWXYZ")
    if prefix in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}:
        prefix = "JG"
    return f"{prefix}{rng.randint(0, 999999):06}{rng.choice('ABCD')}"


def _nhs(rng: random.Random, start: str) -> str:
    while True:
        digits = f"{start}{rng.randint(0, 999999):06}"
        check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return digits + str(check % 11)


def _utr(rng: random.Random) -> str:
    digits = f"{rng.randint(0, 999999999):09}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, (6, 7, 8, 9, 10, 5, 4, 3, 2), strict=True))
    return "21987654321"[total % 11] + digits


def _bank(rng: random.Random) -> tuple[str, str]:
    """Sort code 08-99-99 of the published test vectors, whose accounts pass modulus 10 with these weights."""
    while True:
        account = f"{rng.randint(10000000, 99999999)}"
        if sum(int(digit) * weight for digit, weight in zip(account, (7, 1, 3, 7, 1, 3, 7, 1), strict=True)) % 10 == 0:
            return "08-99-99", account


def _iban(rng: random.Random) -> str:
    body = f"WEST123456{rng.randint(10000000, 99999999)}"
    digits = "".join(str(int(char, 36)) for char in body + "GB00")
    return f"GB{98 - int(digits) % 97:02}{body}"


def _card(rng: random.Random) -> str:
    """A number under the prefix of Visa's own tests that passes the Luhn check."""
    digits = f"400000{rng.randint(0, 999999999):09}"
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(digits))
    return digits + str(-total % 10)
