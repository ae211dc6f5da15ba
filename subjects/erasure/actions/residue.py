"""What was written and values that must be gone go in, whether one still stands in it comes out.

The last look before a file is exchanged: in the raw bytes in the usual encodings, in every member that can be unpacked,
in texts of mail, and in JSON and XML with their escapes resolved.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator
from email import message_from_bytes
from html import unescape

from scanner.formats.tables.json import unescaped
from subjects.erasure.actions import CannotErase
from subjects.erasure.actions.texts import MOST

_TAG = re.compile(r"<[^<>]{1,4000}>")
_SHORTEST = 6  # shorter values stand in files by chance
_DEPTH = 8


def left_in(data: bytes, values: Collection[str]) -> bool:
    """Whether one of these values (of one person alone) can still be read in a file.

    Members with a password are passed over: the report has a row for each that it could not read.

    Raises:
        CannotErase: a part cannot be unpacked, so that it cannot be told.
    """
    wanted = [value.casefold() for value in values if len(value) >= _SHORTEST]
    return bool(wanted) and any(value in view for view in _views(data, _DEPTH) for value in wanted)


def _views(data: bytes, depth: int) -> Iterator[str]:
    plain = data.decode("utf-8", "ignore").casefold()
    yield plain
    yield data.decode("latin-1").replace("\0", "").casefold()
    yield unescaped(plain)
    yield unescape(_TAG.sub("", plain))
    if depth and data[:4] in {b"PK\3\4", b"PK\5\6"}:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                for info in package.infolist():
                    yield info.filename.casefold()
                    if info.file_size <= MOST and not info.flag_bits & 1:
                        yield from _views(package.read(info), depth - 1)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
            raise CannotErase("a part of it cannot be unpacked, so nobody knows whether the value is gone") from error
    elif b"\nContent-Transfer-Encoding:" in data[:MOST] or b"\ncontent-transfer-encoding:" in data:
        for part in message_from_bytes(data).walk():
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                yield content.decode("utf-8", "ignore").casefold()
                yield content.decode("latin-1").casefold()
