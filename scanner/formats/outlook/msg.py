"""An Outlook item saved as a file (MSG) goes in; its people, texts and fields come out, its attachments as Children."""

import io
import struct
from collections.abc import Iterator
from functools import partial
from typing import IO

from scanner.formats.office.ole import Box, opened
from scanner.formats.outlook import mapi_labels as label
from scanner.formats.outlook.mapi import Attachment, Message, Value, charset_of, parts, text_value
from scanner.formats.outlook.mapi_bundle import MAGIC, bundled, read_bundle
from scanner.formats.outlook.mapi_values import MULTIPLE, STRING8, UNICODE, names, split_named, value
from scanner.limits import Budget
from scanner.model import Child, Part, Reason

_STREAM, _PROPERTIES, _NAMES = "__substg1.0_", "__properties_version1.0", "__nameid_version1.0"
_RECIPIENT, _ATTACHMENT = "__recip_version1.0_#", "__attach_version1.0_#"
_OBJECT = f"{_STREAM}3701000d"
_FIXED = 8  # bytes of a value that stands in the list of properties itself
Folder = tuple[str, ...]


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read an item: an OLE file, or one that a mailbox or another item held."""
    if stream.read(len(MAGIC)) == MAGIC:
        yield from parts(read_bundle(stream), budget)
        return
    with opened(stream, budget, "Outlook") as box:
        known = names(box.read(_NAMES, f"{_STREAM}00030102"), box.read(_NAMES, f"{_STREAM}00040102"))
        yield from parts(_Storage(box, known).message(()), budget)
        yield from box.losses()


class _Storage:
    """An OLE file as items within items."""

    def __init__(self, box: Box, known: dict[int, int | str]) -> None:
        self._box = box
        self._known = known
        self._children: dict[Folder, dict[str, None]] = {}
        self._several: dict[Folder, list[str]] = {}  # streams of a property that has several values
        for path in box.paths:
            base, dash, _ = path[-1].partition("-")
            if dash:
                self._several.setdefault((*_lower(path[:-1]), base.lower()), []).append(path[-1])
            for depth in range(len(path)):
                self._children.setdefault(_lower(path[:depth]), {})[path[depth]] = None

    def message(self, folder: Folder) -> Message:
        """The item in a storage; attachments are read when they are asked for."""
        header = 24 if folder else 32
        properties, named = split_named(self._properties(folder, header), self._known)
        page = properties.get(label.CODE_PAGE) or properties.get(label.INTERNET_PAGE)
        charset = charset_of(page)
        if charset:
            properties, named = split_named(self._properties(folder, header, charset), self._known)
        inner = self._children.get(_lower(folder), {})
        recipients = tuple(
            self._properties((*folder, name), 8, charset) for name in inner if name.lower().startswith(_RECIPIENT)
        )
        return Message(properties, named, recipients, self._attachments(folder, charset))

    def _attachments(self, folder: Folder, charset: str) -> Iterator[Attachment]:
        for name in self._children.get(_lower(folder), {}):
            if name.lower().startswith(_ATTACHMENT):
                yield self._attachment((*folder, name), charset)

    def _attachment(self, folder: Folder, charset: str) -> Attachment:
        properties = self._properties(folder, 8, charset, without=label.DATA)
        method = properties.get(label.METHOD)
        name = attachment_name(properties)
        hint = attachment_hint(properties)
        inner = self._children.get(_lower(folder), {})
        held = next((step for step in inner if step.lower() == _OBJECT), "")
        if held and _lower((*folder, held)) in self._children:
            storage = (*folder, held)
            steps = {step.lower() for step in self._children[_lower(storage)]}
            if _PROPERTIES in steps:
                return Attachment(name or "message", partial(bundled, partial(self.message, storage)))
            for part in self._box.embedded(*storage):
                if isinstance(part, Child):
                    return Attachment(name or part.name, part.open, part.size)
            return Attachment(name or "object", io.BytesIO, lost=(Reason.DAMAGED, "this object cannot be taken out"))
        if method in label.BY_REFERENCE and not self._has_data(inner):
            return Attachment(name, io.BytesIO, lost=(Reason.UNSUPPORTED, "only a link to this file was sent"))
        return Attachment(name, partial(self._open, folder), hint=hint)

    def _has_data(self, inner: dict[str, None]) -> bool:
        return any(step.lower().startswith(f"{_STREAM}3701") for step in inner)

    def _open(self, folder: Folder) -> IO[bytes]:
        return io.BytesIO(self._box.read(*folder, f"{_STREAM}37010102"))

    def _properties(self, folder: Folder, header: int, charset: str = "", without: int = 0) -> dict[int, Value]:
        """All properties of a storage but one: those in its list, and those that have a stream of their own."""
        found: dict[int, Value] = {}
        listed = self._box.read(*folder, _PROPERTIES)
        for at in range(header, len(listed) - 15, 16):
            kind, number = struct.unpack_from("<HH", listed, at)
            said = None if kind in {STRING8, UNICODE} else value(kind, listed[at + 8 : at + 8 + _FIXED])
            if said is not None and not isinstance(said, bytes):
                found[number] = said
        for name in self._children.get(_lower(folder), {}):
            if name.lower().startswith(_STREAM) and len(name) == len(_STREAM) + 8:
                number, kind = _numbers(name)
                if number != without and (*_lower(folder), name.lower()) not in self._children:
                    said = self._value(folder, name, kind, charset)
                    if said is not None:
                        found[number] = said
        return found

    def _value(self, folder: Folder, name: str, kind: int, charset: str) -> Value | None:
        if kind in {MULTIPLE | STRING8, MULTIPLE | UNICODE}:
            steps = self._several.get((*_lower(folder), name.lower()), [])
            said = (value(kind & ~MULTIPLE, self._box.read(*folder, step), charset) for step in steps)
            return tuple(map(text_value, said))
        return value(kind, self._box.read(*folder, name), charset)


def attachment_name(properties: dict[int, Value]) -> str:
    """What an attachment is called."""
    for number in (label.LONG_NAME, label.SHORT_NAME, label.DISPLAY_NAME):
        if name := text_value(properties.get(number)):
            return name
    return text_value(properties.get(label.EXTENSION)).removeprefix(".")


def attachment_hint(properties: dict[int, Value]) -> str:
    """The media type that an attachment is said to have; a signed mail as a whole is a mail."""
    said = text_value(properties.get(label.MIME_TYPE)).lower()
    return "message/rfc822" if said.startswith(("multipart/", "message/")) else said


def _numbers(name: str) -> tuple[int, int]:
    """Number and kind of the property whose stream is called so."""
    try:
        return int(name[-8:-4], 16), int(name[-4:], 16)
    except ValueError:
        return 0, 0


def _lower(path: tuple[str, ...]) -> Folder:
    return tuple(step.lower() for step in path)
