"""Limits end what has no end, say how far it was read, and leave large honest files alone."""

import io
import zipfile
from pathlib import Path

import pytest

from reports.parquet import Report
from scanner import scan
from scanner.limits import Budget, Limits
from scanner.model import Skip


def limited(tmp_path: Path, lines: str, *names: str) -> list[dict[str, object]]:
    """Rows of items of a scan of tmp_path/share with these lines under [limits]."""
    config = tmp_path / "whosedata.toml"
    config.write_text(f"[limits]\n{lines}\n", encoding="utf-8")
    report: Report = scan(tmp_path / "share", names="off", config=config, home=tmp_path / "home")
    return [row for row in report.items.to_pylist() if not names or row["item"] in names]


@pytest.fixture
def share(tmp_path: Path) -> Path:
    place = tmp_path / "share"
    place.mkdir()
    return place


def paged(count: int) -> bytes:
    """A PDF of so many pages, without a list of where its objects stand."""
    kids = b" ".join(b"%d 0 R" % (10 + number) for number in range(count))
    content = b"/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>"
    page = b"%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]" + content + b">>endobj\n"
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        + b"2 0 obj<</Type/Pages/Kids[%s]/Count %d>>endobj\n" % (kids, count)
        + b"".join(page % (10 + number) for number in range(count))
        + b"4 0 obj<</Length 52>>stream\nBT /F1 12 Tf 50 300 Td (Ann Lee ann@x.example) Tj ET\nendstream endobj\n"
        + b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )


def sheet(repeats: int) -> bytes:
    """An ODS file of one row that says that it stands there many times."""
    spaces = "".join(f" xmlns:{name}='{name}'" for name in ("office", "text", "table"))
    cell = "<table:table-cell table:number-columns-repeated='200'><text:p>ann@x.example</text:p></table:table-cell>"
    content = (
        f"<office:document-content{spaces}><office:body><office:spreadsheet><table:table table:name='Staff'>"
        f"<table:table-row table:number-rows-repeated='{repeats}'>{cell}</table:table-row>"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return out.getvalue()


def test_cells_that_repeat_without_end_are_cut_and_the_last_row_told(share: Path, tmp_path: Path) -> None:
    (share / "bomb.ods").write_bytes(sheet(20_000))
    [row] = limited(tmp_path, "max_cells = 1000")
    assert (row["status"], row["reason"]) == ("partial", "limit")
    assert "more than 1,000 cells" in str(row["detail"])
    assert "read up to sheet Staff, row " in str(row["detail"])
    assert row["findings"]


def test_a_csv_is_not_limited_by_its_cells(share: Path, tmp_path: Path) -> None:
    (share / "a.csv").write_text("name,mail\n" + "Ann,a@x.example\n" * 3000, encoding="utf-8")
    [row] = limited(tmp_path, "max_cells = 1")
    assert (row["status"], row["reason"]) == ("examined", None)


def test_pages_over_the_limit_are_told(share: Path, tmp_path: Path) -> None:
    (share / "a.pdf").write_bytes(paged(5))
    [row] = limited(tmp_path, "max_pages = 2")
    assert (row["status"], row["reason"]) == ("partial", "limit")
    assert "pages 1-2 of 5 were read" in str(row["detail"])


def test_a_file_without_end_is_cut_by_its_processor_time(share: Path, tmp_path: Path) -> None:
    (share / "a.txt").write_text("ann@x.example\n" * 20_000, encoding="utf-8")
    [row] = limited(tmp_path, "item_seconds = 0")
    assert row["status"] == "examined"  # ten minutes for each MB
    # Packed so small that it may take three seconds in all, and so much that no machine reads it in that time.
    with zipfile.ZipFile(share / "a.zip", "w", zipfile.ZIP_BZIP2) as archive:
        for number in range(30):
            archive.writestr(f"{number}.txt", "ann@x.example\n" * 50_000)
    (share / "a.txt").unlink()
    top, *members = limited(tmp_path, "item_seconds = 0")[::-1]
    assert (top["status"], top["reason"]) == ("partial", "limit")
    assert "not finished after" in str(top["detail"])
    assert sum(int(row["findings"]) for row in members) >= 5000  # type: ignore[call-overload]


def test_what_is_left_is_told_to_another_process_and_children_share_it() -> None:
    budget = Budget(Limits(max_cells=10, max_pages=3), 1)
    budget.charge_cells(8)
    budget.charge_page(1, 0)
    other = Budget(Limits(max_cells=10, max_pages=3), 1)
    other.resume(budget.spent())
    with pytest.raises(Skip):
        other.charge_cells(4)
    other.charge_page(1, 0)
    other.charge_page(1, 0)
    with pytest.raises(Skip):
        other.charge_page(1, 0)
