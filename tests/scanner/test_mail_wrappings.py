"""What is wrapped around mails: signatures, encryption, forms of Apple Mail, web archives, maildir."""

import base64
import io
from pathlib import Path

import outlook_items as build
import pytest

from scanner import scan
from scanner.formats.archives import applefile
from scanner.formats.mail import emlx, smime
from scanner.formats.mail.certificates import Holder, holders
from scanner.limits import Budget, Limits
from scanner.model import Child, Lost, Part, Reason, Segment, Skip
from scanner.sniff import media_type


def budget(data: bytes) -> Budget:
    return Budget(Limits(), len(data))


def rows(path: Path, home: Path) -> tuple[dict[str, dict[str, object]], list[dict[str, object]]]:
    """Items by path below the scanned one, and findings."""
    report = scan(path, home=home, names="off", values="clear")
    items = {str(row["item"]): row for row in report.items.to_pylist()}
    return items, report.findings.to_pylist()


def test_the_holders_of_certificates() -> None:
    data = build.signature(
        build.certificate("Ann Lee", "ann@x.example"),
        build.certificate("Root Authority", ""),
        build.certificate("Ann Lee", "ann@x.example"),
    )
    assert list(holders(data)) == [Holder("Ann Lee", ("ann@x.example",))]
    assert list(holders(data[:100])) == []
    assert list(holders(b"\x30\x82\xff\xff" * 50_000)) == []


def test_a_detached_signature_names_its_signer_and_nothing_is_missing(tmp_path: Path) -> None:
    signature = base64.encodebytes(build.signature(build.certificate("Ann Lee", "ann@x.example")))
    (tmp_path / "a.eml").write_bytes(
        b"From: ann@x.example\nContent-Type: multipart/signed; boundary=b\n\n--b\n\nhello bob@x.example\n--b\n"
        b"Content-Type: application/pkcs7-signature; name=smime.p7s\nContent-Transfer-Encoding: base64\n\n"
        + signature
        + b"\n--b--\n"
    )
    items, findings = rows(tmp_path / "a.eml", tmp_path / "home")
    assert {row["status"] for row in items.values()} == {"examined"}
    signer = [row for row in findings if row["item"] == "a.eml!/smime.p7s"]
    assert [(row["value"], row["location"], row["role"]) for row in signer] == [
        ("ann@x.example", "signer=1;chars=9-22", "from")
    ]


def test_signed_content_is_read_and_encrypted_is_said_so() -> None:
    inner = build.der(0x30, bytes.fromhex("06092a864886f70d010701"), build.der(0xA0, build.der(4, b"Subject: x\n\nhi")))
    signed = build.der(
        0x30, bytes.fromhex("06092a864886f70d010702"),
        build.der(0xA0, build.der(0x30, b"\x02\x01\x01\x31\x00", inner)),
    )  # fmt: skip
    found = list(smime.extract(io.BytesIO(signed), budget(signed)))
    assert [part.open().read() for part in found if isinstance(part, Child)] == [b"Subject: x\n\nhi"]
    enveloped = build.der(0x30, bytes.fromhex("06092a864886f70d010703"), build.der(0xA0, bytes(40)))
    with pytest.raises(Skip) as raised:
        list(smime.extract(io.BytesIO(enveloped), budget(enveloped)))
    assert raised.value.reason is Reason.ENCRYPTED


@pytest.mark.parametrize(
    "data",
    [b"-----BEGIN PGP MESSAGE-----\r\nVersion: 1\r\n\r\nhQEMA\r\n", b"\x76\xe8\x04\x60\xc4\x11\xe3\x86" + bytes(99)],
)
def test_encrypted_attachments_are_said_to_be_encrypted(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.eml").write_bytes(
        b"From: ann@x.example\nContent-Type: application/octet-stream; name=encrypted.asc\n"
        b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(data)
    )
    items, _ = rows(tmp_path / "a.eml", tmp_path / "home")
    assert (items["a.eml!/encrypted.asc"]["status"], items["a.eml!/encrypted.asc"]["reason"]) == (
        "not_examined", "encrypted",
    )  # fmt: skip


EMLX_MAIL = b"From: Ann Lee <ann@x.example>\nTo: bob@x.example\nSubject: Hi\n\nring 07700 900123\n"
EMLX_NOTES = (
    b'<?xml version="1.0"?><plist><dict><key>conversation-id</key><integer>7</integer><key>original-mailbox</key>'
    b"<string>imap://ann%40x.example@mail.x.example/INBOX</string><key>sender</key><string>Ann Lee"
    b"</string></dict></plist>"
)


def parts_of_emlx(data: bytes) -> list[Part]:
    return list(emlx.extract(io.BytesIO(data), budget(data)))


def test_a_message_of_apple_mail() -> None:
    data = b"%d      \n" % len(EMLX_MAIL) + EMLX_MAIL + EMLX_NOTES
    assert media_type(data, "1.emlx") == "message/x-emlx"
    found = [(p.label, p.text, str(p.where)) for p in parts_of_emlx(data) if isinstance(p, Segment)]
    assert ("From", "Ann Lee <ann@x.example>", "header=From") in found
    assert ("", "ring 07700 900123\n", "part=1") in found
    assert found[-1] == ("sender", "Ann Lee", "part=notes;property=sender")
    assert len([row for row in found if "plist" in row[1]]) == 0
    lying = b"99999999\n" + EMLX_MAIL
    assert "ring 07700 900123\n" in [p.text for p in parts_of_emlx(lying) if isinstance(p, Segment)]
    with pytest.raises(Skip):
        parts_of_emlx(b"no number")


def apple_double(entries: list[tuple[int, bytes]]) -> bytes:
    head = b"\0\5\x16\7\0\2\0\0" + bytes(16) + len(entries).to_bytes(2, "big")
    at = len(head) + 12 * len(entries)
    table = data = b""
    for kind, content in entries:
        table += kind.to_bytes(4, "big") + at.to_bytes(4, "big") + len(content).to_bytes(4, "big")
        at += len(content)
        data += content
    return head + table + data


def test_what_a_mac_keeps_beside_a_file() -> None:
    data = apple_double(
        [(3, b"CV Ann Lee.pdf"), (9, bytes(34) + b"https://x.example/ann\0\1"), (2, b""), (1, b"words")]
    )
    assert media_type(data, "._a") == "application/applefile"
    found = list(applefile.extract(io.BytesIO(data), budget(data)))
    assert [(p.label, p.text) for p in found if isinstance(p, Segment)] == [
        ("File name", "CV Ann Lee.pdf"), ("", "https://x.example/ann"),
    ]  # fmt: skip
    assert [p.open().read() for p in found if isinstance(p, Child)] == [b"words"]
    cut = list(applefile.extract(io.BytesIO(data[:70]), budget(data)))
    assert Reason.DAMAGED in [p.reason for p in cut if isinstance(p, Lost)]


MHT = (
    b"From: <Saved by a browser>\r\nSubject: Staff\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
    b'\ttype="text/html"; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: '
    b"quoted-printable\r\nContent-Location: https://x.example/staff.html\r\n\r\n<html><body>write to ann=40x.ex=\r\n"
    b"ample"
    b"<img src=3D'a.png'></body></html>\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
    b"Content-Location: https://x.example/a.png\r\n\r\niVBORw0KGgo=\r\n--b--\r\n"
)


def test_a_web_archive_is_read_as_the_mail_that_it_is(tmp_path: Path) -> None:
    (tmp_path / "page.mht").write_bytes(MHT)
    items, findings = rows(tmp_path / "page.mht", tmp_path / "home")
    assert items["page.mht"]["status"] == "examined"
    assert [row["value"] for row in findings] == ["ann@x.example"]
    assert any(row["media_type"] == "image/png" for row in items.values())


def test_files_of_a_maildir_are_mails_whatever_their_names(tmp_path: Path) -> None:
    names = (
        "cur/1491941793.M41P85.mx1,S=109:2,STln",
        "new/1234.M20.host",
        "tmp/5.x",
        ".Sent/cur/7.M1.h:2,S",
        ".Drafts/cur/8:2,D",
    )
    for number, name in enumerate(names):
        file = tmp_path / "Maildir" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"From: p%d@x.example\nSubject: hi\nMIME-Version: 1.0\n\nhello\n" % number)
    items, findings = rows(tmp_path / "Maildir", tmp_path / "home")
    assert {row["media_type"] for row in items.values()} == {"message/rfc822"}
    assert len(items) == 5
    assert {row["role"] for row in findings} == {"from"}


def test_a_form_in_quoted_printable_is_decoded_though_its_lines_look_like_headers(tmp_path: Path) -> None:
    (tmp_path / "form.eml").write_bytes(
        b"From: desk@wren.example\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n"
        b"Client: Ann Lee\nE-mail: ann@home.example\n\nShe met somebody (harriet@home.=\nexample) at the fair.\n"
    )
    _, findings = rows(tmp_path / "form.eml", tmp_path / "home")
    found = {row["value"] for row in findings if row["entity_type"] == "EMAIL_ADDRESS"}
    assert found == {"desk@wren.example", "ann@home.example", "harriet@home.example"}
