"""What is past its time goes, listed first; what an open request needs stays; nothing else is touched."""

import os
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import erasing
import pyarrow.parquet as pq
import pytest
from erasable import make_share

from scanner import scan
from scanner.home import HomeError, load_key
from subjects.purging.expired import old_things, remove

DAY = 24 * 3600


@pytest.fixture
def place(tmp_path: Path) -> Path:
    make_share(tmp_path / "share")
    (tmp_path / "beside.txt").write_text("mine", encoding="utf-8")
    return tmp_path


def purge(place: Path, *words: str) -> str:
    result = erasing.run(place, "purge", *words)
    assert result.exit_code == 0, result.output
    return result.output


def files(place: Path) -> set[str]:
    return {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}


def test_a_report_goes_when_its_days_are_over_and_is_listed_before(place: Path) -> None:
    report = erasing.scan_share(place)
    before = files(place)
    assert "Nothing is past its time" in purge(place, str(report))
    assert files(place) == before
    assert "Nothing is past its time" in purge(place, str(report), "--days", "0")
    aged(report)
    listed = purge(place, str(report))
    assert "to go" in listed
    assert "add --confirm" in listed
    assert files(place) == before
    assert "1 removed" in purge(place, str(report), "--confirm")
    gone = before - files(place)
    assert {Path(name).name for name in gone if not name.startswith("home/")} == {
        f"r{kind}.parquet" for kind in ("", ".items", ".keys", ".subjects", ".links")
    }
    assert "beside.txt" in files(place)
    assert {name for name in before if name.startswith("share/")} <= files(place)


def test_a_report_without_a_day_is_named_and_nothing_goes(place: Path) -> None:
    old, undated = erasing.scan_share(place, "old"), erasing.scan_share(place, "undated")
    aged(old)
    aged(undated, "soon")
    before = files(place)
    result = erasing.run(place, "purge", str(old), str(undated), "--confirm")
    assert result.exit_code == 2
    assert f"{undated} does not say when it was made" in result.output
    assert files(place) == before


def aged(report: Path, day: str = "2020-01-01") -> None:
    """Let all files of a report say that they were made long ago."""
    for path in report.parent.glob(f"{report.stem}*.parquet"):
        table = pq.read_table(path)
        told = {**(table.schema.metadata or {}), b"finished_at": f"{day}T10:00:00+00:00".encode()}
        pq.write_table(table.replace_schema_metadata(told), path)


def test_what_an_open_request_needs_stays(place: Path) -> None:
    old, older = erasing.scan_share(place, "old"), erasing.scan_share(place, "older")
    aged(old, "2020-02-02")
    aged(older, "2020-01-01")
    case = erasing.open_case(place)
    shown = purge(place, str(old), str(older), "--confirm")
    assert f"stays    2020-02-02  report  {old}  (for {case}, which is open or on hold)" in shown
    assert "1 removed" in shown  # the older one answers no request any more
    assert (old.exists(), older.exists()) == (True, False)
    assert erasing.run(place, "case", "close", case, "--outcome", "withdrawn").exit_code == 0
    assert "1 removed" in purge(place, str(old), "--confirm")


def test_what_a_request_on_hold_needs_stays_though_it_is_closed(place: Path) -> None:
    report = erasing.scan_share(place)
    aged(report)
    case = erasing.open_case(place)
    assert erasing.run(place, "case", "event", case, "held", "--say", "why=a claim").exit_code == 0
    assert erasing.run(place, "case", "close", case, "--outcome", "withdrawn").exit_code == 0
    assert f"for {case}" in purge(place, str(report), "--confirm")
    assert report.exists()


def test_copies_in_quarantine_stay_for_their_request_and_then_go(place: Path) -> None:
    report = erasing.scan_share(place)
    case = erasing.open_case(place)
    plan, _ = erasing.make_plan_file(place, case, report)
    applied = erasing.apply_plan(place, plan)
    assert applied.exit_code in {0, 3}, applied.output
    sealed = list((place / "home" / "quarantine").rglob("*.sealed"))
    assert sealed
    assert "Nothing is past its time" in purge(place)
    for path in (place / "home" / "quarantine").rglob("*"):
        os.utime(path, (time.time() - 20 * DAY,) * 2)
    assert f"for {case}" in purge(place, "--confirm")
    assert all(path.exists() for path in sealed)
    assert erasing.run(place, "case", "close", case, "--outcome", "withdrawn").exit_code == 0
    assert "1 removed" in purge(place, "--confirm")
    assert not list((place / "home" / "quarantine").rglob("*.sealed"))
    assert list((place / "home" / "quarantine").rglob("ledger.sqlite"))  # what was done stays on record


def test_earlier_reports_and_their_indexes_go_too(place: Path) -> None:
    report = erasing.scan_share(place)
    erasing.run(place, "find", str(report), "--name", "Peggy Tolliver")
    assert list((place / "home" / "indexes").iterdir())
    scan(place / "share", home=place / "home", out=report, since=report, names="off")
    [kept] = (place / "home" / "history").iterdir()
    aged(kept / "report.parquet")
    assert "earlier report" in purge(place, "--confirm")
    assert not kept.exists()
    assert not list((place / "home" / "indexes").iterdir())
    assert report.exists()


def test_a_file_that_is_no_report_is_left_alone(place: Path) -> None:
    refused = erasing.run(place, "purge", str(place / "beside.txt"), "--days", "0", "--confirm")
    assert refused.exit_code == 2
    assert (place / "beside.txt").exists()


def test_a_purge_that_was_killed_is_finished_by_the_next(place: Path) -> None:
    report = erasing.scan_share(place)
    aged(report)
    [old] = old_things(place / "home", [report], [], date(2026, 1, 1), days=90, quarantine_days=14)
    remove(replace(old, files=old.files[:2]))
    assert report.exists()
    assert "1 removed" in purge(place, str(report), "--confirm")
    assert not list(place.glob("r*.parquet"))


def test_a_home_whose_key_is_gone_gets_no_new_one(place: Path) -> None:
    erasing.open_case(place)
    (place / "home" / "key").unlink()
    with pytest.raises(HomeError, match=r"Restore it from a\s+backup"):
        load_key(place / "home")
    load_key(place / "other")
