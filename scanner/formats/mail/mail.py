"""A mail message goes in; its participants, headers and texts come out as Segments, its attachments as Children."""

import io
import re
from collections.abc import Iterator
from functools import partial
from typing import IO

from scanner.encoding import decode
from scanner.formats.mail.mail_headers import header_text
from scanner.formats.mail.mail_segments import Alternatives, HeaderReader, body_segments, unflowed
from scanner.formats.mail.mime import Body, Head, headers, walk
from scanner.formats.mail.ranges import ByteRange, Text, Verbatim, with_line_feeds
from scanner.formats.mail.smime import START, content, holds_content, is_enveloped
from scanner.formats.mail.transfer import Decoded, decoded, split_uuencoded, split_yencoded, text_bytes
from scanner.formats.text.html import text_of
from scanner.limits import MB, Budget
from scanner.model import About, Child, Location, Lost, Part, Reason

# A longer text is scanned as a member, because telling what is quoted takes the whole of it, and 100 bytes per line.
_LONGEST_BODY = 2 * MB
_FORMATS_OF_THEIR_OWN = frozenset(
    f"text/{kind}"
    for kind in (
        *("csv", "tab-separated-values", "xml", "json", "rtf", "rfc822-headers"),
        *("vcard", "x-vcard", "directory", "calendar", "x-vcalendar"),
    )
)
_REPORTS = re.compile(r"message/(?:.*-status|disposition-notification|feedback-report|external-body|.*tracking.*)")
_PKCS7 = re.compile(r"application/(?:x-)?pkcs7-mime")


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read a message part by part. Quoted text is marked; what an alternative says again in markup is left out."""
    stream = with_line_feeds(stream)
    reader = _Reader(stream, budget)
    bodies = 0
    for event in walk(stream, budget.limits.max_header):
        if not isinstance(event, Body):
            yield from reader.head(event)
            continue
        bodies += 1
        if bodies > budget.limits.max_members:
            yield Lost("", Reason.LIMIT, f"more than {budget.limits.max_members} parts")
            return
        yield from reader.body(event)


class _Reader:
    """What is known of a message while its parts go by."""

    def __init__(self, stream: IO[bytes], budget: Budget) -> None:
        self._stream = stream
        self._budget = budget
        self._text = Text(stream)
        self._thread = ""
        self._alternatives = Alternatives()
        self._told_too_deep = False

    def head(self, head: Head) -> Iterator[Part]:
        """The headers of the message, or those of a part that say more than what it is."""
        if not head.path:
            self._thread = head.thread
            if head.date is not None:
                yield About(content_date=head.date)
        reader = HeaderReader(Location.of(part=head.path) if head.path else Location(), self._thread)
        for header in headers(self._text, (head.start, head.end), self._budget.limits.max_header, top=not head.path):
            if not isinstance(header, int):
                yield from reader.read(header.name, header_text(header.raw), header.piece)
        yield from reader.rest()

    def body(self, body: Body) -> Iterator[Part]:
        """One part's content."""
        head = body.head
        if body.too_deep and not self._told_too_deep:
            self._told_too_deep = True
            yield Lost("", Reason.LIMIT, "parts nested too deeply were read as text")
        if body.gap or body.too_deep:
            yield from self._readable(body, "text/plain")
        elif self._is_encrypted(body):
            if head.media_type != "application/pgp-encrypted":
                # The whole of the message, or one attachment among others.
                name = "" if body.encrypted or not head.path else head.filename
                yield Lost(name, Reason.ENCRYPTED, "encrypted mail: needs the key of its recipient")
        elif _is_text(head):
            yield from self._readable(body, head.media_type)
        elif _PKCS7.fullmatch(head.media_type) and holds_content(self._start(body)):
            yield from self._signed(body)
        else:
            yield from self._member(body)

    def _is_encrypted(self, body: Body) -> bool:
        if body.encrypted and not _is_text(body.head):  # a mailing list may have put a footer there
            return True
        if not _PKCS7.fullmatch(body.head.media_type):
            return False
        return is_enveloped(self._start(body), body.head.parameters.get("smime-type", "").lower())

    def _start(self, body: Body) -> bytes:
        return _opened(self._stream, body.start, body.end, body.head.encoding).read(START)

    def _signed(self, body: Body) -> Iterator[Part]:
        """A part that is signed as a whole: what was signed is a message, or a part of one."""
        open_signed = partial(_opened_signed, self._stream, body.start, body.end, body.head.encoding)
        yield Child(body.head.filename or "smime.p7m", open_signed, hint="message/rfc822")

    def _member(self, body: Body, name: str = "", hint: str = "") -> Iterator[Part]:
        head = body.head
        verbatim = Verbatim(self._budget)
        verbatim.mark()
        yield Child(
            name or head.filename,
            partial(_opened, self._stream, body.start, body.end, "" if body.gap else head.encoding),
            hint=hint or _hint(head),
        )
        verbatim.give_back(body.end - body.start)

    def _readable(self, body: Body, media_type: str) -> Iterator[Part]:
        head = body.head
        if body.end - body.start > _LONGEST_BODY:
            yield from self._member(body, f"part {head.path or '1'}", media_type)
            return
        data = ByteRange(self._stream, body.start, body.end).read()
        if not body.gap or head.encoding == "base64":  # spam encodes a whole multipart
            data = text_bytes(data, head.encoding)
        data, packed = split_yencoded(data)
        charset = head.parameters.get("charset", "")
        text = text_of(data, charset) if media_type == "text/html" else decode(data, charset)
        place = head.path or "1"
        if body.gap:
            place = f"{head.path or '0'}:{'before' if body.start == head.end else 'after'}"
        if not body.gap and self._alternatives.says_nothing_new(body.alternative, text):
            return
        if head.parameters.get("format", "").lower() == "flowed" and media_type == "text/plain":
            text = unflowed(text, keep_space=head.parameters.get("delsp", "").lower() != "yes")
        text, files = split_uuencoded(text)
        yield from body_segments(text, Location.of(part=place), self._thread)
        for name, data_of_file in (*packed, *files):
            yield Child(name, partial(io.BytesIO, data_of_file))


def _is_text(head: Head) -> bool:
    """A text that is read with the message, not an attachment and none that has a format of its own."""
    if head.filename or head.disposition == "attachment" or head.media_type in _FORMATS_OF_THEIR_OWN:
        return False
    return head.media_type.startswith("text/") or _REPORTS.fullmatch(head.media_type) is not None


def _hint(head: Head) -> str:
    is_message = head.media_type.startswith("message/") or head.media_type == "text/rfc822-headers"
    return "message/rfc822" if is_message else head.media_type


def _opened(stream: IO[bytes], start: int, end: int, encoding: str) -> IO[bytes]:
    return decoded(ByteRange(stream, start, end), encoding)


def _opened_signed(stream: IO[bytes], start: int, end: int, encoding: str) -> IO[bytes]:
    return io.BufferedReader(Decoded(content(_opened(stream, start, end, encoding), START)))
