"""A new value is written in the form in which the old one stood; what is not surely the old value is left alone."""

import pytest

from subjects.erasure.corrections import Correction, corrected

PHONE = Correction("07700 900123", "+44 7700 900456")
NAME = Correction("Peggy Tolliver", "Margaret Hart-Lane")
MAIL = Correction("peggy@home.example", "meg.hart@new.example")
ADDRESS = Correction("12 Rose Lane, Leeds, LS1 4AP", "7 Elm Road, York, YO1 7HH")
BORN = Correction("12/03/1952", "05/04/1953")


@pytest.mark.parametrize(
    ("text", "correction", "expected"),
    [
        ("07700 900123", PHONE, "07700 900456"),
        ("07700900123", PHONE, "07700900456"),
        ("+44 7700 900123", PHONE, "+44 7700 900456"),
        ("+447700900123", PHONE, "+447700900456"),
        ("0044 7700 900 123", PHONE, "0044 7700 900 456"),
        ("+44 (0)7700 900123", PHONE, "+44 (0)7700 900456"),
        ("(07700) 900-123", PHONE, "(07700) 900-456"),
        ("07700.900.123", PHONE, "07700.900.456"),
        ("0 7 7 0 0 9 0 0 1 2 3", PHONE, "0 7 7 0 0 9 0 0 4 5 6"),
        ("07700 900124", PHONE, None),
        ("Peggy Tolliver", NAME, "Margaret Hart-Lane"),
        ("PEGGY TOLLIVER", NAME, "MARGARET HART-LANE"),
        ("Tolliver, Peggy", NAME, "Hart-Lane, Margaret"),
        ("TOLLIVER Peggy", NAME, "HART-LANE Margaret"),
        ("P. Tolliver", NAME, "M. Hart-Lane"),
        ("Tolliver, P.", NAME, "Hart-Lane, M."),
        ("Peggy T.", NAME, None),
        ("Tolliver", NAME, None),
        ("Paul Tolliver", NAME, None),
        ("Tolliver P", NAME, None),
        ("peggy@home.example", MAIL, "meg.hart@new.example"),
        ("PEGGY@HOME.EXAMPLE", MAIL, "MEG.HART@NEW.EXAMPLE"),
        ("Peggy@home.example", MAIL, "Meg.Hart@new.example"),
        ("bigpeggy@home.example", MAIL, None),
        ("12 Rose Lane, Leeds, LS1 4AP", ADDRESS, "7 Elm Road, York, YO1 7HH"),
        ("12 Rose Lane\nLeeds\nLS1 4AP", ADDRESS, "7 Elm Road\nYork\nYO1 7HH"),
        ("12 ROSE LANE, LEEDS LS1 4AP", ADDRESS, "7 ELM ROAD, YORK YO1 7HH"),
        ("12 Rose Lane Leeds LS14AP", ADDRESS, "7 Elm Road York YO1 7HH"),
        ("14 Rose Lane, Leeds, LS1 4AP", ADDRESS, None),
        ("ls1 4ap", ADDRESS, "yo1 7hh"),
        ("12/03/1952", BORN, "05/04/1953"),
        ("1952-03-12", BORN, "1953-04-05"),
        ("12 March 1952", BORN, "05 April 1953"),
        ("12/3/1952", BORN, "5/4/1953"),
        ("AB 12 34 56 C", Correction("AB123456C", "AB654321D"), "AB 65 43 21 D"),
    ],
)
def test_written_forms(text: str, correction: Correction, expected: str | None) -> None:
    assert corrected(text, correction) == expected
