"""A folder of test material goes in, one scan of it all, and the README's table of formats comes out.

    python benchmarks/totals.py ../shared/data [--ocr off]

What stands behind the folder goes to the scan. CPU per MB is the processor time of the items themselves, without
their members, over their size; of kinds with less than 10 KB in all it says nothing and is left out. Checks that the
scan ends by itself, that each file has exactly one row, and how much memory the parent process took (on Linux: the
high-water mark of its resident set, read while it runs).
"""

import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from scanner.formats import formats

MB = 1024 * 1024
LEAST_MB = 0.01
# Reasons that mean that a worker process ended badly: contained, but worth a look.
BAD = ("crashed", "timed_out", "out_of_memory", "poison", "failed")


def main() -> None:
    """Scan, check, print."""
    data = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared" / "data")
    with tempfile.TemporaryDirectory(prefix="totals-") as folder:
        out = Path(folder) / "report.parquet"
        scan = [
            str(Path(sys.executable).parent / "scan"),
            str(data),
            "--out",
            str(out),
            "-q",
            "--home",
            f"{folder}/home",
            *sys.argv[2:],
        ]
        begun = time.monotonic()
        process = subprocess.Popen(scan)
        peak = 0
        while process.poll() is None:
            peak = max(peak, _high_water(process.pid))
            time.sleep(0.1)
        seconds = time.monotonic() - begun
        rows = pq.read_table(f"{folder}/report.items.parquet").to_pylist()
        findings = pq.read_metadata(out).num_rows
    files = sum(1 for path in data.rglob("*") if path.is_symlink() or not path.is_dir())
    tops = Counter(row["item"] for row in rows if row["parent"] is None)
    memory = f"parent process {peak / 1024:.0f} MB"
    print(f"exit code {process.returncode} after {seconds:.0f} s; {findings:,} findings; {memory}")
    twice = sum(number > 1 for number in tops.values())
    print(f"{files:,} files, {len(tops):,} with a row, {twice} with more than one")
    print(f"{len(rows):,} items met, members of containers included")
    bad = [row for row in rows if row["reason"] in BAD]
    print(f"{len(bad)} ended badly ({', '.join(BAD)})" + "".join(f"\n  {row['item']}: {row['reason']}" for row in bad))
    print()
    _print_table(rows)


def _high_water(pid: int) -> int:
    """KB, or 0 where the system cannot tell."""
    try:
        found = re.search(r"VmHWM:\s*(\d+)", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    except OSError:
        return 0
    return int(found[1]) if found else 0


def _own_seconds(rows: list[dict[str, Any]]) -> dict[int, float]:
    """Processor time of each item without that of its members, by the row's number."""
    places = {(row["root"], row["item"]): number for number, row in enumerate(rows)}
    own = {number: float(row["cpu_seconds"] or 0) for number, row in enumerate(rows)}
    for row in rows:
        parent = places.get((row["root"], row["parent"]))
        if parent is not None:
            own[parent] -= float(row["cpu_seconds"] or 0)
    return {number: max(0.0, seconds) for number, seconds in own.items()}


def _print_table(rows: list[dict[str, Any]]) -> None:
    own = _own_seconds(rows)
    seconds: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for number, row in enumerate(rows):
        if row["cpu_seconds"]:  # copies were not read again
            seconds[str(row["media_type"])] += own[number]  # type: ignore[assignment]
            sizes[str(row["media_type"])] += row["size"] or 0
    counted = Counter((str(row["media_type"]), str(row["status"])) for row in rows)
    reasons = Counter((str(row["media_type"]), str(row["reason"])) for row in rows if row["reason"])
    known = formats()
    lines = [(media, entry.what) for media, entry in known.items()]
    print("| format | media type | met | examined | partial | not examined | CPU s per MB | reasons |")
    print("|---|---|---|---|---|---|---|---|")
    for media, what in [*lines, ("", "other kinds, empty files, members that were not opened")]:
        kinds = {media} if media else {kind for kind, _ in counted} - set(known)
        numbers = [sum(counted[kind, status] for kind in kinds) for status in ("examined", "partial", "not_examined")]
        why: Counter[str] = Counter()
        for (kind, reason), number in reasons.items():
            if kind in kinds:
                why[reason] += number
        text = ", ".join(f"{reason} {number}" for reason, number in why.most_common())
        size = sum(sizes[kind] for kind in kinds) / MB
        pace = f"{sum(seconds[kind] for kind in kinds) / size:.1f}" if size >= LEAST_MB and media else ""
        counts = " | ".join(map(str, (sum(numbers), *numbers, pace)))
        print(f"| {what} | {f'`{media}`' if media else ''} | {counts} | {text} |")


if __name__ == "__main__":
    main()
