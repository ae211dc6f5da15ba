"""Telephone numbers as people write them, and digits that only look like them."""

import pytest

from detectors.phones import load
from detectors.types import DetectorOptions, Span, Text


def spans(text: str, label: str = "") -> list[Span]:
    (detector,) = load(DetectorOptions())
    return next(iter(detector.detect([Text(text, label)])))


@pytest.mark.parametrize(
    ("text", "value", "covered"),
    [
        ("Tel 01908 880 677.", "+441908880677", "01908 880 677"),
        ("(01908) 880677", "+441908880677", "(01908) 880677"),
        ("ring +44 (0)1908 880 677 now", "+441908880677", "+44 (0)1908 880 677"),
        ("0044 1908 880677", "+441908880677", "0044 1908 880677"),
        ("00 44 (0) 1908 880677", "+441908880677", "00 44 (0) 1908 880677"),
        ("01908 880677 ext 12", "+441908880677", "01908 880677 ext 12"),
        ("01908 880677 x12, please", "+441908880677", "01908 880677 x12"),
        ("016977 2345", "+44169772345", "016977 2345"),
        ("0800 1111", "+448001111", "0800 1111"),
        ("12,01908880677,Smith", "+441908880677", "01908880677"),
        ("T01908 880677", "+441908880677", "01908 880677"),
        ("+49 30 901820", "+4930901820", "+49 30 901820"),
        ("mobile 447912345678", "+447912345678", "447912345678"),
        ("2023-01-04 07912 345678", "+447912345678", "07912 345678"),
        ("01908\u00a0880677", "+441908880677", "01908\u00a0880677"),
        ("https://x.example/?phone=01908880677&x=1", "+441908880677", "01908880677"),
    ],
)
def test_found(text: str, value: str, covered: str) -> None:
    (span,) = spans(text)
    assert (span.value, text[span.start : span.end]) == (value, covered)
    assert span.score >= 0.5
    assert not span.is_test


@pytest.mark.parametrize(
    "text",
    [
        "1712345678", "12.123456", "0.997345123", "943 476 5870", "447912345678", "0033 142685300", "08-99-99 66374958",
        "2023-01-04 05:12:33", "01/02/2023 10:15", "20-00-00", "12345678", "192.168.0.100", "1908 880677",
        "REF01908880677", "019088806771234567", "\u00a301908880677", "4111 1111 1111 1111", "ISBN 978-0-306-40615-7",
        "abc_01908880677", "02110-1301",
    ],
)  # fmt: skip
def test_not_found(text: str) -> None:
    assert spans(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("07700 900123", "+447700900123"),
        ("+44 7700 900123", "+447700900123"),
        ("+44 (0)7700 900 123", "+447700900123"),
        ("01632 960123", "+441632960123"),
        ("020 7946 0958", "+442079460958"),
        ("0113 496 0123", "+441134960123"),
        ("0808 157 0123", "+448081570123"),
    ],
)
def test_drama_numbers_are_found_and_marked(text: str, value: str) -> None:
    (span,) = spans(text)
    assert (span.value, span.is_test) == (value, True)


@pytest.mark.parametrize("digits", ["1908880677", "1908 880677", "447912345678", "7700900123", "447700900123"])
def test_mangled_by_a_spreadsheet_only_under_a_phone_label(digits: str) -> None:
    assert [span.value[:3] for span in spans(digits, "Mobile")] == ["+44"]
    assert spans(digits, "Order number") == []


def test_a_time_is_no_part_of_a_number() -> None:
    text = "22/11/2026 09:14 07912 345678 lasted 10:02:33"
    assert [text[span.start : span.end] for span in spans(text)] == ["07912 345678"]


@pytest.mark.parametrize(
    ("text", "count"), [("+229 20 21 12 34", 1), ("+22920211234", 1), ("+999 2021 1234", 0), ("+229 2", 0)]
)
def test_numbers_with_a_plus_that_no_plan_holds_yet(text: str, count: int) -> None:
    assert len(spans(text)) == count


def test_numbers_of_wanted_countries_are_found_as_they_write_them() -> None:
    text = "call (978) 645-9740 or 040 30 09 00"
    (detector,) = load(DetectorOptions(countries=("us",)))
    [[span]] = detector.detect([Text(text)])
    assert (span.value, dict(span.facts)["country"]) == ("+19786459740", "US")
    assert spans("order (978) 645-9740") == []


def test_what_follows_the_next_comma_speaks_against_nothing() -> None:
    assert spans("07912 345678, NHS number 943 476 5919")[0].score >= 0.5
    assert spans("account 12345678, 07912 345678")[0].score >= 0.5
    assert spans("account 07912345678")[0].score < 0.5


def test_two_numbers_in_one_run() -> None:
    assert [span.value for span in spans("01908 880677 / 07912 345678")] == ["+441908880677", "+447912345678"]


def test_words_and_labels_move_the_score() -> None:
    plain, worded = spans("01908880677")[0].score, spans("phone: 01908880677")[0].score
    assert spans("order number 01908880677")[0].score < plain < worded
    assert spans("01908880677", "NHS number") == []


def test_facts_name_country_and_type_but_no_digits() -> None:
    (span,) = spans("07912 345678 ext 44")
    assert dict(span.facts) == {"country": "GB", "type": "mobile", "extension": "yes"}


@pytest.mark.parametrize("digits", ["22 498317", "67 534 85 44", "(027) 7329-039"])
def test_numbers_of_other_countries_only_as_whole_cells_under_a_phone_label(digits: str) -> None:
    (span,) = spans(digits, "Mobile")
    assert (span.value.isdigit(), span.end) == (True, len(digits))
    assert spans(digits) == spans(digits, "Order number") == []
    assert spans("12/03/2020", "Phone") == spans("4111111111111111", "Phone") == []


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("Please have the manager call me at (96) 627-277 today", "(96) 627-277"),
        ("They're not answering at 785 8949", "785 8949"),
        ("You can call 73 448 266", "73 448 266"),
        ("Mobile: 041-412-293", "041-412-293"),
        ("Call Jane Doe on 07911 482 093", "07911 482 093"),
        ("Col 07911-482093", "07911-482093"),
        ("my phone number is 12345678.", "12345678"),
        ("Tel. no.: 50-98-28-96", "50-98-28-96"),
        ("Fax: 001-420-335-7509x38548", "001-420-335-7509x38548"),
        ("Kind regards\n69 987 88 37 office", "69 987 88 37"),
        ("You can call 73 448 266 to book", "73 448 266"),
        ("69 987 88 37 (office)", "69 987 88 37"),
        ("785 8949 desk, 12 345 99 home.", "785 8949"),
        ("To order, phone 4050-2213 today", "4050-2213"),
        ("Phone: 4050-2213 (Orla)", "4050-2213"),
        ("text 100 250 300", "100 250 300"),
        ("06-10446904-Office, 751-954-9268-Fax", "06-10446904"),
    ],
)
def test_a_number_of_no_known_plan_that_the_words_right_beside_it_call_one(text: str, covered: str) -> None:
    span = spans(text)[0]
    assert text[span.start : span.end] == covered
    assert (span.score, span.evidence.validator) == (0.55, "")


@pytest.mark.parametrize(
    "text",
    [
        "Order no. 07911 482 093", "07911482093 units",
        "Call 00012345 ended", "call on 12-11-2024 12", "call 10.0.0.120", "Tel 0000000", "fax 2019-2020",
        "call centre 1234567", "mobile 2024-11-12", "The phone order 12345678 was sent", "12345678 office",
        "We sold 12 345 678 home insurances",
        "text 123 456", "Mobile unit 1234567", "phone calls: 1,234,567",
        "4050-2213 Office chair, black  £89.00", "7712 0042 Mobile phone case", "88-120-334 Work gloves, pair",
        "551-0932 Fax roll", "25 000 000 home loans", "1.234.567 mobile", "Call 2 345 678 shares",
        "call 12 000 000 option", "Service desk: 2024-00567", "help desk 2024-001234 closed",
        "Desk 4050-2213 moved", "Mobile 2019-1034 returned",
        "Phone 2024/25 2025/26", "Mobile 12.500.000 users", "0830-1730 Office", "08.00-17.00 office",
        "call at 10.30-11.30", "Ring me on 10.30 11.45", "Reached at 51.5074 0.1278", "Mobile: 35209900176148",
        "Phone 352099-001761-48 (IMEI)", "Mobile: 35-209900-176148-1", "Phone 352099 001761 48 (serial number)",
        "text 100 200 300", "Order by phone: 4050-2213", "Invoices paid by mobile: 4050-2213",
    ],
)  # fmt: skip
def test_digits_that_a_word_only_stands_near(text: str) -> None:
    assert spans(text) == []
