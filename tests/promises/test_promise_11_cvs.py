"""Promise 11: twelve planted CVs are found, those past the period of consideration listed, an interview keeps one."""

from datetime import date
from pathlib import Path

from faulty_share import cv, write_file

from reports.audit.audit import Question, audit
from reports.audit.policy import make_policy
from reports.audit.reading import read_held
from reports.parquet import open_report
from scanner import scan

TODAY = date(2026, 11, 26)
NAMES = ("Otto Lane", "Pia Wood", "Nora Vale", "Rex Ford", "Ida Bell", "Leo Pike", "Una West", "Tom Dale", "Eva Holt",
         "Max Reed", "Amy Cole", "Ben Hart")  # fmt: skip
LATE, IN_TIME = date(2026, 5, 26), date(2026, 5, 27)  # six months ago, and a day less
POLICY = {"retention": {"exempt": [{"path": "CV Otto Lane.txt", "until": date(2027, 1, 31), "why": "interview"}]}}


def test_late_cvs_are_listed_and_an_interview_keeps_one(tmp_path: Path) -> None:
    for at, name in enumerate(NAMES):
        write_file(tmp_path / f"share/CV {name}.txt", cv(name).encode(), LATE if at < 5 else IN_TIME)
    scan(tmp_path / "share", home=tmp_path / "home", out=tmp_path / "report.parquet")
    paths = open_report(tmp_path / "report.parquet")
    assert int(read_held(paths).items.document_class.is_in("cv").sum()) == 12
    plain = audit(paths, Question(TODAY)).audit.check("A7")
    assert {one.item for one in plain.worst} == {f"CV {name}.txt" for name in NAMES[:5]}
    kept = audit(paths, Question(TODAY, make_policy(POLICY))).audit.check("A7")
    assert {one.item for one in kept.worst} == {f"CV {name}.txt" for name in NAMES[1:5]}
    after = audit(paths, Question(date(2027, 1, 31), make_policy(POLICY))).audit.check("A7")
    assert after.count == 12, "the interview is over"
    longer = audit(paths, Question(TODAY, make_policy({"retention": {"cv": "1 year"}}))).audit.check("A7")
    assert longer.count == 0
