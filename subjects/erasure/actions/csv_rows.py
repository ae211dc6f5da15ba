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
        if any(not _stands(record, column, cut.text) for column, cut in wanted):
            raise CannotErase("something else stands there than was found")
        if any(cut.whole_row for _, cut in wanted):
            continue
        pieces.append(_emptied(raw, record, [column for column, _ in wanted], dialect) if wanted else raw)
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


def _stands(record: Sequence[str], column: int, text: str) -> bool:
    return 0 < column <= len(record) and text in record[column - 1]


def _emptied(raw: str, record: list[str], columns: Sequence[int], dialect: Dialect) -> str:
    """The record without what stands in these cells, in the same dialect, with the same line end."""
    end = raw[len(raw.rstrip("\r\n")) :]
    text = io.StringIO()
    writer = csv.writer(
        text, delimiter=dialect.delimiter, quotechar=dialect.quote, escapechar=dialect.escape or None,
        doublequote=not dialect.escape, lineterminator=end,
    )  # fmt: skip
    writer.writerow(["" if number in columns else cell for number, cell in enumerate(record, start=1)])
    return text.getvalue()
