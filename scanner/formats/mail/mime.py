"""A mail message as a stream goes in; its part headers and bodies come out as offsets: one pass, without recursion."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, NamedTuple, TypeAlias

from scanner.formats.mail.mail_headers import decode_words, header_text, parameters
from scanner.formats.mail.mail_segments import moment, plain_subject
from scanner.formats.mail.ranges import Text

# Levels of multipart within multipart; below them a part is read as text. Nested messages are items of their own.
DEEPEST = 100
_LONGEST_BOUNDARY = 1000
_THREAD_INDEX = 28  # letters of base64: 21 bytes, which all mails of a conversation share (the 22nd is cut by them)
_HEADER = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_MIME_HEADER = re.compile(rb"content-[a-z-]{2,40}[ \t]*:", re.IGNORECASE)
_SEPARATOR = re.compile(rb"[ \t\n,;](?=[^ \t\n,;]*\Z)")
_ID = re.compile(r"<[^<>\s]{1,998}>")
_STRUCTURE = frozenset(
    ("content-type", "content-transfer-encoding", "content-disposition", "message-id", "references", "in-reply-to")
)
_TOP = frozenset(("date", "resent-date", "delivery-date", "received", "thread-index", "subject"))


class Header(NamedTuple):
    """A raw header; one that is longer than the cap comes in several pieces, counted from 0. Junk has no name."""

    name: str
    raw: bytes
    piece: int


@dataclass(frozen=True, slots=True)
class Head:
    """The header, `start` to `end`, of a message (path "") or of a part such as "2.1"."""

    path: str
    start: int
    end: int
    media_type: str
    parameters: dict[str, str]
    disposition: str = ""
    filename: str = ""
    encoding: str = ""
    thread: str = ""
    date: float | None = None  # seconds since 1970, of a message


@dataclass(frozen=True, slots=True)
class Body:
    """What stands below a head; `gap`: text before the first part of a multipart, or behind its last one.

    `alternative` is the path of the outermost alternative around it, `encrypted` whether a multipart says so.
    """

    head: Head
    start: int
    end: int
    gap: bool = False
    alternative: str | None = None
    encrypted: bool = False
    too_deep: bool = False


Event: TypeAlias = Head | Body


@dataclass(slots=True)
class _Level:
    head: Head
    boundaries: set[bytes]
    alternative: str | None
    encrypted: bool
    parts: int = 0


@dataclass(slots=True)
class _Stack:
    """The multiparts that are open, and which of them a boundary belongs to."""

    levels: list[_Level] = field(default_factory=list)
    owners: dict[bytes, list[int]] = field(default_factory=dict)

    def push(self, head: Head) -> None:
        outer = self.levels[-1] if self.levels else None
        alternative = outer.alternative if outer else None
        if alternative is None and head.media_type == "multipart/alternative":
            alternative = head.path
        encrypted = head.media_type == "multipart/encrypted" or (outer is not None and outer.encrypted)
        self.levels.append(_Level(head, set(), alternative, encrypted))
        boundary = head.parameters.get("boundary", "").rstrip()
        if boundary:
            self.adopt(boundary.encode("utf-8", "surrogateescape"))

    def adopt(self, boundary: bytes) -> None:
        """Let this boundary, too, separate the parts of the innermost level."""
        if boundary in self.levels[-1].boundaries:
            return
        self.levels[-1].boundaries.add(boundary)
        self.owners.setdefault(boundary, []).append(len(self.levels) - 1)

    def owner(self, line: bytes) -> tuple[int, bool] | None:
        """The level that a delimiter line belongs to, and whether it closes it."""
        name = line[2:].rstrip(b" \t\r\n")
        if owners := self.owners.get(name):
            return owners[-1], False
        if name.endswith(b"--") and (owners := self.owners.get(name[:-2])):
            return owners[-1], True
        return None

    def cut(self, index: int) -> None:
        """Close all levels within this one."""
        while len(self.levels) > index + 1:
            for boundary in self.levels.pop().boundaries:
                self.owners[boundary].pop()


def headers(
    text: Text, span: tuple[int, int], cap: int, *, top: bool, is_boundary: Callable[[bytes], bool] | None = None
) -> Iterator[Header | int]:
    """The headers in a span, and at last, as a number, where the body begins. Blank lines may stand at the `top`."""
    name, raw, piece = "", bytearray(), 0
    for start, line, kind in _header_lines(text, span, top, is_boundary):
        if kind == "end":
            if raw:
                yield Header(name, bytes(raw), piece)
            yield start
            return
        if kind == "begin":
            if raw:
                yield Header(name, bytes(raw), piece)
            match = _HEADER.match(line)
            name = match[1].decode("ascii") if match else ""
            raw, piece = bytearray(line[match.end() :] if match else line), 0
        else:
            raw += line
        while len(raw) > cap:
            cut = _cut(raw, cap)
            yield Header(name, bytes(raw[:cut]), piece)
            raw, piece = raw[cut:], piece + 1


def _header_lines(
    text: Text, span: tuple[int, int], top: bool, is_boundary: Callable[[bytes], bool] | None
) -> Iterator[tuple[int, bytes, str]]:
    """Lines of a header, each with its offset and whether it begins a field or goes on; then the end."""
    at, end = span
    fresh = True  # a line begins here, not the rest of one that is longer than 64 KB
    while at < end and (line := text.line(at)):
        if not fresh or (not top and line[:1] in b" \t" and line.strip()):
            yield at, line, "more"
        elif not line.strip(b"\r\n"):
            if not top:
                at += len(line)
                break
        elif is_boundary and line.startswith(b"--") and is_boundary(line):
            break
        elif _HEADER.match(line) or _HEADER.match(text.line(at + len(line))):
            top = False
            yield at, line, "begin"
        else:
            break  # Junk among headers is passed over; here the body has begun without a blank line.
        at += len(line)
        fresh = line.endswith(b"\n")
    yield at, b"", "end"


def _cut(raw: bytearray, cap: int) -> int:
    """Where to end a piece: behind the last separator of its last kilobyte."""
    found = _SEPARATOR.search(raw, max(cap - 1024, 0), cap)
    return found.end() if found else cap


def walk(stream: IO[bytes], cap: int) -> Iterator[Event]:
    """Heads and bodies in the order in which they stand."""
    text = Text(stream)
    at = 3 if text.line(0).startswith(b"\xef\xbb\xbf") else 0
    stack = _Stack()
    path, default = "", "text/plain"
    while True:
        head = _head(text, at, cap, (path, default), stack)
        yield head
        at = head.end
        is_multipart = head.media_type.startswith("multipart/")
        gap = is_multipart and len(stack.levels) < DEEPEST
        too_deep = is_multipart and not gap
        if gap:
            stack.push(head)
        while True:
            found = _delimiter(text, at, stack)
            level = stack.levels[-1] if stack.levels else None
            yield Body(
                head, at, found.end, gap, level.alternative if level else None, level is not None and level.encrypted,
                too_deep,
            )  # fmt: skip
            if found.owner < 0:
                return
            stack.cut(found.owner)
            at = found.after
            head = stack.levels[-1].head
            gap, too_deep = True, False
            if not found.closes:
                break
        level = stack.levels[found.owner]
        level.parts += 1
        path = f"{head.path}.{level.parts}" if head.path else str(level.parts)
        default = "message/rfc822" if head.media_type == "multipart/digest" else "text/plain"


class _Delimiter(NamedTuple):
    """A line between parts: where the text before it ends, where the next begins, whose it is (-1 = end of message)."""

    end: int
    after: int
    owner: int
    closes: bool


def _delimiter(text: Text, at: int, stack: _Stack) -> _Delimiter:
    """The next delimiter line. A boundary that no header declares is believed when a MIME header stands below it."""
    if not stack.levels:
        return _Delimiter(text.size, text.size, -1, False)
    level = stack.levels[-1]
    start = at
    mark = at if text.line(at).startswith(b"--") else text.find(b"\n--", at) + 1
    while mark < text.size:
        line = text.line(mark)
        if len(line) <= _LONGEST_BOUNDARY:
            if level.parts == 0 and stack.owner(line) is None and _begins_part(text, mark, line):
                stack.adopt(line[2:].rstrip(b" \t\r\n"))
            if owner := stack.owner(line):
                before = text.before(mark, 2) if mark > start else b""
                gone = 2 if before == b"\r\n" else 1 if before.endswith(b"\n") else 0
                return _Delimiter(max(mark - gone, start), mark + len(line), *owner)
        mark = text.find(b"\n--", mark + 1) + 1
    return _Delimiter(text.size, text.size, -1, False)


def _begins_part(text: Text, at: int, line: bytes) -> bool:
    """Whether a line looks like a boundary: a MIME header stands below it."""
    return len(line.strip()) > 2 and _MIME_HEADER.match(text.line(at + len(line))) is not None


def _head(text: Text, at: int, cap: int, place: tuple[str, str], stack: _Stack) -> Head:
    """Read the header of the part at `place`: its path, and the type it has if it names none."""
    path, default = place
    fields: dict[str, str] = {}
    end = at
    for header in headers(
        text, (at, text.size), cap, top=not path, is_boundary=lambda line: stack.owner(line) is not None
    ):
        if isinstance(header, int):
            end = header
        elif header.piece == 0 and ((name := header.name.lower()) in _STRUCTURE or (not path and name in _TOP)):
            fields.setdefault(name, header_text(header.raw))
    media_type, described = parameters(fields.get("content-type", ""))
    disposition, disposed = parameters(fields.get("content-disposition", ""))
    filename = disposed.get("filename") or described.get("name") or disposed.get("name") or ""
    if "content-type" not in fields and not path and _looks_multipart(text, end):
        media_type = "multipart/mixed"
    return Head(
        path, at, end,
        media_type if "/" in media_type else default,
        described, disposition,
        decode_words(filename).strip(),
        fields.get("content-transfer-encoding", "").partition(";")[0].strip().strip('"').lower(),
        "" if path else _thread(fields),
        None if path else _date(fields),
    )  # fmt: skip


def _looks_multipart(text: Text, at: int) -> bool:
    """A message that has lost its Content-Type: its body begins with a boundary and a MIME header."""
    for _ in range(4):
        line = text.line(at)
        if line.startswith(b"--"):
            return _begins_part(text, at, line)
        at += len(line)
    return False


def _thread(fields: dict[str, str]) -> str:
    """What a conversation has in common: the id that it began with, else Outlook's own sign, else its subject."""
    for name in ("references", "in-reply-to", "message-id"):
        if found := _ID.search(fields.get(name, "")):
            return found[0]
    index = re.sub(r"\s", "", fields.get("thread-index", ""))
    if len(index) >= _THREAD_INDEX:
        return index[:_THREAD_INDEX]
    return plain_subject(decode_words(fields.get("subject", "")))


def _date(fields: dict[str, str]) -> float | None:
    """When a message was written, else when it went through a server."""
    for name in ("date", "resent-date", "delivery-date", "received"):
        if name in fields and (when := moment(fields[name])) is not None:
            return when
    return None
