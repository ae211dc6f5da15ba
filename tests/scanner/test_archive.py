"""Archives: every member or its reason; cut off, encrypted, lying, overlapping, with odd names; nothing written."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator

import pytest

from scanner.formats.archives.archive import extract_bzip2, extract_gzip, extract_tar, extract_xz, extract_zip
from scanner.limits import Budget, Limits
from scanner.model import Child, Lost, Part, Reason, Skip, Tally

LIMITS = Limits()
Extract = Callable[[io.BytesIO, Budget], Iterator[Part]]


def read(extract: Extract, data: bytes, limits: Limits = LIMITS) -> tuple[list[tuple[str, bytes]], list[Lost]]:
    """Members with their bytes, and losses; each member is opened before the next part is asked for."""
    budget = Budget(limits, len(data))
    members, lost = [], []
    for part in extract(io.BytesIO(data), budget):
        if isinstance(part, Child):
            with part.open() as source, budget.spooled(source) as copy:
                members.append((part.name, copy.read()))
        elif isinstance(part, Lost):
            lost.append(part)
    return members, lost


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def tarred(*members: tuple[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


TEXT = b"ann@x.example " * 5000


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_zip_members_of_every_method(method: int) -> None:
    data = zipped(("a.txt", TEXT), ("dir/", b""), ("dir/b.txt", b""), method=method)
    assert read(extract_zip, data) == ([("a.txt", TEXT), ("dir/b.txt", b"")], [])


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_tar_members_of_every_form(form: int) -> None:
    names = ["a.txt", "d" * 90 + "/" + "f" * 95, "naïve.txt"]
    assert read(extract_tar, tarred(*((name, TEXT) for name in names), form=form)) == ([(n, TEXT) for n in names], [])


def test_zip64_and_bytes_before_the_archive() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, archive.open("big.txt", "w", force_zip64=True) as member:
        member.write(TEXT)
    assert read(extract_zip, b"#!/bin/sh\n" + out.getvalue()) == ([("big.txt", TEXT)], [])


@pytest.mark.parametrize(
    ("extract", "pack"), [(extract_gzip, gzip.compress), (extract_bzip2, bz2.compress), (extract_xz, lzma.compress)]
)
def test_single_packed_files(extract: Extract, pack: Callable[[bytes], bytes]) -> None:
    twice = pack(TEXT) + pack(b"more")
    assert read(extract, twice) == ([("", TEXT + b"more")], [])
    assert read(extract, pack(TEXT) + b"\0" * 600) == ([("", TEXT)], [])
    ((_, cut),), (lost,) = read(extract, pack(bytes(range(256)) * 900)[:-9])
    assert lost.reason is Reason.DAMAGED
    assert (bytes(range(256)) * 900).startswith(cut)


def test_gzip_keeps_its_name() -> None:
    out = io.BytesIO()
    with gzip.GzipFile("stäff.csv.gz", "wb", fileobj=out) as target:
        target.write(b"x")
    assert read(extract_gzip, out.getvalue())[0][0][0] == "stäff.csv"


def test_names_are_kept_as_they_are_and_repeats_are_all_given() -> None:
    names = ["../../etc/passwd", "/abs.txt", "C:\\x.txt", "a\x1b[2J.txt", "same", "same"]
    with pytest.warns(UserWarning, match="Duplicate"):
        data = zipped(*((name, name.encode()) for name in names))
    assert [name for name, _ in read(extract_zip, data)[0]] == names
    assert [name for name, _ in read(extract_tar, tarred(*((name, b"x") for name in names)))[0]] == names


@pytest.mark.parametrize(("raw", "expected"), [(b"na\x8bve", "naïve"), ("naïve".encode(), "naïve")])
def test_zip_names_in_the_dos_code_page_and_unmarked_utf8(raw: bytes, expected: str) -> None:
    data = zipped(("x" * len(raw), b"1")).replace(b"x" * len(raw), raw)
    assert read(extract_zip, data)[0][0][0] == expected


def flagged(data: bytes, offset: int, value: int) -> bytes:
    """A zip of one member with a field changed in both its headers; `offset` as in the member's own header."""
    changed = bytearray(data)
    for mark, shift in ((b"PK\x03\x04", 0), (b"PK\x01\x02", 2)):
        struct.pack_into("<H", changed, data.index(mark) + offset + shift, value)
    return bytes(changed)


@pytest.mark.parametrize(
    ("offset", "value", "reason"),
    [(6, 1, Reason.ENCRYPTED), (8, 99, Reason.ENCRYPTED), (8, 98, Reason.UNSUPPORTED), (8, 6, Reason.UNSUPPORTED)],
)
def test_zip_members_that_cannot_be_read_are_lost_by_name(offset: int, value: int, reason: Reason) -> None:
    members, (lost,) = read(extract_zip, flagged(zipped(("a.txt", TEXT)), offset, value))
    assert not members
    assert (lost.name, lost.reason) == ("a.txt", reason)


def test_links_and_devices_are_special() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in (("s", tarfile.SYMTYPE), ("h", tarfile.LNKTYPE), ("f", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    members, lost = read(extract_tar, out.getvalue())
    assert not members
    assert [(part.name, part.reason) for part in lost] == [(name, Reason.SPECIAL) for name in "shf"]
    link = zipfile.ZipInfo("s")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive_zip:
        archive_zip.writestr(link, "/etc/passwd")
    assert read(extract_zip, packed.getvalue())[1][0].reason is Reason.SPECIAL


@pytest.mark.parametrize(("extract", "pack"), [(extract_zip, zipped), (extract_tar, tarred)])
def test_a_cut_off_archive_is_read_as_far_as_it_goes(extract: Extract, pack: Callable[..., bytes]) -> None:
    noise = bytes(number * 7919 % 251 for number in range(40_000))
    data = pack(("a.txt", noise), ("b.txt", noise))
    members, lost = read(extract, data[: len(data) * 3 // 4])
    assert members[0] == ("a.txt", noise)
    assert noise.startswith(members[1][1])
    assert {part.reason for part in lost} == {Reason.DAMAGED}


def test_a_damaged_header_in_a_tar_costs_one_member() -> None:
    data = bytearray(tarred(("a", b"1"), ("b", b"2"), ("c", b"3"), form=tarfile.USTAR_FORMAT))
    data[1024:1034] = b"\xff" * 10
    members, lost = read(extract_tar, bytes(data))
    assert [name for name, _ in members] == ["a", "c"]
    assert lost[0].reason is Reason.DAMAGED


def test_a_wrong_checksum_is_told_and_the_member_read() -> None:
    data = zipped(("a.txt", TEXT), method=zipfile.ZIP_STORED).replace(TEXT, TEXT.replace(b"ann", b"bob"))
    ((_, found),), (lost,) = read(extract_zip, data)
    assert found.startswith(b"bob")
    assert lost.reason is Reason.DAMAGED


def test_declared_sizes_are_not_believed() -> None:
    data = bytearray(zipped(("zeros", b"\0" * 40_000_000)))
    struct.pack_into("<L", data, data.index(b"PK\x01\x02") + 24, 10)
    with pytest.raises(Skip) as caught:
        read(extract_zip, bytes(data))
    assert caught.value.reason is Reason.LIMIT


def test_members_that_share_bytes_are_given_once() -> None:
    data = zipped(("a.txt", TEXT))
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entry = data[start:end]
    record = bytearray(data[end:])
    struct.pack_into("<HHL", record, 8, 500, 500, len(entry) * 500)
    members, lost = read(extract_zip, data[:start] + entry * 500 + bytes(record))
    assert len(members) == 1
    assert len(lost) == 499
    assert {part.reason for part in lost} == {Reason.DAMAGED}


def test_the_number_of_members_is_limited_and_told() -> None:
    data = zipped(*((f"{number}.txt", b"x") for number in range(20)))
    with pytest.raises(Skip) as caught:
        read(extract_zip, data, Limits(max_members=10))
    assert caught.value.reason is Reason.LIMIT
    tally = list(extract_zip(io.BytesIO(data), Budget(Limits(), 1)))[-1]
    assert tally == Tally(20, 20)


@pytest.mark.parametrize("extract", [extract_zip, extract_tar])
def test_what_is_no_archive_is_damaged(extract: Extract) -> None:
    with pytest.raises(Skip) as caught:
        read(extract, b"PK\x03\x04" + b"nothing at all " * 100)
    assert caught.value.reason is Reason.DAMAGED
