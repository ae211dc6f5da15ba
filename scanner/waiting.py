"""Parts of one item go in, batches for the detectors come out; and what the beginning of the item tells."""

from scanner.letter_date import LetterDate
from scanner.model import Column, Segment
from scanner.opening import Opening

# Text is handed to the detectors in batches of about this size: large enough for a model, small enough for a pulse.
BATCH_CHARACTERS = 64 * 1024


class Waiting:
    """What was read of an item and not yet looked at."""

    def __init__(self) -> None:
        self.opening = Opening()
        self.letter = LetterDate()
        self.last: Segment | Column | None = None
        self._segments: list[Segment] = []
        self._columns: list[Column] = []
        self._characters = 0

    def read(self, part: Segment | Column) -> None:
        """See what this part says of the item."""
        self.opening.read(part)
        self.letter.read(part)
        self.last = part

    def add(self, part: Segment | Column) -> int:
        """One more part to wait; gives its characters."""
        if isinstance(part, Column):
            self._columns.append(part)
            return sum(map(len, part.values))
        self._segments.append(part)
        self._characters += len(part.text)
        return len(part.text)

    @property
    def is_enough(self) -> bool:
        """Whether the prose fills a batch."""
        return self._characters >= BATCH_CHARACTERS

    def ends_with(self, part: Segment | Column) -> bool:
        """Whether the columns that wait are a whole block, as this part shows."""
        return bool(self._columns) and isinstance(part, Column) and not _same_block(self._columns[0], part)

    def prose(self) -> tuple[list[Segment], list[Column]]:
        """The prose, which then waits no more."""
        segments, self._segments, self._characters = self._segments, [], 0
        return segments, []

    def block(self) -> tuple[list[Segment], list[Column]]:
        """The columns, which then wait no more."""
        columns, self._columns = self._columns, []
        return [], columns

    def all(self) -> tuple[list[Segment], list[Column]]:
        """Everything, which then waits no more."""
        return self.prose()[0], self.block()[1]

    def close_beginning(self) -> None:
        """What comes now is no beginning of the item any more."""
        self.opening.close()
        self.letter.close()


def _same_block(first: Column, other: Column) -> bool:
    return (first.table, first.first_row, len(first.values)) == (other.table, other.first_row, len(other.values))
