"""Promise 12: cards in pieces, shortened ones, stripes and security codes, and the accounts of IBANs and of rows."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from reports.parquet import Report
from scanner import scan

ACCOUNTS = ("08-99-99 66374958", "10-79-99 88837491", "20-29-59 63748472", "87-14-27 46238510", "87-24-27 46238510")
IBANS = ("GB82 WEST 1234 5698 7654 32", "gb29nwbk60161331926819", "GB33BUKB20201555555555", "DE89370400440532013000")
MASKED = ("411111******1111", "**** **** **** 1111", "XXXX-1111")


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("payments") / "share"
    folder.mkdir()
    (folder / "masked.txt").write_text("\n\n".join(f"Visa card {text}" for text in MASKED), encoding="utf-8")
    (folder / "bank.txt").write_text(
        "\n\n".join([f"Sort code and account: {pair}" for pair in ACCOUNTS] + [f"IBAN {iban}" for iban in IBANS]),
        encoding="utf-8",
    )
    (folder / "stripe.txt").write_text("%B4111111111111111^DOE/JANE^29121010000000000123?\n", encoding="utf-8")
    (folder / "code.txt").write_text(
        "4111 1111 1111 1111 exp 12/27 cvv 123\n\nThe cvv is on the back.\n", encoding="utf-8"
    )
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["Name", "Card 1", "Card 2", "Card 3", "Card 4", "CID", "Sort code", "Account"])
    writer.writerow(["J Doe", "5555", "5555", "5555", "4444", "321", "20-00-00", "12345678"])
    (folder / "split.csv").write_text(table.getvalue(), encoding="utf-8")
    (folder / "lines.txt").write_text("Card number: 5105 1051\n0510 5100\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def report(share: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    return scan(share, home=tmp_path_factory.mktemp("home"), values="clear", names="off")


def rows(report: Report, item: str, kind: str) -> list[dict[str, Any]]:
    return [
        {**row, "facts": dict(row["facts"])}
        for row in report.findings.to_pylist()
        if row["item"].endswith(item) and row["entity_type"] == kind
    ]


def digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def test_masked_cards_are_truncated(report: Report) -> None:
    found = rows(report, "masked.txt", "CREDIT_CARD")
    assert [row["value"] for row in found] == list(MASKED)
    assert {row["facts"]["truncated"] for row in found} == {"yes"}


def test_cards_over_cells_and_lines_are_one_card(report: Report) -> None:
    [split] = rows(report, "split.csv", "CREDIT_CARD")
    assert (split["value"], split["location"]) == ("5555555555554444", "row=2;col=2;chars=0-4")
    [lines] = rows(report, "lines.txt", "CREDIT_CARD")
    assert digits(lines["value"]) == "5105105105105100"


def test_what_nobody_may_keep_is_found_and_never_shown(report: Report) -> None:
    [track] = rows(report, "stripe.txt", "CARD_TRACK")
    [code] = rows(report, "code.txt", "CARD_SECURITY_CODE")
    [cid] = rows(report, "split.csv", "CARD_SECURITY_CODE")
    assert {(row["value"], row["preview"]) for row in (track, code, cid)} == {(None, "•••")}
    assert [row["value"] for row in rows(report, "stripe.txt", "CREDIT_CARD")] == ["4111111111111111"]


def test_accounts_are_pairs_and_ibans_give_theirs(report: Report) -> None:
    found = [digits(row["value"]) for row in rows(report, "bank.txt", "UK_BANK_ACCOUNT")]
    assert found == [digits(pair) for pair in ACCOUNTS] + ["12345698765432", "60161331926819", "20201555555555"]
    assert [row["value"] for row in rows(report, "bank.txt", "IBAN_CODE")] == list(IBANS)
    [pair] = rows(report, "split.csv", "UK_BANK_ACCOUNT")
    [alone] = rows(report, "split.csv", "UK_SORT_CODE")
    assert (pair["value"], alone["value"]) == ("12345678", "20-00-00")
