"""Rows of cells go in; Columns under their headings, labelled form fields and stray lines come out."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from scanner.formats.text.prose import Prose
from scanner.model import Column, Location, Segment

Cells: TypeAlias = Sequence[tuple[int, str]]  # (column number from 1, text), empty cells left out

BLOCK_ROWS = 10_000
_BLOCK_CHARS = 4 * 1024 * 1024
_LOOK = 30  # rows that are looked at before the heading is chosen

# Words that stand in the headings and form fields of office tables.
_HEADINGS = (
    "account acct address age amount balance bic birth birthday bonus born building card city client code comment "
    "comments company contact cost country county currency customer date department dept description dob document "
    "donor due email emails employee employer end expiry family fax first forename from full gender given grade "
    "guardian house iban id identifier insurance ip item job key kin language last licence line mail manager member "
    "message middle mobile name names nationality next nhs ni nino no note notes number occupation office order org "
    "organisation organization owner parent partner passport password patient pay payment phone place position post "
    "postal postcode price product qty quantity reason ref reference region relationship remarks role salary school "
    "sex skype sort staff start state status street student subject supplier surname tax tel telephone time title to "
    "total town type url user username utr value vat volunteer ward website year zip"
)
_WORDS = frozenset(_HEADINGS.split())
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_DATA = re.compile(r"@|\d{3}|\d[./:-]\d|https?:|\n")


def is_label(text: str) -> bool:
    """Whether a text can be a heading or the name of a field: short, no digits to speak of, no address."""
    text = text.strip()
    return 0 < len(text) <= 60 and not _DATA.search(text) and any(char.isalpha() for char in text)


def is_known_label(text: str) -> bool:
    """Whether a text is one of the usual headings: at least half of its words are heading words."""
    if not is_label(text):
        return False
    words = [word.lower() for word in _WORD.findall(text.replace("e-mail", "email").replace("E-mail", "Email"))]
    return bool(words) and sum(word in _WORDS for word in words) * 2 >= len(words)


def _shape(text: str) -> str:
    """Coarse kind of a cell, to see that a heading differs from what stands below it."""
    if "@" in text:
        return "address"
    digits = sum(char.isdigit() for char in text)
    return "number" if digits * 2 >= len(text.replace(" ", "")) else "text"


def _differs(heading: Cells, below: Sequence[Cells]) -> bool:
    """Whether some column is text in the heading and numbers, dates or addresses in most rows below it."""
    for number, _ in heading:
        shapes = [_shape(text) for row in below for column, text in row if column == number]
        if shapes and sum(shape != "text" for shape in shapes) * 2 > len(shapes):
            return True
    return False


def _heading(rows: Sequence[tuple[int, Cells]]) -> int:
    """Index of the heading among the first rows, -1 when there is none."""
    wide = Counter(len(cells) for _, cells in rows)
    usual = max(wide, key=lambda width: (wide[width] * (width > 1), width), default=0)
    for index, (_, cells) in enumerate(rows[:-1]):
        texts = [text.strip() for _, text in cells]
        labels = sum(map(is_label, texts))
        if len(texts) * 10 < usual * 6 or len(set(texts)) < len(texts) or labels * 5 < len(texts) * 4:
            continue
        if sum(map(is_known_label, texts)) * 2 >= len(texts):
            return index
        if labels == len(texts) and _differs(cells, [below for _, below in rows[index + 1 :]]):
            return index
    return -1


def _is_form(rows: Sequence[tuple[int, Cells]]) -> bool:
    """Whether the rows are a form: a known field name first, one to three values behind it."""
    named = [cells for _, cells in rows if cells and is_known_label(cells[0][1].rstrip(" :"))]
    asked = all(cells[0][1].rstrip().endswith(":") for cells in named)
    return len(named) * 2 >= len(rows) + (not asked) and all(len(cells) <= 4 for _, cells in rows)


class Grid:
    """One table. Add its rows in order, then close it; every text comes out exactly once, headings as labels."""

    def __init__(self, table: Location, sure_heading: bool = False, loose: bool = False) -> None:
        """`sure_heading`: the first row is known to be the heading. `loose`: without a heading it is mere layout."""
        self._table = table
        self.sure_heading = sure_heading
        self._loose = loose
        self._waiting: list[tuple[int, Cells]] | None = []
        self._labels: dict[int, str] = {}
        self._unused: dict[int, Location] = {}  # where a heading stands that had nothing below it yet
        self._form = False
        self._values: dict[int, list[str]] = {}
        self._rows: dict[int, list[int]] = {}
        self._begun = 0
        self._last = 0
        self._chars = 0
        self._prose = Prose(table)

    def add(self, number: int, cells: Cells) -> Iterator[Column | Segment]:
        """Add the row with this number; gives blocks as they fill up."""
        cells = [cell for cell in cells if cell[1] and not cell[1].isspace()]
        if not cells:
            return
        if self._waiting is not None:
            self._waiting.append((number, cells))
            if len(self._waiting) >= _LOOK:
                yield from self._decide()
            return
        gap = self._last and number > self._last + 1
        if gap and len(cells) > 1 and all(is_known_label(text) for _, text in cells):
            # A second table below the first: its heading ends the columns above.
            yield from self._flush()
            yield from self._empty_headings()
            self._labels = {column: text.strip() for column, text in cells}
            self._unused = {column: self._table.then(row=number, col=column) for column, _ in cells}
            self._last = number
            return
        yield from self._take(number, cells)

    def close(self) -> Iterator[Column | Segment]:
        """Give all that is left."""
        yield from self._decide()
        yield from self._flush()
        yield from self._empty_headings()
        yield from self._prose.rest()

    def _empty_headings(self) -> Iterator[Segment]:
        """A heading without a column would be lost: it is text like any other."""
        for column, where in self._unused.items():
            if is_known_label(self._labels.get(column, "")):  # others were read as text already
                yield from self._prose.add(self._labels[column], where)
        self._unused = {}

    def _decide(self) -> Iterator[Column | Segment]:
        waiting, self._waiting = self._waiting or [], None
        if not waiting:
            return
        heading = 0 if self.sure_heading and len(waiting) > 1 else _heading(waiting)
        known = heading >= 0 and all(is_known_label(text) for _, text in waiting[heading][1])
        self._form = not known and not self.sure_heading and _is_form(waiting)
        heading = -1 if self._form else heading
        for index, (number, cells) in enumerate(waiting):
            if index < heading:
                for column, text in cells:
                    yield from self._prose.add(text, self._table.then(row=number, col=column))
            elif index == heading:
                # An unusual heading may be somebody's data after all: it becomes the label and is read as well.
                for column, text in cells:
                    if not is_known_label(text):
                        yield from self._prose.add(text, self._table.then(row=number, col=column))
                yield from self._prose.rest()
                # A label is printed in the report: nothing that looks like a value may become one.
                self._labels = {column: " ".join(text.split()) for column, text in cells if is_label(text)}
                self._unused = {column: self._table.then(row=number, col=column) for column, _ in cells}
                self._last = number
            else:
                yield from self._take(number, cells)

    def _take(self, number: int, cells: Cells) -> Iterator[Column | Segment]:
        self._last = number
        if self._form and len(cells) > 1 and is_label(name := cells[0][1].strip(" :")):
            for column, text in cells[1:]:
                yield Segment(text, self._table.then(row=number, col=column), label=name)
            if is_known_label(name):
                return
            cells = cells[:1]
        if self._loose and not self._labels:
            for column, text in cells:
                end = "\n" if column == cells[-1][0] else "\t"
                yield from self._prose.add(text, self._table.then(row=number, col=column), end)
            return
        if not self._begun:
            self._begun = number
        values, rows = self._values, self._rows
        for column, text in cells:
            if column not in values:
                values[column], rows[column] = [], []
            values[column].append(text)
            rows[column].append(number)
            self._chars += len(text)
        if number - self._begun >= BLOCK_ROWS - 1 or self._chars >= _BLOCK_CHARS:
            yield from self._flush()

    def _flush(self) -> Iterator[Column]:
        for column in sorted(self._values):
            values, rows = self._values[column], self._rows[column]
            straight = rows[-1] - rows[0] == len(rows) - 1
            self._unused.pop(column, None)
            yield Column(
                self._labels.get(column, ""),
                tuple(values),
                column,
                rows[0],
                self._table,
                () if straight else tuple(rows),
            )
        self._values, self._rows, self._begun, self._chars = {}, {}, 0, 0
