"""Damaged files, hundreds in every run and ten thousand every night: each ends in one row with a reason from the list.

A mutant is told by its run and its number: `mutant_of(run, number)` makes it again.
"""

import os
import random
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from mutants import mutant
from seeds import Seed, seeds

from scanner import scan
from scanner.model import Reason

QUICK, NIGHTLY, PORTION = 500, 10_000, 500
# Whatever a file holds, it must not be what ends its reader: each of these is a defect of ours or of a library.
DEFECTS = {"failed", "crashed", "timed_out", "out_of_memory", "poison", "detector_timeout"}
KNOWN = {reason.value for reason in Reason}


@cache
def all_seeds() -> tuple[Seed, ...]:
    return tuple(seeds())


def mutant_of(run: str, number: int) -> tuple[Seed, bytes]:
    """One mutant and the file that it was."""
    seed = all_seeds()[number % len(all_seeds())]
    return seed, mutant(seed.data, random.Random(f"{run}:{number}"), [other.data for other in all_seeds()])


def defects(run: str, numbers: range, folder: Path) -> list[str]:
    """Scan these mutants as a share is scanned; what must not be, in words."""
    share = folder / f"{numbers.start}"
    share.mkdir()
    for number in numbers:
        (share / f"{number:06}").write_bytes(mutant_of(run, number)[1])
    report = scan(share, home=folder / "home", names="off", executor="processes", jobs=min(2, os.cpu_count() or 1))
    rows = report.items.to_pylist()
    tops = sorted(row["item"] for row in rows if row["parent"] is None)
    assert tops == [f"{number:06}" for number in numbers], "not exactly one row for each file"
    found = []
    for row in rows:
        assert row["reason"] is None or row["reason"] in KNOWN
        assert row["status"] == "examined" or row["reason"], row["item"]
        if row["reason"] in DEFECTS:
            seed, _ = mutant_of(run, int(row["item"][:6]))
            found.append(f"run {run}: {row['item']} of {seed.name}: {row['reason']} ({row['detail']})")
    return found


def test_five_hundred_damaged_files(tmp_path: Path) -> None:
    assert not defects("quick", range(QUICK), tmp_path)


@pytest.mark.slow
def test_ten_thousand_damaged_files(tmp_path: Path) -> None:
    """Others every night; WHOSEDATA_FUZZ_RUN plays the night of a date again."""
    run = os.environ.get("WHOSEDATA_FUZZ_RUN") or date.today().isoformat()
    found = []
    for first in range(0, NIGHTLY, PORTION):
        found += defects(run, range(first, first + PORTION), tmp_path)
    assert not found


def test_seeds_are_many_and_of_every_kind() -> None:
    names = [seed.name for seed in all_seeds()]
    assert len(names) == len(set(names)) > 100
    assert all(seed.data for seed in all_seeds())
    assert len({mutant_of("again", number)[1] for number in range(300)}) > 280
    assert mutant_of("again", 7) == mutant_of("again", 7)
