"""Promise 26: broken sentences of a notice are pointed at, and a version of more than a year ago."""

from datetime import date
from pathlib import Path

import pytest
from notices import NEW_NOTICE, OLD_NOTICE, ON, of

from reports.notice.law import law_remarks
from reports.notice.result import Misfit
from reports.notice.topics import sentences_of

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "privacy-policy.txt"


def law(text: str, day: date = ON) -> list:
    return list(law_remarks(list(sentences_of(text)), day))


def test_the_garbled_clause_is_quoted_with_its_line() -> None:
    unclear = of(law(OLD_NOTICE), Misfit.UNCLEAR)
    remark = unclear["a word is missing after “of”"]
    assert remark.line == 8
    assert "date of and, payment details" in remark.quote


@pytest.mark.parametrize(("day", "stale"), [(date(2027, 10, 1), False), (date(2027, 10, 2), True)])
def test_a_version_is_stale_after_a_year(day: date, stale: bool) -> None:
    assert any("this version" in what for what in of(law(NEW_NOTICE, day), Misfit.OUTDATED)) is stale


def test_a_notice_without_a_date_is_told_so() -> None:
    assert "the notice bears no date" in of(law("We collect your name."), Misfit.MISSING)


@pytest.mark.skipif(not REAL.exists(), reason="the real notice is not here")
def test_the_real_notice() -> None:
    found = law(REAL.read_text(encoding="utf-8"))
    assert any("24 May 2018" in remark.what for remark in found)
    assert any("date of and, payment details" in remark.quote for remark in found)
