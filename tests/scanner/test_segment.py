"""Windows over long text: every character owned once, every finding kept once, every place exact."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.model import Location, Piece, Segment
from scanner.segment import FULL, OVERLAP, WINDOW, locate, split, stream_segments, windows

EMAIL = re.compile(r"[a-z0-9.]{1,64}@[a-z]{1,30}\.example")


def found(segments: Iterator[Segment]) -> list[tuple[str, str]]:
    """(value, place) of each e-mail address, as the pipeline keeps them."""
    hits = []
    for segment in segments:
        for window, start, end in split(segment):
            assert len(window.text) <= FULL
            matches = [match for match in EMAIL.finditer(window.text) if start <= match.start() < end]
            hits += [(match[0], str(locate(window, match.start(), match.end()))) for match in matches]
    return hits


def chunked(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))


def plain_places(text: str) -> list[tuple[str, str]]:
    """The same by the simplest means: line by line over the whole text."""
    hits = []
    line_start, number = 0, 1
    ends = [match.end() for match in re.finditer(r"\r\n|\r|\n", text)]
    for end in [*ends, len(text)]:
        matches = EMAIL.finditer(text[line_start:end])
        hits += [(match[0], f"line={number};chars={match.start()}-{match.end()}") for match in matches]
        line_start, number = end, number + 1
    return hits


filler = st.sampled_from(
    ["a" * 997, "word " * 301, "\n" * 7, "\r\n", "\r", "x\r\n" * 333, " ", "é" * 5000, "a.b" * 9000, "\0" * 3000]
)
mail = st.integers(0, 9999).map(lambda number: f" p{number}@widgets.example ")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(filler, mail), max_size=120), st.sampled_from([1000, 65536, 262144]))
def test_stream_finds_each_value_once_and_in_its_place(pieces: list[str], size: int) -> None:
    text = "".join(pieces)
    assert found(stream_segments(chunked(text, size))) == plain_places(text)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(filler, mail), max_size=120))
def test_split_finds_each_value_once_and_in_its_place(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert found(iter([Segment(text, first_line=1)])) == plain_places(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(filler, max_size=60))
def test_owned_ranges_follow_each_other_without_gap(pieces: list[str]) -> None:
    text = "".join(pieces)
    position = 0
    for window in windows(text):
        assert window.start <= window.own_start == position <= window.own_end <= window.end
        assert window.own_end - window.own_start <= WINDOW
        position = window.own_end
    assert position == len(text)


def test_value_across_every_place_near_a_hard_cut_is_found() -> None:
    for shift in range(-30, 31):
        text = "b" * (WINDOW - 10 + shift) + " pat@widgets.example " + "c" * 2000 + " " + "d" * WINDOW
        assert [value for value, _ in found(stream_segments(iter([text])))] == ["pat@widgets.example"], shift


def test_one_line_without_any_white_space() -> None:
    text = "#" * 1_000_000 + "pat@widgets.example" + "#" * 500_000 + "kim@widgets.example"
    assert found(stream_segments(chunked(text, 262_144))) == [
        ("pat@widgets.example", "line=1;chars=1000000-1000019"),
        ("kim@widgets.example", "line=1;chars=1500019-1500038"),
    ]


def test_split_keeps_pieces_and_their_places() -> None:
    lines = [f"line {number} of p{number}@widgets.example\n" for number in range(20_000)]
    pieces, start = [], 0
    for number, line in enumerate(lines):
        pieces.append(Piece(start, Location.of(paragraph=number + 1)))
        start += len(line)
    hits = found(iter([Segment("".join(lines), pieces=tuple(pieces))]))
    assert len(hits) == len(lines)
    for number, (value, place) in enumerate(hits):
        begin = lines[number].index(value)
        assert place == f"paragraph={number + 1};chars={begin}-{begin + len(value)}"


def test_split_inside_one_long_piece_counts_from_its_start() -> None:
    text = "head\n" + "x " * 100_000 + "pat@widgets.example"
    segment = Segment(text, pieces=(Piece(0, Location.of(page=1)), Piece(5, Location.of(page=2))))
    assert found(iter([segment])) == [("pat@widgets.example", "page=2;chars=200000-200019")]


def test_split_without_pieces_counts_from_first_char() -> None:
    segment = Segment("y " * 60_000 + "pat@widgets.example", Location.of(page=3), first_char=500)
    assert found(iter([segment])) == [("pat@widgets.example", "page=3;chars=120500-120519")]


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        (Segment("abc def"), "chars=4-7"),
        (Segment("abc def", Location.of(header="Subject"), first_char=10), "header=Subject;chars=14-17"),
        (Segment("ab\r\ndef", first_line=7, first_char=3), "line=8;chars=0-3"),
        (Segment("ab\ncdef", Location.of(part=2), first_line=7), "part=2;line=8;chars=1-4"),
        (Segment("abcddef", first_line=7, first_char=3), "line=7;chars=7-10"),
        (Segment("abcddef", pieces=(Piece(5, Location.of(row=2)),)), "chars=4-7"),
        (Segment("abcddef", pieces=(Piece(0, Location.of(row=1)), Piece(3, Location.of(row=2)))), "row=2;chars=1-4"),
    ],
)
def test_locate(segment: Segment, expected: str) -> None:
    assert str(locate(segment, 4, 7)) == expected


def test_short_segment_is_not_copied() -> None:
    segment = Segment("short", label="note")
    assert list(split(segment)) == [(segment, 0, 5)]


def test_owned_range_of_a_streamed_segment_is_kept() -> None:
    text = ("x" * 50 + "\n") * 4_000
    segments = list(stream_segments(chunked(text, 10_000)))
    assert len(segments) > 2
    assert "".join(part.text[slice(*(part.owned or (0, 0)))] for part in segments) == text
    assert all(part.owned and part.owned[0] in (0, OVERLAP) for part in segments)


def test_blank_stretches_give_no_segment() -> None:
    assert list(stream_segments(iter([" \n" * 200_000, "\0" * 100_000]))) == []


@pytest.mark.parametrize("length", range(1, 40))
def test_context_that_would_begin_inside_a_line_end(length: int) -> None:
    text = ("z" * length + "\r\n") * (200_000 // length) + "pat@widgets.example"
    assert found(stream_segments(chunked(text, 100_000))) == plain_places(text)
    assert found(iter([Segment(text, first_line=1)])) == plain_places(text)
