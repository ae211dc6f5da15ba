"""Mail messages: participants, headers, texts, quotations, attachments, and bytes that only look like a mail."""

import base64
import io
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.formats.mail.mail import extract
from scanner.limits import Budget, Limits
from scanner.model import Child, Lost, Part, Reason, Segment, Skip


def parts_of(data: bytes, **limits: int) -> list[Part]:
    return list(extract(io.BytesIO(data), Budget(Limits(**limits), len(data))))


def texts(parts: list[Part]) -> dict[str, str]:
    """Printed location -> text of the segments there."""
    out: dict[str, str] = {}
    for part in parts:
        if isinstance(part, Segment):
            out[str(part.where)] = out.get(str(part.where), "") + part.text
    return out


def members(data: bytes) -> Iterator[tuple[str, bytes]]:
    for part in extract(io.BytesIO(data), Budget(Limits(), len(data))):
        if isinstance(part, Child):
            with part.open() as stream:
                yield part.name, stream.read()


def losses(parts: list[Part]) -> list[tuple[str, Reason]]:
    return [(part.name, part.reason) for part in parts if isinstance(part, Lost)]


def body_text(headers: str, body: bytes) -> str:
    return texts(parts_of(b"From: a@x.example\n" + headers.encode() + b"\n\n" + body)).get("part=1", "")


@pytest.mark.parametrize(
    ("header", "persons"),
    [
        ("To: ann@x.example, Bob Lee <bob@x.example>", ["ann@x.example", "Bob Lee <bob@x.example>"]),
        ('Cc: "Lee, Bob" <bob@x.example>,\r\n "O\'Neil (HR)" <o@x.example>',
         ["Lee, Bob <bob@x.example>", "O'Neil (HR) <o@x.example>"]),
        ("From: Lee, Bob <bob@x.example>", ["Lee, Bob <bob@x.example>"]),
        ("From: bob@x.example (Bob, of Leeds)", ["bob@x.example (Bob, of Leeds)"]),
        ("Bcc: Staff: ann@x.example, bob@x.example;", ["ann@x.example", "bob@x.example"]),
        ("Reply-To: =?utf-8?Q?J=C3=B6rg_M?= =?utf-8?B?w7xsbGVy?= <j@x.example>", ["Jörg Müller <j@x.example>"]),
        ("To: =?utf-8?Q?Lee,_Bob?= <bob@x.example>", ["Lee, Bob <bob@x.example>"]),
        ("From: =?latin-1?q?Ren=E9e?= <r@x.example>", ["Renée <r@x.example>"]),
        ("From: =?x-none?q?abc=4?= <r@x.example>", ["abc=4 <r@x.example>"]),
        ("Return-Path: <>", []),
    ],
)  # fmt: skip
def test_participants_are_one_record_each(header: str, persons: list[str]) -> None:
    found = [
        part for part in parts_of(f"{header}\r\nX-A: 1\r\n\r\n".encode()) if isinstance(part, Segment) and part.role
    ]
    assert [part.text for part in found] == persons
    assert len({part.record for part in found}) == len(persons)
    assert all(part.label == header.partition(":")[0] for part in found)


def test_roles_places_and_repeated_headers() -> None:
    data = b"From: a@x.example\nReply-To: r@x.example\nTo: b@x.example, c@x.example\nTo: d@x.example\n\n"
    found = [(str(p.where), p.first_char, p.role, p.record) for p in parts_of(data) if isinstance(p, Segment)]
    assert found == [
        ("header=From", 0, "from", "header=From;n=1"),
        ("header=Reply-To", 0, "reply_to", "header=Reply-To;n=1"),
        ("header=To", 0, "to", "header=To;n=1"),
        ("header=To", 13, "to", "header=To;n=2"),
        ("header=To[2]", 0, "to", "header=To[2];n=3"),
    ]


def test_a_mail_s_own_id_is_read_and_other_ids_only_make_the_thread() -> None:
    ids = (
        b"Message-ID: <own@mid.example>\nIn-Reply-To: <parent@mid.example>\n"
        b"References: <root@mid.example>\n <x@mid.example>\nX-Original-Message-Id: <o@mid.example>\n"
        b"DKIM-Signature: v=1; i=@mid.example; b=abc\nContent-ID: <c@mid.example>\n"
        b"Received: from h (1.2.3.4) by r.example id <q@mid.example> for <ann@x.example>\nSubject: hello\n\nbody"
    )
    parts = parts_of(ids)
    read = texts(parts)
    assert read.pop("header=Message-ID") == "<own@mid.example>"
    assert "mid.example" not in "".join(read.values())
    assert "ann@x.example" in texts(parts)["header=Received"]
    assert {part.thread for part in parts if isinstance(part, Segment)} == {"<root@mid.example>"}
    replied = parts_of(ids.replace(b"References:", b"X-Y:"))
    assert {part.thread for part in replied if isinstance(part, Segment)} == {"<parent@mid.example>"}


def test_every_part_has_its_place_and_attachments_are_members() -> None:
    mail = EmailMessage()
    mail["From"] = "Ann <ann@x.example>"
    mail.set_content("Call Zoë on 020 7946 0001")
    mail.add_attachment("name,phone\n", filename="list.csv", subtype="csv")
    mail.add_attachment(
        b"\x00\x01" * 50_000, maintype="application", subtype="octet-stream", filename="Großes Bild.bin"
    )
    inner = EmailMessage()
    inner["Subject"] = "inner"
    inner.set_content("forwarded")
    mail.add_attachment(inner)
    data = mail.as_bytes()
    assert texts(parts_of(data))["part=1"].rstrip() == "Call Zoë on 020 7946 0001"
    found = list(members(data))
    assert [name for name, _ in found] == ["list.csv", "Großes Bild.bin", ""]
    assert found[1][1] == b"\x00\x01" * 50_000
    assert b"Subject: inner" in found[2][1]
    hints = [part.hint for part in parts_of(data) if isinstance(part, Child)]
    assert hints == ["text/csv", "application/octet-stream", "message/rfc822"]


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment; filename*=utf-8''na%C3%AFve%20file.pdf", "naïve file.pdf"),
        ("attachment; filename*0*=utf-8''Sm%C3%AFth; filename*1=_CV.pdf; filename*2*=%20x", "Smïth_CV.pdf x"),
        ('attachment; filename="=?utf-8?B?w6kucGRm?="', "é.pdf"),
        ("attachment; filename=my file.pdf", "my file.pdf"),
        (r'attachment; filename="a\"b;c.pdf"', 'a"b;c.pdf'),
        ("attachment", ""),
    ],
)
def test_file_names(disposition: str, name: str) -> None:
    data = f"From: a@x.example\nContent-Type: application/pdf\nContent-Disposition: {disposition}\n\n%PDF".encode()
    assert list(members(data)) == [(name, b"%PDF")]


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>Dear Ann, call 020 7946 0001</p>", False),
        ("<p>Dear <b>Ann</b>, call <i>020 7946 0001</i></p>", False),
        ("<p>Dear Ann, call 0001 7946 020</p>", True),
        ("<p>Dear Ann, call 020 7946 0001</p><p>Zoe</p>", True),
        ('<p>Dear Ann, call 020 7946 0001 <a href="mailto:z@x.example">Ann</a></p>', True),
    ],
)
def test_an_alternative_that_says_the_same_is_left_out(html: str, kept: bool) -> None:
    mail = EmailMessage()
    mail.set_content("Dear Ann,\ncall 020 7946 0001\n")
    mail.add_alternative(html, subtype="html")
    found = texts(parts_of(mail.as_bytes()))
    assert "part=1" in found
    assert ("part=2" in found) is kept


def test_quotations_and_signatures_are_told_apart() -> None:
    body = (
        b"Please ring me.\n\nKind regards\nAnn Lee\n020 7946 0001\n\n"
        b"On 3 May 2024, at 10:12, Bob <bob@x.example> wrote:\n> my number is 020 7946 0002\n> Bob\n"
    )
    parts = [
        p for p in parts_of(b"From: a@x.example\n\n" + body) if isinstance(p, Segment) and str(p.where) == "part=1"
    ]
    kinds = [(p.quoted, bool(p.record), body.decode()[p.first_char :].startswith(p.text)) for p in parts]
    assert kinds == [(False, False, True), (False, True, True), (True, False, True)]
    assert "Ann Lee" in parts[1].text
    assert parts[1].role == "from"
    assert "bob@x.example" in parts[2].text


@pytest.mark.parametrize(
    ("headers", "body", "text"),
    [
        ("Content-Type: text/plain; charset=koi8-r", "Привет, Иван".encode("koi8-r"), "Привет, Иван"),
        ("Content-Type: text/plain; charset=us-ascii", "café".encode(), "café"),
        ("Content-Type: text/plain; charset=no-such", "café".encode("latin-1"), "café"),
        ("Content-Type: text/plain charset=utf-7", b"+AOk-", "é"),
        ("Content-Transfer-Encoding: quoted-printable", b"a=C3=A9=\r\nb =ZZ=", "aéb =ZZ"),
        ("Content-Transfer-Encoding: quoted-printable", b"a=\rann@x.example\nb", "aann@x.example\nb"),
        ("Content-Transfer-Encoding: Base64", b"YW5u\r\nQHguZXhhbXBsZQ", "ann@x.example"),
        ("Content-Transfer-Encoding: base64", b"YW5u!QHgu*ZXhhbXBsZQ===", "ann@x.example"),
        ("Content-Transfer-Encoding: base64", b"YW5u\nQHg=\n-- \nlist footer", "ann@x\n-- \nlist footer"),
        ("Content-Transfer-Encoding: base64", b"Dear Ann, this is plain text", "Dear Ann, this is plain text"),
        ("Content-Transfer-Encoding: x-unknown", b"plain", "plain"),
        ("Content-Type: text/html", b"<p>ann&#64;x.example", "ann@x.example"),
        ("Content-Type: broken", b"plain", "plain"),
    ],
)
def test_texts_in_wrong_or_broken_encodings(headers: str, body: bytes, text: str) -> None:
    assert body_text(headers, body).strip() == text


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/mixed; boundary=b",
        "multipart/mixed",
        "multipart/mixed; boundary=other",
        'multipart/mixed; boundary="b',
        None,
    ],
)
def test_missing_or_wrong_boundaries(content_type: str | None) -> None:
    header = f"Content-Type: {content_type}\n" if content_type else ""
    data = (
        f"From: a@x.example\n{header}\n\n--b\nContent-Type: text/plain\n\none\n--b\nContent-Type: text/html\n\n"
        "<p>two</p>\n--b\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\nJVBE\nRg==\n"
    ).encode()  # and no closing boundary
    found = texts(parts_of(data))
    assert (found["part=1"], found["part=2"]) == ("one", "two")
    assert list(members(data)) == [("a.pdf", b"%PDF")]


def test_nothing_between_or_behind_parts_is_lost() -> None:
    data = (
        b"From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n"
        b"before it\n--b\n\none\n--b--\nbehind it\n--b\n\nlate\n"
    )
    found = texts(parts_of(data))
    assert found["part=0:before"] == "before it"
    assert found["part=0:after"] == "behind it"
    assert (found["part=1"], found["part=2"]) == ("one", "late\n")


_PGP_MIME = (
    b"Content-Type: multipart/encrypted; boundary=b\n\n--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n"
    b"--b\nContent-Type: application/octet-stream; name=e.asc\n\nxx\n--b--"
)
_SMIME_ATTACHED = (
    b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: application/pkcs7-mime; name=s.p7m\n"
    b"Content-Transfer-Encoding: base64\n\nMIAGCSqGSIb3DQEHAw==\n--b--"
)


@pytest.mark.parametrize(
    ("data", "lost"),
    [
        (_PGP_MIME, ""),
        (b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\n0\x80abc", ""),
        (b"Content-Type: application/x-pkcs7-mime; name=smime.p7m\n\n0\x80" + bytes.fromhex("2a864886f70d010703"), ""),
        (_SMIME_ATTACHED, "s.p7m"),
        (b"Subject: x\n\nhello\n-----BEGIN PGP MESSAGE-----\nabcd\n-----END PGP MESSAGE-----\nbye", ""),
    ],
)  # fmt: skip
def test_encrypted_parts_are_said_to_be_lost(data: bytes, lost: str) -> None:
    parts = parts_of(b"From: a@x.example\n" + data)
    assert losses(parts) == [(lost, Reason.ENCRYPTED)]
    assert not [part for part in parts if isinstance(part, Child)]
    assert "abcd" not in "".join(texts(parts).values())


_DATA = bytes.fromhex("30800609 2a864886f70d010702 a0803080 02010131 00 3080 0609 2a864886f70d010701")


@pytest.mark.parametrize(
    ("cms", "content"),
    [
        (_DATA + b"\xa0\x07\x04\x05hello\x30\x00", b"hello"),
        (_DATA + b"\xa0\x82\x03\xec\x04\x82\x03\xe8" + b"x" * 1000, b"x" * 1000),
        (_DATA + b"\xa0\x80\x24\x80\x04\x03hel\x04\x02lo\x00\x00\x00\x00", b"hello"),
        (_DATA + b"\xa0\x80\x24\x80\x04\x82\xff\xffcut off", b"cut off"),
        (_DATA + b"\xa0", b""),
        (_DATA + b"\x31\x00", _DATA + b"\x31\x00"),
        (b"0\x80abc", b"0\x80abc"),
    ],
)
def test_what_was_signed_is_a_member(cms: bytes, content: bytes) -> None:
    head = b"From: a@x.example\nContent-Type: application/pkcs7-mime; smime-type=signed-data; name=s.p7m\n"
    data = head + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(cms)
    assert list(members(data)) == [("s.p7m", content)]


def test_a_long_text_is_a_member() -> None:
    data = b"From: a@x.example\nContent-Transfer-Encoding: base64\n\n" + b"YW5uIA==\n" * 300_000
    assert list(members(data)) == [("part 1", b"ann " * 300_000)]


def test_lines_of_old_macs() -> None:
    data = b"From: a@x.example\rTo: b@x.example\r\rhello\r"
    assert texts(parts_of(data)) == {"header=From": "a@x.example", "header=To": "b@x.example", "part=1": "hello\n"}


def test_files_within_the_text() -> None:
    data = b"From: a@x.example\n\nsee below\nbegin 644 a b.txt\n#86)C\n`\nend\nthat was it\n"
    assert list(members(data)) == [("a b.txt", b"abc")]
    assert texts(parts_of(data))["part=1"] == "see below\n\n\nthat was it\n"


def test_limits_are_told_and_nothing_recurses() -> None:
    many = b"From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n" + b"\n--b\n\nx" * 50
    assert losses(parts_of(many, max_members=20)) == [("", Reason.LIMIT)]
    assert losses(parts_of(many)) == []
    deep = b"From: a@x.example\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)
    )
    parts = parts_of(deep + b"\ndeepest words")
    assert losses(parts) == [("", Reason.LIMIT)]
    assert "deepest words" in "".join(texts(parts).values())


def test_a_header_of_megabytes_comes_whole_and_in_pieces() -> None:
    persons = [f"p{number}@x.example" for number in range(20_000)]
    data = b"To: " + ", ".join(persons).encode() + b"\nSubject: " + b"s" * 300_000 + b"\n\nbody"
    parts = [part for part in parts_of(data, max_header=10_000) if isinstance(part, Segment)]
    assert [part.text for part in parts if part.role == "to"] == persons
    subject = [part for part in parts if part.label == "Subject"]
    assert sum(len(part.text) for part in subject) == 300_000
    assert max(len(part.text) for part in subject) <= 10_000


class _Counting(io.BytesIO):
    """Counts the bytes that are read."""

    count = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.count += len(data)
        return data


def _work(data: bytes) -> int:
    """Bytes read plus calls made, as a measure that no busy machine disturbs."""
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    stream = _Counting(data)
    sys.setprofile(count)
    try:
        for part in extract(stream, Budget(Limits(), len(data))):
            if isinstance(part, Child):
                part.open().read()
    finally:
        sys.setprofile(None)
    return stream.count + 50 * calls


@pytest.mark.parametrize(
    ("start", "repeated"),
    [
        (b"To: ", b'"a, <b@x.example>, '),
        (b"", b"X-A: 1\n"),
        (b"", b"junk\nX-A: 1\n"),
        (b"Content-Type: multipart/mixed; boundary=b\n\n", b"\n--b\nContent-Type: text/plain\n\nx"),
        (b"Content-Type: multipart/mixed; boundary=b\n\n", b"\n--c\nContent-Type: a/b\n\nx"),
        (b"Content-Type: multipart/mixed; boundary=b\n\n", b"\n--"),
        (b"Content-Type: multipart/mixed; boundary=b\n\n", b"\n--b--"),
        (b"Content-Type: multipart/mixed; boundary=b\n\n", b"\n--b\nContent-Type: multipart/mixed; boundary=b\n\n"),
        (b"\n", b"On 3 May Ann wrote:\n"),
        (b"\n", b"From: x\nbegin 644 a\n#86)C\n"),
        (b"Content-Transfer-Encoding: base64\nContent-Type: a/b\n\n", b"===="),
        (b"Content-Transfer-Encoding: quoted-printable\nContent-Type: a/b\n\n", b"=\r=4"),
    ],
)
def test_work_grows_with_the_size_and_no_faster(start: bytes, repeated: bytes) -> None:
    head = b"From: a@x.example\n" + start
    counts = [_work(head + repeated * (size // len(repeated))) for size in (10_000, 20_000, 40_000)]
    assert all(more <= 2.5 * less + 50_000 for less, more in pairwise(counts)), counts


_LINES = st.sampled_from([
    b"From: a@x.example", b"To: <,\"(", b"=?utf-8?B?!?=", b"", b"--b", b"--b--", b"--c", b"> q", b"-- ", b"YW5u",
    b"Content-Type: multipart/mixed; boundary=b", b"Content-Type: multipart/alternative; boundary=c",
    b"Content-Type: text/html; charset=utf-7", b"Content-Type: message/rfc822", b"Content-Type: application/pkcs7-mime",
    b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: quoted-printable",
    b"Content-Transfer-Encoding: x-uuencode", b"begin 644 a", b"#86)C", b"end", b"\xff\xfe\x00",
    b"Content-Disposition: attachment; filename*0*=x'y'%", b"-----Original Message-----",
])  # fmt: skip
_MAILS = st.one_of(
    st.binary(max_size=400), st.lists(_LINES, max_size=40).map(b"\n".join), st.lists(_LINES).map(b"\r\n".join)
)


@given(_MAILS)
def test_no_bytes_raise_anything_but_skip(data: bytes) -> None:
    try:
        for part in extract(io.BytesIO(data), Budget(Limits(), len(data))):
            if isinstance(part, Child):
                part.open().read()
            elif isinstance(part, Segment):
                part.text.encode()
    except Skip:
        pass
