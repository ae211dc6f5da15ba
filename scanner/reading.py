"""The stream of an item goes in, what it is, how it is read and what its members are called comes out.

A scan and the re-opening of what it found must agree on these, so both ask here.
"""

import io
from pathlib import PurePosixPath
from typing import IO

from scanner.formats import Extract, formats, load_format
from scanner.formats.unread import advice
from scanner.home import Key, content_digest
from scanner.model import Child, Reason, Skip
from scanner.sniff import media_type

HEAD = 64 * 1024
ENCRYPTED_MAIL = frozenset({"application/pgp-encrypted", "application/x-microsoft-rpmsg-message"})
# One packed file, often without a name of its own.
PACKED = frozenset(
    f"application/{kind}" for kind in ("gzip", "x-bzip2", "x-xz", "x-lzma", "zstd", "x-compress", "x-lz4", "x-lzip")
)
_PACKED_TARS = frozenset((".tgz", ".tbz", ".tbz2", ".txz", ".tzst", ".taz", ".tlz"))


def recognise(stream: IO[bytes], path: str, hint: str) -> str:
    """Media type of the item at `path`; the stream stands at its start afterwards. "" for no bytes at all."""
    stream.seek(0)
    head = stream.read(HEAD)
    found = media_type(head, PurePosixPath(path.rpartition("!/")[2]).name, stream, hint)
    stream.seek(0)
    return found


def reader(kind: str) -> Extract:
    """The function that reads this media type; raises Skip with what to do when there is none."""
    known = formats().get(kind)
    if kind in ENCRYPTED_MAIL:
        raise Skip(Reason.ENCRYPTED, "encrypted mail: needs the key of its recipient")
    if known is None:
        raise Skip(Reason.UNSUPPORTED, advice(kind))
    try:
        return load_format(known)
    except ImportError as error:
        raise Skip(Reason.UNSUPPORTED, known.missing(error.name)) from error


def given_name(child: Child, parent_path: str, parent_type: str) -> str | bytes:
    """What its container calls a member, "" when it has no name.

    What is in `letter.txt.gz` is `letter.txt`, unless the file says another name.
    """
    if name := child.raw_name or child.name:
        return name
    if parent_type not in PACKED:
        return ""
    packed = PurePosixPath(parent_path.rpartition("!/")[2])
    if packed.suffix.lower() in _PACKED_TARS:
        return f"{packed.stem}.tar"
    return packed.stem if packed.suffix else ""


def content_name(stream: IO[bytes], key: Key) -> str:
    """Name of a member that has none, made of its own bytes: removing one mail from a mailbox renames no other."""
    digest = content_digest(key)
    while chunk := stream.read(1 << 20):
        digest.update(chunk)
    stream.seek(0, io.SEEK_SET)
    return digest.hexdigest()[:12]
