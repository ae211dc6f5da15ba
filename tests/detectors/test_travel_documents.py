"""Machine-readable zones: ICAO's published samples of TD1, TD2, TD3 and visas, with right and with wrong digits."""

import pytest

from detectors.overlaps import resolve
from detectors.travel_documents import load
from detectors.types import DetectorOptions, Span, Text

TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
VISA = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<"


def spans(text: str, today: str = "2026-11-22") -> list[Span]:
    [detector] = load(DetectorOptions(settings={"today": today}))
    [found] = detector.detect([Text(text)])
    return resolve(found)


@pytest.mark.parametrize(
    ("zone", "kind", "number", "born"),
    [
        (TD3, "UK_PASSPORT", "L898902C3", "1974-08-12"),
        (TD2, "ID_DOCUMENT", "D23145890", "1974-08-12"),
        (TD1, "ID_DOCUMENT", "D23145890", "1974-08-12"),
        (VISA, "ID_DOCUMENT", "L8988901C", "1940-09-07"),
    ],
)
def test_number_birth_and_name(zone: str, kind: str, number: str, born: str) -> None:
    for text in (
        zone,
        f"Scan of 3 May:\r\n{zone.replace(chr(10), chr(13) + chr(10))}\r\nEnd",
        zone.replace("\n", "\n  "),
    ):
        found = {span.entity_type: span for span in spans(text)}
        assert {name: span.value for name, span in found.items()} == {
            kind: number,
            "DATE_OF_BIRTH": born,
            "PERSON": "Anna Maria Eriksson",
        }
        assert dict(found[kind].facts)["country"] == "UTO"
        assert dict(found[kind].facts)["sex"] == "female"
        assert text[found["DATE_OF_BIRTH"].start : found["DATE_OF_BIRTH"].end] == born[2:].replace("-", "")
        assert text[found["PERSON"].start : found["PERSON"].end] == "ERIKSSON<<ANNA<MARIA"


@pytest.mark.parametrize("zone", [TD3, TD2, TD1, VISA])
def test_one_wrong_digit_is_no_zone(zone: str) -> None:
    wrong = zone.replace("740812", "740813") if "740812" in zone else zone.replace("400907", "400908")
    assert spans(wrong) == []


@pytest.mark.parametrize("number", ["L898902C35", "L898902D36"])
def test_the_check_digit_of_the_number_counts(number: str) -> None:
    assert spans(TD3.replace("L898902C36", number)) == []


def test_a_second_line_alone_gives_number_and_birth() -> None:
    found = spans(TD3.partition("\n")[2])
    assert [(span.entity_type, span.value) for span in found] == [
        ("UK_PASSPORT", "L898902C3"),
        ("DATE_OF_BIRTH", "1974-08-12"),
    ]


def test_the_holder_is_a_child_until_the_eighteenth_birthday() -> None:
    for today, child in (("1992-08-11", "yes"), ("1992-08-12", None)):
        assert {dict(span.facts).get("child") for span in spans(TD3, today) if span.entity_type != "PERSON"} == {child}


@pytest.mark.parametrize("text", ["<<<<" * 30, "A<<B", "P<" + "A" * 42, "-----BEGIN<<" + "A" * 44, ""])
def test_nothing(text: str) -> None:
    assert spans(text) == []
