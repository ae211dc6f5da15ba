"""A value behind any limit of a reader or a detector is found, or its item says that it was not read to the end."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import behind_archives
import behind_detectors
import behind_mail
import behind_office
import behind_pages
import behind_tables
import behind_texts
import pytest

from reports.parquet import Report
from scanner import scan

Cases = Mapping[str, Callable[[str], bytes]]
FAMILIES: dict[str, Cases] = {
    "texts": behind_texts.CASES,
    "pages": behind_pages.CASES,
    "tables": behind_tables.CASES,
    "office": behind_office.CASES,
    "mail": behind_mail.CASES,
    "archives": behind_archives.CASES,
}
# Each takes a second or more of processor time.
LONG = frozenset(
    (
        "many keys.json", "many columns.xml", "many attributes.xml", "many attributes.html", "many paragraphs.html",
        "wide 20000.csv", "wide without heading 5000.csv", "wide.parquet", "wide.arrow", "many columns.sql",
        "many row groups.parquet", "a hundred thousand rows.csv", "long statement.sql", "copy.sql", "many columns.xlsx",
        "many paragraphs.docx", "many messages.mbox", "long message.mbox", "three thousand members.zip",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of the planted values, by the name of their file."""

    found: frozenset[str]
    told: Mapping[str, str]
    silent: tuple[str, ...]


def plant(folder: Path, cases: Cases, planted: Mapping[str, str] | None = None) -> dict[str, str]:
    """Write each case with a value of its own; gives name of the file -> value, in small letters."""
    folder.mkdir()
    wanted = {}
    for number, (name, make) in enumerate(cases.items()):
        canary = f"q{number:04}z@canary.example"
        (folder / name).write_bytes(make(canary))
        wanted[name] = (planted or {}).get(name, canary).casefold()
    return wanted


def judge(report: Report, wanted: Mapping[str, str]) -> Ending:
    """Whether each value was found or its file, or a member of it, is told not to have been read as a whole."""
    values: dict[str, list[str]] = {}
    for row in report.findings.to_pylist():
        values.setdefault(row["item"].split("!/")[0], []).append(row["value"].casefold())
    told: dict[str, str] = {}
    for row in report.items.to_pylist():
        if row["status"] in {"partial", "not_examined"} and row["reason"]:
            told.setdefault(row["item"].split("!/")[0], row["reason"])
    # A title before a name belongs to it in one place and not in another.
    found = {
        name for name, value in wanted.items() if any(one in value or value in one for one in values.get(name, ()))
    }
    silent = tuple(name for name in wanted if name not in found and name not in told)
    return Ending(frozenset(found), {name: told[name] for name in wanted.keys() - found if name in told}, silent)


def ending(tmp_path: Path, cases: Cases, **options: object) -> Ending:
    """Scan the cases and judge the report."""
    wanted = plant(tmp_path / "share", cases, behind_detectors.PLANTED)
    report = scan(tmp_path / "share", values="clear", home=tmp_path / "home", **options)  # type: ignore[arg-type]
    return judge(report, wanted)


def without(cases: Cases, names: Iterable[str]) -> Cases:
    return {name: make for name, make in cases.items() if name not in names}


def test_there_are_enough_of_them() -> None:
    assert sum(map(len, FAMILIES.values())) + len(behind_detectors.CASES) >= 600


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("family", FAMILIES)
def test_no_value_is_lost_in_silence(family: str, tmp_path: Path) -> None:
    cases = without(FAMILIES[family], LONG)
    end = ending(tmp_path, cases, names="off")
    assert not end.silent
    assert len(end.found) >= 0.75 * len(cases), end.told  # to give up is honest, and no use to anybody


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_no_value_is_lost_in_silence_in_what_takes_long(tmp_path: Path) -> None:
    cases = {name: make for family in FAMILIES.values() for name, make in family.items() if name in LONG}
    assert len(cases) == len(LONG)
    assert ending(tmp_path, cases, names="off") == Ending(frozenset(LONG), {}, ())


@pytest.mark.slow
def test_every_kind_of_value_is_found_behind_the_windows_of_detectors(tmp_path: Path) -> None:
    end = ending(tmp_path, behind_detectors.CASES)
    assert not end.silent
    assert end.told == {"locked.pdf": "encrypted", "cut off.pdf": "damaged"}


def test_pages_and_rows_behind_the_windows(tmp_path: Path) -> None:
    chosen = {name: make for name, make in behind_detectors.CASES.items() if name.endswith(".pdf") or "NINO" in name}
    end = ending(tmp_path, chosen, names="off", ocr="off")
    assert not end.silent
    assert end.told == {"locked.pdf": "encrypted", "cut off.pdf": "damaged"}


LIMITED: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "depth": ("max_depth = 3", behind_archives.zips(5)),
    "messages": ("max_depth = 3", behind_mail.forwarded(5)),
    "members": ("max_members = 50", behind_archives.CASES["three thousand members.zip"]),
    "parts": ("max_members = 50", behind_mail.CASES["ten thousand parts.eml"]),
    "pages": ("max_pages = 3", behind_detectors.CASES["page 400.pdf"]),
    "bytes": ("max_extracted = 20000000", behind_archives.CASES["behind a bomb.zip"]),
    "ratio": ("max_ratio = 2\nratio_from = 1000", behind_archives.zips(2)),
    "file": ("max_file_size = 1000", behind_texts.CASES["no line end.txt"]),
    "cells": ("max_cells = 10", behind_office.CASES["behind repeated rows.ods"]),
    "header": ("max_header = 100", behind_mail.CASES["recipients of 100 KB.eml"]),
    "folded header": ("max_header = 100", behind_mail.CASES["folded header of 100 KB.eml"]),
}


@pytest.mark.parametrize("limit", LIMITED)
def test_a_limit_that_is_met_is_told(limit: str, tmp_path: Path) -> None:
    lines, make = LIMITED[limit]
    config = tmp_path / "whosedata.toml"
    config.write_text(f"[limits]\n{lines}\n", encoding="utf-8")
    end = ending(tmp_path, {"case": make}, names="off", config=config)
    assert not end.silent
    assert end.found or set(end.told.values()) <= {"limit", "too_large"}


def test_an_expression_that_never_ends_is_told(tmp_path: Path) -> None:
    config = tmp_path / "whosedata.toml"
    limits = "[limits]\nstall_seconds = 3\n"
    config.write_text(
        limits + '[[identifiers]]\nname = "MEMBER_NUMBER"\nregex = "(?:[a-z]+)+[0-9]"\n', encoding="utf-8"
    )
    cases = {"a.txt": lambda _: b"a" * 60 + b"!\n" + b"x" * 80_000 + b"\nmember abc7\n"}
    wanted = plant(tmp_path / "share", cases, {"a.txt": "abc7"})
    report = scan(
        tmp_path / "share", values="clear", home=tmp_path / "home", config=config, names="off", executor="processes"
    )
    assert not judge(report, wanted).silent


def test_the_test_sees_a_loss(tmp_path: Path) -> None:
    cases = {"a.txt": lambda _: b"nothing is in here", "b.txt": lambda canary: canary.encode()}
    end = ending(tmp_path, cases, names="off")
    assert (end.silent, end.found) == (("a.txt",), {"b.txt"})
