"""What an IMAP server answers to LIST goes in, folders with readable names come out (RFC 3501, 5.1.3 and 7.2.2)."""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LISTED = re.compile(rb'\((?P<flags>[^)]*)\) (?P<separator>NIL|"(?:\\.|[^"\\])*") ?(?P<name>.*)', re.DOTALL)
_SHIFTED = re.compile(r"&([^-&]*)-")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as the server calls it, and the steps of its name as people read them."""

    raw: str
    steps: tuple[str, ...]
    holds_mail: bool = True


def folders_of(answer: Sequence[object]) -> Iterator[Folder]:
    """The folders of an answer as imaplib gives it: lines, and pairs of a line and a name of odd characters."""
    for line in answer:
        head, literal = (line[0], line[1]) if isinstance(line, tuple) else (line, None)
        found = _LISTED.match(head) if isinstance(head, bytes) else None
        if found is None:
            continue
        raw = literal if isinstance(literal, bytes) else _unquoted(found["name"])
        separator = _unquoted(found["separator"]).decode("latin-1") if found["separator"] != b"NIL" else ""
        name = readable(raw.decode("utf-8", "surrogateescape"))
        steps = tuple(filter(None, name.split(separator))) if separator else (name,)
        unread = b"\\noselect" in found["flags"].lower() or b"\\nonexistent" in found["flags"].lower()
        yield Folder(raw.decode("utf-8", "surrogateescape"), steps, not unread)


def quoted(raw: str) -> str:
    """A folder's name as a command takes it."""
    return '"' + raw.replace("\\", "\\\\").replace('"', '\\"') + '"'


def readable(name: str) -> str:
    """`Entw&APw-rfe` -> `Entwürfe`: modified UTF-7; what is none stays as it is."""
    return _SHIFTED.sub(_shifted, name)


def _shifted(found: "re.Match[str]") -> str:
    if not found[1]:
        return "&"
    packed = found[1].replace(",", "/")
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True).decode("utf-16-be")
    except (binascii.Error, UnicodeDecodeError):
        return found[0]


def _unquoted(word: bytes) -> bytes:
    word = word.strip()
    return re.sub(rb"\\(.)", rb"\1", word[1:-1]) if word[:1] == b'"' else word
