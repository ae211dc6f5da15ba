"""Promise 2: the time begins with the proof of identity; how it was checked is kept, the document never is."""

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


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(commands, "today", lambda: date.fromisoformat("2026-11-25"))
    return lambda *words: CliRunner().invoke(whosedata, [*words, "--home", str(tmp_path)])


def due(run: Run) -> tuple[str, str | None]:
    row = json.loads(run("cases", "--format", "json").output.splitlines()[0])
    return row["phase"], row["due"]


def test_due_is_nothing_until_the_proof_came_and_counts_from_its_day(run: Run, tmp_path: Path) -> None:
    new = ("case", "new", "--right", "access", "--name", "Peggy Tolliver", "--email", "peggy@home.example")
    run(*new, "--received", "2026-11-02")
    run("case", "event", "2026-0001", "identity-asked", "--on", "2026-11-04")
    assert due(run) == ("waiting", None)
    assert "the time has not begun: 23 days" in run("case", "show", "2026-0001").output
    confirmed = ("case", "event", "2026-0001", "identity-confirmed", "--on", "2026-11-16")
    assert run(*confirmed).exit_code == 2, "how it was checked must be said"
    assert run(*confirmed, "--say", "method=passport seen").exit_code == 0
    assert due(run) == ("running", "2026-12-16")


def test_no_command_takes_a_document_of_identity(run: Run, tmp_path: Path) -> None:
    """There is no way in: words only, and of those no more than a few lines."""
    document = tmp_path / "passport.jpg"
    document.write_bytes(b"\xff\xd8 a picture of a passport")
    new = ("case", "new", "--right", "access", "--name", "Peggy Tolliver", "--email", "peggy@home.example")
    run(*new, "--received", "2026-11-02")
    refused = run("case", "event", "2026-0001", "identity-confirmed", "--say", "method=seen", "--attach", str(document))
    assert refused.exit_code == 2
    run("case", "event", "2026-0001", "identity-confirmed", "--say", f"method=saw {document}")
    assert b"a picture of a passport" not in (tmp_path / CASES_FILE).read_bytes()
