"""A folder and a seed go in, a share of invented people in seven formats comes out, and where each of them stands.

Households share an address and a telephone, father and son a name, namesakes live across town. `Person.places` are
(item, row) pairs; row "" where the whole item is one person's.
"""

import csv
import io
import mailbox
import random
import sqlite3
import zipfile
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

import openpyxl
from reportlab.pdfgen.canvas import Canvas

GIVEN = [
    "Margaret",
    "Zadie",
    "Aoife",
    "Priya",
    "Fatima",
    "Ngozi",
    "Ewa",
    "Shirin",
    "Grace",
    "Hannah",
    "Sian",
    "Kirsty",
    "Colin",
    "Deepak",
    "Rhys",
    "Declan",
    "Hamish",
    "Piotr",
    "Omar",
    "Gareth",
    "Femi",
    "Vikram",
    "Yusuf",
    "Iain",
]
SURNAMES = [
    "Tolliver",
    "Quill",
    "Okonkwo",
    "Patel",
    "Marsh",
    "Reedham",
    "Byrne",
    "Morgan",
    "Kowalski",
    "Rahimi",
    "Adeyemi",
    "Fairfax",
    "Threlkeld",
    "Osei",
    "Nowak",
    "Gallagher",
    "Penhaligon",
    "Vaughan",
    "Sutherland",
]
STREETS = ["Wren Close", "Mill Lane", "High Street", "Church Road", "Station Road"]


@dataclass(slots=True)
class Person:
    """Somebody invented, and where they were put."""

    given: str
    surname: str
    born: str
    email: str
    phone: str
    address: str
    places: set[tuple[str, str]] = field(default_factory=set)

    @property
    def name(self) -> str:
        """Forename and surname."""
        return f"{self.given} {self.surname}"


def invent(rng: random.Random, count: int) -> list[Person]:
    """In fours: a couple of one house, their son of his father's name, and a namesake across town."""
    people: list[Person] = []
    while len(people) < count:
        surname, (father, mother) = rng.choice(SURNAMES), rng.sample(GIVEN, 2)
        number = len(people)
        home = _address(rng)
        phone = f"01632 960{number % 1000:03d}"
        year = rng.randint(1940, 1970)
        people += [
            Person(father, surname, _born(rng, year), f"{father}.{surname}{number}@wren.example".lower(), phone, home),
            Person(mother, surname, _born(rng, year + 1), f"{mother}{number}@finch.example".lower(), phone, home),
            Person(father, surname, _born(rng, year + 28), f"{father[0]}{surname}{number}@mail.example".lower(),
                   f"07700 900{number % 1000:03d}", home),
            Person(mother, surname, _born(rng, year + 9), f"{surname}.{mother}{number}@robin.example".lower(),
                   f"07700 900{(number + 1) % 1000:03d}", _address(rng)),
        ]  # fmt: skip
    return people[:count]


def _address(rng: random.Random) -> str:
    area = rng.choice(("NN", "LS", "WR", "CF"))
    code = f"{area}{rng.randint(1, 29)} {rng.randint(1, 9)}{rng.choice('ABDEFGH')}{rng.choice('JLNPQRS')}"
    return f"{rng.randint(1, 200)} {rng.choice(STREETS)}, Towcester, {code}"


def _born(rng: random.Random, year: int) -> str:
    return f"{rng.randint(1, 28):02d}/{rng.randint(1, 12):02d}/{year}"


def plant(folder: Path, rng: random.Random, people: list[Person]) -> None:
    """Write the share; every person stands once in each format."""
    for write in (_csv, _xlsx, _sqlite, _mbox, _mails, _letters, _forms):
        write(folder, rng, rng.sample(people, len(people)))


def _csv(folder: Path, rng: random.Random, people: list[Person]) -> None:
    for number, group in enumerate((people[::2], people[1::2])):
        with (folder / f"members {number}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter=",;"[number])
            layouts = (["name", "date of birth", "email", "notes"], ["first name", "surname", "address", "mobile"])
            writer.writerow(layouts[number])
            for row, one in enumerate(group, 2):
                cells = ([one.name, one.born, one.email, rng.choice(["", "paid", "left 2020"])],
                         [one.given, one.surname, one.address, one.phone])[number]  # fmt: skip
                writer.writerow(cells)
                one.places.add((f"members {number}.csv", f"row={row}"))


def _xlsx(folder: Path, _rng: random.Random, people: list[Person]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Staff"
    sheet.append(["Surname", "Forename", "DOB", "E-mail address"])
    for row, one in enumerate(people, 2):
        sheet.append([one.surname, one.given, one.born, one.email])
        one.places.add(("staff.xlsx", f"row={row}"))
    book.save(folder / "staff.xlsx")


def _sqlite(folder: Path, _rng: random.Random, people: list[Person]) -> None:
    base = sqlite3.connect(folder / "clients.db")
    base.execute("CREATE TABLE clients (id INTEGER PRIMARY KEY, full_name TEXT, born TEXT, email TEXT, address TEXT)")
    for row, one in enumerate(people, 1):
        day, month, year = one.born.split("/")
        base.execute(
            "INSERT INTO clients VALUES (?,?,?,?,?)",
            (row, one.name, f"{year}-{month}-{day}", one.email, one.address),
        )
        one.places.add(("clients.db", f"row={row}"))
    base.commit()
    base.close()


def _mbox(folder: Path, _rng: random.Random, people: list[Person]) -> None:
    for number, one in enumerate(people):
        box = mailbox.mbox(folder / f"box {number}.mbox")
        for sender in ("Office <office@trust.example>", f"{one.name} <{one.email}>"):
            message = EmailMessage()
            message["From"] = sender
            message["To"] = "Desk <desk@trust.example>"
            message["Subject"] = f"Question {number}"
            message["Message-ID"] = f"<{number}.{sender[0]}@planted.example>"
            message.set_content(f"Hello,\n\nplease send the form again.\n\nBest wishes\n{sender.split()[0]}\n")
            box.add(message)
        box.close()
        one.places.add((f"box {number}.mbox", ""))


def _mails(folder: Path, _rng: random.Random, people: list[Person]) -> None:
    for number, one in enumerate(people):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("form.txt", f"Name: {one.name}\nDate of birth: {one.born}\nAddress: {one.address}\n")
        message = EmailMessage()
        message["From"] = "Scans <scans@trust.example>"
        message["To"] = "office@trust.example"
        message["Subject"] = "A scan"
        message.set_content("See attachment.\n")
        message.add_attachment(packed.getvalue(), maintype="application", subtype="zip", filename="scan.zip")
        (folder / f"scan {number}.eml").write_bytes(message.as_bytes())
        one.places.add((f"scan {number}.eml!/scan.zip!/form.txt", ""))


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def _letters(folder: Path, _rng: random.Random, people: list[Person]) -> None:
    for number, one in enumerate(people):
        lines = [
            one.name, *one.address.split(", "), "", f"Dear {one.name},", "Thank you for your gift.",
            f"We hold the e-mail address {one.email} for you.", "Yours sincerely", "The Office",
        ]  # fmt: skip
        body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
        document = f'<?xml version="1.0"?><w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
        with zipfile.ZipFile(folder / f"letter {number}.docx", "w") as archive:
            archive.writestr("[Content_Types].xml", _TYPES)
            archive.writestr("_rels/.rels", _RELATIONS)
            archive.writestr("word/document.xml", document)
        one.places.add((f"letter {number}.docx", ""))


def _forms(folder: Path, _rng: random.Random, people: list[Person]) -> None:
    for number, one in enumerate(people):
        page = Canvas(str(folder / f"form {number}.pdf"))
        lines = ("Membership form", f"Name: {one.name}", f"Date of birth: {one.born}", f"Telephone: {one.phone}")
        for at, line in enumerate(lines):
            page.drawString(72, 720 - 24 * at, line)
        page.save()
        one.places.add((f"form {number}.pdf", ""))
