"""Files in, what bare search engines find in them and their time out: google-re2, ripgrep and bulk_extractor.

They are the yardstick of speed, not of quality: they search for shapes, check nothing and report no reasons. Every one
of them makes one pass for each of nine shapes, because one alternation hides matches that overlap.
"""

import os
import re
import shutil
import subprocess
import tempfile
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import re2

EMAIL = "EMAIL_ADDRESS"
# In the words that all three understand: no look-arounds.
SHAPES: Mapping[str, str] = {
    EMAIL: r"[A-Za-z0-9_][A-Za-z0-9_+'%~.-]{0,63}@(?:[A-Za-z0-9][A-Za-z0-9_-]{0,62}\.){1,8}[A-Za-z]{2,24}",
    "CREDIT_CARD": r"\b[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{1,7}\b",
    "IBAN_CODE": r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b",
    "PHONE_NUMBER": r"(?:\+44 ?|\b0)[1-9](?:[ ()-]{0,2}[0-9]){8,9}\b",
    "UK_NINO": r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]\b",
    "UK_NHS": r"\b[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}\b",
    "IP_ADDRESS": r"\b[1-9][0-9]{0,2}(?:\.[0-9]{1,3}){3}\b",
    "UK_POSTCODE": r"\b[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][ABD-HJLNP-UW-Z]{2}\b",
    "DATE": r"\b[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}\b",
}
Match = tuple[str, int, int, int, str]  # file, line (from 1), start and end in it, value


@dataclass(frozen=True, slots=True)
class Searched:
    """Processor seconds, bytes read, and the mail addresses with their places."""

    seconds: float
    size: int
    emails: Counter[Match]


def with_re2(folder: Path) -> Searched:
    """Nine passes with google-re2 over the text of every file; reading and decoding are not counted."""
    patterns = {kind: re2.compile(shape) for kind, shape in SHAPES.items()}
    texts = [(path.name, path.read_text(encoding="utf-8")) for path in files(folder)]
    begun = time.process_time()
    found = [
        (kind, name, match.span(), match.group())
        for name, text in texts
        for kind, pattern in patterns.items()
        for match in pattern.finditer(text)
    ]
    seconds = time.process_time() - begun
    starts = {name: [0, *(end.end() for end in re.finditer("\n", text))] for name, text in texts}
    emails = Counter(_match(name, starts[name], *span, value) for kind, name, span, value in found if kind == EMAIL)
    return Searched(seconds, sum(path.stat().st_size for path in files(folder)), emails)


def _match(name: str, starts: list[int], start: int, end: int, value: str) -> Match:
    line = bisect_right(starts, start)
    return name, line, start - starts[line - 1], end - starts[line - 1], value


def with_ripgrep(folder: Path) -> Searched | None:
    """Nine runs of ripgrep with one thread; None where it is not installed."""
    program = shutil.which("rg")
    if program is None:
        return None
    command = [program, "--threads", "1", "--no-config", "--only-matching", "--column", "--line-number", "--no-heading"]
    seconds, emails = 0.0, Counter[Match]()
    for kind, shape in SHAPES.items():
        spent, out = timed([*command, "--", shape, str(folder)], fine=(0, 1))
        seconds += spent
        if kind == EMAIL:
            emails = Counter(_of_ripgrep(out.splitlines()))
    return Searched(seconds, sum(path.stat().st_size for path in files(folder)), emails)


def _of_ripgrep(lines: Iterable[str]) -> Iterator[Match]:
    for line in lines:
        path, number, column, value = line.split(":", 3)
        start = int(column) - 1  # in bytes: the corpora are ASCII
        yield Path(path).name, int(number), start, start + len(value), value


def with_bulk_extractor(folder: Path) -> Searched | None:
    """Its scanners of mail addresses and accounts, one thread; None where it is not installed. It tells no lines."""
    program = shutil.which("bulk_extractor")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as out:
        scanners = ["-x", "all", "-e", "email", "-e", "accts", "-j", "1"]
        seconds, _ = timed([program, *scanners, "-o", str(Path(out, "report")), "-R", str(folder)])
    return Searched(seconds, sum(path.stat().st_size for path in files(folder)), Counter())


def timed(command: list[str], fine: tuple[int, ...] = (0,)) -> tuple[float, str]:
    """Processor seconds of a command and what it printed.

    Raises:
        RuntimeError: it failed.
    """
    before = os.times()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    after = os.times()
    if done.returncode not in fine:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    used = after.children_user - before.children_user + after.children_system - before.children_system
    return used, done.stdout


def files(folder: Path) -> list[Path]:
    """All files of a folder, in order."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


ENGINES: Mapping[str, Callable[[Path], Searched | None]] = {
    "google-re2, nine passes": with_re2,
    "ripgrep, nine runs": with_ripgrep,
    "bulk_extractor": with_bulk_extractor,
}
