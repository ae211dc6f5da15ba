"""An Outlook item within another store goes in, and comes out as a stream that can be scanned as a member, and back."""

import io
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, Any

from scanner.formats.mail.transfer import Decoded
from scanner.formats.outlook.mapi import Attachment, Message, Properties, Value
from scanner.model import Reason, Skip

# A mark of our own: no program writes such files, it only exists between a container and its member.
MAGIC = b"\x89MAPI item\r\n\x1a\n"
_BLOCK = 64 * 1024
_LONGEST = 1 << 30


def bundled(make: Callable[[], Message]) -> IO[bytes]:
    """The item as a stream; it is made, and its attachments are read, while the stream is."""
    return io.BufferedReader(Decoded(_written(make())), _BLOCK)


def _written(message: Message) -> Iterator[bytes]:
    yield MAGIC
    head = {
        "properties": _told(message.properties),
        "named": [[key, *_value(value)] for key, value in message.named.items()],
        "recipients": [_told(recipient) for recipient in message.recipients],
    }
    yield from _record(head)
    for attachment in message.attachments:
        lost = [attachment.lost[0], attachment.lost[1]] if attachment.lost else None
        yield from _record({"name": attachment.name, "size": attachment.size, "hint": attachment.hint, "lost": lost})
        if not lost:
            with attachment.open() as stream:
                while block := stream.read(_BLOCK):
                    yield len(block).to_bytes(4, "little") + block
        yield bytes(4)


def _record(told: dict[str, Any]) -> Iterator[bytes]:
    data = json.dumps(told).encode("ascii")
    yield len(data).to_bytes(4, "little")
    yield data


def _told(properties: Properties) -> list[list[Any]]:
    return [[key, *_value(value)] for key, value in properties.items()]


def _value(value: Value) -> tuple[str, Any]:
    if isinstance(value, bytes):
        return "b", b64encode(value).decode("ascii")
    if isinstance(value, tuple):
        return "t", list(value)
    return ("f" if isinstance(value, float) else "i" if isinstance(value, int) else "s"), value


def read_bundle(stream: IO[bytes]) -> Message:
    """The item that bundled() wrote; its attachments are read from the stream when they are asked for.

    Raises:
        Skip: the stream is damaged.
    """
    stream.seek(len(MAGIC))
    head = _read_record(stream)
    try:
        return Message(
            dict(map(_read_value, head["properties"])),
            dict(map(_read_value, head["named"])),
            tuple(dict(map(_read_value, recipient)) for recipient in head["recipients"]),
            _attachments(stream, stream.tell()),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Skip(Reason.DAMAGED, "this item cannot be read") from error


def _read_record(stream: IO[bytes]) -> dict[str, Any]:
    length = int.from_bytes(stream.read(4), "little")
    try:
        told = json.loads(stream.read(min(length, _LONGEST)))
    except (ValueError, RecursionError) as error:
        raise Skip(Reason.DAMAGED, "this item cannot be read") from error
    if not isinstance(told, dict):
        raise Skip(Reason.DAMAGED, "this item cannot be read")
    return told


def _read_value(told: list[Any]) -> tuple[Any, Value]:
    key, kind, value = told
    if not isinstance(key, (int, str)):
        raise TypeError
    if kind == "b":
        return key, b64decode(value)
    if kind == "t":
        return key, tuple(map(str, value))
    return key, float(value) if kind == "f" else int(value) if kind == "i" else _clean(value)


def _clean(value: object) -> str:
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _attachments(stream: IO[bytes], at: int) -> Iterator[Attachment]:
    while True:
        stream.seek(at)
        if not stream.read(1):
            return
        stream.seek(at)
        told = _read_record(stream)
        start = stream.tell()
        at = _end(stream)
        lost, size = told.get("lost"), told.get("size")
        try:
            loss = (Reason(lost[0]), _clean(lost[1])) if lost else None
        except (ValueError, TypeError, LookupError):
            loss = (Reason.DAMAGED, "this attachment cannot be read")
        yield Attachment(
            _clean(told.get("name") or ""),
            partial(_opened, stream, start),
            size if isinstance(size, int) else None,
            _clean(told.get("hint") or ""),
            loss,
        )


def _end(stream: IO[bytes]) -> int:
    """Where the blocks of an attachment end."""
    while length := int.from_bytes(stream.read(4), "little"):
        stream.seek(length, io.SEEK_CUR)
    return stream.tell()


def _opened(stream: IO[bytes], start: int) -> IO[bytes]:
    return io.BufferedReader(Decoded(_blocks(stream, start)), _BLOCK)


def _blocks(stream: IO[bytes], at: int) -> Iterator[bytes]:
    while True:
        stream.seek(at)
        length = int.from_bytes(stream.read(4), "little")
        if not length:
            return
        yield stream.read(min(length, _LONGEST))
        at += 4 + length
