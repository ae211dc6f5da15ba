"""Long text goes in, overlapping windows of bounded size come out, and the Location of any span within them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from scanner.model import Cut, Location, Piece, Place, Segment
from scanner.text_places import TextPlaces

WINDOW = 64 * 1024  # characters that a window owns at most
OVERLAP = 1_000  # characters of context on either side: longer than any value that a detector looks for
FULL = WINDOW + 2 * OVERLAP
CUT = 1024 * 1024  # characters between two places where a text can be taken up

_LINE_END = re.compile(r"\r\n|\r|\n")
_SPACE = re.compile(r"\s\S*\Z")
_BLANK = "\0 \t\r\n\f\v\ufeff"


@dataclass(frozen=True, slots=True)
class Window:
    """Characters start:end of a text, of which those from own_start to own_end belong to this window alone."""

    start: int
    end: int
    own_start: int
    own_end: int


def windows(text: str, first: int = 0, last: int | None = None) -> Iterator[Window]:
    """Windows over a text; their owned ranges follow each other without gap from `first` to `last`.

    A finding belongs to the window that owns its first character, so that each is counted exactly once.
    """
    last = len(text) if last is None else last
    start = first
    while True:
        end = last if last - start <= WINDOW else _cut(text, start, start + WINDOW)
        yield Window(_whole_line_end(text, max(0, start - OVERLAP)), min(len(text), end + OVERLAP), start, end)
        if end >= last:
            return
        start = end


def split(segment: Segment) -> Iterator[tuple[Segment, int, int]]:
    """Cut a long segment into windows: each with the range of its characters whose spans are to be kept."""
    first, last = segment.owned or (0, len(segment.text))
    if len(segment.text) <= FULL:
        yield segment, first, last
        return
    for window in windows(segment.text, first, last):
        part = _part(segment, window)
        yield part, window.own_start - window.start, window.own_end - window.start


def stream_segments(chunks: Iterator[str], where: Location | None = None) -> Iterator[Segment]:
    """Segments of text of any length, each with its context and the range that it owns; holds one window at a time.

    Lines are numbered from 1. A segment that owns nothing but blanks is left out.
    """
    parts = cut_segments(((chunk, (), 0) for chunk in chunks), where)
    return (part for part in parts if isinstance(part, Segment))


def cut_segments(
    pieces: Iterable[tuple[str, Place, int]],
    where: Location | None = None,
    *,
    context: int = 0,
    line: int = 1,
    char: int = 0,
) -> Iterator[Segment | Cut]:
    """The same of pieces of a text with their places, see TextPlaces; now and then a cut, where no window is begun.

    A cut tells how many characters are context of the next window, and line and character of the first of them.
    """
    where = where or Location()
    places = TextPlaces()
    buffer = ""  # context of the next window, then text that no window owns yet; its first is line and char
    since = 0  # characters since the last cut
    for piece, place, passed in pieces:
        buffer += piece
        places.add(place, passed, len(piece))
        while len(buffer) - context > WINDOW + OVERLAP:
            cut = _cut(buffer, context, context + WINDOW)
            yield from _owned(buffer[: cut + OVERLAP], where, (context, cut), line, char)
            since += cut - context
            kept = _whole_line_end(buffer, max(0, cut - OVERLAP))
            line, char = _advance(buffer, kept, line, char)
            buffer, context = buffer[kept:], cut - kept
            if since >= CUT:
                begin = places.used_up(len(buffer))
                yield Cut((context, line, char, *begin), int(begin[0]) if len(begin) > 1 else 0)
                since = 0
    yield from _owned(buffer, where, (context, len(buffer)), line, char)


def locate(segment: Segment, start: int, end: int) -> Location:
    """Where characters start:end of a segment stand: its finest known place, then `chars` counted from there."""
    where, origin = segment.where, -segment.first_char
    if segment.first_line:
        starts = line_starts(segment.text)
        passed = bisect_right(starts, start)
        where = where.then(line=segment.first_line + passed)
        origin = starts[passed - 1] if passed else origin
    elif segment.pieces:
        index = bisect_right(segment.pieces, start, key=_piece_start) - 1
        if index >= 0:
            where, origin = segment.pieces[index].where, segment.pieces[index].start
    return where.then(chars=f"{start - origin}-{end - origin}")


def confidence(segment: Segment, start: int, end: int) -> int | None:
    """How sure the reader of a picture is of characters start:end, in percent: its least sure word counts."""
    first = max(0, bisect_right(segment.pieces, start, key=_piece_start) - 1)
    behind = bisect_left(segment.pieces, end, key=_piece_start)
    sure = [piece.confidence for piece in segment.pieces[first:behind] if piece.confidence is not None]
    return min(sure, default=None)


def _cut(text: str, start: int, limit: int) -> int:
    """Where to end a window: behind the last line end or white space of its second half, else at the limit."""
    middle = (start + limit) // 2
    at = text.rfind("\n", middle, limit) + 1 or text.rfind("\r", middle, limit) + 1
    if at and text[at - 1 : at + 1] != "\r\n":
        return at
    at = text.rfind(" ", middle, limit) + 1
    if at:
        return at
    space = _SPACE.search(text, max(middle, limit - OVERLAP), limit)
    return _whole_line_end(text, space.start() + 1 if space else limit)


def _whole_line_end(text: str, at: int) -> int:
    """Not between CR and LF: each half would count as a line of its own."""
    return at - 1 if at and text[at - 1 : at + 1] == "\r\n" else at


def _part(segment: Segment, window: Window) -> Segment:
    """The window as a segment of its own. A piece that begins before it keeps its start, which is then negative."""
    text = segment.text[window.start : window.end]
    if segment.first_line:
        line, char = _advance(segment.text, window.start, segment.first_line, segment.first_char)
        return replace(segment, text=text, first_line=line, first_char=char, owned=None)
    first = max(0, bisect_right(segment.pieces, window.start, key=_piece_start) - 1)
    behind = bisect_right(segment.pieces, window.end, key=_piece_start)
    pieces = tuple(replace(piece, start=piece.start - window.start) for piece in segment.pieces[first:behind])
    return replace(segment, text=text, pieces=pieces, first_char=segment.first_char + window.start, owned=None)


def _owned(text: str, where: Location, owned: tuple[int, int], line: int, char: int) -> Iterator[Segment]:
    if text[slice(*owned)].strip(_BLANK):
        yield Segment(text, where, first_char=char, owned=owned, first_line=line)


def _advance(text: str, count: int, line: int, char: int) -> tuple[int, int]:
    """Line number and place in the line of text[count], when those of text[0] are given."""
    passed = text.count("\n", 0, count) + text.count("\r", 0, count) - text.count("\r\n", 0, count)
    if not passed:
        return line, char + count
    return line + passed, count - 1 - max(text.rfind("\n", 0, count), text.rfind("\r", 0, count))


@lru_cache(maxsize=4)
def line_starts(text: str) -> list[int]:
    """Only segments with findings are asked for, several times in a row; hence the small cache."""
    return [end.end() for end in _LINE_END.finditer(text)]


def _piece_start(piece: Piece) -> int:
    return piece.start
