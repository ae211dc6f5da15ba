"""No text makes a rule slow: ten times the text takes about ten times the work, also on text made to hurt."""

import time

import pytest

from detectors.bank import load as load_bank
from detectors.patterns import PatternDetector
from detectors.rulefiles import Rule, builtin_rules
from detectors.types import Detector, DetectorOptions, Text

SMALL, TIMES = 2_000, 10
# Pieces that patterns begin with, repeat or almost end with.
PIECES = (
    "1", "1 ", "12-", "1.1.", "4111 ", "4111-1111-1111-111", "a", "A", "aA1", "A1 ", "AB12", "a.", "a@", "a.b@c.",
    "@", "@a", "x@y.z.", "a (at) b.", "(at)", "::", "2001:", "2001:db8:", "fd00::", "ab:", "00-1A-", "<", "A<1<",
    "0x", "0xab", "*", "****1111", "X-", "GB12 ", "GB12ABCD", "bc1q", "1B", "MORGA", "MORGA657054", "NN12 ",
    "NN12 6R", "AB51 ", "https://x.com/", "x.com/a.", " ", "\n", "é1", "-", "_", "cvv 12 ", "12-34-56 1234567 ",
)  # fmt: skip


def seconds(detector: Detector, text: str) -> float:
    best = float("inf")
    for _ in range(2):
        started = time.process_time()
        list(detector.detect([Text(text)]))
        best = min(best, time.process_time() - started)
    return best


def check(detector: Detector, pieces: tuple[str, ...] = PIECES) -> None:
    slow = []
    for piece in pieces:
        small = (piece * SMALL)[:SMALL]
        large = (piece * SMALL * TIMES)[: SMALL * TIMES]
        took = seconds(detector, large)
        # Below a few milliseconds the clock says nothing; above, quadratic work would be 100 times as much.
        if took > 0.02 and took > 4 * TIMES * max(seconds(detector, small), 0.0005):
            slow.append(piece)
        if took > 5:
            slow.append(f"{piece} took {took:.1f} s")
    assert slow == []


@pytest.mark.parametrize("rule", builtin_rules(), ids=lambda rule: rule.slug)
def test_rules_grow_linearly(rule: Rule) -> None:
    check(PatternDetector((rule,)))


def test_bank_grows_linearly() -> None:
    [detector] = load_bank(DetectorOptions())
    check(detector)


def test_the_measure_sees_quadratic_work() -> None:
    class Quadratic:
        name = "quadratic"
        entity_types = ("X",)

        def detect(self, texts):  # type: ignore[no-untyped-def]
            for text in texts:
                for end in range(0, len(text.text), 2):
                    text.text.count("z1", 0, end)
                yield []

    with pytest.raises(AssertionError):
        check(Quadratic(), PIECES[:1])
