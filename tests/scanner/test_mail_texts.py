"""Texts of mails in the forms that programs give them: flowed lines, yEnc, dates; and what ties mails together."""

import base64
import io
import time
from collections.abc import Iterator

import pytest

from scanner.formats.mail.mail import extract
from scanner.formats.mail.mail_segments import unflowed
from scanner.limits import Budget, Limits
from scanner.model import About, Child, Part, Segment


def parts_of(data: bytes) -> list[Part]:
    return list(extract(io.BytesIO(data), Budget(Limits(), len(data))))


def members(data: bytes) -> Iterator[tuple[str, bytes]]:
    for part in extract(io.BytesIO(data), Budget(Limits(), len(data))):
        if isinstance(part, Child):
            with part.open() as stream:
                yield part.name, stream.read()


def body_text(headers: str, body: bytes) -> str:
    data = b"From: a@x.example\n" + headers.encode() + b"\n\n" + body if headers else b"From: a@x.example\n\n" + body
    return "".join(part.text for part in parts_of(data) if isinstance(part, Segment) and str(part.where) == "part=1")


def test_paragraphs_that_were_broken_into_lines_are_one_line_again() -> None:
    body = b"my address is \n10 High Street, \nLeeds\n\nfixed\n> quoted \n> on\n>> deeper\n-- \nAnn\n"
    assert body_text("Content-Type: text/plain; format=flowed", body) == (
        "my address is 10 High Street, Leeds\n\nfixed\n> quoted on\n>> deeper\n-- \nAnn"
    )
    assert body_text("Content-Type: text/plain; format=flowed; delsp=yes", b"ann@long. \nexample") == "ann@long.example"
    assert body_text("Content-Type: text/plain", b"a \nb") == "a \nb"


def test_a_paragraph_of_many_lines_takes_linear_time() -> None:
    begun = time.process_time()
    assert unflowed("a \n" * 500_000, keep_space=True).count("a") == 500_000
    assert time.process_time() - begun < 10


def test_files_in_yenc_within_the_text() -> None:
    plain = bytes(range(256))
    packed = b"".join(
        b"=" + bytes([(byte + 106) % 256]) if (byte + 42) % 256 in b"\0\n\r=" else bytes([(byte + 42) % 256])
        for byte in plain
    )
    data = (
        b"From: a@x.example\n\nsee below\n=ybegin line=128 size=256 name=a b.bin\n=ypart begin=1 end=256\n"
        + packed[:100] + b"\n" + packed[100:] + b"\n=yend size=256\nthat was it\n"
    )  # fmt: skip
    assert list(members(data)) == [("a b.bin", plain)]
    assert body_text("", data.partition(b"\n\n")[2]) == "see below\n\n\nthat was it\n"
    assert list(members(b"From: a@x.example\n\n" + b"=ybegin name=x\n" * 5000)) == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        (b"Date: Fri, 3 May 2024 10:12:00 +0100", 1714727520.0),
        (b"Date: 3 May 2024 09:12:00 GMT", 1714727520.0),
        (b"Received: from a by b; Fri, 3 May 2024 09:12:00 +0000", 1714727520.0),
        (b"Date: nonsense\nDelivery-Date: Fri, 3 May 2024 09:12:00 +0000", 1714727520.0),
        (b"Date: Fri, 3 May 2024 09:12:00", 1714727520.0),
        (b"Date: Fri, 3 May 99999 09:12:00 +0000", None),
        (b"Date: " + b"1 " * 50_000, None),
        (b"X-A: 1", None),
    ],
)
def test_the_date_of_a_mail(headers: bytes, seconds: float | None) -> None:
    found = [
        part.content_date for part in parts_of(b"From: a@x.example\n" + headers + b"\n\nx") if isinstance(part, About)
    ]
    assert found == ([] if seconds is None else [seconds])


def test_mails_that_no_id_ties_together_have_a_thread() -> None:
    def thread(headers: str) -> set[str]:
        data = b"From: a@x.example\n" + headers.encode() + b"\n\nhello"
        return {part.thread for part in parts_of(data) if isinstance(part, Segment)}

    assert thread("Subject: Re: AW: Fwd[2]: The  Fair") == thread("Subject: the fair") == {"the fair"}
    index = base64.b64encode(bytes(range(22)) + b"\1\2\3\4\5").decode()
    assert thread(f"Thread-Index: {index}\nSubject: x") == thread(
        f"Thread-Index: {base64.b64encode(bytes(range(22))).decode()}"
    )
