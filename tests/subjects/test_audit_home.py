"""An audit keeps to what the home says: holds, restrictions, suppressed people, owners who left, requests."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from faulty_share import OLD, RECENT, letter, write_file

from reports.audit.audit import audit
from reports.audit.result import Audit, Step
from reports.parquet import open_report
from subjects.auditing.commands import ask
from subjects.cli import whosedata

Run = Callable[..., Result]
TODAY = date(2026, 11, 26)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return lambda *words: CliRunner().invoke(whosedata, [*words, "--home", str(tmp_path / "home")])


@pytest.fixture
def place(tmp_path: Path, run: Run) -> Path:
    for name, mail, day in (("Ivo Brook", "ivo.brook", OLD), ("Vera Stone", "vera.stone", RECENT)):
        write_file(tmp_path / f"share/Clients/{name}.txt", letter(name, f"{mail}@home.example").encode(), day)
    write_file(tmp_path / "share/loose.txt", letter("Kit Dale", "kit.dale@home.example").encode(), RECENT)
    options = ("--engine", "serial", "--jobs", "1", "-q")
    assert run("scan", str(tmp_path / "share"), "--out", str(tmp_path / "report.parquet"), *options).exit_code == 0
    return tmp_path


def audited(place: Path, ropa: str = "", toml: str = "") -> Audit:
    for name, text in (("ropa.yaml", ropa), ("whosedata.toml", toml)):
        (place / name).write_text(text, encoding="utf-8")
    paths = open_report(place / "report.parquet")
    files = [place / name if text else None for name, text in (("whosedata.toml", toml), ("ropa.yaml", ropa))]
    return audit(paths, ask(paths, files[0], files[1], TODAY, place / "home")).audit


def task(found: Audit, item: str) -> tuple[Step, str]:
    [one] = [task for worklist in found.worklists for task in worklist.tasks if task.item == item]
    return one.step, one.action


ENDED = '[[retention.rules]]\npath = "Clients/Ivo*"\nkeep = "7 years"\nended = 2016-01-01\n'


def test_nothing_is_to_be_deleted_while_its_person_waits_for_an_answer(place: Path, run: Run) -> None:
    assert task(audited(place, toml=ENDED), "Clients/Ivo Brook.txt")[0] is Step.DELETE
    opened = run("case", "new", "--right", "access", "--email", "ivo.brook@home.example", "--received", "2026-11-20")
    assert opened.exit_code == 0, opened.output
    found = audited(place, toml=ENDED)
    step, action = task(found, "Clients/Ivo Brook.txt")
    assert (step, "section 173" in action) == (Step.DECIDE, True)
    [request] = found.requests.open
    assert (request.right, request.due, request.overdue) == ("access", date(2026, 12, 21), False)


def test_what_is_restricted_stays(place: Path, run: Run) -> None:
    words = ("--email", "ivo.brook@home.example", "--ground", "claims", "--review", "2030-01-01")
    restricted = run("restrict", "add", *words)
    assert restricted.exit_code == 0, restricted.output
    step, action = task(audited(place, toml=ENDED), "Clients/Ivo Brook.txt")
    assert (step, "Article 18" in action) == (Step.DECIDE, True)


@pytest.mark.parametrize(("since", "back"), [("2026-11-01", 1), ("2026-11-21", 0)])
def test_suppressed_people_are_back_in_what_is_younger(place: Path, run: Run, since: str, back: int) -> None:
    assert run("suppress", "add", "--email", "vera.stone@home.example", "--since", since).exit_code == 0
    check = audited(place).check("A14")
    assert check.count == back
    assert {one.item for one in check.worst} == ({"Clients/Vera Stone.txt"} if back else set())


ROPA = """\
activities:
  - {path: share/Clients/**, activity: Advice, basis: contract, owner: Ann Example, retention: 12 years,
     categories: [identity], recipients: [{name: Post Ltd, country: US, safeguard: Privacy Shield}]}
  - {path: share/Till/**, activity: Sales, basis: contract, owner: Ann Example}
"""


def test_gaps_go_both_ways(place: Path) -> None:
    found = audited(place, ROPA)
    assert {(gap.kind, gap.place) for gap in found.ropa or ()} == {
        ("no_activity", "share"),
        ("no_data", "share/Till/**"),
        ("undeclared", "share/Clients/**"),
    }
    assert found.check("A2").count == 1
    assert found.check("A1").count == 0, "the record of processing says 12 years"
    assert found.check("A13").amount.items == 2, "the Privacy Shield is no safeguard"
    bridge = audited(place, ROPA.replace("Privacy Shield", "UK-US data bridge"))
    assert bridge.check("A13").count == 0


def test_an_owner_who_left_is_none(place: Path) -> None:
    found = audited(place, ROPA, '[audit]\nleft = ["Ann Example"]\n')
    assert found.check("A2").count == 3
    assert {worklist.owner for worklist in found.worklists} == {""}


def test_a_first_record_of_processing_is_drafted_and_never_written_over(place: Path, run: Run) -> None:
    words = ("audit", str(place / "report.parquet"), "--draft-ropa", str(place / "first.yaml"))
    assert run(*words).exit_code == 0
    rows = yaml.safe_load((place / "first.yaml").read_text(encoding="utf-8"))["activities"]
    assert {row["path"] for row in rows} == {"share/Clients/**", "share/*"}
    assert rows[0]["categories"] == ["contact", "identity"]
    drafted = audited(place, (place / "first.yaml").read_text(encoding="utf-8"))
    assert not [gap for gap in drafted.ropa or () if gap.kind in {"no_activity", "no_data"}]
    assert run(*words).exit_code == 2


@pytest.mark.parametrize(
    "ropa",
    ["activities: 3\n", "activities:\n  - {activity: x}\n", "activities:\n  - {path: a, basis: luck}\n",
     "activities:\n  - {path: a, retention: long}\n", "activities:\n  - {path: a, who: b}\n"],
)  # fmt: skip
def test_a_record_that_makes_no_sense_is_refused(place: Path, run: Run, ropa: str) -> None:
    (place / "bad.yaml").write_text(ropa, encoding="utf-8")
    assert run("audit", str(place / "report.parquet"), "--ropa", str(place / "bad.yaml")).exit_code == 2
