"""Contacts (vCard) and calendars: one record each person, in every version and encoding; and text that is neither."""

import io
import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.formats.mail import calendar, vcard
from scanner.limits import Budget, Limits
from scanner.model import Child, Part, Segment
from scanner.sniff import media_type

CARDS = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg;;Dr.;
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=B6rg =
M=C3=BCller
TEL;CELL;VOICE:07700 900123
EMAIL;INTERNET:joerg@x.example
NOTE:folded
 at a blank
PHOTO;ENCODING=BASE64;TYPE=JPEG:/9j/4AAQ
 SkZJRg==

END:VCARD
BEGIN:VCARD
VERSION:4.0
N:Lee;Ann;May;;
item1.EMAIL;TYPE="work,pref":mailto:ann@x.example
ADR;TYPE=home:;;10 High St\\, Flat 2;Leeds;;LS1 1AA;UK
ORG:Wren Close;Care
BDAY:19950916
X-SPOUSE:Bob Lee
TEL;VALUE=uri;TYPE="cell":tel:+44-7700-900456
NOTE:one\\nand a very long line that is
  folded
no property at all
UID:urn:uuid:ann@id.example
END:VCARD
"""
EVENTS = """BEGIN:VCALENDAR
VERSION:2.0
X-WR-CALNAME:Diary of Ann
BEGIN:VTIMEZONE
TZID:x
END:VTIMEZONE
BEGIN:VEVENT
UID:1@id.example
DTSTART:20240503T101200Z
ORGANIZER;CN="Lee, Ann":mailto:ann@x.example
ATTENDEE;ROLE=REQ-PARTICIPANT;CN=Bob
  Ray:MAILTO:bob@x.example
ATTENDEE;EMAIL=cy@x.example:urn:uuid:9
SUMMARY:Visit
DESCRIPTION:call 07700 900123\\nor write
LOCATION:10 High St
X-ALT-DESC;FMTTYPE=text/html:<p>by <b>bus</b></p>
ATTACH;ENCODING=BASE64;VALUE=BINARY;X-FILENAME=a.csv:bmFtZQo=
BEGIN:VALARM
DESCRIPTION:Reminder
END:VALARM
END:VEVENT
BEGIN:VTODO
SUMMARY:Ring Di
END:VTODO
END:VCALENDAR
"""


def read(data: bytes) -> list[Part]:
    target = calendar.extract if b"VCALENDAR" in data[:100] else vcard.extract
    return list(target(io.BytesIO(data), Budget(Limits(), len(data))))


def said(data: bytes) -> list[tuple[str, str, str]]:
    return [(p.label, p.text, str(p.where)) for p in read(data) if isinstance(p, Segment)]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_each_card_is_one_record(ends: str) -> None:
    data = CARDS.replace("\n", ends).encode()
    assert media_type(data, "") == "text/vcard"
    assert said(data) == [
        ("Full name", "Jörg Müller", "card=1;property=FN"),
        ("Mobile telephone", "07700 900123", "card=1;property=TEL"),
        ("Email", "joerg@x.example", "card=1;property=EMAIL"),
        ("Note", "folded at a blank", "card=1;property=NOTE"),
        ("Work email", "ann@x.example", "card=2;property=EMAIL"),
        ("Home address", "10 High St, Flat 2, Leeds, LS1 1AA, UK", "card=2;property=ADR"),
        ("Organisation", "Wren Close, Care", "card=2;property=ORG"),
        ("Date of birth", "19950916", "card=2;property=BDAY"),
        ("Spouse", "Bob Lee", "card=2;property=X-SPOUSE"),
        ("Mobile telephone", "+44-7700-900456", "card=2;property=TEL"),
        ("Note", "one\nand a very long line that is folded", "card=2;property=NOTE"),
        ("", "no property at all", "card=2;property=none"),
        ("Surname", "Lee", "card=2;property=N"),
        ("First name", "Ann", "card=2;property=N"),
        ("Middle name", "May", "card=2;property=N"),
    ]
    parts = read(data)
    assert {(p.record, p.role) for p in parts if isinstance(p, Segment)} == {
        ("card=1", "self"), ("card=2", "self"), ("card=2;spouse", "spouse"),
    }  # fmt: skip
    photo = next(p for p in parts if isinstance(p, Child))
    assert (photo.name, photo.open().read()) == ("1-photo.jpeg", b"\xff\xd8\xff\xe0\x00\x10JFIF")


def test_a_card_in_an_old_encoding() -> None:
    data = "BEGIN:VCARD\nVERSION:3.0\nFN:Zoë Büchner\nEND:VCARD\n".encode("cp1252")
    assert [row[1] for row in said(data)] == ["Zoë Büchner"]


def test_people_of_an_event_are_records() -> None:
    data = EVENTS.encode()
    assert media_type(data, "") == "text/calendar"
    assert said(data) == [
        ("Calendar", "Diary of Ann", "property=X-WR-CALNAME"),
        ("Organizer", "Lee, Ann <ann@x.example>", "entry=1;property=ORGANIZER"),
        ("Attendee", "Bob Ray <bob@x.example>", "entry=1;property=ATTENDEE"),
        ("Attendee", "cy@x.example", "entry=1;property=ATTENDEE[2]"),
        ("Subject", "Visit", "entry=1;property=SUMMARY"),
        ("", "call 07700 900123\nor write", "entry=1;property=DESCRIPTION"),
        ("Location", "10 High St", "entry=1;property=LOCATION"),
        ("Alt desc", "by bus", "entry=1;property=X-ALT-DESC"),
        ("", "Reminder", "entry=1;property=DESCRIPTION[2]"),
        ("Subject", "Ring Di", "entry=2;property=SUMMARY"),
    ]
    assert [(p.record, p.role) for p in read(data) if isinstance(p, Segment) and p.role] == [
        ("entry=1;property=ORGANIZER", "from"),
        ("entry=1;property=ATTENDEE", "to"),
        ("entry=1;property=ATTENDEE[2]", "to"),
    ]
    file = next(p for p in read(data) if isinstance(p, Child))
    assert (file.name, file.open().read()) == ("a.csv", b"name\n")


def mutants(data: bytes) -> Iterator[bytes]:
    chance = random.Random(3)
    for _ in range(400):
        changed = bytearray(data)
        for _ in range(chance.choice((1, 3, 12))):
            at = chance.randrange(len(changed))
            changed[at : at + chance.randrange(12)] = bytes(chance.randrange(256) for _ in range(chance.randrange(6)))
        yield bytes(changed)


@pytest.mark.parametrize("text", [CARDS, EVENTS])
def test_mutants_are_read_to_the_end(text: str) -> None:
    for mutant in mutants(text.encode()):
        for part in read(mutant):
            if isinstance(part, Segment):
                part.text.encode()


_LINES = st.sampled_from([
    "BEGIN:VCARD", "END:VCARD", "BEGIN:VEVENT", "END:VEVENT", "N:a;b\\;c\\", "EMAIL;X=\"a:b", " folded", "PHOTO;B:====",
    "NOTE;ENCODING=QUOTED-PRINTABLE:a=", "ADR:;;", "ATTENDEE;CN=:", ";", ":", "VERSION:2.1", "A;;;:b",
    "PHOTO:data:x;base64,YQ",
])  # fmt: skip


@given(st.one_of(st.binary(max_size=300), st.lists(_LINES, max_size=30).map(lambda lines: "\n".join(lines).encode())))
def test_no_text_raises(data: bytes) -> None:
    for target in (vcard.extract, calendar.extract):
        for part in target(io.BytesIO(data), Budget(Limits(), len(data))):
            assert not isinstance(part, Child) or part.open().read() is not None


def test_a_photo_of_megabytes_in_one_line() -> None:
    data = b"BEGIN:VCARD\nPHOTO;ENCODING=b:" + b"YWJj" * 3_000_000 + b"\nFN:Ann\nEND:VCARD"
    parts = read(data)
    assert [p.size for p in parts if isinstance(p, Child)] == [9_000_000]
    assert [p.text for p in parts if isinstance(p, Segment)] == ["Ann"]
