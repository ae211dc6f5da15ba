"""Promise 15: the page of an audit shows each planted fault in its number, and holds no value that was planted."""

import re
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from faulty_share import DAY, EXPECTED, POLICY, ROPA, faulty_share
from selectolax.lexbor import LexborHTMLParser

from subjects.cli import whosedata
from subjects.erasure.tombstones import bury


def run(*words: str) -> None:
    result = CliRunner().invoke(whosedata, [*words], prog_name="whosedata")
    assert result.exit_code in {0, 3}, result.output


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The planted share scanned, and its audit written as a page and as worklists."""
    folder = tmp_path_factory.mktemp("page")
    faulty_share(folder / "office")
    (folder / "ropa.yaml").write_text(ROPA, encoding="utf-8")
    (folder / "whosedata.toml").write_text(POLICY, encoding="utf-8")
    known = ("--home", str(folder / "home"))
    out, policy = folder / "report.parquet", str(folder / "whosedata.toml")
    run("scan", str(folder / "office"), "--out", str(out), "--engine", "serial", "-q", "--config", policy, *known)
    rows = pq.read_table(out).to_pylist()
    [value] = {row["value_id"] for row in rows if "Sid" in row["item"] and row["entity_type"] == "EMAIL_ADDRESS"}
    bury(folder / "home", [value], date(2026, 1, 5), "C-1")  # erased in January, and back
    run(
        "audit", str(out), "--policy", policy, "--ropa", str(folder / "ropa.yaml"), "--on", DAY, "--quiet", *known,
        "--html", str(folder / "audit.html"), "--worklists", str(folder / "lists"),
        "--xlsx", str(folder / "audit.xlsx"),
    )  # fmt: skip
    return folder


def test_each_check_stands_on_the_page_with_its_number(place: Path) -> None:
    tree = LexborHTMLParser((place / "audit.html").read_text(encoding="utf-8"))
    shown = {}
    for check in tree.css("article.check"):
        number, count = check.css_first(".id"), check.css_first(".count")
        assert number is not None
        assert count is not None
        shown[number.text()] = int(count.text().split()[0].replace(",", ""))
    assert shown == EXPECTED


def test_each_check_stands_in_the_workbook_with_its_number(place: Path) -> None:
    rows = openpyxl.load_workbook(place / "audit.xlsx")["Checks"].iter_rows(min_row=2, values_only=True)
    assert {row[0]: row[3] for row in rows} == EXPECTED


def test_no_planted_value_stands_on_a_page_or_a_list(place: Path) -> None:
    planted = set()
    for path in (place / "office").rglob("*"):
        if path.is_file():
            text = path.read_bytes().decode("utf-8", "ignore")
            planted |= set(re.findall(r"[\w.]+@[\w.]+\w|\b(?:\d{4} ){3}\d{4}\b|\b[A-Z]{2}\d{6}[A-D]\b", text))
    assert len(planted) > 10
    written = [place / "audit.html", *(place / "lists").iterdir()]
    assert len(written) >= 3
    for path in written:
        text = path.read_text(encoding="utf-8-sig")
        assert [value for value in planted if value in text] == []


def test_the_page_asks_nothing_of_anybody(place: Path) -> None:
    page = (place / "audit.html").read_text(encoding="utf-8")
    tree = LexborHTMLParser(page)
    assert not tree.css("script, img, link, iframe, object, embed, form, [src], [href], [style]")
    policy = tree.css_first("meta[http-equiv]")
    assert policy is not None
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'; form-action 'none'",
        policy.attributes["content"] or "",
    )
    assert "http" not in page.replace("http-equiv", "")
