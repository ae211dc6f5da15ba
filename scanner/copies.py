"""Items of equal size in, (copy, original) pairs out: files with the same bytes are scanned once."""

import os
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import PurePosixPath

from scanner.home import Key, content_digest
from scanner.journal import Journal
from scanner.model import Item, Skip
from scanner.patience import patiently
from scanner.reachable import Folders
from scanner.sources.folder import open_regular

_END = 64 * 1024


def find_copies(journal: Journal, key: Key, folders: Folders) -> Iterator[tuple[int, int]]:
    """Of files of this computer: fetching what lies elsewhere twice would cost more than scanning it twice.

    Compare first by hard link, then by the two ends, then by a strong hash of everything.

    The original is the first in walk order. The name's suffix must be equal too: it decides between text-like formats.
    What an earlier report knows of the content need not be read.

    Raises:
        LostPlaceError: a folder of the scan is gone.
    """
    for group in journal.same_size():
        linked: dict[str, int] = {}
        distinct = []
        for number, item in group:
            original = linked.setdefault(f"{item.identity}{_suffix(item)}", number) if item.identity else number
            if original != number:
                yield number, original
            else:
                distinct.append((number, item))
        known = journal.digests(group[0][1].size)
        yield from _compare(distinct, key, folders, known, whole=bool(known))


def find_changed(journal: Journal, folders: Folders) -> Iterator[int]:
    """Numbers of originals that are not what the walk saw any more: their findings say nothing of their copies."""
    copied = journal.with_copies()
    for number, item in journal.originals() if copied else ():
        if number in copied and not _as_walked(item):
            folders.require(item.root)
            yield number


def _as_walked(item: Item) -> bool:
    try:
        with open_regular(item.address) as stream:
            status = patiently(partial(os.fstat, stream.fileno()))
    except (Skip, OSError):
        return False
    return (status.st_size, status.st_mtime_ns) == (item.size, item.modified_ns)


def _compare(
    items: list[tuple[int, Item]], key: Key, folders: Folders, known: Mapping[int, str], whole: bool
) -> Iterator[tuple[int, int]]:
    alike: dict[tuple[str, str], list[tuple[int, Item]]] = {}
    for number, item in items if len(items) > 1 else []:
        try:
            digest = known.get(number) or (content_of(item, key) if whole else _ends(item, key))
        except (Skip, OSError):
            folders.require(item.root)
            continue  # the scan itself will meet the same trouble and give the item its row
        alike.setdefault((_suffix(item), digest), []).append((number, item))
    for same in alike.values():
        if whole:
            yield from ((number, same[0][0]) for number, _ in same[1:])
        else:
            yield from _compare(same, key, folders, known, whole=True)


def content_of(item: Item, key: Key) -> str:
    """The content hash of a file, as its row in a report has it; raises Skip or OSError when it cannot be read."""
    digest = content_digest(key)
    with open_regular(item.address) as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _ends(item: Item, key: Key) -> str:
    digest = content_digest(key)
    with open_regular(item.address) as stream:
        digest.update(stream.read(_END))
        stream.seek(max(0, item.size - _END))
        digest.update(stream.read(_END))
    return digest.hexdigest()


def _suffix(item: Item) -> str:
    return PurePosixPath(item.path).suffix.lower()
