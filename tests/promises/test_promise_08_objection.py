"""Promise 8: an objection to legitimate interests is weighed, and what was decided is written down by the due day."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from subjects.cases import commands
from subjects.cli import whosedata

Run = Callable[..., Result]
PEGGY = ("--name", "Peggy Tolliver", "--email", "peggy@home.example", "--received", "2026-11-02")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(commands, "today", lambda: date.fromisoformat("2026-11-25"))
    return lambda *words: CliRunner().invoke(whosedata, [*words, "--home", str(tmp_path)])


def event(run: Run, kind: str, *said: str, on: str = "2026-11-20") -> Result:
    return run("case", "event", "2026-0001", kind, "--on", on, *(word for text in said for word in ("--say", text)))


def row(run: Run) -> dict[str, object]:
    found: dict[str, object] = json.loads(run("cases", "--all", "--format", "json").output.splitlines()[0])
    return found


def test_the_balance_is_recorded_by_the_due_day(run: Run) -> None:
    run("case", "new", "--right", "objection", "--about", "legitimate-interests", *PEGGY)
    event(run, "identity-confirmed", "method=known")
    assert row(run)["due"] == "2026-12-02"
    assert row(run)["missing"] == ["decided", "marked", "sent"]
    assert event(run, "decided", "decision=stop").exit_code == 2, "a decision needs its reasons"
    assert event(run, "decided", "decision=stop", "why=her privacy weighs more than our news").exit_code == 0
    decided = next(
        line for line in run("case", "show", "2026-0001").output.splitlines() if "her privacy weighs" in line
    )
    assert "2026-11-20" in decided
    assert str(row(run)["due"]) >= "2026-11-20"


def test_a_refusal_needs_the_balance_and_its_letter(run: Run) -> None:
    run("case", "new", "--right", "objection", "--about", "legitimate-interests", *PEGGY)
    refuse = ("case", "close", "2026-0001", "--outcome", "refused", "--why", "fraud prevention weighs more")
    assert "what was weighed" in run(*refuse).output
    event(run, "decided", "decision=refuse", "why=fraud prevention weighs more")
    assert "tell the person first" in run(*refuse).output
    event(run, "sent", "how=letter")
    assert run(*refuse).exit_code == 0


def test_an_objection_to_direct_marketing_is_never_weighed_and_never_refused(run: Run) -> None:
    run("case", "new", "--right", "objection", "--about", "direct-marketing", *PEGGY)
    event(run, "identity-confirmed", "method=known")
    assert row(run)["missing"] == ["marked", "sent"]
    event(run, "sent", "how=letter")
    refused = run("case", "close", "2026-0001", "--outcome", "refused", "--why", "we like our newsletter")
    assert (refused.exit_code, "cannot be refused" in refused.output) == (2, True)
    assert run("suppress", "add", "--case", "2026-0001").exit_code == 0
    assert run("case", "close", "2026-0001", "--outcome", "responded").exit_code == 0
