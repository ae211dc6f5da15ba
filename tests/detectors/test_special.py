"""Special categories and crime: every example of the lexicons, and who a sentence is about."""

import re
import time
from collections.abc import Iterator

import pytest

from detectors.about import Around, keep_about_people
from detectors.lexicons import load_lexicons, raw_lexicons
from detectors.overlaps import resolve
from detectors.registry import load_detectors
from detectors.special import NAME, SpecialDetector
from detectors.types import DetectorOptions, Span, Text

DETECTOR = SpecialDetector(load_lexicons())
PERSON = re.compile(r"\[([^\]]+)\]")


def read(marked: str, around: Around | None = None, label: str = "") -> list[Span]:
    """What is found in a text whose persons stand in brackets."""
    text, people, end = "", [], 0
    for match in PERSON.finditer(marked):
        text += marked[end : match.start()]
        people.append(Span("PERSON", len(text), len(text) + len(match[1]), 0.9, "names", "marked", match[1]))
        text, end = text + match[1], match.end()
    text += marked[end:]
    [found] = DETECTOR.detect([Text(text, label)])
    return [
        span
        for span in keep_about_people(text, resolve([*people, *found]), around or Around())
        if span.detector == NAME
    ]


def kinds(marked: str, around: Around | None = None, label: str = "") -> set[str]:
    return {span.entity_type for span in read(marked, around, label)}


def examples(kind: str) -> Iterator[object]:
    for name, lexicon in raw_lexicons().items():
        for text in lexicon["examples"][kind]:
            yield pytest.param(lexicon["entity_type"], text, id=f"{name}: {text}")


@pytest.mark.parametrize(("entity_type", "text"), list(examples("must")))
def test_must(entity_type: str, text: str) -> None:
    assert entity_type in kinds(text)


@pytest.mark.parametrize(("entity_type", "text"), list(examples("must_not")))
def test_must_not(entity_type: str, text: str) -> None:
    assert kinds(text) == set()


@pytest.mark.parametrize("text", [text.values[1] for text in examples("must")])  # type: ignore[attr-defined]
def test_nothing_without_a_person(text: str) -> None:
    """The same words about nobody are no personal data."""
    somebody = PERSON.sub("Somebody", text)
    assert kinds(somebody) == set()


@pytest.mark.parametrize(
    "text",
    [
        "We do not discriminate on grounds of religion or health, says [Jane Doe].",
        "Special category data are health, ethnic origin, religion and trade union membership; ask [Jane Doe].",
        "[Jane Doe] explains: personal data about a criminal conviction are kept apart.",
        "If you are pregnant, tell [Jane Doe] before the X-ray.",
        "[Jane Doe] will talk about people with asthma.",
        "[Jane Doe] is off sick, a Muslim, votes Labour and pays union subs are four examples.",
        "Our mission: to help families in prison and in hospital. Director: [Jane Doe]",
        "[Jane Doe] asked about personal injury and health insurance.",
        "Sort code and account for [Jane Doe]: see the health and safety folder.",
    ],
)
def test_policies_notices_and_lists_are_about_nobody(text: str) -> None:
    assert kinds(text) == set()


def test_who_a_sentence_is_about() -> None:
    same = "[Mrs Vale] rang in May. She has been diagnosed with asthma."
    apart = "[Mrs Vale] rang in May.\n\nShe has been diagnosed with asthma."
    [near], [above] = read(same), read(apart)
    assert near.score > above.score >= 0.5
    assert "pronoun" in near.reason
    assert kinds("It rained in May. She has been diagnosed with asthma.") == set()
    assert kinds("I am off sick with depression.\n\nKind regards\n[Mrs Vale]\n") == {"HEALTH"}
    assert (
        kinds("[Mrs Vale] writes novels, and so on, in a house by the sea.\n\nI am off sick with depression.") == set()
    )
    assert kinds("I am off sick with depression.", Around(author=True)) == {"HEALTH"}
    assert kinds("I am off sick with depression.") == set()
    assert kinds("Re: [Mrs Vale], Leeds\n\nThank you for seeing the patient, who has asthma.") == {"HEALTH"}
    assert kinds("She is off sick.", Around(subject=True)) == {"HEALTH"}


def test_a_name_is_no_faith_and_no_colour() -> None:
    for name in ("Christian Smith", "John Gay", "Mary White", "Jewish Black"):
        assert kinds(f"[{name}] is away until Monday.") == set()


def test_fields_are_told_by_their_label() -> None:
    row = Around(record=True)
    assert kinds("Methodist", row, "Religion") == {"RELIGION"}
    assert kinds("White British", row, "ethnic_group") == {"ETHNICITY"}
    assert kinds("wears two hearing aids", row, "Disability") == {"HEALTH"}
    assert kinds("001234567890", row, "DBS number") == {"CRIMINAL"}
    assert kinds("Yes", row, "Trade union member") == {"UNION"}
    assert kinds("Methodist", Around(), "Religion") == set(), "a table of faiths with nobody in it"
    for nothing in ("", "No", "N/A", "none known", "Prefer not to say", "-", "12.5"):
        assert kinds(nothing, row, "Disability") == set()
    for label in ("Health and safety training", "Credit union", "Health insurance", "account_disabled", "Church hall"):
        assert kinds("Yes", row, label) == set()


def test_a_form_is_a_record() -> None:
    form = "Name: [Tom Field]\nDate of visit: 3 May\nMedical conditions: stiff knees\nReligion: none\n"
    [span] = read(form)
    assert (span.entity_type, span.evidence.label) == ("HEALTH", "Medical conditions")
    assert kinds("Venue: the hall\nMedical conditions: stiff knees\n") == set()


def test_two_fields_on_one_line_are_two_fields() -> None:
    form = "Name: [Ann Lee]    DOB: 1 May 1980\nEthnic origin: White British    Religion: Quaker\n"
    assert {(span.entity_type, span.value) for span in read(form)} == {
        ("ETHNICITY", "white british"),
        ("RELIGION", "quaker"),
    }
    assert kinds("Name: [Ann Lee]\nEthnic origin: White British | Religion: Quaker\n") == {"ETHNICITY", "RELIGION"}


def test_no_evidence_says_what_was_found() -> None:
    for text in ("[Sam Reed] takes sertraline 50 mg.", "[Leon Clarke] is Black British.", "[Ann Pye] is a Quaker."):
        for span in read(text):
            told = " ".join((span.reason, span.evidence.pattern, span.evidence.context)).lower()
            assert span.value.lower() not in told


def test_shouting_is_no_illness() -> None:
    assert kinds("BUY A CARD FROM ME, SAYS [JANE DOE]") == set()


def test_people_are_looked_for_when_only_health_is_wanted() -> None:
    names = [detector.name for detector in load_detectors(DetectorOptions(entities=("HEALTH",)))]
    assert {"special", "names"} <= set(names)
    assert "addresses" not in names


@pytest.mark.parametrize(
    "piece", ["She has asthma. ", "Religion: x\n", "asthma ", "a: ", "Name: [Jo Day]\nFaith: Jain\n", "\n\nI have MS "]
)
def test_time_grows_with_the_text(piece: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * size)[:size]
        started = time.process_time()
        read(text)
        return time.process_time() - started

    seconds(2_000)
    small, large = (min(seconds(size) for _ in range(3)) for size in (20_000, 200_000))
    assert large < 5
    assert large < 40 * max(small, 0.002), "more than in proportion"
