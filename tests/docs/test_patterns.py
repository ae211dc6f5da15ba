"""Every regex of the program reads alike on all Pythons that it is allowed to run on."""

import importlib
import pkgutil
import re
import tracemalloc
from collections.abc import Iterable, Iterator
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import detectors
import reports
import scanner
import subjects
from scanner.dialect import Dialect
from scanner.formats.dumps.sqldump_values import Grammar, _expressions, row_pattern
from scanner.formats.tables.tabular import _lenient_cell

REPEATS = {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}
Tokens = Iterable[tuple[Any, Any]]
# What is tried apart: where it fails after that, its place is what a possessive group goes on from (gh-106052).
TRIED_APART = {
    sre.ASSERT, sre.ASSERT_NOT, sre.BRANCH, sre.ATOMIC_GROUP, sre.GROUPREF_EXISTS, *REPEATS,
}  # fmt: skip


def inside(tokens: Tokens) -> Iterator[tuple[Any, Any]]:
    """Every operation of a regex, with those within it."""
    for code, what in tokens:
        yield code, what
        if code is sre.BRANCH:
            for way in what[1]:
                yield from inside(way)
        elif code in {sre.ASSERT, sre.ASSERT_NOT}:
            yield from inside(what[1])
        elif code is sre.ATOMIC_GROUP:
            yield from inside(what)
        elif code in {sre.SUBPATTERN, sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}:
            yield from inside(what[-1])


def fails_where_it_stands(group: Tokens) -> bool:
    """Whether it is `(?:...|(?!))`, or has nothing that is tried apart."""
    tokens = list(group)
    if len(tokens) == 1 and tokens[0][0] is sre.SUBPATTERN:
        return fails_where_it_stands(tokens[0][1][-1])
    if len(tokens) == 1 and tokens[0][0] is sre.BRANCH:
        [(code, what), *_] = tokens[0][1][1][-1]
        return code is sre.ASSERT_NOT and not what[1]
    simple = (code for code, what in inside(tokens) if not (code in REPEATS and one_sign(what[-1])))
    return not any(code in TRIED_APART for code in simple)


def one_sign(tokens: Tokens) -> bool:
    return [code for code, _ in tokens] in ([sre.IN], [sre.LITERAL], [sre.NOT_LITERAL], [sre.ANY])


def unsteady(pattern: str, flags: int = 0) -> bool:
    parsed = sre_parser.parse(pattern, flags)
    return not all(fails_where_it_stands(what[-1]) for code, what in inside(parsed) if code is sre.POSSESSIVE_REPEAT)


def held(value: object) -> list[Any]:
    """A value, or what is in it."""
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, (tuple, list)) else [value]


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for room in (scanner, detectors, subjects, reports):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            try:
                loaded = importlib.import_module(module.name)
            except ImportError:  # an optional part that is not installed
                continue
            for name, value in vars(loaded).items():
                for number, one in enumerate(held(value)):
                    if isinstance(one, re.Pattern) and isinstance(one.pattern, str):
                        yield f"{module.name}.{name} {number}", one
    for backslash in (False, True):
        grammar = Grammar(backslash=backslash)
        for number, pattern in enumerate((*_expressions(grammar), row_pattern(grammar, 3))):
            yield f"sqldump_values {backslash} {number}", pattern
    for escape in ("", "\\"):
        yield f"tabular {escape}", _lenient_cell(Dialect(",", '"', escape))


def test_possessive_groups_fail_where_they_stand() -> None:
    """Before Python 3.11.5 others go on behind what their last try took in vain; Debian 12 has 3.11.2."""
    found = dict(patterns())
    assert len(found) > 100
    assert [name for name, pattern in found.items() if unsteady(pattern.pattern, pattern.flags)] == []


@pytest.mark.parametrize(
    ("pattern", "bad"),
    [
        (r"a(?:b|c(?!d))*+", True),
        (r"a(?:b(?=c))*+", True),
        (r"a(?:b|cd|(?!))*+", False),
        (r"[0-9](?:[^0-9]{0,24}+[0-9])*+", False),
        (r"(?:a(?:b|cd)*e)*+", True),
        (r"\s*+x++[^y]?+", False),
    ],
)
def test_such_groups_are_told(pattern: str, bad: bool) -> None:
    assert unsteady(pattern) == bad


@pytest.mark.parametrize("backslash", [False, True])
def test_a_string_of_nothing_but_escapes_takes_no_memory(backslash: bool) -> None:
    """An atomic group kept 114 bytes for each of them."""
    text = f"('{chr(39) * 2 * 200_000}',1)"
    grammar = Grammar(backslash=backslash)
    tracemalloc.start()
    try:
        found = [pattern.match(text) for pattern in (row_pattern(grammar, 2), _expressions(grammar)[1])]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert all(found)
    assert peak < 1_000_000
