"""CSV, Excel, JSON lines, lists and explanations of a small report made by hand."""

import csv
import json
import os
import stat
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reports.earlier import is_report
from reports.explain import explain
from reports.export import export
from reports.gate import Gate, matches, parse_gate
from reports.html import fragment
from reports.parquet import ReportError, ReportPaths, open_report, read_report, report_paths
from reports.safe import cell
from reports.schema import arrow_schema, finding_columns, item_columns, key_columns
from reports.show import FORMS, select
from reports.summary import count, summary

EVIL = '=HYPERLINK("http://x.example","y")'


EVIDENCE = {"pattern": "NINO", "validator": "", "context": "", "label": EVIL, "column_valid": 3, "column_total": 4}


def finding(number: int, **changes: object) -> dict[str, object]:
    row: dict[str, object] = {column.name: None for column in finding_columns()}
    row |= {
        "finding_id": number, "item": "hr/staff.csv", "root": "share", "media_type": "text/csv",
        "location": "row=2;col=3;chars=0-9", "record": "row=2", "role": "self", "entity_type": "UK_NINO",
        "category": "government_id", "value_id": 7, "score": 0.9, "detector": "rules", "reason": "a NINO",
        "evidence": EVIDENCE,
        "facts": [("brand", "visa")], "is_test": False, "quoted": False, "language": "en", "preview": "••••6C",
    }  # fmt: skip
    return row | changes


def item(path: str, **changes: object) -> dict[str, object]:
    row: dict[str, object] = {column.name: None for column in item_columns()}
    return row | {"item": path, "root": "share", "status": "examined", "findings": 1, "size": 5} | changes


@pytest.fixture
def report(tmp_path: Path) -> ReportPaths:
    paths = report_paths(tmp_path / "report.parquet")
    findings = [
        finding(-1),
        finding(2**62, entity_type="EMAIL_ADDRESS", item="copy.csv", preview=EVIL),
        finding(3, entity_type="EMAIL_ADDRESS", item="a.zip!/m.eml", quoted=True, score=0.6),
        finding(4, entity_type="EMAIL_ADDRESS", item="a.zip!/m.eml", is_test=True, location="header=From\x1b[2J"),
    ]
    items = [
        item("hr/staff.csv"), item("copy.csv", duplicate_of="hr/staff.csv"), item("a.zip"),
        item("a.zip!/m.eml", status="partial", reason="damaged", detail="x"),
        item("b.exe", status="not_examined", reason="unsupported"),
        item("link", status="not_examined", reason="special"),
    ]  # fmt: skip
    keys = [{"key": 1, "kind": "email", "value_id": 7}]
    tables = (
        (paths.findings, findings, finding_columns()),
        (paths.items, items, item_columns()),
        (paths.keys, keys, key_columns()),
    )
    for path, rows, columns in tables:
        pq.write_table(pa.Table.from_pylist(rows, arrow_schema(columns, {"run_id": "r"})), path)
    return paths


def test_counts_leave_out_copies_and_quotations(report: ReportPaths) -> None:
    counts = count(report)
    assert counts.types == {"UK_NINO": 1, "EMAIL_ADDRESS": 1}
    assert (counts.copies, counts.tests, counts.duplicates, counts.complete) == (2, 1, 1, False)
    assert counts.places == {"share/hr/staff.csv": 1, "share/a.zip": 1}
    text = "\n".join(summary(counts, report.findings, ["next thing"]))
    for words in ("6 met", "3  examined", "damaged: broken", "unsupported: a kind of file", "next thing", "1  UK_NINO"):
        assert words in text


@pytest.mark.parametrize(("reason", "complete"), [("excluded", True), ("special", True), ("damaged", False)])
def test_left_out_by_the_user_is_complete(report: ReportPaths, reason: str, complete: bool) -> None:
    rows = [item("x"), item("y", status="not_examined", reason=reason)]
    pq.write_table(pa.Table.from_pylist(rows, arrow_schema(item_columns(), {"run_id": "r"})), report.items)
    assert count(report).complete is complete


def test_csv_holds_no_formula(report: ReportPaths, tmp_path: Path) -> None:
    out = report_paths(tmp_path / "out.csv")
    export(report.findings, report.items, out.findings, out.items)
    with out.findings.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["finding_id"] for row in rows][:2] == ["f" * 16, "4000000000000000"]
    assert rows[1]["preview"] == "'" + EVIL
    assert not [value for row in rows for value in row.values() if value.startswith(("=", "+", "@"))]
    if os.name == "posix":
        assert stat.S_IMODE(out.findings.stat().st_mode) == 0o600


def test_excel_holds_text_not_formulas(report: ReportPaths, tmp_path: Path) -> None:
    out = report_paths(tmp_path / "out.xlsx")
    export(report.findings, report.items, out.findings, out.items)
    sheet = openpyxl.load_workbook(out.findings).active
    assert sheet is not None
    assert sheet.max_row == 5
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "b"}
    assert openpyxl.load_workbook(out.items).active.max_row == 7  # type: ignore[union-attr]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_clean_share_gives_a_table_with_a_heading(report: ReportPaths, tmp_path: Path, suffix: str) -> None:
    pq.write_table(pa.Table.from_pylist([], arrow_schema(finding_columns())), report.findings)
    out = report_paths(tmp_path / f"out.{suffix}")
    export(report.findings, report.items, out.findings, out.items)
    if suffix == "csv":
        assert out.findings.read_text(encoding="utf-8-sig").startswith("entity_type,preview,")
    else:
        sheet = openpyxl.load_workbook(out.findings).active
        assert sheet is not None
        assert [sheet["A1"].value, sheet.max_row] == ["entity_type", 1]


@pytest.mark.parametrize("text", ["=1", " @x", "\x00=1", "\x9b+a", "\u202e-a", "\n\x0e=1"])
def test_no_cell_begins_like_a_formula(text: str) -> None:
    assert cell(text).startswith("'")


def test_no_form_prints_controls_or_clear_values(report: ReportPaths) -> None:
    evil = "\x1b[2J\x9b\u202e\x7f"
    words = {"preview": evil, "item": f"a{evil}", "location": evil, "reason": evil, "detector": evil, "record": evil}
    row = finding(3, **words, value="SECRET", facts=[(evil, evil)], evidence={**EVIDENCE, "label": evil})
    table = pa.Table.from_pylist([row], arrow_schema(finding_columns(), {"run_id": "r"}))
    pq.write_table(table, report.findings)
    shown = [line for form in FORMS.values() for line in form(select(report.findings))]
    shown += [*explain(report.findings, "0000"), fragment(table, pq.read_table(report.items))]
    assert len(shown) > 10
    for line in shown:
        assert line.isprintable()
        assert "SECRET" not in line
    assert json.loads(next(FORMS["json"](select(report.findings))))["preview"] == evil


def test_json_lines(report: ReportPaths, tmp_path: Path) -> None:
    out = report_paths(tmp_path / "out.jsonl")
    export(report.findings, report.items, out.findings, out.items)
    rows = [json.loads(line) for line in out.findings.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 4
    assert rows[0]["facts"] == "brand=visa"


def test_an_unknown_form_is_refused(report: ReportPaths, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"must end in"):
        export(report.findings, report.items, tmp_path / "x.doc", tmp_path / "y.doc")
    assert not list(tmp_path.glob("*.doc"))


@pytest.mark.parametrize(
    ("types", "path", "limit", "expected"),
    [
        ((), "", 0, 4),
        (("UK_NINO",), "", 0, 1),
        ((), "a.zip", 0, 2),
        ((), "hr", 0, 1),
        ((), "*.csv", 0, 2),
        ((), "", 3, 3),
    ],
)
def test_select(report: ReportPaths, types: tuple[str, ...], path: str, limit: int, expected: int) -> None:
    assert len(list(select(report.findings, types, path, limit))) == expected


def test_forms_of_show(report: ReportPaths) -> None:
    shown = {name: list(form(select(report.findings))) for name, form in FORMS.items()}
    assert [len(lines) for lines in shown.values()] == [5, 4, 5]
    assert "\x1b" not in "".join(shown["table"])
    assert json.loads(shown["json"][0])["facts"] == {"brand": "visa"}
    assert shown["csv"][2].count("'=HYPERLINK") == 1


def test_explain_says_why(report: ReportPaths) -> None:
    text = "\n".join(explain(report.findings, "ffff"))
    for words in ("UK_NINO", "share/hr/staff.csv", "row=2;col=3", "a NINO", "3 of its 4", "Brand", "visa"):
        assert words in text


@pytest.mark.parametrize(("typed", "message"), [("zz", "is not the id"), ("1234", "No finding"), ("0000", "Type more")])
def test_explain_refuses(report: ReportPaths, typed: str, message: str) -> None:
    with pytest.raises(ReportError, match=message):
        list(explain(report.findings, typed))


def test_the_notebook_shows_masks_only(report: ReportPaths) -> None:
    whole = read_report(report.findings)
    clear = whole.findings.set_column(20, "value", pa.array(["SECRET<b>"] * 4))
    html = fragment(clear, whole.items)
    assert "SECRET" not in html
    assert "&quot;http://x.example" in html
    assert "4 findings" in html


def test_a_mixture_of_runs_is_refused(report: ReportPaths) -> None:
    pq.write_table(pa.Table.from_pylist([], arrow_schema(key_columns(), {"run_id": "other"})), report.keys)
    with pytest.raises(ReportError, match="different scans"):
        open_report(report.findings)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda paths: paths.items.unlink(), "does not exist"),
        (lambda paths: paths.findings.write_bytes(b"PAR1 no"), "cannot be read as a report"),
        (lambda paths: pq.write_table(pa.table({"a": [1]}), paths.findings), "not a report"),
        (
            lambda paths: pq.write_table(pa.Table.from_pylist([], pa.schema([], {"schema_version": "99"})), paths.keys),
            "newer",
        ),
    ],
)
def test_what_is_no_report_is_refused(report: ReportPaths, change: object, message: str) -> None:
    change(report)  # type: ignore[operator]
    with pytest.raises(ReportError, match=message):
        read_report(report.findings)


def test_gates(report: ReportPaths) -> None:
    gates = [parse_gate("uk_nino"), parse_gate("EMAIL_ADDRESS:0.7"), parse_gate("CREDIT_CARD")]
    assert matches(report.findings, gates) == {Gate("UK_NINO"): 1, Gate("EMAIL_ADDRESS", 0.7): 2}
    for wrong in ("", ":0.5", "UK_NINO:", "UK_NINO:2", "UK_NINO:x"):
        with pytest.raises(ValueError, match="is not TYPE"):
            parse_gate(wrong)


def test_only_reports_of_ours_are_written_over(report: ReportPaths, tmp_path: Path) -> None:
    assert is_report(report.findings)
    for suffix in ("csv", "xlsx", "jsonl"):
        out = report_paths(tmp_path / f"out.{suffix}")
        export(report.findings, report.items, out.findings, out.items)
        assert is_report(out.findings)
        assert is_report(out.items)
    others = {
        "a.csv": b"name,email\n",
        "b.jsonl": b'{"a": 1}\n',
        "c.parquet": b"PAR1",
        "d.xlsx": b"PK\x03\x04",
        "e.csv": b"\xff",
    }
    for name, content in others.items():
        (tmp_path / name).write_bytes(content)
        assert not is_report(tmp_path / name), name
    book = openpyxl.Workbook()
    book.save(tmp_path / "f.xlsx")
    pq.write_table(pa.table({"a": [1]}), tmp_path / "g.parquet")
    assert not is_report(tmp_path / "f.xlsx")
    assert not is_report(tmp_path / "g.parquet")
    (tmp_path / "empty.csv").touch()
    assert is_report(tmp_path / "empty.csv")


def test_ids_as_a_data_frame_shows_them(report: ReportPaths) -> None:
    assert "UK_NINO" in "\n".join(explain(report.findings, "-1"))
