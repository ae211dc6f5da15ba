"""Sort code and account against a weight table in Pay.UK's format; the weights here are invented."""

from pathlib import Path

import pytest

from detectors.bank import load
from detectors.modulus import ModulusTable, read_modulus_table
from detectors.types import DetectorOptions, Span, Text
from scanner.config import read_config
from scanner.plan import PlanError, make_plan, make_roots

# The accounts below are Pay.UK's examples. The weights were made up so that these pass and the others fail.
TABLE = """\
074456 074456 MOD11    6   10    7    5    1    1    8    8    2    6    6    1    3    6  12
074456 074456 MOD10    5   10    6    5    8    7    0    0    4    3    5    2    5    4  13
086090 086090 MOD10   10    0    8    5    6    2    9   10    3    4    9   10    8    1   8
089999 089999 MOD10    6    5    7   10    9    3    5    0    5    7    0    1    8    2
107999 107999 MOD11    6    4    9    7   10    2   10    7    2    5   10    0    5    6
118765 118765 DBLAL    1    2    2    1    1    1    2    1    1    2    1    1    2    1   1
134020 134020 MOD11    8   10    7   10    1   10    1    4    0    5   10    8    0    0   4
180002 180002 MOD11    9    7    0    3    4    3   10    1    9    1    0    1    3    6  14
200915 200915 MOD11    3    3   10    7    3    2    7    3    9    4    5    6   10    5   6
200915 200915 DBLAL    1    1    2    1    1    1    1    1    1    2    1    2    2    2   6
202959 203099 MOD11    1    4    5    2    2   10    4    6    6   10    2    0    8    2
202959 203099 DBLAL    2    1    2    2    1    1    1    2    2    2    2    2    1    1
309070 309070 MOD11    5    2    5    5    9    6    9    0    9    4    5    9    0    6   2
309070 309070 MOD11    6    0    7    8    9    1   10    5    0    3    1    3    0    2   9
772798 772798 MOD11    7    7    9    2   10    8    5    7    0    5    4    5    9    9   7
820000 820101 MOD11    5    1    2    3    9    3    4    4    2    5    6    8   10   10
820000 820101 DBLAL    1    1    2    1    1    1    2    2    2    1    1    1    1    1   3
871427 872427 MOD11    6    0    0    2    0    1    8    7    6    5   10    6    1    7  10
871427 872427 MOD11    4    6    6    4    0    8    0    6    8    2    0    9    9    5  11
938063 938611 MOD11    4    3    3    9    3   10    1    4    9    5    6    9    0    0   5
938063 938611 DBLAL    2    1    2    1    1    1    1    1    1    2    1    2    1    0   5
"""
VALID = [
    ("089999", "66374958"),
    ("107999", "88837491"),
    ("202959", "63748472"),
    ("871427", "46238510"),  # exception 10 passes
    ("872427", "46238510"),  # exception 11 passes
    ("871427", "09123496"),  # ab is 09 and g is 9
    ("871427", "99123496"),  # ab is 99 and g is 9
    ("820000", "73688637"),  # exception 3 leaves out the second check
    ("820101", "28748352"),  # exception 3 carries it out
    ("134020", "63849203"),  # exception 4
    ("118765", "64371389"),  # exception 1
    ("200915", "41011166"),  # exception 6: foreign currency
    ("938611", "07806039"),  # exception 5
    ("938600", "42368003"),  # exception 5 with another sort code in its place
    ("938063", "55065200"),  # exception 5, both rests are 0
    ("772798", "99345694"),  # exception 7
    ("086090", "06774744"),  # exception 8
    ("309070", "02355688"),  # exception 2 passes
    ("309070", "12345668"),  # exception 2 fails, 9 passes
    ("309070", "99345694"),  # a is not 0 and g is 9
    ("074456", "12345112"),  # exceptions 12 and 13
    ("180002", "00000190"),  # exception 14: the second time, moved
]
INVALID = [
    ("089999", "66374959"),
    ("107999", "88837493"),
    ("203099", "66831036"),
    ("203099", "58716970"),
    ("938063", "15764273"),
    ("938063", "15764264"),
    ("938063", "15763217"),
    ("118765", "64371388"),
    ("134020", "63849204"),
    ("772798", "99345695"),
    ("086090", "06774745"),
    ("309070", "12345667"),
    ("074456", "12345113"),
    ("180002", "00000195"),
    ("180002", "00000191"),
]


@pytest.fixture
def table(tmp_path: Path) -> ModulusTable:
    (tmp_path / "valacdos.txt").write_text(TABLE, encoding="ascii")
    (tmp_path / "scsubtab.txt").write_text("938600 938611\n", encoding="ascii")
    return read_modulus_table(tmp_path / "valacdos.txt", tmp_path / "scsubtab.txt")


@pytest.mark.parametrize(("sort_code", "account"), VALID)
def test_valid(table: ModulusTable, sort_code: str, account: str) -> None:
    assert table.verdict(sort_code, account) is True


@pytest.mark.parametrize(("sort_code", "account"), INVALID)
def test_invalid(table: ModulusTable, sort_code: str, account: str) -> None:
    assert table.verdict(sort_code, account) is False


def test_a_sort_code_that_is_not_in_the_table_is_no_verdict(table: ModulusTable) -> None:
    assert table.verdict("998877", "12345678") is table.verdict("089998", "66374959") is None


def test_a_range_over_many_sort_codes_holds_for_all(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text(f"010000 059999 MOD10 {'0 ' * 13}1\n\n", encoding="ascii")
    table = read_modulus_table(tmp_path / "t.txt")
    assert [table.verdict(code, "12345670") for code in ("010000", "030405", "059999", "060000")] == [
        True, True, True, None,
    ]  # fmt: skip
    assert table.verdict("030405", "12345671") is False


def spans(text: str, settings: dict[str, str]) -> list[Span]:
    [detector] = load(DetectorOptions(settings=settings))
    [found] = detector.detect([Text(text)])
    return [span for span in found if span.score >= 0.5]


def test_the_table_says_which_pairs_are_accounts(tmp_path: Path) -> None:
    (tmp_path / "v.txt").write_text(TABLE, encoding="ascii")
    settings = {"modulus_table": str(tmp_path / "v.txt")}
    right, wrong = "Sort code 08-99-99 account 66374958", "Sort code 08-99-99 account 66374959"
    [span] = spans(right, settings)
    assert (span.entity_type, span.value) == ("UK_BANK_ACCOUNT", "089999 66374958")
    assert span.evidence.validator == "modulus check of Pay.UK's table"
    assert span.score > spans(right, {})[0].score
    assert [span.entity_type for span in spans(wrong, settings)] == ["UK_SORT_CODE"]
    assert [span.entity_type for span in spans(wrong, {})] == ["UK_BANK_ACCOUNT"]
    unknown = "Sort code 60-16-13 account 31926819"
    assert [span.value for span in spans(unknown, settings)] == ["601613 31926819"]


def test_the_configuration_names_the_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "valacdos.txt").write_text(TABLE, encoding="ascii")
    config = tmp_path / "w.toml"
    config.write_text('[detectors.settings]\nmodulus_table = "valacdos.txt"\n', encoding="utf-8")
    plan = make_plan(make_roots([tmp_path]), read_config(config))
    [detector] = load(plan.detectors)
    [found] = detector.detect([Text("Sort code 08-99-99 account 66374959")])
    assert [span.entity_type for span in found] == ["UK_SORT_CODE"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read"),
        ("", "is empty"),
        ("089999 089999 MOD12" + " 1" * 14, "line 1 of .* is no line of Pay.UK's weight table"),
        ("089999 089999 MOD10" + " 1" * 13, "line 1 of"),
    ],
)
def test_a_wrong_table_is_said_before_the_scan(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "v.txt").write_text(content, encoding="ascii")
    config = tmp_path / "w.toml"
    config.write_text('[detectors.settings]\nmodulus_table = "v.txt"\n', encoding="utf-8")
    with pytest.raises(PlanError, match=message):
        read_config(config)
