"""British addresses on one line and on several, in cells and in prose; postcodes without a house are none."""

import time

import pytest

from detectors.addresses import load
from detectors.types import DetectorOptions, Span, Text


def spans(text: str, label: str = "") -> list[Span]:
    (detector,) = load(DetectorOptions())
    return next(iter(detector.detect([Text(text, label)])))


WREN = "10 WREN CLOSE TOWCESTER NORTHAMPTON NN12 6RD"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10 Wren Close, Towcester, Northampton, NN12 6RD", WREN),
        ("10 Wren Close\nTowcester\nNorthampton\nNN12 6RD", WREN),
        ("Jane Smith\r\n10 Wren Close\r\nTowcester\r\nNorthampton\r\nNN126RD\r\n", WREN),
        ("She lives at 10 Wren Close, Towcester, Northampton NN12 6RD.", WREN),
        ("10 WREN CLOSE TOWCESTER NORTHAMPTON NN12 6RD", WREN),
        ("10 wren close, towcester, northampton nn12 6rd", WREN),
        ("Address line 1: 10 Wren Close\nTown: Towcester\nCounty: Northampton\nPostcode: NN12 6RD", WREN),
        ("Flat 3, 12a High St., Leeds LS1 4AP", "FLAT 3 12A HIGH ST LEEDS LS1 4AP"),
        ("Flat 3/1, 45 Byres Road, Glasgow, G12 8QQ", "FLAT 3/1 45 BYRES ROAD GLASGOW G12 8QQ"),
        ("Unit 5, 2-4 Tower Park, Poole BH12 4NY", "UNIT 5 2-4 TOWER PARK POOLE BH12 4NY"),
        ("Rose Cottage, Mill Lane, Blisworth, NN7 3BX", "ROSE COTTAGE MILL LANE BLISWORTH NN7 3BX"),
        ("c/o Patel, 10 Wren Close, Towcester NN12 6RD", "C/O PATEL 10 WREN CLOSE TOWCESTER NN12 6RD"),
        ("12, The Green, Wells BA5 2UE", "12 THE GREEN WELLS BA5 2UE"),
        ("PO Box 123, Leeds LS1 4AP", "PO BOX 123 LEEDS LS1 4AP"),
        ("12 Broadway, London W5 2NP", "12 BROADWAY LONDON W5 2NP"),
    ],
)
def test_addresses(text: str, value: str) -> None:
    (span,) = spans(text)
    assert span.value == value
    assert span.score >= 0.5


@pytest.mark.parametrize(
    "text",
    [
        "NN12 6RD", "Towcester NN12 6RD", "It is 10 minutes walk from the station, SW1A 1AA", "QA1 1AA, 10 High Street",
        "10 High Street, Leeds", "10 Wren Close is sold.\n\nNN12 6RD", "see part 12 of the manual, page 4, E1 3AB",
        "", "the code M1 1AA appears", "10 Wren Close, 2 copies of form 7 for the file, NN12 6RD",
    ],
)  # fmt: skip
def test_no_address(text: str) -> None:
    assert spans(text) == []


@pytest.mark.parametrize(
    ("label", "text", "found"),
    [
        ("Address", "10 Wren Close", True),
        ("address_line_1", "Rose Cottage", True),
        ("Home address", " 10 Wren Close, Towcester ", True),
        ("street", "Mill Lane", True),
        ("Address", "PO Box 9", True),
        ("Address", "Northampton NN12 6RD", True),
        ("Address", "n/a", False),
        ("Address", "Northampton", False),
        ("Email address", "10 Wren Close", False),
        ("Notes", "10 Wren Close", False),
    ],
)
def test_cells(label: str, text: str, found: bool) -> None:
    assert [text[span.start : span.end] for span in spans(text, label)] == [text.strip()] * found


def test_two_addresses_stay_two() -> None:
    text = "From 10 Wren Close, Towcester NN12 6RD to 4 Mill Lane, Blisworth NN7 3BX."
    assert [text[span.start : span.end] for span in spans(text)] == [
        "10 Wren Close, Towcester NN12 6RD",
        "4 Mill Lane, Blisworth NN7 3BX",
    ]


def test_hostile_text_takes_no_time() -> None:
    began = time.process_time()
    for unit in ("NN12 6RD ", "1 a b c d ", "a,", "10 ", "A ", ",\n", "1 a NN12 6RD,", "Flat 1 The House "):
        text = unit * 10_000
        spans(text)
        spans(text[:200], "address")
    assert time.process_time() - began < 5
