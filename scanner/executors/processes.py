"""Batches in, events out, by worker processes that are thrown away when an item crashes, hangs or outgrows them."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

import pyarrow as pa
import pyarrow.compute as pc

from scanner.batches import Batch
from scanner.executors import BatchDone, Event, Job, Told
from scanner.executors.worker import cpu_seconds, work
from scanner.limits import Limits
from scanner.messages import Begun, Mark, Outcome, Resume, Retry, Rows
from scanner.model import Item, Reason, Status
from scanner.plan import PlanError

TICK_SECONDS = 0.5
MAX_DEATHS = 3  # of workers that start
MAX_GUILTY = 25  # members of one archive, or between two marks of a mailbox, that each ended a worker
MAX_GUILTY_IN_ALL = 500
END_SECONDS = 5.0
# Time that a new worker may take to load its models.
START_SECONDS = 300.0
_WORKER_ENVIRONMENT = {"PYTHONSAFEPATH": "1", "OMP_THREAD_LIMIT": "1"}


class WorkerError(Exception):
    """No worker can be started; the message says why."""


@dataclass(slots=True)
class Attempt:
    """What the parent knows of the top item that a worker has in hand."""

    top: int
    item: Item
    open_paths: list[str] = field(default_factory=list)
    finished: set[str] = field(default_factory=set)
    fatal: dict[str, Reason] = field(default_factory=dict)
    suspects: set[str] = field(default_factory=set)  # they were open when somebody killed the worker
    deaths: int = 0
    written: list[pa.ChunkedArray] = field(default_factory=list)  # finding ids that have been passed on
    own_findings: int = 0
    has_marks: bool = False
    resume: Resume | None = None

    def note(self, message: object) -> object:
        """Keep the books. After a retry, rows and outcomes that an earlier try passed on come back as None."""
        if isinstance(message, Begun):
            self.open_paths.append(message.path)
        elif isinstance(message, Outcome):
            if self.open_paths and self.open_paths[-1] == message.path:
                self.open_paths.pop()
            if message.path in self.finished:
                return None
            self.finished.add(message.path)
        elif isinstance(message, Rows):
            return self._only_new(message)
        elif isinstance(message, Mark):  # nothing before it will be tried again
            self.finished, self.written, self.fatal, self.suspects = set(), [], {}, set()
            self.has_marks = True
        return message

    def _only_new(self, rows: Rows) -> Rows:
        findings = rows.findings
        if self.deaths and self.written:
            seen = pa.chunked_array([chunk for ids in self.written for chunk in ids.chunks], type=pa.int64())
            findings = findings.filter(pc.invert(pc.is_in(findings["finding_id"], value_set=seen)))
        self.written.append(findings["finding_id"])
        self.own_findings += pc.sum(pc.equal(findings["item"], self.item.path)).as_py() or 0
        return Rows(findings, rows.keys)

    def retry(self) -> Retry:
        """What the next try is told."""
        return Retry(frozenset(self.finished), tuple(sorted(self.fatal.items())), self.resume)


@dataclass(slots=True)
class Worker:
    """A process, our end of its pipe, and the batch that it works on."""

    process: BaseProcess
    pipe: Connection
    ready: bool = False
    batch: Batch | None = None
    position: int = 0
    attempt: Attempt | None = None
    wall_mark: float = 0.0
    cpu_mark: float | None = None

    def mark(self) -> None:
        """Progress was made now."""
        self.wall_mark, self.cpu_mark = time.monotonic(), cpu_seconds(self.process.pid or 0)

    def stalled(self, limits: Limits) -> bool:
        """No progress for too long: by processor time where it can be told, and by the clock (five times that)."""
        waited = time.monotonic() - self.wall_mark
        if not self.ready:
            return waited > START_SECONDS
        if self.attempt is None or waited < limits.stall_seconds:
            return False
        now = cpu_seconds(self.process.pid or 0)
        burned = now is not None and self.cpu_mark is not None and now - self.cpu_mark >= limits.stall_seconds
        return burned or waited >= 5 * limits.stall_seconds


def run(job: Job, batches: Iterable[Batch]) -> Iterator[Event]:
    """Scan batches with `job.workers` processes. A death of one of them costs at most the member it had in hand."""
    pool = _Pool(job, iter(batches))
    try:
        yield from pool.events()
    finally:
        pool.stop()


class _Pool:
    def __init__(self, job: Job, batches: Iterator[Batch]) -> None:
        self._job = job
        self._batches = batches
        self._context = multiprocessing.get_context("spawn")
        self._workers: list[Worker] = []
        self._waiting: list[tuple[Batch, int, Attempt]] = []
        self._failed_starts = 0

    def events(self) -> Iterator[Event]:
        """Until every batch is done: start workers, pass on what they say, replace the dead."""
        # A worker takes a second and much memory to start: no more of them than there are batches.
        first = list(islice(self._batches, max(1, self._job.workers)))
        self._batches = chain(first, self._batches)
        for _ in range(max(1, len(first))):
            self._start()
        while self._workers:
            handles = [worker.pipe for worker in self._workers]
            ready = wait(handles, timeout=TICK_SECONDS)
            for worker in list(self._workers):
                if worker.pipe in ready:
                    yield from self._receive(worker)
                elif worker.stalled(self._job.plan.limits):
                    worker.process.kill()
                    yield from self._bury(worker, Reason.TIMED_OUT)

    def stop(self) -> None:
        """End all workers at once."""
        for worker in self._workers:
            worker.process.kill()
            worker.process.join()
            worker.pipe.close()
        self._workers = []

    def _start(self) -> None:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=work, args=(theirs, self._job), daemon=True)
        with _environment():
            process.start()
        theirs.close()
        worker = Worker(process, ours)
        worker.mark()
        self._workers.append(worker)

    def _receive(self, worker: Worker) -> Iterator[Event]:
        try:
            answer = worker.pipe.recv()
        except (EOFError, OSError):
            yield from self._bury(worker, None)
            return
        worker.mark()
        if isinstance(answer, str):
            raise PlanError(answer)
        if isinstance(answer, int):
            worker.ready = True
            self._failed_starts = 0
            yield from self._next_item(worker)
            return
        top, message = answer
        attempt, batch = worker.attempt, worker.batch
        if attempt is None or batch is None:
            return
        if message is None:
            worker.attempt = None
            worker.position += 1
            yield from self._next_item(worker)
        elif (kept := attempt.note(message)) is not None:
            yield Told(batch.signature, top, kept)  # type: ignore[arg-type]  # note() gives back what it was given

    def _next_item(self, worker: Worker) -> Iterator[Event]:
        """Hand out the next item of the worker's batch, else an abandoned one, else a new batch, else the end."""
        if worker.batch is not None and worker.position >= len(worker.batch.items):
            yield BatchDone(worker.batch.signature)
            worker.batch = None
        if worker.batch is None:
            if self._waiting:
                worker.batch, worker.position, worker.attempt = self._waiting.pop()
            else:
                worker.batch = next(self._batches, None)
                worker.position, resume = worker.batch.begun() if worker.batch else (0, None)
                if worker.batch and resume:
                    worker.attempt = Attempt(*worker.batch.items[worker.position], has_marks=True, resume=resume)
        if worker.batch is None:
            self._workers.remove(worker)
            with _broken_pipe_is_death():
                worker.pipe.send(None)
            worker.process.join(TICK_SECONDS)
            worker.pipe.close()
            return
        if worker.attempt is None:
            worker.attempt = Attempt(*worker.batch.items[worker.position])
        worker.mark()
        with _broken_pipe_is_death():
            worker.pipe.send((worker.attempt.top, worker.attempt.item, worker.attempt.retry()))

    def _bury(self, worker: Worker, known: Reason | None) -> Iterator[Event]:
        """A worker is gone: blame the member it had in hand, give its batch to the next one."""
        # One that hangs while it ends, or in a share that does not answer, must not keep the scan.
        worker.process.join(END_SECONDS)
        if worker.process.is_alive():
            worker.process.kill()
        self._workers.remove(worker)
        worker.pipe.close()
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts >= MAX_DEATHS:
                raise WorkerError(
                    f"Worker processes end while they start (exit code {worker.process.exitcode}). In a script, "
                    'scan(..., executor="processes") must stand under: if __name__ == "__main__":'
                )
        attempt, batch = worker.attempt, worker.batch
        if batch is not None:
            position = worker.position
            if attempt is not None and attempt.item.path in attempt.finished:  # it died when all had been said
                attempt, position = None, position + 1
            elif attempt is not None and (outcome := _verdict(attempt, known, worker.process.exitcode)):
                yield Told(batch.signature, attempt.top, outcome)
                attempt, position = None, position + 1
            elif attempt is not None and attempt.has_marks:
                _, attempt.resume = batch.begun()
            if position < len(batch.items):
                self._waiting.append((batch, position, attempt or Attempt(*batch.items[position])))
            else:
                yield BatchDone(batch.signature)
        self._start()


def _verdict(attempt: Attempt, known: Reason | None, exit_code: int | None) -> Outcome | None:
    """The outcome of the top item when it is given up; None when it is to be tried again without the guilty member."""
    attempt.deaths += 1
    guilty = attempt.open_paths[-1] if attempt.open_paths else attempt.item.path
    attempt.open_paths = []
    # SIGKILL from outside (the kernel short of memory, or a person) says little of the item: try it once more.
    killed = exit_code == -signal.SIGKILL if hasattr(signal, "SIGKILL") else False
    outside = known is None and killed
    reason = known or (Reason.OUT_OF_MEMORY if outside else Reason.CRASHED)
    # Each death may cost a member; an archive that goes on killing, or dies of a member that is left out, is given up.
    endless = guilty in attempt.fatal or len(attempt.fatal) >= MAX_GUILTY or attempt.deaths > MAX_GUILTY_IN_ALL
    if endless and guilty != attempt.item.path:
        reason, guilty = Reason.POISON, attempt.item.path
    elif outside and guilty not in attempt.suspects:
        attempt.suspects.add(guilty)
        return None
    if guilty != attempt.item.path:
        attempt.fatal[guilty] = reason
        return None
    item = attempt.item
    read_something = bool(attempt.own_findings or attempt.finished or attempt.has_marks)
    return Outcome(
        item.path,
        item.root,
        Status.PARTIAL if read_something else Status.NOT_EXAMINED,
        reason,
        "the worker process that read it had to be replaced",
        size=item.size,
        modified=item.modified_ns / 1e9 if item.modified_ns else None,
        owner=item.owner,
        readable_by=item.readable_by,
        findings=attempt.own_findings,
    )


@contextmanager
def _broken_pipe_is_death() -> Iterator[None]:
    """A worker that died just now is noticed at its pipe's end, with all that it said before."""
    try:
        yield
    except OSError:
        return


@contextmanager
def _environment() -> Iterator[None]:
    """Of workers: a file `multiprocessing.py` in a hostile share must not be imported by one started from there.

    Each reads pictures with one thread: there are as many workers as processors.
    """
    before = {name: os.environ.get(name) for name in _WORKER_ENVIRONMENT}
    os.environ.update(_WORKER_ENVIRONMENT)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
