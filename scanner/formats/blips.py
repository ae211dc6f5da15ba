"""Drawing records of old Office files go in; the pictures in them that a reader knows come out as members."""

import io
import re
from collections.abc import Iterator
from functools import partial

from scanner.formats import formats
from scanner.limits import Budget
from scanner.model import Child
from scanner.sniff import media_type

# [MS-ODRAW] 2.2.23: JPEG, PNG and TIFF records; metafiles (1A-1C) and bare bitmaps (1F) are not looked into.
_RECORD = re.compile(rb"[\x1d\x1e\x29\x2a]\xf0")
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
_ENDINGS = {b"\x89P": "png", b"\xff\xd8": "jpg"}


def pictures(data: bytes) -> Iterator[bytes]:
    """Each picture of a stream, one after the other."""
    at = 0
    while found := _RECORD.search(data, at):
        at = found.end()
        size = int.from_bytes(data[at : at + 4], "little")
        # One or two checksums of 16 bytes and a mark stand before the picture.
        for start in (at + 4 + 17, at + 4 + 33):
            if data.startswith(_PICTURES, start) and at + 4 + size <= len(data):
                yield data[start : at + 4 + size]
                at += 4 + size
                break


def members(data: bytes, budget: Budget) -> Iterator[Child]:
    """The same as members, if there is a reader for pictures of their kind."""
    for number, picture in enumerate(pictures(data), start=1):
        if media_type(picture[:1024], "") in formats():
            budget.charge_member()
            name = f"picture{number}.{_ENDINGS.get(picture[:2], 'tif')}"
            yield Child(name, partial(io.BytesIO, picture), len(picture))
