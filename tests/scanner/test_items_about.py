"""What items say of themselves: the date of a letter, the owner, who can read them; of files and of members."""

import io
import os
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanner import scan
from scanner.letter_date import letter_date
from scanner.sources.ownership import owner_of, readable_by

MARCH = datetime(2024, 3, 14, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "line",
    [
        "14 March 2024", "14th March 2024", "14 Mar. 2024", "March 14, 2024", "14/03/2024", "14.3.2024", "2024-03-14",
        "Thursday, 14 March 2024", "Thurs 14 March 2024", "Date: 14 March 2024", "Dated 14th of March 2024",
        "Little Dunmore, 14 March 2024", "   14 march 2024  ", "Our date: 14/3/2024",
    ],
)  # fmt: skip
def test_the_date_line_of_a_letter(line: str) -> None:
    assert letter_date(f"Wren Close Trust\n10 Wren Close\n\n{line}\n\nDear Ann,\n\nthank you.\n") == MARCH


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ann,\n14 March 2024\nis the day of our meeting.",  # behind the salutation
        "14 March 2024\nThe board met in the hall.",  # no letter
        "Meeting of 14 March 2024\nDear all,",  # within a line
        "31/02/2024\nDear Ann,",
        "14 March 1850\nDear Ann,",
        "Ref 14/03/2024/7\nDear Ann,",
        "",
        "x\n" * 40 + "14 March 2024\nDear Ann,",
    ],
)
def test_other_dates_are_none(text: str) -> None:
    assert letter_date(text) is None


def test_a_word_says_that_it_is_the_date_without_a_salutation() -> None:
    assert letter_date("Incident report\nDate: 14 March 2024\nLocation: hall") == MARCH


@pytest.fixture
def share(tmp_path: Path) -> Path:
    place = tmp_path / "share"
    place.mkdir()
    return place


def rows(share: Path) -> dict[str, dict[str, object]]:
    report = scan(share, names="off", home=share.parent / "home")
    return {row["item"]: row for row in report.items.to_pylist()}


def test_the_date_stands_in_items_where_nothing_better_does(share: Path) -> None:
    (share / "letter.txt").write_text("14 March 2024\n\nDear Ann,\nhello\n", encoding="utf-8")
    (share / "mail.eml").write_text(
        "From: a@x.example\nSubject: x\nDate: Mon, 1 Jan 2024 10:00:00 +0000\n\n14 March 2024\nDear B\n",
        encoding="utf-8",
    )
    (share / "dates.csv").write_text("date,name\n14 March 2024,Dear Ann\n", encoding="utf-8")
    found = {name: row["content_date"] for name, row in rows(share).items()}
    assert found["letter.txt"] == datetime(2024, 3, 14, tzinfo=UTC)
    assert found["mail.eml"] == datetime(2024, 1, 1, 10, tzinfo=UTC)
    assert found["dates.csv"] is None


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
@pytest.mark.parametrize(("mode", "who"), [(0o600, "owner"), (0o640, "group"), (0o644, "everyone")])
def test_who_can_read_a_file(share: Path, mode: int, who: str) -> None:
    file = share / "a.txt"
    file.write_text("hello", encoding="utf-8")
    file.chmod(mode)
    row = rows(share)["a.txt"]
    assert row["readable_by"] == who == readable_by(file.stat().st_mode)
    assert row["owner"] == owner_of(file.stat(), str(file)) == file.owner()


@pytest.mark.skipif(os.name == "nt", reason="numbers of owners are of POSIX")
def test_an_owner_without_a_name_is_told_by_number(tmp_path: Path) -> None:
    fields = list(tmp_path.stat())
    fields[4] = 4_000_000_123
    assert owner_of(os.stat_result(fields), "x") == "4000000123"


def test_members_have_the_owner_and_permissions_that_their_archive_tells(share: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, mode, owner, number in (("a.txt", 0o600, "ann", 7), ("b.txt", 0o644, "", 1234)):
            info = tarfile.TarInfo(name)
            info.mode, info.uname, info.uid, info.size = mode, owner, number, 5
            archive.addfile(info, io.BytesIO(b"hello"))
    (share / "a.tar").write_bytes(out.getvalue())
    info_zip = zipfile.ZipInfo("c.txt")
    info_zip.create_system, info_zip.external_attr = 3, 0o100640 << 16
    with zipfile.ZipFile(share / "a.zip", "w") as archive_zip:
        archive_zip.writestr(info_zip, "hello")
    found = {name: (row["owner"], row["readable_by"]) for name, row in rows(share).items() if row["parent"]}
    assert found == {
        "a.tar!/a.txt": ("ann", "owner"),
        "a.tar!/b.txt": ("1234", "everyone"),
        "a.zip!/c.txt": (None, "group"),
    }


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_copy_has_its_own_permissions(share: Path) -> None:
    for name, mode in (("a.txt", 0o600), ("b.txt", 0o644)):
        (share / name).write_text("ann@x.example", encoding="utf-8")
        (share / name).chmod(mode)
    found = rows(share)
    assert found["b.txt"]["duplicate_of"] == "a.txt"
    assert [found[name]["readable_by"] for name in ("a.txt", "b.txt")] == ["owner", "everyone"]
