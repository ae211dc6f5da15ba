"""Bytes of a text go in, the text and the way back to exactly these bytes come out."""

import codecs
from collections.abc import Callable

from subjects.erasure.actions import CannotErase

MOST = 256 * 1024 * 1024  # bytes that are held in memory
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decoded(data: bytes) -> tuple[str, Callable[[str], bytes]]:
    """Text and encoder. Only an encoding that gives back every byte will do.

    Raises:
        CannotErase: no such encoding, or the file is too large.
    """
    if len(data) > MOST:
        raise CannotErase(f"the file is larger than {MOST // 1024**2} MB")
    bom, name = next(((bom, name) for bom, name in _BOMS if data.startswith(bom)), (b"", ""))
    for encoding in (name,) if name else ("utf-8", "cp1252"):
        try:
            text = data[len(bom) :].decode(encoding)
            if bom + text.encode(encoding) == data:
                return text, lambda changed, encoding=encoding: bom + changed.encode(encoding)
        except UnicodeError:
            continue
    raise CannotErase("its encoding is mixed or unknown, so it cannot be written back as it was")
