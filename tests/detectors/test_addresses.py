"""British addresses on one line and on several, in cells and in prose; postcodes without a house are none."""

import pytest

from detectors import rampart, tagger
from detectors.addresses import load
from detectors.types import DetectorOptions, Span, Text


def spans(text: str, label: str = "") -> list[Span]:
    (detector,) = load(DetectorOptions())
    return [span for span in next(iter(detector.detect([Text(text, label)]))) if span.entity_type == "ADDRESS"]


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
        "10 Best Things To See On A Walk, Leeds", "10 Garden Close tables", "see part 12 of the manual, page 4, E1 3AB",
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


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("She lives at 10 High Street, Leeds with her son.", "10 High Street, Leeds"),
        ("The tenant of Flat 3, 12 Mill Lane has paid.", "Flat 3, 12 Mill Lane"),
        ("He moved to 4 St. Mary's Close, Milton Keynes in May.", "4 St. Mary's Close, Milton Keynes"),
        ("She lives at 4 Mill Lane in March and April", "4 Mill Lane"),
        ("i live at 22 kingsway gardens, hull", "22 kingsway gardens, hull"),
        ("my address is flat 2, 7 the crescent, leeds ok", "flat 2, 7 the crescent, leeds"),
    ],
)
def test_streets_without_a_postcode_by_a_word(text: str, covered: str) -> None:
    (detector,) = load(DetectorOptions(names="off"))
    [[span]] = detector.detect([Text(text)])
    assert (text[span.start : span.end], span.value) == (covered, covered.upper().replace(",", "").replace(".", ""))
    assert span.score >= 0.5


@pytest.mark.parametrize(
    "text",
    ["address is 12 hours drive away", "I live at 3 bedroom house close by", "home is 2 miles down the road",
     "She lives in 20 different way"],
)  # fmt: skip
def test_small_letters_that_are_no_street(text: str) -> None:
    assert spans(text) == []


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("Ann Lee\n4 Church Road\nBath\n\n12 May 2024\nDear Mrs Lee", "4 Church Road\nBath"),
        ("Ann Lee\n4 Church Road,\nBath\nDear Mrs Lee", "4 Church Road,\nBath"),
        ("parcel to 4 Church Road\nDear Sirs", "4 Church Road"),
    ],
)
def test_the_town_on_the_next_line(text: str, covered: str) -> None:
    assert [text[span.start : span.end] for span in spans(text)] == [covered]


def test_streets_without_a_postcode_by_the_model() -> None:
    text = "Collected the parcel from 27 Orchard Way, Towcester this morning."
    [span] = spans(text)
    assert (text[span.start : span.end], span.evidence.validator) == ("27 Orchard Way, Towcester", "model")
    assert span.score >= 0.5
    (detector,) = load(DetectorOptions(names="off"))
    assert list(detector.detect([Text(text)])) == [[]]


@pytest.mark.parametrize(("chance", "asked"), [(0.99, False), (0.5, True), (0.01, True)])
def test_rampart_is_asked_only_where_the_tagger_is_not_sure(
    chance: float, asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces: list[str] = []
    monkeypatch.setattr(tagger, "street_chance", lambda text, start, end: chance)
    monkeypatch.setattr(rampart, "tokens", lambda text, labels: pieces.append(text) or iter(()))
    found = spans("Collected the parcel from 27 Orchard Way, Towcester this morning.")
    assert (len(found), bool(pieces)) == (not asked, asked)


def test_the_tagger_knows_a_street_by_its_words() -> None:
    text = "Invoice 12 was paid by Ms Thorpe of 27 Orchard Way, Towcester."
    at, beside = text.index("27 Orchard"), text.index("12 was")
    assert tagger.street_chance(text, at, at + len("27 Orchard Way")) > 0.9
    assert tagger.street_chance(text, beside, beside + len("12 was")) < 0.1
    assert tagger.street_chance("", 0, 0) == 0.0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("136 Kingsway, Hove, BN3 4PA", "136 KINGSWAY HOVE BN3 4PA"),
        ("64 Llys y Coed\nAberystwyth\nSY23 4PA", "64 LLYS Y COED ABERYSTWYTH SY23 4PA"),
        ("I am at 12 Nethergate, Dundee DD1 4PA", "12 NETHERGATE DUNDEE DD1 4PA"),
        ("5 Mill Lane, Newcastle upon Tyne, NE4 7QU", "5 MILL LANE NEWCASTLE UPON TYNE NE4 7QU"),
        ("3F2, 12 Cobden Terrace, Edinburgh EH11 2PA", "3F2 12 COBDEN TERRACE EDINBURGH EH11 2PA"),
        ("0/2, 45 Byres Road\nGlasgow\nG12 8QQ", "0/2 45 BYRES ROAD GLASGOW G12 8QQ"),
        (
            "Apartment 18, The Gables, 121 Castle Hill, Bath BA1 9HR",
            "APARTMENT 18 THE GABLES 121 CASTLE HILL BATH BA1 9HR",
        ),
        ("Jane Smith\nTy Gwyn\nMill Lane\nLlandeilo\nSA19 8YS", "TY GWYN MILL LANE LLANDEILO SA19 8YS"),
        ("Hill Farm, Blisworth, NN7 3BX", "HILL FARM BLISWORTH NN7 3BX"),
        ("BFPO 801, BF1 3AA", "BFPO 801 BF1 3AA"),
        ("Lives at No. 7, Park Avenue, Leeds, LS1 4AP", "7 PARK AVENUE LEEDS LS1 4AP"),
        ("Unit 4B Riverside Park, Leeds, LS9 8AA", "UNIT 4B RIVERSIDE PARK LEEDS LS9 8AA"),
        ("Send it to Croft 2, Lochaline PA80 5XT", "CROFT 2 LOCHALINE PA80 5XT"),
        ("Croft No. 14\nLochaline\nPA80 5XT", "CROFT NO 14 LOCHALINE PA80 5XT"),
        ("The Steading, Lochaline PA80 5XT", "THE STEADING LOCHALINE PA80 5XT"),
        ("Tove Cottage, Towcester NN12 6LD", "TOVE COTTAGE TOWCESTER NN12 6LD"),
    ],
)
def test_addresses_of_all_parts_of_the_country(text: str, value: str) -> None:
    (span,) = spans(text)
    assert (span.value, span.score >= 0.5) == (value, True)


@pytest.mark.parametrize(
    "text",
    [
        "5 May 2024, Leeds LS1 4AP",
        "12 Copies, Leeds LS1 4AP",
        "See 4 May, Bath, BA1 9HR",
        "3/4, BA1 9HR",
        "Paulerspury, Towcester NN12 6LD",
        "croft 2 is let, Lochaline PA80 5XT",
        "Croft 2 Lochaline, and PA80 5XT",
        "we saw a bothy near Lochaline PA80 5XT",
    ],
)
def test_a_number_and_a_word_are_no_house(text: str) -> None:
    assert spans(text) == []


@pytest.mark.parametrize(
    ("text", "label", "postcode"),
    [("10 wren close, towcester, nn126rd", "", "NN12 6RD"), ("4 Mill Lane, Hull YO40BU", "Address", "YO4 0BU")],
)
def test_an_address_gives_its_postcode(text: str, label: str, postcode: str) -> None:
    (detector,) = load(DetectorOptions(names="off"))
    [found] = detector.detect([Text(text, label)])
    assert [(span.entity_type, span.value) for span in found[1:]] == [("UK_POSTCODE", postcode)]
    assert "".join(text[found[1].start : found[1].end].upper().split()) == postcode.replace(" ", "")


def test_two_addresses_stay_two() -> None:
    text = "From 10 Wren Close, Towcester NN12 6RD to 4 Mill Lane, Blisworth NN7 3BX."
    assert [text[span.start : span.end] for span in spans(text)] == [
        "10 Wren Close, Towcester NN12 6RD",
        "4 Mill Lane, Blisworth NN7 3BX",
    ]
