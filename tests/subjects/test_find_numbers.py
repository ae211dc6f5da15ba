"""People found by a number: cards, accounts and IBANs lead to their holder; what cannot be looked for is said."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from subjects.cli import scan_command, whosedata

PAYERS = """name,sort code,account number,iban,card number
Zadie Quill,08-99-99,66374958,GB82 WEST 1234 5698 7654 32,4111111111111111
Tom Reedham,20-29-59,63748472,GB33BUKB20201555555555,5555555555554444
"""
VISITORS = """email,ip address
margaret.tolliver@wren.example,198.51.100.77
gordon.pettifer@finch.example,198.51.100.77
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("numbers")
    (folder / "share").mkdir()
    (folder / "share" / "payers.csv").write_text(PAYERS, encoding="utf-8")
    (folder / "share" / "visitors.csv").write_text(VISITORS, encoding="utf-8")
    words = [str(folder / "share"), "--out", str(folder / "r.parquet"), "--home", str(folder / "home"), "--jobs", "1"]
    assert CliRunner().invoke(scan_command, [*words, "--no-progress"]).exit_code == 0
    return folder


def find(place: Path, *words: str) -> Result:
    return CliRunner().invoke(whosedata, ["find", str(place / "r.parquet"), *words, "--home", str(place / "home")])


@pytest.mark.parametrize(
    "number",
    [
        "UK_BANK_ACCOUNT=08-99-99 66374958", "UK_BANK_ACCOUNT=08999966374958", "IBAN_CODE=gb82west12345698765432",
        "CREDIT_CARD=4111 1111 1111 1111",
    ],
)  # fmt: skip
def test_the_holder_of_a_number_is_certain(place: Path, number: str) -> None:
    answer = find(place, "--id", number)
    assert answer.output.startswith("Certainly this person's"), answer.output
    assert "row=2;col=1" in answer.output
    assert "row=3" not in answer.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--id", "UK_NINO=AB12345C"), "digit by digit"),
        (("--id", "UK_BANK_ACCOUNT=12345"), "sort code and account number"),
        (("--id", "IP_ADDRESS=198.51.100.77"), "nobody can be found by this type"),
        (("--id", "UK_SORT_CODE=08-99-99"), "nobody can be found by this type"),
        (("--id", "CUSTOMER=17"), "nobody can be found by this type"),
        (("--address", "10 Wren Close, Towcester"), "needs its postcode"),
    ],
)
def test_what_cannot_be_looked_for_is_no_empty_answer(place: Path, words: tuple[str, ...], said: str) -> None:
    answer = find(place, *words)
    assert (answer.exit_code, said in answer.output) == (2, True), answer.output


def test_people_behind_one_internet_address_stay_apart(place: Path) -> None:
    lines = CliRunner().invoke(whosedata, ["people", str(place / "r.parquet")]).output.splitlines()[1:]
    assert len(lines) == 4, lines
