"""JSON or JSON lines go in, the same without some records and values comes out; all else keeps every byte.

Indentation, order of keys, escapes, a BOM and line ends outside of what is taken out stay as they are.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

from scanner.model import Location
from subjects.erasure.actions import CannotErase, Cut, Cuts
from subjects.erasure.actions.occurrences import Edit, Occurrences, Readable, smallest, spliced
from subjects.erasure.actions.texts import decoded

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|-?[0-9][0-9.eE+-]*|true|false|null|[ \t\r\n\x1e\ufeff]+', re.DOTALL)
_CHAR = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL)


@dataclass(slots=True)
class _Tree:
    """A document taken apart: its scalars, and the objects that are members of an array or stand alone."""

    strings: list[tuple[int, int]] = field(default_factory=list)
    numbers: list[tuple[int, int]] = field(default_factory=list)
    members: list[tuple[int, int]] = field(default_factory=list)


def rewrite(source: IO[bytes], target: IO[bytes], cuts: Cuts) -> None:
    """Take out records and values; raises CannotErase when it is not plain JSON, or not sure what is meant."""
    text, encode = decoded(source.read())
    tree = _taken_apart(text)
    gone = list(_records(text, tree, cuts.cuts))
    rest = [cut for cut in cuts.cuts if not cut.whole_row]
    inside = [(start, end) for start, end in gone]
    edits = [_removed(text, start, end) for start, end in gone]
    seen = Occurrences(rest)
    escaped = _escaper(text)
    for start, end in tree.strings:
        if not any(left <= start and end <= right for left, right in inside):
            edits += seen.edits(_readable(text, start, end), escaped)
    for start, end in tree.numbers:
        number = Readable(text[start:end], [(start, end)] * (end - start))
        if not any(left <= start and end <= right for left, right in inside):
            # A number has no room for words: it goes as a whole.
            edits += [(start, end, _number(words)) for _, _, words in seen.edits(number, lambda words: words)]
    seen.check()
    changed = spliced(text, edits)
    _taken_apart(changed)
    target.write(encode(changed))


def _taken_apart(text: str) -> _Tree:
    """Where everything stands. A stack of our own: depth must not matter."""
    tree, opened, done = _Tree(), list[tuple[str, int]](), 0
    for token in _TOKEN.finditer(text):
        if token.start() != done:
            break
        done = token.end()
        sign = token[0][0]
        if sign == '"':
            tree.strings.append(token.span())
        elif sign in "-0123456789":
            tree.numbers.append(token.span())
        elif sign in "{[":
            opened.append((sign, token.start()))
        elif sign in "}]":
            if not opened or opened[-1][0] != {"}": "{", "]": "["}[sign]:
                break
            kind, start = opened.pop()
            if kind == "{" or (opened and opened[-1][0] == "["):
                tree.members.append((start, done))
    if done != len(text) or opened:
        raise CannotErase("it is not valid JSON, so it is not sure where a value ends")
    return tree


def _records(text: str, tree: _Tree, cuts: Sequence[Cut]) -> Iterator[tuple[int, int]]:
    """The object of each row that goes: the innermost that holds all that was found of it."""
    rows: dict[str, list[Cut]] = defaultdict(list)
    for cut in cuts:
        if cut.whole_row:
            rows[cut.location.partition(";col=")[0]].append(cut)
    areas = [(*span, _read(text, tree, *span)) for span in tree.members] if rows else []
    for place, mine in rows.items():
        number = int(dict(Location.parse(place).steps).get("row") or 0)
        fit = smallest(areas, {cut.text for cut in mine})
        if len(fit) > 1:  # two records of one person, say: the row number tells which
            fit = [span for span in fit if _row(text, tree, span) == number]
        if len(fit) != 1:
            raise CannotErase("it is not sure which record of it is meant")
        yield fit[0]


def _read(text: str, tree: _Tree, start: int, end: int) -> str:
    inside = [span for span in (*tree.strings, *tree.numbers) if start <= span[0] and span[1] <= end]
    return "\n".join(
        _readable(text, *span).text if text[span[0]] == '"' else text[slice(*span)] for span in sorted(inside)
    )


def _row(text: str, tree: _Tree, span: tuple[int, int]) -> int:
    """The how manieth member of its array this is; of JSON lines, the number of its line."""
    around = [one for one in tree.members if one[0] < span[0] and span[1] <= one[1]]
    before = text[: span[0]].rstrip()
    if not around and not before.endswith((",", "[")):
        return text.count("\n", 0, span[0]) + 1
    siblings = [
        one
        for one in tree.members
        if one[1] <= span[0] and [other for other in tree.members if other[0] < one[0] and one[1] <= other[1]] == around
    ]
    return len(siblings) + 1


def _removed(text: str, start: int, end: int) -> Edit:
    """The object with the comma and the space that belong to it; a line of its own goes with its line end."""
    before, after = text[:start], text[end:]
    space = len(after) - len(after.lstrip(" \t\r\n"))
    if after[space : space + 1] == ",":
        rest = after[space + 1 :]
        return start, end + space + 1 + len(rest) - len(rest.lstrip(" \t\r\n")), ""
    stripped = before.rstrip(" \t\r\n")
    if stripped.endswith(","):
        return len(stripped) - 1, end, ""
    if stripped.endswith(":"):
        return start, end, "null"
    if stripped.endswith("["):
        return start, end, ""
    line = len(before.rstrip(" \t"))
    return line, end + len(after) - len(after.lstrip(" \t\r").removeprefix("\n")), ""


def _readable(text: str, start: int, end: int) -> Readable:
    readable = Readable()
    for char in _CHAR.finditer(text, start + 1, end - 1):
        readable.add(json.loads(f'"{char[0]}"', strict=False), *char.span())
    return readable


def _escaper(text: str) -> Callable[[str], str]:
    """Escapes as the document has them: beyond ASCII only where it writes such characters itself."""
    plain = text.isascii() and "\\u" in text
    return lambda words: json.dumps(words, ensure_ascii=plain)[1:-1]


def _number(words: str) -> str:
    return words if re.fullmatch(r"[1-9][0-9]{0,17}", words) else "null"
