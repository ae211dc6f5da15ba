"""A binary value of a database goes in; out comes its text, or word that it is a file, or that nobody knows it."""

import re
from enum import Enum

from scanner.encoding import decode
from scanner.signatures import OCTETS, sure_type
from scanner.sniff import EMPTY, media_type

_HEAD = 64 * 1024
_SMALLEST_FILE = 48  # keys, hashes and UUIDs are shorter than nearly any file
_CONTROL = re.compile(r"[\0-\x08\x0e-\x1f\x7f]")
_WIDE = re.compile(rb"(?:[^\0]\0){2,}|(?:\0[^\0]){2,}")


class Kind(Enum):
    """What a binary value is."""

    TEXT = "text"
    FILE = "file"
    SHORT = "short"  # binary, and too short for a file
    UNKNOWN = "unknown"


def read_blob(value: bytes) -> tuple[Kind, str]:
    """What a value is, and its text if it is one."""
    text = _plain(value)
    if text is not None:
        # A whole mail or page is read as what it is, a short note as the text of its cell.
        known = media_type(value[:_HEAD], "") if len(value) > 200 else "text/plain"
        return (Kind.TEXT, text) if known in ("text/plain", "text/csv", EMPTY) else (Kind.FILE, "")
    if len(value) < _SMALLEST_FILE:
        return (Kind.FILE if sure_type(value) else Kind.SHORT), ""
    known = media_type(value[:_HEAD], "")
    if known == "text/plain":
        return Kind.TEXT, decode(value)
    return (Kind.UNKNOWN if known in (OCTETS, EMPTY) else Kind.FILE), ""


def _plain(value: bytes) -> str | None:
    """UTF-8 or UTF-16 without control characters; else None."""
    if not value:
        return ""
    try:
        text = value.decode("utf-8").removesuffix("\0")
    except UnicodeDecodeError:
        text = "\0"
    if not _CONTROL.search(text):
        return text
    if len(value) % 2 == 0 and _WIDE.fullmatch(value):
        wide = decode(value) if len(value) > 64 else value.decode("utf-16-be" if value[:1] == b"\0" else "utf-16-le")
        return None if _CONTROL.search(wide) else wide
    return None
