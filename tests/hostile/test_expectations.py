"""Hostile files end as their list says: read where they can be read, with a reason where not, and never badly.

Without the shared files only those that are made here are scanned.
"""

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from expectations import LIST, Expected, Row, judge, read_list

from reports.parquet import Report
from scanner import scan

HOSTILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "hostile"
FOLDERS = ("generated", "protected")
# Those that take a second or more of processor time, or come in dozens.
LONG = ("bomb/*", "db/huge_insert.sql", "db/infinite_view.sqlite", "text/*", "empty/*", "mail/many_recipients.eml")
MAIL = b"write to ann.lee@mail.example\n"


def by_file(report: Report) -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
    """Rows of items and of findings by the file that holds them."""
    sorted_rows: tuple[dict[str, list[Row]], dict[str, list[Row]]] = ({}, {})
    for rows, table in zip(sorted_rows, (report.items, report.to_arrow()), strict=True):
        for row in table.to_pylist():
            rows.setdefault(row["item"].partition("!/")[0], []).append(row)
    return sorted_rows


def problems(folder: Path, tmp_path: Path, chosen: Callable[[Expected], bool], **options: object) -> list[str]:
    """Scan a folder's files in worker processes and hold each chosen one against its line."""
    lines = [line for line in read_list(folder) if chosen(line)]
    include = [f"/{line.file}" for line in lines]
    report = scan(folder, values="clear", home=tmp_path, executor="processes", include=include, **options)  # type: ignore[arg-type]
    items, findings = by_file(report)
    unlocked = "passwords" in options
    return [
        f"{line.file}: {wrong}"
        for line in lines
        for wrong in judge(line, items.get(line.file, []), findings.get(line.file, []), unlocked)
    ]


def is_long(line: Expected) -> bool:
    return any(Path(line.file).match(pattern) for pattern in LONG)


@pytest.mark.skipif(not HOSTILE.is_dir(), reason="needs the shared test files")
@pytest.mark.parametrize("folder", FOLDERS)
def test_files_that_are_quickly_read(folder: str, tmp_path: Path) -> None:
    assert not problems(HOSTILE / folder, tmp_path, lambda line: not is_long(line))


@pytest.mark.skipif(not HOSTILE.is_dir(), reason="needs the shared test files")
def test_what_is_locked_opens_with_its_password(tmp_path: Path) -> None:
    folder = HOSTILE / "protected"
    words = tmp_path / "words"
    words.write_text("\n".join(["wrong", *{line.password for line in read_list(folder)}]), encoding="utf-8")
    assert not problems(folder, tmp_path, lambda line: bool(line.password), passwords=words)


@pytest.mark.slow
@pytest.mark.skipif(not HOSTILE.is_dir(), reason="needs the shared test files")
def test_all_the_rest(tmp_path: Path) -> None:
    assert not problems(HOSTILE / "generated", tmp_path, is_long)


@pytest.mark.slow
@pytest.mark.skipif(not HOSTILE.is_dir(), reason="needs the shared test files")
def test_files_that_broke_other_programs_have_one_row_each(tmp_path: Path) -> None:
    files = sorted(path for path in HOSTILE.rglob("*") if path.is_file() and path.name != LIST)
    report = scan(HOSTILE, home=tmp_path, executor="processes", exclude=[LIST])
    tops = [row["item"] for row in report.items.to_pylist() if row["parent"] is None and row["reason"] != "excluded"]
    assert sorted(tops) == sorted(path.relative_to(HOSTILE).as_posix() for path in files)
    bad = {"timed_out", "out_of_memory", "crashed", "poison", "failed"}
    assert not [row for row in report.items.to_pylist() if row["reason"] in bad]


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def nested(depth: int) -> bytes:
    data = zipped(("a.txt", MAIL))
    for _ in range(depth):
        data = zipped(("in.zip", data))
    return data


def lying(data: bytes) -> bytes:
    """A zip whose list says that its first member has ten bytes."""
    at = data.index(b"PK\x01\x02") + 24
    return data[:at] + struct.pack("<L", 10) + data[at + 4 :]


def quine_like() -> bytes:
    """A zip whose list names one member 2,000 times."""
    data = zipped(("a.txt", MAIL))
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    record = bytearray(data[end:])
    struct.pack_into("<HHL", record, 8, 2000, 2000, (end - start) * 2000)
    return data[:start] + data[start:end] * 2000 + bytes(record)


def linked() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind, target in (("self", tarfile.SYMTYPE, "self"), ("out", tarfile.SYMTYPE, "/etc/passwd"),
                                   ("hard", tarfile.LNKTYPE, "../../up"), ("pipe", tarfile.FIFOTYPE, "")):  # fmt: skip
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            archive.addfile(info)
        info = tarfile.TarInfo("../../escape.txt")
        info.size = len(MAIL)
        archive.addfile(info, io.BytesIO(MAIL))
    return out.getvalue()


def looping_pdf() -> bytes:
    """A PDF whose list of pages contains itself."""
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9999>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"  # noqa: E501


def laughing() -> bytes:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{lines}]><x><m>ann.lee@mail.example</m>&l9;</x>'.encode()
    )


# name: (bytes, whether the address in it must be found, reasons of which one must be told; none = nothing is lost)
MADE: dict[str, tuple[Callable[[], bytes], bool, set[str]]] = {
    "zeros.zip": (lambda: zipped(("zeros", bytes(60_000_000)), ("a.txt", MAIL)), True, {"limit"}),
    "zeros.zz.gz": (lambda: b"\x1f\x8b\x08" + bytes(7) + zlib.compress(bytes(60_000_000), 9)[2:-4], False, {"limit"}),
    "deep.zip": (lambda: nested(30), False, {"limit"}),
    "not so deep.zip": (lambda: nested(8), True, set()),
    "lies.zip": (lambda: lying(zipped(("zeros", bytes(60_000_000)), ("a.txt", MAIL))), True, {"limit"}),
    "overlap.zip": (quine_like, True, {"damaged"}),
    "links.tar": (linked, True, {"special"}),
    "cut.zip": (lambda: zipped(("a.txt", MAIL), ("b.txt", MAIL * 500))[:80], True, {"damaged"}),
    "letter.pdf": (lambda: zipped(("a.txt", MAIL)), True, set()),
    "table.docx": (lambda: b"name,mail\nAnn,ann.lee@mail.example\n" * 3, True, set()),
    "loop.pdf": (looping_pdf, False, set()),
    "lol.xml": (laughing, False, {"limit", "damaged"}),
    "deep.json": (lambda: b"[" * 30_000 + MAIL + b"]" * 30_000, False, set()),
    "deep.html": (lambda: b"<div>" * 50_000 + MAIL, True, set()),
    "one line.txt": (lambda: b"a." * 200_000 + b" " + MAIL, True, set()),
    "quotes.csv": (lambda: b'name,mail\n"Ann,ann.lee@mail.example\n' + b"x,y\n" * 5000, True, set()),
    "header.eml": (lambda: b"From: " + b'"' * 60_000 + b"\nTo: ann.lee@mail.example\nSubject: x\n\nx\n", True, set()),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
    folder = tmp_path_factory.mktemp("hostile")
    for name, (build, _, _) in MADE.items():
        (folder / name).write_bytes(build())
    home = tmp_path_factory.mktemp("home")
    return by_file(scan(folder, values="clear", names="off", home=home, executor="processes", jobs=2))


@pytest.mark.parametrize("name", MADE)
def test_files_that_are_made_here(name: str, made: tuple[dict[str, list[Row]], dict[str, list[Row]]]) -> None:
    items, findings = made
    _, found, wanted = MADE[name]
    assert sum(row["parent"] is None for row in items[name]) == 1
    reasons = {row["reason"] for row in items[name] if row["reason"]}
    assert not reasons & {"timed_out", "out_of_memory", "crashed", "poison", "failed", "detector_timeout"}
    assert not wanted or reasons & wanted
    addresses = {row["value"] for row in findings.get(name, []) if row["entity_type"] == "EMAIL_ADDRESS"}
    assert not found or "ann.lee@mail.example" in addresses
    assert not [row for row in items[name] if row["status"] == "not_examined" and not row["reason"]]
