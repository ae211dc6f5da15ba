"""Finding one person in ten million findings, and linking a million records: seconds and peak memory of each command.

`python benchmarks/people_scale.py FOLDER [--findings 10000000] [--records 1000000]`. The reports are made in FOLDER on
the first run (minutes) and kept there.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import big_report
from big_report import TYPES

from scanner.home import INDEX_FOLDER

_ANSWER = """
import sys, time
from pathlib import Path
from reports.parquet import open_report
from scanner.home import load_key
from scanner.keys import Keyring
from subjects.finding.find import find
from subjects.finding.seeds import make_seed
report, home, *words = sys.argv[1:]
seed = make_seed(**{words[at]: (words[at + 1],) for at in range(0, len(words), 2)})
start = time.perf_counter()
keyring = Keyring(load_key(Path(home)))
answer = find(open_report(Path(report)), seed, keyring, Path(home), most=1_000)  # as the command does
print(f"{time.perf_counter() - start:.2f} s, {len(answer.hits)} of {len(answer.hits) + answer.more} hits")
"""
_COMMAND = "from subjects.cli import whosedata; whosedata()"


def main() -> None:
    """Print one line a measurement."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--findings", type=int, default=10_000_000)
    parser.add_argument("--records", type=int, default=1_000_000)
    options = parser.parse_args()
    home = options.folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    if options.findings:
        report = _made(options.folder, home, options.findings // len(TYPES))
        shutil.rmtree(home / INDEX_FOLDER, ignore_errors=True)
        seeds = json.loads(report.with_suffix(".seeds.json").read_text("utf-8"))
        for name, fields in seeds.items():
            words = [str(report), str(home), *(word for pair in fields.items() for word in pair)]
            for turn in ("first", "again"):
                print(f"find {name}, {turn}: {measured([sys.executable, '-c', _ANSWER, *words])}")
    if options.records:
        report = _made(options.folder, home, options.records)
        words = ["link", str(report), "--home", str(home)]
        print(f"link {options.records:,} records: {measured([sys.executable, '-c', _COMMAND, *words])}")


def _made(folder: Path, home: Path, records: int) -> Path:
    out = folder / f"{records}.parquet"
    if not out.exists():
        start = time.perf_counter()
        # In a process of its own: what it needs would count as the peak of those that are measured.
        subprocess.run([sys.executable, big_report.__file__, out, home, str(records)], check=True)
        print(f"made {out.name} in {time.perf_counter() - start:.0f} s")
    return out


def measured(words: list[str]) -> str:
    """Last line printed, wall and processor seconds, peak memory of one process."""
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(words, stdout=said)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        said.seek(0)
        line = (said.read().splitlines() or [""])[0]
    peak = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    cpu = usage.ru_utime + usage.ru_stime
    return f"{line} (process {wall:.1f} s, {cpu:.1f} CPU s, peak {peak:.0f} MB, exit {status >> 8})"


if __name__ == "__main__":
    main()
