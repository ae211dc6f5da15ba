"""--since: going by an earlier report gives what a full scan gives, and says what changed and what is gone."""

import os
import random
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from edited_share import LONG_AGO, Share, changes, gone, rows, zipped

from reports.parquet import Report, read_report
from scanner import scan
from scanner.home import HomeError
from scanner.pipeline import ItemScanner
from scanner.verdicts import NOT_PERSONAL, UNDONE, Verdict, add_verdicts, now

EDITS = 12
ROUNDS = 4


@pytest.fixture
def share(tmp_path: Path) -> Share:
    return Share(tmp_path / "share")


@pytest.fixture
def run(tmp_path: Path, share: Share) -> Callable[..., Report]:
    def go(**options: Any) -> Report:
        return scan(share.folder, **{"home": tmp_path / "home", "names": "off", **options})

    return go


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Paths of the files that are scanned."""
    scanned: list[str] = []
    plain = ItemScanner.scan

    def noting(self: ItemScanner, top: int, item: Any, *given: Any) -> Any:
        scanned.append(item.path)
        return plain(self, top, item, *given)

    monkeypatch.setattr(ItemScanner, "scan", noting)
    return scanned


def test_only_what_changed_is_read(tmp_path: Path, share: Share, run: Callable[..., Report], read: list[str]) -> None:
    for number in range(6):
        share.write(f"{number}.txt", share.letter(number))
    share.write("box/all.zip", zipped(a__txt=share.letter(7), b__txt=share.letter(8)))
    run(out=tmp_path / "old.parquet")
    read.clear()
    share.write("1.txt", share.letter(10) + "more")
    share.write("2.txt", share.letter(11), age=-5)  # as large as before
    share.write("3.txt", share.letter(3), age=-5)  # touched only
    share.write("6.txt", share.letter(12))
    (share.folder / "4.txt").unlink()
    (share.folder / "5.txt").rename(share.folder / "box" / "5.txt")
    report = run(since=tmp_path / "old.parquet")
    assert sorted(read) == ["1.txt", "2.txt", "6.txt"]
    assert {name: changes(report)[name] for name in ("why", "unchanged", "changed", "new", "moved", "again")} == {
        "why": "", "unchanged": 3, "changed": 2, "new": 2, "moved": 1, "again": 0,
    }  # fmt: skip
    assert gone(report) == {"4.txt", "5.txt"}
    assert rows(report) == rows(run())
    [lost] = [row for row in report.items.to_pylist() if row["item"] == "4.txt"]
    assert (lost["findings"], lost["reason"]) == (0, None)
    assert lost["detail"].endswith("with 2 findings")


def test_equal_values_in_a_file_that_moved_and_was_copied(
    tmp_path: Path, share: Share, run: Callable[..., Report], read: list[str]
) -> None:
    share.write("1.zip", zipped(a__txt=share.letter(1) * 3, b__txt=share.letter(1) * 2))
    share.write("2.txt", share.letter(2) * 3)
    run(out=tmp_path / "old.parquet")
    (share.folder / "moved").mkdir()
    (share.folder / "1.zip").rename(share.folder / "moved" / "1.zip")
    share.write("copy.txt", share.letter(2) * 3, age=-5)
    share.write("z/2.txt", share.letter(2) * 3, age=-5)
    read.clear()
    report = run(since=tmp_path / "old.parquet")
    assert read == []
    assert rows(report) == rows(run())


def test_a_copy_that_is_left_alone_is_told_by_its_own_name(
    tmp_path: Path, share: Share, run: Callable[..., Report]
) -> None:
    """What kind of document it is, the name helps to tell: as a copy it had what its original's name told."""
    for name in ("1.txt", "Ann Lee CV.txt"):
        share.write(name, "Ann Lee\nProfile\nEducation\nann.lee@mail.example\n")
    old = run(out=tmp_path / "old.parquet")
    assert set(old.items["document_class"].to_pylist()) == {None}
    (share.folder / "1.txt").unlink()
    report = run(since=tmp_path / "old.parquet")
    assert "cv" in report.items["document_class"].to_pylist()
    assert rows(report) == rows(run())


@pytest.mark.parametrize("seed", range(3))
def test_random_edits_end_as_a_full_scan(tmp_path: Path, share: Share, run: Callable[..., Report], seed: int) -> None:
    chance = random.Random(seed)
    contents: list[str | bytes] = [share.letter(number) for number in range(8)]
    contents += [f"name,email\nAnn,ann{number}@mail.example\nBob,bob@mail.example\n" * 3 for number in range(4)]
    contents += [
        "",
        zipped(a__txt=share.letter(1), b__txt=share.letter(2)),
        zipped(b__txt=share.letter(2)),
        b"\x7fELF\2\1",
    ]
    contents += [zipped(a__txt=share.letter(1), inner__zip=zipped(c__txt=share.letter(3)))[:-40]]
    names = [
        f"{folder}{name}"
        for folder in ("", "a/", "a/b/", "z/")
        for name in ("1.txt", "2.csv", "cv.txt", "p.zip", "x.bin")
    ]

    edit = partial(share.edit, chance, names, contents)
    for _ in range(20):
        edit()
    out = tmp_path / "report.parquet"
    run(out=out)
    for _ in range(ROUNDS):
        before = {row["item"] for row in read_report(out).items.to_pylist() if row["status"] != "gone"}
        for _ in range(chance.randrange(EDITS)):
            edit()
        report, full = run(out=out, since=out), run()
        assert rows(report) == rows(full)
        left = {row["item"] for row in full.items.to_pylist()}
        lost = gone(report)
        assert lost <= before - left
        assert {path for path in before - left if "!/" not in path} == {path for path in lost if "!/" not in path}
        walked = sum(file.is_file() for file in share.folder.rglob("*"))
        assert sum(changes(report)[name] for name in ("unchanged", "changed", "new")) == walked
        assert report.items.num_rows == full.items.num_rows + len(lost)  # the conservation law, and what is gone


def test_members_that_are_gone(tmp_path: Path, share: Share, run: Callable[..., Report]) -> None:
    share.write("a.zip", zipped(a__txt=share.letter(1), b__txt=share.letter(2), c__zip=zipped(d__txt="x")))
    share.write("b.zip", zipped(a__txt=share.letter(1), b__txt=share.letter(3)))
    old = run(out=tmp_path / "old.parquet")
    assert old.items.num_rows > 6
    share.write("a.zip", zipped(a__txt=share.letter(1)))
    share.write("b.zip", zipped(a__txt=share.letter(1))[:-30])  # damaged: nobody knows what is in it
    assert gone(run(since=tmp_path / "old.parquet")) == {"a.zip!/b.txt", "a.zip!/c.zip"}


def test_what_lies_in_a_folder_that_is_left_out_is_not_gone(
    tmp_path: Path, share: Share, run: Callable[..., Report]
) -> None:
    share.write("a/1.txt", share.letter(1))
    share.write("b/2.txt", share.letter(2))
    run(out=tmp_path / "old.parquet")
    report = run(since=tmp_path / "old.parquet", exclude=("a/",))
    assert gone(report) == set()
    back = tmp_path / "back.parquet"
    run(out=back, exclude=("a/",))
    report = run(since=back)
    assert gone(report) == set()  # the row of the folder that was left out
    assert rows(report) == rows(run())


def test_another_place_is_neither_gone_nor_carried_over_blindly(tmp_path: Path, share: Share, read: list[str]) -> None:
    share.write("1.txt", share.letter(1))
    share.write("2.txt", share.letter(2))
    other = Share(tmp_path / "other")
    other.write("1.txt", share.letter(9))  # same size, same time, under the same label
    other.write("2.txt", share.letter(2))
    old = tmp_path / "old.parquet"
    go = partial(scan, home=tmp_path / "home", names="off")
    go([share.folder], old, labels=["x"])
    read.clear()
    report = go([other.folder], labels=["x"], since=old)
    assert read == ["1.txt"]
    read.clear()
    report = go([other.folder], labels=["y"], since=old)
    assert (read, gone(report), changes(report)["roots"]) == (["1.txt"], set(), ["x"])
    report = scan(
        [share.folder / "1.txt"], labels=["x"], home=tmp_path / "home", names="off", since=tmp_path / "old.parquet"
    )
    assert gone(report) == set()


def test_a_change_right_after_the_scan_is_noticed(tmp_path: Path, share: Share, run: Callable[..., Report]) -> None:
    """A file system that counts in whole seconds gives the second writing the time of the first."""
    share.write("1.txt", share.letter(1))
    just_now = time.time()
    os.utime(share.folder / "1.txt", (just_now, just_now))
    run(out=tmp_path / "old.parquet")
    share.write("1.txt", share.letter(2))
    os.utime(share.folder / "1.txt", (just_now, just_now))
    assert rows(run(since=tmp_path / "old.parquet")) == rows(run())


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({}, ""),
        ({"min_score": 0.9}, "other settings (min_score)"),
        ({"values": "clear"}, "other settings (values)"),
        ({"countries": ("gb", "de")}, "other settings (countries)"),
        ({"include": ("*.txt",)}, ""),
    ],
)
def test_other_settings_read_everything_again(
    tmp_path: Path, share: Share, run: Callable[..., Report], options: dict[str, Any], why: str
) -> None:
    share.write("1.txt", share.letter(1))
    share.write("2.txt", share.letter(2))
    run(out=tmp_path / "old.parquet")
    report = run(since=tmp_path / "old.parquet", **options)
    told = changes(report)
    assert (told["why"], told["unchanged"], told["again"]) == (why, 2, 2 if why else 0)
    assert rows(report) == rows(run(**options))


def test_another_version_reads_everything_again(
    tmp_path: Path, share: Share, run: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    share.write("1.txt", share.letter(1))
    run(out=tmp_path / "old.parquet")
    monkeypatch.setattr("scanner.basis._program", lambda: "another")
    assert "version" in changes(run(since=tmp_path / "old.parquet"))["why"]


def test_rules_of_ones_own_that_changed(tmp_path: Path, share: Share, run: Callable[..., Report]) -> None:
    config = tmp_path / "whosedata.toml"
    config.write_text('[own]\ndomains = ["mail.example"]\n')
    share.write("1.txt", share.letter(1))
    run(out=tmp_path / "old.parquet")
    report = run(since=tmp_path / "old.parquet", config=config)
    assert changes(report)["again"] == 1
    assert rows(report) == rows(run(config=config))


def test_another_home_is_refused(tmp_path: Path, share: Share, run: Callable[..., Report]) -> None:
    share.write("1.txt", share.letter(1))
    run(out=tmp_path / "old.parquet")
    with pytest.raises(HomeError, match="another home"):
        run(since=tmp_path / "old.parquet", home=tmp_path / "elsewhere")


def test_what_could_not_be_read_is_tried_again(
    tmp_path: Path, share: Share, run: Callable[..., Report], read: list[str]
) -> None:
    """Where another try may end better; a broken file stays one until it changes."""
    deep: str | bytes = share.letter(1)
    for _ in range(12):
        deep = zipped(a__zip=deep)
    share.write("deep.zip", zipped(a__zip=deep))
    share.write("broken.zip", zipped(a__txt=share.letter(2))[:-40])
    share.write("video.bin", b"\x7fELF\2\1\1")
    share.write("locked.txt", share.letter(3))
    (share.folder / "locked.txt").chmod(0)
    locked = not os.access(share.folder / "locked.txt", os.R_OK)  # some users may read everything
    run(out=tmp_path / "old.parquet")
    (share.folder / "locked.txt").chmod(0o600)
    read.clear()
    report = run(since=tmp_path / "old.parquet")
    assert sorted(read) == ["deep.zip", *(["locked.txt"] if locked else [])]
    assert changes(report)["again"] == 1
    assert rows(report) == rows(run())


def test_verdicts_given_and_taken_back(tmp_path: Path, share: Share, run: Callable[..., Report]) -> None:
    share.write("1.txt", share.letter(1))
    share.write("2.txt", share.letter(2))
    share.write("copy.txt", share.letter(2))
    old = tmp_path / "old.parquet"
    first = run(out=old)
    finding = next(row for row in first.findings.to_pylist() if row["item"] == "2.txt")

    def give(verdict: str) -> None:
        add_verdicts(tmp_path / "home", [Verdict(finding["finding_id"], finding["entity_type"], verdict, now(), "")])

    for verdict in (NOT_PERSONAL, UNDONE, NOT_PERSONAL):
        give(verdict)
        report = run(out=old, since=old)
        assert rows(report) == rows(run())
        assert report.findings.num_rows == 6 - (verdict == NOT_PERSONAL)


def test_passwords_that_were_not_known_before(
    tmp_path: Path, share: Share, run: Callable[..., Report], read: list[str]
) -> None:
    pyzipper = pytest.importorskip("pyzipper")
    with pyzipper.AESZipFile(share.folder / "a.zip", "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(b"heron")
        archive.writestr("a.txt", share.letter(1))
    os.utime(share.folder / "a.zip", (LONG_AGO, LONG_AGO))
    share.write("1.txt", share.letter(2))
    run(out=tmp_path / "old.parquet")
    passwords = tmp_path / "passwords.txt"
    passwords.write_text("heron\n")
    read.clear()
    report = run(since=tmp_path / "old.parquet", passwords=passwords)
    assert read == ["a.zip"]
    assert rows(report) == rows(run(passwords=passwords))


def test_a_birthday_reads_again_where_it_matters(
    tmp_path: Path, share: Share, run: Callable[..., Report], read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    share.write("child.csv", "name,date of birth\nAnn,14/02/2010\n")
    share.write("old.csv", "name,date of birth\nBob,20/03/1950\n")

    def on(day: date) -> None:
        for module in ("scanner.basis", "detectors.dates", "detectors.travel_documents", "detectors.patterns"):
            monkeypatch.setattr(f"{module}.today_of", lambda options: day, raising=False)

    on(date(2028, 2, 13))
    run(out=tmp_path / "old.parquet")
    read.clear()
    on(date(2028, 2, 14))
    report = run(since=tmp_path / "old.parquet")
    assert read == ["child.csv"]
    assert rows(report) == rows(run())
