"""One reading of each stretch of text, whatever order the detectors came in."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors import overlaps
from detectors.overlaps import resolve
from detectors.types import Evidence, Span


def span(kind: str, start: int, end: int, score: float, validator: str = "") -> Span:
    return Span(kind, start, end, score, "test", "because", f"{start}", Evidence(validator=validator))


CASES = [
    ("apart: both", [("A", 0, 5, 0.3), ("B", 5, 9, 0.9)], "AB"),
    ("different types: the surer", [("A", 0, 20, 0.5), ("B", 5, 9, 0.6)], "B"),
    ("a tie: the validated", [("A", 0, 9, 0.5), ("B", 0, 9, 0.5, "mod 11")], "B"),
    ("a tie: the longer", [("A", 0, 9, 0.5), ("B", 0, 10, 0.5)], "B"),
    ("a tie: the alphabet", [("B", 0, 9, 0.5), ("A", 0, 9, 0.5)], "A"),
    ("a weak span vetoes nothing", [("A", 0, 30, 0.1), ("B", 3, 5, 0.2), ("C", 6, 9, 0.9)], "BC"),
    ("the loser of a loser stays", [("A", 0, 9, 0.9), ("B", 5, 15, 0.8), ("C", 12, 20, 0.7)], "AC"),
    ("a postcode is part of it", [("ADDRESS", 0, 30, 0.5), ("UK_POSTCODE", 22, 30, 0.6)], "ADDRESS UK_POSTCODE"),
    ("but not when it sticks out", [("ADDRESS", 0, 28, 0.5), ("UK_POSTCODE", 22, 30, 0.6)], "UK_POSTCODE"),
    (
        "an account is part of its IBAN",
        [("IBAN_CODE", 0, 22, 0.9), ("UK_BANK_ACCOUNT", 8, 22, 0.8)],
        "IBAN_CODE UK_BANK_ACCOUNT",
    ),
    ("a name in an e-mail address is not", [("EMAIL_ADDRESS", 0, 22, 0.9), ("PERSON", 0, 8, 0.8)], "EMAIL_ADDRESS"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given_spans", "expected"), CASES, ids=[case[0] for case in CASES])
def test_choice(name: str, given_spans: list[tuple[str, int, int, float]], expected: str) -> None:
    spans = [span(*args) for args in given_spans]
    for order in (spans, spans[::-1]):
        kinds = [kept.entity_type for kept in resolve(order)]
        assert kinds == (expected.split() if len(expected) > 3 else list(expected))


@pytest.mark.parametrize(("outer", "kept"), [(0.5, (0, 20)), (0.3, (0, 20)), (0.1, (5, 9))])
def test_nested_of_one_type(outer: float, kept: tuple[int, int]) -> None:
    [winner] = resolve([span("A", 5, 9, 0.5), span("A", 0, 20, outer)])
    assert (winner.start, winner.end) == kept


def test_identical_claims_give_one_span() -> None:
    assert len(resolve([span("A", 0, 9, 0.5)] * 3)) == 1


@given(st.integers(1, 9), st.integers(1, 9), st.sampled_from(["", "check"]), st.sampled_from(["", "check"]))
def test_two_of_one_place_are_settled_as_among_others(one: int, other: int, first: str, second: str) -> None:
    """Most cells hold two readings at most: these go a short way, and must come out as on the long one."""
    two = [span("A", 3, 9, one / 10, first), span("A", 3, 9, other / 10, second)]
    far = span("A", 100, 101, 0.5)
    assert [*resolve(two), far] == resolve([*two, far])
    assert resolve([span("A", 3, 3, 0.5)] * 2) == []


SPANS = st.lists(
    st.builds(
        lambda kind, start, length, score: span(kind, start, start + length, score / 10),
        st.sampled_from(["A", "B", "ADDRESS", "UK_POSTCODE"]),
        st.integers(0, 40),
        st.integers(1, 12),
        st.integers(0, 10),
    ),
    max_size=12,
)


@given(SPANS, st.randoms())
def test_order_of_input_does_not_matter(spans: list[Span], random: object) -> None:
    kept = resolve(spans)
    shuffled = spans[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert resolve(shuffled) == kept
    assert [one.start for one in kept] == sorted(one.start for one in kept)
    for index, one in enumerate(kept):
        for other in kept[index + 1 :]:
            pair = {one.entity_type, other.entity_type}
            assert one.end <= other.start or other.end <= one.start or pair == {"ADDRESS", "UK_POSTCODE"}
    # What was dropped lost against something that stayed or was of its own type.
    for lost in set(spans) - set(kept):
        assert any(lost.start < one.end and one.start < lost.end for one in spans if one != lost)


def test_many_spans_take_little_time() -> None:
    spans = [span("ABC"[n % 3], n * 3, n * 3 + 5, n % 7 / 10) for n in range(20_000)]
    started = time.process_time()
    assert resolve(spans)
    assert time.process_time() - started < 5


@given(SPANS)
def test_few_spans_are_resolved_as_many_are(spans: list[Span]) -> None:
    alone = list({one.entity_type: one for one in spans}.values())
    few = resolve(alone)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(overlaps, "FEW", 0)
        assert resolve(alone) == few
