"""Promise 10: late seven years after the end of the relationship, not the day before; an unknown end is decided on."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from faulty_share import OLD, RECENT, letter, write_file

from reports.audit.audit import Question, audit
from reports.audit.policy import Period, PolicyError, Trigger, make_policy, parse_period
from reports.audit.result import Check
from reports.audit.retention import end_of, tax_year_end
from reports.parquet import open_report
from scanner import scan
from subjects.auditing.commands import ask
from subjects.cli import whosedata
from subjects.linking.link import link

VERA = letter("Vera Stone", "vera.stone@home.example")


@pytest.mark.parametrize(
    ("start", "keep", "end"),
    [
        ("2019-11-22", "7 years", "2026-11-22"),
        ("2020-02-29", "7 years", "2027-02-28"),
        ("2024-02-29", "4 years", "2028-02-29"),
        ("2026-08-31", "6 months", "2027-02-28"),
        ("2026-01-15", "30 days", "2026-02-14"),
    ],
)
def test_periods_end_on_the_same_day_or_the_last_of_a_shorter_month(start: str, keep: str, end: str) -> None:
    assert end_of(np.array([start], "datetime64[D]"), parse_period(keep))[0] == np.datetime64(end)


def test_a_tax_year_ends_on_5_april() -> None:
    days = np.array(["2026-04-05", "2026-04-06", "2026-12-31"], "datetime64[D]")
    assert tax_year_end(days).astype(str).tolist() == ["2026-04-05", "2027-04-05", "2027-04-05"]


def late(place: Path, day: date, toml: str) -> Check:
    (place / "whosedata.toml").write_text(toml, encoding="utf-8")
    paths = open_report(place / "report.parquet")
    return audit(paths, ask(paths, place / "whosedata.toml", None, day, place / "home")).audit.check("A1")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seven")
    write_file(folder / "share/Closed/letter.txt", VERA.encode(), OLD)
    write_file(folder / "share/Ivo.txt", letter("Ivo Brook", "ivo.brook@home.example").encode(), OLD)
    scan(folder / "share", home=folder / "home", out=folder / "report.parquet")
    link([folder / "report.parquet"], folder / "home")
    return folder


CLOSED = '[[retention.rules]]\npath = "Closed/**"\nkeep = "7 years"\nended = 2019-11-22\n'


@pytest.mark.parametrize(("day", "items"), [("2026-11-21", set()), ("2026-11-22", {"Closed/letter.txt"})])
def test_a_folder_whose_relationship_ended_is_late_from_the_day_on(place: Path, day: str, items: set[str]) -> None:
    check = late(place, date.fromisoformat(day), CLOSED)
    assert {one.item for one in check.worst if one.step == "delete"} == items


def test_an_unknown_end_is_to_be_decided_on(place: Path) -> None:
    check = late(place, date(2026, 11, 22), CLOSED)
    assert {one.item: str(one.step) for one in check.worst} == {"Closed/letter.txt": "delete", "Ivo.txt": "decide"}
    assert check.decide == 1
    assert "is not known" in check.unknown[0]


@pytest.mark.parametrize(
    ("ended", "step"),
    [("2019-11-22", "delete"), ("22/11/2019", "delete"), ("2019-11-23", None), ("", None)],
)
def test_a_table_of_who_left_settles_it(place: Path, ended: str, step: str | None) -> None:
    (place / "left.csv").write_text(f"Email,Ended\nIVO.Brook@home.example,{ended}\n", encoding="utf-8")
    check = late(place, date(2026, 11, 22), f'[retention]\nrelationships = "left.csv"\n{CLOSED}')
    steps = {one.item: str(one.step) for one in check.worst}
    assert steps.get("Ivo.txt") == step


def test_a_table_of_who_left_with_another_date_is_refused(place: Path) -> None:
    (place / "left.csv").write_text("Email,Ended\nivo.brook@home.example,last spring\n", encoding="utf-8")
    (place / "whosedata.toml").write_text('[retention]\nrelationships = "left.csv"\n', encoding="utf-8")
    words = ["audit", str(place / "report.parquet"), "--policy", str(place / "whosedata.toml")]
    result = CliRunner().invoke(whosedata, [*words, "--home", str(place / "home")])
    assert result.exit_code == 2
    assert "row 2" in result.output
    assert "spring" not in result.output


def test_what_a_person_did_last_counts_for_all_of_theirs(tmp_path: Path) -> None:
    write_file(tmp_path / "share/old.txt", VERA.encode(), OLD)
    write_file(tmp_path / "share/new.txt", (VERA + "Again.\n").encode(), RECENT)
    scan(tmp_path / "share", home=tmp_path / "home", out=tmp_path / "report.parquet")
    link([tmp_path / "report.parquet"], tmp_path / "home")
    paths = open_report(tmp_path / "report.parquet")
    found = audit(paths, Question(date(2026, 11, 26))).audit
    assert found.check("A1").count <= 1, "at most the mention of the name, which is nobody's for sure"
    assert audit(paths, Question(date(2034, 1, 1))).audit.check("A1").decide == 2


@pytest.mark.parametrize(
    "toml",
    [
        {"retention": {"keep": "long"}},
        {"retention": {"rules": [{"keep": "7 years"}]}},
        {"retention": {"rules": [{"path": "x", "keep": "7 years", "after": "never"}]}},
        {"retention": {"exempt": [{"path": "x"}]}},
        {"audit": {"export_people": -1}},
    ],
)
def test_settings_that_make_no_sense_are_refused(toml: dict) -> None:
    with pytest.raises(PolicyError):
        make_policy(toml)


def test_the_defaults_are_british() -> None:
    rules = make_policy({}).rules
    assert (str(rules[-1]), rules[-1].keep) == ("7 years after the end of the relationship", Period(84))
    assert next(rule for rule in rules if rule.document_class == "payslip").after is Trigger.TAX_YEAR_END
