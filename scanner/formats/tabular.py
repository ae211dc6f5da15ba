"""CSV and TSV in any dialect go in, Columns of text with absolute row numbers come out, and prose that stands above."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from typing import IO

import clevercsv

from scanner.dialect import SAMPLE, Dialect, Shape, declared_delimiter, lines_of, read_lenient, shapes
from scanner.encoding import decode_stream
from scanner.formats.grid import is_known_label, is_label
from scanner.limits import Budget
from scanner.model import Column, Location, Lost, Part, Piece, Reason, Segment

BLOCK_ROWS = 10_000
_BLOCK_CELLS = 1_000_000
_BLOCK_CHARS = 4 * 1024 * 1024
_BATCH_CHARS = 1024 * 1024
_RECORD_CHARS = 1024 * 1024  # a quoted cell that does not end within this much is a quote that was never closed
_LINE_CHARS = 8 * 1024 * 1024
_MOST_COLUMNS = 16_384  # Excel's limit
_MOST_REPAIRS = 16  # quotes found open, each at the cost of reading on for _RECORD_CHARS; then quotes mean nothing
_PREAMBLE_ROWS = 30
_NO_DELIMITER = "\x1f"  # a table of one column
_UNCLOSED = "a quotation mark is opened and not closed: check the rows around it, their cells may have moved"
_ENDS = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")

Row = list[str]


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:  # noqa: ARG001 - a format's signature
    """Read a table record by record. Rows are counted as a spreadsheet counts them: the heading is one, too."""
    chunks = decode_stream(stream)
    sample = ""
    for chunk in chunks:
        sample += chunk
        if len(sample) >= SAMPLE:
            break
    whole = len(sample) < SAMPLE
    if not sample.strip("\0\ufeff \r\n"):
        return
    layout = _layout(sample[:SAMPLE], whole)
    table = _Table(layout)
    for rows in _records(_lines(chain([sample], chunks)), layout.dialect):
        if isinstance(rows, Lost):
            yield from table.flush()
            yield rows
        else:
            for row in rows:
                yield from table.add(row)
    yield from table.flush()


@dataclass(frozen=True, slots=True)
class _Layout:
    """Dialect, number of records before the heading, and the labels ("" = no heading)."""

    dialect: Dialect
    preamble: int = 0
    labels: tuple[str, ...] = ()


def _layout(sample: str, whole: bool) -> _Layout:
    dialect, width = _dialect(sample, whole)
    rows = list(read_lenient(lines_of(sample, whole), dialect))
    first = _first_row(rows, width)
    if first < len(rows) and _is_heading(rows[first], rows[first + 1 : first + 100]):
        return _Layout(dialect, first, tuple(" ".join(cell.split())[:200] for cell in rows[first]))
    return _Layout(dialect, first)


def _dialect(sample: str, whole: bool) -> tuple[Dialect, int]:
    """Our own reading when it is plain, clevercsv's when it is not; clevercsv alone errs on cut samples and NULs."""
    best, *others = [*shapes(sample, whole), Shape(Dialect(), 0, 1, 0.0)]
    rival = max((other.share * (other.width > 1) for other in others), default=0.0)
    if best.width > 1 and (best.share >= 0.95 or declared_delimiter(lines_of(sample, whole))) and rival < 0.95:
        return best.dialect, best.width
    text = "".join(lines_of(sample, whole))
    try:
        found = clevercsv.Sniffer().sniff(text, verbose=False)
    except clevercsv.Error:
        found = None
    if found is not None and len(found.delimiter) == 1 and not (found.delimiter.isalnum() or found.delimiter in "@.-_'\""):
        quote = found.quotechar or '"'  # a quote that the sample does not use may come later
        dialect = Dialect(found.delimiter, quote if quote in "\"'" else '"', found.escapechar or "")
        if dialect.delimiter != " ":
            return dialect, _usual_width(list(read_lenient(lines_of(sample, whole), dialect)))
    if best.width > 1 and best.share >= 0.5:
        return best.dialect, best.width
    return Dialect(_NO_DELIMITER), 1


def _usual_width(rows: list[Row]) -> int:
    widths = [len(row) for row in rows if any(map(str.strip, row))]
    return max(set(widths), key=lambda width: (widths.count(width) * (width > 1), width), default=1)


def _first_row(rows: list[Row], width: int) -> int:
    """Index of the first record of the table itself: the records above it are narrower."""
    for index, row in enumerate(rows[:_PREAMBLE_ROWS]):
        filled = sum(bool(cell.strip()) for cell in row)
        if filled and len(row) >= width and (filled * 2 >= width or filled > 2):
            return index
    return 0


def _is_heading(row: Row, below: list[Row]) -> bool:
    """Whether a record names the columns: distinct labels, usual words, or another kind of content than below them."""
    cells = [cell.strip() for cell in row]
    texts = [cell for cell in cells if cell]
    if not texts or len(set(texts)) < len(texts) or not all(len(text) <= 120 and _may_label(text) for text in texts):
        return False
    if sum(map(is_known_label, texts)) * 2 >= len(texts):
        return True
    for number, cell in enumerate(cells):
        values = [line[number].strip() for line in below if number < len(line) and line[number].strip()]
        if cell and values and sum(not is_label(value) for value in values) * 2 > len(values):
            return True
    # All of it is text, above and below: names of fields have no spaces, names of people mostly do.
    return bool(below) and all(re.fullmatch(r"[A-Za-z]+[_A-Za-z0-9.]*\d*", text) for text in texts) and len(texts) > 1


def _may_label(text: str) -> bool:
    return is_label(text) or bool(re.fullmatch(r"[A-Za-z][\w .:/()\[\]-]{0,58}", text) and "@" not in text)


def _lines(chunks: Iterator[str]) -> Iterator[str]:
    """Physical lines with their ends; one that is longer than any table's is cut."""
    rest = ""
    for chunk in chunks:
        text = rest + chunk
        found = [line for line in _ENDS.findall(text) if line]
        # The last line may go on in the next chunk, and a CR may be half of a CRLF.
        rest = found.pop() if found else ""
        yield from found
        if len(rest) > _LINE_CHARS:
            yield rest
            rest = ""
    if rest:
        yield rest


def _records(lines: Iterator[str], dialect: Dialect) -> Iterator[list[Row] | Lost]:
    """Batches of records. A record that breaks the quoting is read as one plain line, and reading goes on behind it."""
    repairs = 0
    waiting: list[str] = []
    more = True
    while more or waiting:
        more = _fill(waiting, lines) if more else False
        rows, done, error = _read(waiting, dialect if repairs < _MOST_REPAIRS else None)
        if repairs >= _MOST_REPAIRS:
            rows, done, error = [_plain(line, dialect) for line in waiting], len(waiting), ""
        yield rows
        waiting = waiting[done:]
        if not error:
            continue
        open_end = "unexpected end" in error
        if open_end and more and sum(map(len, waiting)) < _RECORD_CHARS:
            continue  # a quoted cell that goes on in the next batch
        yield [_plain(waiting[0], dialect)]
        if "unexpected end" in _read(waiting[:1], dialect)[2]:
            repairs += 1
            yield Lost("", Reason.DAMAGED, _UNCLOSED)
        waiting = waiting[1:]
