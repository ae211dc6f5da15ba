"""Whole scans: each item's class of document, and what it does to the numbers in it."""

from pathlib import Path

from click.testing import CliRunner

from reports.ids import format_id
from reports.parquet import Report
from scanner import scan
from subjects.cli import whosedata

LETTER = (
    "Wrenford Hospital, Department of Cardiology\n\nDear Dr Ash\n\nThank you for referring this patient."
    " Diagnosis: angina. On examination the blood pressure was high. Medication: ramipril 5 mg.\n\n"
    "The next visit is in May, and that is enough ({number}).\n"
)
INVOICE = (
    "INVOICE\nInvoice no: 4411\nInvoice date: 3 March 2025\nSubtotal 28.00\nTotal due 33.60\n\n"
    "Two boxes of leaflets, folded twice, on strong paper, as they were asked for in spring.\n\nLeaf green, {number}\n"
)
NUMBER = "9434765919"  # a published NHS number
CV = "Curriculum vitae\nWork experience\n2019 - present Bookkeeper\nEducation\nLeeds\nReferences available on request\n"


def scanned(folder: Path, **options: object) -> Report:
    return scan(folder, home=folder.parent / "home", values="clear", names="off", **options)  # type: ignore[arg-type]


def classes(report: Report) -> dict[str, str | None]:
    return dict(zip(report.items["item"].to_pylist(), report.items["document_class"].to_pylist(), strict=True))


def share(tmp_path: Path, files: dict[str, str]) -> Path:
    folder = tmp_path / "share"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_each_item_has_a_class_or_none(tmp_path: Path) -> None:
    mail = (
        "From: Jane <jane@example.org>\nTo: hr@example.org\nSubject: post\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nMy papers are attached.\n'
        '--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename="life.txt"\n\n' + CV + "--b--\n"
    )
    table = "Invoice no,Invoice date,Due date,Amount due\n4411,3 March,1 May,12.00\n4412,4 March,1 May,13.00\n"
    folder = share(
        tmp_path, {"a.txt": CV, "b.txt": "Nothing in here.", "mail.eml": mail, "t.csv": table, "l.txt": LETTER}
    )
    assert classes(scanned(folder)) == {
        "a.txt": "cv",
        "b.txt": None,
        "mail.eml": None,
        "mail.eml!/life.txt": "cv",
        "t.csv": None,
        "l.txt": "medical_letter",
    }


def test_ten_digits_are_read_by_the_document(tmp_path: Path) -> None:
    plain = "A note.\n\nLeaflets, {number}\n"
    texts = {"letter.txt": LETTER, "invoice.txt": INVOICE, "note.txt": plain}
    folder = share(tmp_path, {name: text.format(number=NUMBER) for name, text in texts.items()})
    report = scanned(folder, min_score=0.0)
    rows = {row["item"]: row for row in report.findings.to_pylist() if row["entity_type"] == "UK_NHS"}
    scores = {item: row["score"] for item, row in rows.items()}
    assert scores["invoice.txt"] < scores["note.txt"] < 0.5 <= scores["letter.txt"]
    assert rows["letter.txt"]["evidence"]["document"] == "medical letter"
    assert rows["note.txt"]["evidence"]["document"] == ""


def test_explain_tells_the_layer(tmp_path: Path) -> None:
    folder = share(tmp_path, {"letter.txt": LETTER.format(number=NUMBER), "invoice.txt": INVOICE.format(number=NUMBER)})
    out = tmp_path / "report.parquet"
    report = scanned(folder, out=out, min_score=0.0)
    said = {}
    for row in report.findings.to_pylist():
        if row["entity_type"] == "UK_NHS":
            result = CliRunner().invoke(whosedata, ["explain", str(out), format_id(row["finding_id"])])
            said[row["item"]] = result.output
    assert "Document       it looks like a medical letter" in said["letter.txt"]
    assert "Document       speaks against it: invoice" in said["invoice.txt"]


def test_a_table_of_numbers_is_left_to_its_own_statistics(tmp_path: Path) -> None:
    rows = "".join(f"{number},x\n" for number in (NUMBER, "4010232137", "9990000026"))
    folder = share(tmp_path, {"invoice 1.csv": "Invoice no,Invoice date\n" + rows})
    for row in scanned(folder, min_score=0.0).findings.to_pylist():
        assert row["evidence"]["document"] == ""
