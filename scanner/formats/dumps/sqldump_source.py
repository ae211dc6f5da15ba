"""The bytes of a dump go in, its text comes out, a window at a time that moves on; lines are counted from 1."""

import codecs
import re
from typing import IO

from scanner.encoding import decode, encoding_of
from scanner.limits import MB

BLOCK = MB // 2
LONGEST = 64 * MB  # characters of one row or statement
_HEAD = 64 * 1024
_CONTROL = re.compile(r"[\0-\x08\x0e-\x1f]")
_ESCAPED = re.compile("[\ud800-\udfff]")
_DECLARED = re.compile(
    rb"\bSET\s+NAMES\s+'?(\w+)|\bclient_encoding\s*(?:=|TO)\s*'?(\w+)|DEFAULT\s+CHARSET\s*=\s*(\w+)", re.IGNORECASE
)
# As MySQL and PostgreSQL name them, where Python does not know the name.
_CHARSETS = {"koi8r": "koi8-r", "koi8u": "koi8-u", "ujis": "euc_jp", "eucjpms": "euc_jp", "greek": "iso8859-7"}
_CHARSETS |= {"hebrew": "iso8859-8", "latin1": "cp1252", "utf8mb3": "utf-8", "utf8mb4": "utf-8", "sql_ascii": ""}


class Source:
    """`text[at:]` is what was not yet taken. Bytes that are no UTF-8 are surrogate escapes in it: see `cell`."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        head = stream.read(_HEAD)
        found = _DECLARED.search(head)
        self._declared = _python_name(next(filter(None, found.groups())).decode()) if found else ""
        encoding, skip = encoding_of(head, self._declared)
        self._waiting = head[skip:]
        self._decoder = codecs.getincrementaldecoder(encoding or "utf-8")("replace" if encoding else "surrogateescape")
        self.mixed = False  # whether there are such escapes
        self.text = ""
        self.at = 0
        self.line = 1
        self.ended = False
        self.more()

    def more(self) -> bool:
        """Read on, as much again as waits to be taken; False when the end was reached before."""
        if self.ended:
            return False
        rest = self.text[self.at :]
        data = self._waiting or self._stream.read(max(BLOCK, len(rest)))
        self._waiting = b""
        self.ended = not data
        fresh = self._decoder.decode(data, self.ended)
        if not self.mixed and not fresh.isascii():
            self.mixed = _has_escapes(fresh)
        self.text, self.at = rest + fresh, 0
        return True

    def grow(self, wanted: int) -> None:
        """Have so many characters at hand, or all that are left."""
        while len(self.text) - self.at < wanted and self.more():
            pass

    def take(self, end: int) -> str:
        """The text up to `end`, which is taken."""
        taken = self.text[self.at : end]
        self.pass_to(end)
        return taken

    def pass_to(self, end: int) -> None:
        """Go on at `end`."""
        self.line += self.text.count("\n", self.at, end)
        self.at = end

    @property
    def waiting(self) -> int:
        """Characters at hand that were not yet taken."""
        return len(self.text) - self.at

    def clean(self, text: str) -> str:
        """Text without escapes: what is no UTF-8 is read in the encoding that is declared, or that it looks like."""
        if not self.mixed or text.isascii() or not _ESCAPED.search(text):
            return text
        return decode(_bytes(text), self._declared)

    def cell(self, value: str, binary: bool) -> str | bytes:
        """A value without escapes, or the bytes that it is: in a column of bytes, or where it is no text."""
        if value.isascii() or not _ESCAPED.search(value):
            return value
        raw = _bytes(value)
        if binary or _CONTROL.search(value):
            return raw
        return decode(raw, self._declared)


def _python_name(charset: str) -> str:
    name = re.sub(r"^win(\d+)$", r"cp\1", charset.lower())
    return _CHARSETS.get(name, name)


def _has_escapes(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape" if _is_escaped(text) else "replace")


def _is_escaped(text: str) -> bool:
    return not re.search("[\ud800-\udc7f\udd00-\udfff]", text)
