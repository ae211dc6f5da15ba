"""The password file: what opens with it, what is told of it, and that no password stands anywhere afterwards."""

import io
import os
import sqlite3
import zipfile
from pathlib import Path

import pytest
import pyzipper
from click.testing import CliRunner

from scanner import scan
from scanner.formats.archives.archive import extract_zip
from scanner.home import load_key
from scanner.limits import Budget, Limits
from scanner.model import About, Child, Lost, Part, Reason
from scanner.passwords import Passwords, read_passwords
from scanner.plan import PlanError, make_plan, make_roots
from scanner.run import Run, scan_to_files
from subjects.cli import scan_command

SECRET = "Grün7-open-sesame"
TEXT = b"Write to ann@x.example. " * 3000
AES = {"encryption": pyzipper.WZ_AES}


def zip_cipher(data: bytes, password: bytes, check: int) -> bytes:
    """ZipCrypto as APPNOTE 6.1 tells it, for want of a library that writes it."""

    def table(value: int) -> int:
        for _ in range(8):
            value = (value >> 1) ^ (0xEDB88320 if value & 1 else 0)
        return value

    keys = [0x12345678, 0x23456789, 0x34567890]

    def move(byte: int) -> None:
        keys[0] = (keys[0] >> 8) ^ table((keys[0] ^ byte) & 255)
        keys[1] = ((keys[1] + (keys[0] & 255)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = (keys[2] >> 8) ^ table((keys[2] ^ (keys[1] >> 24)) & 255)

    for byte in password:
        move(byte)
    out = bytearray()
    for byte in bytes(range(11)) + bytes([check]) + data:
        mixed = keys[2] | 2
        out.append(byte ^ (((mixed * (mixed ^ 1)) >> 8) & 255))
        move(byte)
    return bytes(out)


def traditional(text: bytes, password: bytes, method: int) -> bytes:
    """A zip of one ZipCrypto member: one in clear, with its bytes exchanged and its headers changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr(zipfile.ZipInfo("a.txt"), text, method)
        info = archive.infolist()[0]
    plain = out.getvalue()
    start = 30 + len("a.txt")
    head = bytearray(plain[:start])
    body = zip_cipher(plain[start : start + info.compress_size], password, info.CRC >> 24)
    central = bytearray(plain[start + info.compress_size :])
    head[6] |= 1
    head[18:22] = central[20:24] = len(body).to_bytes(4, "little")
    central[8] |= 1
    end = central.rindex(b"PK\x05\x06")
    central[end + 16 : end + 20] = (start + len(body)).to_bytes(4, "little")
    return bytes(head) + body + bytes(central)


def aes(text: bytes, password: str, bits: int = 256, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", compression=method, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(password.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=bits)
        archive.writestr("a.txt", text)
    return out.getvalue()


def read(data: bytes, *passwords: str) -> tuple[list[bytes], list[Lost], list[Part]]:
    budget = Budget(Limits(), len(data), tuple(enumerate(passwords, 1)))
    members, lost, others = [], [], []
    for part in extract_zip(io.BytesIO(data), budget):
        if isinstance(part, Child):
            members.append(part.open().read())
        elif isinstance(part, Lost):
            lost.append(part)
        else:
            others.append(part)
    return members, lost, others


@pytest.mark.parametrize("bits", [128, 192, 256])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_aes_members_open_with_the_line_that_fits(bits: int, method: int) -> None:
    members, lost, others = read(aes(TEXT, SECRET, bits, method), "wrong", SECRET)
    assert (members, lost) == ([TEXT], [])
    assert About(password_line=2) in others


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
@pytest.mark.parametrize("code_page", ["utf-8", "cp1252"])
def test_old_encryption_opens_too(method: int, code_page: str) -> None:
    data = traditional(TEXT, SECRET.encode(code_page), method)
    members, lost, others = read(data, *(f"wrong {number}" for number in range(300)), SECRET)
    assert (members, lost) == ([TEXT], [])
    assert About(password_line=301) in others


def test_a_password_whose_check_byte_fits_by_chance_is_not_believed() -> None:
    data = traditional(TEXT, b"right", zipfile.ZIP_STORED)
    members, (lost,), _ = read(data, *(f"wrong {number}" for number in range(600)))
    assert not members
    assert (lost.name, lost.reason) == ("a.txt", Reason.ENCRYPTED)


@pytest.mark.parametrize("make", [aes, lambda text, word: traditional(text, word.encode(), zipfile.ZIP_DEFLATED)])
def test_without_a_fitting_password_the_member_is_listed_with_what_to_do(make) -> None:  # type: ignore[no-untyped-def]
    data = make(TEXT, SECRET)
    for passwords, words in (((), "--passwords FILE"), (("wrong",), "none in the password file")):
        members, (lost,), _ = read(data, *passwords)
        assert not members
        assert (lost.name, lost.reason) == ("a.txt", Reason.ENCRYPTED)
        assert words in lost.detail


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_cut_off_encrypted_member_is_read_as_far_as_it_goes(keep: float) -> None:
    noise = os.urandom(50_000)
    data = aes(noise, SECRET, method=zipfile.ZIP_STORED)
    (member,), lost, _ = read(data[: int(len(data) * keep)], SECRET)
    assert noise.startswith(member[: int(len(noise) * keep) - 200])
    assert len(member) > len(noise) * (keep - 0.05)
    assert {part.reason for part in lost} == {Reason.DAMAGED}


def test_time_for_passwords_is_limited_and_the_limit_told() -> None:
    data = aes(TEXT, SECRET)
    budget = Budget(Limits(password_seconds=0.01), len(data), tuple(enumerate(map(str, range(500)), 1)))
    [lost] = [part for part in extract_zip(io.BytesIO(data), budget) if isinstance(part, Lost)]
    assert "seconds went into trying" in lost.detail


def test_lines_are_counted_with_blank_ones(tmp_path: Path) -> None:
    file = tmp_path / "words"
    file.write_bytes("\ufeffone\r\n\r\n  two words \n\nünf".encode())
    assert read_passwords(file).pairs == ((1, "one"), (3, "  two words "), (5, "ünf"))
    assert "one" not in repr(read_passwords(file))


@pytest.mark.parametrize(("content", "words"), [(b"\xff\n", "Line 1"), (None, "cannot be read"), (b"x\n" * 20_000, "more than")])  # fmt: skip  # noqa: E501
def test_a_file_that_is_no_password_file_is_refused(tmp_path: Path, content: bytes | None, words: str) -> None:
    file = tmp_path / "words"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(PlanError, match=words) as caught:
        read_passwords(file)
    assert caught.value.__cause__ is None or isinstance(caught.value.__cause__, OSError)


@pytest.fixture
def share(empty_share: Path, tmp_path: Path) -> Path:
    (empty_share / "old.zip").write_bytes(aes(TEXT, SECRET))
    words = tmp_path / "words"
    words.write_text(f"wrong\n\n{SECRET}\n", encoding="utf-8")
    words.chmod(0o600)
    return empty_share


@pytest.mark.parametrize("executor", ["--jobs=1", "config"])
def test_the_command_opens_and_says_by_which_line(share: Path, executor: str) -> None:
    given = ["--passwords", "words"]
    if executor == "config":
        Path("whosedata.toml").write_text('[scan]\npasswords = "words"\n', encoding="utf-8")
        given = ["--config", "whosedata.toml"]
    result = CliRunner().invoke(scan_command, ["share", "--names", "off", "--out", "r.csv", "-v", *given])
    assert result.exit_code == 0, result.output
    assert "EMAIL_ADDRESS" in result.stdout
    assert "opened with line 3 of the password file" in Path("r.items.csv").read_text(encoding="utf-8")
    assert not result.stderr


def test_a_file_that_everybody_can_read_is_warned_of(share: Path) -> None:
    Path("words").chmod(0o644)
    result = CliRunner().invoke(scan_command, ["share", "--names", "off", "--passwords", "words"])
    assert result.exit_code == 0
    assert "others on this computer can read words" in result.stderr


def test_no_password_stands_in_what_is_left_on_disk(share: Path) -> None:
    (share / "more.txt").write_text("ann@x.example", encoding="utf-8")
    (share / "words").write_bytes(Path("words").read_bytes())
    scan("share", Path("r.parquet"), names="off", passwords=share / "words", home="home")
    written = [file for file in (*Path().glob("r.*"), *Path("home").rglob("*")) if file.is_file()]
    assert len(written) == 4
    for file in written:
        assert SECRET.encode() not in file.read_bytes(), file
    assert "words" not in set(
        scan("share", passwords=share / "words", home="home", names="off").items["item"].to_pylist()
    )


def test_an_interrupted_scan_goes_on_with_the_same_passwords_only(share: Path) -> None:
    plan = make_plan(make_roots([share]), {}, names="off")

    class Stop(Exception):  # noqa: N818
        pass

    def stop(_: object) -> None:
        raise Stop

    def fingerprint(passwords: Passwords) -> str:
        with pytest.raises(Stop):
            scan_to_files(plan, Run(Path("r.parquet"), Path("home"), passwords=passwords), inspect=stop)
        base = sqlite3.connect("r.parquet.journal/journal.sqlite")
        [(value,)] = base.execute("SELECT value FROM meta WHERE name = 'fingerprint'")
        assert base.execute("SELECT count(*) FROM done").fetchone() == (1,)
        base.close()
        return str(value)

    known = read_passwords(Path("words"))
    first = fingerprint(known)
    assert first == fingerprint(known)
    assert SECRET not in first
    assert first != fingerprint(Passwords())
    assert known.fingerprint(load_key(Path("home"))) != known.fingerprint(load_key(Path("other")))
