"""A command goes in and is run as an ordinary user, whose output comes out: real servers refuse to be root."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY = 65534
_TRIES_PER_SECOND = 10


def as_ordinary_user(command: Sequence[str | Path]) -> list[str]:
    """The command, run by nobody where the tests are run by root; it ends with the tests, however they end."""
    words = list(map(str, command))
    if shutil.which("setpriv") is None:
        return words
    as_nobody = [] if os.geteuid() else [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    return ["setpriv", *as_nobody, "--pdeathsig=TERM", "--", *words]


def user_name() -> str:
    """Who the servers run as."""
    return "nobody" if not os.geteuid() else os.environ.get("USER", "")


def program(name: str, *folders: str) -> str:
    """Where a server's program is; skips the test where the package is not installed."""
    path = os.pathsep.join((*folders, os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
    found = shutil.which(name, path=path)
    if found is None or (not os.geteuid() and shutil.which("setpriv") is None):
        pytest.skip(f"needs the program {name}; .ci/run installs it by apt")
    return found


@contextmanager
def server_folder() -> Iterator[Path]:
    """A private folder that belongs to whoever the servers run as; its path is short, because of sockets in it."""
    folder = Path(tempfile.mkdtemp(prefix="whosedata-"))
    try:
        give(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def give(path: Path) -> None:
    """A file or folder that root made, to the ordinary user."""
    if not os.geteuid():
        os.chown(path, NOBODY, NOBODY)


def free_port() -> int:
    """A port of this computer that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody answers there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(command: Sequence[str | Path], ready: Callable[[], bool], log: Path, seconds: float = 60) -> Iterator[int]:
    """Runs a server until the block ends; gives its process id once it is ready. What it prints goes to `log`."""
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(log.parent)}
    with log.open("ab") as printed:
        process = subprocess.Popen(
            as_ordinary_user(command), stdin=subprocess.DEVNULL, stdout=printed, stderr=printed, env=environment,
            cwd=log.parent, start_new_session=True,
        )  # fmt: skip
    try:
        for _ in range(int(seconds * _TRIES_PER_SECOND)):
            if process.poll() is not None or ready():
                break
            time.sleep(1 / _TRIES_PER_SECOND)
        if process.poll() is not None or not ready():
            raise RuntimeError(f"{command[0]} did not start:\n{log.read_text(errors='replace')[-4000:]}")
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def run(command: Sequence[str | Path], text: str = "", **environment: str) -> bytes:
    """What a program prints, run as the ordinary user; raises with its complaint when it fails."""
    done = subprocess.run(
        as_ordinary_user(command), input=text.encode(), capture_output=True, check=False,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", **environment},
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr[-2000:].decode(errors='replace')}")
    return done.stdout
