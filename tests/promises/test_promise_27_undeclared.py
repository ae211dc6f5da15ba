"""Promise 27: what is found and not in the notice is listed, and so is what it names and nobody holds."""

from pathlib import Path

from click.testing import CliRunner
from notices import NEW_NOTICE, of, remarks

from reports.notice.result import Misfit
from subjects.cli import whosedata

FILES = {
    "staff.csv": "Name,Email,NI number\nAnn Reed,ann.reed@home.example,AB 12 34 56 C\n",
    "absence.csv": "Name,Health condition\nAnn Reed,asthma\n",
}


def test_kinds_that_the_notice_does_not_name_are_listed(tmp_path: Path) -> None:
    undeclared = of(remarks(NEW_NOTICE, tmp_path, FILES), Misfit.UNDECLARED)
    assert set(undeclared) == {
        "held, and not in the notice: National Insurance numbers",
        "held, and not in the notice: health",
    }


def test_kinds_that_nobody_holds_are_listed(tmp_path: Path) -> None:
    notice = NEW_NOTICE + "We collect your passport for our records.\n"
    unfound = of(remarks(notice, tmp_path, FILES), Misfit.NOT_FOUND)
    assert set(unfound) == {"in the notice, and not found: passports and identity documents"}


def test_the_command_says_it_and_exits_with_1(tmp_path: Path) -> None:
    remarks(NEW_NOTICE, tmp_path, FILES)
    notice = tmp_path / "notice.txt"
    notice.write_text(NEW_NOTICE, encoding="utf-8")
    words = ["policy-check", str(notice), str(tmp_path / "report.parquet"), "--on", "2026-11-26"]
    result = CliRunner().invoke(whosedata, words)
    assert result.exit_code == 1
    assert "Found, and not declared" in result.output
    notice.write_bytes(b"\x00\x01")
    assert CliRunner().invoke(whosedata, words).exit_code == 2
