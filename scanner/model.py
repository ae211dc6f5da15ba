"""The nouns of a scan: Item, Part (Segment, Column, Child, Lost), Location, Outcome; plain data without handles."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO, TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from scanner.slices import Slice


class Reason(StrEnum):
    """Why an item was not, or only in part, examined: the closed list of design.md section 3."""

    EXCLUDED = "excluded"
    SPECIAL = "special"
    UNSUPPORTED = "unsupported"
    ENCRYPTED = "encrypted"
    NEEDS_OCR = "needs_ocr"
    TOO_LARGE = "too_large"
    LIMIT = "limit"
    DAMAGED = "damaged"
    PERMISSION = "permission"
    IO_ERROR = "io_error"
    CHANGED = "changed"
    DETECTOR_TIMEOUT = "detector_timeout"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    POISON = "poison"
    FAILED = "failed"


class Status(StrEnum):
    """What became of an item; `gone`: it was in the report that a scan goes by (--since), and is not there any more."""

    EXAMINED = "examined"
    PARTIAL = "partial"
    NOT_EXAMINED = "not_examined"
    GONE = "gone"


_ESCAPES = {"%": "%25", ";": "%3B", "=": "%3D", "\n": "%0A", "\r": "%0D"}


@dataclass(frozen=True, slots=True)
class Location:
    """Where in an item: ordered steps such as (("sheet", "Staff"), ("row", "17")).

    Printed `sheet=Staff;row=17`; rows and columns count from 1, characters from 0.
    """

    steps: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, **steps: str | int) -> "Location":
        """Location.of(sheet="Staff", row=17)."""
        return cls(tuple((name, str(value)) for name, value in steps.items()))

    @classmethod
    def parse(cls, printed: str) -> "Location":
        """The inverse of str(); raises ValueError on anything that str() cannot have printed."""
        if not printed:
            return cls()
        steps = []
        for step in printed.split(";"):
            name, sign, value = step.partition("=")
            if not sign or not name:
                raise ValueError(f"not a location: {printed!r}")
            for plain, escaped in reversed(_ESCAPES.items()):
                value = value.replace(escaped, plain)
            steps.append((name, value))
        return cls(tuple(steps))

    def then(self, **steps: str | int) -> "Location":
        """The same location with further steps behind it."""
        return Location(self.steps + Location.of(**steps).steps)

    def __str__(self) -> str:
        """Stable, parseable form."""
        return ";".join(f"{name}={_escape(value)}" for name, value in self.steps)


def _escape(value: str) -> str:
    for plain, escaped in _ESCAPES.items():
        value = value.replace(plain, escaped)
    return value


@dataclass(frozen=True, slots=True)
class Piece:
    """From character `start` of a segment on, the text stands at `where` (until the next piece).

    `confidence`: how sure the reader of a picture is of these characters, in percent; None = they were not guessed.
    """

    start: int
    where: Location
    confidence: int | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """Prose and where it stands.

    `pieces` (sorted by start) map characters to finer locations, such as the paragraphs of a letter; without them
    the whole segment stands at `where`. `first_char` is the offset of text[0] in the extracted text of `where`.
    `record` groups segments about one person slot ("" = none), with its `role` (self, from, to, cc, author ...).
    `owned`: only findings that begin in these characters of `text` count, the rest is context (None = all of it).
    `first_line`: `text` is raw lines, text[0] stands in this one at character `first_char` (0 = lines do not count).
    """

    text: str
    where: Location = field(default_factory=Location)
    pieces: tuple[Piece, ...] = ()
    first_char: int = 0
    label: str = ""
    record: str = ""
    role: str = ""
    quoted: bool = False
    thread: str = ""
    owned: tuple[int, int] | None = None
    first_line: int = 0


@dataclass(frozen=True, slots=True)
class Owners:
    """For each row of a block the record of the person to whom it belongs if it names nobody itself ("" = none known).

    `whole`: it belongs to that person whatever it names (a table that goes on with the rows of another).
    """

    records: tuple[str, ...]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A block of one table column: `values[i]` stands in row `first_row + i` (rows from 1), column `number` (from 1).

    `table` is where the table stands (sheet=Staff, table=customers, or nothing for a CSV). Every value is text.
    `rows` overrides the row numbers where they do not count up by one (quoted line breaks, primary keys).
    `owners` tells of rows that belong to those of another table, alike for all columns of a block.
    """

    label: str
    values: tuple[str, ...]
    number: int
    first_row: int = 1
    table: Location = field(default_factory=Location)
    rows: tuple[int, ...] = ()
    owners: Owners | None = None

    def row(self, index: int) -> int:
        """Row number of values[index]."""
        return self.rows[index] if self.rows else self.first_row + index


# Where in an item a format can begin: numbers and words that mean something to this format alone.
Place: TypeAlias = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """Between two parts of a big item: given to the format's `resume` function, `place` gives all that follows.

    Formats cut where the bytes say so, wherever they began: the same cuts follow a cut as when all is read.
    """

    place: Place
    at: int  # byte of the item, more or less


@dataclass(frozen=True, slots=True)
class Child:
    """A member of a container, to be scanned as an item of its own.

    `open` gives its bytes as a readable stream; it is called at most once, before the next part is asked for.
    `name` is the member's name as the container gives it ("" = it has none). `hint` is a media type that the
    container declares (a MIME part), or "" . `place`: given to the format's `resume` function, it gives this member
    and all that follows; all that stands before it has been given (None = the format cannot begin in the middle).
    `owner` and `mode` (permissions as POSIX has them) are what the container says.
    """

    name: str
    open: Callable[[], IO[bytes]]
    size: int | None = None
    modified: float | None = None
    hint: str = ""
    raw_name: bytes | None = None
    place: Place | None = None
    owner: str = ""
    mode: int | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """Seen but not read. `name` is the member that is lost, "" when it is a part of the item itself."""

    name: str
    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many members a container says it has, and how many of them the format could give (mailboxes, archives)."""

    expected: int
    emitted: int


@dataclass(frozen=True, slots=True)
class About:
    """What an item says of itself; only what is not None counts, and the first of each kind.

    `content_date` in seconds since 1970 (a mail's Date, a document's properties). `password_line`: the line of the
    password file (from 1) that opened it; the password itself is told to nobody.
    """

    content_date: float | None = None
    password_line: int | None = None


Part: TypeAlias = Segment | Column | Child | Lost | Tally | About | Cut


class Skip(Exception):  # noqa: N818 - a noun of design.md section 3; it is no error of ours
    """The whole item cannot be read (further). `detail` never quotes content."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Item:
    """One addressable thing that a source met: a file to be opened, as the walk saw it.

    `path` is the printed locator relative to the root; `address` is what the source needs to open it again.
    `slice`: only this much of it is to be read (None = all).
    """

    path: str
    root: str
    address: bytes
    size: int = 0
    modified_ns: int = 0
    owner: str = ""
    identity: str = ""
    source: str = "folder"
    readable_by: str = ""
    slice: "Slice | None" = None


@dataclass(frozen=True, slots=True)
class Met:
    """Something the walk met and did not open: a row in items with its reason, never silence."""

    path: str
    root: str
    reason: Reason
    detail: str = ""
    size: int | None = None
    modified_ns: int | None = None
