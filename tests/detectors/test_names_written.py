"""Names told by form, layout and lists, and by the rest of the text, without the model."""

import time
from collections.abc import Sequence

import pytest

from detectors import rampart, second_reader, tagger
from detectors.name_lists import look_up
from detectors.name_parts import people
from detectors.names import load
from detectors.names_lines import laid_out_names
from detectors.names_written import alone_in_cell
from detectors.types import DetectorOptions, Text


@pytest.fixture(autouse=True)
def _no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def tag(texts: Sequence[str], threshold: float = 0.0) -> list[list[rampart.Tag]]:
        return [[] for _ in texts]

    monkeypatch.setattr(tagger, "tag", tag)
    monkeypatch.setattr(second_reader, "tag", tag)


def found(text: str) -> list[str]:
    (detector,) = load(DetectorOptions())
    (spans,) = detector.detect([Text(text)])
    return [text[span.start : span.end] for span in spans if span.score >= 0.5]


def values(text: str) -> list[str]:
    (detector,) = load(DetectorOptions())
    (spans,) = detector.detect([Text(text)])
    return [span.value for span in spans if span.score >= 0.5]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("We saw Priya Venkataraman in the hall.", ["Priya Venkataraman"]),
        ("we saw priya venkataraman in the hall", ["priya venkataraman"]),
        ("SEEN BY PIOTR NOWAK", ["PIOTR NOWAK"]),
        ("The form is with Zhang Xiaoming now.", ["Zhang Xiaoming"]),
        ("Ask Katarzyna Kowalczyk-Nowak about it.", ["Katarzyna Kowalczyk-Nowak"]),
        ("It was taken by J. R. Adeyemi and KT Sandhu.", ["J. R. Adeyemi", "KT Sandhu"]),
        ("Register\nSMITH, Siobhan\nOKAFOR Ngozi\n", ["SMITH, Siobhan", "OKAFOR Ngozi"]),
        ("Present: Siobhan Gallagher (Chair); Cllr Okafor", ["Siobhan Gallagher", "Okafor"]),
        ("Hi Priyanka,\n\nthe hall is free.\n\nThanks\nOluwaseun", ["Priyanka", "Oluwaseun"]),
        ("Enclosed: CV_Priya_Sharma.docx", ["Priya_Sharma"]),
        ("GALLAGHER: Is it open?\nOKAFOR: Yes.\nGALLAGHER: Good.\n", ["GALLAGHER", "OKAFOR", "GALLAGHER"]),
        ("Kitchen  Parisa and Yusuf", ["Parisa", "Yusuf"]),
        ("cllr okafor came", ["okafor"]),
        ("1st  Priya Quux    Hamper\n2nd  R Gallagher    Wine", ["Priya Quux", "R Gallagher"]),
        ("Visited Siobhan Gallagher, who is at home today.\n\n@Siobhan please ring", ["Siobhan Gallagher", "Siobhan"]),
        ("3rd  FAITH BELL    Book\n4th  Will HARGREAVES    Plant", ["FAITH BELL", "Will HARGREAVES"]),
        ("DEAR PENNY\n\nYOUR FORM HAS COME.\n\nTHANKS\nWILL", ["PENNY", "WILL"]),
        ("Hi Priyanka,\ncall the \u0130zmir office.\nThanks\nOluwaseun\n", ["Priyanka", "Oluwaseun"]),
        ("IMG_2210 Siobhan_Quux-Bell.jpg", ["Siobhan_Quux-Bell"]),
        ("IMG_2210 Faith_Jenkins.jpg", ["Faith_Jenkins"]),
        ("can somebody cover for siobhan on thursday, please, as she is off and i cannot find anybody", ["siobhan"]),
    ],
)  # fmt: skip
def test_people(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Chelsea Team meets on Monday, chelsea.team@wren.example",
        "Write to Barclay Payments at barclay.payments@wren.example",
        "CV\nPersonal Profile\nA careful clerk.", "CV\n12 Otto Lane\nLeeds",
        "Present: AB, CD, EF", "Contact: Reception", "Grace period and late fees", "HEALTH AND SAFETY",
        "Chelsea, London",
        "Gallagher Heating called.", "The Priya Sharma Foundation gave a grant.", "HMS Siobhan Gallagher sailed.",
        "Vitamin C Patel", "Dear Customer,", "Hi all,", "Agenda: The minutes", "See a.sharma@example.com",
        "Grant Thornton replied.",
        "Invoice_March_April.pdf", "Note: Yes\nNote: No\nNote: Yes\n",
        "we will mark may and june", "Mr Kipling's Cakes Ltd",
    ],
)  # fmt: skip
def test_no_people(text: str) -> None:
    assert found(text) == []


def test_the_surname_stands_first_in_no_value() -> None:
    assert values("Register\nSMITH, Siobhan\nOKAFOR Ngozi\n") == ["siobhan smith", "ngozi okafor"]
    assert values("Enclosed: CV_Priya_Sharma.docx") == ["priya sharma"]


def test_who_is_named_in_full_is_known_again() -> None:
    text = (
        "Visited Siobhan Gallagher today.\n\nLater Siobhan rang. Gallagher Heating will call. "
        "Then Gallagher left for Gallagher Road."
    )
    assert found(text) == ["Siobhan Gallagher", "Siobhan", "Gallagher"]


def test_ordinary_words_are_no_names_again() -> None:
    text = "Rose Gallagher came to the office.\nRose bushes are cut. Then Rose left, and a rose fell."
    assert found(text) == ["Rose Gallagher", "Rose"]


@pytest.mark.parametrize(
    ("word", "given", "surname", "ordinary"),
    [("Siobhan", True, False, False), ("Łukasz", True, False, False), ("O\u2019Brien", False, True, False),
     ("rose", True, True, True), ("Smith-Okafor", False, True, False), ("table", False, False, False)],
)  # fmt: skip
def test_lists(word: str, given: bool, surname: bool, ordinary: bool) -> None:
    one = look_up(word)
    assert (one.given, one.surname, one.known and one.word) == (given, surname, ordinary)


def test_a_letter_before_a_hyphen_is_no_initial() -> None:
    text = "Client: Mary Vane\nE-mail: none. Seen by J-P Dubois and A. Vane."
    words = ["Mary", "Vane", "E", "J", "P", "Dubois", "A", "Vane."]
    tags, at = [], 0
    for word in words:
        at = text.index(word.strip("."), at)
        tags.append(rampart.Tag("SURNAME" if word[0] in "VD" else "GIVEN_NAME", at, at + len(word.strip(".")), 0.99))
        at += 1
    assert [text[one.start : one.end] for one in people(text, 0, tags)] == ["Mary Vane", "J-P Dubois", "A. Vane"]


def test_a_heading_with_many_blanks_takes_a_time_that_grows_with_its_length() -> None:
    def seconds(blanks: int) -> float:
        began = time.process_time()
        list(laid_out_names(f"cv{' ' * blanks}x\n"))
        return time.process_time() - began

    seconds(100)
    assert min(seconds(64_000) for _ in range(3)) < 24 * min(seconds(8_000) for _ in range(3))


@pytest.mark.parametrize("text", ["Thomas Eastgate", " Siobhan Quuxley\n", "Siân Eastgate"])
def test_a_forename_alone_with_a_rare_surname_is_somebody(text: str) -> None:
    (part,) = alone_in_cell(text)
    assert text[part.start : part.end] == text.strip()
    assert part.score >= 0.5


@pytest.mark.parametrize(
    "text",
    [
        "Thomas House", "Laura Ashley", "Grace Eastgate", "Thomas eastgate", "THOMAS EASTGATE", "Thomas Monday",
        "Thomas Eastgate Centre", "Thomas, Eastgate", "Thomas.Eastgate", "Eastgate Thomas", "Thomas Leeds", "Thomas",
        "",
    ],
)  # fmt: skip
def test_other_cells_are_left_to_the_readers(text: str) -> None:
    assert not list(alone_in_cell(text))


def test_in_a_cell_the_lists_decide_only_where_a_reader_sees_a_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[rampart.Tag] = []
    monkeypatch.setattr(second_reader, "tag", lambda texts, _=0.0: [list(said) for _ in texts])
    assert found("Thomas Eastgate") == []
    said.append(rampart.Tag("SURNAME", len("Value: Thomas "), len("Value: Thomas Eastgate"), 0.2, 0.7))
    assert found("Thomas Eastgate") == ["Thomas Eastgate"]
