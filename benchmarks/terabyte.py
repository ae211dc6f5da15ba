"""Rates that are measured here go in, what a terabyte costs on 1, 10 and 50 computers comes out, with all assumptions.

    python benchmarks/terabyte.py --write rates.json       # measures (some minutes), calculates, keeps the rates
    python benchmarks/terabyte.py --rates rates.json       # calculates only

A terabyte is not scanned. Each kind of content is scanned as a few megabytes of invented files, by one worker process
and by one worker of a real dask cluster on this computer; the processor seconds for each MB of worker, of the calling
process and of the scheduler are taken to hold for more. Reading over a network is calculated, not measured. It needs
Linux.
"""

import argparse
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from big_mailbox import make as make_mailbox
from corpus import make_prose, make_table

from scanner.executors.worker import cpu_seconds

SEED = 20261125
MB = 1_000_000
TERABYTE = 1_000_000  # MB
MACHINES = (1, 10, 50)
NAMES = ("off", "standard")
# Shares of the bytes of an office's terabyte. What is not read (films, programs, disk images) is hashed all the same.
SHARES = {"tables and dumps": 0.25, "mailboxes": 0.25, "office papers": 0.20, "not read": 0.30}
TEXT_IN_PAPERS = 0.08  # of the bytes of DOCX, XLSX and PDF: the rest are pictures, fonts and layout
DUPLICATES = 0.30  # scanned once
CORES = 8  # of each computer
EFFICIENCY = 0.85  # of all cores at once, compared with one alone
LINK = 110.0  # MB/s from the file server to one computer (1 Gbit/s)
SERVER = 1_100.0  # MB/s from the file server to all together (10 Gbit/s)
PRICE = 0.35  # pounds an hour for a rented computer with 8 cores
CHANGED = 0.02  # of the bytes from week to week, for --since
PROGRAM = """
import json, resource, sys
from pathlib import Path
from scanner.plan import make_plan, make_roots
from scanner.run import Run, scan_to_files

if __name__ == "__main__":
    share, out, home, engine, names = sys.argv[1:]
    scan_to_files(make_plan(make_roots([share]), {}, names=names), Run(Path(out), Path(home), engine, 1))
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps([usage.ru_utime + usage.ru_stime for usage in used]))
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """Processor seconds for each MB of a kind: of worker and caller on one computer, caller and scheduler of many."""

    kind: str
    names: str
    worker: float
    caller: float
    cluster_caller: float
    scheduler: float


def main() -> None:
    """Measure or read rates, then print two tables."""
    options = _options()
    if options.rates:
        rates = [Rate(**row) for row in json.loads(options.rates.read_text(encoding="utf-8"))]
    else:
        with tempfile.TemporaryDirectory(prefix="terabyte-") as folder:
            rates = list(_measured(Path(folder), options.scale))
    if options.write:
        options.write.write_text(json.dumps([asdict(rate) for rate in rates], indent=1), encoding="utf-8")
    _print_rates(rates)
    _print_costs(rates)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rates", type=Path, help="rates that an earlier run wrote, instead of measuring")
    parser.add_argument("--write", type=Path, help="keep the measured rates in this file")
    parser.add_argument("--scale", type=float, default=1.0, help="how much is scanned for each rate (default: 1)")
    return parser.parse_args()


def _measured(folder: Path, scale: float) -> Iterator[Rate]:
    sizes = _make(folder, scale)
    idle = _quietest(folder, "processes", None)
    with _cluster(folder) as (address, scheduler):
        idle_cluster = _quietest(folder, address, scheduler)
        many = {kind: _scan(folder, kind, address, "off", scheduler) for kind in sizes}
    for kind, size in sizes.items():
        for names in NAMES:
            caller, worker, _ = _scan(folder, kind, "processes", names, None)
            if names == NAMES[0]:  # rows of names are few: what rows cost is measured once
                caller_alone = caller
            yield Rate(
                kind, names,
                worker=max(0.0, worker - idle[1]) / size,
                caller=max(0.0, caller_alone - idle[0]) / size,
                cluster_caller=max(0.0, many[kind][0] - idle_cluster[0]) / size,
                scheduler=max(0.0, many[kind][2] - idle_cluster[2]) / size,
            )  # fmt: skip


def _quietest(folder: Path, engine: str, scheduler: int | None) -> tuple[float, float, float]:
    """What a scan of nothing takes: the second one, when all is in the disk cache."""
    _scan(folder, "empty", engine, "off", scheduler)
    return _scan(folder, "empty", engine, "off", scheduler)


def _make(folder: Path, scale: float) -> dict[str, float]:
    """Folders with a few MB of each kind; kind -> MB."""
    (folder / "empty").mkdir()
    table = make_table(folder / "tables and dumps", int(40_000 * scale), SEED)
    (folder / "mailboxes").mkdir()
    make_mailbox(folder / "mailboxes" / "a.mbox", int(20 * MB * scale))
    prose = make_prose(folder / "text", int(2 * MB * scale), SEED)
    (folder / "not read").mkdir()
    chance = random.Random(SEED)
    for number in range(16):
        (folder / "not read" / f"{number}.bin").write_bytes(b"\x7fELF\2\1\1" + chance.randbytes(int(4 * MB * scale)))
    sizes = {"tables and dumps": table.size / MB, "text": prose.size / MB}
    for name in ("mailboxes", "not read"):
        sizes[name] = sum(file.stat().st_size for file in (folder / name).iterdir()) / MB
    return sizes


@contextmanager
def _cluster(folder: Path) -> Iterator[tuple[str, int]]:
    """A scheduler and one worker, as processes of their own: its address for --engine, and the scheduler's process."""
    file = folder / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    dask = [sys.executable, "-m", "dask"]
    where = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(file)]
    scheduler = subprocess.Popen([*dask, "scheduler", "--port", "0", *where], **quiet)  # type: ignore[call-overload]
    while not file.exists():
        time.sleep(0.1)
    worker = subprocess.Popen([*dask, "worker", "--nthreads", "1", "--no-nanny", *where], **quiet)  # type: ignore[call-overload]
    try:
        address = json.loads(file.read_text(encoding="utf-8"))["address"]
        yield address.replace("tcp://", "dask://"), scheduler.pid
    finally:
        for process in (worker, scheduler):
            process.terminate()
            process.wait()


def _scan(folder: Path, kind: str, engine: str, names: str, scheduler: int | None) -> tuple[float, float, float]:
    """Processor seconds of the caller, of its worker processes, and of the scheduler."""
    program = folder / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    before = cpu_seconds(scheduler) if scheduler else 0.0
    words = [str(folder / kind), str(folder / "report.parquet"), str(folder / "home"), engine, names]
    safe = {**os.environ, "PYTHONSAFEPATH": "1"}
    done = subprocess.run([sys.executable, str(program), *words], capture_output=True, text=True, check=True, env=safe)
    caller, worker = json.loads(done.stdout.splitlines()[-1])
    after = cpu_seconds(scheduler) if scheduler else 0.0
    return caller, worker, (after or 0.0) - (before or 0.0)


def _print_rates(rates: list[Rate]) -> None:
    print("Processor seconds for each MB, one core:")
    print("| content | --names | worker | caller | caller of a cluster | scheduler |\n|---|---|---|---|---|---|")
    for rate in rates:
        figures = (rate.worker, rate.caller, rate.cluster_caller, rate.scheduler)
        print(f"| {rate.kind} | {rate.names} | {' | '.join(f'{figure:.3f}' for figure in figures)} |")


def _print_costs(rates: list[Rate]) -> None:
    shares = ", ".join(f"{share:.0%} {kind}" for kind, share in SHARES.items())
    print(f"\nOne terabyte: {shares}; {TEXT_IN_PAPERS:.0%} of office papers is text;")
    print(f"{DUPLICATES:.0%} duplicates, scanned once. {CORES} cores a computer, {EFFICIENCY:.0%} of their speed")
    print(f"when all are busy; {LINK:.0f} MB/s to each computer, {SERVER:,.0f} MB/s from the file server;")
    print(
        f"£{PRICE:.2f} for a computer and an hour. --since: {CHANGED:.0%} of the bytes changed, the rest is not read.\n"
    )
    heads = " | ".join(f"{number} computer{'s' if number > 1 else ''}" for number in MACHINES)
    print(f"| 1 TB | {heads} |\n|---|{'---|' * len(MACHINES)}")
    for names in NAMES:
        own = {rate.kind: rate for rate in rates if rate.names == names}
        for title, part, many in (
            ("as one scan", 1.0, False), ("as scans of its parts, side by side", 1.0, True),
            ("again, --since", CHANGED, False),
        ):  # fmt: skip
            cells = " | ".join(_cost(own, number, part, many) for number in MACHINES)
            print(f"| --names {names}, {title} | {cells} |")


def _cost(rates: dict[str, Rate], machines: int, part: float, many: bool) -> str:
    """Time, money, and what bounds them. `many`: as many scans side by side as no caller or scheduler bounds."""
    worker = caller = scheduler = 0.0
    for kind, share in SHARES.items():
        rate, density = (rates["text"], TEXT_IN_PAPERS) if kind == "office papers" else (rates[kind], 1.0)
        size = TERABYTE * share * part * (1 - DUPLICATES) * density
        worker += rate.worker * size
        caller += (rate.caller if machines == 1 else rate.cluster_caller) * size
        scheduler += 0.0 if machines == 1 else rate.scheduler * size
    bounds = {
        "processors": worker / (machines * CORES * EFFICIENCY),
        "network": TERABYTE * part / min(SERVER, LINK * machines),
    }
    scans = math.ceil(max(caller, scheduler) / max(bounds.values())) if many else 1
    bounds |= {"calling process": caller / scans, "scheduler": scheduler / scans}
    bound = max(bounds, key=lambda name: bounds[name])
    hours = bounds[bound] / 3600
    told = f"{scans} scan{'s' if scans > 1 else ''}; {bound}" if many else bound
    return f"{_time(hours)}, £{hours * machines * PRICE:,.0f} ({told})"


def _time(hours: float) -> str:
    if hours >= 48:
        return f"{hours / 24:,.0f} days"
    return f"{hours:,.0f} hours" if hours >= 2 else f"{hours * 60:,.0f} minutes"


if __name__ == "__main__":
    main()
