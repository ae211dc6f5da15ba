"""A site's own numbers, and account numbers without sort code: what they find, what they join, and what never."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from subjects.cli import scan_command, whosedata

TOML = """
[[identifiers]]
name = "CUSTOMER_NUMBER"
regex = "C[0-9]{6}"
labels = ["customer number"]
"""
CUSTOMERS = """customer number,name,email
C100017,Zadie Quill,zadie.quill@wren.example
C100018,Tom Reedham,tom@wren.example
"""
ORDERS = """order,customer number,name
1,C100017,Zadie Quill
2,C100018,T Reedham
"""
PAYMENTS = """name,sort code,account number
Zadie Quill,08-99-99,66374958
Tom Reedham,20-29-59,63748472
"""
REFUNDS = """name,account number
Zadie Quill,66374958
Ann Moss,66374958
,63748472
"""
TWO_NAMES = """contact,deputy,date of birth
Anna Quill,Tom Reed,04/03/1950
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own")
    (folder / "share").mkdir()
    tables = {"customers": CUSTOMERS, "orders": ORDERS, "pay": PAYMENTS, "refunds": REFUNDS, "two": TWO_NAMES}
    for name, text in tables.items():
        (folder / "share" / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "w.toml").write_text(TOML, encoding="utf-8")
    words = [str(folder / "share"), "--out", str(folder / "r.parquet"), "--home", str(folder / "home"), "--jobs", "1"]
    result = CliRunner().invoke(scan_command, [*words, "--config", str(folder / "w.toml"), "--no-progress"])
    assert result.exit_code == 0, result.output
    return folder


def run(place: Path, *words: str) -> Result:
    return CliRunner().invoke(whosedata, [words[0], str(place / "r.parquet"), *words[1:]])


def tiers(place: Path, *words: str) -> dict[tuple[str, str], str]:
    answer = run(place, "find", *words, "--home", str(place / "home"), "--format", "json")
    assert answer.exit_code == 0, answer.output
    rows = [json.loads(line) for line in answer.stdout.splitlines()]
    return {(row["item"], row["location"].split(";")[0]): row["tier"] for row in rows}


def test_a_customer_is_found_by_the_site_s_own_number(place: Path) -> None:
    assert tiers(place, "--id", "CUSTOMER_NUMBER=c100 017") == {
        ("customers.csv", "row=2"): "certain",
        ("orders.csv", "row=2"): "certain",
    }


def test_a_customer_number_joins_records(place: Path) -> None:
    people = run(place, "people").output.splitlines()[1:]
    found = [tiers(place, "--subject", line.split()[0]) for line in people]
    mine = [one for one in found if ("customers.csv", "row=2") in one]
    assert len(mine) == 1
    assert ("orders.csv", "row=2") in mine[0]
    theirs = [one for one in found if ("customers.csv", "row=3") in one]
    assert ("orders.csv", "row=3") in theirs[0]  # T Reedham, by number and initial


def test_an_account_number_without_sort_code_is_a_hint_and_no_proof(place: Path) -> None:
    pair = tiers(place, "--name", "Zadie Quill", "--id", "UK_BANK_ACCOUNT=08-99-99 66374958")
    assert pair["pay.csv", "row=2"] == "certain"
    assert pair["refunds.csv", "row=2"] == "probable"
    assert pair.get(("refunds.csv", "row=3")) != "certain"  # Ann Moss, with the same eight digits
    alone = tiers(place, "--id", "UK_BANK_ACCOUNT=63748472")
    assert set(alone.values()) == {"possible"}
    assert ("refunds.csv", "row=4") in alone


def test_an_account_number_alone_joins_nobody(place: Path) -> None:
    people = run(place, "people").output.splitlines()[1:]
    found = [tiers(place, "--subject", line.split()[0]) for line in people]
    assert not [one for one in found if {("refunds.csv", "row=3"), ("pay.csv", "row=2")} <= set(one)]
    assert [one for one in found if {("refunds.csv", "row=2"), ("pay.csv", "row=2")} <= set(one)]


def test_two_names_of_one_row_are_not_mixed_into_one_person(place: Path) -> None:
    assert tiers(place, "--name", "Tom Quill", "--dob", "04/03/1950")["two.csv", "row=2"] == "probable"
    assert tiers(place, "--name", "Tom Reed", "--dob", "04/03/1950")["two.csv", "row=2"] == "certain"
