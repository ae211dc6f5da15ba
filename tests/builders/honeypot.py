"""A folder goes in, a share of thirty kinds of files comes out with seventeen values of one invented person in each.

No value stands in the name of a file, a table or a column: those stay readable, so that a finding can be looked up.
"""

import csv
import gzip
import io
import json
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import behind_office
import old_office
import openpyxl
import py7zr
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
from PIL import ExifTags, Image
from reportlab.pdfgen.canvas import Canvas
from stdnum import luhn

_FIRST = ("Zelphine", "Oriel", "Tamsin", "Wilmot", "Isolde", "Peregrine")
_SYLLABLES = ("qua", "vex", "ro", "thim", "bel", "zor", "wyn", "gal", "dru", "fen")
_NINO = "ABCEGHJKLMNPRSTWXYZ"
Person = dict[str, str]


def person(number: int) -> Person:
    """Values of somebody who does not exist; no two people share one."""
    surname = "".join(_SYLLABLES[int(digit)] for digit in f"{number * 7 + 113:03}").capitalize() + "sby"
    first = _FIRST[number % len(_FIRST)]
    card = f"411111{number * 7919 + 100000:09}"
    nhs = next(
        f"{base}{check}" for base in range(943476500 + number * 13, 999999999) if (check := _nhs_check(base)) < 10
    )
    account = f"{31926000 + number * 17}"
    bban = f"WEST123456{account}"
    return {
        "Name": f"{first} {surname}",
        "E-mail": f"{first.lower()}.{surname.lower()}@{surname.lower()}.example",
        "Phone": f"01632 960{number * 3 + 10:03}",
        "Mobile": f"07700 900{number * 5 + 20:03}",
        "National Insurance number": f"{_NINO[number % 19]}{_NINO[(number * 3 + 5) % 19]} {10 + number} {34 + number} {56 + number % 40} C",
        "NHS number": f"{nhs[:3]} {nhs[3:6]} {nhs[6:]}",
        "Card number": card + luhn.calc_check_digit(card),
        "IBAN": f"GB{_iban_check(bban):02}{bban}",
        "Account number": account,
        "Date of birth": f"{1 + number % 28:02}/{1 + number % 12:02}/{1931 + number}",
        "Address": f"{17 + number} {surname} Crescent",
        "Tax reference": f"{1234567890 + number * 97531}",
        "Passport number": f"{512345678 + number * 1357}",
        "IP address": f"203.0.113.{10 + number}",
        "Password": f"Hx!{surname}{number}pw",
        "Remarks": f"she lives with {surname.lower()}itis",
        "Reference": f"zzref{number:03}{surname.lower()}",
    }


def _nhs_check(base: int) -> int:
    total = sum(int(digit) * weight for digit, weight in zip(str(base), range(10, 1, -1), strict=True))
    return (11 - total % 11) % 11


def _iban_check(bban: str) -> int:
    digits = "".join(str(int(sign, 36)) for sign in bban + "GB00")
    return 98 - int(digits) % 97


def letter(one: Person) -> str:
    """All values in prose, each with its label."""
    return (
        f"Dear {one['Name']},\n\n"
        + "\n".join(f"{label}: {value}" for label, value in one.items())
        + "\n\nYours, the office\n"
    )


def rows(one: Person, heading: bool = True) -> list[list[str]]:
    """A table with the values in one row."""
    return [*([list(one)] if heading else []), list(one.values())]


def table(one: Person, mark: str = ",", heading: bool = True) -> bytes:
    """The same as text."""
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerows(rows(one, heading) + [["x"] * len(one)] * 3)
    return out.getvalue().encode()


def mail(one: Person) -> bytes:
    """A message of hers with a table attached."""
    message = EmailMessage()
    message["From"], message["To"] = f"{one['Name']} <{one['E-mail']}>", "office@wren.example"
    message["Subject"], message["Date"] = f"about {one['Reference']}", "Mon, 3 Mar 2025 08:30:00 +0000"
    message.set_content(letter(one))
    message.add_attachment(table(one), maintype="text", subtype="csv", filename="list.csv")
    return message.as_bytes()


def mbox(one: Person) -> bytes:
    """The same in a mailbox."""
    return b"From office Mon Mar  3 08:30:00 2025\n" + mail(one).replace(b"\r\n", b"\n") + b"\n"


def card(one: Person) -> bytes:
    """A vCard."""
    note = letter(one).replace("\n", "\\n")
    return f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{one['Name']}\r\nEMAIL:{one['E-mail']}\r\nTEL:{one['Phone']}\r\nNOTE:{note}\r\nEND:VCARD\r\n".encode()


def calendar(one: Person) -> bytes:
    """An appointment."""
    words = letter(one).replace("\n", "\\n")
    return f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nATTENDEE;CN={one['Name']}:mailto:{one['E-mail']}\r\nDESCRIPTION:{words}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".encode()


def pdf(one: Person) -> bytes:
    """A page."""
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setAuthor(one["Name"])
    for number, line in enumerate(letter(one).splitlines()):
        canvas.drawString(50, 800 - 15 * number, line)
    canvas.save()
    return out.getvalue()


def workbook(one: Person) -> bytes:
    """A sheet."""
    out, book = io.BytesIO(), openpyxl.Workbook()
    for row in rows(one):
        book.active.append(row)
    book.properties.creator = one["Name"]
    book.save(out)
    return out.getvalue()


def database(one: Person) -> bytes:
    """A table of SQLite."""
    base = sqlite3.connect(":memory:")
    columns = ", ".join(f'"{label}" TEXT' for label in one)
    base.execute(f"CREATE TABLE people ({columns})")
    base.execute(f"INSERT INTO people VALUES ({', '.join('?' * len(one))})", list(one.values()))
    base.commit()
    return base.serialize()


def dump(one: Person) -> bytes:
    """A script of SQL."""
    columns = ", ".join(f"`{label}` text" for label in one)
    values = ", ".join("'{}'".format(value.replace("'", "''")) for value in one.values())
    return f"CREATE TABLE `people` ({columns});\nINSERT INTO `people` VALUES ({values});\n".encode()


def columns(one: Person) -> pa.Table:
    """A table of Arrow."""
    return pa.table({label: [value, "x"] for label, value in one.items()})


def written(write: Callable[[pa.Table, io.BytesIO], None]) -> Callable[[Person], bytes]:
    """A file of columns."""

    def make(one: Person) -> bytes:
        out = io.BytesIO()
        write(columns(one), out)
        return out.getvalue()

    return make


def zipped(name: str, make: Callable[[Person], bytes]) -> Callable[[Person], bytes]:
    """A file within a ZIP."""

    def made(one: Person) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, make(one))
            archive.comment = one["Reference"].encode()
        return out.getvalue()

    return made


def tarred(one: Person) -> bytes:
    """A file within a tar."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        info = tarfile.TarInfo("letter.txt")
        info.size = len(letter(one).encode())
        archive.addfile(info, io.BytesIO(letter(one).encode()))
    return out.getvalue()


def seven(one: Person) -> bytes:
    """A file within a 7z."""
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        archive.writestr(table(one), "list.csv")
    return out.getvalue()


def picture(one: Person) -> bytes:
    """A picture with notes."""
    out, notes = io.BytesIO(), Image.Exif()
    notes[ExifTags.Base.Artist], notes[ExifTags.Base.ImageDescription] = one["Name"], letter(one).replace("\n", " ")
    Image.new("RGB", (16, 16)).save(out, "JPEG", exif=notes)
    return out.getvalue()


def _paragraphs(one: Person) -> str:
    return "".join(behind_office.para(line) for line in letter(one).splitlines())


def _cells(one: Person) -> str:
    line = "".join(f"<table:table-cell><text:p>{value}</text:p></table:table-cell>" for value in one.values())
    return f"<office:spreadsheet><table:table table:name='S'><table:table-row>{line}</table:table-row></table:table></office:spreadsheet>"


KINDS: dict[str, Callable[[Person], bytes]] = {
    "a.txt": lambda one: letter(one).encode(),
    "b.csv": table,
    "c.tsv": lambda one: table(one, "\t"),
    "without heading.csv": lambda one: table(one, heading=False),
    "d.html": lambda one: f"<html><body><p>{letter(one)}</p><!-- {one['Reference']} --></body></html>".encode(),
    "e.json": lambda one: json.dumps({"people": [one, {**one, "Name": "x"}]}).encode(),
    "f.jsonl": lambda one: (json.dumps(one) + "\n").encode() * 2,
    "g.xml": lambda one: (
        "<r>" + "".join(f"<v label='{label}'>{value}</v>" for label, value in one.items()) + "</r>"
    ).encode(),
    "h.eml": mail,
    "i.mbox": mbox,
    "j.emlx": lambda one: b"%d\n%b" % (len(mail(one)), mail(one)),
    "k.vcf": card,
    "l.ics": calendar,
    "m.rtf": lambda one: b"{\\rtf1\\ansi " + letter(one).replace("\n", "\\par ").encode() + b"}",
    "n.docx": lambda one: behind_office.word(_paragraphs(one)),
    "o.xlsx": workbook,
    "p.pptx": lambda one: behind_office.slides(
        "".join(behind_office.shape(line) for line in letter(one).splitlines() if line)
    ),
    "q.odt": lambda one: behind_office.odf(
        "text", "".join(f"<text:p>{line}</text:p>" for line in letter(one).splitlines())
    ),
    "r.ods": lambda one: behind_office.odf("spreadsheet", _cells(one)),
    "s.doc": lambda one: old_office.doc(letter(one).replace("\n", "\r")),
    "t.xls": lambda one: old_office.xls(
        {
            "S": [
                old_office.label(row, column, value)
                for row, line in enumerate(rows(one))
                for column, value in enumerate(line)
            ]
        }
    ),
    "u.pdf": pdf,
    "v.db": database,
    "w.sql": dump,
    "x.parquet": written(pq.write_table),
    "y.arrow": written(feather.write_feather),
    "z.zip": zipped("letter.txt", lambda one: letter(one).encode()),
    "za.tar.gz": tarred,
    "zb.gz": lambda one: gzip.compress(table(one)),
    "zc.7z": seven,
    "zd.jpg": picture,
    "ze.zip": zipped("base.db", database),
}


def make_share(folder: Path, kinds: int = len(KINDS)) -> list[str]:
    """Write so many files; gives all values that were put into them."""
    folder.mkdir(parents=True)
    values: list[str] = []
    for number, (name, make) in enumerate(list(KINDS.items())[:kinds]):
        one = person(number)
        (folder / name).write_bytes(make(one))
        values += one.values()
    return values
