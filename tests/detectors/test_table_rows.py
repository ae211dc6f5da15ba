"""What only a whole row tells: cards and addresses in pieces, pairs, codes beside cards, surnames beside licences."""

from collections.abc import Sequence

import pytest

from detectors.columns import detect_column
from detectors.overlaps import resolve
from detectors.registry import load_detectors
from detectors.row_parts import address_groups, birth_columns, born_of
from detectors.table_rows import Cells, read_rows
from detectors.types import DetectorOptions, Span

DETECTORS = load_detectors(DetectorOptions(names="off", settings={"today": "2026-11-22"}))


def rows(heads: Sequence[str], *table: Sequence[str]) -> list[list[list[Span]]]:
    """The spans of each cell, row by row."""
    columns = []
    for number, (label, values) in enumerate(zip(heads, zip(*table, strict=True), strict=True), 1):
        looking = detect_column(DETECTORS, label, values)
        try:
            while True:
                next(looking)
        except StopIteration as done:
            spans, _, _ = done.value
        columns.append(Cells(number, label, values, spans))
    found = read_rows(DETECTORS, columns)
    return [
        [[span for span in resolve(column[row]) if span.score >= 0.5] for column in found] for row in range(len(table))
    ]


def kinds(row: list[list[Span]]) -> list[list[tuple[str, str]]]:
    return [[(span.entity_type, span.value) for span in cell] for cell in row]


def test_a_card_over_four_cells_is_one_card() -> None:
    [row] = rows(["Name", "Card 1", "Card 2", "Card 3", "Card 4"], ["J Smith", "4111", "1111", "1111", "1111"])
    assert kinds(row) == [[], [("CREDIT_CARD", "4111111111111111")], [], [], []]
    [card] = row[1]
    assert dict(card.facts) == {"brand": "visa", "columns": "2+3+4+5"}
    assert (card.is_test, card.start, card.end) == (True, 0, 4)


@pytest.mark.parametrize("cut", [(8, 8), (6, 6, 4), (4, 4, 4, 4)])
def test_cards_in_pieces_without_a_label_need_a_whole_column_of_them(cut: tuple[int, ...]) -> None:
    pans = ["4111111111111111", "5555555555554444", "5105105105105100", "2223003122003222", "4012888888881881"]
    ends = [sum(cut[: index + 1]) for index in range(len(cut))]
    table = [[pan[end - size : end] for size, end in zip(cut, ends, strict=True)] for pan in pans]
    heads = [f"x{index}" for index in range(len(cut))]
    assert [kinds(row)[0] for row in rows(heads, *table)] == [[("CREDIT_CARD", pan)] for pan in pans]
    assert [cell for row in rows(heads, *table[:4]) for cell in row if cell] == []


def test_columns_of_years_and_counts_are_no_cards() -> None:
    heads = ["from", "to", "count", "sum"]
    table = [
        [str(2221 + number), str(2300 + number), str(4000 + 7 * number), str(1000 + number)] for number in range(200)
    ]
    assert [
        cell for row in rows(heads, *table) for cell in row if any(s.entity_type == "CREDIT_CARD" for s in cell)
    ] == []


@pytest.mark.parametrize(
    ("heads", "codes"),
    [
        (["Card number", "code", "amount"], [2]), (["Card number", "TelephoneCountryCode", "amount"], []),
        (["Card number", "code", "CVV2"], [3]), (["Card number", "response_code", "amount"], []),
        (["Card number", "Security", "amount"], [2]),
    ],
)  # fmt: skip
def test_a_code_beside_a_card_is_its_security_code_unless_it_is_another(heads: list[str], codes: list[int]) -> None:
    [row] = rows(heads, ["4111111111111111", "351", "511"])
    assert [at for at, cell in enumerate(kinds(row), 1) if ("CARD_SECURITY_CODE" in dict(cell))] == codes


def test_sort_code_and_account_of_a_row_are_a_pair() -> None:
    [row] = rows(["Payee", "Sort code", "Account no"], ["x", "20-00-00", "12345678"])
    assert kinds(row) == [[], [("UK_SORT_CODE", "200000")], [("UK_BANK_ACCOUNT", "200000 12345678")]]
    [row] = rows(["Account number", "Ref", "x", "y", "z", "Sort code"], ["12345678", "a", "b", "c", "d", "20-00-00"])
    assert kinds(row)[0] == [("UK_BANK_ACCOUNT", "12345678")]


def test_two_pairs_of_a_row_stay_apart() -> None:
    heads = ["Sort code 1", "Account 1", "Sort code 2", "Account 2"]
    [row] = rows(heads, ["20-00-00", "12345678", "40-47-84", "87654321"])
    assert [cell[0][1] for cell in kinds(row)] == ["200000", "200000 12345678", "404784", "404784 87654321"]


def test_a_code_is_a_security_code_beside_a_card_only() -> None:
    heads = ["Card number", "Expiry", "CID"]
    one, other = rows(heads, ["4111 1111 1111 1111", "12/27", "123"], ["", "", "124"])
    assert (kinds(one)[2], kinds(other)[2]) == ([("CARD_SECURITY_CODE", "123")], [])


@pytest.mark.parametrize(
    ("heads", "cells", "value", "at"),
    [
        (
            ["Name", "Address 1", "Address 2", "Town", "County", "Postcode"],
            ["x", "10 Wren Close", "", "Towcester", "Northampton", "NN12 6RD"],
            "10 WREN CLOSE TOWCESTER NORTHAMPTON NN12 6RD",
            1,
        ),
        (
            ["house_no", "street", "city", "zip"],
            ["10", "Wren Close", "Towcester", "nn126rd"],
            "10 WREN CLOSE TOWCESTER NN12 6RD",
            0,
        ),
        (
            ["Home Address", "Town", "Postcode"],
            ["Rose Cottage, Mill Lane", "Blisworth", "NN7 3BX"],
            "ROSE COTTAGE MILL LANE BLISWORTH NN7 3BX",
            0,
        ),
        (["Line 1", "Line 2", "Post town"], ["Flat 3", "12 High St.", "Leeds"], "FLAT 3 12 HIGH ST LEEDS", 0),
        (
            ["Address", "Postcode"],
            ["10 Wren Close, Towcester NN12 6RD", "NN12 6RD"],
            "10 WREN CLOSE TOWCESTER NN12 6RD",
            0,
        ),
    ],
)  # fmt: skip
def test_an_address_over_several_cells_is_one(heads: list[str], cells: list[str], value: str, at: int) -> None:
    [row] = rows(heads, cells)
    found = [(index, span.value) for index, cell in enumerate(row) for span in cell if span.entity_type == "ADDRESS"]
    assert found == [(at, value)]
    postcodes = [span.value for cell in row for span in cell if span.entity_type == "UK_POSTCODE"]
    assert (postcodes != []) is any(head in {"Postcode", "zip"} for head in heads)


def test_addresses_of_two_people_stay_two() -> None:
    heads = [
        "billing_street",
        "billing_city",
        "billing_postcode",
        "delivery_street",
        "delivery_city",
        "delivery_postcode",
    ]
    [row] = rows(heads, ["10 Wren Close", "Towcester", "NN12 6RD", "4 Mill Lane", "Blisworth", "NN7 3BX"])
    values = [span.value for cell in row for span in cell if span.entity_type == "ADDRESS"]
    assert values == ["10 WREN CLOSE TOWCESTER NN12 6RD", "4 MILL LANE BLISWORTH NN7 3BX"]


@pytest.mark.parametrize(
    "labels",
    [
        ["Product line", "Region"], ["Unit price", "Town"], ["Email address", "City"], ["IP address", "Country"],
        ["Town", "Postcode"], ["Address", "Name"], ["Post", "Town"], ["City", "State"],
    ],
)  # fmt: skip
def test_no_group_of_address_columns(labels: list[str]) -> None:
    assert address_groups(labels) == []


def test_a_date_of_birth_over_three_cells() -> None:
    heads = ["Name", "Birth day", "Birth month", "Birth year"]
    first, second, third = rows(heads, ["x", "14", "2", "1980"], ["y", "3", "March", "1975"], ["z", "31", "2", "1980"])
    assert kinds(first)[1] == [("DATE_OF_BIRTH", "1980-02-14")]
    assert kinds(second)[1] == [("DATE_OF_BIRTH", "1975-03-03")]
    assert kinds(third)[1] == []
    assert birth_columns(["day", "month", "year"]) is None
    assert born_of("1", "13", "1980") is None


def test_a_licence_agrees_with_the_surname_of_its_row() -> None:
    heads = ["Forename", "Surname", "Driving licence"]
    one, other = rows(heads, ["Sarah", "Morgan", "MORGA657054SM9IJ"], ["Sarah", "Jones", "MORGA657054SM9IJ"])
    facts = [dict(row[2][0].facts) for row in (one, other)]
    assert [fact.get("surname") for fact in facts] == ["agrees", None]
    assert facts[0]["sex"] == "female"
