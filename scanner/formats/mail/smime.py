"""An S/MIME part (CMS) goes in; whether it is encrypted, who signed it, and what was signed within it come out."""

import io
from collections.abc import Iterator
from functools import partial
from typing import IO

from scanner.formats.mail.certificates import holders
from scanner.formats.mail.transfer import Decoded
from scanner.limits import MB, Budget
from scanner.model import Child, Location, Part, Reason, Segment, Skip

_CONTENT = bytes.fromhex("06092a864886f70d010701a0")  # 1.2.840.113549.1.7.1 "data", then its content as [0]
_ENVELOPED = bytes.fromhex("2a864886f70d010703")
_AUTH_ENVELOPED = bytes.fromhex("2a864886f70d0109100117")
_OCTETS, _JOINED_OCTETS = 0x04, 0x24
_BLOCK = 64 * 1024
START = 1024  # bytes that tell what a part is
_ENDS = MB  # certificates stand at either end


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:  # noqa: ARG001 - what is signed is not unpacked
    """A signature (p7s) or a signed message (p7m): its signers, each a record, and what was signed as a member."""
    start = stream.read(_ENDS)
    if is_enveloped(start[:START], ""):
        raise Skip(Reason.ENCRYPTED, "encrypted mail: needs the key of its recipient")
    has_content = holds_content(start[:START])
    if has_content:
        yield Child("", partial(opened, stream), hint="message/rfc822")
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(_ENDS, size - _ENDS))
    end = stream.read()
    for number, holder in enumerate(holders(start + end), 1):
        where = Location.of(signer=number)
        text = " ".join(filter(None, (holder.name, *(f"<{address}>" for address in holder.addresses))))
        yield Segment(text, where, label="Signed by", record=str(where), role="from")


def opened(stream: IO[bytes]) -> IO[bytes]:
    """What was signed, as a stream."""
    stream.seek(0)
    return io.BufferedReader(Decoded(content(stream, START)))


def is_enveloped(start: bytes, kind: str) -> bool:
    """Whether a part that begins so is encrypted; `kind` is what its smime-type says."""
    if _ENVELOPED in start[:64] or _AUTH_ENVELOPED in start[:64]:
        return True
    return kind in {"enveloped-data", "authenveloped-data"} and start[:1] == b"\x30"


def holds_content(start: bytes) -> bool:
    """Whether a part that begins so is signed and carries what was signed."""
    return _CONTENT in start


def content(source: IO[bytes], start_size: int) -> Iterator[bytes]:
    """What was signed, from a part of which holds_content() is true for its first `start_size` bytes."""
    start = source.read(start_size)
    rest = start[start.index(_CONTENT) + len(_CONTENT) :]
    reader = _Reader(source, rest)
    reader.length()
    tag = reader.byte()
    length = reader.length()
    if tag == _OCTETS:
        yield from reader.blocks(length)
    elif tag == _JOINED_OCTETS:
        # Signed while it was sent: octet strings within one, until anything else comes.
        while reader.byte() == _OCTETS:
            yield from reader.blocks(reader.length())


class _Reader:
    """Bytes, lengths and blocks of BER; at the end of the data everything is 0 or empty."""

    def __init__(self, source: IO[bytes], rest: bytes) -> None:
        self._source = source
        self._rest = rest

    def read(self, size: int) -> bytes:
        """The next bytes, fewer at the end."""
        data, self._rest = self._rest[:size], self._rest[size:]
        return data + self._source.read(size - len(data)) if len(data) < size else data

    def byte(self) -> int:
        """The next byte."""
        return int.from_bytes(self.read(1), "big")

    def length(self) -> int:
        """A length; 0 when it is left open."""
        first = self.byte()
        return first if first < 0x80 else int.from_bytes(self.read(min(first & 0x7F, 8)), "big")

    def blocks(self, length: int) -> Iterator[bytes]:
        """So many bytes, or those that are left."""
        while length > 0 and (block := self.read(min(length, _BLOCK))):
            length -= len(block)
            yield block
