"""Every detector of every country, fed with damaged examples and any text: spans within the text, and no surprise.

What is found goes the whole way that values go: normalised, masked, made into match keys.
"""

import os
from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kept_spans import require_spans

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
nightly = settings(max_examples=int(os.environ.get("WHOSEDATA_FUZZ_EXAMPLES", NIGHTLY)), deadline=None, suppress_health_check=CHECKS)  # fmt: skip  # noqa: E501
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


# What has no rule file is found in sentences and cells such as these.
SENTENCES = (
    ("Mrs Jane Doe wrote to Dr. John O'Neill-Smith, her forename being Jane.", ""), ("Ann Lee", "Name"),
    ("She was born on 14 February 2014, DOB 14/02/1962.", ""), ("1962-02-14", "date of birth"),
    ("Write to 10 Wren Close, Towcester, NN12 6RD, or Flat 2, 1 High Street, Leeds LS1 4AP.", ""),
    ("10 Wren Close, NN12 6RD", "address"), ("sort code 40-47-84 account 12345678", ""), ("40-47-84", "sort code"),
    ("12345678", "account number"), ("Ring 01632 960057 or +44 7700 900123 ext. 12, tel: (020) 7946 0123", ""),
    ("07700 900123", "mobile"), ("card 4111 1111 1111 1111 exp 12/27 cvv 123", ""), ("4111111111111111", "card"),
    ("%B4111111111111111^DOE/JANE^2712101000000000000?", ""), (";4111111111111111=27121010000000000000?", ""),
    # The specimen of ICAO 9303, part 4.
    ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10", ""),
    ("Password: hunter22! The PIN is 4821. The door code is 1234X.", ""), ("hunter22!", "password"),
    ("My daughter is in Year 4, class 4B; UPN A123456789012.", ""), ("Year 9", "year group"),
    ("The patient has diabetes and I am a member of Unison. She was convicted of theft.", ""),
    ("asthma", "medical conditions"), ("Church of England", "religion"), ("Female", "gender"), ("F", "sex"),
    ("Please do not ring me. No e-mail marketing, post only.", ""), ("yes", "email opt-in"),
    ("From: jane.doe@wren.example, web https://x.example/@jane, IP 81.2.69.160", ""), ("@jane on twitter", ""),
)  # fmt: skip
EXAMPLES = (*examples(), *SENTENCES)
LABELS = sorted({label for _, label in EXAMPLES})


@cache
def baits(name: str) -> tuple[tuple[str, str], ...]:
    """The examples in which a detector finds something, so that most of what it is given gets far."""
    [detector] = [one for one in DETECTORS if one.name == name]
    pool = EXAMPLES if name == "rules" else SENTENCES
    found = list(detector.detect([Text(text, label) for text, label in pool]))
    return tuple(pair for pair, spans in zip(pool, found, strict=True) if spans) or EXAMPLES


@st.composite
def damaged(draw: st.DrawFn, pool: Sequence[tuple[str, str]]) -> Text:
    """Examples as they are or joined, with up to two stretches exchanged for other signs, and a label."""
    pieces = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=3))
    text = draw(st.sampled_from((" ", "\n", "", ", ", "\t"))).join(piece for piece, _ in pieces)
    for _ in range(draw(st.sampled_from((0, 0, 1, 1, 2)))):
        at = draw(st.integers(0, len(text)))
        put = draw(st.one_of(st.sampled_from(ODD), st.characters(), st.just(""), st.just(text[at : at + 9] * 2)))
        text = text[:at] + put + text[at + draw(st.sampled_from((0, 1, 3))) :]
    return Text(text[:3000], draw(st.sampled_from((pieces[0][1], draw(st.sampled_from(LABELS))))))


def texts(detector: Detector) -> st.SearchStrategy[list[Text]]:
    """Mostly what the detector knows, damaged; also what it does not know, and any text at all."""
    anything = st.builds(Text, st.text(max_size=200), st.sampled_from(LABELS))
    own = damaged(baits(detector.name))
    return st.lists(st.one_of(own, own, damaged(EXAMPLES), anything), min_size=1, max_size=4)


def check(detector: Detector, batch: Sequence[Text]) -> None:
    found = list(detector.detect(batch))
    require_spans(detector, batch, found)
    for text, spans in zip(batch, found, strict=True):
        for span in spans:
            shown = text.text[span.start : span.end]
            masked = mask(span.entity_type, shown)
            assert len(shown) < 8 or masked != shown
            for kind, plain in plain_keys(span.entity_type, span.value, ""):
                assert kind
                assert isinstance(plain, str)


@EACH
@quickly
@given(data=st.data())
def test_damaged_examples(detector: Detector, data: st.DataObject) -> None:
    check(detector, data.draw(texts(detector)))


@pytest.mark.slow
@EACH
@nightly
@given(data=st.data())
def test_damaged_examples_at_length(detector: Detector, data: st.DataObject) -> None:
    check(detector, data.draw(texts(detector)))


@given(label=st.one_of(st.text(max_size=60), damaged(EXAMPLES).map(lambda text: text.text)))
@quickly
def test_labels_that_are_any_text(label: str) -> None:
    assert expected_types(label) <= set(WORDS)


@EACH
def test_every_detector_is_given_what_it_finds(detector: Detector) -> None:
    assert baits(detector.name) != EXAMPLES
