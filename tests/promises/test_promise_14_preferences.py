"""Promise 14: what somebody chose is found by its heading, and choices that differ between stores are reported."""

from datetime import date
from pathlib import Path

from reports.audit.audit import Question, audit
from reports.parquet import open_report
from scanner import scan
from subjects.linking.link import link

CRM = "Name,Email,Opt in\nMaud Perry,maud.perry@home.example,yes\nIvo Brook,ivo.brook@home.example,yes\n"
SHOP = (
    "Name,Email,opt_in,Prefers\nMaud Perry,maud.perry@home.example,no,post\nIvo Brook,ivo.brook@home.example,yes,post\n"
)


def test_a_choice_that_differs_between_two_stores_is_a_conflict(tmp_path: Path) -> None:
    for name, text in (("crm.csv", CRM), ("shop.csv", SHOP)):
        (tmp_path / "share").mkdir(exist_ok=True)
        (tmp_path / "share" / name).write_text(text, encoding="utf-8")
    report = scan(tmp_path / "share", home=tmp_path / "home", out=tmp_path / "report.parquet", values="clear")
    rows = [row for row in report.findings.to_pylist() if row["entity_type"] == "PREFERENCE"]
    assert sorted(row["value"] for row in rows if row["evidence"]["label"] != "Prefers") == ["no", "yes", "yes", "yes"]
    link([tmp_path / "report.parquet"], tmp_path / "home")
    check = audit(open_report(tmp_path / "report.parquet"), Question(date(2026, 11, 26))).audit.check("A12")
    assert check.count == 1, "Maud said yes in one and no in the other; Ivo the same in both"
    assert {one.item for one in check.worst} == {"crm.csv", "shop.csv"}
