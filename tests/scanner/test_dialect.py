"""The dialect of a table, and telling tables from sentences."""

import pytest

from scanner.dialect import is_table, sep_line, shapes
from scanner.formats.tables.tabular import choose_dialect


@pytest.mark.parametrize(
    ("sample", "delimiter", "width"),
    [
        ("a,b,c\n1,2,3\n", ",", 3),
        ("a;b\n1,5;2,5\n3,5;4,5\n", ";", 2),
        ("a\tb\nx, y\tz\n", "\t", 2),
        ("Title\n\na|b|c\n1|2|3\n4|5|6\n7|8|9\n1|1|1\n", "|", 3),
        ("'a, b','c'\n'd','e'\n", ",", 2),
        ('"a", "b, c"\n"d", "e"\n', ",", 2),
        ("sep=;\na,b;c\n", ";", 2),
    ],
)
def test_delimiter_and_width(sample: str, delimiter: str, width: int) -> None:
    dialect, found = choose_dialect(sample, whole=True)
    assert (dialect.delimiter, found) == (delimiter, width)


def test_one_column_has_no_delimiter() -> None:
    dialect, width = choose_dialect("Ann\nBob\nCid\n", whole=True)
    assert width == 1
    assert dialect.delimiter not in "AnnBobCid\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name,mail\nAnn,a@x.example\nBob,b@x.example\n", True),
        ("Dear Ann, how are you?\nFine, thank you.\n", False),
        ("sep=;\na;b\n", True),
        ("just words\nand more words\n", False),
        ("", False),
    ],
)
def test_tables_and_sentences(text: str, expected: bool) -> None:
    assert is_table(text, whole=True) is expected


@pytest.mark.parametrize(("line", "expected"), [("sep=;\r\n", ";"), ('"SEP=|"', "|"), ("sep=\t\n", "\t"), ("sep", "")])
def test_sep_lines(line: str, expected: str) -> None:
    assert sep_line(line) == expected


def test_shapes_of_nothing() -> None:
    assert shapes("", whole=True) == []
