"""Every detector of every country, fed with damaged examples and any text: spans within the text, and no surprise.

What is found goes the whole way that values go: normalised, masked, made into match keys.
"""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detectors.countries import known_countries
from detectors.entities import WORDS
from detectors.labels import expected_types
from detectors.registry import load_detectors
from detectors.rulefiles import rule_entries
from detectors.types import Detector, DetectorOptions, Text
from scanner.keys import plain_keys
from scanner.mask import mask

QUICK, NIGHTLY = 60, 3_000
DETECTORS = load_detectors(DetectorOptions(countries=known_countries()))
EACH = pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.name)
CHECKS = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]
# The same in every quick run, others every night.
quickly = settings(max_examples=QUICK, deadline=None, derandomize=True, suppress_health_check=CHECKS)
nightly = settings(max_examples=NIGHTLY, deadline=None, suppress_health_check=CHECKS)
# Signs that other alphabets, keyboards and programs put in the place of ours.
ODD = "\u00a0\u00ad\u200b\u200d\u2010\u2011\u2212\uff11\u0661\u0967\u00b2\u2460\u212a\u017f\u0130\ufb01\ud800\U0001f468\U0001d7ce\x00\x0b\x1c\u2028\ufeff"  # noqa: E501


def examples() -> list[tuple[str, str]]:
    """(text, label) of every example of every rule."""
    found = []
    for _, entries in rule_entries():
        for entry in entries:
            for raw in (*entry["examples"]["must"], *entry["examples"]["must_not"]):
                example = {"text": raw} if isinstance(raw, str) else raw
                found.append((example["text"], example.get("label", "")))
    return found


EXAMPLES = examples()
LABELS = sorted(
    {label for _, label in EXAMPLES} | {"Name", "date of birth", "address", "sort code", "mobile", "gender"}
)


@st.composite
def damaged(draw: st.DrawFn) -> Text:
    """Examples, cut, repeated and joined, with signs exchanged; half of them under a label."""
    pieces = draw(st.lists(st.sampled_from(EXAMPLES), min_size=1, max_size=3))
    text = draw(st.sampled_from((" ", "\n", "", ", ", "\t"))).join(piece for piece, _ in pieces)
    for _ in range(draw(st.integers(0, 4))):
        at, until = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        put = draw(st.one_of(st.sampled_from(ODD), st.characters(), st.just(""), st.just(text[at:until] * 2)))
        text = text[:at] + put + text[min(until, at + draw(st.sampled_from((0, 1, 3)))) :]
    return Text(text[:3000], draw(st.sampled_from(("", pieces[0][1], draw(st.sampled_from(LABELS))))))


TEXTS = st.lists(st.one_of(damaged(), st.builds(Text, st.text(max_size=200), st.sampled_from(LABELS))), max_size=4)


def check(detector: Detector, batch: Sequence[Text]) -> None:
    found = list(detector.detect(batch))
    assert len(found) == len(batch)
    for text, spans in zip(batch, found, strict=True):
        for span in spans:
            assert 0 <= span.start < span.end <= len(text.text)
            assert 0 <= span.score <= 1
            assert span.entity_type in detector.entity_types
            shown = text.text[span.start : span.end]
            masked = mask(span.entity_type, shown)
            assert len(shown) < 8 or masked != shown
            for kind, plain in plain_keys(span.entity_type, span.value, ""):
                assert kind
                assert isinstance(plain, str)


@EACH
@quickly
@given(batch=TEXTS)
def test_damaged_examples(detector: Detector, batch: list[Text]) -> None:
    check(detector, batch)


@pytest.mark.slow
@EACH
@nightly
@given(batch=TEXTS)
def test_damaged_examples_at_length(detector: Detector, batch: list[Text]) -> None:
    check(detector, batch)


@given(label=st.one_of(st.text(max_size=60), damaged().map(lambda text: text.text)))
@quickly
def test_labels_that_are_any_text(label: str) -> None:
    assert expected_types(label) <= set(WORDS)
