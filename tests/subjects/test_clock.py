"""Deadlines: the ICO's worked examples and the thirteen vectors, then every day of ten years in three divisions."""

from datetime import date, timedelta

import pytest

from subjects.cases.clock import Dates, PauseRule, Phase, Right, Wait, add_months, deadline
from subjects.cases.working_days import Division, is_working_day

DAY = date.fromisoformat


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2024-11-25", "2024-12-27"),  # Christmas and Boxing Day (the ICO's example)
        ("2025-01-31", "2025-02-28"),  # a short month
        ("2024-01-31", "2024-02-29"),  # a leap year
        ("2026-01-01", "2026-02-02"),  # 1 February is a Sunday
        ("2026-01-30", "2026-03-02"),  # 28 February is a Saturday
        ("2026-03-05", "2026-04-07"),  # Easter
        ("2026-04-03", "2026-05-05"),  # received on Good Friday; 3 May is a Sunday, 4 May a holiday
        ("2026-07-31", "2026-09-01"),  # 31 August is a holiday
        ("2026-08-31", "2026-09-30"),  # there is no 31 September
        ("2026-09-03", "2026-10-05"),  # 3 October is a Saturday
        ("2026-11-25", "2026-12-29"),  # 25 to 28 December
        ("2026-11-22", "2026-12-22"),
    ],
)
def test_one_month_in_england_and_wales(received: str, due: str) -> None:
    assert deadline(Dates(Right.ACCESS, DAY(received)), DAY(received)).due == DAY(due)


def test_an_extension_told_in_time_gives_two_more_months() -> None:
    dates = Dates(Right.ERASURE, DAY("2026-11-25"), extended=DAY("2026-12-25"))
    got = deadline(dates, DAY("2026-12-25"))
    assert (got.due, got.extended, got.notice_by) == (DAY("2027-02-25"), True, None)


def test_an_extension_told_late_gives_nothing_and_says_so() -> None:
    got = deadline(Dates(Right.ERASURE, DAY("2026-11-25"), extended=DAY("2026-12-26")), DAY("2026-12-27"))
    assert (got.due, got.extended) == (DAY("2026-12-29"), False)
    assert "25 December 2026" in got.warnings[0]


@pytest.mark.parametrize(("rule", "due"), [(PauseRule.SAFE, "2026-04-14"), (PauseRule.STATUTE, "2026-04-15")])
def test_a_question_stops_the_time_of_access(rule: PauseRule, due: str) -> None:
    asked = (Wait(DAY("2026-03-16"), DAY("2026-03-20")),)
    got = deadline(Dates(Right.ACCESS, DAY("2026-03-10"), questions=asked, pause_rule=rule), DAY("2026-03-21"))
    assert (got.due, got.phase) == (DAY(due), Phase.RUNNING)


def test_questions_that_overlap_count_once() -> None:
    asked = (Wait(DAY("2026-03-16"), DAY("2026-03-20")), Wait(DAY("2026-03-18"), DAY("2026-03-22")))
    got = deadline(Dates(Right.ACCESS, DAY("2026-03-10"), questions=asked), DAY("2026-03-25"))
    assert got.paused_days == 6


def test_a_question_does_not_stop_other_rights() -> None:
    asked = (Wait(DAY("2026-03-16"), DAY("2026-03-20")),)
    got = deadline(Dates(Right.ERASURE, DAY("2026-03-10"), questions=asked), DAY("2026-03-25"))
    assert (got.due, got.paused_days) == (DAY("2026-04-10"), 0)
    assert got.warnings


def test_an_open_question_moves_the_day_with_today() -> None:
    dates = Dates(Right.ACCESS, DAY("2026-06-01"), questions=(Wait(DAY("2026-06-03")),))
    days = [deadline(dates, DAY("2026-06-03") + timedelta(days=n)) for n in (0, 1, 40)]
    assert [one.paused_days for one in days] == [0, 1, 40]
    assert {one.phase for one in days} == {Phase.PAUSED}
    assert "not answered" in days[2].warnings[0]


def test_the_time_begins_with_the_last_proof() -> None:
    waiting = Dates(Right.ACCESS, DAY("2026-06-01"), before_start=(Wait(DAY("2026-06-02")),))
    assert deadline(waiting, DAY("2026-07-20")).due is None
    assert deadline(waiting, DAY("2026-07-20")).phase is Phase.WAITING
    proofs = (Wait(DAY("2026-06-02"), DAY("2026-06-10")), Wait(DAY("2026-06-02"), DAY("2026-06-15")))
    got = deadline(Dates(Right.ACCESS, DAY("2026-06-01"), before_start=proofs), DAY("2026-07-01"))
    assert (got.starts, got.due) == (DAY("2026-06-15"), DAY("2026-07-15"))


def test_asking_for_proof_late_is_said() -> None:
    got = deadline(Dates(Right.ACCESS, DAY("2026-06-01"), before_start=(Wait(DAY("2026-06-20")),)), DAY("2026-06-21"))
    assert "19 days after" in got.warnings[0]


def test_scotland_has_days_of_its_own() -> None:
    # 3 August is a holiday in Scotland, 31 August in England and Wales.
    received = DAY("2026-07-03")
    due = {division: deadline(Dates(Right.ACCESS, received, division), received).due for division in Division}
    assert due[Division.SCOTLAND] == DAY("2026-08-04")
    assert due[Division.ENGLAND_AND_WALES] == due[Division.NORTHERN_IRELAND] == DAY("2026-08-03")


def test_a_complaint_is_acknowledged_within_thirty_days_that_begin_with_its_receipt() -> None:
    got = deadline(Dates(Right.COMPLAINT, DAY("2026-07-01")), DAY("2026-07-01"))
    assert got.due == DAY("2026-07-30")


def test_what_cannot_be_known_yet_is_said() -> None:
    assert "not announced" in deadline(Dates(Right.ACCESS, DAY("2027-12-20")), DAY("2027-12-20")).warnings[0]


@pytest.mark.parametrize("division", Division)
def test_every_day_of_ten_years(division: Division) -> None:
    """The due day is a working day, at least 28 days and a short month away, never before one that was asked sooner."""
    before = date.min
    for number in range(3653):
        received = DAY("2020-01-01") + timedelta(days=number)
        got = deadline(Dates(Right.ACCESS, received, division), received)
        assert got.due is not None
        assert got.target is not None
        base = add_months(received, 1)
        assert is_working_day(got.due, division)
        assert received + timedelta(days=28) == got.target <= base <= got.due < base + timedelta(days=6)
        assert not any(is_working_day(base + timedelta(days=n), division) for n in range((got.due - base).days))
        assert before <= got.due
        before = got.due
        longer = deadline(Dates(Right.ACCESS, received, division, extended=received), received)
        assert longer.due is not None
        assert 85 <= (longer.due - received).days <= 99
