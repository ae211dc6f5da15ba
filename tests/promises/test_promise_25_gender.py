"""Promise 25: a column of genders in an export is found, and flagged where the notice says otherwise."""

from pathlib import Path

from notices import NEW_NOTICE, OLD_NOTICE, of, remarks

from reports.notice.result import Misfit
from scanner import scan

EXPORT = "Name,Email,Gender\nAnn Reed,ann.reed@home.example,F\nBo Cole,bo.cole@home.example,male\n"


def test_a_column_of_genders_contradicts_the_notice(tmp_path: Path) -> None:
    contradicted = of(remarks(OLD_NOTICE, tmp_path, {"processor export.csv": EXPORT}), Misfit.CONTRADICTED)
    remark = contradicted["held, and denied by the notice: gender"]
    assert (remark.line, remark.found) == (7, 2)


def test_a_notice_that_says_nothing_of_it_does_not_declare_it(tmp_path: Path) -> None:
    undeclared = of(remarks(NEW_NOTICE, tmp_path, {"export.csv": EXPORT}), Misfit.UNDECLARED)
    assert undeclared["held, and not in the notice: gender"].found == 2


def test_forms_too_and_nothing_else(tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    (share / "form.txt").write_text("Name: Ann Reed\nSex: female\n", encoding="utf-8")
    (share / "pay.csv").write_text("Name,Gender pay gap\nAnn Reed,F\n", encoding="utf-8")
    (share / "talk.txt").write_text("Ann Reed spoke on sex: male and female birds differ.\n", encoding="utf-8")
    rows = scan(share, home=tmp_path / "home", values="clear").findings.to_pylist()
    assert [(row["item"], row["value"]) for row in rows if row["entity_type"] == "GENDER"] == [("form.txt", "female")]
