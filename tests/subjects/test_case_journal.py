"""The journal of cases: what is added stays, any edit is noticed, sealed words are no words, purged ones are gone."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from scanner.home import CASES_FILE, HomeError, load_key
from subjects.cases.events import Kind
from subjects.cases.journal import CaseJournal, TamperedError

DAY = date(2026, 11, 25)
SECRET = "Peggy Tolliver"


def journal(home: Path, passphrase: str = "") -> CaseJournal:
    return CaseJournal(home, load_key(home), passphrase)


def filled(home: Path, passphrase: str = "") -> CaseJournal:
    made = journal(home, passphrase)
    made.add([("2026-0001", Kind.OPENED, DAY, {"name": SECRET}), ("2026-0002", Kind.OPENED, DAY, {"name": "Bo"})])
    made.add([("2026-0001", Kind.NOTE, DAY, {"note": "she rang"})])
    return made


def test_what_is_added_comes_out_in_its_order(tmp_path: Path) -> None:
    events = filled(tmp_path).events()
    assert [(one.number, one.case_id, one.kind) for one in events] == [
        (1, "2026-0001", Kind.OPENED), (2, "2026-0002", Kind.OPENED), (3, "2026-0001", Kind.NOTE)
    ]  # fmt: skip
    assert events[0].said == {"name": SECRET}
    assert (tmp_path / CASES_FILE).stat().st_mode & 0o777 == 0o600


def test_an_empty_home_has_no_events(tmp_path: Path) -> None:
    assert journal(tmp_path).events() == []
    assert not (tmp_path / CASES_FILE).exists()


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE events SET words = X'7B7D' WHERE number = 1",
        "UPDATE events SET words = NULL WHERE number = 1",
        "UPDATE events SET day = '2026-11-24' WHERE number = 2",
        "UPDATE events SET at = '2020-01-01T00:00:00+00:00' WHERE number = 2",
        "UPDATE events SET case_id = '2026-0002' WHERE number = 3",
        "UPDATE events SET kind = 'closed' WHERE number = 3",
        "UPDATE events SET digest = zeroblob(32) WHERE number = 1",
        "DELETE FROM events WHERE number = 1",
        "DELETE FROM events WHERE number = 2",
        "DELETE FROM events WHERE number = 3",
        "DELETE FROM events",
        "DELETE FROM head",
        "UPDATE head SET count = 2",
        "UPDATE events SET number = 9 WHERE number = 3",
        "INSERT INTO events SELECT 4, case_id, at, day, kind, words, digest, mac FROM events WHERE number = 3",
    ],
)
def test_any_edit_is_noticed(tmp_path: Path, edit: str) -> None:
    made = filled(tmp_path)
    with sqlite3.connect(tmp_path / CASES_FILE) as base:
        base.execute(edit)
    with pytest.raises(TamperedError, match="was changed by something else"):
        made.events()
    with pytest.raises(TamperedError):
        made.add([("2026-0001", Kind.NOTE, DAY, {"note": "more"})])


def test_sealed_words_are_not_in_the_file(tmp_path: Path) -> None:
    made = filled(tmp_path, "a long one")
    assert made.events()[0].said == {"name": SECRET}
    assert SECRET.encode() not in (tmp_path / CASES_FILE).read_bytes()
    with pytest.raises(HomeError, match="does not open"):
        journal(tmp_path, "another").events()
    with pytest.raises(HomeError, match="WHOSEDATA_PASSPHRASE"):
        journal(tmp_path).events()


def test_purged_words_are_gone_and_the_chain_holds(tmp_path: Path) -> None:
    made = filled(tmp_path)
    assert SECRET.encode() in (tmp_path / CASES_FILE).read_bytes()
    assert made.purge("2026-0001", DAY, {"right": "access"}) == 2
    assert SECRET.encode() not in (tmp_path / CASES_FILE).read_bytes()
    events = made.events()
    assert [dict(one.said) for one in events] == [
        {"purged": "yes"},
        {"name": "Bo"},
        {"purged": "yes"},
        {"right": "access"},
    ]
    assert events[-1].kind is Kind.PURGED
    with sqlite3.connect(tmp_path / CASES_FILE) as base:
        base.execute("UPDATE events SET words = NULL WHERE number = 2")
    with pytest.raises(TamperedError):
        made.events()


def test_a_line_that_cannot_be_added_leaves_nothing(tmp_path: Path) -> None:
    made = filled(tmp_path)
    with pytest.raises(TypeError):
        made.add([("2026-0001", Kind.NOTE, DAY, {"note": "a"}), ("2026-0001", Kind.NOTE, DAY, {"note": b"b"})])  # type: ignore[dict-item]
    assert len(made.events()) == 3
