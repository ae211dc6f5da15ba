"""What a Mac keeps beside a file (AppleDouble, `._name`) goes in; names, comments and texts come out, its data too."""

import io
import re
import struct
from collections.abc import Iterator
from functools import partial
from typing import IO

from scanner.formats.mail.ranges import ByteRange, length_of
from scanner.limits import MB, Budget
from scanner.model import Child, Location, Lost, Part, Reason, Segment

_HEADER = struct.Struct(">LL16xH")
_ENTRY = struct.Struct(">LLL")
_DATA, _RESOURCES, _NAME, _COMMENT, _FINDER = 1, 2, 3, 4, 9
_LABELS = {_NAME: "File name", _COMMENT: "Comment"}
_MOST_ENTRIES = 64
_LONGEST = 16 * MB
_WORDS = re.compile(rb"[\x20-\x7e\x80-\xff]{6,}")


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:  # noqa: ARG001 - nothing is unpacked
    """Read entry by entry. Resources and attributes, such as where a file was downloaded, are read for their texts."""
    size = length_of(stream)
    head = stream.read(_HEADER.size)
    count = _HEADER.unpack(head)[2] if len(head) == _HEADER.size else 0
    entries = stream.read(_ENTRY.size * min(count, _MOST_ENTRIES))
    if not count or len(entries) < _ENTRY.size * min(count, _MOST_ENTRIES):
        yield Lost("", Reason.DAMAGED, "the list of its entries is cut off")
    for at in range(0, len(entries) - _ENTRY.size + 1, _ENTRY.size):
        kind, start, length = _ENTRY.unpack_from(entries, at)
        if start + length > size:
            yield Lost("", Reason.DAMAGED, "an entry is cut off")
        if kind == _DATA and length:
            source = partial(ByteRange, stream, start, min(start + length, size))
            yield Child("data", lambda source=source: io.BufferedReader(source()), length)  # type: ignore[misc]
        elif kind in {_RESOURCES, _FINDER, *_LABELS}:
            stream.seek(min(start, size))
            data = stream.read(min(length, _LONGEST))
            yield from _texts(kind, data, Location.of(entry=kind))


def _texts(kind: int, data: bytes, where: Location) -> Iterator[Segment]:
    if kind in _LABELS:
        found = [data.decode("utf-8", "replace")]
    else:
        found = [word.decode("mac_roman") for word in _WORDS.findall(data)]
    text = "\n".join(found).strip("\0 ")
    if text:
        yield Segment(text, where, label=_LABELS.get(kind, ""))
