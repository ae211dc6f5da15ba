"""Dates of birth need a birth word or label; ages need a person."""

import pytest

from detectors.dates import load
from detectors.types import DetectorOptions, Span, Text


def spans(text: str, label: str = "", kind: str = "DATE_OF_BIRTH") -> list[Span]:
    (detector,) = load(DetectorOptions(settings={"today": "2026-11-22"}))
    return [span for span in next(iter(detector.detect([Text(text, label)]))) if span.entity_type == kind]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("DOB: 14/02/2014", "2014-02-14"),
        ("D.O.B. 3.4.1961", "1961-04-03"),
        ("date of birth 1980-02-29", "1980-02-29"),
        ("Date of Birth: 7th March 1955", "1955-03-07"),
        ("She was born on 7 Mar 55 in Leeds", "1955-03-07"),
        ("birthday: March 7, 1955", "1955-03-07"),
        ("dob 14/02/14", "2014-02-14"),
        ("dob 14/02/27", "1927-02-14"),
        ("dob 02/14/1980", "1980-02-14"),
        ("DOB\n01-JAN-1975", "1975-01-01"),
        ("14/02/1980 (date of birth)", "1980-02-14"),
        ("born 22/11/2026", "2026-11-22"),
        ("Jane Doe (b. 14/02/1980)", "1980-02-14"),
        ("Child's date of birth: 14022015", "2015-02-14"),
    ],
)
def test_birth_words(text: str, value: str) -> None:
    (span,) = spans(text)
    assert span.value == value
    assert span.score >= 0.5


@pytest.mark.parametrize(
    "text",
    [
        "Invoice 14/02/2014", "Date: 14/02/2014", "DOB: 31/02/1980", "DOB: 14/02/1880", "DOB: 23/11/2026",
        "DOB: 14/13/1980x",
        "DOB unknown. Joined 14/02/2014", "newborn unit 14/02/2014", "adobe 14/02/2014", "born in 1980",
        "date of birth is asked for in the form that we send to every member once; 14/02/2014",
        "DOB: 1.2.3.4", "DOB 10.14/02/2014.5",
    ],
)  # fmt: skip
def test_no_date_of_birth(text: str) -> None:
    assert spans(text) == []


def test_the_next_date_of_a_row_is_not_a_birth() -> None:
    assert [span.value for span in spans("DOB: 14/02/1980 Joined: 01/03/2020 Left 02/03/2021")] == ["1980-02-14"]
    assert [span.value for span in spans("born 01/02/2010 and 03/04/2012")] == ["2010-02-01", "2012-04-03"]


@pytest.mark.parametrize(
    ("label", "text", "value"),
    [
        ("date_of_birth", "14/02/1980", "1980-02-14"),
        ("DOB", "1980-02-14 00:00:00", "1980-02-14"),
        ("DOB", "1980-02-14T00:00:00Z", "1980-02-14"),
        ("birthDate", "19800214", "1980-02-14"),
        ("Born", "14021980", "1980-02-14"),
    ],
)
def test_birth_labels(label: str, text: str, value: str) -> None:
    assert [span.value for span in spans(text, label)] == [value]
    assert spans(text, "date") == []
    assert spans(text, "Start date") == []


def test_placeholders_lose_most_of_their_score() -> None:
    assert spans("01/01/1970", "DOB")[0].score < 0.5 < spans("02/01/1970", "DOB")[0].score


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("DOB 23/11/2008", {"child": "yes", "age_band": "13-17"}),
        ("DOB 22/11/2008", {"age_band": "18-24"}),
        ("DOB 29/02/2020", {"child": "yes", "age_band": "0-12"}),
        ("DOB 01/02/1940", {"age_band": "75+"}),
    ],
)
def test_children_are_marked_on_the_day(text: str, facts: dict[str, str]) -> None:
    assert dict(spans(text)[0].facts) == facts


@pytest.mark.parametrize(
    ("text", "label", "values"),
    [
        ("her son, aged 14, attends", "", ["14"]),
        ("a 14-year-old boy", "", ["14"]),
        ("She is 14 years old", "", ["14"]),
        ("Age: 71", "", ["71"]),
        ("9", "age", ["9"]),
        ("9.0", "Age (years)", ["9"]),
        ("199", "age", []),
        ("aged 16 or under", "", []),
        ("under 18 years old", "", []),
        ("aged 5-11", "", []),
        ("a 12 year old company", "", []),
        ("page 14, stage 14, average 14", "", []),
        ("9", "sewage level", []),
        ("Mrs Doe, 84, lives alone", "", ["84"]),
        ("Jane Doe, 14, of Leeds", "", ["14"]),
        ("Leeds, 84, lives", "", []),
        ("High Street, 84, Leeds", "", []),
        ("Wilf has Parkinson's and is 81", "", ["81"]),
        ("Ann Lee lives alone and is 45, they said.", "", ["45"]),
        ("Tom has one sister and is 9 next week", "", ["9"]),
        ("Ann was late and is 40 minutes away", "", []),
        ("Tom came second and is 3rd in the list", "", []),
        ("Windows has updates and is 11.", "", []),
        ("The tank has a leak and is 81.", "", []),
        ("Ann has grown and is 1.62 m", "", []),
        ("Wilf has moved and is 81-85 High Street", "", []),
    ],
)
def test_ages(text: str, label: str, values: list[str]) -> None:
    assert [span.value for span in spans(text, label, "AGE")] == values
