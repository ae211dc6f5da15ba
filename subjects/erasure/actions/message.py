"""One message (EML, a file of a maildir) goes in, the same without some words comes out; all else keeps every byte.

Headers with encoded words, quoted-printable and base64 are changed in the form in which they are written.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email.header import Header, decode_header, make_header
from email.message import Message
from email.parser import HeaderParser
from html import escape, unescape
from typing import IO

from subjects.erasure.actions import CannotErase, Cuts
from subjects.erasure.actions.occurrences import Edit, Occurrences, Readable, spliced
from subjects.erasure.actions.texts import MOST

_HEAD_END = re.compile(r"\r?\n\r?\n")
_FIELD = re.compile(r"^([!-9;-~]+):((?:.*(?:\r?\n(?=[ \t]))?)*)", re.MULTILINE)
_WORDS = re.compile(r"=\?[^?\s]+\?[bBqQ]\?[^?]*\?=(?:\s+=\?[^?\s]+\?[bBqQ]\?[^?]*\?=)*")
_QUOTED = re.compile(r"=([0-9A-Fa-f]{2})|=[ \t]*\r?\n|(.)", re.DOTALL)
_MARKUP = re.compile(r"<!--.*?-->|<[^>]*>|&(?:#x[0-9a-fA-F]+|#[0-9]+|[A-Za-z]+);|.", re.DOTALL)
_LINE = re.compile(r"<\s*/?\s*(?:br|p|div|tr|td|th|li|h[1-6]|table)\b", re.IGNORECASE)
_HREF = re.compile(r"""(?:href|title|alt)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_SIGNED = frozenset({
    "multipart/signed", "multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime",
})  # fmt: skip
_LONGEST = 76  # characters of a line in quoted-printable (RFC 2045 section 6.7)


@dataclass(frozen=True, slots=True)
class _Look:
    """What is looked for; `counts` is false in the further versions of a text, of which no finding tells."""

    seen: Occurrences
    counts: bool = True

    def edits(self, readable: Readable, written: Callable[[str], str]) -> Iterator[Edit]:
        return self.seen.edits(readable, written, self.counts)


def rewrite(source: IO[bytes], target: IO[bytes], cuts: Cuts) -> None:
    """Replace words in headers and texts; raises CannotErase for signed and encrypted mail, and for attachments."""
    data = source.read(MOST + 1)
    if len(data) > MOST:
        raise CannotErase(f"the message is larger than {MOST // 1024**2} MB")
    if cuts.inside or cuts.members:
        raise CannotErase("it is in an attachment of a message")
    seen = Occurrences(cuts.cuts)
    raw = data.decode("latin-1")
    edits = list(_entity(raw, 0, len(raw), _Look(seen)))
    seen.check()
    target.write(spliced(raw, edits).encode("latin-1"))


def _entity(raw: str, start: int, end: int, look: _Look) -> Iterator[Edit]:
    """The edits of a message or of one of its parts."""
    found = _HEAD_END.search(raw, start, end)
    # A part may have no headers at all: then it begins with the empty line.
    empty = re.compile(r"\r?\n").match(raw, start, end)
    head, body = (start, empty.end()) if empty else (found.start(), found.end()) if found else (end, end)
    yield from _headers(raw, start, head, look)
    fields = HeaderParser().parsestr(raw[start:head])
    kind = fields.get_content_type()
    if kind in _SIGNED:
        raise CannotErase("the message is signed or encrypted, and a change would break it")
    if kind.startswith("multipart/"):
        parts = list(_parts(raw, body, end, fields.get_boundary() or ""))
        if not parts:
            raise CannotErase("the message is cut off or damaged")
        read = _read_of(raw, parts) if kind == "multipart/alternative" else None
        for number, (first, last) in enumerate(parts):
            yield from _entity(
                raw, first, last, replace(look, counts=look.counts and number == (number if read is None else read))
            )
    elif kind == "message/rfc822":
        return  # a message within a message is an item of its own
    elif kind.startswith("text/") and fields.get_content_disposition() != "attachment":
        yield from _text(raw, body, end, fields, look)


def _read_of(raw: str, parts: list[tuple[int, int]]) -> int:
    """Of several versions of one text the one that the scan reads: the plain one, else the first."""
    kinds = [HeaderParser().parsestr(raw[start:end].partition("\n\n")[0]).get_content_type() for start, end in parts]
    return kinds.index("text/plain") if "text/plain" in kinds else 0


def _parts(raw: str, start: int, end: int, boundary: str) -> Iterator[tuple[int, int]]:
    mark = re.compile(rf"(?:(?<=\n)|\A)--{re.escape(boundary)}(--)?[ \t]*(?:\r?\n|\Z)")
    first = -1
    for found in mark.finditer(raw, start, end):
        if first >= 0:
            # The line end before a boundary belongs to the boundary (RFC 2046 section 5.1.1).
            last = found.start() - (2 if raw[found.start() - 2 : found.start()] == "\r\n" else 1)
            yield first, max(first, last)
        first = -1 if found[1] else found.end()
        if found[1]:
            return
    if first >= 0:
        yield first, end


def _headers(raw: str, start: int, end: int, look: _Look) -> Iterator[Edit]:
    for field in _FIELD.finditer(raw, start, end):
        if "=?" in field[2]:
            yield from _encoded(raw, field.start(2), min(field.end(2), end), look)
        else:
            readable = _readable(_plain(raw, field.start(2), min(field.end(2), end)), "utf-8")
            yield from look.edits(readable, lambda words: words.encode().decode("latin-1"))


def _encoded(raw: str, start: int, end: int, look: _Look) -> Iterator[Edit]:
    """A header with encoded words (RFC 2047): runs of these are read, and written anew where something goes."""
    pieces: list[tuple[int, int, str, bool]] = []
    done = start
    for found in _WORDS.finditer(raw, start, end):
        pieces += [(done, found.start(), raw[done : found.start()], False)]
        pieces += [(*found.span(), str(make_header(decode_header(found[0]))), True)]
        done = found.end()
    pieces += [(done, end, raw[done:end], False)]
    whole = Readable()
    for _, _, text, _ in pieces:
        for char in text:
            whole.add(char, len(whole.text), len(whole.text) + 1)
    edits = list(look.edits(whole, lambda words: words))
    at = 0
    for first, last, text, encoded in pieces:
        mine = [
            (max(left, at) - at, min(right, at + len(text)) - at, words if left >= at else "")
            for left, right, words in edits
            if left < at + len(text) and right > at
        ]
        changed = spliced(text, mine)
        if mine:
            yield first, last, Header(changed, "utf-8", maxlinelen=_LONGEST).encode() if encoded else changed
        at += len(text)


def _text(raw: str, start: int, end: int, fields: Message, look: _Look) -> Iterator[Edit]:
    way = str(fields.get("Content-Transfer-Encoding", "")).strip().lower()
    if way == "base64":
        yield from _base64(raw, start, end, fields, look)
        return
    quoted = way == "quoted-printable"
    edits = list(_edits(_quoted(raw, start, end) if quoted else _plain(raw, start, end), fields, look, quoted))
    yield from _short_lines(raw, edits) if quoted else edits


def _base64(raw: str, start: int, end: int, fields: Message, look: _Look) -> Iterator[Edit]:
    """A text in base64 is unpacked, changed and packed again in lines of the same length."""
    body = raw[start:end]
    try:
        text = base64.b64decode(body, validate=False).decode("latin-1")
    except binascii.Error as error:
        raise CannotErase("the message is cut off or damaged") from error
    edits = list(_edits(_plain(text, 0, len(text)), fields, look))
    if not edits:
        return
    line, line_end = body.split("\n", 1)[0].rstrip("\r"), "\r\n" if "\r\n" in body else "\n"
    packed = base64.b64encode(spliced(text, edits).encode("latin-1")).decode("ascii")
    length = len(line) or _LONGEST
    lines = [packed[at : at + length] for at in range(0, len(packed), length)]
    yield start, start + len(body.rstrip()), line_end.join(lines)


def _edits(found: Iterator[tuple[int, int, int]], fields: Message, look: _Look, quoted: bool = False) -> Iterator[Edit]:
    """Edits of a text, whose bytes with their places are `found`; `quoted`: in quoted-printable."""
    charset = fields.get_content_charset() or "utf-8"
    readable = _readable(found, charset)
    if fields.get_content_type() != "text/html":
        yield from look.edits(readable, lambda words: _written(words, charset, quoted))
        return

    def marked_up(words: str) -> str:
        return _written(escape(words), charset, quoted)

    for one in _marked_up(readable):
        yield from look.edits(one, marked_up)
    for href in _HREF.finditer(readable.text):
        group = 1 if href[1] is not None else 2
        value = Readable(href[group], readable.spans[href.start(group) : href.end(group)])
        yield from look.seen.edits(value, marked_up, counts=False)


def _marked_up(readable: Readable) -> Iterator[Readable]:
    """The text between the tags; a tag that begins a new line ends a text."""
    shown = Readable()
    for token in _MARKUP.finditer(readable.text):
        if token[0].startswith("<"):
            if _LINE.match(token[0]):
                yield shown
                shown = Readable()
            continue
        first, last = readable.spans[token.start()], readable.spans[token.end() - 1]
        shown.add(unescape(token[0]), first[0], last[1])
    yield shown


def _plain(raw: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """(byte, start, end) for each byte as it is."""
    return ((ord(raw[at]), at, at + 1) for at in range(start, end))


def _quoted(raw: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    for token in _QUOTED.finditer(raw, start, end):
        if token[1]:
            yield int(token[1], 16), *token.span()
        elif token[2]:
            yield ord(token[2]), *token.span()


def _readable(found: Iterator[tuple[int, int, int]], charset: str) -> Readable:
    """Bytes with their places as text with places; what is not in its charset is read byte by byte."""
    values = list(found)
    data = bytes(value for value, _, _ in values)
    readable = Readable()
    for encoding in (charset, "utf-8", "latin-1"):
        try:
            text = data.decode(encoding)
            lengths = [len(char.encode(encoding)) for char in text]
        except (UnicodeError, LookupError):
            continue
        if sum(lengths) == len(data):
            break
    at, spans = 0, []
    for length in lengths:
        spans.append((values[at][1], values[at + length - 1][2]))
        at += length
    readable.text, readable.spans = text, spans
    return readable


def _written(words: str, charset: str, quoted: bool) -> str:
    try:
        data = words.encode(charset)
    except (UnicodeError, LookupError) as error:
        raise CannotErase("the new words cannot be written in the encoding of the message") from error
    if not quoted:
        return data.decode("latin-1")
    return "".join(chr(byte) if 32 <= byte < 127 and byte != ord("=") else f"={byte:02X}" for byte in data)


def _short_lines(raw: str, edits: list[Edit]) -> Iterator[Edit]:
    """A replacement that would make its line too long begins on a new one, after a soft line break."""
    for start, end, words in edits:
        line = raw.rfind("\n", 0, start) + 1
        rest = raw.find("\n", end)
        length = start - line + len(words) + (rest if rest >= 0 else len(raw)) - end
        soft = "=\r\n" if "\r\n" in raw else "=\n"
        yield start, end, f"{soft}{words}{soft}" if words and length > _LONGEST and len(words) < _LONGEST else words
