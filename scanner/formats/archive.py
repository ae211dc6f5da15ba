"""ZIP, TAR, GZ, BZ2 and XZ go in, their members come out as Children; nothing is ever written under a member's name."""

import io
from collections.abc import Callable, Iterator
from typing import IO

from scanner.formats import packed, tar_members, zip_crypto, zip_members
from scanner.formats.packed import Decompressor, MemberStream, blocks, unpack
from scanner.limits import Budget
from scanner.model import About, Child, Lost, Part, Reason, Skip, Tally

_METHODS = {1: "Shrink", 6: "Implode", 9: "Deflate64", 93: "Zstandard", 95: "XZ", 97: "WavPack", 98: "PPMd"}
_NO_LIST = "its list of members is missing or damaged: members were looked for from the beginning"


class _Damage:
    """Faults that show while members are read; told once, behind the members."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def note(self, fault: str) -> None:
        """Count a fault, "" is none."""
        if fault:
            self._counts[fault] = self._counts.get(fault, 0) + 1

    def told(self) -> Iterator[Lost]:
        """One loss for each kind of fault: what stands before it was read."""
        for fault, count in self._counts.items():
            members = "1 member is" if count == 1 else f"{count} members are"
            yield Lost("", Reason.DAMAGED, f"{members} {fault}")


def extract_zip(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Members of a zip in the order of its list; by their own headers when the list is damaged."""
    directory = zip_members.Directory(stream)
    spans = zip_members.Spans()
    damage = _Damage()
    seen = given = 0
    for entry in _zip_entries(stream, directory, spans):
        if isinstance(entry, Lost):
            yield entry
            continue
        if entry.folder:
            continue
        budget.charge_member()
        seen += 1
        part = _zip_member(stream, entry, spans, damage, budget)
        given += isinstance(part, Child)
        if entry.encrypted and isinstance(part, Child):
            yield About(password_line=budget.fitting)
        yield part
    yield from damage.told()
    if not seen and not directory.complete:
        raise Skip(Reason.DAMAGED, "no member can be found")
    yield Tally(seen, given)


def _zip_entries(
    stream: IO[bytes], directory: zip_members.Directory, spans: zip_members.Spans
) -> Iterator[zip_members.Entry | Lost]:
    yield from directory.entries()
    if directory.complete:
        return
    yield Lost("", Reason.DAMAGED, _NO_LIST)
    for entry in zip_members.local_entries(stream):
        if spans.free(entry.local):
            yield entry


def _zip_member(
    stream: IO[bytes], entry: zip_members.Entry, spans: zip_members.Spans, damage: _Damage, budget: Budget
) -> Child | Lost:
    start = zip_members.data_start(stream, entry)
    if start < 0:
        return Lost(entry.name, Reason.DAMAGED, "it does not stand where the list of members says")
    if not spans.claim(entry.local, start + (entry.packed or 0)):
        return Lost(entry.name, Reason.DAMAGED, "shares its bytes with another member, as in a decompression bomb")
    if entry.link:
        return Lost(entry.name, Reason.SPECIAL, "link or device")
    unlocked = zip_crypto.unlock(stream, entry, start, budget) if entry.encrypted else None
    if entry.encrypted and unlocked is None:
        return Lost(entry.name, Reason.ENCRYPTED, budget.password_advice)
    kind = entry.inner_method
    if kind not in packed.METHODS:
        method = _METHODS.get(kind, f"number {kind}")
        return Lost(entry.name, Reason.UNSUPPORTED, f"compression method {method}")

    def chunks() -> Iterator[bytes]:
        return packed.unpack_method(kind, unlocked[1]() if unlocked else blocks(stream, start, entry.packed))

    # AE-2 leaves the checksum out: its ten bytes have proved all that was packed.
    checksum = None if entry.aes_strength else entry.checksum
    return Child(entry.name, _opener(chunks, damage, checksum), entry.size, entry.modified)


def _opener(
    chunks: Callable[[], Iterator[bytes]], damage: _Damage, checksum: int | None = None
) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        return io.BufferedReader(MemberStream(chunks(), damage.note, checksum), packed.BLOCK)

    return opened


def extract_tar(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Members of a tar; also behind a damaged stretch, and of archives that were written one behind the other."""
    members = tar_members.Members(stream)
    damage = _Damage()
    seen = given = 0
    for entry in members.entries():
        if entry.folder:
            continue
        budget.charge_member()
        seen += 1
        if entry.link:
            yield Lost(entry.name, Reason.SPECIAL, entry.link)
            continue
        given += 1
        yield _tar_member(stream, entry, damage)
    yield from damage.told()
    if members.damaged:
        if not members.found:
            raise Skip(Reason.DAMAGED, "no member can be found")
        yield Lost("", Reason.DAMAGED, "parts of the archive are damaged or cut off")
    yield Tally(seen, given)


def _tar_member(stream: IO[bytes], entry: tar_members.Entry, damage: _Damage) -> Child:
    return Child(
        entry.name, _opener(lambda: blocks(stream, entry.start, entry.size), damage), entry.size, entry.modified
    )


def extract_gzip(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """The one member of a GZ file, by the name that its header has."""
    yield from _single(stream, budget, packed.gzip, _gzip_name(stream))


def extract_bzip2(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """The one member of a BZ2 file; the format keeps no name."""
    yield from _single(stream, budget, packed.bzip2, "")


def extract_xz(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """The one member of an XZ or LZMA file; the formats keep no name."""
    yield from _single(stream, budget, packed.xz, "")


def _single(stream: IO[bytes], budget: Budget, make: Callable[[], Decompressor], name: str) -> Iterator[Part]:
    damage = _Damage()
    budget.charge_member()
    yield Child(name, _opener(lambda: unpack(blocks(stream, 0), make, many=True), damage))
    yield from damage.told()


def _gzip_name(stream: IO[bytes]) -> str:
    """The file's name from the header of RFC 1952, which says that it is Latin-1; in fact it mostly is UTF-8."""
    stream.seek(0)
    head = stream.read(4096)
    if len(head) < 10 or not head[3] & 8:
        return ""
    at = 10
    if head[3] & 4:
        at += 2 + int.from_bytes(head[at : at + 2], "little")
    raw, end, _ = head[at:].partition(b"\0")
    if not end:
        return ""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
