"""A mailbox export (mbox, any dialect) goes in; each message comes out as a Child, read where it stands."""

import io
import re
from collections.abc import Iterator
from functools import partial
from typing import IO, NamedTuple

from scanner.encoding import decode_stream
from scanner.formats.mail.ranges import ByteRange, Text, Verbatim, with_line_feeds
from scanner.formats.mail.transfer import Decoded
from scanner.limits import Budget
from scanner.model import Child, Cut, Location, Part, Place, Segment, Tally
from scanner.segment import stream_segments

# Bytes. More shorter messages than the limit on members are no mailbox, but made to exhaust whoever reads them.
_SMALL = 100
_LONGEST_HEAD = 64 * 1024
_BLOCK = 64 * 1024
_CUT = 1024 * 1024
_PROBE = 1024  # a Content-Length may point anywhere: little is read to see whether it is right
_FROM = b"\nFrom "
_DATE = re.compile(rb"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? [^:\r\n]{0,40}\d\d?:\d\d")
_TIME = re.compile(rb"\b\d\d?:\d\d")
_YEAR = re.compile(rb"\b(?:19|20)\d\d\b")
_HEADER = re.compile(rb"[!-9;-~]{1,76}[ \t]*:|>From ")
_KNOWN_HEADER = re.compile(
    rb"(?:return-path|received|from|to|cc|date|subject|message-id|mime-version|content-[a-z-]{1,40}|delivered-to|sender|"
    rb"reply-to|status|x-[a-z0-9-]{1,60})[ \t]*:",
    re.IGNORECASE,
)
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_SENDER = re.compile(rb"From ([^\s@<>]{1,64}@(?!xxx\s)[^\s@<>]{1,253})\s")


class _Message(NamedTuple):
    """A message: its From line at `mark`, its bytes from `start` to `end`; `framed` by a Content-Length that is right.

    `sender` is the address in the From line if no header repeats it.
    """

    mark: int
    start: int
    end: int
    framed: bool
    sender: str


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read message by message, in memory that does not grow with the mailbox. Text before the first is given too."""
    stream = with_line_feeds(stream)
    text = Text(stream)
    begin = 3 if text.line(0).startswith(b"\xef\xbb\xbf") else 0
    first = begin if text.line(begin).startswith(b"From ") else _next(text, begin)
    lost_its_line = 0
    if first > begin:
        for part in _before(stream, text, begin, first):
            lost_its_line += isinstance(part, Child)
            yield part
    yield from _from(stream, budget, first, lost_its_line)


def extract_from(stream: IO[bytes], budget: Budget, place: Place) -> Iterator[Part]:
    """The same from the message at `place` on: where its From line stands, how many are before it, the last cut."""
    mark, count, cut = map(int, place)
    yield from _from(with_line_feeds(stream), budget, mark, count, cut)


def _from(stream: IO[bytes], budget: Budget, first: int, count: int, cut: int = -1) -> Iterator[Part]:
    text, probe = Text(stream), Text(stream, _PROBE)
    verbatim = Verbatim(budget)
    cut = first if cut < 0 else cut
    for message in _messages(text, probe, first):
        size = message.end - message.start
        if message.mark - cut >= _CUT:
            cut = message.mark
            yield Cut((message.mark, count, cut), cut)
        place = (message.mark, count, cut)
        verbatim.mark()
        yield Child("", partial(_opened, stream, message), size, hint="message/rfc822", place=place)
        verbatim.give_back(size)
        if size < _SMALL:
            budget.charge_member()
        if message.sender:
            where = Location.of(byte=message.mark, header="From_")
            yield Segment(message.sender, where, label="From", record=str(where), role="sender")
        count += 1
    yield Tally(count, count)


def _before(stream: IO[bytes], text: Text, start: int, end: int) -> Iterator[Part]:
    """What stands above the first From line: a mail that has lost its own, or text."""
    at = start
    while at < end and not text.line(at).strip():
        at += len(text.line(at))
    if _KNOWN_HEADER.match(text.line(at)):
        yield Child("", partial(_opened, stream, _Message(at, at, end, False, "")), end - at, hint="message/rfc822")
    elif at < end:
        yield from stream_segments(decode_stream(io.BufferedReader(ByteRange(stream, start, end))))


def _messages(text: Text, probe: Text, mark: int) -> Iterator[_Message]:
    while mark < text.size:
        line = text.line(mark)
        start = mark + len(line)
        head, body = _head(text, start)
        following = _framed_end(probe, head, body)
        framed = following > 0
        if not framed:
            following = _next(text, start - 1)
        yield _Message(mark, start, _without_blank(text, start, following), framed, _sender(line, head))
        mark = following


def _head(text: Text, start: int) -> tuple[bytes, int]:
    """The header lines of a message and where its body begins."""
    lines: list[bytes] = []
    at, length = start, 0
    while length < _LONGEST_HEAD and (line := text.line(at)):
        if not (_HEADER.match(line) or (line[:1] in b" \t" and line.strip())):
            at += len(line) if not line.strip() else 0
            break
        lines.append(line)
        at += len(line)
        length += len(line)
    return b"".join(lines), at


def _framed_end(text: Text, head: bytes, body: int) -> int:
    """Where the next From line stands by this message's Content-Length; 0 when there is none, or it is wrong."""
    found = _LENGTH.search(head)
    at = body + int(found[1]) if found else text.size + 1
    if at > text.size:
        return 0
    for _ in range(3):
        line = text.line(at)
        if not line:
            return at
        if line.startswith(b"From "):
            whole_line = text.before(at, 1) == b"\n"
            return at if whole_line and _separates(text, at) else 0
        if line.strip():
            return 0
        at += len(line)
    return 0


def _next(text: Text, at: int) -> int:
    """Where the next From line stands that separates messages; the size of the file when there is none."""
    mark = text.find(_FROM, max(at, 0))
    while mark < text.size:
        if _separates(text, mark + 1):
            return mark + 1
        mark = text.find(_FROM, mark + 1)
    return text.size


def _separates(text: Text, at: int) -> bool:
    """Whether a line that begins with "From " is an envelope, not a sentence that a program forgot to quote."""
    line = text.line(at)
    following = text.line(at + len(line))
    line = line[:500]
    is_dated = _DATE.search(line) is not None and _YEAR.search(line) is not None
    if not text.before(at, 3).endswith((b"\n\n", b"\n\r\n")):
        return is_dated and _KNOWN_HEADER.match(following) is not None
    if is_dated or _KNOWN_HEADER.match(following):
        return True
    likely = _TIME.search(line) is not None and _YEAR.search(line) is not None
    return likely and _HEADER.match(following) is not None


def _without_blank(text: Text, start: int, end: int) -> int:
    """Where a message ends: the blank line above a From line belongs to the mailbox."""
    before = text.before(end, 4)
    gone = 2 if before.endswith(b"\n\r\n") else 1 if before.endswith(b"\n\n") else 0
    return max(start, end - gone)


def _sender(line: bytes, head: bytes) -> str:
    found = _SENDER.match(line[:500])
    return found[1].decode("utf-8", "replace") if found and found[1].lower() not in head.lower() else ""


def _opened(stream: IO[bytes], message: _Message) -> IO[bytes]:
    source = ByteRange(stream, message.start, message.end)
    # A message framed by its length needs no quoting; ">From " then is the writer's own.
    return io.BufferedReader(source if message.framed else Decoded(_unquoted(source)), _BLOCK)


def _unquoted(source: ByteRange) -> Iterator[bytes]:
    """The bytes with one ">" less before each "From " at the start of a line (mboxrd; mboxo has only one)."""
    waiting = b""
    fresh = True
    while block := source.read(_BLOCK):
        waiting += block
        cut = waiting.rfind(b"\n") + 1 or (len(waiting) if len(waiting) > _BLOCK else 0)
        rest_of_line, line_end, lines = (b"", b"", waiting[:cut]) if fresh else waiting[:cut].partition(b"\n")
        yield rest_of_line + line_end + _QUOTED.sub(rb"\1", lines)
        fresh = fresh if not cut else waiting[cut - 1 : cut] == b"\n"
        waiting = waiting[cut:]
    yield _QUOTED.sub(rb"\1", waiting) if fresh else waiting
