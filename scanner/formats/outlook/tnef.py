"""A mail in Outlook's wrapping (winmail.dat, TNEF) goes in; texts and people come out, its files as Children."""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import IO

from scanner.formats.mail.ranges import ByteRange, length_of
from scanner.formats.outlook import mapi_labels as label
from scanner.formats.outlook.mapi import Attachment, Message, Value, charset_of, parts
from scanner.formats.outlook.mapi_values import BINARY, MULTIPLE, OBJECT, STRING8, UNICODE, value
from scanner.formats.outlook.msg import attachment_hint, attachment_name
from scanner.limits import MB, Budget
from scanner.model import Lost, Part, Reason

_SIGNATURE_SIZE = 6
_ATTRIBUTE = struct.Struct("<BLL")
_CHECKSUM_SIZE = 2
_LONGEST = 256 * MB  # of an attribute that is read as a whole; files are read where they stand
_MOST_VALUES = 100_000
_ATTACHMENT_LEVEL = 2
# Attributes, by the lower half of their number.
_FROM, _SUBJECT, _SENT, _CLASS, _ID, _BODY = 0x8000, 0x8004, 0x8005, 0x8008, 0x8009, 0x800C
_PROPERTIES, _RECIPIENTS, _PAGE = 0x9003, 0x9004, 0x9007
_NEW, _DATA, _TITLE, _FILE_PROPERTIES, _FILE_NAME = 0x9002, 0x800F, 0x8010, 0x9005, 0x9001
# Bytes of a value by its kind; those of other kinds say their own length.
_SIZES = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_INTERFACE = 16  # bytes before an embedded object that say what it is


@dataclass(slots=True)
class _File:
    """What the attributes say of one attachment."""

    properties: dict[int, Value] = field(default_factory=dict)
    span: tuple[int, int] | None = None
    title: str = ""


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read the whole of it, attribute by attribute; what is cut off is said to be lost."""
    reader = _Reader(stream)
    reader.read()
    yield from parts(reader.message(), budget)
    if reader.broken:
        yield Lost("", Reason.DAMAGED, "the end of this mail is missing or damaged")


class _Reader:
    """One pass over the attributes."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._size = length_of(stream)
        self._properties: dict[int, Value] = {}
        self._named: dict[int | str, Value] = {}
        self._recipients: list[dict[int, Value]] = []
        self._files: list[_File] = []
        self._charset = ""
        self.broken = False

    def message(self) -> Message:
        """What has been read."""
        return Message(self._properties, self._named, tuple(self._recipients), map(self._attachment, self._files))

    def read(self) -> None:
        """Read all attributes."""
        at = _SIGNATURE_SIZE
        while at + _ATTRIBUTE.size <= self._size:
            self._stream.seek(at)
            level, number, length = _ATTRIBUTE.unpack(self._stream.read(_ATTRIBUTE.size))
            start = at + _ATTRIBUTE.size
            if level not in {1, _ATTACHMENT_LEVEL} or start + length > self._size:
                self.broken = True
                length = self._size - start
                if level not in {1, _ATTACHMENT_LEVEL}:
                    return
            self._attribute(level, number & 0xFFFF, start, length)
            at = start + length + _CHECKSUM_SIZE

    def _attribute(self, level: int, number: int, start: int, length: int) -> None:
        if level == _ATTACHMENT_LEVEL and number == _DATA:
            self._file().span = (start, start + length)
            return
        self._stream.seek(start)
        data = self._stream.read(min(length, _LONGEST))
        if level == _ATTACHMENT_LEVEL:
            self._of_file(number, data)
        elif number == _PROPERTIES:
            self._properties |= self._read_properties(data, self._named)
        elif number == _RECIPIENTS:
            self._read_recipients(data)
        elif number == _PAGE:
            self._charset = charset_of(int.from_bytes(data[:4], "little"))
        else:
            self._of_message(number, data)

    def _of_message(self, number: int, data: bytes) -> None:
        """Attributes of old programs; the properties, which come later, say the same where they are."""
        if number == _FROM:
            self._from(data)
        else:
            known = {_SUBJECT: label.SUBJECT, _BODY: label.BODY, _CLASS: label.CLASS}.get(number)
            if known:
                self._properties.setdefault(known, value(STRING8, data, self._charset) or "")

    def _from(self, data: bytes) -> None:
        """A kind, three lengths, then name and `SMTP:address`, both ended by zero."""
        if len(data) < 8:
            return
        _, _, names, address = struct.unpack_from("<HHHH", data)
        name = value(STRING8, data[8 : 8 + names], self._charset)
        kind, _, said = str(value(STRING8, data[8 + names : 8 + names + address], self._charset)).partition(":")
        for number, text in ((0x0042, name), (0x0064, kind), (0x0065, said)):
            self._properties.setdefault(number, text or "")

    def _file(self) -> _File:
        if not self._files:
            self._files.append(_File())
        return self._files[-1]

    def _of_file(self, number: int, data: bytes) -> None:
        if number == _NEW:
            self._files.append(_File())
        elif number in {_TITLE, _FILE_NAME}:
            self._file().title = self._file().title or str(value(STRING8, data, self._charset))
        elif number == _FILE_PROPERTIES:
            self._file().properties |= self._read_properties(data, {})

    def _attachment(self, file: _File) -> Attachment:
        name = attachment_name(file.properties) or file.title
        hint = attachment_hint(file.properties)
        held = file.properties.get(label.DATA)
        if isinstance(held, bytes) and held:
            return Attachment(name, partial(io.BytesIO, held), len(held), hint)
        if file.span:
            start, end = file.span
            source = partial(ByteRange, self._stream, start, end)
            return Attachment(name, lambda: io.BufferedReader(source()), end - start, hint)
        return Attachment(name, io.BytesIO, lost=(Reason.UNSUPPORTED, "only a link to this file was sent"))

    def _read_recipients(self, data: bytes) -> None:
        at = 4
        for _ in range(min(int.from_bytes(data[:4], "little"), _MOST_VALUES)):
            if at >= len(data):
                return
            found, at = self._list(data, at, {})
            self._recipients.append(found)

    def _read_properties(self, data: bytes, named: dict[int | str, Value]) -> dict[int, Value]:
        return self._list(data, 0, named)[0]

    def _list(self, data: bytes, at: int, named: dict[int | str, Value]) -> tuple[dict[int, Value], int]:
        """A count and so many properties; gives them, and where they end."""
        found: dict[int, Value] = {}
        count = int.from_bytes(data[at : at + 4], "little")
        at += 4
        for _ in range(min(count, _MOST_VALUES)):
            if at + 4 > len(data):
                self.broken = True
                break
            kind, number = struct.unpack_from("<HH", data, at)
            at += 4
            name: int | str = number
            if number >= 0x8000:
                name, at = _name(data, at)
            said, at = self._said(kind, data, at)
            if at < 0:
                self.broken = True
                return found, len(data)
            if said is not None and number >= 0x8000:
                named[name] = said
            elif said is not None:
                found[number] = said
        return found, at

    def _said(self, kind: int, data: bytes, at: int) -> tuple[Value | None, int]:
        """One property's value and where it ends, -1 for a kind that nobody knows."""
        single = kind & ~MULTIPLE
        size = _SIZES.get(single)
        if size is None and single not in {STRING8, UNICODE, BINARY, OBJECT}:
            return None, -1
        count = 1
        if size is None or kind & MULTIPLE:
            count = int.from_bytes(data[at : at + 4], "little")
            at += 4
        said: list[Value | None] = []
        for _ in range(min(count, _MOST_VALUES)):
            if at >= len(data):
                self.broken = True
                break
            length = size
            if length is None:
                length = int.from_bytes(data[at : at + 4], "little")
                at += 4
            self.broken = self.broken or at + length > len(data)
            piece = data[at : at + length]
            said.append(value(single, piece[_INTERFACE:] if single == OBJECT else piece, self._charset))
            at += (length + 3) // 4 * 4
        if kind & MULTIPLE and single in {STRING8, UNICODE}:
            return tuple(map(str, said)), at
        return (said[0] if said else None), at


def _name(data: bytes, at: int) -> tuple[int | str, int]:
    """What a named property is called, and where its name ends."""
    at += 16
    kind, number = struct.unpack_from("<LL", data.ljust(at + 8, b"\0"), at)
    at += 8
    if not kind:
        return number, at
    text = data[at : at + min(number, 2000)].decode("utf-16-le", "replace").rstrip("\0")
    return text, at + (number + 3) // 4 * 4
