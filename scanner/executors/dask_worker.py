"""The far side of the executor `dask`: a dask worker minds worker processes, and tells in steps what they say."""

import multiprocessing
import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version

from distributed import Worker, WorkerPlugin, get_worker

from scanner.addresses import is_address
from scanner.executors import Job
from scanner.executors.crew import Order
from scanner.executors.processes import ProcessHand
from scanner.executors.wire import Answer
from scanner.messages import Pulse, Rows
from scanner.model import Reason

STEP_SECONDS = 1.0
STEP_BYTES = 16 * 1024 * 1024
TICK_SECONDS = 0.5
# A worker process that nobody asks for so long belongs to a scan that was killed.
IDLE_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Step:
    """What a worker process told in one step; `busy`: more is to come, `is_lost`: nobody knows of this process."""

    answers: tuple[Answer, ...] = ()
    busy: bool = False
    is_lost: bool = False
    is_dead: bool = False
    cause: Reason | None = None
    exit_code: int | None = None


def step(name: str, number: int, sequence: int, orders: tuple[Order, ...]) -> Step:
    """The task: hand orders to a worker process of this dask worker, and bring what it tells within a second."""
    post = get_worker().plugins.get(name)
    return post.step(number, sequence, orders) if isinstance(post, Post) else Step(is_lost=True)


@dataclass(slots=True)
class _Seat:
    """One worker process, at the dask worker that minds it."""

    hand: ProcessHand
    orders: list[Order] = field(default_factory=list)
    ready: bool = False
    at_work: int = 0  # on so many items, one after the other
    sequence: int = 0
    asked: float = field(default_factory=time.monotonic)

    def step(self, orders: Sequence[Order]) -> Step:
        self.asked = time.monotonic()
        self.orders.extend(orders)
        self._next()
        answers: list[Answer] = []
        size = 0
        while self._busy and size < STEP_BYTES and (left := self.asked + STEP_SECONDS - time.monotonic()) > 0:
            try:
                if not self.hand.pipe.poll(min(TICK_SECONDS, left)):
                    if reason := self.hand.stalled(at_work=self.at_work > 0):
                        self.hand.kill()
                        return self._death(answers, reason)
                    continue
                told = self.hand.receive()
            except (EOFError, OSError):
                return self._death(answers, self.hand.cause)
            size += sum(map(self._note, told))
            answers += [one for one in told if not (isinstance(one, tuple) and isinstance(one[1], Pulse))]
        return Step(tuple(answers), self._busy)

    @property
    def _busy(self) -> bool:
        return self.at_work > 0 or not self.ready

    def _next(self) -> None:
        if self.ready and not self.at_work and self.orders:
            self.at_work = len(self.orders)
            self.hand.send(self.orders)
            self.orders = []

    def _note(self, answer: Answer) -> int:
        """Keep the books; the size of an answer."""
        if not isinstance(answer, tuple):
            self.ready = True
        elif answer[1] is None:
            self.at_work -= 1
            self._next()
        elif isinstance(answer[1], Rows):
            return int(answer[1].findings.nbytes + answer[1].keys.nbytes)
        return 200

    def _death(self, answers: list[Answer], cause: Reason | None) -> Step:
        self.hand.bury()
        return Step(tuple(answers), is_dead=True, cause=cause, exit_code=self.hand.exit_code)


class Post(WorkerPlugin):
    """What every dask worker is given: the job with its key, and the worker processes that work on it there."""

    _seats: dict[int, _Seat]
    _over: threading.Event

    def __init__(self, name: str, job: Job) -> None:
        self.name = name
        self._job = job
        self._version = version("whosedata")
        paths = (root.place for root in job.plan.roots if root.path != "-")
        self._places = tuple(place for place in paths if not is_address(place))

    def setup(self, worker: Worker) -> None:
        """Called by dask on every worker, also on those that come later."""
        del worker
        self._seats, self._over = {}, threading.Event()
        # Workers with a nanny are daemons, and so may have no children; ours end with their pipe.
        if multiprocessing.current_process().daemon:
            multiprocessing.current_process().daemon = False
        threading.Thread(target=self._watch, daemon=True).start()

    def teardown(self, worker: Worker) -> None:
        """Called by dask when the scan is over, or the worker."""
        del worker
        self._over.set()
        for seat in self._seats.values():
            seat.hand.kill()

    def step(self, number: int, sequence: int, orders: Sequence[Order]) -> Step:
        """One step of the process with this number; steps are numbered, so that one that is done again is noticed."""
        if sequence == 0:
            if refusal := self._refusal():
                return Step((refusal,))
            self._seats[number] = _Seat(ProcessHand(self._job))
        seat = self._seats.get(number)
        if seat is None or seat.sequence != sequence or self._over.is_set():
            return Step(is_lost=True)
        seat.sequence += 1
        told = seat.step(orders)
        if told.is_dead:
            del self._seats[number]
        return told

    def _refusal(self) -> str:
        here = version("whosedata")
        if here != self._version:
            return (
                f"A worker of the cluster has whosedata {here}, and this is {self._version}. Install the same version "
                "on all of them."
            )
        if missing := [place for place in self._places if not os.path.lexists(place)]:
            return (
                f"A worker of the cluster does not see {missing[0]}. The places to scan must have the same path on all "
                "of them, such as that of a share that is mounted everywhere."
            )
        return ""

    def _watch(self) -> None:
        """End processes that nobody asks any more."""
        while not self._over.wait(IDLE_SECONDS / 10):
            for number, seat in list(self._seats.items()):
                if time.monotonic() - seat.asked > IDLE_SECONDS:
                    self._seats.pop(number, None)
                    seat.hand.kill()
