"""CSV and TSV: every dialect, spreadsheet row numbers, text kept as text, broken quotes, bounded time and memory."""

import io
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.formats.tables.tabular import extract
from scanner.limits import Budget, Limits
from scanner.model import Column, Location, Lost, Part, Reason, Segment


def parts(data: bytes) -> list[Part]:
    return list(extract(io.BytesIO(data), Budget(Limits(), len(data))))


def cells(found: list[Part]) -> dict[tuple[int, int], str]:
    """(row, column) -> value."""
    return {
        (part.row(index), part.number): value
        for part in found
        if isinstance(part, Column)
        for index, value in enumerate(part.values)
        if value
    }


def labels(found: list[Part]) -> dict[int, str]:
    return {part.number: part.label for part in found if isinstance(part, Column)}


HEADED = [["name", "email", "phone"], ["Ann Lee", "ann@x.example", "07700900123"], ["Bob Ray", "bob@x.example", "0020"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_dialects_and_encodings_read_the_same(delimiter: str, end: str, encoding: str) -> None:
    found = parts("".join(delimiter.join(row) + end for row in HEADED).encode(encoding))
    assert labels(found) == {1: "name", 2: "email", 3: "phone"}
    assert cells(found) == {
        (2, 1): "Ann Lee", (2, 2): "ann@x.example", (2, 3): "07700900123",
        (3, 1): "Bob Ray", (3, 2): "bob@x.example", (3, 3): "0020",
    }  # fmt: skip


def test_long_numbers_and_leading_zeros_are_kept() -> None:
    found = cells(parts(b"id,card\n0001,4012888888881881\n0002,1e5\n"))
    assert (found[2, 1], found[2, 2], found[3, 2]) == ("0001", "4012888888881881", "1e5")


def test_a_quoted_line_break_is_one_row_and_blank_lines_are_rows() -> None:
    found = cells(parts(b'name,note\nAnn,"one\ntwo"\n\nBob,three\n'))
    assert found[2, 2] == "one\ntwo"
    assert found[4, 1] == "Bob"


def test_a_sep_line_names_the_delimiter_and_is_no_row() -> None:
    assert cells(parts(b"sep=;\nname;age\nAnn, of Leeds;31\n"))[2, 1] == "Ann, of Leeds"


def test_what_stands_above_the_table_is_prose_with_its_place() -> None:
    found = parts(b"Report for Jane Doe\n\nname;email;town\nAnn;ann@x.example;Leeds\nBob;bob@x.example;York\n")
    prose = [part for part in found if isinstance(part, Segment)]
    assert prose[0].text == "Report for Jane Doe"
    assert prose[0].pieces[0].where == Location.of(row=1, col=1)
    assert labels(found)[2] == "email"
    assert cells(found)[4, 3] == "Leeds"


def test_without_a_heading_the_first_row_is_data() -> None:
    found = parts(b"Ann Lee,ann@x.example,31\nBob Ray,bob@x.example,45\n")
    assert cells(found)[1, 2] == "ann@x.example"
    assert set(labels(found).values()) == {""}


def test_a_heading_that_may_be_data_is_read_too() -> None:
    found = parts(b"Ann Lee,Leeds\n31,12\n44,17\n")
    everything = "\n".join(part.text for part in found if isinstance(part, Segment)) + str(cells(found).values())
    assert "Ann Lee" in everything


def test_broken_quotes_cost_their_own_rows_only() -> None:
    found = parts(b'name,mail,note\nA,a@x.example,"open\nB,b@x.example,x\nC,c@x.example,"ok"\n')
    assert [cells(found)[row, 2] for row in (2, 3, 4)] == ["a@x.example", "b@x.example", "c@x.example"]
    (lost,) = (part for part in found if isinstance(part, Lost))
    assert (lost.reason, lost.name) == (Reason.DAMAGED, "")
    assert "row 2" in lost.detail


def test_quotes_within_quotes_that_move_nothing_are_no_damage() -> None:
    found = parts(b'name,note\nAnn,"said "hi" twice"\nBob,"he\nsaid "no" to it"\nCid,x\n')
    assert not [part for part in found if isinstance(part, Lost)]
    assert cells(found)[2, 2] == 'said "hi" twice'
    assert cells(found)[3, 2] == 'he\nsaid "no" to it'
    assert cells(found)[4, 1] == "Cid"


def test_ragged_rows_zero_bytes_and_many_columns() -> None:
    found = cells(parts(b"name,mail\nA,a@x.example,more,and more\nB\nC\0D,c@x.example\n"))
    assert found[2, 4] == "and more"
    assert found[4, 1] == "CD"
    wide = cells(parts(b",".join(b"c%d" % number for number in range(20_000)) + b"\n"))
    assert "c19999" in wide[1, 16_384]


def test_a_cell_as_long_as_a_letter_is_prose_at_its_place() -> None:
    text = "x" * 300_000 + " ann@x.example"
    found = parts(f'id,note\n1,"{text}"\n2,y\n'.encode())
    (prose,) = (part for part in found if isinstance(part, Segment) and len(part.text) > 1000)
    assert (prose.text, prose.where) == (text, Location.of(row=2, col=2))
    assert cells(found)[3, 2] == "y"


def test_a_cell_over_the_end_of_a_batch_stays_whole() -> None:
    filler = b"1,short\n" * 131_000
    found = cells(parts(b"id,note\n" + filler + b'2,"' + b"line\n" * 2000 + b'end"\n3,last\n'))
    assert found[131_002, 2].count("line") == 2000
    assert found[131_003, 2] == "last"


@pytest.mark.parametrize(
    "unit", [b'x,"b"c\n', b'"', b'x,"\n', b'"a""\n', b",", b"\n", b'x,""b""\n', b'" ', b"'a',\"b\n"], ids=repr
)
def test_hostile_input_costs_linear_time(unit: bytes) -> None:
    start = time.process_time()
    parts(b"a,b,c\n" + unit * (1_000_000 // len(unit)))
    assert time.process_time() - start < 10


def test_memory_does_not_grow_with_the_file() -> None:
    def peak(rows: int) -> int:
        data = io.BytesIO(b"name,mail\n" + b"Ann Lee,ann.lee@x.example\n" * rows)
        tracemalloc.start()
        for _ in extract(data, Budget(Limits(), 1)):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(240_000) < peak(80_000) * 1.5


@given(st.lists(st.lists(st.text(alphabet="ab\",\n;' ", max_size=6), min_size=1, max_size=4), max_size=8))
def test_nothing_is_raised_and_every_letter_comes_out(rows: list[list[str]]) -> None:
    data = "\n".join(",".join(row) for row in rows)
    found = parts(data.encode())
    out = "".join(
        part.text if isinstance(part, Segment) else "".join((part.label, *part.values))
        for part in found
        if isinstance(part, (Segment, Column))
    )
    assert out.count("a") >= data.count("a")
