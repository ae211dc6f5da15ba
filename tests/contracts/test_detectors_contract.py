"""What every detector keeps to, ours and those of installed packages: the caller relies on it without asking."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kept_spans import require_spans

from detectors.registry import load_detectors
from detectors.types import ChecksummedDetector, Detector, DetectorOptions, Text

DETECTORS = load_detectors(DetectorOptions())
LABELS = (
    "",
    "Name",
    "date of birth",
    "NHS No",
    "account number",
    "postcode",
    "order id",
    "e-mail",
    "cvv",
    "passport",
    "mobile",
)
# Things that look like something, so that detectors get past their first look.
BAIT = (
    "jane.doe@wren.example", "4111 1111 1111 1111", "943 476 5919", "JG103759A", "GB82 WEST 1234 5698 7654 32",
    "NN12 6RD", "sort code 40-47-84 account 12345678", "+44 20 7946 0123", "DOB 14/02/2014",
    "10 Wren Close, Towcester", "Mrs Jane Doe", "passport 925665416", "81.2.69.160", "2001:db8::1",
    "@jane on twitter", "UTR 1955839661", "cvv 123", "\x00", "\n\n", "\u202e",
)  # fmt: skip

texts = st.lists(
    st.builds(
        Text,
        st.lists(st.one_of(st.sampled_from(BAIT), st.text(max_size=12)), max_size=6).map(" ".join),
        st.sampled_from(LABELS),
    ),
    max_size=4,
)
slow_models = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
every_detector = pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.name)


@every_detector
@slow_models
@given(batch=texts)
def test_spans_keep_to_the_text(detector: Detector, batch: list[Text]) -> None:
    found = list(detector.detect(batch))
    require_spans(detector, batch, found)
    assert list(detector.detect(batch)) == found, "a second call gives something else: state was kept"
    assert [spans for text in batch for spans in detector.detect([text])] == found, "texts of a batch touch each other"


@pytest.mark.parametrize(
    "detector", [one for one in DETECTORS if hasattr(one, "shaped")], ids=lambda detector: detector.name
)
@slow_models
@given(batch=texts)
def test_shapes_and_chances(detector: ChecksummedDetector, batch: list[Text]) -> None:
    shapes = list(detector.shaped(batch))
    assert len(shapes) == len(batch)
    for kinds in shapes:
        assert kinds <= set(detector.entity_types)
        assert all(0 < detector.chance(kind) < 1 for kind in kinds)
    assert detector.chance("NO_SUCH_TYPE") == 1
    for index, kind, found, passes in detector.trials(batch, frozenset(detector.entity_types)):
        assert found in batch[index].text
        assert detector.chance(kind) < 1
        assert isinstance(passes, bool)
    assert list(detector.trials(batch, frozenset())) == []


@every_detector
@pytest.mark.parametrize("bait", BAIT)
def test_no_reason_gives_the_value_away(detector: Detector, bait: str) -> None:
    for label in LABELS:
        [spans] = detector.detect([Text(f"Please note: {bait} (thank you)", label)])
        for span in spans:
            found = f"Please note: {bait} (thank you)"[span.start : span.end]
            said = " ".join(
                [
                    span.reason,
                    span.evidence.pattern,
                    span.evidence.validator,
                    span.evidence.context,
                    *map(" ".join, span.facts),
                ]
            )
            # A short code may stand in a sentence by chance: 123 in a version, 12 in "mod-12".
            if len(found) >= 5:
                assert found not in said
                assert span.value not in said


@every_detector
def test_hostile_text_never_raises(detector: Detector) -> None:
    batch = [
        Text("\ud800\udfff@x.example"),
        Text("9" * 5000),
        Text("@" * 5000),
        Text("٣" * 50),
        Text("\x00" * 9),
        Text(""),
    ]
    require_spans(detector, batch, list(detector.detect(batch)))


def test_names_are_unique_and_no_batch_is_too_small() -> None:
    names = [detector.name for detector in DETECTORS]
    assert len(names) == len(set(names))
    for detector in DETECTORS:
        assert list(detector.detect([])) == []
        assert detector.entity_types


def test_unknown_entity_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown entity type"):
        load_detectors(DetectorOptions(entities=("UK_NINO", "NO_SUCH_TYPE")))
