"""Promise 7: who objects to mailings is suppressed the same day, flagged when they come back, and not deleted."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scanner.home import SUPPRESSED_FILE
from subjects.cli import whosedata

Run = Callable[..., Result]
LIST = (
    "First name,Surname,E-mail,Phone,Address\n"
    "Peggy,Tolliver,Peggy.Tolliver@Home.example,,\n"
    "Ann,Fox,old@home.example ::: ann@home.example,07700 900111,\n"
    'Bo,Day,,+44 7700 900123,"3 Orchard Way, WR10 1AB"\n'
    'Cy,Hart,,,"7 Orchard Way, WR10 1AB"\n'
    'Cy,Other,,,"7 Orchard Way, WR10 1AB"\n'
)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return lambda *words: CliRunner().invoke(whosedata, [*words, "--home", str(tmp_path / "home")])


@pytest.fixture
def mailing(tmp_path: Path) -> Path:
    (tmp_path / "mailing.csv").write_text(LIST, encoding="utf-8")
    return tmp_path / "mailing.csv"


def test_an_objection_holds_from_the_same_day_and_keeps_no_clear_value(run: Run, mailing: Path, tmp_path: Path) -> None:
    assert f"since {date.today()}" in run("suppress", "add", "--email", "peggy.tolliver@home.example").output
    assert run("suppress", "add", "--phone", "07700 900123", "--why", "letter").exit_code == 0
    result = run("suppress", "check", str(mailing), "--out", str(tmp_path / "send.csv"))
    assert result.exit_code == 1
    assert [line.split()[1] for line in result.output.splitlines()[:-1]] == ["2", "4"]
    assert "2 of 5 rows are suppressed." in result.output
    sent = (tmp_path / "send.csv").read_text(encoding="utf-8")
    assert [line.split(",")[0] for line in sent.splitlines()] == ["First name", "Ann", "Cy", "Cy"]
    assert "7 Orchard Way" in sent
    assert mailing.read_text(encoding="utf-8") == LIST, "the record is not deleted"
    stored = (tmp_path / "home" / SUPPRESSED_FILE).read_bytes().lower()
    assert b"peggy" not in stored
    assert b"900123" not in stored
    assert (tmp_path / "home" / SUPPRESSED_FILE).stat().st_mode & 0o777 == 0o600


def test_a_name_needs_its_address(run: Run, mailing: Path) -> None:
    thin = run("suppress", "add", "--name", "Cy Hart")
    assert (thin.exit_code, "postal address" in thin.output) == (2, True)
    run("suppress", "add", "--name", "Cy Hart", "--address", "7 Orchard Way, Wrenford, WR10 1AB")
    mapped = ("--map", "given=First name,surname=Surname,address=Address")
    result = run("suppress", "check", str(mailing), *mapped)
    assert [line.split()[1] for line in result.output.splitlines()[:-1]] == ["5"]
    whole = mailing.with_name("whole.csv")
    whole.write_text('Name,Address\nCy Hart,"7 Orchard Way, WR10 1AB"\nCy Other,"7 Orchard Way, WR10 1AB"\n', "utf-8")
    assert [line.split()[1] for line in run("suppress", "check", str(whole)).output.splitlines()[:-1]] == ["2"]


def test_a_request_is_told_that_its_person_is_suppressed(run: Run, mailing: Path) -> None:
    run("case", "new", "--right", "objection", "--name", "Ann Fox", "--email", "ann@home.example")
    case = f"{date.today().year}-0001"
    assert run("suppress", "add", "--case", case).exit_code == 0
    assert "suppression list, entry 1" in run("case", "show", case).output
    assert run("suppress", "check", str(mailing)).exit_code == 1


def test_a_change_of_mind_lifts_and_stays_on_record(run: Run, mailing: Path) -> None:
    run("suppress", "add", "--email", "ann@home.example")
    assert run("suppress", "lift", "1").exit_code == 0
    assert run("suppress", "lift", "1").exit_code == 2
    assert run("suppress", "check", str(mailing)).output == "0 of 5 rows are suppressed.\n"
    assert "lifted" in run("suppress", "list").output


def test_a_list_without_headings_that_tell_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    result = run("suppress", "check", str(tmp_path / "odd.csv"))
    assert (result.exit_code, "--map email=COLUMN" in result.output) == (2, True)
    assert run("suppress", "list").output == "Nobody is on the list.\n"
    assert run("suppress", "check", str(tmp_path / "none.csv")).exit_code == 2
