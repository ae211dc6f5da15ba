"""No text makes a detector slow: at most 0.02 seconds of processor time for a KB, and no growth beyond linear.

Measured are every rule, every detector as a whole, and every regular expression that a module of detectors holds, on
texts that repeat one short unit: what patterns begin with, repeat, or almost end with.
"""

import math
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

import detectors
from detectors.countries import known_countries
from detectors.patterns import PatternDetector
from detectors.registry import load_detectors
from detectors.rulefiles import Rule, builtin_rules
from detectors.types import Detector, DetectorOptions, Text

COST = 0.02  # seconds of processor time for a KB
GROWTH = 1.2
SMALL, LARGE = 2 * 1024, 16 * 1024
# Growth is measured from this cost on. Work that grows with the square of a text costs more than that at SMALL
# characters, unless a step takes less than half a nanosecond.
WORTH_A_LOOK = 0.0005
# Expressions that must end where the text ends are searched in one line or one cell, never in a whole text.
PIECE = 512
UNITS = (
    "1", "1 ", "12-", "1.1.", "4111 ", "4111-1111-1111-111", "a", "A", "aA1", "A1 ", "AB12", "a.", "a@", "a.b@c.",
    "@", "@a", "x@y.z.", "a (at) b.", "(at)", "::", "2001:", "2001:db8:", "fd00::", "ab:", "00-1A-", "<", "A<1<",
    "0x", "0xab", "*", "****1111", "X-", "GB12 ", "GB12ABCD", "bc1q", "1B", "MORGA", "MORGA657054", "NN12 ",
    "NN12 6R", "AB51 ", "https://x.com/", "x.com/a.", " ", "\n", "é1", "-", "_", "cvv 12 ", "12-34-56 1234567 ",
    "aged ", "born ", "born 1 ", "born 01/02/", "1/1/1 ", "dob ", "jan ", "1 jan ", "NN12 6RD ", "1 a b c d ", "a,",
    "10 ", "A ", ",\n", "1 a NN12 6RD,", "Flat 1 The House ", "10 High Street ", "10 A B C ", "4111 1111\n", "4111\n",
    "ending in ", "%B4111111111111111^A/", "4111111111111111=", "4111111111111111 12/27 ", "P<GBR", "A<" * 22 + "\n",
    "+", "+1 ", "0( ", "07 - ", "(0", "01908 ", "12:34 ", "FR 1", "NL.1.", "GB82 WEST ", "at 1 A", "1 A-de-", "c/o ",
    "Mr A ", "Dear ", "12-34-56 12345678 ", "DK: 1", "N'a@", "2 95 10 ", "£1,", "bc1", "x.com/@", "\u0660", "\u00a0",
    "1 Aa", "Aa Aa ", "1-1 Aa St", "Ty A", "1F1, ", "(", ")", "[at]", "to: ", "é", "\u4e00", "A1A1 ",
)  # fmt: skip


def seconds(run: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    run(text)
    return time.process_time() - started


def slow_units(
    run: Callable[[str], object], small: int = SMALL, large: int = LARGE, units: tuple[str, ...] = UNITS
) -> list[str]:
    """The units that cost too much or grow too fast; looked at again before they are named: clocks are noisy."""
    slow = []
    for unit in units:
        text = (unit * large)[:large]
        for _ in range(5):
            fault = _fault(run, text, small)
            if not fault:
                break
        else:
            slow.append(f"{unit!r}: {fault}")
    return slow


def _fault(run: Callable[[str], object], text: str, small: int) -> str:
    before = seconds(run, text[:small])
    if before / small * 1024 < WORTH_A_LOOK:
        return ""
    took = seconds(run, text)
    cost = took / len(text) * 1024
    growth = math.log(took / min(before, seconds(run, text[:small]))) / math.log(len(text) / small)
    return f"{cost:.4f} s for a KB, growth {growth:.2f}" if cost > COST or growth > GROWTH else ""


def over(detector: Detector, label: str = "") -> Callable[[str], object]:
    return lambda text: list(detector.detect([Text(text, label)]))


@pytest.mark.parametrize("rule", builtin_rules(), ids=lambda rule: rule.slug)
def test_rules(rule: Rule) -> None:
    assert slow_units(over(PatternDetector((rule,)))) == []


ALL = load_detectors(DetectorOptions(names="off", countries=known_countries()))


@pytest.mark.parametrize("detector", ALL, ids=lambda detector: detector.name)
def test_detectors(detector: Detector) -> None:
    assert slow_units(over(detector)) == []


@pytest.mark.parametrize("label", ["address", "date of birth", "mobile", "account number", "card number", "NHS number"])
def test_detectors_under_a_label(label: str) -> None:
    for detector in ALL:
        assert slow_units(over(detector, label)) == [], detector.name


def expressions() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every compiled expression that a module of detectors holds, also within its tables; each once."""
    seen: set[int] = set()
    for found in pkgutil.iter_modules(detectors.__path__, "detectors."):
        for name, value in vars(import_module(found.name)).items():
            for index, one in enumerate(_within(value)):
                if id(one) not in seen:
                    seen.add(id(one))
                    yield f"{found.name}.{name}.{index}", one


def how(name: str) -> Callable[[str], object]:
    """The way in which the expression is put to a text: whole cells only, where its module asks for nothing else."""
    module, constant, _ = name.rsplit(".", 2)
    uses = set(re.findall(rf"\b{constant}\.(\w+)\(", Path(str(import_module(module).__file__)).read_text("utf-8")))
    expression = FOUND[name]
    if uses == {"fullmatch"}:
        return expression.fullmatch
    return expression.search if r"\Z" in expression.pattern else lambda text: sum(1 for _ in expression.finditer(text))


def _within(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from (one for inner in value.values() for one in _within(inner))
    elif isinstance(value, tuple | list):
        yield from (one for inner in value for one in _within(inner))


FOUND = dict(expressions())


@pytest.mark.parametrize("name", sorted(FOUND))
def test_expressions(name: str) -> None:
    small, large = (PIECE // 8, PIECE) if r"\Z" in FOUND[name].pattern else (SMALL, LARGE)
    assert slow_units(how(name), small, large) == []


def test_all_expressions_are_seen() -> None:
    modules = {name.split(".")[1] for name in FOUND}
    assert {
        "addresses",
        "address_forms",
        "bank",
        "cards",
        "dates",
        "phones",
        "rulefiles",
        "travel_documents",
    } <= modules
    assert len(FOUND) > 60


def test_the_measure_sees_quadratic_and_costly_work() -> None:
    assert slow_units(lambda text: re.search(r"1[0-9]*z", text), units=("1",)) != []
    assert slow_units(lambda text: re.search(r"(?:a|b)*z", text), units=("a",)) != []
