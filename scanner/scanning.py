"""Batches go to an executor, what it tells goes into parts and the journal; big files are read in slices.

The slices of a file follow when its first one has told where they begin; when all are read they are put together.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from typing import Protocol

from scanner.batches import Batch, Begun, make_batches, make_slices
from scanner.executors import BatchDone, Entered, Event, Execute, Job, Told
from scanner.joining import join_slices, sliced_batches, told_by, whole_signature
from scanner.journal import Journal
from scanner.keys import Keyring
from scanner.messages import Mark, Outcome, Rows, Surveyed
from scanner.model import Item
from scanner.parts import PartWriter, has_parts, resume_from
from scanner.reachable import UNSURE, Folders


class Observer(Protocol):
    """Somebody who watches a scan, such as a progress bar."""

    def walked(self, items: int, size: int) -> None:
        """The walk is over: so many items, so many bytes."""
        ...

    def finished(self, items: int, size: int) -> None:
        """So many more items, so many more bytes are done."""
        ...

    def resumed(self, items: int) -> None:
        """An interrupted scan goes on: so many items were done before."""
        ...


class Nobody:
    def walked(self, items: int, size: int) -> None:
        """Nobody watches."""

    def finished(self, items: int, size: int) -> None:
        """Nobody watches."""

    def resumed(self, items: int) -> None:
        """Nobody watches."""


def scan_batches(journal: Journal, job: Job, execute: Execute, watcher: Observer, folders: Folders) -> None:
    """Scan what no earlier run has finished; a batch counts from the moment that its parts are durable.

    First everything but the slices of big files that their first one must tell of, then these, then they are put
    together.

    Raises:
        LostPlaceError: a folder is gone; what was read of it since then is not kept, and will be read again.
    """
    size = job.plan.limits.slice_size
    copied = journal.with_copies()
    done = {signature for signature, parts in journal.done().items() if has_parts(journal.folder, signature, parts)}
    _tell_done(journal, done, size, watcher, copied)
    watch = partial(_Watch, watcher, journal, folders, copied)
    _run(journal, job, execute, watch(), _undone(make_batches(journal.originals(), size), done))
    sliced = list(sliced_batches(journal, size))
    slices = _undone((batch for first, survey in sliced for batch in make_slices(first, survey)), done)
    if (begin := next(slices, None)) is not None:
        _run(journal, job, execute, watch(), chain([begin], slices))
    for first, survey in sliced:
        if whole_signature(first.signature) not in done:
            join_slices(journal, Keyring(job.key), first, survey)
            _report(watcher, journal, *first.items[0], copied)


def _undone(batches: Iterable[Batch], done: set[str]) -> Iterator[Batch]:
    return (batch for batch in batches if batch.signature not in done)


def _run(journal: Journal, job: Job, execute: Execute, watch: "_Watch", batches: Iterator[Batch]) -> None:
    writers: dict[str, _Writing] = {}
    events = execute(job, _noting(batches, journal, writers))
    try:
        for event in events:
            watch.doubt(event)
            _handle(event, journal, writers)
            watch.see(event)
    finally:
        close = getattr(events, "close", None)
        if close:
            close()
        for writing in writers.values():
            writing.writer.abandon()


@dataclass(frozen=True, slots=True)
class _Watch:
    """Tells a watcher of files that are done; a sliced one is done when its slices are put together."""

    watcher: Observer
    journal: Journal
    folders: Folders
    copied: set[int]
    sliced: set[str] = field(default_factory=set)

    def doubt(self, event: Event) -> None:
        """Before a row says that a file could not be read: the share that it lies on must still be there."""
        if isinstance(event, Told) and isinstance(event.message, Outcome):
            told = {event.message.reason, *(reason for reason, _ in event.message.losses)}
            if not UNSURE.isdisjoint(told):
                self.folders.require(event.message.root)

    def see(self, event: Event) -> None:
        """Something happened."""
        if isinstance(event, BatchDone):
            self.watcher.finished(0, 0)
        elif isinstance(event, Told) and isinstance(event.message, Surveyed):
            self.sliced.add(event.signature)
        elif (
            isinstance(event, Told)
            and isinstance(event.message, Outcome)
            and not event.message.parent
            and event.top >= 0
            and event.signature not in self.sliced
        ):
            size = event.message.size or 0
            count = 1 + (len(self.journal.copies_of(event.top)) if event.top in self.copied else 0)
            self.watcher.finished(count, count * size)


def _tell_done(journal: Journal, done: set[str], slice_size: int, watcher: Observer, copied: set[int]) -> None:
    """What an interrupted scan had finished counts at once."""
    items = 0
    for batch in make_batches(journal.originals(), slice_size) if done else ():
        survey = journal.survey(batch.signature) if batch.items[0][1].slice else None
        if (whole_signature(batch.signature) if survey else batch.signature) in done:
            items += len(batch.items)
            for number, item in batch.items:
                _report(watcher, journal, number, item, copied)
    if items:
        watcher.resumed(items)


@dataclass(slots=True)
class _Writing:
    """A batch that an executor has in hand, and the part that its messages go into."""

    batch: Batch
    writer: PartWriter
    positions: dict[int, int] = field(init=False)  # of items in the batch, by their number

    def __post_init__(self) -> None:
        self.positions = {number: position for position, (number, _) in enumerate(self.batch.items)}


def _noting(batches: Iterator[Batch], journal: Journal, writers: dict[str, _Writing]) -> Iterator[Batch]:
    """Open the first part of a batch, or the one behind its last mark, when an executor takes it."""
    for batch in batches:
        last = journal.last_mark(batch.signature)
        if last and not has_parts(journal.folder, batch.signature, last[0]):
            journal.forget_mark(batch.signature)
            last = None
        writers[batch.signature] = _Writing(batch, PartWriter(journal.folder, batch.signature, last[0] if last else 0))
        yield replace(batch, begun=partial(_begun, journal, batch))


def _begun(journal: Journal, batch: Batch) -> Begun:
    """What of a batch need not be scanned again."""
    last = journal.last_mark(batch.signature)
    if last is None:
        return 0, None
    parts, position, mark = last
    return position, resume_from(journal.folder, batch.signature, parts, batch.items[position][1].root, mark)


def _handle(event: Event, journal: Journal, writers: dict[str, _Writing]) -> None:
    if isinstance(event, Entered):
        journal.note_sandbox(event.sandbox)
        return
    writing = writers[event.signature]
    writer = writing.writer
    if isinstance(event, BatchDone):
        writer.commit()
        journal.finish_batch(event.signature, writer.number + 1)
        del writers[event.signature]
        return
    # A part may outlive the walk that numbered its items: a file that is added moves all numbers behind it.
    position = writing.positions[event.top]
    if isinstance(event.message, Outcome):
        writer.outcome(position, event.message)
        if writing.batch.items[0][1].slice and not event.message.parent:
            journal.keep_told(event.signature, told_by(event.message))
    elif isinstance(event.message, Surveyed):
        journal.keep_survey(event.signature, event.message.survey)
    elif isinstance(event.message, Rows):
        writer.rows(position, event.message)
    elif isinstance(event.message, Mark):
        writer.commit()
        journal.mark(event.signature, writer.number + 1, position, event.message)
        writing.writer = PartWriter(journal.folder, event.signature, writer.number + 1)


def _report(watcher: Observer, journal: Journal, number: int, item: Item, copied: set[int]) -> None:
    count = 1 + (len(journal.copies_of(number)) if number in copied else 0)
    watcher.finished(count, count * item.size)
