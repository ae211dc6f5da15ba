"""Batches and workers in, events out: hand out items, pass on what the workers say, replace the dead, blame the guilty.

Where the workers are, and how one talks to them, is the business of a Staff: processes of this computer, or a cluster.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from scanner.batches import Batch
from scanner.executors import BatchDone, Entered, Event, Told
from scanner.executors.attempts import Attempt, verdict
from scanner.executors.wire import Answer, Ready
from scanner.messages import Retry
from scanner.model import Item, Reason
from scanner.plan import PlanError

MAX_DEATHS = 3  # of workers that start

Order: TypeAlias = tuple[int, Item, Retry]


class WorkerError(Exception):
    """No worker can be started; the message says why."""


class Hand(Protocol):
    """One worker. `is_lost`: it is gone together with its computer; `cause`: why whoever minds it there ended it."""

    is_lost: bool
    cause: Reason | None

    @property
    def exit_code(self) -> int | None:
        """Of a dead one, as multiprocessing has it; None where nobody can tell."""
        ...

    def send(self, orders: Sequence[Order]) -> None:
        """Work on these, one after the other. It has nothing else to do."""
        ...

    def receive(self) -> Sequence[Answer]:
        """What it has to say; raises EOFError when it is dead."""
        ...

    def stalled(self, at_work: bool) -> Reason | None:
        """Why it must be ended; None while it makes progress."""
        ...

    def dismiss(self) -> None:
        """There is no more work."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...

    def bury(self) -> None:
        """Wait until a dead or killed one is gone, and close what led to it."""
        ...


class Staff(Protocol):
    """All workers."""

    def hire(self) -> Sequence[Hand]:
        """New workers for all places where nobody works."""
        ...

    def listen(self, hands: Sequence[Hand]) -> Sequence[Hand]:
        """Those that have something to say, or are dead; after half a second perhaps none."""
        ...

    def never_starts(self, exit_code: int | None) -> str:
        """What to tell the user when workers end while they start."""
        ...


@dataclass(slots=True, eq=False)
class _Desk:
    """A worker and the batch that it works on."""

    hand: Hand
    ready: bool = False
    batch: Batch | None = None
    position: int = 0
    attempt: Attempt | None = None
    ordered: int = 0  # up to which position of the batch the worker was told what to do


class Crew:
    """Scans batches with a staff. A death of a worker costs at most the member it had in hand."""

    def __init__(self, staff: Staff, batches: Iterator[Batch]) -> None:
        self._staff = staff
        self._batches = batches
        self._exhausted = False
        self._desks: list[_Desk] = []
        self._waiting: list[tuple[Batch, int, Attempt]] = []
        self._failed_starts = 0

    def events(self) -> Iterator[Event]:
        """Until every batch is done."""
        while True:
            if self._waiting or not self._exhausted:
                self._desks += map(_Desk, self._staff.hire())
            elif not self._desks:
                return
            ready = set(map(id, self._staff.listen([desk.hand for desk in self._desks])))
            for desk in list(self._desks):
                if id(desk.hand) in ready:
                    yield from self._receive(desk)
                elif reason := desk.hand.stalled(at_work=desk.attempt is not None):
                    desk.hand.kill()
                    yield from self._bury(desk, reason)

    def stop(self) -> None:
        """End all workers at once."""
        for desk in self._desks:
            desk.hand.kill()
        for desk in self._desks:
            desk.hand.bury()
        self._desks = []

    def _receive(self, desk: _Desk) -> Iterator[Event]:
        try:
            answers = desk.hand.receive()
        except EOFError:
            yield from self._bury(desk, desk.hand.cause)
            return
        for answer in answers:
            if desk not in self._desks:  # it was dismissed by what came before
                return
            if isinstance(answer, tuple) != desk.ready:
                yield from self._nonsense(desk)
                return
            if isinstance(answer, str):
                raise PlanError(answer)
            if isinstance(answer, Ready):
                desk.ready = True
                self._failed_starts = 0
                yield Entered(answer.sandbox)
                yield from self._next_item(desk)
            elif desk.attempt is None or desk.batch is None or answer[0] != desk.attempt.top:
                yield from self._nonsense(desk)
                return
            elif answer[1] is None:
                desk.attempt = None
                desk.position += 1
                yield from self._next_item(desk)
            elif (kept := desk.attempt.note(answer[1])) is not None:
                yield Told(desk.batch.signature, answer[0], kept)  # type: ignore[arg-type]  # note() gives back what it was given

    def _nonsense(self, desk: _Desk) -> Iterator[Event]:
        """It tells of what it was not given: whatever speaks there is no worker of ours any more."""
        desk.hand.kill()
        yield from self._bury(desk, Reason.CRASHED)

    def _next_item(self, desk: _Desk) -> Iterator[Event]:
        """Hand out the next item of the worker's batch, else an abandoned one, else a new batch, else the end."""
        done = desk.batch if desk.batch is not None and desk.position >= len(desk.batch.items) else None
        if done is not None:
            desk.batch = None
        if desk.batch is None:
            self._take_batch(desk)
        if desk.batch is not None:
            _order(desk, desk.batch)
        if done is not None:  # only now: to make it durable takes a while, in which the worker works on the next one
            yield BatchDone(done.signature)
        if desk.batch is None:
            self._exhausted = True
            self._desks.remove(desk)
            desk.hand.dismiss()

    def _take_batch(self, desk: _Desk) -> None:
        desk.ordered = 0
        if self._waiting:
            desk.batch, desk.position, desk.attempt = self._waiting.pop()
            return
        desk.batch = next(self._batches, None)
        desk.position, resume = desk.batch.begun() if desk.batch else (0, None)
        if desk.batch and resume:
            desk.attempt = Attempt(*desk.batch.items[desk.position], has_marks=True, resume=resume)

    def _bury(self, desk: _Desk, known: Reason | None) -> Iterator[Event]:
        """A worker is gone, or must go: blame the member it had in hand, give its batch to the next one."""
        desk.hand.bury()
        self._desks.remove(desk)
        if not desk.ready and not desk.hand.is_lost:
            self._failed_starts += 1
            if self._failed_starts >= MAX_DEATHS:
                raise WorkerError(self._staff.never_starts(desk.hand.exit_code))
        attempt, batch = desk.attempt, desk.batch
        if batch is None:
            return
        position = desk.position
        if attempt is not None and attempt.item.path in attempt.finished:  # it died when all had been said
            attempt, position = None, position + 1
        elif (
            attempt is not None
            and not (desk.hand.is_lost and attempt.lose())
            and (outcome := verdict(attempt, known, desk.hand.exit_code))
        ):
            yield Told(batch.signature, attempt.top, outcome)
            attempt, position = None, position + 1
        if attempt is not None and attempt.has_marks:
            _, attempt.resume = batch.begun()
        if position < len(batch.items):
            self._waiting.append((batch, position, attempt or Attempt(*batch.items[position])))
        else:
            yield BatchDone(batch.signature)


def _order(desk: _Desk, batch: Batch) -> None:
    """Tell the worker what to do with its batch: all that is left of it at once."""
    if desk.attempt is None:
        desk.attempt = Attempt(*batch.items[desk.position])
    if desk.position >= desk.ordered:
        desk.ordered = len(batch.items)
        rest = ((top, item, Retry()) for top, item in batch.items[desk.position + 1 :])
        desk.hand.send([(desk.attempt.top, desk.attempt.item, desk.attempt.retry()), *rest])
