"""Audits of two months: each is kept, the second goes by the first, and its page shows what changed."""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from selectolax.lexbor import LexborHTMLParser

from reports.parquet import read_metadata
from subjects.cli import whosedata
from subjects.scheduling.monthly import make_audit
from subjects.scheduling.schedule import Schedule, make_schedule

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
CARD = "Name,Card number\nAnn Carter,4929 1234 5678 9018\n"  # invented, passes Luhn


def run(words) -> int:
    return CliRunner().invoke(whosedata, list(words), prog_name="whosedata").exit_code


@pytest.fixture
def schedule(tmp_path: Path) -> Schedule:
    share = tmp_path / "share"
    (share / "sales").mkdir(parents=True)
    (share / "sales" / "orders.csv").write_text(CARD)
    (share / "sales" / "people.csv").write_text("Name,E-mail\nAnn Carter,ann@carter.example\n")
    return make_schedule((str(share),), tmp_path / "audits", tmp_path / "home", day=1, at="02:00", name="audit")


def test_the_second_audit_goes_by_the_first_and_both_are_kept(schedule: Schedule):
    first, code = make_audit(schedule, OCTOBER, run)
    assert code == 0
    kept = first.read_bytes()
    (Path(schedule.paths[0]) / "sales" / "orders.csv").unlink()
    second, code = make_audit(schedule, NOVEMBER, run)
    assert code == 0
    assert first.read_bytes() == kept
    assert [path.parent.name for path in (first, second)] == ["2026-10-01", "2026-11-01"]
    since = json.loads(read_metadata(second.with_name("report.parquet"))["since"])
    assert (since["unchanged"], since["new"]) == (1, 0)
    text = " ".join(LexborHTMLParser(second.read_text(encoding="utf-8")).body.text(separator=" ").split())
    assert "Since the audit of" in text
    assert (schedule.into / "audit.html").read_bytes() == second.read_bytes()
    assert {path.name for path in second.parent.iterdir()} >= {"report.parquet", "audit.html", "audit.parquet"}


def test_the_same_day_again_makes_no_second_audit_of_that_day(schedule: Schedule):
    make_audit(schedule, OCTOBER, run)
    (Path(schedule.paths[0]) / "more.csv").write_text("E-mail\nbob@marsh.example\n")
    page, code = make_audit(schedule, OCTOBER, run)
    assert code == 0
    assert [path.name for path in schedule.into.iterdir() if path.is_dir()] == ["2026-10-01"]
    assert "Since the audit of" not in page.read_text(encoding="utf-8")


def test_a_scan_that_fails_leaves_the_history_as_it_was(schedule: Schedule):
    make_audit(schedule, OCTOBER, run)
    before = (schedule.into / "audit.html").read_bytes()
    share = Path(schedule.paths[0])
    share.rename(share.with_name("elsewhere"))
    page, code = make_audit(schedule, NOVEMBER, run)
    assert code not in {0, 1, 3}
    assert not page.exists()
    assert (schedule.into / "audit.html").read_bytes() == before
    share.with_name("elsewhere").rename(share)
    assert make_audit(schedule, NOVEMBER, run)[1] == 0


def test_what_could_not_be_read_is_said_by_the_exit_code(schedule: Schedule):
    (Path(schedule.paths[0]) / "broken.zip").write_bytes(b"PK\x03\x04 cut off")
    page, code = make_audit(schedule, OCTOBER, run)
    assert code == 3
    assert page.exists()


def test_the_command_does_it_today(schedule: Schedule, tmp_path: Path):
    typed = ["schedule", schedule.paths[0], "--into", str(schedule.into), "--home", str(schedule.home), "--now"]
    result = CliRunner().invoke(whosedata, typed, prog_name="whosedata")
    assert result.exit_code == 0, result.output
    assert "Page" in result.stdout
    [day] = [path for path in schedule.into.iterdir() if path.is_dir()]
    date.fromisoformat(day.name)
    if os.name == "posix":
        assert day.stat().st_mode & 0o077 == 0
