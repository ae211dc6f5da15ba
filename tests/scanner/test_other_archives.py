"""7z and what libarchive reads: each member or its reason, solid or locked or cut off; the same members as bsdtar."""

import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import py7zr
import pytest
import rare_archives
from inflate64 import Deflater

from scanner.formats import formats, load_format
from scanner.formats.archives.archive import extract_zip, extract_zstandard
from scanner.formats.archives.other_archives import extract_cpio, extract_lzip, extract_rar
from scanner.formats.archives.sevenzip import extract
from scanner.limits import Budget, Limits
from scanner.model import About, Child, Lost, Part, Reason, Skip, Tally
from scanner.reading import PACKED
from scanner.sniff import media_type

Extract = Callable[[io.BytesIO, Budget], Iterator[Part]]
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "archives"
TEXT = b"Write to ann@x.example. " * 4000
SECRET = "Grün7-open-sesame"


def read(target: Extract, data: bytes, *passwords: str, limits: Limits | None = None) -> dict[str, bytes | Lost | Part]:
    """Members by name, losses by name, and "about", "tally"; each member is read before the next part is asked for."""
    budget = Budget(limits or Limits(), len(data), tuple(enumerate(passwords, 1)))
    found: dict[str, bytes | Lost | Part] = {}
    for part in target(io.BytesIO(data), budget):
        if isinstance(part, Child):
            with part.open() as source, budget.spooled(source) as copy:
                found[part.name] = copy.read()
        elif isinstance(part, Lost):
            found[part.name] = part
        else:
            found[type(part).__name__] = part
    return found


def seven(*members: tuple[str, bytes], password: str | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", password=password, **options) as archive:
        for name, data in members:
            archive.writestr(data, name)
    return out.getvalue()


CHAINS = {
    "lzma2": [{"id": py7zr.FILTER_LZMA2, "preset": 1}],
    "lzma": [{"id": py7zr.FILTER_LZMA}],
    "bcj": [{"id": py7zr.FILTER_X86}, {"id": py7zr.FILTER_LZMA2, "preset": 1}],
    "delta": [{"id": py7zr.FILTER_DELTA}, {"id": py7zr.FILTER_LZMA2, "preset": 1}],
    "bzip2": [{"id": py7zr.FILTER_BZIP2}],
    "deflate": [{"id": py7zr.FILTER_DEFLATE}],
    "zstandard": [{"id": py7zr.FILTER_ZSTD, "level": 3}],
    "brotli": [{"id": py7zr.FILTER_BROTLI, "level": 3}],
    "copy": [{"id": py7zr.FILTER_COPY}],
}


@pytest.mark.parametrize("chain", CHAINS)
def test_members_of_a_solid_7z_of_every_method(chain: str) -> None:
    noise = os.urandom(300_000)
    data = seven(("a.txt", TEXT), ("d/noise.bin", noise), ("b.txt", TEXT[::-1]), filters=CHAINS[chain])
    assert read(extract, data) == {"a.txt": TEXT, "d/noise.bin": noise, "b.txt": TEXT[::-1], "Tally": Tally(3, 3)}


# Methods as 7-Zip's own program names them. PPMd is packed by no other: pyppmd 1.3.1 packs it wrong, or crashes, in one
# process of six; it unpacks well.
OF_7_ZIP = ("LZMA2", "LZMA", "PPMd:mem=16:o=2", "PPMd:mem=24:o=6", "PPMd:mem=27:o=32", "BZip2", "Deflate", "Deflate64")


@pytest.mark.skipif(not shutil.which("7zz"), reason="needs 7-Zip")
@pytest.mark.parametrize("secret", ["", SECRET])
@pytest.mark.parametrize("method", OF_7_ZIP)
def test_members_of_a_solid_7z_that_7_zip_packed(method: str, secret: str, tmp_path: Path) -> None:
    members = {"a.txt": TEXT, "b.txt": TEXT[::-1], "noise.bin": os.urandom(300_000)}
    for name, data in members.items():
        (tmp_path / name).write_bytes(data)
    command = ["7zz", "a", "-ms=on", f"-m0={method}", *([f"-p{secret}"] if secret else []), "x.7z", *members]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    about = {"About": About(password_line=1)} if secret else {}
    assert read(extract, (tmp_path / "x.7z").read_bytes(), secret) == {**members, **about, "Tally": Tally(3, 3)}


@pytest.mark.parametrize("names_too", [False, True])
def test_an_encrypted_7z_opens_with_the_line_that_fits(names_too: bool) -> None:
    data = seven(("a.txt", TEXT), ("b.txt", b"x"), password=SECRET, header_encryption=names_too)
    opened = {"a.txt": TEXT, "b.txt": b"x", "About": About(password_line=3), "Tally": Tally(2, 2)}
    assert read(extract, data, "wrong", "", SECRET) == opened


def test_the_names_of_an_encrypted_7z_are_listed_where_they_are_clear() -> None:
    data = seven(("a.txt", TEXT), ("b.txt", b"x"), password=SECRET)
    for passwords in ((), ("wrong", "words")):
        found = read(extract, data, *passwords)
        assert [part.reason for part in (found["a.txt"], found["b.txt"])] == [Reason.ENCRYPTED] * 2  # type: ignore[union-attr]
        assert found["Tally"] == Tally(2, 0)
    hidden = seven(("a.txt", TEXT), password=SECRET, header_encryption=True)
    with pytest.raises(Skip, match="--passwords FILE") as caught:
        read(extract, hidden)
    assert caught.value.reason is Reason.ENCRYPTED


def test_a_7z_that_was_made_on_disk_keeps_folders_links_and_permissions(tmp_path: Path) -> None:
    (tmp_path / "in" / "empty folder").mkdir(parents=True)
    (tmp_path / "in" / "a.txt").write_bytes(TEXT)
    (tmp_path / "in" / "nothing.txt").touch()
    (tmp_path / "in" / "a.txt").chmod(0o640)
    (tmp_path / "in" / "link").symlink_to("a.txt")
    with py7zr.SevenZipFile(tmp_path / "x.7z", "w") as archive:
        archive.writeall(tmp_path / "in", "in")
    data = (tmp_path / "x.7z").read_bytes()
    parts = list(extract(io.BytesIO(data), Budget(Limits(), len(data))))
    given = {part.name: part.mode for part in parts if isinstance(part, Child)}
    assert given.keys() == {"in/a.txt", "in/nothing.txt"}
    assert given["in/a.txt"] == 0o640
    assert [(part.name, part.reason) for part in parts if isinstance(part, Lost)] == [("in/link", Reason.SPECIAL)]


def test_damage_in_a_solid_7z_costs_what_stands_behind_it() -> None:
    noise = [os.urandom(100_000) for _ in range(4)]
    data = bytearray(seven(*((f"{number}.bin", piece) for number, piece in enumerate(noise)), filters=CHAINS["lzma"]))
    data[150_000:150_400] = bytes(400)
    found = read(extract, bytes(data))
    assert found["0.bin"] == noise[0]
    assert found["1.bin"] != noise[1]
    assert found[""].reason is Reason.DAMAGED  # type: ignore[union-attr]
    assert found["Tally"].expected == 4  # type: ignore[union-attr]


@pytest.mark.parametrize("target", ["7z", "rar"])
def test_parts_of_an_archive_in_several_files_say_so(target: str) -> None:
    if target == "7z":
        with pytest.raises(Skip, match="first of several parts"):
            read(extract, seven(("a.txt", os.urandom(50_000)))[:30_000])
    else:
        found = read(extract_rar, rare_archives.rar(TEXT, volume=True))
        assert found["a.csv"] == TEXT
        assert "in several files" in found[""].detail  # type: ignore[union-attr]


def test_the_last_part_of_a_split_zip_says_so() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", TEXT)
    data = bytearray(out.getvalue())
    end = data.rindex(b"PK\x05\x06")
    data[end + 4] = data[end + 6] = 2
    assert "the last of 3 parts" in read(extract_zip, bytes(data))[""].detail  # type: ignore[union-attr]


def test_a_bomb_in_a_7z_is_stopped() -> None:
    with pytest.raises(Skip) as caught:
        read(
            extract, seven(("zeros", bytes(30_000_000)), filters=CHAINS["zstandard"]), limits=Limits(ratio_from=1 << 20)
        )
    assert caught.value.reason is Reason.LIMIT


@pytest.mark.parametrize("method", [9, 93, 95])
def test_rarer_methods_of_zip(method: int) -> None:
    zstd = pytest.importorskip("backports.zstd")
    deflater = Deflater()
    packed = {9: lambda: deflater.deflate(TEXT) + deflater.flush(), 93: lambda: zstd.compress(TEXT), 95: xz}[method]()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo("a.txt"), packed)
    data = out.getvalue()
    clear = zipfile.crc32(TEXT).to_bytes(4, "little")  # type: ignore[attr-defined]
    stored = zipfile.crc32(packed).to_bytes(4, "little")  # type: ignore[attr-defined]
    data = data.replace(stored, clear)
    for mark, shift in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = data.index(mark) + shift
        data = data[:at] + method.to_bytes(2, "little") + data[at + 2 :]
    assert read(extract_zip, data)["a.txt"] == TEXT


def xz() -> bytes:
    import lzma  # noqa: PLC0415 - used here only

    return lzma.compress(TEXT)


def test_a_truncated_archive_is_read_as_far_as_it_goes() -> None:
    noise = os.urandom(200_000)
    found = read(extract_cpio, rare_archives.cpio(noise)[:150_000])
    assert noise.startswith(found["a.csv"])  # type: ignore[arg-type]
    assert len(found["a.csv"]) > 60_000  # type: ignore[arg-type]
    assert found[""].reason is Reason.DAMAGED  # type: ignore[union-attr]
    packed = read(extract_lzip, rare_archives.lzip(noise)[:-9000])
    assert packed[""].reason is Reason.DAMAGED  # type: ignore[union-attr]


def test_an_archive_that_libarchive_finds_empty_is_damaged() -> None:
    with pytest.raises(Skip) as caught:
        read(extract_cpio, b"070701" + bytes(5000))
    assert caught.value.reason is Reason.DAMAGED


def test_zstandard_frames_follow_one_another() -> None:
    zstd = pytest.importorskip("backports.zstd")
    assert read(extract_zstandard, zstd.compress(TEXT) + zstd.compress(b"more"))[""] == TEXT + b"more"


def names(file: Path, depth: int = 3) -> list[str] | None:
    """Names that our reader gives for an archive, those of one in a packed file where there is one; None = not read."""
    data, kind = file.read_bytes(), ""
    for _ in range(depth):
        kind = media_type(data[: 64 * 1024], file.name, io.BytesIO(data))
        if kind not in formats():
            return None
        budget = Budget(Limits(), len(data))
        found: list[str] = []
        inner = b""
        try:
            for part in load_format(formats()[kind])(io.BytesIO(data), budget):
                if isinstance(part, Child) and kind in PACKED:
                    inner = part.open().read()
                elif isinstance(part, (Child, Lost)) and part.name:
                    found.append(part.name.replace("\\", "/"))
        except Skip:
            return None
        if not inner:
            return found
        data = inner
    return None


# mtree is a text for us, lrzip a program; the system's libarchive may lack lzop; bsdtar overlooks a name in the last.
ODD = ("mtree", "lrz", "lzo", "zipx", "7075_utf8_paths.zip")
LISTED = re.compile(
    r"([-a-z])[-a-zA-Z]{9}\+?\s+\d+ \S+\s+\S+\s+(?:\d+,)?\s*\d+ \w+ +\d+ +[\d:]+ (.+?)(?: -> .*| link to .*)?"
)


@pytest.mark.skipif(not SHARED.is_dir() or not shutil.which("bsdtar"), reason="needs ../shared and bsdtar")
def test_the_same_members_as_bsdtar() -> None:
    compared = 0
    wrong = {}
    for file in sorted(path for path in SHARED.rglob("*") if path.is_file() and not path.name.endswith(ODD)):
        listed = subprocess.run(["bsdtar", "-tvf", file], capture_output=True, check=False)
        lines = [LISTED.fullmatch(line) for line in listed.stdout.decode("utf-8", "replace").splitlines()]
        if listed.returncode or not lines:
            continue
        assert all(lines), file
        expected = [line[2] for line in lines if line and line[1] != "d" and not line[2].endswith("/")]
        found = names(file)
        compared += 1
        if found is None or len(found) < len(expected) or not readable(expected) <= set(found):
            wrong[file.name] = (found, expected)
    assert not wrong
    assert compared > 70


def readable(names: list[str]) -> set[str]:
    """Names that every system prints alike."""
    return {name for name in names if name.isascii() and "\\" not in name}


def test_a_damaged_cabinet_does_not_crash_libarchive() -> None:
    """More blocks than there are, and one with a wrong checksum: behind it libarchive follows a null pointer."""
    data = bytearray(rare_archives.cab(b"a,b\n" * 30))
    data[41], data[67] = 0x64, 0x56
    child = os.fork()  # a crash must not end the other tests
    if not child:
        code = 2
        try:
            found = read(load_format(formats()["application/vnd.ms-cab-compressed"]), bytes(data))
            code = 0 if isinstance(found[""], Lost) else 1
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


WITHOUT = """
import ctypes, sys
from pathlib import Path

class NoLibrary(ctypes.CDLL):
    def __init__(self, name, *rest, **options):
        if name and "archive" in str(name):
            raise OSError("no such library")
        super().__init__(name, *rest, **options)

ctypes.CDLL = NoLibrary
from scanner import scan
report = scan(sys.argv[1], names="off", home=sys.argv[2])
for row in report.items.to_pylist():
    print(row["item"], row["status"], row["reason"], row["detail"], sep="|")
"""


def test_without_libarchive_a_row_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "a.rar").write_bytes(rare_archives.rar(TEXT))
    (tmp_path / "share" / "b.7z").write_bytes(seven(("a.txt", TEXT)))
    words = [sys.executable, "-c", WITHOUT, str(tmp_path / "share"), str(tmp_path / "home")]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
    assert told[0].startswith("a.rar|not_examined|unsupported|install libarchive (apt install libarchive13")
    assert "b.7z|examined|None|None" in told
