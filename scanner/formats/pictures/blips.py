"""Drawing records of old Office files go in; the pictures in them that a reader knows come out as members."""

import io
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from scanner.formats import formats
from scanner.limits import MB, Budget
from scanner.model import Child
from scanner.sniff import media_type

# [MS-ODRAW] 2.2.23: EMF, WMF, JPEG, PNG and TIFF records; Mac drawings (1C) and bare bitmaps (1F) are not looked into.
_RECORD = re.compile(rb"[\x1a\x1b\x1d\x1e\x29\x2a]\xf0")
_DRAWINGS = b"\x1a\x1b"
_LARGEST_DRAWING = 16 * MB
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/emf": "emf", "image/wmf": "wmf"}


def pictures(data: bytes) -> Iterator[bytes]:
    """Each picture of a stream, one after the other."""
    at = 0
    while found := _RECORD.search(data, at):
        at = found.end()
        size = int.from_bytes(data[at : at + 4], "little")
        if data[at - 2] in _DRAWINGS and at + 4 + size <= len(data):
            yield from _drawing(data, at + 4)
        # One or two checksums of 16 bytes and a mark stand before the picture.
        for start in (at + 4 + 17, at + 4 + 33):
            if data.startswith(_PICTURES, start) and at + 4 + size <= len(data):
                yield data[start : at + 4 + size]
                at += 4 + size
                break


def _drawing(data: bytes, at: int) -> Iterator[bytes]:
    """A packed metafile behind its checksums and a head of 34 bytes."""
    for start in (at + 16 + 34, at + 32 + 34):
        if data[start - 2 : start] == b"\x00\xfe":
            with suppress(zlib.error):
                yield zlib.decompressobj().decompress(data[start:], _LARGEST_DRAWING)
                return


def members(data: bytes, budget: Budget) -> Iterator[Child]:
    """The same as members, if there is a reader for pictures of their kind."""
    for number, picture in enumerate(pictures(data), start=1):
        kind = media_type(picture[:1024], "")
        if kind in formats() and kind.startswith("image/"):
            budget.charge_member()
            budget.charge_bytes(len(picture))
            name = f"picture{number}.{_ENDINGS.get(kind, 'tif')}"
            yield Child(name, partial(io.BytesIO, picture), len(picture))
