"""Promise 15: planted faults are counted exactly, and so is what is new, resolved, persisted or back again."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from faulty_share import DAY, EXPECTED, POLICY, RECENT, ROPA, faulty_share, letter, write_file

from reports.audit.audit import audit
from reports.audit.result import Audit, Severity, Step
from reports.parquet import open_report
from subjects.auditing.commands import ask
from subjects.cli import whosedata
from subjects.erasure.tombstones import bury

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The planted share, scanned three times: before, after changes, and after more changes."""
    folder = tmp_path_factory.mktemp("audit")
    share = folder / "office"
    faulty_share(share)
    (folder / "ropa.yaml").write_text(ROPA, encoding="utf-8")
    (folder / "whosedata.toml").write_text(POLICY, encoding="utf-8")
    scan(folder, "first.parquet")
    rows = pq.read_table(folder / "first.parquet").to_pylist()
    [value] = {row["value_id"] for row in rows if "Sid" in row["item"] and row["entity_type"] == "EMAIL_ADDRESS"}
    bury(folder / "home", [value], date(2026, 1, 5), "C-1")
    (share / "Clients/Ivo Brook.txt").unlink()
    (share / "Downloads/Hugo Blake.txt").unlink()
    write_file(share / "Loose/Wim Sand.txt", letter("Wim Sand", "wim.sand@home.example").encode(), RECENT)
    write_file(share / "Staff/absence.csv", b"PK\x03\x04" + bytes(60), RECENT)
    text = (share / "Clients/till.txt").read_text(encoding="utf-8").replace("Card: 5412 7512 3456 7898\n", "")
    write_file(share / "Clients/till.txt", text.encode(), RECENT)
    (share / "Clients/broken.zip").unlink()
    scan(folder, "second.parquet")
    write_file(share / "Downloads/Hugo Blake.txt", letter("Hugo Blake", "hugo.blake@home.example").encode(), RECENT)
    scan(folder, "third.parquet")
    return folder


def scan(folder: Path, out: str) -> None:
    options = ("--engine", "serial", "--jobs", "1", "-q", "--config", str(folder / "whosedata.toml"))
    run(folder, "scan", str(folder / "office"), "--out", str(folder / out), *options)


def run(folder: Path, *words: str) -> Result:
    result = CliRunner().invoke(whosedata, [*words, "--home", str(folder / "home")])
    assert result.exit_code in {0, 3}, result.output
    return result


def audited(folder: Path, report: str, *previous: str) -> Audit:
    paths = open_report(folder / report)
    question = ask(paths, folder / "whosedata.toml", folder / "ropa.yaml", date.fromisoformat(DAY), folder / "home")
    return audit(paths, question, [open_report(folder / name) for name in previous]).audit


def test_every_planted_fault_is_counted_exactly(place: Path) -> None:
    found = audited(place, "first.parquet")
    assert {check.number: check.count for check in found.checks} == EXPECTED


def test_what_has_no_known_end_is_to_be_decided_on_and_never_deleted(place: Path) -> None:
    late = audited(place, "first.parquet").check("A1")
    assert late.decide == 1
    assert {one.item: one.step for one in late.worst} == {
        "Clients/Closed/Vera Stone 1.txt": Step.DELETE,
        "Clients/Closed/Vera Stone 2.txt": Step.DELETE,
        "Clients/Ivo Brook.txt": Step.DECIDE,
    }


def test_each_fault_is_shown_where_it_is(place: Path) -> None:
    found = audited(place, "first.parquet")
    worst = {check.number: {place.item for place in check.worst} for check in found.checks}
    assert worst["A3"] == {"Clients/Kit Dale.txt", "Staff/team.csv"}
    assert worst["A7"] == {"Staff/CV Otto Lane.txt", "Staff/CV Pia Wood.txt"}
    assert worst["A8"] == {"Clients/till.txt"}
    assert worst["A9"] == {"Downloads/Hugo Blake.txt", "Clients/.Trash/Ines Carr.txt", "Staff/open.txt"}
    assert worst["A10"] == {"Exports/all.csv"}
    assert worst["A12"] == {"Clients/dob one.csv", "Clients/dob two.csv"}
    assert worst["A13"] == {"Sent/abroad.eml"}
    assert worst["A14"] == {"Loose/Sid Quill.txt"}
    assert worst["A15"] == {"Clients/broken.zip", "Clients/locked.zip!/secret.txt"}


def test_the_trend_is_exact(place: Path) -> None:
    trend = audited(place, "second.parquet", "first.parquet").trend
    assert trend is not None
    assert trend.comparable, trend.why_not
    changed = {
        one.number: (one.new, one.resolved, one.persisted, one.reappeared, one.unseen)
        for one in trend.changes
        if one.new or one.resolved or one.reappeared or one.unseen
    }
    assert changed == {
        "A1": (0, 1, 2, 0, 0),  # the letter of 2015 is gone
        "A2": (1, 1, 4, 0, 0),  # one more in Loose, the download is gone
        "A4": (0, 0, 0, 0, 2),  # the list of absences cannot be read: nobody knows
        "A8": (0, 1, 2, 0, 0),
        "A9": (0, 1, 2, 0, 0),
        "A15": (1, 1, 1, 0, 0),
    }
    for one in trend.changes:
        assert one.before == one.resolved + one.persisted + one.unseen
        assert one.now == one.new + one.persisted + one.reappeared


def test_what_comes_back_is_no_news(place: Path) -> None:
    trend = audited(place, "third.parquet", "second.parquet", "first.parquet").trend
    assert trend is not None
    back = {one.number: (one.new, one.reappeared) for one in trend.changes if one.new or one.reappeared}
    assert back == {"A2": (0, 1), "A9": (0, 1)}


def test_other_settings_are_not_compared(place: Path, tmp_path: Path) -> None:
    options = ("--engine", "serial", "--jobs", "1", "-q", "--names", "off")
    run(place, "scan", str(place / "office"), "--out", str(tmp_path / "other.parquet"), *options)
    paths = open_report(tmp_path / "other.parquet")
    question = ask(paths, None, None, date.fromisoformat(DAY), place / "home")
    trend = audit(paths, question, [open_report(place / "third.parquet")]).audit.trend
    assert trend is not None
    assert (trend.comparable, trend.changes) == (False, ())
    assert "settings" in trend.why_not[0]


def test_the_command_says_it_and_writes_a_row_for_each_item_of_each_check(place: Path, tmp_path: Path) -> None:
    out = tmp_path / "audit.parquet"
    files = ("--policy", str(place / "whosedata.toml"), "--ropa", str(place / "ropa.yaml"), "--on", DAY)
    result = run(place, "audit", str(place / "first.parquet"), *files, "--out", str(out))
    assert result.exit_code == 3, "two items were not read"
    for words in (
        "A8  Payment card data",
        "Do first",
        "office/Loose: personal data is held here, and no row covers it",
    ):
        assert words in result.output
    rows = pq.read_table(out).to_pylist()
    assert len([row for row in rows if row["check"] == "A9"]) == EXPECTED["A9"]
    [decide] = [row for row in rows if row["item"] == "Clients/Ivo Brook.txt" and row["check"] == "A1"]
    assert (decide["step"], decide["owner"], decide["date"]) == ("decide", "Ann Example", date(2015, 3, 2))
    assert out.stat().st_mode & 0o777 == 0o600


def test_worklists_are_by_owner_and_the_gravest_comes_first(place: Path) -> None:
    lists = {one.owner: one.tasks for one in audited(place, "first.parquet").worklists}
    assert set(lists) == {"Ann Example", "Jo Example", ""}
    assert lists[""][0].item == "Loose/Sid Quill.txt" or lists[""][0].checks == ("A10",)
    assert all(task.severity is Severity.HIGH for task in lists["Ann Example"][:3])
    assert not any("Clients" in task.item for task in lists["Jo Example"])


def test_the_readme_shows_what_the_command_prints(place: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"```text\nwhosedata audit report.parquet --ropa.*?\n\n(.*?)```", readme, re.DOTALL)
    files = ("--policy", str(place / "whosedata.toml"), "--ropa", str(place / "ropa.yaml"), "--on", DAY)
    printed = run(place, "audit", str(place / "first.parquet"), *files).output.splitlines()
    lines = [line.removesuffix(" …") for line in shown.splitlines()[1:]]  # the first names file and day
    assert len(lines) > 20
    assert [line for line in lines if not any(one.startswith(line) for one in printed)] == []
