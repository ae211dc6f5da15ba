"""The sample share: made again it is the same, byte for byte, and what is planted really stands in its files.

The files are read with the standard library alone, so that a defect of our formats cannot hide one of the makers.
"""

import csv
import email
import email.policy
import gzip
import html
import io
import re
import sqlite3
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_data"
SHARE, TROUBLE = SAMPLE / "share", SAMPLE / "trouble"
ENCODINGS = {"thank you letter.txt": "cp1252", "phone list.txt": "utf-16"}


def expected(name: str) -> list[dict[str, str]]:
    text = (SAMPLE / "expected" / f"{name}.tsv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def texts(item: str, raw: bytes) -> Iterator[tuple[str, str]]:
    """(locator, text) of an item and of its members; a member that is locked has no text."""
    name = item.rpartition("/")[2]
    if name.endswith(".zip"):
        yield item, ""
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for member in archive.infolist():
                path = f"{item}!/{member.filename}"
                yield from [(path, "")] if member.flag_bits & 1 else texts(path, archive.read(member))
    elif name.endswith(".tar"):
        yield item, ""
        with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
            for member in archive:
                stream = archive.extractfile(member)
                assert stream is not None
                yield from texts(f"{item}!/{member.name}", stream.read())
    elif name.endswith(".gz"):
        yield item, ""
        yield from texts(f"{item}!/{name.removesuffix('.gz')}", gzip.decompress(raw))
    elif name.endswith(".mbox"):
        yield item, ""
        mails = re.split(rb"(?m)^From MAILER-DAEMON .*\n", raw)[1:]
        for number, mail in enumerate(mails, 1):
            yield from mail_texts(f"{item}!/{{{number}}}", mail)
    elif name.endswith(".eml"):
        yield from mail_texts(item, raw)
    else:
        yield item, plain(name, raw)


def mail_texts(item: str, raw: bytes) -> Iterator[tuple[str, str]]:
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    body = [f"{name}: {value}" for name, value in mail.items()]
    for part in mail.walk():
        if part.get_filename():
            yield from texts(f"{item}!/{part.get_filename()}", part.get_payload(decode=True))
        elif not part.is_multipart():
            body.append(part.get_content())
    yield item, "\n".join(body)


def plain(name: str, raw: bytes) -> str:
    if name.endswith((".docx", ".xlsx")):
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            return html.unescape("\n".join(package.read(part).decode() for part in package.namelist()))
    if name.endswith(".db"):
        database = sqlite3.connect(":memory:")
        database.deserialize(raw)
        return "\n".join(database.iterdump()).replace("''", "'")
    if name.endswith((".pdf", ".png")):
        return raw.decode("cp1252", "replace")
    return raw.decode(ENCODINGS.get(name, "utf-8"))


@pytest.fixture(scope="module")
def read() -> dict[str, str]:
    return {item: text.replace("\r\n", "\n") for path, raw in files(SHARE).items() for item, text in texts(path, raw)}


def test_made_again_it_is_the_same(tmp_path: Path) -> None:
    command = [sys.executable, "sample_data/make.py", "--out", str(tmp_path)]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    for folder in ("share", "trouble", "expected"):
        again, committed = files(tmp_path / folder), files(SAMPLE / folder)
        assert sorted(again) == sorted(committed)
        assert [path for path in again if again[path] != committed[path]] == []


def test_every_planted_value_stands_in_its_file(read: dict[str, str]) -> None:
    rows = expected("findings")
    assert len(rows) > 400
    for row in rows:
        value = row["value"].replace("\\n", "\n")
        assert read[row["item"]].count(value) >= int(row["count"]), row


def test_every_decoy_stands_in_its_file_and_is_not_planted(read: dict[str, str]) -> None:
    planted = {(row["item"], row["value"]) for row in expected("findings")}
    for row in expected("decoys"):
        assert row["value"] in read[row["item"]], row
        assert (row["item"], row["value"]) not in planted


def test_every_file_and_member_has_its_row(read: dict[str, str]) -> None:
    rows = {row["item"]: row for row in expected("items")}
    assert {path.name for path in TROUBLE.iterdir()} == {row["item"].partition("!/")[0] for row in expected("trouble")}
    assert sorted(rows) == sorted(read)
    whole = {row["item"] for row in expected("findings")}
    assert all(rows[item]["status"] == "examined" for item in whole)
    for item, row in rows.items():
        if row["duplicate_of"]:
            assert files(SHARE)[item] == files(SHARE)[row["duplicate_of"]]


def test_what_is_locked_can_be_opened_with_its_password() -> None:
    with zipfile.ZipFile(TROUBLE / "payroll 2022.zip") as archive:
        assert b"Helen Marchbank" in archive.read("payroll 2022.txt", b"wren")
