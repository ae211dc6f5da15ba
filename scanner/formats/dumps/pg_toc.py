"""An archive of pg_dump goes in, its table of contents comes out: what every entry defines, and whose data stand where.

The format is told by pg_backup_archiver.c of PostgreSQL only; versions 1.4 (PostgreSQL 7.2) to 1.16 (17) are known.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from scanner.limits import MB
from scanner.model import Reason, Skip

CUSTOM, TAR, DIRECTORY = 1, 3, 5
NONE, GZIP, LZ4, ZSTD = range(4)  # how data are compressed
_LONGEST = 64 * MB  # of one string: a function or view is longer nowhere
_OLDEST, _NEWEST = (1, 4), (1, 16)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; texts are in the encoding of the database. `copy` is the COPY statement of a table's data."""

    number: int
    kind: str
    definition: bytes
    copy: bytes
    file: str = ""


@dataclass(slots=True)
class Contents:
    """What stands before the data. `whole` is False where it is cut off."""

    form: int
    compression: int
    entries: list[Entry] = field(default_factory=list)
    whole: bool = True


class Reader:
    """Whole numbers, texts and blocks as an archive holds them."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        head = self.exactly(8)
        if head[:5] != b"PGDMP":
            raise Skip(Reason.DAMAGED, "does not begin like an archive of pg_dump")
        self.version = (head[5], head[6])
        if not _OLDEST <= self.version <= _NEWEST:
            raise Skip(Reason.UNSUPPORTED, f"an archive of pg_dump of version {head[5]}.{head[6]}")
        self._number = self.byte()
        self._offset = self.byte() if self.version >= (1, 7) else self._number
        if self._number not in (4, 8) or self._offset not in (4, 8):
            raise Skip(Reason.DAMAGED, "its head is damaged")

    def exactly(self, count: int) -> bytes:
        """So many bytes; EOFError where there are fewer."""
        data = self.stream.read(count)
        if len(data) < count:
            raise EOFError
        return data

    def byte(self) -> int:
        """One byte."""
        return self.exactly(1)[0]

    def number(self) -> int:
        """A sign and a whole number."""
        negative = self.byte()
        value = int.from_bytes(self.exactly(self._number), "little")
        return -value if negative else value

    def text(self) -> bytes | None:
        """A text; None where there is none, which is not the same as an empty one."""
        length = self.number()
        if length < 0:
            return None
        if length > _LONGEST:
            raise EOFError
        return self.exactly(length)

    def skip_offset(self) -> None:
        """Where the data of an entry stand: not to be trusted, they tell themselves whose they are."""
        self.exactly(1 + self._offset)

    def chunks(self) -> Iterator[bytes]:
        """The pieces of one block, up to the empty one that ends it."""
        while length := self.number():
            left = abs(length)
            while left:
                data = self.stream.read(min(left, MB))
                if not data:
                    raise EOFError
                left -= len(data)
                yield data


def read_contents(reader: Reader) -> Contents:
    """The table of contents; the stream stands at the data behind it afterwards."""
    contents = Contents(reader.byte(), NONE)
    try:
        contents.compression = _compression(reader)
        for _ in range(7):
            reader.number()  # when it was made
        for _ in range(3 if reader.version >= (1, 10) else 1):
            reader.text()  # the database, versions of server and program
        for _ in range(max(0, reader.number())):
            contents.entries.append(_entry(reader, contents.form))
    except EOFError:
        contents.whole = False
    return contents


def _compression(reader: Reader) -> int:
    if reader.version >= (1, 15):
        return reader.byte()
    return GZIP if reader.number() else NONE


def _entry(reader: Reader, form: int) -> Entry:
    version = reader.version
    number = reader.number()
    reader.number()  # whether it has data
    if version >= (1, 8):
        reader.text()
    reader.text()
    reader.text()  # its name, which its definition tells, too
    kind = reader.text() or b""
    if version >= (1, 11):
        reader.number()
    definition = reader.text() or b""
    reader.text()  # how to drop it
    copy = reader.text() or b""
    for since in ((1, 6), (1, 10), (1, 14)):  # schema, tablespace, access method
        if version >= since:
            reader.text()
    if version >= (1, 16):
        reader.number()
    reader.text()  # owner
    reader.text()
    while version >= (1, 5) and reader.text() is not None:
        pass  # what it depends on
    file = b""
    if form == CUSTOM:
        if version >= (1, 7):
            reader.skip_offset()
        else:
            reader.number()
    else:
        file = reader.text() or b""
    return Entry(number, kind.decode("ascii", "replace"), definition, copy, file.decode("utf-8", "replace"))
