"""Batches in, events out, by worker processes that are thrown away when an item crashes, hangs or outgrows them."""

import multiprocessing
import os
import shutil
import signal
import struct
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, islice
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import ModuleType

from scanner.batches import Batch
from scanner.executors import Event, Job
from scanner.executors.crew import Crew, Hand, Order, Staff
from scanner.executors.wire import LONGEST, Answer, GarbledError, Ready, unpack
from scanner.executors.worker import cpu_seconds, work
from scanner.limits import Limits
from scanner.model import Reason

TICK_SECONDS = 0.5
END_SECONDS = 5.0
# Time that a new worker may take to load its models.
START_SECONDS = 300.0
# One thread before the sandbox is entered, which holds for the threads that are started in it.
_WORKER_ENVIRONMENT = {
    "PYTHONSAFEPATH": "1",
    "OMP_THREAD_LIMIT": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
# What a start changes for a moment is the whole process's, and a dask worker starts several from its threads: the one
# would put back what the other had set, and for good.
_STARTING = threading.Lock()
_READ = 1 << 20
_FOLDER = "whosedata-worker"
# How multiprocessing sends bytes through a pipe of POSIX: their number as an int, or -1 and a longer one.
_LENGTH, _LONG_LENGTH = struct.Struct("!i"), struct.Struct("!Q")


def run(job: Job, batches: Iterable[Batch]) -> Iterator[Event]:
    """Scan batches with `job.workers` processes."""
    # A worker takes a second and much memory to start: no more of them than there are batches.
    sweep()
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
        new = [ProcessHand(self._job, os.getpid()) for _ in range(self._places - len(self._hands))]
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


class _Letters:
    """Bytes from a pipe go in as they come, whole messages come out: nobody waits for the rest of half a message."""

    def __init__(self, pipe: "Connection[object, Answer]") -> None:
        self._pipe = pipe
        self._raw = bytearray()

    def read(self) -> list[Answer]:
        """What is complete now that the pipe has something; raises EOFError at its end, GarbledError for nonsense."""
        if os.name == "nt":  # its pipes keep messages apart
            return [unpack(self._pipe.recv_bytes(LONGEST))]
        if not (more := os.read(self._pipe.fileno(), _READ)):
            raise EOFError
        self._raw += more
        answers = []
        while (length := self._length()) is not None and len(self._raw) >= sum(length):
            begin, size = length
            answers.append(unpack(bytes(self._raw[begin : begin + size])))
            del self._raw[: begin + size]
        return answers

    def _length(self) -> tuple[int, int] | None:
        """Where the next message begins and how long it says it is, once that is known."""
        if len(self._raw) < _LENGTH.size:
            return None
        (size,) = _LENGTH.unpack_from(self._raw)
        begin = _LENGTH.size
        if size == -1:
            begin += _LONG_LENGTH.size
            if len(self._raw) < begin:
                return None
            (size,) = _LONG_LENGTH.unpack_from(self._raw, _LENGTH.size)
        if not 0 <= size <= LONGEST:
            raise GarbledError("a length that no message has")
        return begin, size


class ProcessHand(Hand):
    """A worker process, our end of its pipe, and the one folder that it can write in.

    `parent` is the number of this process where it is to end with it; 0 where a thread minds it that may end before.
    """

    is_lost: bool = False

    def __init__(self, job: Job, parent: int = 0) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._letters = _Letters(self.pipe)
        self._folder = Path(tempfile.mkdtemp(prefix=f"{_FOLDER}-{os.getpid()}-"))
        self._process = context.Process(target=work, args=(theirs, job, self._folder, parent), daemon=True)
        self._limits: Limits = job.plan.limits
        self._ready = False
        self.is_over = False
        self.cause: Reason | None = None
        with _STARTING, _environment(self._folder), _without_script():
            self._process.start()
        theirs.close()
        self._cpu_mark: float | None = None
        self._mark()

    @property
    def exit_code(self) -> int | None:
        """As multiprocessing has it: the negative number of a signal."""
        return self._process.exitcode

    def send(self, orders: Sequence[Order]) -> None:
        """All of them at once: to go to and fro for each small file would take as long as to scan it.

        It reads them before it says anything: a pipe that is full in both directions would block both ends.
        """
        self._mark()
        with suppress(OSError):  # one that died just now is noticed at its pipe's end, with all that it said before
            self.pipe.send(orders)

    def receive(self) -> Sequence[Answer]:
        """What is complete of its answers; one that talks nonsense is ended."""
        try:
            answers = self._letters.read()
        except GarbledError as error:
            self.kill()
            self.cause = Reason.CRASHED
            raise EOFError from error
        except OSError as error:
            raise EOFError from error
        if answers:
            self._mark()
        self._ready = self._ready or any(isinstance(answer, Ready) for answer in answers)
        return answers

    def stalled(self, at_work: bool) -> Reason | None:
        """No progress for too long: by processor time where it can be told, and by the clock (five times that)."""
        waited = time.monotonic() - self._wall_mark
        if not self._ready:
            return Reason.TIMED_OUT if waited > START_SECONDS else None
        if not at_work or waited < TICK_SECONDS:
            return None
        if self._cpu_mark is None:  # not at each of its answers: to look takes longer than to read one
            self._cpu_mark = cpu_seconds(self._process.pid or 0)
        if waited < self._limits.stall_seconds:
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
        shutil.rmtree(self._folder, ignore_errors=True)

    def kill(self) -> None:
        """SIGKILL, or what the system has for it, to the process and to what it may have started."""
        if hasattr(os, "killpg") and self._ready and self._process.exitcode is None:  # it leads a group by then
            with suppress(OSError):
                os.killpg(self._process.pid or 0, signal.SIGKILL)
        self._process.kill()

    def bury(self) -> None:
        """A dead one has told its exit code when this is over."""
        self.is_over = True
        # One that hangs while it ends, or in a share that does not answer, must not keep the scan.
        self._process.join(END_SECONDS)
        if self._process.is_alive():
            self._process.kill()
        self.pipe.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _mark(self) -> None:
        """Progress was made now; from when on processor time counts, the next look at it says."""
        self._wall_mark, self._cpu_mark = time.monotonic(), None


def sweep() -> None:
    """Remove what the workers of scans left behind that were killed and could not remove it themselves."""
    if not hasattr(os, "getuid"):
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}-*-*"):
        with suppress(OSError, ValueError):
            if folder.lstat().st_uid != os.getuid():
                continue
            try:
                os.kill(int(folder.name.split("-")[2]), 0)
            except ProcessLookupError:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _environment(folder: Path) -> Iterator[None]:
    """Of workers: a file `multiprocessing.py` in a hostile share must not be imported by one started from there.

    Each reads pictures with one thread: there are as many workers as processors. Each has its own folder for what
    sqlite has too much of, which asks for it when it is imported and then no more.
    """
    wanted = {**_WORKER_ENVIRONMENT, "SQLITE_TMPDIR": str(folder)}
    before = {name: os.environ.get(name) for name in wanted}
    try:
        os.environ.update(wanted)
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
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
