"""A 7z archive goes in, its members come out as Children: unpacked as they are read, nothing ever written to disk."""

import io
import stat
import struct
from collections.abc import Iterator
from typing import IO, Any

from py7zr import SevenZipFile
from py7zr.exceptions import PasswordRequired, UnsupportedCompressionMethodError

try:
    from scanner.formats.archives import other_archives
except ImportError:  # the system has no libarchive
    other_archives = None  # type: ignore[assignment]

from scanner.formats.archives.member_streams import Damage, opener
from scanner.formats.archives.sevenzip_blocks import FAULTS, Block
from scanner.limits import Budget
from scanner.model import About, Child, Lost, Part, Reason, Skip, Tally

_MAGIC = b"7z\xbc\xaf\x27\x1c"
_HEADER = 32
_CUT = "cut off, or the first of several parts: put the parts together with the program that made them, then scan that"


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Members in the order of the archive; encrypted ones by their names, unless these are encrypted, too."""
    archive, password = _open(stream, budget)
    if archive is None:
        raise Skip(Reason.ENCRYPTED, budget.password_advice)
    blocks = _blocks(stream, archive)
    if other_archives and not all(block.readable or block.encrypted for block in blocks):
        yield from other_archives.extract_sevenzip(stream, budget)  # it knows more methods, and no passwords
        return
    _unlock(blocks, password, budget)
    if budget.fitting is not None and any(block.password is not None for block in blocks):
        yield About(password_line=budget.fitting)
    damage = Damage()
    seen = given = 0
    for block, file, offset in _members(archive, blocks):
        budget.charge_member()
        seen += 1
        part = _part(block, file, offset, damage, budget)
        given += isinstance(part, Child)
        yield part
    yield from damage.told()
    yield Tally(seen, given)


def _open(stream: IO[bytes], budget: Budget) -> tuple[Any, str | None]:
    """(archive, password that its list of members needs); no archive = no password fits."""
    try:
        return _listed(stream, None), None
    except PasswordRequired:
        pass
    for line, password in budget.tries():
        try:
            archive = _listed(stream, password)
        except Skip:  # with a wrong password the list is nonsense
            continue
        budget.fits(line)
        return archive, password
    return None, None


def _listed(stream: IO[bytes], password: str | None) -> Any:
    stream.seek(0)
    head = stream.read(_HEADER)
    if len(head) == _HEADER and head.startswith(_MAGIC):
        behind, length = struct.unpack_from("<QQ", head, 12)
        if _HEADER + behind + length > stream.seek(0, io.SEEK_END):
            raise Skip(Reason.DAMAGED, _CUT)
    stream.seek(0)
    try:
        return SevenZipFile(stream, password=password)
    except PasswordRequired:
        raise
    except UnsupportedCompressionMethodError as error:
        raise Skip(Reason.UNSUPPORTED, "its list of members is packed by a method that cannot be read yet") from error
    except FAULTS as error:
        raise Skip(Reason.DAMAGED, "its list of members cannot be read") from error


def _blocks(stream: IO[bytes], archive: Any) -> list[Block]:
    streams = getattr(getattr(archive, "header", None), "main_streams", None)
    count = len(streams.unpackinfo.folders) if streams is not None else 0
    try:
        return [Block(stream, archive, number) for number in range(count)]
    except FAULTS as error:
        raise Skip(Reason.DAMAGED, "its list of members makes no sense") from error


def _unlock(blocks: list[Block], known: str | None, budget: Budget) -> None:
    """Give every encrypted block its password; `known` is the one of the list of members."""
    for block in blocks:
        if not block.encrypted:
            continue
        if known is not None:
            block.password = known
            continue
        sized = ((file.uncompressed, file.crc32) for file in block.folder.files or () if file.uncompressed)
        size, checksum = next(sized, (0, None))
        for line, password in budget.tries() if size and block.readable else ():
            if block.proves(password, size, checksum):
                budget.fits(line)
                break


def _members(archive: Any, blocks: list[Block]) -> Iterator[tuple[Block | None, Any, int]]:
    """(block, file, offset in its unpacked bytes) of all but folders."""
    numbers = {id(block.folder): number for number, block in enumerate(blocks)}
    offsets = [0] * len(blocks)
    for file in getattr(archive, "files", ()):
        if file.emptystream or file.folder is None:
            if not file.is_directory and not file.filename.endswith("/"):
                yield None, file, 0
            continue
        number = numbers[id(file.folder)]
        yield blocks[number], file, offsets[number]
        offsets[number] += file.uncompressed


def _part(block: Block | None, file: Any, offset: int, damage: Damage, budget: Budget) -> Child | Lost:
    name, kind, size = file.filename, file.st_fmt or 0, file.uncompressed
    if file.is_symlink or (kind and not stat.S_ISREG(kind)):
        return Lost(name, Reason.SPECIAL, "link or device")
    modified = file.lastwritetime.totimestamp() if file.lastwritetime else None
    if block is None:
        return Child(name, lambda: io.BytesIO(b""), 0, modified, mode=file.posix_mode)
    if block.encrypted and block.password is None:
        return Lost(name, Reason.ENCRYPTED, budget.password_advice)
    if not block.readable:
        return Lost(name, Reason.UNSUPPORTED, "packed by a method that cannot be read yet")
    if block.broken:
        return Lost(name, Reason.DAMAGED, "stands behind the damage in a block that is packed as one")
    chunks = opener(lambda: block.read(offset, size), damage, file.crc32)
    return Child(name, chunks, size, modified, mode=file.posix_mode)
