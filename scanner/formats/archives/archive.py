"""ZIP, TAR, GZ, BZ2 and XZ go in, their members come out as Children; nothing is ever written under a member's name."""

from collections.abc import Callable, Iterator, Sequence
from typing import IO

from scanner.encoding import decode
from scanner.formats.archives import packed, tar_members, zip_crypto, zip_members
from scanner.formats.archives.member_streams import Damage, opener
from scanner.formats.archives.packed import Decompressor, blocks, unpack
from scanner.limits import Budget
from scanner.model import About, Child, Location, Lost, Part, Reason, Segment, Skip, Tally

_METHODS = {1: "Shrink", 6: "Implode", 96: "JPEG", 97: "WavPack", 98: "PPMd"}
_PARTS = "put them together with the program that made them, then scan that"
_NO_LIST = "its list of members is missing or damaged: members were looked for from the beginning"


def extract_zip(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Members of a zip in the order of its list; by their own headers when the list is damaged."""
    directory = zip_members.Directory(stream)
    spans = zip_members.Spans()
    damage = Damage()
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
    if directory.parts > 1:
        yield Lost("", Reason.DAMAGED, f"the last of {directory.parts} parts of one archive: {_PARTS}")
    yield from damage.told()
    yield from _comments(directory.comments)
    if directory.behind:
        yield Lost("", Reason.DAMAGED, "bytes stand behind the end of the archive and were not read")
    if not seen and not directory.complete:
        raise Skip(Reason.DAMAGED, "no member can be found")
    yield Tally(seen, given)


def _comments(comments: Sequence[bytes]) -> Iterator[Segment]:
    """What somebody wrote beside the members."""
    for number, comment in enumerate(comments, start=1):
        if text := decode(comment).strip("\0 \r\n\t"):
            yield Segment(text, Location.of(comment=number))


def _zip_entries(
    stream: IO[bytes], directory: zip_members.Directory, spans: zip_members.Spans
) -> Iterator[zip_members.Entry | Lost]:
    yield from directory.entries()
    if directory.complete:
        return
    stream.seek(0)
    first = f"; if it is the first of several parts, {_PARTS}" if stream.read(4) == b"PK\x07\x08" else ""
    yield Lost("", Reason.DAMAGED, _NO_LIST + first)
    for entry in zip_members.local_entries(stream):
        if spans.free(entry.local):
            yield entry


def _zip_member(
    stream: IO[bytes], entry: zip_members.Entry, spans: zip_members.Spans, damage: Damage, budget: Budget
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
    mode = entry.mode & 0o7777 if entry.mode else None
    return Child(entry.name, opener(chunks, damage, checksum), entry.size, entry.modified, mode=mode)


def extract_tar(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Members of a tar; also behind a damaged stretch, and of archives that were written one behind the other."""
    members = tar_members.Members(stream)
    damage = Damage()
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
    yield from _comments(members.comments)
    if members.damaged:
        if not members.found:
            raise Skip(Reason.DAMAGED, "no member can be found")
        yield Lost("", Reason.DAMAGED, "parts of the archive are damaged or cut off")
    yield Tally(seen, given)


def _tar_member(stream: IO[bytes], entry: tar_members.Entry, damage: Damage) -> Child:
    return Child(
        entry.name, opener(lambda: blocks(stream, entry.start, entry.size), damage), entry.size, entry.modified,
        owner=entry.owner, mode=entry.mode,
    )  # fmt: skip


def extract_gzip(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """The one member of a GZ file, by the name that its header has, and the comment there."""
    name, comment = _gzip_header(stream)
    yield from _single(stream, budget, packed.gzip, name)
    yield from _comments([comment])


def extract_bzip2(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """The one member of a BZ2 file; the format keeps no name."""
    yield from _single(stream, budget, packed.bzip2, "")


def extract_xz(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """The one member of an XZ or LZMA file; the formats keep no name."""
    yield from _single(stream, budget, packed.xz, "")


def extract_zstandard(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """The one member of a ZST file; the format keeps no name."""
    yield from _single(stream, budget, packed.zstandard, "")


def _single(stream: IO[bytes], budget: Budget, make: Callable[[], Decompressor], name: str) -> Iterator[Part]:
    damage = Damage()
    budget.charge_member()
    yield Child(name, opener(lambda: unpack(blocks(stream, 0), make, many=True), damage))
    yield from damage.told()


def _gzip_header(stream: IO[bytes]) -> tuple[str, bytes]:
    """File name and comment of the header of RFC 1952, which says that both are Latin-1; in fact mostly UTF-8."""
    stream.seek(0)
    head = stream.read(66 * 1024)
    if len(head) < 10:
        return "", b""
    rest = head[10:]
    if head[3] & 4:
        rest = rest[2 + int.from_bytes(rest[:2], "little") :]
    texts = []
    for flag in (8, 16):
        raw, end, behind = rest.partition(b"\0") if head[3] & flag else (b"", b"", rest)
        texts.append(raw if end else b"")
        rest = behind
    try:
        return texts[0].decode("utf-8"), texts[1]
    except UnicodeDecodeError:
        return texts[0].decode("latin-1"), texts[1]
