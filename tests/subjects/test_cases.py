"""Requests from the day they come to their end: the commands, what they refuse, and what they never keep."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scanner.home import CASES_FILE
from subjects.cases import commands
from subjects.cli import whosedata

Run = Callable[..., Result]
PEGGY = ("--name", "Peggy Tolliver", "--email", "peggy@home.example")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command in a home of its own, on 25 November 2026 unless `today` says otherwise."""
    monkeypatch.delenv(commands.PASSPHRASE, raising=False)

    def call(*words: str, today: str = "2026-11-25") -> Result:
        monkeypatch.setattr(commands, "today", lambda: date.fromisoformat(today))
        return CliRunner().invoke(whosedata, [*words, "--home", str(tmp_path)])

    return call


def event(run: Run, case: str, kind: str, *said: str, on: str = "2026-11-25") -> Result:
    words = [word for text in said for word in ("--say", text)]
    result = run("case", "event", case, kind, "--on", on, *words)
    assert result.exit_code == 0, result.output
    return result


def row(run: Run, case: str, today: str = "2026-11-25") -> dict[str, object]:
    lines = run("cases", "--all", "--format", "json", today=today).output.splitlines()
    return next(found for found in map(json.loads, lines) if found["case"] == case)


def test_the_time_begins_with_the_proof_of_identity_and_no_document_is_kept(run: Run, tmp_path: Path) -> None:
    """Promise 2: due is nothing until the proof came, and counts from its day."""
    run("case", "new", "--right", "access", *PEGGY, "--received", "2026-11-02", today="2026-11-25")
    event(run, "2026-0001", "identity-asked", on="2026-11-04")
    assert (row(run, "2026-0001")["phase"], row(run, "2026-0001")["due"]) == ("waiting", None)
    refused = run("case", "event", "2026-0001", "identity-confirmed")
    assert (refused.exit_code, "--say method=" in refused.output) == (2, True)
    event(run, "2026-0001", "identity-confirmed", "method=passport seen, not copied", on="2026-11-16")
    assert row(run, "2026-0001")["due"] == "2026-12-16"


def test_access_is_answered_before_anything_is_erased(run: Run) -> None:
    run("case", "new", "--right", "erasure", "--right", "access", *PEGGY)
    assert (row(run, "2026-0001")["right"], row(run, "2026-0002")["after"]) == ("access", "2026-0001")
    frozen = run("case", "event", "2026-0002", "erased", "--say", "what=newsletter")
    assert (frozen.exit_code, "section 173" in frozen.output) == (2, True)
    run("case", "close", "2026-0001", "--outcome", "withdrawn")
    event(run, "2026-0002", "erased", "what=newsletter")


def test_a_later_request_to_erase_waits_for_an_open_one_to_see(run: Run) -> None:
    run("case", "new", "--right", "access", *PEGGY)
    run("case", "new", "--right", "erasure", "--name", "M Tolliver", "--email", "Peggy@Home.example")
    run("case", "new", "--right", "erasure", "--name", "Peggy Tolliver", "--email", "other@home.example")
    assert (row(run, "2026-0002")["after"], row(run, "2026-0003")["after"]) == ("2026-0001", None)


def test_never_answered_while_a_step_or_something_by_hand_is_open(run: Run) -> None:
    run("case", "new", "--right", "access", *PEGGY)
    assert "Missing: identity-confirmed, searched, decided, packed, sent" in run(
        "case", "close", "2026-0001", "--outcome", "responded"
    ).output  # fmt: skip
    event(run, "2026-0001", "identity-confirmed", "method=known")
    event(run, "2026-0001", "searched", "place=share, mail")
    event(run, "2026-0001", "to-do", "what=look into the cellar")
    event(run, "2026-0001", "decided", "decision=include all", "why=hers")
    event(run, "2026-0001", "packed")
    event(run, "2026-0001", "sent", "how=to her mailbox")
    refused = run("case", "close", "2026-0001", "--outcome", "responded")
    assert (refused.exit_code, "cellar" in refused.output) == (2, True)
    assert run("case", "event", "2026-0001", "done", "--say", "to-do=9").exit_code == 2
    assert "(then: whosedata case event 2026-0001 done --say to-do=4)" in run("case", "show", "2026-0001").output
    event(run, "2026-0001", "done", "to-do=4")
    assert run("case", "close", "2026-0001", "--outcome", "responded").exit_code == 0
    assert row(run, "2026-0001")["outcome"] == "responded"
    assert run("case", "event", "2026-0001", "searched", "--say", "place=x").exit_code == 2
    event(run, "2026-0001", "reopened", "why=she asks for more")
    assert row(run, "2026-0001")["outcome"] is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("case", "new", "--right", "access"), "Say who asks"),
        (("case", "new", "--right", "access", "--name", "A B", "--received", "yesterday"), "is not a date"),
        (("case", "new", "--right", "access", "--name", "A B", "--received", "2026-11-26"), "still to come"),
        (("case", "show", "7"), "There is no case 7"),
        (("case", "event", "2026-0001", "note", "--say", "note"), "write WORD=TEXT"),
        (("case", "event", "2026-0001", "question-answered"), "nothing waits for"),
        (("case", "event", "2026-0001", "packed", "--on", "2026-11-01"), "nothing can have happened"),
        (("case", "close", "2026-0001", "--outcome", "refused"), "Article 12(4)"),
        (("case", "purge", "2026-0001"), "is open"),
        (("case", "purge"), "Name the cases"),
    ],
)
def test_wrong_words_are_told(run: Run, words: tuple[str, ...], said: str) -> None:
    run("case", "new", "--right", "access", *PEGGY)
    result = run(*words)
    assert (result.exit_code, said in result.output) == (2, True), result.output


def test_what_is_due_next_stands_first(run: Run) -> None:
    for received in ("2026-11-20", "2026-11-02", "2026-11-10"):
        run("case", "new", "--right", "objection", *PEGGY, "--received", received)
    lines = run("cases", today="2026-12-03").output.splitlines()[1:]
    assert [line.split()[2] for line in lines] == ["2026-12-02", "2026-12-10", "2026-12-21"]
    due = run("cases", "--due", "7", today="2026-12-03").output.splitlines()[1:]
    assert [line.split()[0] for line in due] == ["2026-0002", "2026-0003"]
    assert "1 day too late" in run("case", "show", "2026-0002", today="2026-12-03").output
    assert run("cases", "--due", "0", today="2026-11-25").output == "No request is due within 0 days.\n"


def test_a_hold_keeps_everything(run: Run) -> None:
    run("case", "new", "--right", "erasure", *PEGGY)
    event(run, "2026-0001", "held", "why=claim in court")
    assert "on hold" in run("case", "event", "2026-0001", "erased", "--say", "what=x").output
    event(run, "2026-0001", "released", "why=settled")
    event(run, "2026-0001", "erased", "what=x")


def test_old_requests_lose_their_words_and_keep_their_dates(run: Run, tmp_path: Path) -> None:
    run("case", "new", "--right", "erasure", *PEGGY, "--received", "2023-01-09")
    run("case", "close", "2023-0001", "--outcome", "withdrawn", "--on", "2023-01-20")
    run("case", "new", "--right", "access", *PEGGY, "--received", "2026-11-02")
    run("case", "close", "2026-0002", "--outcome", "withdrawn", "--on", "2026-11-20")
    assert run("case", "purge", "--older-than", "3").output == "1 case purged.\n"
    assert "Peggy" not in run("case", "show", "2023-0001").output
    assert row(run, "2023-0001")["right"] == "erasure"
    assert row(run, "2023-0001")["outcome"] == "withdrawn"
    assert (tmp_path / CASES_FILE).read_bytes().count(b"Peggy Tolliver") == 1
    assert run("case", "purge", "--older-than", "3").output == "0 cases purged.\n"


def test_a_passphrase_that_comes_too_late_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("case", "new", "--right", "access", *PEGGY)
    monkeypatch.setenv(commands.PASSPHRASE, "a long one")
    assert "are not encrypted" in run("cases").output


def test_a_request_under_a_passphrase_is_unreadable_without_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(commands.PASSPHRASE, "a long one")
    run("case", "new", "--right", "access", *PEGGY)
    assert "Peggy" in run("case", "show", "2026-0001").output
    assert b"Peggy" not in (tmp_path / CASES_FILE).read_bytes()
    monkeypatch.delenv(commands.PASSPHRASE)
    locked = run("case", "show", "2026-0001")
    assert (locked.exit_code, "passphrase" in locked.output) == (2, True)
