"""What somebody belongs to, under a heading that says so, is no name; a name that stands there is one."""

import pytest

from detectors.names import load
from detectors.types import DetectorOptions, Text

MODES = pytest.mark.parametrize("mode", ["fast", "standard"])


def found(values: list[str], label: str, mode: str) -> list[list[str]]:
    """Who is found in each of some values under one label."""
    (detector,) = load(DetectorOptions(names=mode))
    spans = detector.detect([Text(value, label) for value in values])
    return [
        [value[one.start : one.end] for one in own if one.score >= 0.5]
        for value, own in zip(values, spans, strict=True)
    ]


@MODES
@pytest.mark.parametrize(
    ("label", "values"),
    [
        ("Religion", ["Christian", "Jain", "Muslim", "Sikh", "Christian (Anglican)"]),
        ("Your religion", ["Christian Brethren"]),
        ("Ethnic group", ["Han Chinese"]),
        ("Sexual orientation", ["Gay"]),
    ],
)
def test_what_somebody_belongs_to_is_nobody(label: str, values: list[str], mode: str) -> None:
    assert found(values, label, mode) == [[] for _ in values]


@MODES
@pytest.mark.parametrize(
    ("label", "value", "name"),
    [
        ("Religion", "Ask Jane Smith", "Jane Smith"),
        ("Religion", "Rev Thomas Hargreaves", "Thomas Hargreaves"),
        ("Religion", "Christian Maguire, who is chapel elder", "Christian Maguire"),
        ("Faith leader", "Jane Smith", "Jane Smith"),
        ("Faith", "Ask Jane Smith", "Jane Smith"),
        ("Ethnicity recorded by", "Jane Smith", "Jane Smith"),
    ],
)
def test_whoever_is_named_there_is_found(label: str, value: str, name: str, mode: str) -> None:
    assert found([value], label, mode) == [[name]]


@MODES
def test_a_column_of_people_is_one_under_such_a_heading_too(mode: str) -> None:
    givens, surnames = ("Jane", "Adaeze", "Piotr", "Mohammed", "Siobhan"), ("Smith", "Okafor", "Nowak", "Quuxley")
    values = [f"{given} {surname}" for given in givens for surname in surnames]
    assert all(found(values, "Belief", mode))
