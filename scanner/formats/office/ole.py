"""An OLE file (the box of old Office files) goes in; its charged streams, properties and embedded files come out."""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import IO

import olefile

from scanner.formats.office.ole_properties import document_summary, summary
from scanner.formats.office.ole_rebuild import rebuild
from scanner.limits import Budget
from scanner.model import Child, Lost, Part, Reason, Skip

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What a broken table of sectors or a lying directory makes olefile raise.
BROKEN = (OSError, ValueError, IndexError, TypeError, AttributeError, struct.error, OverflowError, RecursionError)
_MOST_STREAMS = 20_000
# Streams that every embedded object has: no content of their own, or a picture of what is embedded.
_HOUSEKEEPING = frozenset(
    (
        "\x01ole", "\x01compobj", "\x03objinfo", "\x03linkinfo", "\x03print", "\x03eprint", "\x02olepres000",
        "\x02olepres001", "\x03oceps", "\x03ocxname", "equation native", "\x05summaryinformation",
        "\x05documentsummaryinformation",
    )
)  # fmt: skip


class Box:
    """An open OLE file. Everything that is read through it is charged to the budget."""

    def __init__(self, ole: olefile.OleFileIO, budget: Budget, what: str) -> None:
        self._ole = ole
        self.budget = budget
        self._what = what
        self.damaged: dict[str, None] = {}
        self.paths: list[tuple[str, ...]] = [tuple(path) for path in ole.listdir(streams=True, storages=False)]
        if len(self.paths) > _MOST_STREAMS:
            raise Skip(Reason.LIMIT, f"more than {_MOST_STREAMS} streams in this {what} file")
        self._known = {tuple(step.lower() for step in path): path for path in self.paths}

    def has(self, *path: str) -> bool:
        """Whether there is a stream of this path; case does not count."""
        return tuple(step.lower() for step in path) in self._known

    def read(self, *path: str) -> bytes:
        """The whole stream, b"" when there is none; what cannot be read is noted as damaged."""
        known = self._known.get(tuple(step.lower() for step in path))
        if known is None:
            return b""
        try:
            self.budget.charge_bytes(self._ole.get_size(list(known)))
            data: bytes = self._ole.openstream(list(known)).read()
        except BROKEN:
            self.damaged[known[-1]] = None
            return b""
        return data

    def properties(self) -> Iterator[Part]:
        """Author, title, dates and the like."""
        yield from summary(self.read("\x05SummaryInformation"))
        yield from document_summary(self.read("\x05DocumentSummaryInformation"))

    def objects(self, *folder: str) -> Iterator[Part]:
        """Files that are embedded below a storage, each as a member of its own."""
        depth = len(folder)
        below = [path for path in self.paths if len(path) > depth + 1 and _same(path[:depth], folder)]
        for name in dict.fromkeys(path[depth] for path in below):
            yield from self.embedded(*folder, name)

    def embedded(self, *storage: str) -> Iterator[Part]:
        """What one storage holds as an embedded file: a packed file, or an Office document in its own streams."""
        inner = [path for path in self.paths if len(path) > len(storage) and _same(path[: len(storage)], storage)]
        names = {path[len(storage)].lower() for path in inner}
        self.budget.charge_member()
        label = "/".join(_plain(step) for step in storage) or "object"
        if "\x01ole10native" in names:
            yield from native(self.read(*storage, "\x01Ole10Native"), label)
        for own in ("package", "contents", "embeddedodf"):
            if own in names and (data := self.read(*storage, own)):
                yield Child(label, partial(io.BytesIO, data), len(data))
                return
        if names - _HOUSEKEEPING - {"\x01ole10native"} and storage:
            try:
                data = rebuild([(path[len(storage) :], self.read(*path)) for path in inner])
            except BROKEN:
                yield Lost(label, Reason.DAMAGED, "this embedded file cannot be taken out")
            else:
                yield Child(label, partial(io.BytesIO, data), len(data))

    def losses(self) -> Iterator[Lost]:
        """One row for each stream that could not be read."""
        for name in self.damaged:
            yield Lost("", Reason.DAMAGED, f"the stream {_plain(name)} of this {self._what} file cannot be read")


@contextmanager
def opened(stream: IO[bytes], budget: Budget, what: str) -> Iterator[Box]:
    """Open an OLE file; raises Skip when it is damaged so far that its directory cannot be read."""
    stream.seek(0)
    try:
        ole = olefile.OleFileIO(stream)
        box = Box(ole, budget, what)
    except BROKEN as error:
        raise Skip(Reason.DAMAGED, f"this {what} file is damaged: its list of contents cannot be read") from error
    yield box


def native(data: bytes, label: str) -> Iterator[Part]:
    """The file in an Ole10Native stream, as Windows packs one into a document, with its own name."""
    try:
        at = 6
        _, at = _zero_ended(data, at)
        path, at = _zero_ended(data, at)
        at += 4
        (length,) = struct.unpack_from("<L", data, at)
        at += 4 + length
        (size,) = struct.unpack_from("<L", data, at)
        content = data[at + 4 : at + 4 + size]
    except (struct.error, ValueError):
        content, path = b"", b""
    if content:
        name = path.replace(b"\\", b"/").rpartition(b"/")[2].decode("cp1252", "replace")
        yield Child(name or label, partial(io.BytesIO, content), len(content))
    elif len(data) > 4:
        # Older ones hold the bare bytes behind their length.
        yield Child(label, partial(io.BytesIO, data[4:]), len(data) - 4)


def _zero_ended(data: bytes, at: int) -> tuple[bytes, int]:
    end = data.index(b"\0", at)
    return data[at:end], end + 1


def _same(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    return [step.lower() for step in left] == [step.lower() for step in right]


def _plain(name: str) -> str:
    return "".join(char for char in name if char >= " ")
