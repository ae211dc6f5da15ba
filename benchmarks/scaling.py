"""Sizes in, out how cost and memory of a scan grow: more files, copies, two workers, a larger table, one big file.

    python benchmarks/scaling.py                 # some minutes; --files 80000 --rows 1000000 for the full sizes

Names are off. Cost is processor time of all processes; for the cores it is the clock, so nothing else should run then.
Every scan must end well, and copies must have the findings of their originals.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
from big_mailbox import children, high_water
from corpus import make_prose, make_table

SEED = 20261125
COPIES = 0.3
SLICE = 2_000_000  # bytes
TIMES = 8  # how much larger the larger of two is


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds, seconds by the clock, megabytes of the largest worker, findings by (item, location, type)."""

    cpu: float
    wall: float
    worker: float
    found: Counter[tuple[str, str, str]]


def main() -> int:
    """Print one line for each law; 1 when a scan failed or copies were not found like their originals."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="scaling-") as folder:
        place = Path(folder)
        (place / "empty").mkdir()
        scan(place, place / "empty")  # compiles modules
        start = scan(place, place / "empty").cpu
        fine = _files(place, options.files, start)
        _table(place, options.rows, start)
        same = _slices(place, place / "long")
    return 0 if fine and same else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measures how a scan's cost and memory grow.")
    parser.add_argument("--files", type=int, default=4_000, help="files of the larger share (default: 4000)")
    parser.add_argument("--rows", type=int, default=80_000, help="rows of the larger table (default: 80000)")
    return parser.parse_args()


def _files(place: Path, count: int, start: float) -> bool:
    """Files of 6 KB: eight times as many, a share with copies, and two workers."""
    few, many = place / "few", place / "many"
    make_prose(many, count * 6_000, SEED)
    made = sorted(many.iterdir())
    few.mkdir()
    for path in made[::TIMES]:
        shutil.copy(path, few)
    small, large = scan(place, few), scan(place, many)
    times = len(made) / len(list(few.iterdir()))
    grown = (large.cpu - start) / (small.cpu - start)
    print(f"files: {times:.2f} times as many cost {grown:.2f} times as much processor time ({large.cpu - start:.1f} s)")
    two = scan(place, many, jobs=2)
    print(f"workers: one {large.wall:.1f} s, two {two.wall:.1f} s by the clock: {large.wall / two.wall:.2f} times")
    if hasattr(os, "sched_setaffinity"):
        one = scan(place, many, one_core=True)
        print(
            f"cores: all on one {one.wall:.1f} s, on two {two.wall:.1f} s by the clock: {one.wall / two.wall:.2f} times"
        )
    return _copies(place, made, start, large) and two.found == large.found


def _copies(place: Path, made: list[Path], start: float, before: Cost) -> bool:
    """Three in ten files become copies of others: what that saves, and whether each copy has what its text holds."""
    changed = made[: int(COPIES * len(made))]
    originals = made[len(changed) : 2 * len(changed)]
    for path, original in zip(changed, originals, strict=True):
        shutil.copy(original, path)
    shared = scan(place, made[0].parent)
    saved = 1 - (shared.cpu - start) / (before.cpu - start)
    print(f"copies: {COPIES:.0%} of the files being copies saves {saved:.0%} of the processor time")
    by_item: dict[str, Counter[tuple[str, str]]] = {}
    for (item, location, kind), number in shared.found.items():
        by_item.setdefault(item, Counter())[location, kind] += number
    return all(by_item.get(one.name) == by_item.get(other.name) for one, other in zip(changed, originals, strict=True))


def _table(place: Path, rows: int, start: float) -> None:
    """A table and one eight times as long: processor time and the largest worker."""
    make_table(place / "short", rows // TIMES, SEED)
    make_table(place / "long", rows, SEED)
    short, long = scan(place, place / "short"), scan(place, place / "long")
    grown = (long.cpu - start) / (short.cpu - start)
    print(
        f"table: {TIMES} times as long costs {grown:.2f} times as much; largest worker {short.worker:.0f} MB, then "
        f"{long.worker:.0f} MB ({long.worker / short.worker - 1:+.0%})"
    )


def _slices(place: Path, table: Path) -> bool:
    """One big file, in one go and in slices by one worker and by two: the same findings, and how much sooner."""
    whole, one = scan(place, table, slice_size=0), scan(place, table, slice_size=SLICE)
    two = scan(place, table, jobs=2, slice_size=SLICE)
    print(
        f"slices: one file in one go {whole.wall:.1f} s, in slices {one.wall:.1f} s, by two workers {two.wall:.1f} s: "
        f"{one.wall / two.wall:.2f} times as fast; largest worker {two.worker:.0f} MB"
    )
    return whole.found == one.found == two.found


def scan(place: Path, target: Path, *, jobs: int = 1, slice_size: int | None = None, one_core: bool = False) -> Cost:
    """Scan in worker processes; `one_core`: with what they need besides, all have one processor.

    Raises:
        SystemExit: the scan failed.
    """
    out = place / "out" / "report.parquet"
    shutil.rmtree(out.parent, ignore_errors=True)
    out.parent.mkdir()
    command = [str(Path(sys.executable).parent / "scan"), str(target), "--out", str(out), "--jobs", str(jobs)]
    command += ["--names", "off", "--home", str(place / "home"), "--fresh", "--quiet"]
    if slice_size is not None:
        config = place / "whosedata.toml"
        config.write_text(f"[limits]\nslice_size = {slice_size}\n", encoding="utf-8")
        command += ["--config", str(config)]
    before, begun, largest = os.times(), time.perf_counter(), 0
    with subprocess.Popen(command) as process:
        if one_core:  # before it has started any other
            os.sched_setaffinity(process.pid, {min(os.sched_getaffinity(0))})
        while process.poll() is None:
            largest = max([largest, *map(high_water, children(process.pid))])
            time.sleep(0.1)
    if process.returncode:
        sys.exit(f"scaling: scan of {target.name} ended with {process.returncode}")
    after = os.times()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    rows = pq.read_table(out, columns=["item", "location", "entity_type"]).to_pylist()
    found = Counter((row["item"], row["location"], row["entity_type"]) for row in rows)
    return Cost(cpu, time.perf_counter() - begun, largest / 1024, found)


if __name__ == "__main__":
    sys.exit(main())
