"""Nothing goes in, a share with each fault of A1 to A15 in a known number comes out, and what an audit must count."""

import base64
import io
import os
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pyzipper

TODAY = date(2026, 11, 26)
DAY = TODAY.isoformat()
OLD, LATE, RECENT = date(2015, 3, 2), date(2026, 2, 3), date(2026, 11, 20)

ROPA = """\
activities:
  - path: office/Clients/**
    activity: Advising clients
    basis: contract
    owner: Ann Example
    retention: 7 years
  - path: office/Staff/**
    activity: Employing staff
    basis: legal obligation
    owner: Jo Example
  - path: office/Sent/**
    activity: Letters
    basis: legitimate interests
    owner: Ann Example
  - path: office/Exports/**
    activity: ""
  - path: office/Till/**
    activity: Taking payments
    basis: contract
    owner: Ann Example
"""
POLICY = """\
[detectors]
settings = { today = "2026-11-26" }
[retention]
keep = "7 years"
cv = "6 months"
[[retention.rules]]
name = "former client"
path = "Clients/Closed/**"
keep = "7 years"
ended = 2019-11-22
[[retention.exempt]]
path = "Staff/CV Nora Vale.txt"
until = 2027-01-31
why = "interview on 12 January"
[audit]
export_people = 5
export_days = 30
"""
TEAM = (("Alma", "Reed"), ("Bram", "Cole"), ("Cleo", "Hart"), ("Dora", "Finch"), ("Egon", "Marsh"), ("Fay", "Lowe"))
# Two numbers and a code; cut down to its last digits, a number may be kept.
TILL = (
    "Name: Cleo Hart\nCard: 4000 0070 2947 2195 exp 12/27 cvv 123\nName: Fay Lowe\n"
    "Card: 5412 7512 3456 7898\nDora Finch paid by card **** **** **** 1881\n"
)
ABROAD = (
    "From: Ann Example <ann@office.example>\nTo: Ravi Anand <ravi@post.in>, Luc Petit <luc@poste.fr>\n"
    "Subject: Hello\nDate: Fri, 20 Nov 2026 10:00:00 +0000\n\nSee you soon.\n"
)
# What an audit must count, in the unit of each check.
EXPECTED = {
    "A1": 3,  # two letters of a former client, one of a client whose end is not known
    "A2": 5,  # Downloads, Exports (two), Loose (two)
    "A3": 2,  # one with the same bytes, one with a row more
    "A4": 2, "A5": 2, "A6": 2, "A7": 2, "A8": 3, "A9": 3, "A10": 1, "A11": 1, "A12": 1, "A13": 1, "A14": 1, "A15": 2,
}  # fmt: skip


def cv(name: str) -> str:
    """A CV of somebody invented."""
    return (
        f"CURRICULUM VITAE\n{name}\n\nPersonal profile\nA careful bookkeeper.\n\nEmployment history\n"
        "2019 - present Bookkeeper, Wren Ltd\n2014 - 2019 Clerk\n\nEducation\nBA Leeds\n\nReferences available on "
        "request\n"
    )


def letter(name: str, mail: str, text: str = "Thank you for coming on Monday.") -> str:
    """A letter to somebody invented."""
    return f"Name: {name}\nEmail: {mail}\n\nDear {name},\n\n{text}\n"


def faulty_share(share: Path) -> None:
    """Write the share; nothing in it is readable by everyone, but what says so."""
    members = "First name,Surname,Email\n" + "".join(
        f"{one},{other},{one.lower()}.{other.lower()}@home.example\n" for one, other in TEAM
    )
    files: dict[str, tuple[str, date]] = {
        # A1: one relationship ended on a known day, of one the end is not known, one is young.
        "Clients/Closed/Vera Stone 1.txt": (letter("Vera Stone", "vera.stone@home.example"), OLD),
        "Clients/Closed/Vera Stone 2.txt": (letter("Vera Stone", "vera.stone@home.example", "Goodbye."), OLD),
        "Clients/Ivo Brook.txt": (letter("Ivo Brook", "ivo.brook@home.example"), OLD),
        "Clients/Kit Dale.txt": (letter("Kit Dale", "kit.dale@home.example"), RECENT),
        # A3: the same bytes again, and the same list with a row more.
        "Clients/Copy of Kit Dale.txt": (letter("Kit Dale", "kit.dale@home.example"), RECENT),
        "Staff/team.csv": (members, RECENT),
        "Staff/team new.csv": (members + "Gus,Nash,gus.nash@home.example\n", RECENT),
        # A4, A5, A6.
        "Staff/absence.csv": (
            "Name,Health condition\nAlma Reed,asthma\nBram Cole,epilepsy\n", RECENT,
        ),
        "Staff/checks.txt": ("Egon Marsh was convicted of theft in 2009.\n", RECENT),
        "Clients/children.csv": ("Name,DOB\nAmy Dale,26/11/2012\nTom Dale,05/06/2015\n", RECENT),
        # A7: two late, one of them young by name only, one exempt, one in time.
        "Staff/CV Otto Lane.txt": (cv("Otto Lane"), LATE),
        "Staff/CV Pia Wood.txt": (cv("Pia Wood"), LATE),
        "Staff/CV Nora Vale.txt": (cv("Nora Vale"), LATE),
        "Staff/CV Rex Ford.txt": (cv("Rex Ford"), RECENT),
        # A8.
        "Clients/till.txt": (TILL, RECENT),
        # A9: a download, a bin, a file open to everyone that tells more than an address.
        "Downloads/Hugo Blake.txt": (letter("Hugo Blake", "hugo.blake@home.example"), RECENT),
        "Clients/.Trash/Ines Carr.txt": (letter("Ines Carr", "ines.carr@home.example"), RECENT),
        "Staff/open.txt": ("Name: Lara Moss\nNational Insurance number: AB 12 34 56 C\n", RECENT),
        # A10: an old list and a young one, nobody's.
        "Exports/all.csv": (members.replace("home", "list"), LATE),
        "Exports/young.csv": (members.replace("home", "post"), RECENT),
        # A11: beside people, and alone.
        "Staff/logins.csv": ("Name,Email,Password\nJack Penn,jack.penn@home.example,dovecote-Lane-7\n", RECENT),
        "Sent/router.txt": ("Password: dovecote-Lane-8\n", RECENT),
        # A12: one person, two birth dates that differ by a slip.
        "Clients/dob one.csv": ("Name,Email,DOB\nMaud Perry,maud.perry@home.example,12/03/1971\n", RECENT),
        "Clients/dob two.csv": ("Name,Email,DOB\nMaud Perry,maud.perry@home.example,13/03/1971\n", RECENT),
        # A13: a mail to India, and one to France.
        "Sent/abroad.eml": (ABROAD, RECENT),
        # A14: who was erased, and is here again.
        "Loose/Sid Quill.txt": (letter("Sid Quill", "sid.quill@home.example"), RECENT),
        "Loose/Una West.txt": (letter("Una West", "una.west@home.example"), RECENT),
        "Clients/empty.txt": ("Nothing of anybody.\n", RECENT),
    }  # fmt: skip
    for name, (text, day) in files.items():
        write_file(share / name, text.encode(), day)
    (share / "Staff/open.txt").chmod(0o644)
    # A15: a broken archive, and a kind that nobody reads.
    write_file(share / "Clients/broken.zip", b"PK\x03\x04" + bytes(60), RECENT)
    write_file(share / "Clients/locked.zip", _locked(), RECENT)


def write_file(path: Path, content: bytes, day: date) -> None:
    """A file that its group may read, last changed on a day."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o640)
    seconds = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()
    os.utime(path, (seconds, seconds))


def _locked() -> bytes:
    file = io.BytesIO()
    with pyzipper.AESZipFile(file, "w", compression=zipfile.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(base64.b64encode(b"nobody knows"))
        archive.writestr("secret.txt", "text")
    return file.getvalue()
