"""A tar file goes in, its entries come out one by one; behind a damaged stretch the next good header is looked for."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

BLOCK = 512
_CHUNK = 1024 * 1024
_MOST_HEADER = 1024 * 1024  # a longer name or list of attributes is not believed
_CHECKSUM = re.compile(rb"[ \0]*[0-7]{1,7}[ \0]*")
_RECORD = re.compile(rb"(\d{1,10}) ([^=\n]{1,200})=")
_NO_DATA = frozenset(b"123456")  # links, devices, folders, pipes: a size there mostly means nothing
_OWN_DATA = frozenset(b"DVA")  # lists of a folder, labels, access rights


@dataclass(frozen=True, slots=True)
class Entry:
    """One member: `kind` is the type byte; its bytes stand at `start`, `size` of them if the archive is not cut off."""

    name: str
    kind: int
    start: int
    size: int
    modified: float | None
    owner: str = ""
    mode: int | None = None

    @property
    def folder(self) -> bool:
        """A folder, or what an archiver notes about one."""
        return self.kind == ord("5") or self.kind in _OWN_DATA or (self.name.endswith("/") and not self.size)

    @property
    def link(self) -> str:
        """What it is when it is no file: in words."""
        names = {b"1": "link", b"2": "link", b"3": "device", b"4": "device", b"6": "pipe"}
        return names.get(bytes([self.kind]), "")


class Members:
    """Walks the headers. `found`: there was one; `damaged`: some bytes were none where one should stand."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._total = stream.seek(0, io.SEEK_END)
        self.found = False
        self.damaged = False
        self.comments: list[bytes] = []  # of extended headers

    def entries(self) -> Iterator[Entry]:
        """Entries in the order of the file; archives that follow one another are read, too."""
        at = 0
        told: dict[str, bytes] = {}  # what extended headers say of the entry behind them
        while (at := self._next_header(at)) >= 0:
            self.found = True
            block = self._read(at, BLOCK)
            kind, size = block[156] or ord("0"), _number(block[124:136])
            start = at + BLOCK
            if kind in b"xXgLKN":
                self._extend(told, kind, start, size)
                at = start + _padded(size)
                continue
            wide = int(told["size"]) if told.get("size", b"").isdigit() else size
            # Of a file with holes some archivers tell the size that it has when unpacked.
            size = wide if start + wide <= self._total or start + size > self._total else size
            if kind in _NO_DATA and self._is_end(start):
                size = 0
            if kind == ord("S"):
                start = self._behind_map(block, start)
            stamp = _stamp(told.get("mtime", b"")) or float(_number(block[136:148]))
            mode = _number(block[100:108]) & 0o7777
            yield Entry(_name(block, told), kind, start, size, stamp, _owner(block, told), mode)
            told = {}
            at = start + _padded(size)
            if at > self._total and start + size > self._total:
                self.damaged = True

    def _extend(self, told: dict[str, bytes], kind: int, start: int, size: int) -> None:
        if size > _MOST_HEADER:
            self.damaged = True
            return
        content = self._read(start, size)
        if kind == ord("L"):
            told["path"] = content.rstrip(b"\0")
        elif kind in b"xXg":
            records = _records(content)
            if kind != ord("g"):
                told.update(records)
            if comment := records.get("comment"):
                self.comments.append(comment)

    def _behind_map(self, block: bytes, start: int) -> int:
        """A sparse file of GNU tar tells where its holes are in further blocks; only what is stored is read."""
        more = block[482]
        while more and start < self._total:
            more = self._read(start, BLOCK)[504:505] not in (b"", b"\0")
            start += BLOCK
        return start

    def _read(self, at: int, count: int) -> bytes:
        self._stream.seek(at)
        return self._stream.read(count)

    def _is_end(self, at: int) -> bool:
        """Whether a header, zero bytes or the end of the file stands here."""
        block = self._read(at, BLOCK)
        return not block.strip(b"\0") or _is_header(block)

    def _next_header(self, at: int) -> int:
        """Where the next good header stands, -1 = there is none. All but zero bytes on the way is damage."""
        while at < self._total:
            chunk = self._read(at, _CHUNK)
            if chunk.strip(b"\0"):
                for offset in range(0, len(chunk), BLOCK):
                    block = chunk[offset : offset + BLOCK]
                    if _is_header(block):
                        return at + offset
                    self.damaged = self.damaged or bool(block.strip(b"\0"))
            at += len(chunk)
            if not chunk:
                break
        return -1


def _is_header(block: bytes) -> bool:
    """Whether the checksum is right; some old archivers added signed bytes."""
    if len(block) < BLOCK or not _CHECKSUM.fullmatch(block, 148, 156) or not block[0]:
        return False
    expected = int(block[148:156].strip(b" \0"), 8)
    rest = sum(block[:148]) + 8 * 32 + sum(block[156:])
    if rest == expected:
        return True
    high = sum(byte > 127 for byte in block[:148] + block[156:])
    return rest - 256 * high == expected


def _number(field: bytes) -> int:
    """An octal number, or a binary one where the first bit is set; nonsense counts as 0."""
    if field[0] & 0x80:
        return int.from_bytes(field[1:], "big") if field[0] == 0x80 else 0
    digits = field.partition(b"\0")[0].strip()
    return int(digits, 8) if re.fullmatch(rb"[0-7]+", digits) else 0


def _padded(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


def _records(content: bytes) -> dict[str, bytes]:
    """Records `length key=value` of an extended header."""
    found: dict[str, bytes] = {}
    at = 0
    while record := _RECORD.match(content, at):
        end = at + int(record[1])
        if end <= record.end() or end > len(content):
            break
        found[record[2].decode("utf-8", "replace")] = content[record.end() : end - 1]
        at = end
    return found


def _stamp(text: bytes) -> float | None:
    return float(text) if re.fullmatch(rb"\d{1,12}(?:\.\d{1,12})?", text) else None


def _owner(block: bytes, told: dict[str, bytes]) -> str:
    """The owner's name, or their number."""
    name = told.get("uname") or (block[265:297].partition(b"\0")[0] if block[257:262] == b"ustar" else b"")
    return name.decode("utf-8", "replace") or str(_number(block[108:116]))


def _name(block: bytes, told: dict[str, bytes]) -> str:
    raw = told.get("GNU.sparse.name") or told.get("path")
    if not raw:
        raw = block[:100].partition(b"\0")[0]
        prefix = block[345:500].partition(b"\0")[0] if block[257:263] == b"ustar\0" else b""
        raw = prefix + b"/" + raw if prefix else raw
    return raw.decode("utf-8", "surrogateescape")
