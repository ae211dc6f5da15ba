"""Promise 12: card and bank numbers are found, no output holds a whole card number, nor a hash beside its first six."""

import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from subjects.cli import scan_command, whosedata

# Published for testing: one of each scheme and length (13 to 19 digits).
PANS = (
    "4111111111111111", "4012888888881881", "4222222222222", "4917610000000000003", "5555555555554444",
    "2223003122003222", "2720990000000007", "378282246310005", "6011111111111117", "30569309025904", "36227206271667",
    "3530111333300000", "6759649826438453", "6200000000000005",
)  # fmt: skip
SEPARATORS = ("", " ", "-", ".", "\u00a0")
IBAN, ACCOUNT = "GB82 WEST 1234 5698 7654 32", "55779911"
BANK = f"IBAN: {IBAN}\nSort code: 40-47-84\nAccount number: {ACCOUNT}\n"
# Luhn-valid, and no cards: no brand, an IMEI, zeros, a time stamp in milliseconds, a typing error.
DECOYS = ("1234567812345670", "490154203237518", "0000000000000000", "1712345678901", "4111111111111112")
OUTPUTS = ("parquet", "csv", "xlsx", "jsonl")


def grouped(pan: str, separator: str) -> str:
    sizes = {15: (4, 6, 5), 14: (4, 6, 4), 13: (4, 3, 3, 3)}.get(len(pan), (4, 4, 4, 4, len(pan) - 16))
    starts = [sum(sizes[:count]) for count in range(len(sizes))]
    return separator.join(filter(None, (pan[at : at + size] for at, size in zip(starts, sizes, strict=True))))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A share with every card in every spelling, in prose and in a table, and its report in every form."""
    folder = tmp_path_factory.mktemp("cards")
    share = folder / "share"
    share.mkdir()
    spelled = [grouped(pan, separator) for pan in PANS for separator in SEPARATORS]
    (share / "letter.txt").write_text("".join(f"Card: {text}\n\n" for text in spelled) + BANK, encoding="utf-8")
    table = "".join(f"{number},{text},123\n" for number, text in enumerate(spelled))
    (share / "cards.csv").write_text(f"id,card number,cvv\n{table}", encoding="utf-8")
    (share / "slips.txt").write_text("Visa 411111******1111\nCard XXXX-1111\n", encoding="utf-8")
    (share / "stock.txt").write_text("".join(f"item {text} in box\n" for text in DECOYS), encoding="utf-8")
    for suffix in OUTPUTS:
        command = [str(share), "--out", str(folder / f"report.{suffix}"), "--names", "off", "--jobs", "1", "--home"]
        result = CliRunner().invoke(scan_command, [*command, str(folder / "home")])
        assert result.exit_code == 0, result.output
        (folder / f"terminal.{suffix}.txt").write_text(result.output, encoding="utf-8")
    return folder


def rows(place: Path, kind: str) -> list[dict[str, Any]]:
    table = pq.read_table(place / "report.parquet")
    return [row for row in table.to_pylist() if row["entity_type"] == kind]


def said(place: Path) -> dict[str, str]:
    """Everything that a person can see: files as text, tables cell by cell, what the commands print."""
    texts = {
        path.name: path.read_text(encoding="utf-8") for path in place.iterdir() if path.suffix in {".csv", ".jsonl"}
    }
    for path in place.glob("*.txt"):
        texts[path.name] = path.read_text(encoding="utf-8")
    for path in place.glob("*.parquet"):
        table = pq.read_table(path)
        texts[path.name] = "\n".join(
            str(value)
            for column in table.columns
            if not pa.types.is_integer(column.type)
            for value in column.to_pylist()
        )
    for path in place.glob("*.xlsx"):
        openpyxl = pytest.importorskip("openpyxl")
        sheets = openpyxl.load_workbook(path).worksheets
        texts[path.name] = "\n".join(str(cell.value) for sheet in sheets for row in sheet.rows for cell in row)
    report = str(place / "report.parquet")
    for form in ("table", "json", "csv"):
        texts[f"show {form}"] = CliRunner().invoke(whosedata, ["show", report, "--format", form]).output
    for row in {row["reason"]: row for row in rows(place, "CREDIT_CARD")}.values():
        finding = f"{row['finding_id'] & (2**64 - 1):016x}"
        texts[f"explain {finding}"] = CliRunner().invoke(whosedata, ["explain", report, finding]).output
    return texts


def test_every_card_is_found_in_every_spelling(place: Path) -> None:
    made = rows(place, "CREDIT_CARD")
    each = len(PANS) * len(SEPARATORS)
    assert sum(row["item"] == "letter.txt" for row in made) == each
    assert len({row["location"].split(";")[0] for row in made if row["item"] == "cards.csv"}) == each
    assert len({row["value_id"] for row in made if row["item"] != "slips.txt"}) == len(PANS), "one value, one id"
    assert all(row["is_test"] for row in made if row["item"] != "slips.txt")
    assert [dict(row["facts"])["truncated"] for row in made if row["item"] == "slips.txt"] == ["yes", "yes"]
    assert len(rows(place, "CARD_SECURITY_CODE")) == each


def test_accounts_are_found(place: Path) -> None:
    assert len(rows(place, "IBAN_CODE")) == 1
    accounts = rows(place, "UK_BANK_ACCOUNT")
    assert sorted(row["preview"][-2:] for row in accounts) == [ACCOUNT[-2:], IBAN[-2:]]


def test_what_only_passes_luhn_is_no_card(place: Path) -> None:
    assert [row for row in rows(place, "CREDIT_CARD") if row["item"] == "stock.txt"] == []


def test_no_output_holds_a_whole_number(place: Path) -> None:
    outputs = said(place)
    assert len(outputs) > 12
    numbers = {*PANS, re.sub(r"\W", "", IBAN), ACCOUNT}
    for name, text in outputs.items():
        together = re.sub(r"(?<=\w)[ .\u00a0-](?=\w)", "", text)
        assert [number for number in numbers if number in together or number in text] == [], name


def test_no_output_holds_the_first_six_beside_a_keyed_hash(place: Path) -> None:
    """PCI SSC FAQ 1308: who has a hash of the number and its first six and last four can work out the rest."""
    for name, text in said(place).items():
        together = re.sub(r"(?<=\d)[ .\u00a0-](?=\d)", "", text)
        found = [pan for pan in PANS if re.search(rf"(?<![\da-f]){pan[:6]}(?![\da-f])", together)]
        assert found == [], name
    for row in rows(place, "CREDIT_CARD"):
        assert re.fullmatch("\u2022{4}(?:\\d{4})?", row["preview"])
