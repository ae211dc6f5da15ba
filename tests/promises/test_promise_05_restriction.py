"""Promise 5: what is restricted is stored and nothing more, for a time; the person is told before that ends."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scanner.home import RESTRICTED_FILE
from subjects.cases import commands
from subjects.cli import scan_command, whosedata

Run = Callable[..., Result]
MEMBERS = (
    "Name,E-mail,Mobile\nPeggy Tolliver,peggy@home.example,07700 900123\nAnn Fox,ann@fox.example,07700 900555\n"
    "Peggy Tolliver,other@peggy.example,07700 900777\n"
)
ASKED = ("--name", "Peggy Tolliver", "--email", "peggy@home.example")
SOON = (date.today() + timedelta(days=5)).isoformat()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "members.csv").write_text(MEMBERS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(place: Path) -> Run:
    return lambda *words: CliRunner().invoke(whosedata, [*words, "--home", str(place / "home")])


def scanned(place: Path) -> Result:
    words = [str(place / "share"), "--out", str(place / "r.parquet"), "--home", str(place / "home"), "-q"]
    return CliRunner().invoke(scan_command, words)


def opened(run: Run, right: str) -> str:
    case = run("case", "new", "--right", right, *ASKED).output.split()[1].rstrip(",")
    run("case", "event", case, "identity-confirmed", "--say", "method=known")
    return case


def test_a_restricted_row_is_absent_from_a_mailing_and_every_export(run: Run, place: Path) -> None:
    assert run("restrict", "add", *ASKED, "--ground", "accuracy", "--review", SOON).exit_code == 0
    out = place / "send.csv"
    result = run("suppress", "check", str(place / "share" / "members.csv"), "--out", str(out))
    assert (result.exit_code, "1 rows may only be stored" in result.output) == (1, True)
    assert "row      2  restriction    1" in result.output
    assert [line.split(",")[1] for line in out.read_text("utf-8").splitlines()] == [
        "E-mail", "ann@fox.example", "other@peggy.example",
    ]  # fmt: skip
    assert "peggy@home.example" in (place / "share" / "members.csv").read_text("utf-8"), "it stays stored"
    stored = (place / "home" / RESTRICTED_FILE).read_bytes().lower()
    assert b"peggy" not in stored
    assert (place / "home" / RESTRICTED_FILE).stat().st_mode & 0o777 == 0o600


def test_later_scans_say_what_is_restricted_and_a_namesake_is_not(run: Run, place: Path) -> None:
    assert "may only be stored" not in scanned(place).output
    run("restrict", "add", *ASKED, "--ground", "objection")
    assert "3 findings in 1 items are of people whose data may only be stored" in scanned(place).output
    result = run("restrict", "check", str(place / "r.parquet"))
    assert result.exit_code == 1
    assert {line.split("row=")[1][0] for line in result.output.splitlines() if "row=" in line} == {"2"}


def test_nothing_restricted_is_erased_and_the_person_may_see_it(run: Run, place: Path) -> None:
    scanned(place)
    run("restrict", "add", *ASKED, "--ground", "claims")
    erasure, sheet = opened(run, "erasure"), str(place / "sheet.csv")
    result = run("erase", "review", erasure, str(place / "r.parquet"), "--out", sheet)
    assert (result.exit_code, "legal claims (Article 18(1)(c))" in result.output) == (2, True)
    access = opened(run, "access")
    shown = run("access", access, str(place / "r.parquet"), "--review", sheet, "--accept-certain")
    assert (shown.exit_code, "give them to nobody else" in shown.output) == (0, True)
    run("restrict", "lift", "1", "--told", date.today().isoformat())
    assert run("erase", "review", erasure, str(place / "r.parquet"), "--out", sheet).exit_code == 0


def test_a_plan_made_before_is_refused_when_it_is_applied(run: Run, place: Path) -> None:
    scanned(place)
    case, sheet, plan = opened(run, "erasure"), str(place / "sheet.csv"), str(place / "plan.json")
    run("erase", "review", case, str(place / "r.parquet"), "--out", sheet, "--accept-certain")
    text = Path(sheet).read_text("utf-8-sig").replace("\r\n", "\n").splitlines()
    Path(sheet).write_text("\n".join([text[0], *("exclude" + line if line.startswith(",") else line for line in text[1:])]), "utf-8")  # fmt: skip  # noqa: E501
    made = run("erase", "plan", case, str(place / "r.parquet"), "--decisions", sheet, "--out", plan)
    assert made.exit_code == 0, made.output
    run("restrict", "add", *ASKED, "--ground", "unlawful")
    result = run("erase", "apply", plan, "--confirm")
    assert (result.exit_code, "may only be stored" in result.output) == (2, True), result.output
    assert (place / "share" / "members.csv").read_text("utf-8") == MEMBERS


def test_it_ends_only_after_the_person_was_told(run: Run, place: Path) -> None:
    case = opened(run, "restriction")
    run("restrict", "add", "--case", case, "--ground", "accuracy")
    assert "restriction 1" in run("case", "show", case).output
    refused = run("restrict", "lift", "1")
    assert (refused.exit_code, "Tell the person before" in refused.output) == (2, True)
    assert run("restrict", "lift", "1", "--told", date.today().isoformat()).exit_code == 0
    assert run("restrict", "lift", "1", "--told", date.today().isoformat()).exit_code == 2
    assert "lifted" in run("restrict", "list").output
    assert "the person was told on" in run("case", "show", case).output


def test_a_review_is_due_like_a_request(run: Run, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("restrict", "add", *ASKED, "--ground", "accuracy", "--review", SOON)
    assert "restr. 1" in run("cases", "--due", "7").output
    assert "No request is due" in run("cases", "--due", "2").output
    assert '"right": "review"' in run("cases", "--due", "7", "--format", "json").output
    assert run("restrict", "review", "1", "--until", "2000-01-01").exit_code == 2
    assert run("restrict", "review", "1", "--until", (date.today() + timedelta(days=60)).isoformat()).exit_code == 0
    assert "No request is due" in run("cases", "--due", "7").output
    monkeypatch.setattr(commands, "today", lambda: date.today() + timedelta(days=70))
    assert "  -10  " in run("cases", "--due", "7").output


def test_a_name_alone_restricts_nobody(run: Run) -> None:
    result = run("restrict", "add", "--name", "Peggy Tolliver", "--ground", "accuracy")
    assert (result.exit_code, "may fit several people" in result.output) == (2, True)
