"""A folder of hostile files goes in, each is scanned in a process of its own, a table of how it ended comes out.

    python benchmarks/hostile.py ../shared/data/hostile

Processor seconds and the highest memory (above that of a process that has loaded the detectors) are the child's own;
each child has the memory limit of a worker. Files that a GOLD_expect.tsv lists are held against it, without their
passwords and with them. Linux only.
"""

import ast
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from expectations import LIST, Expected, judge, read_list

from detectors.registry import load_detectors
from scanner.executors.worker import bound_memory
from scanner.home import Key
from scanner.messages import Outcome, Rows
from scanner.model import Item, Status
from scanner.passwords import NO_PASSWORDS, Passwords
from scanner.pipeline import ItemScanner
from scanner.plan import Plan, make_plan, make_roots
from scanner.rows import item_table

CPU_SECONDS = 60
MEMORY_MB = 2048
WALL_SECONDS = 600


def main() -> None:
    """Scan every file, print a line for each and what is wrong."""
    data = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared" / "data" / "hostile")
    plan = make_plan(make_roots([data]), {}, values="clear")
    detectors = load_detectors(plan.detectors)
    known = {folder.name: {line.file: line for line in read_list(folder)} for folder in sorted(data.iterdir())
             if (folder / LIST).exists()}  # fmt: skip
    print("| file | ended as | reasons | findings | CPU s | MB | as expected |\n|---|---|---|---|---|---|---|")
    wrong = 0
    for path in sorted(path for path in data.rglob("*") if path.is_file() and path.name != LIST):
        folder, _, name = path.relative_to(data).as_posix().partition("/")
        expected = known.get(folder, {}).get(name)
        for passwords in (NO_PASSWORDS, *_passwords(expected)):
            wrong += not _line(path, f"{folder}/{name}", expected, passwords, (plan, detectors))
    print(f"\n{wrong} not as expected")


def _passwords(expected: Expected | None) -> list[Passwords]:
    return [Passwords(((1, "wrong"), (2, expected.password)))] if expected and expected.password else []


def _line(
    path: Path, name: str, expected: Expected | None, passwords: Passwords, scanning: tuple[Plan, list[Any]]
) -> bool:
    items, findings, seconds, megabytes, died = _in_a_child(path, *scanning, passwords)
    problems = [died] if died else []
    if seconds > CPU_SECONDS:
        problems.append(f"more than {CPU_SECONDS} s")
    if megabytes > MEMORY_MB:
        problems.append(f"more than {MEMORY_MB} MB")
    if expected and not died:
        problems += judge(expected, items, findings, bool(passwords))
    top = next((row for row in items if row["parent"] is None), {"status": Status.NOT_EXAMINED})
    reasons = ", ".join(sorted({row["reason"] for row in items if row["reason"]}))
    verdict = "; ".join(problems) or ("yes" if expected else "ends")
    shown = f"{name} (with its password)" if passwords else name
    print(f"| {shown} | {top['status']} | {reasons} | {len(findings)} | {seconds:.1f} | {megabytes:.0f} | {verdict} |")
    return not problems


def _in_a_child(
    path: Path, plan: Plan, detectors: list[Any], passwords: Passwords
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], float, float, str]:
    """(rows of items, findings, processor seconds, MB, how it died) of one file."""
    with tempfile.TemporaryFile() as told:
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            _scan(path, plan, detectors, passwords, told.fileno())
        _, status, usage = os.wait4(child, 0)
        base = _resident()
        told.seek(0)
        answer = told.read()
    died = "" if status == 0 else f"its process died ({status})"
    items, findings = _parse(answer) if not died else ([], [])
    return items, findings, usage.ru_utime + usage.ru_stime, max(0.0, usage.ru_maxrss / 1024 - base), died


def _scan(path: Path, plan: Plan, detectors: list[Any], passwords: Passwords, told: int) -> None:
    """Scan one file and end the process; a clock ends it where nothing else does."""
    signal.alarm(WALL_SECONDS)
    bound_memory(plan.limits.worker_memory)
    scanner = ItemScanner(plan, Key(b"k" * 32), detectors, passwords)
    item = Item(path.name, "hostile", os.fsencode(path), path.stat().st_size, path.stat().st_mtime_ns)
    outcomes, findings = [], []
    for message in scanner.scan(1, item):
        if isinstance(message, Outcome):
            outcomes.append((1, message))
        elif isinstance(message, Rows):
            findings += message.findings.select(["entity_type", "value"]).to_pylist()
    rows = item_table(outcomes).select(["item", "parent", "status", "reason", "detail"]).to_pylist()
    os.write(told, repr((rows, findings)).encode("utf-8", "backslashreplace"))
    os._exit(0)


def _parse(answer: bytes) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return ast.literal_eval(answer.decode("utf-8"))  # type: ignore[no-any-return]


def _resident() -> float:
    """MB of this process that a child shares when it begins."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - a proc file
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


if __name__ == "__main__":
    main()
