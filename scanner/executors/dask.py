"""Batches in, events out, by the workers of a dask cluster: `dask://scheduler:8786`, or plain `dask` for this computer.

Each thread of a dask worker minds one worker process as the executor `processes` does, and is asked for news in short
steps: so a file that crashes, hangs or outgrows its process costs one row, and no result is large. Rows are written
here alone, by the commit protocol of every scan; what a lost worker had told is known, the rest is scanned by others.
The key and all secrets go to the workers in a plugin, never in a task. Places must have the same path on all of them.
"""

import logging
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from importlib.metadata import version
from itertools import count
from queue import Empty, SimpleQueue

from distributed import Client, Future, KilledWorker, LocalCluster

from scanner.batches import Batch
from scanner.executors import Event, Job
from scanner.executors.crew import Crew, Hand, Order, Staff, WorkerError
from scanner.executors.dask_worker import Post, Step, step
from scanner.executors.wire import Answer
from scanner.model import Reason
from scanner.plan import PlanError

LOOK_SECONDS = 1.0
TICK_SECONDS = 0.5
JOIN_SECONDS = 120.0  # without any worker
CONNECT_SECONDS = 20.0


def run(job: Job, batches: Iterable[Batch], address: str = "") -> Iterator[Event]:
    """Scan batches on all workers that a scheduler has, or, without an address, with `job.workers` processes here."""
    if address and any(root.path == "-" for root in job.plan.roots):
        raise PlanError("Standard input cannot be scanned by a cluster: save it as a file that all of its workers see.")
    with ExitStack() as stack:
        client = stack.enter_context(_connected(address, job.workers))
        name = f"whosedata-{uuid.uuid4().hex}"
        stack.callback(_dismiss, client, name)
        _post(client, Post(name, job))
        crew = Crew(_Cluster(client, name, address), iter(batches))
        stack.callback(crew.stop)
        yield from crew.events()


@contextmanager
def _connected(address: str, jobs: int) -> Iterator[Client]:
    """A client of the scheduler, or of one of our own in this process, which has the same rules and no network."""
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what is lost here is tried again, and rows tell of it
    if not address:
        with (
            LocalCluster(
                n_workers=1, threads_per_worker=jobs, processes=False, dashboard_address=None, memory_limit=0
            ) as cluster,
            Client(cluster, set_as_default=False) as client,
        ):
            yield client
        return
    where = address.replace("dask+tls://", "tls://").replace("dask://", "tcp://")
    try:
        client = Client(where, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError, RuntimeError) as error:
        raise WorkerError(
            f"No scheduler answers at {address} ({type(error).__name__}). Start one with: dask scheduler"
        ) from error
    with client:
        yield client


def _post(client: Client, post: Post) -> None:
    try:
        client.register_plugin(post)
    except Exception as error:  # whatever the import of our modules raises over there
        raise WorkerError(
            f"A worker of the cluster cannot run whosedata ({type(error).__name__}). Install version "
            f"{version('whosedata')} on all of them: pip install 'whosedata[cluster]'"
        ) from error


def _dismiss(client: Client, name: str) -> None:
    """End all worker processes of this scan; a cluster that is gone has none."""
    with suppress(Exception):
        client.unregister_worker_plugin(name)


class _Cluster(Staff):
    """One worker process for each thread of each dask worker that the scheduler has at the moment."""

    def __init__(self, client: Client, name: str, address: str) -> None:
        self._client = client
        self._name = name
        self._address = address or "this computer"
        self._numbers = count()
        self._hands: dict[tuple[str, int], _RemoteHand] = {}
        self._told: SimpleQueue[_RemoteHand] = SimpleQueue()
        self._threads: dict[str, int] = {}
        self._looked = self._last_seen = time.monotonic() - LOOK_SECONDS

    def hire(self) -> Sequence[Hand]:
        """A process for each thread that has none."""
        self._look()
        places = [(worker, thread) for worker, threads in self._threads.items() for thread in range(threads)]
        free = [place for place in places if place not in self._hands or self._hands[place].is_over]
        for place in free:
            self._hands[place] = _RemoteHand(self._client, self._name, next(self._numbers), place[0], self._told)
        return [self._hands[place] for place in free]

    def listen(self, hands: Sequence[Hand]) -> Sequence[Hand]:
        """Those whose step is done, and those whose dask worker is gone."""
        self._look()
        told: list[Hand] = [hand for hand in hands if hand.is_lost]
        with suppress(Empty):
            told.append(self._told.get(timeout=0 if told else TICK_SECONDS))
            while True:
                told.append(self._told.get_nowait())
        return told

    def never_starts(self, exit_code: int | None) -> str:
        """They do on no worker."""
        return f"Worker processes of the cluster at {self._address} end while they start (exit code {exit_code})."

    def _look(self) -> None:
        """Ask the scheduler who is there, once a second."""
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        try:
            workers = self._client.scheduler_info(n_workers=-1)["workers"] if self._client.status == "running" else None
        except (OSError, TimeoutError):
            workers = None
        if workers is None:
            raise WorkerError(
                f"The scheduler at {self._address} is gone. When it is back, the same command goes on with what is not "
                "done yet."
            )
        self._threads = {address: int(worker["nthreads"]) for address, worker in workers.items()}
        for (address, _), hand in self._hands.items():
            if address not in self._threads:
                hand.is_lost = True
        self._last_seen = now if self._threads else self._last_seen
        if now - self._last_seen > JOIN_SECONDS:
            raise WorkerError(
                f"No worker is at the scheduler {self._address}. Start some with: dask worker ADDRESS:PORT. The same "
                "command goes on then."
            )


class _RemoteHand(Hand):
    """A worker process far away, as seen from here: never more than one step of it is under way."""

    def __init__(self, client: Client, name: str, number: int, address: str, told: "SimpleQueue[_RemoteHand]") -> None:
        self._client = client
        self._name = name
        self._number = number
        self._address = address
        self._told = told
        self._sequence = 0
        self._step: Future[Step] | None = None
        self._last = Step()
        self.is_lost = False
        self.is_over = False
        self.cause: Reason | None = None
        self._submit(())

    @property
    def exit_code(self) -> int | None:
        """As the dask worker saw it."""
        return self._last.exit_code

    def send(self, orders: Sequence[Order]) -> None:
        """All of a batch at once."""
        self._submit(tuple(orders))

    def receive(self) -> Sequence[Answer]:
        """All that was told in a step."""
        if self.is_lost or self._last.is_dead or self._step is None:
            raise EOFError
        done, self._step = self._step, None
        self._last = self._result(done)
        if self._last.is_lost:
            self.is_lost = True
            raise EOFError
        if self._last.is_dead:
            self.cause = self._last.cause
            self._told.put(self)  # first what it told, then that it is dead
        elif self._last.busy:
            self._submit(())
        return self._last.answers

    def stalled(self, at_work: bool) -> Reason | None:
        """Its dask worker minds that."""
        del at_work
        return None

    def dismiss(self) -> None:
        """It ends with the scan."""
        self.is_over = True

    def kill(self) -> None:
        """So does this one: a dask worker ends all that it minds."""

    def bury(self) -> None:
        """Forget it."""
        self.is_over = True
        if self._step is not None:
            self._step.cancel()

    def _submit(self, orders: tuple[Order, ...]) -> None:
        self._step = self._client.submit(
            step, self._name, self._number, self._sequence, orders, key=f"{self._name}-{self._number}-{self._sequence}",
            workers=[self._address], allow_other_workers=False, pure=False, retries=0,
        )  # fmt: skip
        self._sequence += 1
        self._step.add_done_callback(lambda _: self._told.put(self))

    def _result(self, done: "Future[Step]") -> Step:
        if done.status == "finished":
            return done.result()
        error = done.exception() if done.status == "error" else None
        if error is None or isinstance(error, KilledWorker):
            return Step(is_lost=True)
        raise WorkerError(
            f"A worker of the cluster failed ({type(error).__name__}). Is the same version on all?"
        ) from error
