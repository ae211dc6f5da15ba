"""A number of files in, processor time, clock and memory of walking them into a journal out; it makes the files itself.

    python benchmarks/million_files.py --files 1000000       # needs a million free inodes; aims: 10 minutes, 300 MB

Files are empty but for one in a hundred, a thousand to a folder: it is their number that costs. No file is read.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FOLDER = 1000
PROGRAM = r"""
import json, re, resource, sys, time
from pathlib import Path
from scanner.credentials import NO_CREDENTIALS
from scanner.journal import Journal
from scanner.plan import make_plan, make_roots
from scanner.run import _walk

def peak():  # ru_maxrss of a child begins with what its parent had
    return int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1])

share, folder = map(Path, sys.argv[1:])
before = peak()
begun = time.monotonic()
journal = Journal(folder, "a benchmark", fresh=True)
plan = make_plan(make_roots([share]), {}, names="off")
journal.record_walk(_walk(plan, folder, frozenset(), NO_CREDENTIALS))
used = resource.getrusage(resource.RUSAGE_SELF)
took = time.monotonic() - begun
print(json.dumps([journal.totals()[0], took, used.ru_utime + used.ru_stime, peak(), before]))
"""


def make(share: Path, files: int) -> None:
    """So many files."""
    for number in range(files):
        if number % FOLDER == 0:
            folder = share / f"{number // FOLDER:04}"
            folder.mkdir(parents=True)
        handle = os.open(folder / f"{number:07}.txt", os.O_WRONLY | os.O_CREAT)
        if number % 100 == 0:
            os.write(handle, b"ann@mail.example\n")
        os.close(handle)


def measure(files: int) -> tuple[int, float, float, float, float]:
    """Items, clock seconds, processor seconds, and MB at the most and before the walk, in a process of its own."""
    with tempfile.TemporaryDirectory() as place:
        share = Path(place) / "share"
        make(share, files)
        command = [sys.executable, "-c", PROGRAM, str(share), str(Path(place) / "journal")]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    items, clock, processor, most, before = json.loads(told)
    return items, clock, processor, most / 1024, before / 1024


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=20_000)
    begun = time.monotonic()
    items, clock, processor, most, before = measure(parser.parse_args().files)
    made = resource.getrusage(resource.RUSAGE_SELF)
    print(f"{items:,} items: {clock:.0f} s by the clock, {processor:.0f} s of processor time,", end=" ")
    print(f"{most:.0f} MB at the most, {before:.0f} MB before the walk")
    print(
        f"(files made in {time.monotonic() - begun - clock:.0f} s, {made.ru_stime + made.ru_utime:.0f} s of processor)"
    )
