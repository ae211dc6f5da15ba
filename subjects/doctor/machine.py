"""A computer in; out comes whether the program on it is whole and alone, and what its memory and clock allow."""

import base64
import hashlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, PackagePath, distribution, packages_distributions
from pathlib import Path

from scanner.limits import MB, Limits
from scanner.sandbox import FULL, sandbox_state
from subjects.doctor.check import Check, State

US = "whosedata"
ROOMS = ("scanner", "detectors", "reports", "subjects")
TESTED = ((3, 11), (3, 13))
WORKER = 512 * MB  # what a worker takes with its models loaded, of ordinary files
RELEASED = date(2026, 1, 1)  # no clock is right that says it is earlier
_GROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
_APART = "install whosedata in an environment of its own: pipx install whosedata"


def machine_checks() -> Iterator[Check]:
    """Python, our own files, who else owns their names, memory, processors and the clock."""
    yield _python()
    yield _alone(packages_distributions())
    yield _whole()
    yield sandbox_check(sandbox_state())
    yield memory_check(memory(), os.cpu_count() or 1)
    yield _processors()
    yield clock_check(date.today())


def _python() -> Check:
    here = f"Python {sys.version.split()[0]} on {sys.platform}"
    oldest, newest = TESTED
    if not oldest <= sys.version_info[:2] <= newest:
        says = f"{here}; whosedata is tested with {oldest[0]}.{oldest[1]} to {newest[0]}.{newest[1]}"
        return Check("Python", State.LIMITED, says, "use one of these")
    return Check("Python", State.GOOD, here)


def _alone(owners: Mapping[str, Sequence[str]]) -> Check:
    """Our packages have common names: whoever else installs one of them overwrites files of ours.

    `owners`: top-level name -> the distributions that install it.
    """
    name = "Own names"
    others = sorted({f"{owner} ({room})" for room in ROOMS for owner in owners.get(room, ()) if owner != US})
    if others:
        says = f"other packages own a name of ours, too, and may overwrite our files: {', '.join(others)}"
        return Check(name, State.LIMITED, says, _APART)
    return Check(name, State.GOOD, f"nobody else installs a package called {', '.join(ROOMS)}")


def _whole() -> Check:
    """The files of ours that are not as they were installed, by the hashes of the RECORD (PEP 376)."""
    name = "Own files"
    try:
        files = [file for file in distribution(US).files or () if file.parts[0] in ROOMS and file.hash]
    except PackageNotFoundError:
        files = []
    if not files:
        return Check(name, State.GOOD, "run from a checkout of the source: who changed what is git's to tell")
    changed = [str(file) for file in files if not _as_installed(file)]
    if changed:
        says = f"{len(changed)} of {len(files)} are not as they were installed, {changed[0]} among them"
        return Check(name, State.BROKEN, says, "pip install --force-reinstall whosedata")
    return Check(name, State.GOOD, f"all {len(files)} are as they were installed")


def _as_installed(file: PackagePath) -> bool:
    if file.hash is None:
        return False
    try:
        digest = hashlib.new(file.hash.mode, Path(str(file.locate())).read_bytes()).digest()
    except OSError:
        return False
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == file.hash.value


def sandbox_check(state: str) -> Check:
    """What is left to a parser that a file has taken over: the state as the metadata of a report has it."""
    name = "Sandbox"
    if state == FULL:
        return Check(name, State.GOOD, "readers of files have no network, start no program and write in one place only")
    left = state.removeprefix("degraded(").removesuffix(")")
    return Check(
        name, State.LIMITED, f"readers run in processes of their own, but this system cannot hold them in: {left}",
        "scan what is hostile on Linux 6.2 or later, or as a user who may only read",
    )  # fmt: skip


def memory() -> int | None:
    """Bytes of memory that this process may use: of the computer, or of the container it is in; None = not known."""
    try:
        total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows
        return None
    for file in _GROUP_LIMITS:
        try:
            total = min(total, int(file.read_text("ascii")))
        except (OSError, ValueError):  # not there, or "max"
            continue
    return total if total > 0 else None


def memory_check(total: int | None, jobs: int) -> Check:
    """Whether so many bytes are enough for so many workers, in ordinary scans and when a file is hostile."""
    most = Limits().worker_memory
    if total is None:
        return Check("Memory", State.UNKNOWN, f"this system does not tell; {jobs} workers take some {WORKER // MB} MB each")  # fmt: skip  # noqa: E501
    says = f"{total / 1024 / MB:,.1f} GB; by default {jobs} workers take some {WORKER // MB} MB each"
    if total < jobs * WORKER:
        return Check("Memory", State.LIMITED, says, f"scan --jobs {max(1, total // WORKER)}")
    if total < WORKER + most:
        return Check("Memory", State.LIMITED, f"{says}, and up to {most // MB:,} MB more for a hostile file",
                     'lower worker_memory under [limits], such as "512MB"')  # fmt: skip
    if not sys.platform.startswith("linux"):
        return Check("Memory", State.LIMITED, f"{says}; workers have no limit of memory on this system: a hostile file "
                     "can fill it, and time limits alone end it")  # fmt: skip
    return Check("Memory", State.GOOD, f"{says}, never more than {most // MB:,} MB above that")


def _processors() -> Check:
    all_of_them = os.cpu_count() or 1
    try:
        usable = len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        usable = all_of_them
    if usable < all_of_them:
        return Check("Processors", State.LIMITED, f"this program may use {usable} of {all_of_them}", f"scan --jobs {usable}")  # fmt: skip  # noqa: E501
    return Check("Processors", State.GOOD, f"{usable}: as many workers are the default (--jobs)")


def clock_check(today: date) -> Check:
    """Whether a day can be today."""
    if today < RELEASED:
        return Check("Clock", State.BROKEN, f"says {today}: days on which answers are due would be wrong", "set it")
    return Check("Clock", State.GOOD, f"says {today}; the days on which answers are due are counted by it")
