"""Every example in the rule files: what a rule must find, and what it must leave alone."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider

from detectors.countries import known_countries
from detectors.patterns import PatternDetector, load
from detectors.rulefiles import builtin_rules, rule_entries
from detectors.types import DetectorOptions, Span, Text

[DETECTOR] = load(DetectorOptions(countries=known_countries()))
SURE = 0.5


def examples(kind: str) -> Iterator[Any]:
    for _, entries in rule_entries():
        for entry in entries:
            for raw in entry["examples"][kind]:
                example = {"text": raw} if isinstance(raw, str) else raw
                yield pytest.param(
                    entry, example, id=f"{entry['name']}: {example['text']!r} {example.get('label', '')}"
                )


def found(entry: Mapping[str, Any], example: Mapping[str, Any]) -> list[Span]:
    text = Text(example["text"], example.get("label", ""))
    [spans] = DETECTOR.detect([text])
    return [span for span in spans if span.entity_type == entry["supported_entity"]]


@pytest.mark.parametrize(("entry", "example"), list(examples("must")))
def test_must(entry: Mapping[str, Any], example: Mapping[str, Any]) -> None:
    spans = found(entry, example)
    if "value" in example:
        spans = [span for span in spans if span.value == example["value"]]
    assert spans, "not found, or with another value"
    best = max(spans, key=lambda span: span.score)
    assert best.score >= example.get("score", SURE)
    assert best.is_test is example.get("test", best.is_test)
    assert dict(example.get("facts", {})).items() <= dict(best.facts).items()


@pytest.mark.parametrize(("entry", "example"), list(examples("must_not")))
def test_must_not(entry: Mapping[str, Any], example: Mapping[str, Any]) -> None:
    limit = example.get("below", SURE)
    assert [span for span in found(entry, example) if limit == 0 or span.score >= limit] == []


def test_every_rule_has_examples_of_both_kinds() -> None:
    entries = [entry for _, entries in rule_entries() for entry in entries]
    assert len(entries) == len(builtin_rules()) > 20
    assert [entry["name"] for entry in entries if not all(entry["examples"].get(k) for k in ("must", "must_not"))] == []
    assert len({rule.slug for rule in builtin_rules()}) == len(entries), "two rules of one name"


def test_a_batch_gives_the_same_as_its_texts_alone() -> None:
    texts = [
        Text(
            example["text"] if isinstance(example, dict) else example,
            example.get("label", "") if isinstance(example, dict) else "",
        )
        for _, entries in rule_entries()
        for entry in entries
        for example in [*entry["examples"]["must"], *entry["examples"]["must_not"]]
    ]
    together = list(DETECTOR.detect(texts))
    alone = [spans for text in texts for spans in DETECTOR.detect([text])]
    assert together == alone
    assert sum(map(len, together)) > 100


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("943 476 5918", {"UK_NHS", "UK_UTR"}),
        ("AB 12345", set()),
        (" 4111111111111112 ", {"CREDIT_CARD"}),
        ("GB00WEST12345698765432", {"IBAN_CODE"}),
        ("call 943 476 5918", set()),
        ("jane@wren.example", set()),
        ("", set()),
    ],
)
def test_shape_says_nothing_of_the_check(text: str, kinds: set[str]) -> None:
    assert isinstance(DETECTOR, PatternDetector)
    [shapes] = DETECTOR.shaped([Text(text)])
    assert shapes == kinds


def test_countries_choose_rules() -> None:
    [german] = load(DetectorOptions(countries=("de",)))
    assert "UK_NINO" not in german.entity_types
    assert "EMAIL_ADDRESS" in german.entity_types


@pytest.mark.parametrize("file", [file for file, _ in rule_entries()])
def test_presidio_reads_the_file_as_it_is(file: str) -> None:
    path = Path(__file__).parents[2] / "detectors" / "rules" / file
    registry = RecognizerRegistryProvider(conf_file=path).create_recognizer_registry()
    names = {recognizer.name for recognizer in registry.recognizers}
    assert {entry["name"] for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["recognizers"]} == names
