"""Names of any bytes in, printable and reversible locator steps out: `/` between folders, `!/` before a member."""

import os
import re
import unicodedata

MEMBER = "!/"
# C0, C1, bidi and other invisible controls would let a file name rewrite a terminal line or hide its suffix.
_UNSAFE = re.compile("[%!\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def quote_name(name: str | bytes) -> str:
    """One step of a locator. Undecodable bytes and unsafe characters are percent-encoded; no normalisation.

    A str may carry surrogate escapes (os.fsdecode). `/` stays, because archive members hold folders in their name;
    a backslash stays too, because it is a plain character in names of POSIX systems.
    """
    raw = (
        name
        if isinstance(name, bytes)
        else name.encode("utf-8", "surrogateescape" if _escapes(name) else "surrogatepass")
    )
    text = _UNSAFE.sub(lambda match: _percent(match.group().encode("utf-8")), raw.decode("utf-8", "surrogateescape"))
    return "".join(_percent(bytes([ord(char) - 0xDC00])) if 0xDC80 <= ord(char) <= 0xDCFF else char for char in text)


def unquote_name(step: str) -> bytes:
    """The inverse of quote_name for names that came as bytes."""
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda match: bytes([int(match.group(1), 16)]), step.encode("utf-8"))


def _escapes(name: str) -> bool:
    """True when every surrogate in the name is one that os.fsdecode makes from an undecodable byte."""
    return all(0xDC80 <= ord(char) <= 0xDCFF for char in name if unicodedata.category(char) == "Cs")


def _percent(raw: bytes) -> str:
    return "".join(f"%{byte:02X}" for byte in raw)


def member_path(parent: str, name: str) -> str:
    """Locator of a member of a container."""
    return f"{parent}{MEMBER}{name}"


def native(address: bytes) -> str:
    """The path to hand to the operating system."""
    return os.fsdecode(address)
