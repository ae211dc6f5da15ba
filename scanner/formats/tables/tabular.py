"""CSV and TSV in any dialect go in, Columns with spreadsheet row numbers and the prose above them come out."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import chain
from typing import IO, TypeAlias

from scanner.dialect import SAMPLE, Dialect, declared_delimiter, lines_of, read_lenient, sep_line, shapes
from scanner.encoding import decode_places
from scanner.formats.tables.blocks import blocks_of
from scanner.formats.tables.grid import is_known_label, is_label
from scanner.formats.text.prose import Prose
from scanner.limits import Budget
from scanner.model import Cut, Location, Lost, Part, Place, Reason, Segment
from scanner.text_places import TextPlaces, text_from

Row: TypeAlias = list[str]

_BATCH_CHARS = 1024 * 1024
_RECORD_CHARS = 1024 * 1024  # a quoted cell that does not end within this much is a quote that was never closed
_LINE_CHARS = 8 * 1024 * 1024  # a longer line is cut
_AHEAD_CHARS = 64 * 1024  # how far the end of a badly quoted record is looked for ...
_MOST_LOOKS = 1_000  # ... and how often: without a bound, bad quotes on every line would cost quadratic time
_MOST_COLUMNS = 16_384  # Excel's limit; what stands behind it stays together in one cell
_PREAMBLE_ROWS = 30
_LOOK = 130  # rows that are looked at before the heading is chosen
_CLEVER = "scanner.formats.tables.clever"
_CLEVER_CHARS = 8 * 1024  # clevercsv's time grows faster than its sample
_NO_DELIMITER = "\x1f"  # a table of one column
_IDENTIFIER = re.compile(r"[A-Za-z]\w*")
_COMPOUND = re.compile(r"_|[a-z][A-Z]|\d$")
_TITLE = re.compile(r"[A-Za-z][\w .:/()\[\]-]{0,58}")


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:  # noqa: ARG001 - a format's signature
    """Read a table batch by batch. Rows are counted as a spreadsheet counts them: the heading is one, too."""
    yield from _parts(*_from_the_start(stream))


def extract_from(stream: IO[bytes], budget: Budget, place: Place) -> Iterator[Part]:  # noqa: ARG001
    """The same from one of its cuts on; dialect and labels stand at the beginning of the stream."""
    first, batches = _from_the_start(stream)
    labels = _layout(next(batches, [])[:_LOOK], first.width).labels
    records = _Records(first.dialect, first.width)
    yield from _parts(records, records.read_from(stream, place[1:]), int(place[0]), labels)


def _from_the_start(stream: IO[bytes]) -> tuple["_Records", Iterator[list[Row]]]:
    stream.seek(0)
    pieces = decode_places(stream)
    opening: list[tuple[str, Place]] = []
    sample = ""
    for piece in pieces:
        opening.append(piece)
        sample += piece[0]
        if len(sample) >= SAMPLE:
            break
    dialect, width = choose_dialect(sample[:SAMPLE], len(sample) < SAMPLE)
    first = sample.partition("\n")[0]
    # A spreadsheet takes a line "sep=;" for itself and counts from the next one.
    passed = len(first.replace("\0", "")) + ("\n" in sample) if sep_line(first) else 0
    records = _Records(dialect, width)
    return records, records.read(_without_zeros(chain(opening, pieces), passed))


def _without_zeros(pieces: Iterable[tuple[str, Place]], passed: int) -> Iterator[tuple[str, Place, int]]:
    for piece, place in pieces:
        text = piece.replace("\0", "")
        skip = min(passed, len(text))
        passed -= skip
        yield text[skip:], place, skip


def _parts(
    records: "_Records", batches: Iterator[list[Row]], number: int = 1, labels: dict[int, str] | None = None
) -> Iterator[Part]:
    """What stands in the rows from this number on; without labels they begin with the heading and what is above it."""
    for rows in batches:
        if labels is None:
            layout = _layout(rows[:_LOOK], records.width)
            yield from _above(rows, layout)
            labels = layout.labels
            del rows[: layout.first]
            number += layout.first
        yield from blocks_of(_narrow(rows), number, labels)
        number += len(rows)
        if records.place:
            yield Cut((number, *records.place), int(records.place[5]))
    if records.broken:
        yield Lost("", Reason.DAMAGED, records.complaint())


def choose_dialect(sample: str, whole: bool) -> tuple[Dialect, int]:
    """Dialect and usual width: our own reading when it is plain; when it is not, clevercsv names the delimiter.

    clevercsv alone errs on cut samples, on zero bytes and on quotes, and needs long.
    """
    lines = lines_of(sample, whole)
    found = shapes(sample, whole)
    best = found[0] if found else None
    rival = max((other.share for other in found[1:] if other.width > 1), default=0.0)
    if best and best.width > 1 and (declared_delimiter(lines) or (best.share >= 0.95 and rival < 0.95)):
        return best.dialect, best.width
    delimiter = str(import_module(_CLEVER).sniff("".join(lines)[:_CLEVER_CHARS]))
    if delimiter and found:
        clever = replace(found[0].dialect, delimiter=delimiter)
        return clever, _usual_width(list(read_lenient(lines, clever)))
    if best and best.width > 1 and best.share >= 0.5:
        return best.dialect, best.width
    return Dialect(_NO_DELIMITER), 1


def _usual_width(rows: Sequence[Row]) -> int:
    widths = [len(row) for row in rows if any(map(str.strip, row))]
    return max(set(widths), key=lambda width: (widths.count(width) * (width > 1), width), default=1)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Number of rows before the values, the index of the heading (-1 = none), and its labels by column."""

    first: int
    heading: int
    labels: dict[int, str]


def _layout(rows: Sequence[Row], width: int) -> _Layout:
    start = _first_row(rows, width)
    if start < len(rows) - 1 and _is_heading(rows[start], rows[start + 1 :]):
        # A label is printed in the report: nothing that looks like a value may become one.
        named = {number: " ".join(cell.split()) for number, cell in enumerate(rows[start], 1) if _may_label(cell)}
        return _Layout(start + 1, start, named)
    return _Layout(start, -1, {})


def _first_row(rows: Sequence[Row], width: int) -> int:
    """Index of the first record of the table itself: the records above it are narrower or mostly empty."""
    for index, row in enumerate(rows[:_PREAMBLE_ROWS]):
        filled = sum(bool(cell.strip()) for cell in row)
        if filled and len(row) >= width and (filled * 2 >= width or filled > 2):
            return index
    return 0


def _is_heading(row: Row, below: Sequence[Row]) -> bool:
    """Whether a record names the columns: distinct labels, usual words, or another kind of content than below them."""
    cells = [cell.strip() for cell in row]
    texts = [cell for cell in cells if cell]
    if not texts or len(set(texts)) < len(texts) or sum(map(_may_label, texts)) * 5 < len(texts) * 4:
        return False
    if sum(map(is_known_label, texts)) * 2 >= len(texts):
        return True
    if not all(map(_may_label, texts)):
        return False
    for number, cell in enumerate(cells):
        values = [line[number].strip() for line in below if number < len(line) and line[number].strip()]
        if cell and values and sum(not is_label(value) for value in values) * 2 > len(values):
            return True
    # All of it is text, above and below: names of fields are identifiers, names of people mostly are not.
    return all(map(_IDENTIFIER.fullmatch, texts)) and any(map(_COMPOUND.search, texts))


def _may_label(text: str) -> bool:
    text = text.strip()
    return is_label(text) or ("@" not in text and bool(_TITLE.fullmatch(text)) and sum(map(str.isdigit, text)) < 5)


def _above(rows: Sequence[Row], layout: _Layout) -> Iterator[Segment]:
    """What stands above the values. An unusual heading may be somebody's data after all: it is read as well."""
    prose = Prose()
    for index, row in enumerate(rows[: layout.first]):
        for column, text in enumerate(row, 1):
            if index != layout.heading or not is_known_label(text):
                yield from prose.add(text, Location.of(row=index + 1, col=column))
    yield from prose.rest()


def _narrow(rows: list[Row]) -> list[Row]:
    """Rows of at most the columns that a spreadsheet has: what stands behind the last of them joins it."""
    if max(map(len, rows), default=0) <= _MOST_COLUMNS:
        return rows
    last = _MOST_COLUMNS - 1
    return [row if len(row) <= last else [*row[:last], " ".join(row[last:])] for row in rows]


class _Records:
    """Splits text into records. Bad quoting costs the records that it stands in, and the rest is still read."""

    def __init__(self, dialect: Dialect, width: int) -> None:
        self.dialect = dialect
        self.width = width
        self.place: Place = ()  # where the next batch begins, with all that was counted; () = there is none
        self._enough = _BATCH_CHARS
        self._count = 0  # records given so far
        self._looks = 0
        self._cell = _lenient_cell(dialect)
        self.broken = 0
        self._first_broken = 0

    def complaint(self) -> str:
        """What was wrong, for the report."""
        rows = "row has" if self.broken == 1 else "rows have"
        where = f"row {self._first_broken}" if self.broken == 1 else f"the first is row {self._first_broken}"
        return f"{self.broken} {rows} broken quotation marks, their cells may have moved ({where})"

    def read(self, pieces: Iterable[tuple[str, Place, int]]) -> Iterator[list[Row]]:
        """Batches of records; memory does not depend on the size of the text."""
        waiting, places = "", TextPlaces()
        for text, place, passed in pieces:
            waiting += text
            places.add(place, passed, len(text))
            if len(waiting) >= self._enough:
                rows, waiting = self._take(waiting, last=False)
                self._enough = len(waiting) + _BATCH_CHARS
                self._count += len(rows)
                counted = (self._enough, self._count, self._looks, self.broken, self._first_broken)
                self.place = (*counted, *places.used_up(len(waiting)))
                if rows:
                    yield rows
        rows, _ = self._take(waiting, last=True)
        self._count += len(rows)
        self.place = ()
        if rows:
            yield rows

    def read_from(self, stream: IO[bytes], place: Place) -> Iterator[list[Row]]:
        """The batch at this place, and all that follow."""
        counted = [int(number) for number in place[:5]]
        self._enough, self._count, self._looks, self.broken, self._first_broken = counted
        return self.read(text_from(stream, place[5:], without="\0"))

    def _take(self, text: str, last: bool) -> tuple[list[Row], str]:
        """Records of a text, and what is left of it: an unfinished record."""
        lines = list(io.StringIO(text, newline=""))
        tail = ""
        if not last and len(lines[-1]) < _LINE_CHARS:
            tail = lines.pop()  # it may go on, and a CR at its end may be half of a CRLF
        rows: list[Row] = []
        at = 0
        while at < len(lines):
            at, error = self._read_strict(lines, at, rows)
            if not error:
                break
            if not last and error.startswith("unexpected end") and sum(map(len, lines[at:])) < _RECORD_CHARS:
                break  # a quoted cell that goes on in the next batch
            row, used, fine = self._repair(lines, at, "field larger" in error)
            rows.append(row)
            at += used
            if not fine:
                self.broken += 1
                self._first_broken = self._first_broken or self._count + len(rows)
        return rows, "".join(lines[at:]) + tail

    def _read_strict(self, lines: list[str], at: int, rows: list[Row]) -> tuple[int, str]:
        """Append well-formed records; gives the line behind the last of them and the error that ended the reading."""
        reader = csv.reader(
            map(lines.__getitem__, range(at, len(lines))),
            delimiter=self.dialect.delimiter,
            quotechar=self.dialect.quote,
            escapechar=self.dialect.escape or None,
            skipinitialspace=self.dialect.spaced,
            strict=True,
        )
        done = 0
        try:
            for row in reader:
                rows.append(row)
                done = reader.line_num
        except csv.Error as error:
            return at + done, str(error)
        return len(lines), ""

    def _repair(self, lines: list[str], at: int, long: bool) -> tuple[Row, int, bool]:
        """Read one badly quoted record: its cells, the lines it has, and whether they look right all the same."""
        within = self._lenient(lines[at])
        if within:
            row = within[0]
            return row, 1, len(row) == self.width or long
        quote = self.dialect.quote
        plain = [cell.strip().strip(quote) for cell in lines[at].rstrip("\r\n").split(self.dialect.delimiter)]
        # A quote was forgotten when this line and the next are whole rows; else the cell may go on in the next line.
        following = lines[at + 1].count(self.dialect.delimiter) + 1 if at + 1 < len(lines) else self.width
        alone = len(plain) == self.width == following
        if not alone and self._looks < _MOST_LOOKS:
            self._looks += 20 if long else 1
            ahead = _first_lines(lines, at, _RECORD_CHARS if long else _AHEAD_CHARS)
            across = self._lenient("".join(ahead))
            if across and (len(across[0]) == self.width or self.width == 1):
                return across[0], _lines_within(ahead, across[1]), True
        return plain, 1, False

    def _lenient(self, text: str) -> tuple[Row, int] | None:
        """The first record of a text and where it ends; a quote that no delimiter follows is content. None: no end."""
        row: Row = []
        at = 0
        quote, escape = self.dialect.quote, self.dialect.escape
        while cell := self._cell.match(text, at):
            quoted, plain = cell.groups()
            if quoted is None:
                if plain.lstrip(" ").startswith(quote):
                    return None
                row.append(plain)
            else:
                row.append(quoted.replace(quote * 2, quote) if not escape else re.sub(r"\\(.)", r"\1", quoted))
            at = cell.end()
            if not text.startswith(self.dialect.delimiter, at):
                return row, at
            at += 1
        return None


def _lenient_cell(dialect: Dialect) -> re.Pattern[str]:
    quote, delimiter = re.escape(dialect.quote), re.escape(dialect.delimiter)
    end = rf"[ ]*+(?:{delimiter}|[\r\n]|\Z)"
    escaped, class_escape = (r"\\.|", r"\\") if dialect.escape else ("", "")
    # The way that always fails is there for old Pythons: see scanner/formats/dumps/sqldump_values.py.
    content = rf"(?:[^{quote}{class_escape}]++|{escaped}{quote}{quote}(?!{end})|{quote}(?!{end})|(?!))*+"
    return re.compile(rf"[ ]*+{quote}({content}){quote}(?={end})[ ]*+|([^{delimiter}\r\n]*+)", re.DOTALL)


def _first_lines(lines: list[str], at: int, most: int) -> list[str]:
    found: list[str] = []
    size = 0
    while at < len(lines) and size < most:
        found.append(lines[at])
        size += len(lines[at])
        at += 1
    return found


def _lines_within(lines: list[str], end: int) -> int:
    """How many lines it takes to reach a character."""
    reached = 0
    for number, line in enumerate(lines, 1):
        reached += len(line)
        if reached > end:
            return number
    return len(lines)
