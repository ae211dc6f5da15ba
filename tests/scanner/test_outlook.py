"""Outlook items: people, fields, texts, wrapped HTML, attachments and items within items; and bytes that are none."""

import io
import random
from collections.abc import Iterator
from pathlib import Path

import old_office
import outlook_items as build
import pytest

from scanner.formats.outlook import mapi_bundle, msg, tnef
from scanner.formats.outlook.compressed_rtf import decompressed
from scanner.formats.outlook.mapi import Attachment, Message, parts
from scanner.formats.outlook.rtf_mail import unwrapped
from scanner.limits import Budget, Limits
from scanner.model import About, Child, Lost, Part, Reason, Segment, Skip
from scanner.pipeline import DAMAGE
from scanner.sniff import media_type


def read(data: bytes) -> Iterator[Part | bytes]:
    """All parts, members as their bytes."""
    target = tnef.extract if data.startswith(b"\x78\x9f\x3e\x22") else msg.extract
    for part in target(io.BytesIO(data), Budget(Limits(), len(data))):
        if isinstance(part, Child):
            with part.open() as stream:
                yield stream.read()
        yield part


def said(data: bytes) -> list[tuple[str, str, str, str]]:
    return [(p.label, p.text, p.role, str(p.where)) for p in read(data) if isinstance(p, Segment)]


def test_people_texts_and_files_of_a_mail() -> None:
    data = build.msg()
    found = said(data)
    assert ("Subject", "Visit", "", "header=Subject") in found
    assert ("From", "Ann Lee <ann@x.example>", "from", "header=From") in found
    assert [row[1:3] for row in found if row[0] in {"To", "Cc", "Bcc"}] == [
        ("Bob Ray <bob@x.example>", "to"), ("cy@x.example", "cc"), ("Di Fox", "bcc"),
    ]  # fmt: skip
    headers = [row for row in found if row[3].startswith("part=headers")]
    assert [row[0] for row in headers] == ["Received", "Reply-To"]  # From has been said
    assert "192.0.2.7" in headers[0][1]
    bodies = [p for p in read(data) if isinstance(p, Segment) and str(p.where) == "part=text"]
    assert [p.role for p in bodies] == ["", "from"]
    assert "07700 900123" in bodies[1].text
    assert len({p.record for p in read(data) if isinstance(p, Segment) and p.label in {"From", "To", "Cc", "Bcc"}}) == 4
    assert {p.thread for p in read(data) if isinstance(p, Segment)} == {"<m1@x.example>"}
    assert next(p.content_date for p in read(data) if isinstance(p, About)) == 1_700_000_000.0
    files = [(p.name, p.hint) for p in read(data) if isinstance(p, Child)]
    assert files == [("list.csv", "text/csv")]
    assert b"name,email\nAnn,ann@x.example\n" in list(read(data))


def test_texts_of_old_programs_are_in_their_code_page() -> None:
    data = old_office.box(build.message_streams({0x3FFD: 1252, 0x0037: "Zoë", 0x1000: "Call Zoë"}, old_text=True))
    assert ("Subject", "Zoë", "", "header=Subject") in said(data)


def test_fields_of_a_contact_are_one_record() -> None:
    contact = {
        0x001A: "IPM.Contact", 0x3001: "Ann Lee", 0x3A1C: "07700 900123", 0x3A42: 0.0, 0x3A48: "Bob Lee",
        0x8000: "ann@x.example", 0x8001: "B-17", 0x8002: ["red", "blue"],
    }  # fmt: skip
    data = old_office.box(build.message_streams(contact) | build.names([0x8083, "Badge of Ann", "Keywords"]))
    segments = [p for p in read(data) if isinstance(p, Segment)]
    found = {p.label: (p.text, p.record) for p in segments}
    assert found["Full name"] == ("Ann Lee", "contact")
    assert found["Mobile telephone"] == ("07700 900123", "contact")
    assert found["Date of birth"] == ("1970-01-01", "contact")
    assert found["Email address"] == ("ann@x.example", "contact")
    assert found["Spouse"] == ("Bob Lee", "contact;spouse")
    assert found["Badge of Ann"] == ("B-17", "contact")
    assert found["Keywords"] == ("red, blue", "contact")


def test_members_of_a_distribution_list() -> None:
    members = build.one_off("Ann Lee", "ann@x.example") + build.one_off("Bob Ray", "bob@x.example")
    data = old_office.box(
        build.message_streams({0x001A: "IPM.DistList", 0x3001: "friends", 0x8000: members}) | build.names([0x8055])
    )
    people = [row[1] for row in said(data) if row[0] == "Member"]
    assert people == ["Ann Lee <ann@x.example>", "Bob Ray <bob@x.example>"]


def test_items_within_items_are_members_and_so_are_their_files() -> None:
    innermost = build.message_streams({0x0037: "deep", 0x1000: "write to deep@x.example"})
    inner = build.message_streams(
        {0x0037: "inner", 0x0042: "Cy Fox", 0x8000: "cy@x.example"},
        [{0x0C15: 1, 0x3001: "Di", 0x39FE: "di@x.example"}],
        [innermost, {0x3707: "a.txt", 0x3701: b"words"}],
    )
    data = old_office.box(build.mail(attachments=[inner]) | build.names([0x8083]))
    member = next(part for part in read(data) if isinstance(part, bytes))
    assert media_type(member[:65536], "inner", io.BytesIO(member)) == "application/vnd.ms-outlook"
    found = said(member)
    assert {row[1] for row in found} >= {"inner", "Cy Fox", "cy@x.example", "Di <di@x.example>"}
    deeper = [part for part in read(member) if isinstance(part, bytes)]
    assert deeper[1] == b"words"
    assert "write to deep@x.example" in {row[1] for row in said(deeper[0])}


def test_a_link_is_no_file_and_a_signed_mail_is_a_mail() -> None:
    signed = b"Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nsigned words\r\n--b--"
    attachments = [
        {0x3705: 2, 0x3707: "plan.doc"},
        {0x3705: 1, 0x3707: "smime.p7m", 0x370E: "multipart/signed", 0x3701: signed},
    ]
    parts_of = list(read(old_office.box(build.mail(attachments=attachments))))
    assert [(p.name, p.reason) for p in parts_of if isinstance(p, Lost)] == [("plan.doc", Reason.UNSUPPORTED)]
    assert [(p.name, p.hint) for p in parts_of if isinstance(p, Child)] == [("smime.p7m", "message/rfc822")]


@pytest.mark.parametrize(
    ("packed", "plain"),
    [  # the examples of MS-OXRTFCP
        ("2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232 0af32068656c0900206277 05b06c647d0a800fa0",
         b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"),
        ("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0", b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"),
        ("1400000008000000 4d454c41 00000000 7b5c727466317d0a", b"{\\rtf1}\n"),
        ("7b5c727466317d", b"{\\rtf1}"),
    ],
)  # fmt: skip
def test_compressed_rtf(packed: str, plain: bytes) -> None:
    assert decompressed(bytes.fromhex(packed), Budget(Limits(), 100)) == plain


def test_compressed_rtf_is_charged() -> None:
    bomb = b"\0" * 8 + b"LZFu" + b"\0" * 4 + b"\xfe" + b"x" + b"\x0c\xfe" * 7 + (b"\xff" + b"\x0c\xfe" * 8) * 40_000
    with pytest.raises(Skip):
        decompressed(bomb, Budget(Limits(max_extracted=1_000_000), len(bomb)))


RTF_HTML = (
    rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}{\f1\fcharset204 Arial;}}"
    rb"{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Dear Zo\'eb, write to {\*\htmltag84 <b>}\htmlrtf\b\htmlrtf0 ann@x.example"
    rb"{\*\htmltag92 </b>}\htmlrtf\b0\htmlrtf0  \f1 \'cf\'f0\f0  \u8364?5 \{ok\}\htmlrtf\par}\htmlrtf0 {\*\mhtmltag x}"
    rb"{\*\htmltag72 </p>}{\*\htmltag84 <a href='mailto:z@x.example'>}\u55357?\u56832?\par}"
)


def test_html_that_was_wrapped_in_rtf() -> None:
    found = unwrapped(RTF_HTML)
    assert found is not None
    assert found[0] == "text/html"
    assert found[1] == ("<p>Dear Zoë, write to <b>ann@x.example</b> Пр €5 {ok}</p><a href='mailto:z@x.example'>😀\r\n")
    assert unwrapped(rb"{\rtf1\ansi hello}") is None
    assert unwrapped(rb"{\rtf1\ansi\fromtext hello\par Bob}") == ("text/plain", "hello\r\nBob")


def test_rtf_is_read_where_it_says_more_or_is_all_there_is() -> None:
    packed = bytes(8) + b"MELA" + bytes(4) + RTF_HTML
    only = old_office.box(build.message_streams({0x1009: packed}))
    assert any("ann@x.example" in row[1] and row[3] == "part=rtf" for row in said(only))
    text = "Dear Zoë, write to ann@x.example Пр €5 {ok} mailto z@x.example 😀"
    same = old_office.box(build.message_streams({0x1009: packed, 0x1000: text}))
    assert not [row for row in said(same) if row[3] == "part=rtf"]
    plain = bytes(8) + b"MELA" + bytes(4) + rb"{\rtf1 hello}"
    members = [p for p in read(old_office.box(build.message_streams({0x1009: plain}))) if isinstance(p, Child)]
    assert [(p.name, p.hint) for p in members] == [("body.rtf", "application/rtf")]


def test_winmail() -> None:
    data = build.tnef()
    found = said(data)
    assert {row[1] for row in found} >= {
        "Visit", "Bob Ray <bob@x.example>", "Dear Bob, ring Ann Lee", "ann@x.example", "N-17",
    }  # fmt: skip
    assert [p.content_date for p in read(data) if isinstance(p, About)] == [1_700_000_000.0]
    names = [p.name for p in read(data) if isinstance(p, Child)]
    assert names == ["list.csv", "inner"]
    table, inner = (part for part in read(data) if isinstance(part, bytes))
    assert table == b"name,email\nAnn,ann@x.example\n"
    assert ("", "the inner text of Cy Fox", "", "part=text") in said(inner)
    assert not [p for p in read(data) if isinstance(p, Lost)]
    assert [p.reason for p in read(data[:-40]) if isinstance(p, Lost)] == [Reason.DAMAGED]


def test_a_bundle_gives_back_what_was_put_in() -> None:
    attachments = [
        Attachment("a", lambda: io.BytesIO(b"x" * 200_000), 200_000, "text/plain"),
        Attachment("b", io.BytesIO, lost=(Reason.DAMAGED, "gone")),
        Attachment("", lambda: io.BytesIO(b"y")),
    ]
    values = {1: "text \udc80", 2: b"\0\xff", 3: 7, 4: 1.5, 5: ("p", "q")}
    message = Message(values, {"n": "v", 9: 1}, ({1: "r"},), attachments)
    with mapi_bundle.bundled(lambda: message) as stream:
        data = stream.read()
    again = mapi_bundle.read_bundle(io.BytesIO(data))
    assert again.properties == {1: "text ?", 2: b"\0\xff", 3: 7, 4: 1.5, 5: ("p", "q")}
    assert again.named == {"n": "v", 9: 1}
    assert again.recipients == ({1: "r"},)
    read_again = [(a.name, a.open().read() if not a.lost else a.lost, a.hint) for a in again.attachments]
    assert read_again == [("a", b"x" * 200_000, "text/plain"), ("b", (Reason.DAMAGED, "gone"), ""), ("", b"y", "")]


def bundle() -> bytes:
    attachments = [Attachment("a", lambda: io.BytesIO(b"1"))]
    message = Message({0x0037: "Ann", 0x1000: "words"}, {"k": "v"}, ({0x3001: "Bob"},), attachments)
    with mapi_bundle.bundled(lambda: message) as stream:
        return stream.read()


def mutants(data: bytes, seed: int, count: int) -> Iterator[bytes]:
    """Cut off, with bytes changed, with a stretch repeated or taken out, and with large numbers put in."""
    chance = random.Random(seed)
    for _ in range(count):
        changed = bytearray(data)
        for _ in range(chance.choice((1, 1, 2, 5, 20))):
            at = chance.randrange(max(len(changed), 1))
            kind = chance.randrange(5)
            if kind == 0:
                del changed[at:]
            elif kind == 1:
                del changed[at : at + chance.randrange(64)]
            elif kind == 2:
                changed[at:at] = changed[at : at + chance.randrange(64)]
            elif kind == 3:
                changed[at : at + 4] = chance.choice((b"\xff" * 4, b"\0\0\0\x7f", bytes(4), b"\xff\0\0\0"))
            elif changed:
                changed[at % len(changed)] = chance.randrange(256)
        yield bytes(changed)


@pytest.mark.parametrize(
    ("make", "count"), [(build.msg, 300), (build.tnef, 1500), (bundle, 1500)], ids=["msg", "tnef", "bundle"]
)
def test_mutants_end_as_values(make: object, count: int) -> None:
    data = make()  # type: ignore[operator]
    for mutant in mutants(data, 7, count):
        try:
            for part in read(mutant if len(mutant) > 13 else data):
                if isinstance(part, Segment):
                    part.text.encode()
        except (Skip, *DAMAGE):
            pass


def test_mutants_of_rtf_end() -> None:
    for mutant in mutants(RTF_HTML * 3, 9, 400):
        unwrapped(mutant)
    packed = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0") * 4
    for mutant in mutants(packed, 9, 400):
        decompressed(mutant, Budget(Limits(), len(mutant)))


SHARED = Path(__file__).parents[3] / "shared" / "data" / "mailbox"


@pytest.mark.skipif(not SHARED.exists(), reason="the collection of real files is not here")
def test_every_real_item_is_read_without_loss() -> None:
    files = sorted([*SHARED.rglob("*.msg"), *SHARED.rglob("winmail*.dat"), *SHARED.rglob("*WINMAIL.dat")])
    assert len(files) >= 15
    for file in files:
        found = list(read(file.read_bytes()))
        assert not [part for part in found if isinstance(part, Lost)], file.name
        assert [part for part in found if isinstance(part, (Segment, Child))], file.name


def test_parts_of_an_empty_item() -> None:
    assert list(parts(Message({}), Budget(Limits(), 1))) == []
