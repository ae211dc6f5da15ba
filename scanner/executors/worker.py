"""The worker process: batches come in through a pipe, messages go out; one bad file may end it without harm."""

import gc
import os
import signal
from multiprocessing.connection import Connection

from detectors.registry import load_detectors
from scanner.executors import Job
from scanner.pipeline import ItemScanner

GARBAGE = 50_000  # objects that are made before those that may be garbage are looked through


def work(pipe: Connection, job: Job) -> None:
    """Load the detectors, bound the memory, then scan item after item until told to stop.

    Comes in: (top, item, retry), or None to end. Goes out: (top, message) for each message, then (top, None).
    """
    # Ctrl-C reaches the whole group; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        scanner = ItemScanner(job.plan, job.key, load_detectors(job.plan.detectors), job.passwords, job.credentials)
    except (ValueError, OSError, ImportError) as error:
        pipe.send(f"{error}")
        return
    bound_memory(job.plan.limits.worker_memory)
    # Detectors and models stay to the end, and findings make no cycles: looking for any took an eighth of the time.
    gc.freeze()
    gc.set_threshold(GARBAGE)
    pipe.send(os.getpid())
    while (order := pipe.recv()) is not None:
        top, item, retry = order
        for message in scanner.scan(top, item, retry):
            pipe.send((top, message))
        pipe.send((top, None))


def bound_memory(extra: int) -> None:
    """Limit the address space to what is in use now plus `extra` bytes, and write no core file (it would hold content).

    Only Linux can tell and enforce both; elsewhere the time limits and the process boundary remain.
    """
    try:
        import resource  # noqa: PLC0415 - does not exist on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - a proc file
            pages = int(file.read().split()[0])
    except OSError:
        return
    limit = pages * os.sysconf("SC_PAGE_SIZE") + extra
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))


def cpu_seconds(pid: int) -> float | None:
    """Processor time that a process has used; None where the system cannot tell."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - a proc file
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
