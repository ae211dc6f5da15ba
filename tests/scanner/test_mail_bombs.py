"""Mails made to exhaust their reader: each ends in seconds and little memory, and what is readable in it is found."""

import time
import tracemalloc
from pathlib import Path

import pytest

from scanner import scan

KB = 1024
HEADER_BOMBS = {
    "quotes": b'To: "' + b'a" "' * (25 * KB) + b"\n",
    "lone quotes": b"To: " + b'"' * (100 * KB) + b"\n",
    "encoded words": b"From: " + b"=?utf-8?q?a?= " * (64 * KB // 14) + b"\n",
    "one encoded word": b"From: =?utf-8?b?" + b"YW5u" * (16 * KB) + b"?= <a@x.example>\n",
    "parameters": b"Content-Type: text/plain" + b"; a=b" * (70 * KB) + b"\n",
    "pieces of a parameter": b"Content-Type: text/plain" + b"".join(b"; n*%d=x" % n for n in range(40_000)) + b"\n",
    "comments": b"Cc: " + b"(" * (100 * KB) + b"\n",
    "closed comments": b"Cc: " + b"(" * (50 * KB) + b")" * (50 * KB) + b"\n",
    "brackets": b"Bcc: " + b"<" * (100 * KB) + b"\n",
    "a message id": b"Message-ID: <" + b"a" * (50 * KB) + b"\n",
    "references": b"References: " + b"<a@b> " * (20 * KB) + b"\n",
    "groups": b"To: " + b"g:" * (50 * KB) + b";" * (50 * KB) + b"\n",
    "answers": b"Subject: " + b"Re: " * (25 * KB) + b"\n",
    "dates": b"Date: " + b"Mon, " * (20 * KB) + b"\n",
    "folded": b"To:" + b"\n a@x.example," * (8 * KB) + b"\n",
    "many": b"".join(b"X-%d: a\n" % n for n in range(30_000)),
}
BODY_BOMBS = {
    "messages in messages": b"".join(
        b"Content-Type: message/rfc822\n\nFrom: l%d@x.example\nMIME-Version: 1.0\n" % n for n in range(3000)
    ),
    "multiparts": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))
    + b"\nring last@x.example",
    "digests": b"Content-Type: multipart/digest; boundary=b\n\n" + b"--b\n\nFrom: d@x.example\n\nx\n" * 1000,
    "quotations": b"\n" + b"On 3 May 2024 Ann wrote:\n" * 20_000,
    "old mails": b"\n" + b"From: a\nSent: b\n" * 20_000,
    "rules": b"\n" + (b"_" * 20 + b"\n") * 20_000,
    "uuencoded": b"\n" + b"begin 644 a\n#86)C\n" * 20_000,
    "yenc": b"\n" + b"=ybegin line=1 name=a\nx\n" * 20_000,
    "comments of Word": b"Content-Type: multipart/alternative; boundary=b\n\n--b\n\nx\n--b\n\n" + b"[if x]>" * 50_000,
    "encrypted": b"\n" + b"-----BEGIN PGP MESSAGE-----\n" * 20_000,
}


def scanned(data: bytes, folder: Path) -> tuple[set[str], str | None, float]:
    """Values found, the reason of the mail's own row, and the processor time."""
    file = folder / "a.eml"
    file.write_bytes(data)
    begun = time.process_time()
    report = scan(file, home=folder / "home", names="off", values="clear")
    seconds = time.process_time() - begun
    top = next(row for row in report.items.to_pylist() if row["parent"] is None)
    return {row["value"] for row in report.findings.to_pylist()}, top["reason"], seconds


@pytest.mark.parametrize("name", HEADER_BOMBS)
def test_a_header_that_is_a_bomb(name: str, tmp_path: Path) -> None:
    data = b"From: first@x.example\nMIME-Version: 1.0\n" + HEADER_BOMBS[name] + b"\nwrite to last@x.example\n"
    values, reason, seconds = scanned(data, tmp_path)
    assert {"first@x.example", "last@x.example"} <= values
    assert reason is None
    assert seconds < 30


@pytest.mark.parametrize("name", BODY_BOMBS)
def test_a_body_that_is_a_bomb(name: str, tmp_path: Path) -> None:
    values, reason, seconds = scanned(b"From: first@x.example\nMIME-Version: 1.0\n" + BODY_BOMBS[name], tmp_path)
    assert "first@x.example" in values
    assert name != "multiparts" or "last@x.example" in values
    assert reason in {None, "limit", "encrypted"}
    assert seconds < 30


def test_no_header_takes_a_hundred_times_its_size(tmp_path: Path) -> None:
    scanned(b"From: first@x.example\n\nx", tmp_path)  # what loads once is no part of it
    for name in ("encoded words", "quotes", "closed comments", "pieces of a parameter"):
        tracemalloc.start()
        scanned(b"From: first@x.example\n" + HEADER_BOMBS[name] + b"\nx", tmp_path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 60 * KB * KB, name
