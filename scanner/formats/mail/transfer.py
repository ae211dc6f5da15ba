"""Encoded mail parts (base64, quoted-printable, uuencode) go in by blocks, their bytes come out, however broken."""

import binascii
import io
import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import IO

_BLOCK = 64 * 1024
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_PLAIN_LINE = re.compile(rb"\S[ \t]+\S|[^A-Za-z0-9+/=\s-]{3}|^--")
_MAIL_START = re.compile(rb"(?:[A-Za-z-]{2,40}: .{0,998}\r?\n){2}")
_OWN_BASE64 = re.compile(rb"^Content-Transfer-Encoding:[ \t]*base64", re.IGNORECASE | re.MULTILINE)
# The line below "begin" says its own length: an M, or the one line of a small file.
_UU_FILE = re.compile(r"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n(?=[ -`]{1,90}\r?\n)", re.MULTILINE)
_UU_END = re.compile(r"^end[ \t]*\r?$", re.MULTILINE)
_Y_FILE = re.compile(rb"^=ybegin [^\r\n]{0,300}?name=([^\r\n]{1,255})\r?\n", re.MULTILINE)
_Y_PART = re.compile(rb"^=ypart [^\r\n]*\r?\n")
_Y_END = re.compile(rb"^=yend[^\r\n]*\r?$", re.MULTILINE)
_Y_ESCAPED = re.compile(rb"=(.)", re.DOTALL)
_Y_SHIFT = bytes((byte - 42) % 256 for byte in range(256))
_LONE_CR = re.compile(rb"=\r(?!\n)")
_UU_BEGIN = re.compile(rb"begin(?:-base64)? [0-7]{3,4} ")


class Decoded(io.RawIOBase):
    """The bytes that an iterator gives, as a readable stream."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._rest = b""

    def readable(self) -> bool:
        """It can be read, and nothing else."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size` of them."""
        if size < 0:
            everything = self._rest + b"".join(self._blocks)
            self._rest = b""
            return everything
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return b""
            self._rest = block
        data, self._rest = self._rest[:size], self._rest[size:]
        return data

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # the stub's buffer type is newer than 3.11
        """As read."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def decoded(source: IO[bytes] | io.RawIOBase, encoding: str) -> IO[bytes]:
    """The bytes of a part as a stream; under an unknown or a wrong name of an encoding they stand there as they are."""
    blocks = _blocks(source)
    first = next(blocks, b"")
    decode = _DECODERS.get(encoding) if _may_be(first, encoding) else None
    whole = chain((first,), blocks)
    return io.BufferedReader(Decoded(decode(whole) if decode else whole), _BLOCK)


def text_bytes(data: bytes, encoding: str) -> bytes:
    """The bytes of a text. Mailing lists put plain lines below base64: they are kept, at the end."""
    if encoding != "base64":
        return decoded(io.BytesIO(data), encoding).read()
    lines = data.splitlines(keepends=True)
    plain = b"".join(line for line in lines if _PLAIN_LINE.search(line))
    if data.lstrip().startswith(plain.lstrip()[:80]) and len(plain) * 2 > len(data):
        return data
    letters = b"".join(line for line in lines if not _PLAIN_LINE.search(line)) if plain else data
    text = b"".join(_base64(iter((letters,))))
    return text + b"\n" + plain if plain else text


def split_uuencoded(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Files that old mail programs put into the text itself are taken out of it; their names come with them."""
    if "\nend" not in text:
        return text, []
    kept, files, at = [], [], 0
    for begin in _UU_FILE.finditer(text):
        end = _UU_END.search(text, begin.end()) if begin.start() >= at else None
        if end:
            kept += [text[at : begin.start()], "\n"]
            lines = text[begin.end() : end.start()].encode("ascii", "replace").split(b"\n")
            files.append((begin[1].strip(), b"".join(_uu_line(line.rstrip(b"\r")) for line in lines)))
            at = end.end()
    return "".join((*kept, text[at:])), files


def split_yencoded(data: bytes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """The same for files in yEnc, whose bytes no charset must touch. One without an end is taken as it is."""
    if b"=ybegin " not in data:
        return data, []
    kept, files, at = [], [], 0
    for begin in _Y_FILE.finditer(data):
        if begin.start() < at:
            continue
        end = _Y_END.search(data, begin.end())
        if end is None:
            break
        kept += [data[at : begin.start()], b"\n"]
        files.append((begin[1].decode("utf-8", "replace").strip(), _ydecoded(data[begin.end() : end.start()])))
        at = end.end()
    return b"".join((*kept, data[at:])), files


def _ydecoded(data: bytes) -> bytes:
    data = _Y_PART.sub(b"", data).replace(b"\r", b"").replace(b"\n", b"")
    return _Y_ESCAPED.sub(lambda match: bytes([(match[1][0] - 64) % 256]), data).translate(_Y_SHIFT)


def _may_be(first: bytes, encoding: str) -> bool:
    """Whether a part's beginning can be in its encoding: text that calls itself base64 has too many foreign signs."""
    if encoding == "base64":
        sample = b"".join(first[:4096].split(b"\n"))
        foreign = sum(map(len, _NOT_BASE64.findall(sample.replace(b"\r", b"").replace(b"=", b""))))
        return foreign * 10 <= len(sample) or b" " not in sample.strip()
    if encoding != "quoted-printable" or b"=3D" in first or b"=20" in first:
        return True
    # A message within a message is declared so by mistake; its own base64 padding must not be taken for a line break.
    # Lines like headers alone are no proof: a form in a mail ("Client: ...", "E-mail: ...") begins with them, too.
    return _MAIL_START.match(first) is None or _OWN_BASE64.search(first) is None


def _blocks(source: IO[bytes] | io.RawIOBase) -> Iterator[bytes]:
    while block := source.read(_BLOCK):
        yield block


def _base64(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Foreign characters are dropped; padding ends a quantum, not the part (joined base64 texts exist)."""
    waiting = b""
    for block in blocks:
        *ended, waiting = (waiting + block).split(b"=")
        for piece in ended:
            yield _quanta(_NOT_BASE64.sub(b"", piece))
        waiting = _NOT_BASE64.sub(b"", waiting)
        whole = len(waiting) // 4 * 4
        yield _quanta(waiting[:whole])
        waiting = waiting[whole:]
    yield _quanta(waiting)


def _quanta(letters: bytes) -> bytes:
    """Decode base64 letters; a single letter too many at the end carries no whole byte."""
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _quoted_printable(blocks: Iterator[bytes]) -> Iterator[bytes]:
    waiting = b""
    for block in blocks:
        waiting += block
        cut = waiting.rfind(b"\n") + 1
        if not cut and len(waiting) > _BLOCK:
            # A line of this length breaks the standard; "=4" and "1" must still not be torn apart.
            cut = len(waiting) - 3
            cut = waiting.rfind(b"=", cut - 2, cut) if b"=" in waiting[cut - 2 : cut] else cut
        yield _unquoted(waiting[:cut])
        waiting = waiting[cut:]
    yield _unquoted(waiting)


def _unquoted(data: bytes) -> bytes:
    """Decode; binascii alone drops what follows a soft break of a CR alone, up to the next LF."""
    return binascii.a2b_qp(_LONE_CR.sub(b"", data))


def _uuencode(blocks: Iterator[bytes]) -> Iterator[bytes]:
    waiting = b""
    inside = False
    for block in blocks:
        *lines, waiting = (waiting + block).split(b"\n")
        if len(waiting) > _BLOCK:
            lines, waiting = [*lines, waiting], b""
        for line in lines:
            stripped = line.rstrip(b"\r")
            if not inside:
                inside = _UU_BEGIN.match(stripped) is not None
            elif stripped.strip() == b"end":
                inside = False
            else:
                yield _uu_line(stripped)


def _uu_line(line: bytes) -> bytes:
    if not line:
        return b""  # binascii makes 32 zero bytes of it
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Some encoders pad too much: believe the length that the first character gives, as the email package does.
        try:
            return binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3])
        except (binascii.Error, IndexError):
            return b""


_DECODERS: dict[str, Callable[[Iterator[bytes]], Iterator[bytes]]] = {
    "base64": _base64,
    "quoted-printable": _quoted_printable,
    "x-uuencode": _uuencode,
    "uuencode": _uuencode,
    "uue": _uuencode,
    "x-uue": _uuencode,
}
