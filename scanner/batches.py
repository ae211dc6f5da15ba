"""Items in walk order in, batches out: the unit of work, of commit and of resumption.

A batch ends where the path of an item says so, not only by size: after a file was added, later batches keep their
signature and need not be scanned again.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias
from zlib import crc32

from scanner.messages import Resume
from scanner.model import Item
from scanner.slices import Slice, Survey, is_big, slices_of

MAX_WEIGHT = 128
MAX_BYTES = 2 * 1024 * 1024
# To commit a batch takes as long as to scan a dozen tiny files: there are more of these in one.
TINY = 4 * 1024
WEIGHT = 4  # of an item that is not tiny
# One path in this many ends a batch, of tiny items one in WEIGHT times as many.
BOUNDARY = 16
_MOST_SLICES = 1 << 24
# A table or a folder of mail may be of any size: each is a batch of its own.
_ALONE = frozenset(("database", "imap"))


# How many items of a batch are done, and where in the next one its last mark stands.
Begun: TypeAlias = tuple[int, Resume | None]


def _from_the_start() -> Begun:
    return 0, None


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive items with their numbers in the walk, and a signature of what they were.

    `begun` looks up what is kept of earlier tries; executors ask it whenever they begin the batch, or go on with it.
    """

    signature: str
    items: tuple[tuple[int, Item], ...]
    begun: Callable[[], Begun] = _from_the_start


def make_batches(items: Iterable[tuple[int, Item]], slice_size: int = 0) -> Iterator[Batch]:
    """Cut (number, item) pairs into batches; an item that is big enough for slices of this size is one, its first."""
    pending: list[tuple[int, Item]] = []
    size = weight = 0
    for number, item in items:
        if is_big(item, slice_size):
            if pending:
                yield _batch(pending)
            yield _batch([(number, replace(item, slice=Slice()))])
            pending, size, weight = [], 0, 0
            continue
        each = 1 if item.size <= TINY else WEIGHT
        pending.append((number, item))
        size, weight = size + item.size, weight + each
        full = weight >= MAX_WEIGHT or size >= MAX_BYTES or item.source in _ALONE
        if full or crc32(item.path.encode()) % (BOUNDARY * WEIGHT) < each:
            yield _batch(pending)
            pending, size, weight = [], 0, 0
    if pending:
        yield _batch(pending)


def make_slices(first: Batch, survey: Survey) -> Iterator[Batch]:
    """A batch for each slice of an item but the first, which is read. No two have one number, nor that of an item."""
    number, item = first.items[0]
    for each in slices_of(item, survey):
        count = each.slice.number if each.slice else 0
        yield Batch(f"{first.signature}-{count}", ((-(number * _MOST_SLICES + count), each),))


def _batch(items: list[tuple[int, Item]]) -> Batch:
    digest = hashlib.sha256()
    for _, item in items:
        digest.update(repr((item.root, item.path, item.address, item.size, item.modified_ns, item.identity)).encode())
    return Batch(digest.hexdigest()[:24], tuple(items))
