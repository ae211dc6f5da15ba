"""Limits of a plan go in; from then on the system itself bounds memory, files and processor time of this process."""

import os
import resource  # its importer asks first whether the system has it

from scanner.limits import MB, SECONDS_PER_MB, Limits

OPEN_FILES = 512
_SPARE_SECONDS = 120.0  # of processor time: the limits of the pipeline itself must come first


def bound(limits: Limits) -> None:
    """Limit the address space to what is in use now plus `worker_memory`, files written and files open.

    No core file either: it would hold content. Only Linux can tell what is in use; elsewhere memory stays unbounded.
    """
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_NOFILE, OPEN_FILES)
    # All that a worker writes are copies of what it reads, in its own temporary folder.
    _set(resource.RLIMIT_FSIZE, max(limits.max_extracted, limits.max_spooled) + 64 * MB)
    if pages := _pages_in_use():
        _set(resource.RLIMIT_AS, pages * os.sysconf("SC_PAGE_SIZE") + limits.worker_memory)


def bound_processor_time(limits: Limits, size: int) -> None:
    """Let the next item, of so many bytes, use what its limits allow, and not much more: then SIGXCPU ends the process.

    A backstop for what neither the pipeline nor the parent notices: a parser that tells of progress without end.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = 2 * limits.item_seconds + limits.ocr_item_seconds + SECONDS_PER_MB * size / MB + _SPARE_SECONDS
    soft = int(used.ru_utime + used.ru_stime + allowed)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _set(kind: int, limit: int) -> None:
    """Soft and hard alike: nobody in here may raise it again. A limit that is lower already stays."""
    hard = resource.getrlimit(kind)[1]
    limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(kind, (limit, limit))


def _pages_in_use() -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - a proc file
            return int(file.read().split()[0])
    except OSError:
        return 0
