"""RTF in which Outlook has wrapped the HTML or the text of a mail (MS-OXRTFEX) goes in, that HTML or text comes out."""

import re
from dataclasses import dataclass, replace

from scanner.formats.office.rtf_codes import CHARACTERS, CHARSETS, CODE_PAGES, SIGNS, Kind, Token, tokens

HTML, TEXT = "text/html", "text/plain"
_WRAPPED = re.compile(rb"\\from(html|text)", re.IGNORECASE)
_START = 1024  # the word stands right behind the first ones
_DEEPEST = 1000
_APART = frozenset(("fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "mhtmltag", "header", "footer"))
_BREAKS = frozenset(("par", "row", "sect", "page"))


@dataclass(slots=True)
class _Group:
    """What a group inherits and its end takes back."""

    ignored: bool = False
    tag: bool = False  # raw HTML
    fonts: bool = False
    encoding: str = "cp1252"
    skip: int = 1


def unwrapped(rtf: bytes) -> tuple[str, str] | None:
    """(media type, text) of what was wrapped; None for RTF that was RTF from the start."""
    found = _WRAPPED.search(rtf[:_START])
    if not found:
        return None
    reader = _Reader()
    for token in tokens(rtf):
        reader.read(token)
    return (HTML if found[1].lower() == b"html" else TEXT), reader.text()


class _Reader:
    """One pass over the tokens; text that only an RTF reader is meant to see stands between htmlrtf and htmlrtf0."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._bytes = bytearray()
        self._stack: list[_Group] = []
        self._now = _Group()
        self._dropped_levels = 0
        self._starred = False
        self._for_rtf = False
        self._to_skip = 0
        self._page = "cp1252"
        self._font = 0
        self._encodings: dict[int, str] = {}

    def text(self) -> str:
        """All that was wrapped."""
        self._flush()
        # Characters beyond 16 bits come in halves.
        return "".join(self._out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def read(self, token: Token) -> None:
        """Take the next token."""
        starred, self._starred = self._starred, False
        if token.kind is Kind.OPEN:
            self._open()
        elif token.kind is Kind.CLOSE:
            self._close()
        elif token.kind is Kind.WORD:
            self._word(token.name, token.number, starred)
        elif token.kind is Kind.SIGN and token.name == "*":
            self._starred = True
        elif token.kind is Kind.SIGN:
            self._put(SIGNS.get(token.name, "\n" if token.name in "\r\n" else token.name))
        elif token.kind in (Kind.TEXT, Kind.BYTE):
            self._raw(token.data)

    def _open(self) -> None:
        self._flush()
        if len(self._stack) >= _DEEPEST:
            self._dropped_levels += 1
        else:
            self._stack.append(self._now)
            self._now = replace(self._now)

    def _close(self) -> None:
        self._flush()
        if self._dropped_levels:
            self._dropped_levels -= 1
        elif self._stack:
            self._now = self._stack.pop()

    def _word(self, name: str, number: int | None, starred: bool) -> None:
        if name == "htmltag" and starred:
            self._now.tag = True
        elif name == "htmlrtf":
            self._flush()
            self._for_rtf = number != 0
        elif name in _APART or starred:
            self._now.ignored, self._now.fonts = True, name == "fonttbl"
        elif name == "uc":
            self._now.skip = max(number if number is not None else 1, 0)
        elif name == "u" and number is not None:
            self._put(chr(number % 0x10000))
            self._to_skip = self._now.skip
        elif name in _BREAKS:
            self._put("\r\n")
        elif name in CHARACTERS:
            self._put(CHARACTERS[name])
        else:
            self._set_encoding(name, number)

    def _set_encoding(self, name: str, number: int | None) -> None:
        now = self._now
        if name == "ansicpg" and number:
            self._page = CODE_PAGES.get(number, f"cp{number}")
            now.encoding = self._page
        elif name == "f" and number is not None:
            self._flush()
            self._font = number
            now.encoding = now.encoding if now.fonts else self._encodings.get(number, self._page)
        elif name == "fcharset" and now.fonts:
            self._encodings[self._font] = CHARSETS.get(number or 0, self._page)

    def _is_seen(self) -> bool:
        return not self._now.ignored and (self._now.tag or not self._for_rtf)

    def _put(self, text: str) -> None:
        if self._is_seen():
            self._flush()
            self._out.append(text)

    def _raw(self, data: bytes) -> None:
        if self._to_skip:
            skipped = min(self._to_skip, len(data))
            self._to_skip -= skipped
            data = data[skipped:]
        if self._is_seen():
            self._bytes += data

    def _flush(self) -> None:
        if self._bytes:
            encoding = self._page if self._now.tag else self._now.encoding
            try:
                self._out.append(self._bytes.decode(encoding, "replace"))
            except LookupError:
                self._out.append(self._bytes.decode("cp1252", "replace"))
            self._bytes.clear()
