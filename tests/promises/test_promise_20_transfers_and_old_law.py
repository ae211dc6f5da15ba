"""Promise 20: a notice is told where it names void law (Privacy Shield, DPA 1998, Article 22) and how to complain."""

from pathlib import Path

import pytest
from notices import NEW_NOTICE, OLD_NOTICE, ON, of

from reports.notice.law import law_remarks
from reports.notice.result import Misfit
from reports.notice.topics import sentences_of

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "privacy-policy.txt"


def law(text: str) -> list:
    return list(law_remarks(list(sentences_of(text)), ON))


def test_void_law_is_named_with_its_line() -> None:
    outdated = of(law(OLD_NOTICE), Misfit.OUTDATED)
    lines = {what.split(" was ")[0].split(" has ")[0]: remark.line for what, remark in outdated.items()}
    assert lines["the Data Protection Act 1998"] == 3
    assert lines["the Privacy Shield"] == 11
    assert lines["Article 22"] == 12
    missing = of(law(OLD_NOTICE), Misfit.MISSING)
    assert {"how to complain to the ICO", "how to complain to you"} <= {what.partition(": ")[2] for what in missing}


def test_a_notice_of_today_is_left_alone() -> None:
    assert law(NEW_NOTICE) == []


@pytest.mark.skipif(not REAL.exists(), reason="the real notice is not here")
def test_the_real_notice() -> None:
    found = law(REAL.read_text(encoding="utf-8"))
    words = " ".join(remark.what for remark in found)
    for part in ("Privacy Shield", "Data Protection Act 1998", "22A to 22D", "complain to the ICO", "complain to you"):
        assert part in words, part
