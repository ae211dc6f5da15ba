"""Classes of document: every example of the rule files, and what a class does to the numbers in it."""

from collections.abc import Iterator
from typing import Any

import pytest

from detectors.documents import BEGINNING, classify, document_classes, raw_classes, weigh_by_document
from detectors.types import Evidence, Span


def examples(kind: str) -> Iterator[Any]:
    for raw in raw_classes().values():
        for one in raw["examples"][kind]:
            example = {"text": one} if isinstance(one, str) else one
            yield pytest.param(raw["class"], example, id=f"{raw['class']}: {example['text'][:40]!r}")


@pytest.mark.parametrize(("document_class", "example"), list(examples("must")))
def test_must(document_class: str, example: dict[str, str]) -> None:
    found = classify(example["text"], example.get("name", ""))
    assert found.document_class == document_class
    assert found.score >= 0.6
    assert found.reasons


@pytest.mark.parametrize(("document_class", "example"), list(examples("must_not")))
def test_must_not(document_class: str, example: dict[str, str]) -> None:
    assert classify(example["text"], example.get("name", "")).document_class != document_class


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Dear all,\n\nthe hall is booked for Monday.\n\nKind regards\nJane",
        "We collect your name and address. This policy explains your rights. You can ask for a copy.",
        "Name,E-mail\nJane Doe,jane@example.org\n",
        "def total(rows):\n    return sum(row.amount for row in rows)\n",
    ],
)
def test_most_documents_are_of_no_class(text: str) -> None:
    assert classify(text, "notes.txt").document_class == ""


def test_a_name_alone_makes_no_class() -> None:
    assert classify("Hello Jane.", "cv.docx").document_class == ""


def test_one_signal_makes_no_class() -> None:
    assert classify("Curriculum vitae\nHello Jane.").document_class == ""
    assert classify("Curriculum vitae\nHello Jane.\nEducation\nSkills\n").document_class == "cv"


def test_only_the_beginning_is_read() -> None:
    late = "word " * (BEGINNING // 4) + "CURRICULUM VITAE\nEducation\nSkills\nReferees\n"
    assert classify(late).document_class == ""


def test_labels_count_as_lines() -> None:
    labels = ["Invoice no", "Invoice date", "Due date", "Invoice"]
    assert classify("4411\n3 March\n1 May", "", labels).document_class == "invoice"


def span(kind: str, score: float = 0.4, **evidence: str) -> Span:
    return Span(kind, 0, 10, score, "rules", "looks like ten digits", "4857773456", Evidence(**evidence))


def test_a_class_speaks_for_and_against() -> None:
    [raised] = weigh_by_document([span("UK_NHS")], "medical_letter")
    [lowered] = weigh_by_document([span("UK_NHS")], "invoice")
    assert raised.score == pytest.approx(0.7)
    assert raised.evidence.document == "medical letter"
    assert lowered.score == pytest.approx(0.24)
    assert lowered.evidence.document == "not: invoice"
    assert "invoice" in lowered.reason


def test_words_and_labels_near_the_value_are_believed_first() -> None:
    for one in (span("UK_NHS", context="nhs"), span("UK_NHS", label="NHS number"), span("EMAIL_ADDRESS")):
        assert weigh_by_document([one], "invoice") == [one]
    assert weigh_by_document([span("UK_NHS")], "") == [span("UK_NHS")]


def test_effects_stay_small() -> None:
    for kind in document_classes().values():
        assert all(0 < share <= 0.5 for share in (*kind.supports.values(), *kind.opposes.values())), kind.name
