"""A program that a fault can be set in: it scans, forked off a warm process, and says what became of each try.

    LD_PRELOAD=faults.so python fault_driver.py SHARE PLACE PROGRAM     (trials as lines of JSON on standard input)

PROGRAM is `scan`, the command itself, or `naive`, a writer such as anybody would write first. A trial is a list of
faults [kind, at, what, sticky]: each is a run of the program, on the files that the run before left; the last run has
none. Out comes a line for each trial: the exit codes, what was said, the rows of the report, and how many calls there
were that count.
"""

import ctypes
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq

from subjects.cli import scan_command

SECONDS = 120.0
KINDS = {"findings": "", "items": ".items", "keys": ".keys"}


def scan(share: Path, place: Path) -> None:
    """The command, in one process, so that every call is made by it."""
    words = [str(share), "--out", str(place / "out" / "r.parquet"), "--home", str(place / "home")]
    scan_command.main([*words, "--names", "off", "--engine", "serial", "--no-progress", "-q"], standalone_mode=True)


def scanned(place: Path) -> list[str]:
    """Every row of the report, sorted, without what may differ; what else stands beside it."""
    rows = [
        f"{kind} {sorted((name, str(value)) for name, value in row.items() if name != 'cpu_seconds')}"
        for kind, middle in KINDS.items()
        for row in pq.read_table(place / "out" / f"r{middle}.parquet").to_pylist()
    ]
    return sorted(rows) + sorted(file.name for file in (place / "out").iterdir())


def naive(share: Path, place: Path) -> None:
    """Append what was found, then note the file as done."""
    out, done = place / "out" / "r.jsonl", place / "out" / "done"
    finished = set(done.read_text("utf-8").splitlines()) if done.exists() else set()
    with out.open("a", encoding="utf-8") as rows, done.open("a", encoding="utf-8") as ends:
        for file in sorted(share.rglob("*")):
            if file.is_file() and file.name not in finished:
                for word in file.read_bytes().split():
                    rows.write(f"{file.name} {word!r}\n")
                ends.write(f"{file.name}\n")
                ends.flush()


def naively(place: Path) -> list[str]:
    """What the naive writer wrote."""
    return sorted((place / "out" / "r.jsonl").read_text("utf-8").splitlines())


PROGRAMS: dict[str, tuple[Callable[[Path, Path], None], Callable[[Path], list[str]]]] = {
    "scan": (scan, scanned),
    "naive": (naive, naively),
}


def run(program: Callable[[Path, Path], None], share: Path, place: Path, fault: list[int]) -> tuple[int, str, int]:
    """One run in a process of its own: its exit code (negative: the signal), what it said, calls that counted."""
    shim = ctypes.CDLL(os.environ["LD_PRELOAD"])
    shim.faults_count.restype = ctypes.c_long
    said = place / "said"
    child = os.fork()
    if child == 0:
        code = 99
        try:
            handle = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(handle, 1)
            os.dup2(handle, 2)
            kind, at, what, sticky = fault
            root = place / "out" if kind == 1 else share
            shim.faults_arm(kind, ctypes.c_long(at), what, sticky, os.fsencode(root))
            try:
                program(share, place)
                code = 0
            except SystemExit as leave:
                code = leave.code if isinstance(leave.code, int) else 0
            (place / "count").write_text(str(shim.faults_count()), encoding="utf-8")
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    begun = time.monotonic()
    while (ended := os.waitpid(child, os.WNOHANG))[0] == 0:
        if time.monotonic() - begun > SECONDS:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return 98, "it hangs", 0
        time.sleep(0.002)
    count = place / "count"
    counted = int(count.read_text("utf-8")) if count.exists() else 0
    count.unlink(missing_ok=True)
    return os.waitstatus_to_exitcode(ended[1]), said.read_text("utf-8", "replace"), counted


def main(share: Path, place: Path, name: str) -> None:
    """Trial after trial."""
    program, rows = PROGRAMS[name]
    for line in sys.stdin:
        shutil.rmtree(place / "out", ignore_errors=True)
        (place / "out").mkdir()
        runs = [run(program, share, place, fault) for fault in json.loads(line)]
        try:
            told = rows(place)
        except OSError:
            told = None
        sys.stdout.write(json.dumps([runs, told]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), sys.argv[3])
