"""The worker process: batches come in through a pipe, messages go out; one bad file may end it without harm."""

import gc
import os
import signal
import struct
import time
from multiprocessing.connection import Connection
from pathlib import Path

from detectors.registry import load_detectors
from reports.without_pandas import keep_pandas_out
from scanner.addresses import is_address
from scanner.executors import Job
from scanner.executors.wire import Ready, pack
from scanner.messages import Message, Outcome, Pulse, Rows
from scanner.pipeline import ItemScanner
from scanner.sandbox import be_silent, end_with, enter

try:
    from scanner.sandbox import bounds
except ModuleNotFoundError:  # Windows has no `resource`
    bounds = None  # type: ignore[assignment]


PULSE_SECONDS = 0.2
MOST_WAITING = 64 * 1024
_LENGTH = struct.Struct("!i")  # how multiprocessing writes that of a message of less than 2 GB


def work(pipe: Connection, job: Job, folder: Path, parent: int) -> None:
    """Give up what a parser never needs, load the detectors, bound what is used, then scan item after item.

    Comes in: a list of (top, item, retry), or None to end. Goes out: what wire.pack() takes: Ready, and for each of
    them (top, message) for each message, then (top, None). `folder` is the one place to write; `parent` the process
    with which this one ends (0: it is minded by a thread, which may end sooner).
    """
    # Ctrl-C reaches the whole group; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "setsid"):
        os.setsid()  # no terminal to type into, and a group of its own, so that nothing it started outlives it
    if parent:
        end_with(parent)
    keep_pandas_out()
    sandbox = enter(folder, any(is_address(root.path) for root in job.plan.roots))
    try:
        scanner = ItemScanner(job.plan, job.key, load_detectors(job.plan.detectors), job.passwords, job.credentials)
    except (ValueError, OSError, ImportError) as error:
        pipe.send_bytes(pack(f"{error}"))
        return
    if bounds:
        bounds.bound(job.plan.limits)
    be_silent()
    gc.freeze()  # detectors and models stay to the end: no look for garbage goes through them
    pipe.send_bytes(pack(Ready(os.getpid(), sandbox)))
    telling = Telling(pipe)
    while (orders := pipe.recv()) is not None:
        for top, item, retry in orders:
            if bounds:
                bounds.bound_processor_time(job.plan.limits, item.size)
            for message in scanner.scan(top, item, retry):
                telling.tell((top, message))
            telling.tell((top, None))
        telling.send()


class Telling:
    """Sends messages; what is told at the end of a small item goes in one call of the system with the next one's begin.

    Nothing waits while an item is open: when the process is ended, the parent knows all that was found, and what was
    being read.
    """

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._waiting: list[bytes] = []
        self._size = 0
        self._sent = time.monotonic()

    def tell(self, answer: tuple[int, Message | None]) -> None:
        """Send this, or keep it for the moment that follows."""
        _, message = answer
        if isinstance(message, Pulse) and time.monotonic() - self._sent < PULSE_SECONDS:
            return  # it says nothing but that there is progress, and something else has just said so
        self._waiting.append(pack(answer))
        self._size += len(self._waiting[-1])
        if not (message is None or isinstance(message, (Rows, Outcome))) or self._size > MOST_WAITING:
            self.send()

    def send(self) -> None:
        """Send what waits."""
        if os.name == "nt":  # its pipes keep messages apart
            for packed in self._waiting:
                self._pipe.send_bytes(packed)
        elif self._waiting:
            left = memoryview(
                b"".join(part for packed in self._waiting for part in (_LENGTH.pack(len(packed)), packed))
            )
            while left:
                left = left[os.write(self._pipe.fileno(), left) :]
        self._waiting, self._size, self._sent = [], 0, time.monotonic()


def cpu_seconds(pid: int) -> float | None:
    """Processor time that a process has used; None where the system cannot tell."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - a proc file
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
