"""A share with one invented person in every kind of file that whosedata can erase from, beside somebody else."""

import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
from docx.oxml import OxmlElement
from openpyxl.comments import Comment

NAME, EMAIL, PHONE, BORN = "Peggy Tolliver", "peggy@home.example", "07700 900123", "12/03/1952"
OTHER = ("Ann Fox", "ann@fox.example", "07700 900555", "07/07/1977")
HER = (NAME, EMAIL, PHONE, BORN)
FIELDS = ("Name", "E-mail", "Mobile", "Date of birth")


def table(number: int = 0, line_end: str = "\r\n") -> str:
    """CSV with a row of hers between rows of others, with quoted cells that need no quotes."""
    rows = [",".join(FIELDS), ",".join(OTHER), ",".join(HER), f'"Cy ""C"" Hart","cy{number}@hart.example",,']
    return line_end.join([*rows, ""])


def note(number: int = 0) -> str:
    """Running text."""
    return f"Caf\u00e9 list {number}\r\nClient: {NAME}, {EMAIL}, {PHONE}.\r\nAnn Fox (ann@fox.example) called.\r\n"


def document(number: int = 0) -> str:
    """JSON with indentation, escapes and an order of keys of its own."""
    people = [dict(zip(FIELDS, one, strict=True)) for one in (OTHER, HER)]
    people[0]["note"] = f'caf\u00e9 {number}\n"quoted" / slash'
    return json.dumps({"b": 1, "people": people, "a": [1, 2.50]}, indent=3).replace(" / ", " \\/ ") + "\r\n"


def json_lines(number: int = 0) -> str:
    """JSON lines, one person each."""
    rows = (OTHER, HER, (f"Cy{number} Hart", "cy@hart.example", "", ""))
    people = [dict(zip(FIELDS, one, strict=True)) for one in rows]
    return "".join(json.dumps(one) + "\n" for one in people)


def mail(name: str = NAME, address: str = EMAIL, number: int = 0) -> str:
    """A message that one person sent to the office."""
    return (
        f"From: {name} <{address}>\nTo: Office <office@wren.example>\nDate: Mon, 6 May 2024 10:00:00 +0100\n"
        f"Subject: hall\nMessage-ID: <{number}.{len(name)}@m.example>\n\nPlease ring me.\n{name}\n"
    )


def mailbox(number: int = 0) -> str:
    """Two messages, hers and another's, as mbox."""
    both = (mail(OTHER[0], OTHER[1], number), mail(number=number))
    return "".join(f"From x Mon May  6 10:00:00 2024\n{one}>From here on\n\n" for one in both)


def about(number: int = 0) -> str:
    """Somebody else's message that tells of her: in quoted-printable, with an encoded header; the mail stays."""
    return (
        f"From: Ann Fox <ann@fox.example>\r\nTo: Office <office@wren.example>\r\n"
        f"Subject: =?utf-8?q?Caf=C3=A9_for_Peggy_Tolliver?=\r\nMessage-ID: <about{number}@m.example>\r\n"
        "Date: Mon, 6 May 2024 10:00:00 +0100\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        f"Caf=C3=A9: please ask Peggy Tolliver, who lives next door, or write to peg=\r\n"
        f"gy@home.example, thank you =3D fine.\r\n"
    )


def archive(number: int = 0) -> bytes:
    """A ZIP file with text, table and message, a file of others, and an archive within."""
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as package:
        _put(package, "in.txt", f"{NAME} {EMAIL}\n")
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as package:
        package.comment = b"of the year"
        _put(package, "z-first/other.txt", f"nothing of anybody {number}\n" * 50)
        _put(package, "notes/note.txt", note(number))
        _put(package, "list.csv", table(number))
        _put(package, "m.eml", mail(number=number))
        _put(package, "in.zip", inner.getvalue())
    return outer.getvalue()


def _put(package: zipfile.ZipFile, name: str, content: str | bytes) -> None:
    info = zipfile.ZipInfo(name, (2024, 5, 6, 10, 0, 0))
    info.compress_type = package.compression
    package.writestr(info, content)


def letter(number: int = 0) -> bytes:
    """A letter that names her in runs, header, table, comment, properties, a deletion and a text box."""
    made = docx.Document()
    made.core_properties.author = NAME
    made.core_properties.title = f"Letter {number}"
    first = made.add_paragraph("Client: Peg")
    first.add_run("gy Tolliver").bold = True
    first.add_run(f", mail {EMAIL}")
    made.add_paragraph(f"Ann Fox, {OTHER[2]}, second letter")
    made.sections[0].header.paragraphs[0].text = f"About {NAME}"
    rows = made.add_table(3, 3)
    for place, row in enumerate((FIELDS, OTHER, HER)):
        for column in range(3):
            rows.cell(place, column).text = row[column]
    last = made.add_paragraph("Deleted: ")._p
    for tag in ("w:del", "w:r", "w:delText"):
        inner = OxmlElement(tag)
        last.append(inner)
        last = inner
    last.text = f"ring {PHONE}"
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def workbook(number: int = 0) -> bytes:
    """A workbook with her in a row, a comment, the properties and a link; a formula on other rows."""
    made = openpyxl.Workbook()
    sheet = made.active
    for row in (FIELDS, OTHER, HER, ("Cy Hart", f"cy{number}@hart.example", "", "")):
        sheet.append(row)
    sheet["A2"].comment = Comment(f"ask {NAME} on {PHONE}", "Ann Fox")
    sheet["B3"].hyperlink = f"mailto:{EMAIL}"
    sheet["F2"] = "=LEN(A2)"
    made.properties.creator = NAME
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def database(path: Path, number: int = 0) -> None:
    """A SQLite database with a row of hers."""
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, email TEXT, phone TEXT, born TEXT)")
        rows = [(1 + number, *OTHER), (1000 + number, *HER)]
        base.executemany("INSERT INTO people VALUES (?,?,?,?,?)", rows)
    base.close()


KINDS: dict[str, Callable[[int], str | bytes]] = {
    "note{}.txt": note,
    "list{}.csv": table,
    "data{}.json": document,
    "rows{}.jsonl": json_lines,
    "box{}.mbox": mailbox,
    "Maildir/cur/17000000{}.M1.host:2,S": lambda number: mail(number=number),
    "one{}.eml": about,
    "pack{}.zip": archive,
    "letter{}.docx": letter,
    "book{}.xlsx": workbook,
}


def make_share(share: Path, each: int = 1) -> None:
    """Write `each` files of every kind."""
    for number in range(each):
        for name, make in KINDS.items():
            file = share / name.format(number)
            file.parent.mkdir(parents=True, exist_ok=True)
            content = make(number)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        database(share / f"crm{number}.db", number)
