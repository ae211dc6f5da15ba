"""The beginning of a text goes in, the dialect of its table comes out, and whether it is a table at all."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SAMPLE = 16 * 1024
_RECORDS = 200
_DELIMITERS = ",;\t|"
_SEP_LINE = re.compile(r"\A\"?sep=(.)\"?\s*\Z", re.IGNORECASE)
_SINGLE_QUOTED = re.compile(r"(?:^|[,;\t|])'(?:[^'\n]|'')*'(?=[,;\t|\r\n]|\Z)", re.MULTILINE)
_ESCAPED_QUOTE = re.compile(r"[^\\,;\t|\r\n]\\\"(?![,;\t|\r\n]|\Z)")
_SPACED_QUOTE = re.compile(r"[,;\t|] +[\"']")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the records of a table are written; `escape` "" means that a quote is doubled.

    `spaced`: a space stands between a delimiter and a quote, and belongs to neither cell.
    """

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """What a dialect makes of a text: this share of the records has `width` cells."""

    dialect: Dialect
    records: int
    width: int
    share: float


def lines_of(sample: str, whole: bool) -> list[str]:
    """Lines of a sample, the last one left out where it may be cut."""
    lines = sample.replace("\0", "").splitlines(keepends=True)
    return lines if whole or len(lines) < 2 else lines[:-1]


def read_lenient(lines: Sequence[str], dialect: Dialect) -> Iterator[list[str]]:
    """Records of a sample, whatever is wrong with them."""
    reader = csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        escapechar=dialect.escape or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        skipinitialspace=dialect.spaced,
    )
    try:
        yield from reader
    except csv.Error:  # a cell above the field limit: the records before it are enough to see the shape
        return


def sep_line(line: str) -> str:
    """The delimiter when a line is Excel's `sep=;`, else ""."""
    found = _SEP_LINE.match(line.strip(" \r\n"))
    return found[1] if found else ""


def declared_delimiter(lines: Sequence[str]) -> str:
    """The delimiter that a `sep=;` line names, as Excel writes it; "" without one."""
    return next((found for line in lines[:20] if (found := sep_line(line))), "")


def shapes(sample: str, whole: bool) -> list[Shape]:
    """The shape under every usual delimiter, the best first."""
    lines = lines_of(sample, whole)[: _RECORDS * 2]
    text = "".join(lines)
    quote = "'" if '"' not in text and len(_SINGLE_QUOTED.findall(text)) > 1 else '"'
    escape = "\\" if _ESCAPED_QUOTE.search(text) and '""' not in text else ""
    spaced = bool(_SPACED_QUOTE.search(text))
    named = declared_delimiter(lines)
    found = []
    uncut: Counter[int] | None = None  # of any delimiter that does not occur
    for delimiter in named or _DELIMITERS:
        dialect = Dialect(delimiter, quote, escape, spaced)
        if uncut is None or delimiter in text:
            widths = Counter(len(record) for record in read_lenient(lines, dialect) if any(map(str.strip, record)))
            uncut = uncut if delimiter in text else widths
        else:
            widths = uncut
        records = sum(widths.values())
        if records:
            # Ties go to the wider reading: in "1,5;2,5" both delimiters are regular.
            width = max(widths, key=lambda cells: (widths[cells] if cells > 1 else 0, cells))
            found.append(Shape(dialect, records, width, widths[width] / records))
    return sorted(found, key=lambda shape: (shape.width > 1, round(shape.share, 1), shape.width), reverse=True)


def is_table(sample: str, whole: bool) -> bool:
    """Whether a text of unknown kind is clearly a table: regular records, and not sentences with commas."""
    lines = lines_of(sample, whole)
    if declared_delimiter(lines):
        return True
    for shape in shapes(sample, whole):
        if shape.records < 2 or shape.width < 2 or shape.share < 0.9:
            continue
        if shape.dialect.delimiter == "\t" or not _reads_like_prose(lines, shape):
            return True
    return False


def _reads_like_prose(lines: Sequence[str], shape: Shape) -> bool:
    """Sentences have a space behind each comma, and many words between two of them."""
    text = "".join(lines)
    delimiter = shape.dialect.delimiter
    total = text.count(delimiter)
    spaced = text.count(delimiter + " ")
    words = len(text.split()) / max(1, total + len(lines))
    wordy = words > 5
    few = shape.records < 3 and delimiter in ",|"
    return wordy or (spaced > total * 0.8 and shape.width < 4) or (few and spaced > 0)
