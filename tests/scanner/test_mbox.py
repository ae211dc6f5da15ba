"""Mailbox exports: every dialect of From lines, one member per message, in bounded memory."""

import io
import mailbox
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.formats.mail.mbox import extract
from scanner.limits import Budget, Limits
from scanner.model import Child, Part, Segment, Skip, Tally

FROM = b"From ann@x.example Mon May  6 10:12:13 2024\n"


def opened(data: bytes) -> Iterator[Part | bytes]:
    """The parts; a member as its bytes."""
    for part in extract(io.BytesIO(data), Budget(Limits(), len(data))):
        if isinstance(part, Child):
            with part.open() as stream:
                yield stream.read()
        else:
            yield part


def messages(data: bytes) -> list[bytes]:
    return [part for part in opened(data) if isinstance(part, bytes)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (FROM + b"To: a\n\none\n\n" + FROM + b"To: b\n\ntwo\n", [b"To: a\n\none\n", b"To: b\n\ntwo\n"]),
        ((FROM + b"To: a\n\none\n\n" + FROM + b"To: b\n\ntwo\n").replace(b"\n", b"\r\n"),
         [b"To: a\r\n\r\none\r\n", b"To: b\r\n\r\ntwo\r\n"]),
        (b"\xef\xbb\xbf\n" + FROM + b"To: a\n\none", [b"To: a\n\none"]),
        ((FROM + b"To: a\n\none\n\n" + FROM + b"To: b\n\ntwo").replace(b"\n", b"\r"),
         [b"To: a\n\none\n", b"To: b\n\ntwo"]),
        # mboxo and mboxrd: one sign less; a quotation of a header is left alone
        (FROM + b"To: a\n\n>From here\n>>From there\n> From x\n", [b"To: a\n\nFrom here\n>From there\n> From x\n"]),
        # a sentence that nobody quoted, and no blank line above an envelope
        (FROM + b"To: a\n\nhello\n\nFrom here on it is text\n\nFrom 10:30 in 2024 too\n", None),
        (FROM + b"To: a\n\none\n" + FROM + b"To: b\n\ntwo", [b"To: a\n\none\n", b"To: b\n\ntwo"]),
        # envelopes without address or date
        (b"From - \nTo: a\n\none\n\nFrom MAILER-DAEMON\nTo: b\n\ntwo", [b"To: a\n\none\n", b"To: b\n\ntwo"]),
        (b"From ???@??? Mon May 06 10:12:13 2024\nTo: a\n\none\n\nFrom 17@xxx Mon May 06 10:12:13 +0000 2024\n: bad\n",
         [b"To: a\n\none\n", b": bad\n"]),
        # mboxcl2: a length that is right frames text that looks like another message
        (FROM + b"Content-Length: 60\nTo: a\n\n\n" + FROM + b"To: no\n>From x\n\n" + FROM + b"To: b\n\ntwo",
         [b"Content-Length: 60\nTo: a\n\n\n" + FROM + b"To: no\n>From x\n", b"To: b\n\ntwo"]),
        (FROM + b"Content-Length: 5\nTo: a\n\nlonger text\n\n" + FROM + b"To: b\n\ntwo",
         [b"Content-Length: 5\nTo: a\n\nlonger text\n", b"To: b\n\ntwo"]),
        (FROM + b"Content-Length: 99999\nTo: a\n\none\n\n" + FROM + b"To: b\n\ntwo",
         [b"Content-Length: 99999\nTo: a\n\none\n", b"To: b\n\ntwo"]),
        # damaged and empty ones cost no neighbour
        (FROM + b"\x00\xff\n\n" + FROM + FROM + b"To: b\n\nx", [b"\x00\xff\n", b"", b"To: b\n\nx"]),
        (FROM + b"\n" + FROM + b"To: b\n\nx", [b"", b"To: b\n\nx"]),
    ],
)  # fmt: skip
def test_messages_of_every_dialect(data: bytes, expected: list[bytes] | None) -> None:
    found = messages(data)
    assert found == ([data.removeprefix(FROM)] if expected is None else expected)
    assert [part for part in opened(data) if isinstance(part, Tally)] == [Tally(len(found), len(found))]


def test_as_many_messages_as_the_standard_library_wrote(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "box")
    written = [f"Subject: {n}\n\nFrom the start\n\nFrom {n}\n".encode() for n in range(30)]
    for message in written:
        box.add(message)
    box.close()
    assert [m.rstrip() for m in messages((tmp_path / "box").read_bytes())] == [m.rstrip() for m in written]


@pytest.mark.parametrize(
    ("before", "kind"), [(b"notes: call\nann@x.example\n\n", Segment), (b"Subject: lost its line\n\nann\n\n", bytes)]
)
def test_what_stands_before_the_first_message_is_read(before: bytes, kind: type) -> None:
    parts = list(opened(before + FROM + b"To: a\n\none"))
    assert isinstance(parts[0], kind)
    assert b"ann" in (parts[0].text.encode() if isinstance(parts[0], Segment) else parts[0])
    assert messages(before + FROM + b"To: a\n\none")[-1] == b"To: a\n\none"


def test_the_envelope_sender_is_given_when_no_header_repeats_it() -> None:
    data = (
        FROM
        + b"To: a\n\none\n\n"
        + FROM
        + b"Return-Path: <ANN@x.example>\n\ntwo\n\nFrom 1@xxx Mon May 6 10:00:00 2024\nTo: c\n\n"
    )
    found = [part for part in opened(data) if isinstance(part, Segment)]
    assert [(part.text, str(part.where), part.role) for part in found] == [
        ("ann@x.example", "byte=0;header=From_", "sender")
    ]


def test_a_file_without_any_message_is_text() -> None:
    parts = list(opened(b"hello ann@x.example"))
    assert isinstance(parts[0], Segment)
    assert parts[1:] == [Tally(0, 0)]


def test_small_messages_are_limited_and_real_ones_are_not() -> None:
    limits = Limits(max_members=5, max_extracted=1000)
    small, real = FROM + b"To: a\n\none\n\n", FROM + b"To: a\n\n" + b"one\n" * 40 + b"\n"
    with pytest.raises(Skip):
        list(extract(io.BytesIO(small * 6), Budget(limits, 1000)))
    budget = Budget(limits, 10_000)
    count = 0
    for part in extract(io.BytesIO(real * 50), budget):
        if isinstance(part, Child):
            with part.open() as source, budget.spooled(source):
                count += 1
    assert count == 50
    assert budget.extracted == 0


class _Generated(io.RawIOBase):
    """A mailbox that is made while it is read, so that only the reader's own memory counts; counts the bytes read."""

    unit = FROM + b"To: a@x.example\n\n" + b"x" * 900 + b"\n\n"

    def __init__(self, times: int) -> None:
        self.size, self.at, self.count, self.largest = times * len(self.unit), 0, 0, 0

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self.at = offset if whence == 0 else self.size + offset if whence == 2 else self.at + offset
        return self.at

    def tell(self) -> int:
        return self.at

    def read(self, size: int = -1) -> bytes:
        wanted = self.size - self.at if size < 0 else min(size, self.size - self.at)
        first = self.at // len(self.unit)
        data = self.unit * (wanted // len(self.unit) + 2)
        start = self.at - first * len(self.unit)
        self.at += wanted
        self.count += wanted
        self.largest = max(self.largest, wanted)
        return data[start : start + wanted]


def test_memory_and_work_do_not_depend_on_the_size() -> None:
    works = []
    for times in (1000, 2000, 4000):
        stream = _Generated(times)
        parts = extract(stream, Budget(Limits(), stream.size))  # type: ignore[arg-type]
        assert sum(isinstance(part, Child) for part in parts) == times
        assert stream.largest <= 1 << 20
        works.append(stream.count)
    assert all(more <= 2.2 * less for less, more in pairwise(works))


_LINES = st.sampled_from([
    FROM, b"From ", b"From x\n", b"\n", b"\r\n", b"To: a\n", b"Content-Length: 3\n", b">From a\n", b"\xff\x00",
    b"Content-Length: 9",
])  # fmt: skip


@given(st.one_of(st.binary(max_size=300), st.lists(_LINES, max_size=40).map(b"".join)))
def test_no_bytes_raise_anything_and_none_are_lost(data: bytes) -> None:
    text = b"".join(
        part if isinstance(part, bytes) else part.text.encode() for part in opened(data) if not isinstance(part, Tally)
    )
    for word in (b"To: a", b"Content-Length: 3"):
        assert text.count(word) >= data.count(b"\n" + word)
