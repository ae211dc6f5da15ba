"""Pieces of a decoded text and how much of them is left go in, where the reading can be taken up comes out."""

from collections import deque
from collections.abc import Iterator
from typing import IO

from scanner.encoding import decode_from
from scanner.model import Place

_STEPS = 6  # of a place in a text: five of the piece, and the characters to pass over


class TextPlaces:
    """Remembers of which pieces a reader still holds something; no more than their lengths."""

    def __init__(self) -> None:
        self._held: deque[tuple[Place, int, int]] = deque()  # place of a piece, characters passed over, and given
        self._given = 0

    def add(self, place: Place, passed: int, given: int) -> None:
        """A reader gets `given` characters of the piece at this place, those behind the first `passed`."""
        self._held.append((place, passed, given))
        self._given += given

    def used_up(self, left: int) -> Place:
        """The reader holds the last `left` characters only; where they begin."""
        gone = self._given - left
        while self._held and (gone >= self._held[0][2]) and len(self._held) > 1:
            _, _, given = self._held.popleft()
            self._given -= given
            gone -= given
        place, passed, _ = self._held[0]
        return (*place, passed + gone)


def text_from(stream: IO[bytes], place: Place, without: str = "") -> Iterator[tuple[str, Place, int]]:
    """(characters, place of their piece, number of those passed over in it) from such a place on.

    `without`: a character that the reader takes out of every piece before it counts.
    """
    skip = int(place[_STEPS - 1])
    for piece, where in decode_from(stream, place[: _STEPS - 1]):
        text = piece.replace(without, "") if without else piece
        passed = min(skip, len(text))
        skip -= passed
        yield text[passed:], where, passed
