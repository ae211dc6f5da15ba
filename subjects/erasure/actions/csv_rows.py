"""A CSV goes in, the same without some rows and some cells comes out; rows that are not concerned keep every byte."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import IO

from scanner.dialect import SAMPLE, Dialect, sep_line
from scanner.formats.tables.tabular import choose_dialect
from scanner.model import Location
from subjects.erasure.actions import CannotErase, Cut, Cuts
from subjects.erasure.actions.occurrences import spliced
from subjects.erasure.actions.texts import decoded

_NOT_PLAIN = "its rows have broken quotation marks, so it is not sure where a row ends"


def rewrite(source: IO[bytes], target: IO[bytes], cuts: Cuts) -> None:
    """Leave out rows and empty cells; raises CannotErase when the file is not a plain table."""
    text, encode = decoded(source.read())
    dialect, _ = choose_dialect(text[:SAMPLE], len(text) < SAMPLE)
    by_row = _by_row(cuts.cuts)
    pieces = []
    # A line "sep=;" is the spreadsheet's own, and is not counted (scanner/formats/tables/tabular.py).
    first = 0 if sep_line(text.partition("\n")[0]) else 1
    for number, (raw, record) in enumerate(_records(text, dialect), start=first):
        wanted = by_row.pop(number, [])
        if any(not _stands(record, column, cut) for column, cut in wanted):
            raise CannotErase("something else stands there than was found")
        if any(cut.whole_row for _, cut in wanted):
            continue
        pieces.append(_changed(raw, record, wanted, dialect) if wanted else raw)
    if by_row:
        raise CannotErase("a row is not there any more")
    target.write(encode("".join(pieces)))


def _by_row(cuts: Sequence[Cut]) -> dict[int, list[tuple[int, Cut]]]:
    rows: Mapping[int, list[tuple[int, Cut]]] = defaultdict(list)
    for cut in cuts:
        steps = dict(Location.parse(cut.location).steps)
        if not (steps.get("row", "").isdigit() and steps.get("col", "").isdigit()):
            raise CannotErase("it is not told by row and column where the data stand")
        rows[int(steps["row"])].append((int(steps["col"]), cut))
    return dict(rows)


def _records(text: str, dialect: Dialect) -> Iterator[tuple[str, list[str]]]:
    """Each record as it is written, with its line end, and as cells."""
    if "\0" in text:
        raise CannotErase(_NOT_PLAIN)
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(
        iter(lines), delimiter=dialect.delimiter, quotechar=dialect.quote, escapechar=dialect.escape or None,
        skipinitialspace=dialect.spaced, strict=True,
    )  # fmt: skip
    done = 0
    try:
        for record in reader:
            yield "".join(lines[done : reader.line_num]), record
            done = reader.line_num
    except csv.Error as error:
        raise CannotErase(_NOT_PLAIN) from error


def _stands(record: Sequence[str], column: int, cut: Cut) -> bool:
    return 0 < column <= len(record) and cut.text in record[column - 1]


def _changed(raw: str, record: list[str], wanted: Sequence[tuple[int, Cut]], dialect: Dialect) -> str:
    """The record with other words in these cells, or nothing; the other cells keep their bytes, quotation marks too."""
    places = list(_cells(raw, dialect))
    if [_read(raw[start:end], dialect) for start, end in places] != record:
        raise CannotErase(_NOT_PLAIN)
    edits = []
    for column in {column for column, _ in wanted}:
        cell = record[column - 1]
        new = [(*_chars(cut, cell), cut.new) for number, cut in wanted if number == column and cut.new is not None]
        words = spliced(cell, new) if new else ""
        start, end = places[column - 1]
        edits.append((start, end, _written(words, raw[start:end], dialect)))
    return spliced(raw, edits)


def _chars(cut: Cut, cell: str) -> tuple[int, int]:
    first, _, last = dict(Location.parse(cut.location).steps).get("chars", "").partition("-")
    if not (first.isdigit() and last.isdigit()) or cell[int(first) : int(last)] != cut.text:
        raise CannotErase("something else stands there than was found")
    return int(first), int(last)


def _cells(raw: str, dialect: Dialect) -> Iterator[tuple[int, int]]:
    """Where each cell of a record stands, quotation marks included."""
    body = raw.rstrip("\r\n")
    start, at, inside = 0, 0, False
    while at < len(body):
        char = body[at]
        if dialect.escape and char == dialect.escape:
            at += 1
        elif char == dialect.quote and (inside or not body[start:at].strip(" " if dialect.spaced else "")):
            inside = not inside
        elif char == dialect.quote and body[at - 1] == dialect.quote:
            inside = True  # a doubled mark within a cell
        elif char == dialect.delimiter and not inside:
            yield start, at
            start = at + 1
        at += 1
    yield start, len(body)


def _read(cell: str, dialect: Dialect) -> str:
    rows = list(
        csv.reader(
            io.StringIO(cell, newline=""), delimiter=dialect.delimiter, quotechar=dialect.quote,
            escapechar=dialect.escape or None, skipinitialspace=dialect.spaced,
        )
    )  # fmt: skip
    return rows[0][0] if rows and rows[0] else ""


def _written(words: str, before: str, dialect: Dialect) -> str:
    """The words as the cell was written: in quotation marks when it was, or when they need them."""
    if not words:
        return ""
    text = io.StringIO()
    quoted = before.strip().startswith(dialect.quote)
    csv.writer(
        text, delimiter=dialect.delimiter, quotechar=dialect.quote, escapechar=dialect.escape or None,
        doublequote=not dialect.escape, lineterminator="", quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL,
    ).writerow([words])  # fmt: skip
    return text.getvalue()
