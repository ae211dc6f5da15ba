"""An address goes in, mails, cards and calendars come out that hide it behind depth, caps, codes and broken ends."""

import base64
import binascii
import quopri
from collections.abc import Callable

HEAD = b"From: a@x.example\r\nTo: b@x.example\r\nSubject: hello\r\nDate: Mon, 1 Jan 2024 10:00:00 +0000\r\nMessage-ID: <1@x.example>\r\nMIME-Version: 1.0\r\n"


def mail(body: bytes, more: bytes = b"") -> bytes:
    """A message."""
    return HEAD + more + b"\r\n" + body


def parts(*bodies: bytes, boundary: bytes = b"B", head: bytes = HEAD) -> bytes:
    """A multipart message of these parts, each with its own header."""
    inner = b"".join(b"--" + boundary + b"\r\n" + body + b"\r\n" for body in bodies)
    return (
        head
        + b"Content-Type: multipart/mixed; boundary="
        + boundary
        + b"\r\n\r\n"
        + inner
        + b"--"
        + boundary
        + b"--\r\n"
    )


def plain(text: bytes) -> bytes:
    """A part of plain text."""
    return b"Content-Type: text/plain\r\n\r\n" + text


def nested(depth: int) -> Callable[[str], bytes]:
    """Multiparts within each other."""

    def make(canary: str) -> bytes:
        inner = plain(canary.encode())
        for number in range(depth):
            mark = b"b%d" % number
            inner = (
                b"Content-Type: multipart/mixed; boundary="
                + mark
                + b"\r\n\r\n--"
                + mark
                + b"\r\n"
                + inner
                + b"\r\n--"
                + mark
                + b"--\r\n"
            )
        return HEAD + inner

    return make


def forwarded(depth: int) -> Callable[[str], bytes]:
    """Messages within each other."""

    def make(canary: str) -> bytes:
        inner = mail(canary.encode())
        for _ in range(depth):
            inner = mail(inner, b"Content-Type: message/rfc822\r\n")
        return inner

    return make


def attached(data: bytes, kind: bytes, name: bytes = b"a.bin", coding: bytes = b"base64") -> bytes:
    """A part that is a file."""
    body = {b"base64": base64.encodebytes, b"quoted-printable": quopri.encodestring}.get(coding, bytes)(data)
    return (
        b"Content-Type: "
        + kind
        + b"; name="
        + name
        + b"\r\nContent-Transfer-Encoding: "
        + coding
        + b"\r\nContent-Disposition: attachment; filename="
        + name
        + b"\r\n\r\n"
        + body
    )


def uuencoded(data: bytes) -> bytes:
    """Lines as uuencode wrote them."""
    lines = b"".join(binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45))
    return b"begin 644 a.txt\n" + lines + b"`\nend\n"


ENVELOPE = b"From a@x.example Mon Jan  1 10:00:00 2024\n"
MAIL: dict[str, Callable[[str], bytes]] = {
    **{f"nested {depth}.eml": nested(depth) for depth in (5, 50, 300, 1500)},
    **{f"forwarded {depth}.eml": forwarded(depth) for depth in (3, 9, 12, 40, 400)},
    "header of a megabyte.eml": lambda c: HEAD + b"X-Long: " + b"x " * 500_000 + c.encode() + b"\r\n\r\nbody\r\n",
    "recipients of 100 KB.eml": lambda c: HEAD + b"Cc: " + b"a@x.example, " * 8000 + c.encode() + b"\r\n\r\nbody\r\n",
    "folded header of 100 KB.eml": lambda c: (
        HEAD + b"X-Long: a\r\n" + b" x\r\n" * 30_000 + b" " + c.encode() + b"\r\n\r\nbody\r\n"
    ),
    "behind a long header.eml": lambda c: (
        HEAD + b"X-Long: " + b"x" * 300_000 + b"\r\nReply-To: " + c.encode() + b"\r\n\r\nbody\r\n"
    ),
    "ten thousand headers.eml": lambda c: (
        HEAD + b"X-A: b\r\n" * 10_000 + b"X-Last: " + c.encode() + b"\r\n\r\nbody\r\n"
    ),
    "body behind long headers.eml": lambda c: HEAD + b"X-A: " + b"y" * 200_000 + b"\r\n\r\n" + c.encode() + b"\r\n",
    "quotes in a header.eml": lambda c: HEAD + b"Cc: " + b'"' * 40_000 + b" <" + c.encode() + b">\r\n\r\nbody\r\n",
    "brackets in a header.eml": lambda c: HEAD + b"Cc: " + b"(" * 40_000 + b" <" + c.encode() + b">\r\n\r\nbody\r\n",
    "encoded words.eml": lambda c: (
        HEAD
        + b"Comments: "
        + b"=?utf-8?q?x?= " * 3000
        + b"=?utf-8?b?"
        + base64.b64encode(b" " + c.encode())
        + b"?=\r\n\r\nbody\r\n"
    ),
    "unknown word.eml": lambda c: (
        HEAD + b"Comments: =?x-unknown?q?" + c.replace("@", "=40").encode() + b"?=\r\n\r\nbody\r\n"
    ),
    "Bcc.eml": lambda c: HEAD + b"Bcc: " + c.encode() + b"\r\n\r\nbody\r\n",
    "Received.eml": lambda c: (
        b"Received: by x.example for <" + c.encode() + b">; Mon, 1 Jan 2024 10:00:00 +0000\r\n" + HEAD + b"\r\nbody\r\n"
    ),
    "header twice.eml": lambda c: HEAD + b"To: " + c.encode() + b"\r\n\r\nbody\r\n",
    "own header.eml": lambda c: HEAD + b"X-Customer: " + c.encode() + b"\r\n\r\nbody\r\n",
    "line that is no header.eml": lambda c: (
        HEAD + b"this is no header\r\nReply-To: " + c.encode() + b"\r\n\r\nbody\r\n"
    ),
    "NUL in a header.eml": lambda c: HEAD + b"X-A: a\0b " + c.encode() + b"\r\n\r\nbody\r\n",
    "preamble.eml": lambda c: parts(plain(b"x")).replace(b"\r\n\r\n--B", b"\r\n\r\n" + c.encode() + b"\r\n--B", 1),
    "epilogue.eml": lambda c: parts(plain(b"x")) + b"\r\nafter all " + c.encode() + b"\r\n",
    "no boundary.eml": lambda c: (
        HEAD + b"Content-Type: multipart/mixed\r\n\r\n--B\r\n" + plain(c.encode()) + b"\r\n--B--\r\n"
    ),
    "wrong boundary.eml": lambda c: parts(plain(c.encode())).replace(b"boundary=B", b"boundary=Z"),
    "boundary that never ends.eml": lambda c: parts(plain(c.encode())).replace(b"--B--", b""),
    "ten thousand parts.eml": lambda c: parts(*[plain(b"x")] * 5000, plain(c.encode())),
    "base64.eml": lambda c: parts(attached(c.encode(), b"text/plain", b"a.txt")),
    "base64 with junk.eml": lambda c: parts(
        attached(b"Dear Ann, write to " + c.encode() + b" soon\n", b"text/plain", b"a.txt").replace(
            b"RGVh", b"RG!\n*Vh"
        )
    ),
    "base64 cut off.eml": lambda c: parts(attached(c.encode() + b" and a tail that is cut", b"text/plain", b"a.txt"))[
        :-30
    ],
    "quoted-printable.eml": lambda c: parts(
        attached(c.replace("@", "=40").encode(), b"text/plain", b"a.txt", b"x").replace(
            b"Encoding: x", b"Encoding: quoted-printable"
        )
    ),
    "soft line breaks.eml": lambda c: parts(
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + b"=\r\n".join(bytes([x]) for x in c.encode())
    ),
    "unknown coding.eml": lambda c: parts(attached(c.encode(), b"text/plain", b"a.txt", b"x-unknown")),
    "uuencode.eml": lambda c: mail(b"see below\n" + uuencoded(b"write to " + c.encode() + b"\n")),
    "x-uuencode part.eml": lambda c: parts(
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\n" + uuencoded(c.encode())
    ),
    "octet stream.eml": lambda c: parts(attached(c.encode(), b"application/octet-stream")),
    "picture that is text.eml": lambda c: parts(attached(b"Dear all, write to " + c.encode(), b"image/png", b"a.png")),
    "unknown charset.eml": lambda c: parts(b"Content-Type: text/plain; charset=x-klingon\r\n\r\n" + c.encode()),
    "wrong charset.eml": lambda c: parts(b"Content-Type: text/plain; charset=utf-16\r\n\r\n" + c.encode()),
    "only HTML.eml": lambda c: parts(b"Content-Type: text/html\r\n\r\n<p>" + c.encode() + b"</p>"),
    "HTML differs.eml": lambda c: parts(
        plain(b"see the HTML"), b"Content-Type: text/html\r\n\r\n<p>" + c.encode() + b"</p>"
    ).replace(b"multipart/mixed", b"multipart/alternative"),
    "enriched.eml": lambda c: parts(b"Content-Type: text/enriched\r\n\r\n<bold>" + c.encode() + b"</bold>"),
    "delivery status.eml": lambda c: parts(
        b"Content-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; " + c.encode() + b"\r\n"
    ),
    "headers only.eml": lambda c: parts(b"Content-Type: text/rfc822-headers\r\n\r\nFrom: " + c.encode() + b"\r\n"),
    "partial message.eml": lambda c: mail(c.encode(), b"Content-Type: message/partial; id=a; number=2; total=3\r\n"),
    "external body.eml": lambda c: mail(
        b"Content-Type: text/plain\r\n\r\n" + c.encode(),
        b"Content-Type: message/external-body; access-type=mail-server\r\n",
    ),
    "long line.eml": lambda c: mail(b"word " * 300_000 + c.encode() + b"\r\n"),
    "line ends of a Mac.eml": lambda c: mail(c.encode() + b"\r\n").replace(b"\r\n", b"\r"),
    "NULs in the body.eml": lambda c: mail(bytes(3000) + b"\r\n" + c.encode() + b"\r\n"),
    "flowed.eml": lambda c: mail(
        b"write to \r\n" + c.encode() + b" \r\nsoon\r\n", b"Content-Type: text/plain; format=flowed\r\n"
    ),
    "deep quotation.eml": lambda c: mail(b">" * 400 + b" " + c.encode() + b"\r\n"),
    "clear signed.eml": lambda c: parts(plain(c.encode()), b"Content-Type: application/pgp-signature\r\n\r\nx").replace(
        b"multipart/mixed", b"multipart/signed; protocol=a"
    ),
    "PGP.eml": lambda c: mail(
        b"-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\n"
        + c.encode()
        + b"\r\n-----BEGIN PGP SIGNATURE-----\r\n"
    ),
    "hundred parameters.eml": lambda c: (
        HEAD
        + b"Content-Type: text/plain"
        + b"".join(b"; p%d=1" % n for n in range(9000))
        + b"\r\n\r\n"
        + c.encode()
        + b"\r\n"
    ),
    "many messages.mbox": lambda c: (
        (ENVELOPE + mail(b"x\r\n").replace(b"\r\n", b"\n") + b"\n") * 2000
        + ENVELOPE
        + mail(c.encode() + b"\n").replace(b"\r\n", b"\n")
    ),
    "long message.mbox": lambda c: (
        ENVELOPE + b"Subject: x\r\n" + b"\n" + b"x\n" * 600_000 + c.encode() + b"\n\n" + ENVELOPE + HEAD + b"\nx\n"
    ),
    "From in the body.mbox": lambda c: (
        ENVELOPE + HEAD.replace(b"\r\n", b"\n") + b"\nFrom here on\n" + c.encode() + b"\n"
    ),
    "junk before.mbox": lambda c: b"junk\n" * 30 + ENVELOPE + HEAD.replace(b"\r\n", b"\n") + b"\n" + c.encode() + b"\n",
    "cut off.mbox": lambda c: (
        ENVELOPE + HEAD.replace(b"\r\n", b"\n") + b"\n" + c.encode() + b"\n\n" + ENVELOPE + HEAD
    )[:-60],
    "folded.vcf": lambda c: (
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:x\r\nEMAIL:"
        + b"\r\n ".join(bytes([x]) for x in c.encode())
        + b"\r\nEND:VCARD\r\n"
    ),
    "long note.vcf": lambda c: (
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:x\r\nNOTE:" + b"word " * 100_000 + c.encode() + b"\r\nEND:VCARD\r\n"
    ),
    "five thousand cards.vcf": lambda c: (
        b"BEGIN:VCARD\r\nFN:x\r\nEND:VCARD\r\n" * 5000
        + b"BEGIN:VCARD\r\nFN:y\r\nEMAIL:"
        + c.encode()
        + b"\r\nEND:VCARD\r\n"
    ),
    "never ends.vcf": lambda c: b"BEGIN:VCARD\r\nFN:x\r\nEMAIL:" + c.encode() + b"\r\n",
    "own field.vcf": lambda c: b"BEGIN:VCARD\r\nFN:x\r\nitem1.X-OTHER;TYPE=a:" + c.encode() + b"\r\nEND:VCARD\r\n",
    "parameter.ics": lambda c: (
        b'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nATTENDEE;CN=x;SENT-BY="mailto:'
        + c.encode()
        + b'":mailto:a@x.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'
    ),
    "own field.ics": lambda c: (
        b"BEGIN:VCALENDAR\r\nX-OWNER:"
        + c.encode()
        + b"\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ),
    "quoted-printable.vcf": lambda c: (
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nFN:x\r\nNOTE;ENCODING=QUOTED-PRINTABLE:"
        + c.replace("@", "=40").encode()
        + b"\r\nEND:VCARD\r\n"
    ),
}


CASES = MAIL
