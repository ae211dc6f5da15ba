"""Pay.UK's weight table goes in (the user's own copy; it is never shipped), a verdict on a British account comes out.

The format is that of valacdos.txt: first and last sort code, MOD10, MOD11 or DBLAL, fourteen weights for the digits u-z
(sort code) and a-h (account), and an exception from 1 to 14 where there is one. The exceptions are numbered and worded
as in Pay.UK's "Validating account numbers".
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_LINE = re.compile(
    r"([0-9]{6})\s+([0-9]{6})\s+(MOD10|MOD11|DBLAL)((?:\s+-?[0-9]{1,3}){14})(?:\s+([0-9]{1,2}))?", re.ASCII
)
_SUBSTITUTE = re.compile(r"([0-9]{6})\s+([0-9]{6})", re.ASCII)
# Where digits stand in sort code + account: u v w x y z a b c d e f g h.
A, B, C, G, H = 6, 7, 8, 12, 13
EITHER = frozenset({(2, 9), (10, 11), (12, 13)})  # exceptions of two checks of which one is enough


@dataclass(frozen=True, slots=True)
class Weights:
    """One line of the table."""

    first: str
    last: str
    method: str
    weights: tuple[int, ...]
    exception: int


@dataclass(frozen=True, slots=True)
class ModulusTable:
    """The lines by the first two digits of the sort codes that they are for, and the sort codes of exception 5."""

    lines: Mapping[str, tuple[Weights, ...]]
    substitutes: Mapping[str, str] = field(default_factory=dict)

    def verdict(self, sort_code: str, account: str) -> bool | None:
        """Whether six and eight digits can be an account; None where the table has no line: then nothing is known."""
        found = [one for one in self.lines.get(sort_code[:2], ()) if one.first <= sort_code <= one.last]
        if not found:
            return None
        first, *more = found
        passed = self._passes(first, sort_code, account)
        if not more:
            return passed
        second = more[0]
        if (first.exception, second.exception) in EITHER:
            return passed or self._passes(second, sort_code, account)
        return passed and self._passes(second, sort_code, account)

    def _passes(self, line: Weights, sort_code: str, account: str) -> bool:
        digits = _digits(self._sort_code(line.exception, sort_code) + account)
        if line.exception == 6 and 4 <= digits[A] <= 8 and digits[G] == digits[H]:
            return True  # an account in a foreign currency has no check digit
        if line.exception == 3 and digits[C] in {6, 9}:
            return True
        total = _total(line.method, digits, _weights(line, digits))
        modulus = 11 if line.method == "MOD11" else 10
        if line.exception == 1:
            total += 27
        rest = total % modulus
        if line.exception == 4:
            return rest == 10 * digits[G] + digits[H]
        if line.exception == 5:
            return _check_digit_of_5(line.method, rest, digits)
        if line.exception == 14 and rest and digits[H] in {0, 1, 9}:
            digits = [*digits[:A], 0, *digits[A:H]]
            rest = _total(line.method, digits, line.weights) % modulus
        return rest == 0

    def _sort_code(self, exception: int, sort_code: str) -> str:
        if exception == 5:
            return self.substitutes.get(sort_code, sort_code)
        return {8: "090126", 9: "309634"}.get(exception, sort_code)


def read_modulus_table(table: Path, substitutes: Path | None = None) -> ModulusTable:
    """Read valacdos.txt and, for exception 5, scsubtab.txt.

    Raises:
        ValueError: a file that cannot be read, or a line that is not of the format.
    """
    lines: dict[str, list[Weights]] = defaultdict(list)
    for number, line in _lines(table):
        match = _LINE.fullmatch(line)
        if not match:
            raise ValueError(f"modulus_table: line {number} of {table} is no line of Pay.UK's weight table")
        weights = tuple(map(int, match[4].split()))
        one = Weights(match[1], match[2], match[3], weights, int(match[5] or 0))
        for start in range(int(one.first[:2]), int(one.last[:2]) + 1):
            lines[f"{start:02}"].append(one)
    if not lines:
        raise ValueError(f"modulus_table: {table} is empty")
    pairs: dict[str, str] = {}
    for number, line in _lines(substitutes) if substitutes else ():
        match = _SUBSTITUTE.fullmatch(line)
        if not match:
            raise ValueError(f"modulus_substitutes: line {number} of {substitutes} is no pair of sort codes")
        pairs[match[1]] = match[2]
    return ModulusTable({start: tuple(found) for start, found in lines.items()}, pairs)


def _lines(file: Path) -> list[tuple[int, str]]:
    try:
        text = file.read_text(encoding="ascii")
    except (OSError, UnicodeError) as error:
        raise ValueError(f"the file {file} cannot be read ({type(error).__name__})") from error
    return [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]


def _digits(text: str) -> list[int]:
    return [int(char) for char in text]


def _weights(line: Weights, digits: Sequence[int]) -> Sequence[int]:
    """The line's weights as its exception changes them for these digits."""
    weights = line.weights
    if line.exception == 2 and digits[A] != 0:
        return (
            (0, 0, 0, 0, 0, 0, 0, 0, 8, 7, 10, 9, 3, 1)
            if digits[G] == 9
            else (0, 0, 1, 2, 5, 3, 6, 4, 8, 7, 10, 9, 3, 1)
        )
    foreign = line.exception == 10 and digits[A] in {0, 9} and digits[B] == 9
    if digits[G] == 9 and (line.exception == 7 or foreign):
        return (0,) * C + weights[C:]
    return weights


def _total(method: str, digits: Sequence[int], weights: Sequence[int]) -> int:
    products = [digit * weight for digit, weight in zip(digits, weights, strict=True)]
    if method == "DBLAL":
        return sum(sum(divmod(product, 10)) for product in products)
    return sum(products)


def _check_digit_of_5(method: str, rest: int, digits: Sequence[int]) -> bool:
    if method == "MOD11":
        return rest != 1 and (11 - rest) % 11 == digits[G]
    return (10 - rest) % 10 == digits[H]
