"""A regex goes in, the sets of characters of which each of its matches holds one come out.

So a whole column is told at a glance to hold no e-mail address (no `@`) and no National Insurance number (no letters),
for the time of looking at its alphabet once instead of one search for each regex.
"""

import re
from collections.abc import Iterable, Iterator, Set
from functools import lru_cache
from re import _constants as sre  # type: ignore[attr-defined]  # the opcodes of the parser below
from re import _parser as sre_parser  # type: ignore[attr-defined]  # the only reader of Python's regexes there is
from typing import Any, TypeAlias

Needed: TypeAlias = tuple[frozenset[str], ...]
Alphabet: TypeAlias = frozenset[str]
_Tokens: TypeAlias = Iterable[tuple[Any, Any]]

_ASCII = frozenset(map(chr, range(128)))
# Stands for any character beyond ASCII: which of them a regex takes is not told apart.
BEYOND = "\u0080"
_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_NOT_DIGIT: r"\D", sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S", sre.CATEGORY_WORD: r"\w", sre.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip
_REPEATS = frozenset({sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT})


def alphabet(text: str) -> Alphabet:
    """The distinct characters of a text, all beyond ASCII as BEYOND."""
    chars = frozenset(text)
    return chars if chars <= _ASCII else (chars & _ASCII) | {BEYOND}


def may_match(needed: Needed, chars: Set[str]) -> bool:
    """Whether a text of this alphabet has what each match needs."""
    return not any(map(chars.isdisjoint, needed))


def needed(pattern: re.Pattern[str]) -> Needed:
    """The sets of a regex, the smallest first; none where nothing can be told."""
    sets = dict.fromkeys(_of_sequence(sre_parser.parse(pattern.pattern, pattern.flags), pattern.flags))
    return tuple(sorted((one for one in sets if not one >= _ASCII), key=len))


@lru_cache(maxsize=512)
def needed_by(pattern: re.Pattern[str]) -> Needed:
    """The same of one of the few regexes that are asked for again and again."""
    return needed(pattern)


def _of_sequence(tokens: _Tokens, flags: int) -> Iterator[frozenset[str]]:
    for code, what in tokens:
        if code is sre.SUBPATTERN:
            _, added, removed, inner = what
            yield from _of_sequence(inner, (flags | added) & ~removed)
        elif code is sre.ATOMIC_GROUP:
            yield from _of_sequence(what, flags)
        elif code is sre.ASSERT:
            yield from _of_sequence(what[1], flags)
        elif code is sre.BRANCH:
            ways = [min(_of_sequence(branch, flags), key=len, default=frozenset[str]()) for branch in what[1]]
            if all(ways):
                yield frozenset().union(*ways)
        elif code in _REPEATS:
            least, _, inner = what
            yield from _of_sequence(inner, flags) if least else ()
        elif code is sre.IN:
            yield _class(what, flags)
        elif code is sre.LITERAL:
            yield _class([(code, what)], flags)


def _class(items: list[tuple[Any, Any]], flags: int) -> frozenset[str]:
    """The characters that one place of a match may have; rather too many than too few."""
    if items[0][0] is sre.NEGATE:
        return _ASCII | {BEYOND}
    chars: set[str] = set()
    for code, what in items:
        if code is sre.CATEGORY:
            chars |= _category(what, flags & re.ASCII)
        else:
            low, high = what if code is sre.RANGE else (what, what)
            chars.update(map(chr, range(low, min(high, 127) + 1)), [BEYOND] if high > 127 else [])
    if not flags & re.IGNORECASE:
        return frozenset(chars)
    # A long s is an s, too: beyond ASCII there are forms of some letters, and the other way round.
    return (_ASCII if BEYOND in chars else _both_cases(chars)) | {BEYOND}


def _both_cases(chars: Iterable[str]) -> frozenset[str]:
    return frozenset(form for char in chars for form in (char, char.upper(), char.lower()))


@lru_cache(maxsize=64)
def _category(category: Any, ascii_only: int) -> frozenset[str]:
    matches = re.compile(_CATEGORIES[category], ascii_only).match
    return frozenset(char for char in _ASCII if matches(char)) | (frozenset() if ascii_only else {BEYOND})
