"""Real files go in, word recall per format comes out: ours and that of other libraries, on what at least two agree on.

    python benchmarks/extraction.py ../shared/data/documents ../shared/data/mailbox --misses 5

A word of a file counts when at least two independent libraries find it in that file (`other_readers.py`); recall is the
share of these words that a reader finds. It is a consensus, not a truth: a library that fails on a file loses all its
words there, and what only one of them finds counts for nobody. Each reader works in a process of its own; a file that
takes it longer than the time limit is a failure of that reader. Our own text is that of the item and its members.
"""

import argparse
import io
import multiprocessing
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from multiprocessing.connection import Connection
from pathlib import Path

from other_readers import READERS, absent

from scanner.formats import formats, load_format
from scanner.limits import Budget, Limits
from scanner.model import Child, Column, Segment, Skip
from scanner.pipeline import DAMAGE
from scanner.sniff import media_type

OURS = "whosedata"
SECONDS = 20.0
_WORD = re.compile(r"(?<![^\W_])[^\W_]{2,30}(?![^\W_])")  # longer ones are base64, not words
_SUFFIXES = {"htm": "html", "xlsm": "xlsx", "docm": "docx", "xhtml": "html"}
_DEEPEST = 3


def main() -> None:
    """Measure and print the table, and the files where our reader misses most."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--formats", default=",".join(READERS), help="kinds of files, with commas between them")
    parser.add_argument("--misses", type=int, default=0, help="files of each format whose missed words are shown")
    arguments = parser.parse_args()
    paths = sorted(path for folder in arguments.folders for path in folder.rglob("*") if path.is_file())
    print("| format | files | words | " + OURS + " | other readers |\n|---|---|---|---|---|")
    for kind in arguments.formats.split(","):
        mine = [path for path in paths if _kind(path) == kind]
        table, misses = measure(kind, mine)
        print(table, flush=True)
        for path, words in misses[: arguments.misses]:
            print(f"    {path}: {len(words)} missed: {' '.join(sorted(words)[:12])}", file=sys.stderr)


def _kind(path: Path) -> str:
    suffix = path.suffix.lower().removeprefix(".")
    return _SUFFIXES.get(suffix, suffix)


def measure(kind: str, paths: list[Path]) -> tuple[str, list[tuple[Path, set[str]]]]:
    """The row of one format, and (file, missed words), most first."""
    readers = [OURS, *(name for name in READERS[kind] if not absent(name))]
    found = {name: dict(_texts(kind, name, paths)) for name in readers}
    totals: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    misses: list[tuple[Path, set[str]]] = []
    measured = words = 0
    for path in paths:
        sets = {name: found[name].get(path) for name in readers}
        failed.update(name for name, text in sets.items() if text is None)
        counted = Counter(word for name, text in sets.items() if name != OURS for word in text or ())
        agreed = {word for word, times in counted.items() if times > 1}
        if not agreed:
            continue
        measured += 1
        words += len(agreed)
        for name, text in sets.items():
            totals[name] += len(agreed & (text or set()))
        if missed := agreed - (sets[OURS] or set()):
            misses.append((path, missed))
    shares = {name: f"{totals[name] / words:.3f}" if words else "-" for name in readers}
    others = ", ".join(f"{name} {shares[name]} ({failed[name]} failed)" for name in readers[1:])
    ours = f"{shares[OURS]} ({failed[OURS]} failed)"
    misses.sort(key=lambda miss: -len(miss[1]))
    return f"| {kind} | {measured} of {len(paths)} | {words:,} | {ours} | {others} |", misses


def _texts(kind: str, name: str, paths: list[Path]) -> Iterator[tuple[Path, set[str]]]:
    """(file, its words) for every file that a reader can read within its time."""
    context = multiprocessing.get_context("spawn")
    process = None
    here: Connection | None = None
    for path in paths:
        if process is None or here is None:
            here, there = context.Pipe()
            process = context.Process(target=_serve, args=(kind, name, there), daemon=True)
            process.start()
            there.close()
        try:
            here.send(path)
            answered = here.poll(SECONDS + 30 * (path is paths[0]))  # loading a library takes its time
            text = here.recv() if answered else None
        except (EOFError, BrokenPipeError, ConnectionError):
            answered, text = False, None
        if not answered:
            process.kill()
            process.join()
            process = here = None
        if text is not None:
            yield path, set(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))
    if process is not None:
        process.kill()


def _serve(kind: str, name: str, pipe: Connection) -> None:
    """Read files until the process is ended; None for those that cannot be read."""
    read: Callable[[Path], str] = our_text if name == OURS else READERS[kind][name]
    while True:
        path = pipe.recv()
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            try:
                text: str | None = read(path)
            except Exception:  # noqa: BLE001 - libraries raise anything; that they failed is what is counted
                text = None
        pipe.send(text)


def our_text(path: Path) -> str:
    """What our reader gives of a file and its members; labels of columns are headings of its tables."""
    data = path.read_bytes()
    return "\n".join(_our_parts(data, path.name, Budget(Limits(), len(data)), 0))


def _our_parts(data: bytes, name: str, budget: Budget, depth: int, hint: str = "") -> Iterator[str]:
    row = formats().get(media_type(data[: 64 * 1024], name, io.BytesIO(data), hint))
    if row is None:
        return
    try:
        for part in load_format(row)(io.BytesIO(data), budget):
            if isinstance(part, Segment):
                yield f"{part.label}\n{part.text}"
            elif isinstance(part, Column):
                yield "\n".join((part.label, *part.values))
            elif isinstance(part, Child) and depth < _DEEPEST:
                with part.open() as source, budget.spooled(source) as stream:
                    inner = stream.read()
                yield from _our_parts(inner, part.name, budget, depth + 1, part.hint)
    except (Skip, *DAMAGE):
        return


if __name__ == "__main__":
    main()
