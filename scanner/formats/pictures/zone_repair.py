"""Words read in a picture go in; misread lines of a machine-readable zone (ICAO 9303) come out as they are printed.

Readers take O for 0, S for 5, a filler for K, or leave one out. A repair counts only when all check digits are then
right, which chance lets happen about once in ten thousand lines that look like a zone at all.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from detectors.travel_documents import ZoneDetector
from detectors.types import Text
from scanner.formats.pictures.words import Word

_ZONES = ZoneDetector(date(2000, 1, 1))  # the day only tells who is a child, which nobody asks here
_SIGNS = str.maketrans({
    "«": "<<", "‹": "<", "(": "<", "{": "<", "[": "<", "£": "E", "€": "E", "§": "5", "$": "S", "!": "1", "|": "1",
    "¢": "C", "°": "0",
})  # fmt: skip
_OTHER = re.compile(r"[^A-Z0-9<]")
_DIGITS = str.maketrans("OQDUILZASGBT", "000011245687")
_LETTERS = str.maketrans("0125684", "OIZSGBA")
_TWINS = dict(zip("0O1I5S8B2Z6G4A7T", "O0I1S5B8Z2G6A4T7", strict=True))
_FILLERS = re.compile(r"[KCEXL]")
_NAMES = re.compile(r"([A-Z]+(?:<[A-Z]+)*)<<([A-Z]+(?:<[A-Z]+)*)")
_LAST_FILLERS = re.compile(r"(?:(?:<(?:K+|[KCX]{2,}))+|K{3,})\Z")
_MARK = re.compile(r"[<«‹]")
_OFF = 4  # fillers that may be missing or too many


@dataclass(frozen=True, slots=True)
class _Kind:
    """Lines of a zone: for each character L letter, D digit, A either, N part of the names, * sex. `free` may vary."""

    lines: tuple[str, ...]
    free: tuple[int, int, int]  # line, first and last + 1 character of the document number


_KINDS = (
    _Kind(("L" * 5 + "N" * 39, "A" * 9 + "DLLL" + "D" * 7 + "*" + "D" * 7 + "A" * 14 + "DD"), (1, 0, 9)),
    _Kind(("A" * 9 + "DLLL" + "D" * 7 + "*" + "D" * 7 + "A" * 14 + "DD",), (0, 0, 9)),
    _Kind(("L" * 5 + "N" * 31, "A" * 9 + "DLLL" + "D" * 7 + "*" + "D" * 7 + "A" * 7 + "D"), (1, 0, 9)),
    _Kind(("L" * 5 + "A" * 9 + "D" + "A" * 15, "D" * 7 + "*" + "D" * 7 + "LLL" + "A" * 11 + "D", "N" * 30), (0, 5, 14)),
)


def repaired(words: Sequence[Word]) -> list[Word]:
    """The same words; each line of a zone is one word of characters whose check digits are right."""
    if not any(_MARK.search(word.text) for word in words):
        return list(words)
    lines = list(_lines(words))
    kept: list[Word] = []
    at = 0
    while at < len(lines):
        found = next(filter(None, (_block(lines[at : at + len(kind.lines)], kind) for kind in _KINDS)), None)
        if found:
            kept += found
            at += len(found)
        else:
            kept += lines[at]
            at += 1
    return kept


def _lines(words: Sequence[Word]) -> Iterator[list[Word]]:
    line: list[Word] = []
    for word in words:
        if word.starts_line and line:
            yield line
            line = []
        line.append(word)
    if line:
        yield line


def _block(lines: Sequence[list[Word]], kind: _Kind) -> list[Word] | None:
    if len(lines) < len(kind.lines):
        return None
    written = [_OTHER.sub("", "".join(word.text for word in line).upper().translate(_SIGNS)) for line in lines]
    fitted = [_fitted(text, template) for text, template in zip(written, kind.lines, strict=True)]
    if not all(fitted):
        return None
    right = next((text for text in _variants(fitted, kind) if next(_ZONES.detect([Text("\n".join(text))]))), None)
    if right is None:
        return None
    return [_one(line, text, at) for at, (line, text) in enumerate(zip(lines, right, strict=False))]


def _one(line: list[Word], text: str, at: int) -> Word:
    edges = list(zip(*(word.box for word in line), strict=True))
    box = (min(edges[0]), min(edges[1]), max(edges[2]), max(edges[3]))
    sure = min(word.confidence for word in line)
    return replace(line[0], text=text, box=box, confidence=sure, starts_block=line[0].starts_block and not at)


def _fitted(text: str, template: str) -> str:
    """A line of the right length whose characters are of the right class; "" when it is no line of a zone."""
    if template.endswith("N"):
        head = template.rstrip("N")
        names = _names(text[len(head) :].translate(_LETTERS))
        whole = (text[: len(head)] + names).ljust(len(template), "<")
        return _classed(whole[: len(template)], template) if names else ""
    off = len(text) - len(template)
    if off:
        runs = sorted(re.finditer("<{2,}", text), key=lambda run: len(run[0]))
        if not runs or abs(off) > _OFF or len(runs[-1][0]) <= off:
            return ""
        start, end = runs[-1].span()
        text = text[:start] + "<" * (end - start - off) + text[end:]
    return _classed(text, template)


def _names(text: str) -> str:
    """Surname and forenames without the fillers behind them, which readers take for all kinds of letters."""
    found = _NAMES.match(text)
    if not found:
        return ""
    given = _LAST_FILLERS.sub("", found[2])
    return f"{found[1]}<<{given}" if given else ""


def _classed(text: str, template: str) -> str:
    made = []
    for char, kind in zip(text, template, strict=True):
        if kind == "D" and char != "<":
            char = char.translate(_DIGITS)  # noqa: PLW2901 - one character, put right
            if not char.isdigit():
                return ""
        elif kind in "LN" and char != "<":
            char = char.translate(_LETTERS)  # noqa: PLW2901
        elif kind == "*" and char not in "MFX<":
            char = "<"  # noqa: PLW2901
        made.append(char)
    return "".join(made)


def _variants(lines: list[str], kind: _Kind) -> Iterator[list[str]]:
    """The lines with fillers for letters that follow one, as they are, one doubtful character of the number changed.

    Not with two: the check digit over all repeats that of the number, and one digit lets every tenth guess pass.
    """
    row, first, last = kind.free
    line = lines[row]
    template = kind.lines[row]
    free = [index for index, of in enumerate(template) if of == "A" and not first <= index < last]
    start = next((index for index in free if line[index] == "<"), None)
    bases = [line]
    if start is not None:
        bases.append(
            "".join("<" if index in free and index > start and _FILLERS.match(char) else char
                    for index, char in enumerate(line))
        )  # fmt: skip
    bases = list(dict.fromkeys(reversed(bases)))  # K counts as much as a filler
    for base in bases:
        yield [*lines[:row], base, *lines[row + 1 :]]
    for base in bases:
        for index in range(first, last):
            if base[index] in _TWINS:
                other = base[:index] + _TWINS[base[index]] + base[index + 1 :]
                yield [*lines[:row], other, *lines[row + 1 :]]
