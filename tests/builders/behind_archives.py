"""An address goes in, archives come out that hide it behind depth, damage, comments and what stands beside members."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable

from backports import zstd


def zipped(name: str, data: bytes, kind: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    """A ZIP file of one member."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        info = zipfile.ZipInfo(name)
        info.compress_type = kind
        archive.writestr(info, data)
        archive.comment = comment
    return out.getvalue()


def zips(depth: int) -> Callable[[str], bytes]:
    """Archives within each other."""

    def make(canary: str) -> bytes:
        data, name = f"write to {canary}\n".encode(), "a.txt"
        for _ in range(depth):
            data, name = zipped(name, data), "a.zip"
        return data

    return make


def tarred(data: bytes, kind: int = tarfile.PAX_FORMAT, name: str = "a.txt") -> bytes:
    """A tar file of one member."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=kind) as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def two(name: str, *members: tuple[str, bytes]) -> bytes:
    """A ZIP file of several members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in members:
            archive.writestr(member, data)
    return out.getvalue() if name else b""


TEXT = b"write to %s soon\n"


def local_only(canary: str) -> bytes:
    whole = zipped("a.txt", TEXT % canary.encode(), zipfile.ZIP_STORED)
    return whole[: whole.index(b"PK\x01\x02")]


def wrong_sum(canary: str) -> bytes:
    whole = bytearray(zipped("a.txt", TEXT % canary.encode(), zipfile.ZIP_STORED))
    struct.pack_into("<L", whole, 14, 7)
    struct.pack_into("<L", whole, whole.index(b"PK\x01\x02") + 16, 7)
    return bytes(whole)


def method(canary: str) -> bytes:
    whole = bytearray(zipped("a.txt", TEXT % canary.encode()))
    struct.pack_into("<H", whole, 8, 97)
    struct.pack_into("<H", whole, whole.index(b"PK\x01\x02") + 10, 97)
    return bytes(whole)


def gz(canary: str, **flags: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = TEXT % canary.encode() if not flags else b"x"
    body = packer.compress(data) + packer.flush()
    extra = b"".join(value.replace(b"?", canary.encode()) + b"\0" for value in flags.values())
    flag = sum({"name": 8, "comment": 16}[name] for name in flags)
    return b"\x1f\x8b\x08" + bytes([flag]) + bytes(6) + extra + body + struct.pack("<LL", zlib.crc32(data), len(data))


def _link(canary: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("a.txt")
        info.type, info.linkname = tarfile.SYMTYPE, f"/home/{canary}"
        archive.addfile(info)
    return out.getvalue()


def _pax(canary: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("a.txt")
        info.pax_headers = {"comment": f"made by {canary}"}
        archive.addfile(info)
    return out.getvalue()


CASES: dict[str, Callable[[str], bytes]] = {
    **{f"depth {depth}.zip": zips(depth) for depth in (5, 9, 10, 11, 12, 30)},
    "behind a bomb.zip": lambda c: two("x", ("bomb.txt", bytes(30_000_000)), ("b.txt", TEXT % c.encode())),
    "behind a broken member.zip": lambda c: two("x", ("a.zip", b"PK\x03\x04 broken"), ("b.txt", TEXT % c.encode())),
    "three thousand members.zip": lambda c: two(
        "x", *[(f"{n}.txt", b"x") for n in range(3000)], ("z.txt", TEXT % c.encode())
    ),
    "without a directory.zip": local_only,
    "wrong sum.zip": wrong_sum,
    "unknown method.zip": method,
    "stored.zip": lambda c: zipped("a.txt", TEXT % c.encode(), zipfile.ZIP_STORED),
    "bzip2.zip": lambda c: zipped("a.txt", TEXT % c.encode(), zipfile.ZIP_BZIP2),
    "lzma.zip": lambda c: zipped("a.txt", TEXT % c.encode(), zipfile.ZIP_LZMA),
    "comment.zip": lambda c: zipped("a.txt", b"x", comment=TEXT % c.encode()),
    "behind a program.exe": lambda c: b"MZ" + bytes(600) + zipped("a.txt", TEXT % c.encode()),
    "behind text.zip": lambda c: b"some text before it\n" * 40 + zipped("a.txt", TEXT % c.encode()),
    "trailing.zip": lambda c: zipped("a.txt", b"x") + b"\n" + TEXT % c.encode(),
    "cut off.zip": lambda c: two("x", ("a.txt", TEXT % c.encode()), ("b.txt", bytes(range(256)) * 99))[:-300],
    "same name twice.zip": lambda c: two("x", ("a.txt", b"x"), ("a.txt", TEXT % c.encode())),
    "folder entry with content.zip": lambda c: two("x", ("folder/", TEXT % c.encode())),
    "absolute name.zip": lambda c: two("x", ("/etc/passwd", TEXT % c.encode())),
    "name up and out.zip": lambda c: two("x", ("../../a.txt", TEXT % c.encode())),
    "empty name.zip": lambda c: zipped("", TEXT % c.encode()),
    "gzip.gz": gz,
    "comment.gz": lambda c: gz(c, comment=b"?"),
    "two streams.gz": lambda c: gzip.compress(b"x\n") + gzip.compress(TEXT % c.encode()),
    "junk behind.gz": lambda c: gzip.compress(b"x\n") + b"\0" * 20 + TEXT % c.encode(),
    "cut off.gz": lambda c: gzip.compress(TEXT % c.encode() * 500, 0)[:-9000],
    "wrong sum.gz": lambda c: gzip.compress(TEXT % c.encode())[:-8] + b"\0" * 8,
    "two streams.bz2": lambda c: bz2.compress(b"x\n") + bz2.compress(TEXT % c.encode()),
    "two streams.xz": lambda c: lzma.compress(b"x\n") + lzma.compress(TEXT % c.encode()),
    "two frames.zst": lambda c: zstd.compress(b"x\n") + zstd.compress(TEXT % c.encode()),
    "junk behind.bz2": lambda c: bz2.compress(b"x\n") + TEXT % c.encode(),
    "junk behind.xz": lambda c: lzma.compress(b"x\n") + TEXT % c.encode(),
    "tar within.tar.gz": lambda c: gzip.compress(tarred(gzip.compress(TEXT % c.encode()), name="a.gz")),
    "old.tar": lambda c: tarred(TEXT % c.encode(), tarfile.USTAR_FORMAT),
    "long name.tar": lambda c: tarred(TEXT % c.encode(), tarfile.GNU_FORMAT, "x" * 400 + ".txt"),
    "behind the end.tar": lambda c: tarred(b"x") + tarred(TEXT % c.encode()),
    "behind zeros.tar": lambda c: tarred(b"x")[:1024] + bytes(512) + tarred(TEXT % c.encode()),
    "broken header.tar": lambda c: tarred(b"x")[:1024] + b"\xff" * 512 + tarred(TEXT % c.encode()),
    "cut off.tar": lambda c: tarred(TEXT % c.encode() * 300)[:5000],
    "link.tar": lambda c: _link(c),
    "extended header.tar": lambda c: _pax(c),
}
