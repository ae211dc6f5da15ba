"""Lines of text with their places go in, Segments with an offset map come out."""

from collections.abc import Iterator

from scanner.model import Location, Piece, Segment

FULL = 256 * 1024  # characters of one segment, so that a big file is never held as a whole


class Prose:
    """Collects lines, each with its own place, until there is enough for a segment."""

    def __init__(self, where: Location | None = None) -> None:
        self._where = where or Location()
        self._lines: list[str] = []
        self._pieces: list[Piece] = []
        self._length = 0
        self._first_char = 0

    def add(self, text: str, where: Location, end: str = "\n") -> Iterator[Segment]:
        """Add a line, or a cell of one; gives the collected segment when it is full. Empty ones are left out."""
        if not text.strip():
            return
        if not self._pieces or self._pieces[-1].where != where:
            self._pieces.append(Piece(self._length, where))
        self._lines.append(text + end)
        self._length += len(text) + len(end)
        if self._length >= FULL:
            yield from self.rest()

    def rest(self) -> Iterator[Segment]:
        """Give what is collected, if anything, and begin anew behind it."""
        if not self._lines:
            return
        segment = Segment("".join(self._lines).rstrip("\n\t"), self._where, tuple(self._pieces), self._first_char)
        self._first_char += self._length
        self._lines, self._pieces, self._length = [], [], 0
        yield segment


def plain_lines(text: str, first_line: int = 1) -> Iterator[Segment]:
    """Text that turned out to have no other structure, placed by its lines."""
    if text.strip():
        yield Segment(text, first_line=first_line)
