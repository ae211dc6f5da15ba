"""A folder of test material goes in, one scan of it all, and the README's table of formats comes out.

    python benchmarks/totals.py ../shared/data

Checks that the scan ends by itself, that each file has exactly one row, and how much memory the parent process took (on
Linux: the high-water mark of its resident set, read while it runs).
"""

import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq

from scanner.formats import formats


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
    print(f"{len(rows):,} items met, members of containers included\n")
    _print_table(rows)


def _high_water(pid: int) -> int:
    """KB, or 0 where the system cannot tell."""
    try:
        found = re.search(r"VmHWM:\s*(\d+)", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    except OSError:
        return 0
    return int(found[1]) if found else 0


def _print_table(rows: list[dict[str, object]]) -> None:
    counted = Counter((str(row["media_type"]), str(row["status"])) for row in rows)
    reasons = Counter((str(row["media_type"]), str(row["reason"])) for row in rows if row["reason"])
    known = formats()
    lines = [(media, entry.what) for media, entry in known.items()]
    print("| format | media type | met | examined | partial | not examined | reasons |\n|---|---|---|---|---|---|---|")
    for media, what in [*lines, ("", "other kinds, empty files, members that were not opened")]:
        kinds = {media} if media else {kind for kind, _ in counted} - set(known)
        numbers = [sum(counted[kind, status] for kind in kinds) for status in ("examined", "partial", "not_examined")]
        why: Counter[str] = Counter()
        for (kind, reason), number in reasons.items():
            if kind in kinds:
                why[reason] += number
        text = ", ".join(f"{reason} {number}" for reason, number in why.most_common())
        print(
            f"| {what} | {f'`{media}`' if media else ''} | {sum(numbers)} | {' | '.join(map(str, numbers))} | {text} |"
        )


if __name__ == "__main__":
    main()
