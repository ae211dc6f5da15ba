"""Promise 1: all that is held about a person is found, wherever it lies, and nobody else's is certain to be theirs."""

import io
import sqlite3
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from docx import Document
from reportlab.pdfgen.canvas import Canvas

from reports.parquet import open_report
from scanner.home import load_key
from scanner.keys import Keyring
from scanner.plan import make_plan, make_roots
from scanner.run import Run, scan_to_files
from subjects.finding.find import find
from subjects.finding.seeds import make_seed
from subjects.model import Tier

Person = tuple[str, str, str, str]
# Couples under one roof, a father and a son of one name, and a namesake across town.
PEOPLE: tuple[Person, ...] = (
    ("Margaret Tolliver", "margaret.tolliver@home.example", "07700 900101", "12/03/1952"),
    ("George Tolliver", "george.tolliver@home.example", "07700 900102", "02/11/1949"),
    ("Margaret Tolliver", "mags@elsewhere.example", "07700 900103", "30/06/1988"),
    ("Owen Prys", "owen.senior@prys.example", "07700 900104", "05/05/1950"),
    ("Owen Prys", "owen.junior@prys.example", "07700 900105", "09/09/1980"),
    ("Nadia Vaswani", "nadia@vaswani.example", "07700 900106", "17/01/1975"),
    ("Keir Quayle", "keir@quayle.example", "07700 900107", "21/12/1990"),
    ("Carys Hartwell", "carys@hartwell.example", "07700 900108", "08/08/1965"),
)
ITEMS = 7


def table(people: tuple[Person, ...]) -> str:
    return "Name,E-mail,Mobile,Date of birth\n" + "".join(f"{','.join(one)}\n" for one in people)


def line(one: Person) -> str:
    return f"{one[0]}, e-mail {one[1]}, telephone {one[2]}, born on {one[3]}."


def write(share: Path) -> None:
    share.mkdir()
    (share / "members.csv").write_text(table(PEOPLE), encoding="utf-8")
    with (share / "inbox.mbox").open("w", encoding="utf-8") as file:
        for number, one in enumerate(PEOPLE):
            file.write(
                f"From x Mon May  6 10:00:00 2024\nFrom: {one[0]} <{one[1]}>\nTo: Office <office@wren.example>\n"
                f"Subject: visit\nDate: Mon, 6 May 2024 10:0{number}:00 +0100\nMessage-ID: <{number}@m.example>\n\n"
                f"Please ring me on {one[2]}.\n{one[0]}\n\n"
            )
    for number, one in enumerate(PEOPLE):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(
                "form.txt", f"Name: {one[0]}\nE-mail: {one[1]}\nMobile: {one[2]}\nDate of birth: {one[3]}\n"
            )
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "Office <office@wren.example>", "it@wren.example", "form"
        mail.set_content("See the form.")
        mail.add_attachment(packed.getvalue(), maintype="application", subtype="zip", filename="form.zip")
        (share / f"form{number}.eml").write_bytes(mail.as_bytes())
        document = Document()
        document.add_paragraph(line(one))
        document.save(str(share / f"letter{number}.docx"))
        canvas = Canvas(str(share / f"report{number}.pdf"))
        canvas.drawString(60, 700, line(one))
        canvas.save()
        (share / f"note{number}.txt").write_text(f"Client: {line(one)}\n", encoding="utf-8")
    with sqlite3.connect(share / "crm.db") as base:
        base.execute("CREATE TABLE client (id INTEGER PRIMARY KEY, name TEXT, email TEXT, mobile TEXT, dob TEXT)")
        base.executemany("INSERT INTO client (name, email, mobile, dob) VALUES (?,?,?,?)", PEOPLE)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("all")
    write(folder / "share")
    plan = make_plan(make_roots([str(folder / "share")]), {}, values="clear")
    scan_to_files(plan, Run(folder / "r.parquet", folder / "home", "serial"))
    return folder


def places_of(number: int) -> Iterator[str]:
    yield from ("members.csv", "inbox.mbox", "crm.db")
    yield from (f"form{number}.eml", f"letter{number}.docx", f"report{number}.pdf", f"note{number}.txt")


def test_what_is_planted_is_located_and_nobody_elses_is_certain(place: Path) -> None:
    keyring = Keyring(load_key(place / "home"))
    paths = open_report(place / "r.parquet")
    located = planted = 0
    for number, (name, email, phone, born) in enumerate(PEOPLE):
        answer = find(
            paths, make_seed(names=(name,), emails=(email,), phones=(phone,), births=(born,)), keyring, place / "home"
        )
        sure = [hit for hit in answer.hits if hit.tier is Tier.CERTAIN]
        found = {(hit.row["item"].partition("!/")[0], hit.row["entity_type"]) for hit in sure}
        for item in places_of(number):
            for kind in ("PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "DATE_OF_BIRTH"):
                if (item, kind) != ("inbox.mbox", "DATE_OF_BIRTH"):
                    planted += 1
                    located += (item, kind) in found
        theirs = {number_of(hit.row["item"]) for hit in sure} - {None}
        assert theirs <= {number}, "a file of somebody else is certain to be theirs"
        others = [one for at, one in enumerate(PEOPLE) if at != number]
        values = {hit.row["finding_id"] for hit in sure}
        clear = {row["finding_id"]: row["value"] for row in rows(place)}
        assert [clear[one] for one in values if clear[one] in {value for other in others for value in other[1:3]}] == []
    assert planted == len(PEOPLE) * (ITEMS * 4 - 1)
    assert located / planted >= 0.98


def number_of(item: str) -> int | None:
    stem = item.partition("!/")[0].partition(".")[0]
    return int(stem[-1]) if stem[-1].isdigit() else None


def rows(place: Path) -> list[dict[str, object]]:

    found: list[dict[str, object]] = pq.read_table(place / "r.parquet", columns=["finding_id", "value"]).to_pylist()
    return found
