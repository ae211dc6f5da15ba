"""One item in, messages out: open, sniff, extract, detect, locate, mask and key; members of containers recursively."""

import errno
import lzma
import tarfile
import time
import zipfile
import zlib
from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import IO

from detectors.types import Detector
from scanner.bounded import refusal, state_of
from scanner.collecting import seldom_collected
from scanner.credentials import NO_CREDENTIALS, Credentials
from scanner.findings import Context, FindingMaker
from scanner.formats import formats, load_resume
from scanner.home import Key, content_digest
from scanner.item_progress import Progress
from scanner.keys import Keyring
from scanner.limits import Budget, spool
from scanner.locators import member_path
from scanner.member_names import MemberNames
from scanner.messages import Begun, Mark, Message, Outcome, Pulse, Retry, Rows, Surveyed
from scanner.model import About, Child, Column, Cut, Item, Lost, Part, Place, Reason, Segment, Skip, Status, Tally
from scanner.opening import Opening
from scanner.passwords import NO_PASSWORDS, Passwords
from scanner.plan import Plan
from scanner.reading import content_name, given_name, reader, recognise
from scanner.segment import locate
from scanner.slices import Survey, find_cuts
from scanner.sources import Live, Terms, open_item
from scanner.sources.ownership import readable_by
from scanner.waiting import Waiting

PULSE_SECONDS = 2.0
# Steps of a location that say how far an item was read, and quote nothing of it.
_COUNTED = frozenset(("sheet", "table", "page", "slide", "part", "paragraph", "row", "line"))
FLUSH_FINDINGS = 20_000
CHANGED = "changed while it was read; scan it again"
EMPTIED = "empty when it was opened, but not when its folder was listed: somebody may just be saving it; scan it again"
# What damaged input makes parsers raise. Anything else is `failed`: a defect of ours or of a library.
DAMAGE = (OSError, EOFError, UnicodeError, zipfile.BadZipFile, zlib.error, tarfile.TarError, lzma.LZMAError)
# These come from a disk or a share, not from what a file holds.
DISK = frozenset(
    getattr(errno, name)
    for name in ("EIO", "ENOSPC", "ESTALE", "ETIMEDOUT", "ENODEV", "ENXIO", "ENOTCONN", "EHOSTDOWN", "EMFILE")
    if hasattr(errno, name)
)


class ItemScanner:
    """Scans items under one plan and key; holds the loaded detectors of its process."""

    def __init__(
        self,
        plan: Plan,
        key: Key,
        detectors: list[Detector],
        passwords: Passwords = NO_PASSWORDS,
        credentials: Credentials = NO_CREDENTIALS,
    ) -> None:
        self._plan = plan
        self._key = key
        self._passwords = passwords
        self._terms = Terms(credentials, plan.limits, plan.sample)
        self._keyring = Keyring(key, (identifier.name for identifier in plan.detectors.identifiers))
        self._detectors = detectors

    def scan(self, top: int, item: Item, retry: Retry | None = None) -> Iterator[Message]:
        """Everything that becomes known of one top-level item and its members. Never raises for what the item holds."""
        maker = FindingMaker(self._plan, self._keyring, self._detectors, top, item.root)
        budget = Budget(self._plan.limits, item.size, self._passwords.pairs, self._plan.ocr)
        run = _Run(self._plan, self._key, maker, item, retry or Retry(), budget=budget, terms=self._terms)
        with seldom_collected():
            yield from run.messages()


class _Run:
    """The scan of one top-level item: its budget, its rows so far, its retry list."""

    def __init__(
        self, plan: Plan, key: Key, maker: FindingMaker, item: Item, retry: Retry, *, budget: Budget, terms: Terms
    ) -> None:
        self._plan = plan
        self._key = key
        self._item = item
        self._finished = retry.finished
        self._fatal = dict(retry.fatal)
        self._resume = retry.resume
        self._slice = item.slice
        self._survey: Survey | None = None  # that the first slice makes
        self._marked = time.monotonic()
        self._budget = budget
        self._terms = terms
        self._maker = maker

    def messages(self) -> Iterator[Message]:
        item = self._item
        progress = Progress(
            item.path,
            size=item.size,
            modified=item.modified_ns / 1e9 if item.modified_ns else None,
            owner=item.owner,
            readable_by=item.readable_by,
            cpu_start=time.process_time(),
        )
        if self._resume:
            progress = Progress.parse(self._resume.mark.progress)
            self._budget.resume(self._resume.mark.budget)
            self._maker.resume(item.path, self._resume.repeats)
        if known := self._slice and self._slice.survey:
            progress.media_type, progress.document_class = known.media_type, known.document_class
            self._maker.know(item.path, known.statistics)
        yield Begun(item.path)
        if self._plan.limits.max_file_size and item.size > self._plan.limits.max_file_size:
            progress.lose(Reason.TOO_LARGE, f"larger than {self._plan.limits.max_file_size} bytes (--max-file-size)")
        else:
            yield from self._guarded(self._open_top(progress), progress)
        yield from self._flush()
        self._maker.forget(item.path)
        yield progress.outcome(item.root)

    def _open_top(self, progress: Progress) -> Iterator[Message]:
        with open_item(self._item, self._terms) as stream:
            if isinstance(stream, Live):
                yield from self._read_live(stream, progress)
                return
            before = state_of(stream)
            if self._slice and self._slice.survey and self._slice.survey.state != before[:2]:
                raise Skip(Reason.CHANGED, CHANGED)
            if self._item.size and before[0] == 0 != before[1]:  # most programs empty a file before they write it anew
                raise Skip(Reason.CHANGED, EMPTIED)
            try:
                yield from self._read(stream, progress, depth=0, hint="")
            finally:
                # Also after an error, and before it is noted: a file that is being rewritten looks damaged.
                if why := refusal(stream):
                    progress.lose(Reason.IO_ERROR, why)
                if state_of(stream) != before:
                    progress.lose(Reason.CHANGED, CHANGED)

    def _guarded(self, messages: Iterator[Message], progress: Progress) -> Iterator[Message]:
        """Errors are values: whatever ends the reading of one item becomes its reason, and its siblings go on."""
        try:
            yield from messages
        except Skip as skip:
            progress.lose(skip.reason, skip.detail)
        except MemoryError:
            progress.lose(Reason.OUT_OF_MEMORY, "")
        except DAMAGE as error:
            if isinstance(error, OSError) and error.errno == errno.EFBIG:  # of its own copy (scanner/sandbox/bounds.py)
                progress.lose(Reason.LIMIT, "unpacks to more than one file may hold")
            elif isinstance(error, OSError) and error.errno in DISK:
                progress.lose(Reason.IO_ERROR, error.strerror or "")
            else:
                progress.lose(Reason.DAMAGED, type(error).__name__)
        except Exception as error:  # noqa: BLE001 - a parser may raise anything; the row says which (never its text)
            progress.lose(Reason.FAILED, type(error).__name__)

    def _read(self, stream: IO[bytes], progress: Progress, depth: int, hint: str) -> Iterator[Message]:
        if place := self._place() if not depth else ():
            yield from self._look_for_slices(stream, progress)
            begin = load_resume(formats()[progress.media_type])
            yield from self._parts(begin(stream, self._budget, place), progress, depth)
            return
        stream.seek(0)
        yield from self._hash(stream, progress)
        progress.media_type = recognise(stream, progress.path, hint)
        if not progress.size:
            progress.read_something = True
            return
        if not depth:
            yield from self._look_for_slices(stream, progress)
        yield from self._parts(reader(progress.media_type)(stream, self._budget), progress, depth)

    def _place(self) -> Place:
        """Where the reading of the top item begins; () at its start."""
        if self._resume:
            return self._resume.mark.place
        return self._slice.begin if self._slice else ()

    def _look_for_slices(self, stream: IO[bytes], progress: Progress) -> Iterator[Message]:
        """In the first slice of an item: tell where the others begin, before anything in it can cost them."""
        known = formats().get(progress.media_type)
        if not self._slice or self._slice.survey or not known or not known.sliced:
            return
        budget = Budget(self._plan.limits, self._item.size, ocr=self._plan.ocr)
        cuts: list[Place] = []
        for place in find_cuts(reader(progress.media_type)(stream, budget), self._plan.limits.slice_size):
            if place:
                cuts.append(place)
            else:
                yield Pulse()
        stream.seek(0)
        if cuts:
            self._survey = Survey(tuple(cuts), progress.media_type, state=state_of(stream)[:2])
            yield Surveyed(self._survey)

    def _read_live(self, live: Live, progress: Progress) -> Iterator[Message]:
        """What a server gives has no bytes of its own: its size is what came."""
        progress.media_type, known = live.media_type, self._budget.packed_size
        try:
            begun = self._resume and self._resume.mark.place
            parts = live.parts_from(self._budget, begun) if begun else live.parts(self._budget)
            yield from self._parts(parts, progress, depth=0)
        finally:
            progress.size = self._budget.packed_size - known

    def _hash(self, stream: IO[bytes], progress: Progress) -> Iterator[Message]:
        digest, done, told = content_digest(self._key), 0, time.monotonic()
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
            done += len(chunk)
            if time.monotonic() - told > PULSE_SECONDS:  # a large file, or one that comes over a slow line
                yield Pulse()
                told = time.monotonic()
        progress.content_hash = digest.hexdigest()
        progress.size = done

    def _parts(self, parts: Iterator[Part], progress: Progress, depth: int) -> Iterator[Message]:
        """Hand prose and columns to the detectors in batches; members are scanned where they stand."""
        told = time.monotonic()
        names = MemberNames(self._resume.names if self._resume and not depth else ())
        waiting = Waiting()
        if not depth and self._slice and self._slice.begin:
            waiting.close_beginning()
        try:
            for part in parts:
                if isinstance(part, Cut):
                    yield from self._detect(*waiting.all(), progress, waiting.opening)
                    self._settle(progress, waiting)
                    if not depth and (yield from self._ends_at(part, progress)):
                        break
                elif isinstance(part, (Segment, Column)):
                    yield from self._wait(part, waiting, progress)
                else:
                    if not depth and isinstance(part, Child) and part.place is not None and self._mark_is_due():
                        yield from self._detect(*waiting.all(), progress, waiting.opening)
                        yield from self._mark(progress, part.place)
                    yield from self._other(part, progress, depth, names)
                progress.read_something = progress.read_something or not isinstance(part, (Lost, About, Cut))
                if waiting.is_enough:
                    yield from self._detect(*waiting.prose(), progress, waiting.opening)
                elif time.monotonic() - told > PULSE_SECONDS:  # a scanned page takes seconds and gives little text
                    yield Pulse()
                    told = time.monotonic()
        except Skip as skip:
            raise Skip(skip.reason, covered(skip, waiting.last)) from skip
        finally:
            # Also after an error: what was read before it must be found.
            names.close()
            self._note_date(progress, waiting)
            yield from self._detect(*waiting.all(), progress, waiting.opening)
        progress.read_something = progress.read_something or not progress.losses

    def _wait(self, part: Segment | Column, waiting: Waiting, progress: Progress) -> Iterator[Message]:
        """Put a part to those that wait; one of another block ends the block before it."""
        waiting.read(part)
        if waiting.ends_with(part):
            yield from self._detect(*waiting.block(), progress, waiting.opening)
        self._budget.charge_text(waiting.add(part))
        if isinstance(part, Column):
            self._budget.charge_cells(len(part.values))

    def _note_date(self, progress: Progress, waiting: Waiting) -> None:
        if progress.content_date is None:
            progress.note(About(content_date=waiting.letter.found()))

    def _settle(self, progress: Progress, waiting: Waiting) -> None:
        """What is known of an item at its first cut is what the rest of it is read by: all slices know the same."""
        self._note_date(progress, waiting)
        waiting.close_beginning()
        self._maker.settle(progress.path)

    def _ends_at(self, cut: Cut, progress: Progress) -> Generator[Message, None, bool]:
        """Whether the slice ends here; the first one then tells what was learnt in it."""
        if self._survey:
            statistics = self._maker.statistics(progress.path)
            yield Surveyed(replace(self._survey, document_class=progress.document_class, statistics=statistics))
            return True
        return self._slice is not None and self._slice.end == cut.place

    def _mark_is_due(self) -> bool:
        return time.monotonic() - self._marked >= self._plan.limits.mark_seconds

    def _mark(self, progress: Progress, place: Place) -> Iterator[Message]:
        """Tell all that was found so far, and that whoever begins at this place misses nothing."""
        yield from self._flush()
        yield Mark(progress.path, place, self._budget.spent(), progress.printed())
        self._marked = time.monotonic()

    def _other(
        self, part: Child | Lost | Tally | About, progress: Progress, depth: int, names: MemberNames
    ) -> Iterator[Message]:
        """A member to be scanned, something lost, a count of members, or what the item says of itself."""
        if isinstance(part, Child):
            yield from self._member(part, progress, depth, names)
        elif isinstance(part, Tally):
            progress.expected, progress.emitted = part.expected, part.emitted
        elif isinstance(part, About):
            progress.note(part)
        elif part.name:
            path = member_path(progress.path, names.step(part.name))
            yield Outcome(path, self._item.root, Status.NOT_EXAMINED, part.reason, part.detail, progress.path)
        else:
            progress.lose(part.reason, part.detail)

    def _detect(
        self, segments: list[Segment], columns: list[Column], progress: Progress, opening: Opening
    ) -> Iterator[Message]:
        before = self._maker.made
        progress.document_class = progress.document_class or opening.document_class(progress.path)
        context = Context(progress.path, progress.media_type, progress.document_class)
        for loss in self._maker.prose(context, segments):
            progress.lose(*loss)
        if columns:
            for sign in self._maker.table(context, columns):
                if sign is None:
                    yield Pulse()
                    yield from self._flush(FLUSH_FINDINGS)
                else:
                    progress.lose(*sign)
        progress.findings += self._maker.made - before
        yield Pulse(sum(len(segment.text) for segment in segments))
        yield from self._flush(FLUSH_FINDINGS)

    def _flush(self, least: int = 1) -> Iterator[Message]:
        if len(self._maker.rows) >= least:
            yield Rows(*self._maker.rows.take())

    def _member(self, child: Child, parent: Progress, depth: int, names: MemberNames) -> Iterator[Message]:
        """Scan one member as an item of its own. A member without a name is called by a keyed hash of its bytes."""
        progress = Progress(
            "", parent.path, size=child.size, modified=child.modified, owner=child.owner,
            readable_by="" if child.mode is None else readable_by(child.mode), cpu_start=time.process_time(),
        )  # fmt: skip
        kept = self._budget.kept
        if name := given_name(child, parent.path, parent.media_type):
            progress.path = member_path(parent.path, names.step(name))
        if progress.path in self._finished:
            return
        if progress.path:
            yield Begun(progress.path)
        yield from self._guarded(self._open_member(child, progress, parent.path, depth, names), progress)
        if progress.path in self._finished:
            return
        progress.path = progress.path or member_path(parent.path, names.step("member"))
        if progress.losses and progress.losses[0][0] is Reason.LIMIT:
            self._budget.refund(kept)
        yield from self._flush()
        self._maker.forget(progress.path)
        yield progress.outcome(self._item.root)

    def _open_member(
        self, child: Child, progress: Progress, parent: str, depth: int, names: MemberNames
    ) -> Iterator[Message]:
        if progress.path in self._fatal:
            raise Skip(self._fatal[progress.path], "a try to read it ended the worker process")
        if depth + 1 > self._plan.limits.max_depth:
            raise Skip(Reason.LIMIT, f"nested deeper than {self._plan.limits.max_depth} containers")
        with child.open() as source, spool() as stream:
            told = time.monotonic()
            for _ in self._budget.filling(source, stream):
                if time.monotonic() - told > PULSE_SECONDS:  # to decrypt or unpack a large member takes minutes
                    yield Pulse()
                    told = time.monotonic()
            if not progress.path:
                progress.path = member_path(parent, names.step(content_name(stream, self._key)))
                if progress.path in self._finished:
                    return
                yield Begun(progress.path)
                if progress.path in self._fatal:
                    raise Skip(self._fatal[progress.path], "a try to read it ended the worker process")
            yield from self._read(stream, progress, depth + 1, child.hint)


def covered(skip: Skip, last: Segment | Column | None) -> str:
    """The detail of a limit, with where the last text stands that was read before it."""
    if skip.reason is not Reason.LIMIT or last is None or " read" in skip.detail:
        return skip.detail
    if isinstance(last, Segment):
        where = locate(last, len(last.text), len(last.text))
    else:
        where = last.table.then(row=last.row(len(last.values) - 1))
    place = ", ".join(f"{name} {value}" for name, value in where.steps if name in _COUNTED)
    return f"{skip.detail}; read up to {place}" if place else skip.detail
