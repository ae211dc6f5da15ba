"""One sheet of a workbook and cuts in its cells go in, its XML without them comes out; nothing else of it changes."""

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from subjects.erasure.actions import ERASED, CannotErase, Cut
from subjects.erasure.actions.occurrences import Edit, spliced
from subjects.erasure.actions.zipped.xml_text import Element, elements, escaped, readables

Cell: TypeAlias = tuple[int, int]  # row and column, from 1
_REFERENCE = re.compile(r"([A-Z]+)([0-9]+)")
_TYPE = re.compile(r"\st\s*=\s*(?:\"[^\"]*\"|'[^']*')")


class Shared:
    """The strings that cells share, and which are in use."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._entries = list(elements(text, frozenset({"si"}))) if text else []
        self._before: set[int] = set()
        self._used: set[int] = set()

    def string(self, number: int) -> str:
        """What stands in an entry, without the reading aids of Japanese (rPh)."""
        if not 0 <= number < len(self._entries):
            raise CannotErase("it is damaged: a cell names a text that is not there")
        self._before.add(number)
        entry = self._entries[number]
        return _read(self._text[entry.start : entry.end])

    def use(self, sheet: str) -> None:
        """Note which strings the cells of a sheet use."""
        for cell in elements(sheet, frozenset({"c"})):
            if cell.attributes.get("t") == "s":
                self._used.add(_number(sheet, cell))

    def without_unused(self) -> str:
        """The part with those emptied that were taken out of cells and that no cell uses now; "" = none."""
        gone = self._before - self._used
        edits: list[Edit] = [
            (self._entries[number].start, self._entries[number].end, _emptied(self._text, self._entries[number]))
            for number in gone
        ]
        return spliced(self._text, edits) if edits else ""


def changed_sheet(text: str, cuts: Mapping[Cell, Sequence[Cut]], shared: Shared) -> str:
    """The sheet without these rows and cells; raises CannotErase when something else stands there."""
    rows = {row for (row, _), mine in cuts.items() if any(cut.whole_row for cut in mine)}
    edits: list[Edit] = []
    met: set[Cell] = set()
    number, column = 0, 0
    found = sorted(elements(text, frozenset({"row", "c"})), key=lambda one: (one.start, -one.end))
    for one in found:
        if one.name == "row":
            number, column = int(one.attributes.get("r") or number + 1), 0
            continue
        place = _REFERENCE.fullmatch(one.attributes.get("r", ""))
        column = _column(place[1]) if place else column + 1
        cell = (int(place[2]) if place else number, column)
        if cell in cuts or cell[0] in rows:
            edits.append((one.start, one.end, _changed(text, one, cuts.get(cell, ()), cell[0] in rows, shared)))
            met.add(cell)
    if set(cuts) - met:
        raise CannotErase("a cell is not there any more")
    return spliced(text, edits)


def _changed(text: str, cell: Element, cuts: Sequence[Cut], goes: bool, shared: Shared) -> str:
    inner = text[cell.start : cell.end]
    if any(True for _ in elements(inner, frozenset({"f"}))):
        raise CannotErase("a formula makes the value")
    kind = cell.attributes.get("t", "n")
    value = shared.string(_number(text, cell)) if kind == "s" else _read(inner)
    end = inner.index(">")
    head = inner[:end].rstrip("/").rstrip()
    bare = _TYPE.sub("", head)
    new = [cut for cut in cuts if cut.new is not None]
    if goes or (kind not in {"s", "str", "inlineStr"} and not new):
        if kind in {"s", "str", "inlineStr"} and any(cut.text not in value for cut in cuts):
            raise CannotErase("something else stands there than was found")
        return f"{bare}/>"
    edits: list[Edit] = []
    for cut in cuts:
        at = _at(cut, value)
        edits.append((at, at + len(cut.text), cut.words))
    words = spliced(value, edits)
    if kind == "n" and re.fullmatch(r"[1-9][0-9]{0,14}", words):
        prefix = inner[1:].partition("c")[0]
        return f"{head}><{prefix}v>{words}</{prefix}v></{prefix}c>"
    if words == ERASED or not words:
        return f"{bare}/>"
    space = inner[1:].partition("c")[0]
    said = f'<{space}is><{space}t xml:space="preserve">{escaped(words)}</{space}t></{space}is>'
    return f'{bare} t="inlineStr">{said}</{space}c>'


def _at(cut: Cut, value: str) -> int:
    first = cut.location.rpartition("chars=")[2].partition("-")[0]
    at = int(first) if first.isdigit() else -1
    if value[at : at + len(cut.text)] == cut.text:
        return at
    if value.count(cut.text) == 1:
        return value.index(cut.text)
    raise CannotErase("something else stands there than was found")


def _read(piece: str) -> str:
    """The text of a cell or of a shared string."""
    phonetic = [(one.start, one.end) for one in elements(piece, frozenset({"rPh"}))]
    return "".join(
        one.text
        for one in readables(piece)
        if one.spans and piece[one.spans[0][0] - 1] == ">" and not any(a <= one.spans[0][0] < b for a, b in phonetic)
    )


def _number(text: str, cell: Element) -> int:
    value = _read(text[cell.start : cell.end]).strip()
    if not value.isdigit():
        raise CannotErase("it is damaged: a cell names a text that is not there")
    return int(value)


def _emptied(text: str, entry: Element) -> str:
    name = text[entry.start + 1 : entry.end].partition("si")[0]
    return f"<{name}si><{name}t/></{name}si>"


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
