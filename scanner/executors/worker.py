"""The worker process: batches come in through a pipe, messages go out; one bad file may end it without harm."""

import gc
import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path

from detectors.registry import load_detectors
from scanner.addresses import is_address
from scanner.executors import Job
from scanner.executors.wire import Ready, pack
from scanner.pipeline import ItemScanner
from scanner.sandbox import be_silent, end_with, enter

try:
    from scanner.sandbox import bounds
except ModuleNotFoundError:  # Windows has no `resource`
    bounds = None  # type: ignore[assignment]


def work(pipe: Connection, job: Job, folder: Path, parent: int) -> None:
    """Give up what a parser never needs, load the detectors, bound what is used, then scan item after item.

    Comes in: (top, item, retry), or None to end. Goes out: what wire.pack() takes: Ready, (top, message) for each
    message, then (top, None). `folder` is the one place to write; `parent` the process with which this one ends (0: it
    is minded by a thread, which may end sooner).
    """
    # Ctrl-C reaches the whole group; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "setsid"):
        os.setsid()  # no terminal to type into, and a group of its own, so that nothing it started outlives it
    if parent:
        end_with(parent)
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
    while (order := pipe.recv()) is not None:
        top, item, retry = order
        if bounds:
            bounds.bound_processor_time(job.plan.limits, item.size)
        for message in scanner.scan(top, item, retry):
            pipe.send_bytes(pack((top, message)))
        pipe.send_bytes(pack((top, None)))


def cpu_seconds(pid: int) -> float | None:
    """Processor time that a process has used; None where the system cannot tell."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - a proc file
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
