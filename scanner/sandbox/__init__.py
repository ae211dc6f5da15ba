"""A process goes in that is about to read what strangers wrote; it comes out with no network, and one place to write.

`sandbox_state()` is what `whosedata doctor` asks: whether this computer can do all of that.
"""

import ctypes
import os
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from scanner.sandbox import landlock, seccomp
from scanner.sandbox.privileges import drop_privileges

FULL = "full"
_NO_SECCOMP = "a parser may open connections and start programs"
_NO_LANDLOCK = "a parser may write where you may"
_OLD_LANDLOCK = "a parser may cut files off where you may write"
_EARLIER_THREADS = "threads that were there before may write where you may"
_NETWORK = "a parser shares the network, because a server is read"
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
IN_PROCESS = "files are read in the calling process itself (engine serial)"


def sandbox_state() -> str:
    """What the system offers, found without any change: "full", or "degraded(what a parser could still do; ...)"."""
    lacks = []
    if not seccomp.is_there():
        lacks.append(_NO_SECCOMP)
    if not landlock.version():
        lacks.append(_NO_LANDLOCK)
    elif not landlock.keeps_from_truncating():
        lacks.append(_OLD_LANDLOCK)
    return state(lacks)


def state(lacks: list[str]) -> str:
    """What lacks, as the metadata of a report has it under `sandbox`."""
    return f"degraded({'; '.join(lacks)})" if lacks else FULL


def joined(states: list[str]) -> str:
    """The state of all workers of a scan: whatever one of them lacked. "" where there was none."""
    inner = (one.removeprefix("degraded(").removesuffix(")") for one in states if one != FULL)
    return state(list(dict.fromkeys(lack for lacks in inner for lack in lacks.split("; ")))) if states else ""


def enter(folder: Path, network: bool) -> str:
    """Give up what no parser needs, for good: writing but below `folder`, connections, other processes.

    Called before any thread is started, as Landlock holds for the calling one and those that it starts. Gives the state
    that was reached: where the system has less to offer, the process goes on with that.
    """
    tempfile.tempdir = str(folder)
    os.environ["TMPDIR"] = str(folder)  # for libraries that ask the environment; sqlite did when it was imported
    lacks = [_NETWORK] if network else []
    try:
        landlock.restrict_writes(folder, network)
        if not landlock.keeps_from_truncating():
            lacks.append(_OLD_LANDLOCK)
        if len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208 - a proc file
            lacks.append(_EARLIER_THREADS)
    except (OSError, AttributeError):
        lacks.append(_NO_LANDLOCK)
    with suppress(OSError):
        drop_privileges()
    try:
        seccomp.refuse_calls(network)
    except OSError:
        lacks.append(_NO_SECCOMP)
    return state(lacks)


def end_with(parent: int) -> None:
    """End when the process that started this one ends, however that happens; its number is needed, as it may have."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def be_silent() -> None:
    """What a library prints may quote what it reads, has no end when a bomb is read, and is no message of ours."""
    sys.stdout.flush()
    sys.stderr.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(nowhere, number)
    os.close(nowhere)
