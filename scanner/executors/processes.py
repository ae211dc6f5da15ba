"""Batches in, events out, by worker processes that are thrown away when an item crashes, hangs or outgrows them."""

import multiprocessing
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, islice
from multiprocessing.connection import wait
from types import ModuleType

from scanner.batches import Batch
from scanner.executors import Event, Job
from scanner.executors.crew import Answer, Crew, Hand, Order, Staff
from scanner.executors.worker import cpu_seconds, work
from scanner.limits import Limits
from scanner.model import Reason

TICK_SECONDS = 0.5
END_SECONDS = 5.0
# Time that a new worker may take to load its models.
START_SECONDS = 300.0
_WORKER_ENVIRONMENT = {"PYTHONSAFEPATH": "1", "OMP_THREAD_LIMIT": "1"}


def run(job: Job, batches: Iterable[Batch]) -> Iterator[Event]:
    """Scan batches with `job.workers` processes."""
    # A worker takes a second and much memory to start: no more of them than there are batches.
    first = list(islice(batches := iter(batches), max(1, job.workers)))
    crew = Crew(_Processes(job, max(1, len(first))), chain(first, batches))
    try:
        yield from crew.events()
    finally:
        crew.stop()


class _Processes(Staff):
    """So many worker processes at a time."""

    def __init__(self, job: Job, places: int) -> None:
        self._job = job
        self._places = places
        self._hands: list[ProcessHand] = []

    def hire(self) -> Sequence[Hand]:
        """Start as many as are missing."""
        self._hands = [hand for hand in self._hands if not hand.is_over]
        new = [ProcessHand(self._job) for _ in range(self._places - len(self._hands))]
        self._hands += new
        return new

    def listen(self, hands: Sequence[Hand]) -> Sequence[Hand]:
        """Those whose pipe has something in it, or is broken."""
        here = {hand.pipe: hand for hand in hands if isinstance(hand, ProcessHand)}
        return [here[pipe] for pipe in wait(list(here), timeout=TICK_SECONDS)]  # type: ignore[index]  # pipes went in

    def never_starts(self, exit_code: int | None) -> str:
        """What may help."""
        return (
            f"Worker processes end while they start (exit code {exit_code}). This computer may be short of memory: use "
            "fewer --jobs, or --engine serial."
        )


class ProcessHand(Hand):
    """A worker process and our end of its pipe."""

    is_lost: bool = False
    cause: Reason | None = None

    def __init__(self, job: Job) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs, job), daemon=True)
        self._limits: Limits = job.plan.limits
        self._ready = False
        self.is_over = False
        with _environment(), _without_script():
            self._process.start()
        theirs.close()
        self._mark()

    @property
    def exit_code(self) -> int | None:
        """As multiprocessing has it: the negative number of a signal."""
        return self._process.exitcode

    def send(self, orders: Sequence[Order]) -> None:
        """One at a time: a pipe that is full in both directions would block both ends."""
        self._mark()
        with suppress(OSError):  # one that died just now is noticed at its pipe's end, with all that it said before
            self.pipe.send(orders[0])

    def receive(self) -> Sequence[Answer]:
        """One answer."""
        try:
            answer: Answer = self.pipe.recv()
        except OSError as error:
            raise EOFError from error
        self._mark()
        self._ready = self._ready or isinstance(answer, int)
        return [answer]

    def stalled(self, at_work: bool) -> Reason | None:
        """No progress for too long: by processor time where it can be told, and by the clock (five times that)."""
        waited = time.monotonic() - self._wall_mark
        if not self._ready:
            return Reason.TIMED_OUT if waited > START_SECONDS else None
        if not at_work or waited < self._limits.stall_seconds:
            return None
        now = cpu_seconds(self._process.pid or 0)
        burned = now is not None and self._cpu_mark is not None and now - self._cpu_mark >= self._limits.stall_seconds
        return Reason.TIMED_OUT if burned or waited >= 5 * self._limits.stall_seconds else None

    def dismiss(self) -> None:
        """Ask it to end, and do not wait for long."""
        self.is_over = True
        with suppress(OSError):
            self.pipe.send(None)
        self._process.join(TICK_SECONDS)
        self.pipe.close()

    def kill(self) -> None:
        """SIGKILL, or what the system has for it."""
        self._process.kill()

    def bury(self) -> None:
        """A dead one has told its exit code when this is over."""
        self.is_over = True
        # One that hangs while it ends, or in a share that does not answer, must not keep the scan.
        self._process.join(END_SECONDS)
        if self._process.is_alive():
            self._process.kill()
        self.pipe.close()

    def _mark(self) -> None:
        """Progress was made now."""
        self._wall_mark, self._cpu_mark = time.monotonic(), cpu_seconds(self._process.pid or 0)


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


@contextmanager
def _without_script() -> Iterator[None]:
    """What is started here does not import the script that runs: it would load all commands, a second of its time."""
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script
