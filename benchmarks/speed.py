"""Size options in, a side-by-side measurement out: this program's `scan` against presidio, on the same invented files.

All times are processor time of all processes of a program: other work on the machine stretches the clock's.
First what each found is compared with what was planted; only then come megabytes a second and their ratio. Then the
detection stage alone stands beside engines that only search (benchmarks/engines.py), mail addresses place by place.
Run it as `python benchmarks/speed.py` with the Python that both are installed in. It needs the extra `benchmarks`.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
from corpora import make_dump, make_mailbox, make_share
from corpus import TYPES, Corpus, Planted, make_prose, make_table, normalise
from detection import detect
from engines import ENGINES, timed

SEED = 20260401
MB = 1_000_000
CORPORA = ("CSV", "prose", "mbox", "dump", "share")
MODES = {
    "": "presidio",
    "--types": "presidio asked for five types with a form",
    "--bare": "presidio asked for these, without spaCy",
}
KEPT = 0.995  # the share of presidio's true findings without which there is nothing to compare
SEARCHED = ("CSV", "prose")  # those that the engines that only search are run on
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Timed:
    """Megabytes read, processor seconds without start-up, those of start-up, planted values found in the part."""

    megabytes: float
    seconds: float
    startup: float
    true: frozenset[Planted]

    @property
    def speed(self) -> float:
        """Megabytes a second, without start-up."""
        return self.megabytes / self.seconds


Pair = tuple[Corpus, Corpus]  # the whole, and the part that presidio is timed on


class ToolError(Exception):
    """One of the two programs is not there or failed: then nothing is compared."""


def main() -> int:
    """Make the files, run both, print; 0, or 2 when one of the programs cannot be run."""
    options = _options()
    try:
        with tempfile.TemporaryDirectory(prefix="speed-") as folder:
            _measure(Path(folder), options)
    except ToolError as error:
        print(f"speed: {error}", file=sys.stderr)
        return 2
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measures scan against presidio on the same invented files.")
    parser.add_argument("--quick", action="store_true", help="2,000 rows and 0.5 MB, one run: two minutes")
    parser.add_argument("--rows", type=int, default=20_000, help="rows of the CSV (default: 20000)")
    parser.add_argument("--mb", type=float, default=2.0, help="megabytes of prose (default: 2)")
    parser.add_argument(
        "--files", type=int, default=2_000, help="files of the share (default: 2000; the issue's: 20000)"
    )
    parser.add_argument(
        "--corpora", default=",".join(CORPORA), help=f"which, with commas between them (default: {','.join(CORPORA)})"
    )
    parser.add_argument("--presidio-rows", type=int, default=100, help="rows that presidio is timed on (default: 100)")
    parser.add_argument("--presidio-kb", type=float, default=100.0, help="KB of prose that presidio is timed on")
    parser.add_argument("--repeat", type=int, default=3, help="runs of scan; the fastest counts (default: 3)")
    parser.add_argument("--scan", type=Path, help="the scan command (default: the one beside this Python)")
    parser.add_argument("--only", choices=("both", "presidio", "scan"), default="both", help="measure one side alone")
    options = parser.parse_args()
    if options.quick:
        options.rows, options.mb, options.presidio_rows, options.presidio_kb, options.repeat = 2_000, 0.5, 40, 40.0, 1
        options.files = 200
    return options


def _measure(folder: Path, options: argparse.Namespace) -> None:
    pairs = _make(folder, options)
    if options.only != "presidio":
        _measure_engines(pairs)
    theirs: dict[str, dict[str, Timed]] = {}
    if options.only != "scan":
        theirs = {mode: _measure_presidio(folder, pairs, mode) for mode in MODES}
    ours: dict[tuple[str, str], Timed] = {}
    if options.only != "presidio":
        ours = _measure_scan(folder, pairs, options)
    print("\nSpeed")
    for mode, timed_ones in theirs.items():
        for name, own in timed_ones.items():
            _print_speed(f"{MODES[mode]}, {name}", own)
    for (names, name), own in ours.items():
        _print_speed(f"scan --jobs 1 --names {names}, {name}", own)
        for mode, timed_ones in theirs.items():
            other = timed_ones[name]
            kept, of = len(own.true & other.true), len(other.true)
            ratio = f"{own.speed / other.speed:,.1f} times" if kept >= KEPT * of else "no ratio to"
            print(f"    {ratio} {MODES[mode]}; of its {of} true findings {kept} were found")


def _make(folder: Path, options: argparse.Namespace) -> dict[str, Pair]:
    """The files, whole for us, and their beginning for presidio: the same seed gives the same first rows."""
    prose = int(options.mb * MB)
    part = min(int(options.presidio_kb * 1000), prose)
    rows = min(options.presidio_rows, options.rows)
    (folder / "empty").mkdir()
    files = min(max(1, part // 500), options.files)
    makers: dict[str, tuple[Callable[[Path, int, int], Corpus], int, int]] = {
        "CSV": (make_table, options.rows, rows),
        "prose": (make_prose, prose, part),
        "mbox": (make_mailbox, prose, part),
        "dump": (make_dump, options.rows, rows),
        "share": (make_share, options.files, files),
    }
    wanted = options.corpora.split(",")
    if unknown := set(wanted) - set(makers):
        raise ToolError(f"--corpora: there is no {', '.join(sorted(unknown))}; there are {', '.join(makers)}")
    return {
        name: (make(folder / name, whole, SEED), make(folder / f"{name}-part", beginning, SEED))
        for name, (make, whole, beginning) in makers.items()
        if name in wanted
    }


def _measure_engines(pairs: dict[str, Pair]) -> None:
    """Processor time of the detection stage, of all its detectors but names, beside that of engines that only search.

    Raises:
        ToolError: an engine failed, or its mail addresses are not ours.
    """
    print("\nDetection stage, names off, beside engines that search for nine shapes and check nothing: MB a second")
    for name, (whole, _) in pairs.items():
        if name not in SEARCHED:
            continue
        ours = detect(whole.folder)
        speed = ours.size / MB / ours.seconds
        print(f"    {name}: our detectors {speed:,.3g}, {ours.findings:,} findings, {ours.emails.total():,} addresses")
        for engine, search in ENGINES.items():
            try:
                theirs = search(whole.folder)
            except RuntimeError as error:
                raise ToolError(str(error)) from error
            if theirs is None:
                print(f"        {engine}: not installed")
                continue
            if theirs.emails and theirs.emails != ours.emails:
                missing, more = (theirs.emails - ours.emails).total(), (ours.emails - theirs.emails).total()
                raise ToolError(f"{engine} and we differ in mail addresses: {missing} missing, {more} more; no ratio")
            rate = theirs.size / MB / theirs.seconds
            print(f"        {engine}: {rate:,.3g}, the same addresses; ours is {speed / rate:.2f} times as fast")


def _measure_presidio(folder: Path, pairs: dict[str, Pair], mode: str) -> dict[str, Timed]:
    if mode:
        print(f"\nThe same, {MODES[mode]}:")
    else:
        _say_how()
    theirs = {}
    for name, (_, part) in pairs.items():
        theirs[name], found = _presidio(folder, part, mode)
        _print_quality(f"{MODES[mode]}, {name}, part of {part.size / MB:.3f} MB", part, found)
    return theirs


def _say_how() -> None:
    print("Presidio is timed on the beginning of the same files; its speed per MB is taken to hold for the rest.")
    print("It is called as its manual does: AnalyzerEngine.analyze with spaCy's en_core_web_sm, all its default types,")
    print("any score. Loading it is left out of its speed, as the scan of an empty folder is left out of ours.")


def _measure_scan(folder: Path, pairs: dict[str, Pair], options: argparse.Namespace) -> dict[tuple[str, str], Timed]:
    scan = _scan_command(options.scan)
    ours = {}
    for names in ("off", "fast", "standard"):
        _scan(scan, folder, folder / "empty", names, 1)  # the first run compiles modules and fills the disk cache
        empty, _ = _scan(scan, folder, folder / "empty", names, options.repeat)
        for name, (whole, part) in pairs.items():
            total, found = _scan(scan, folder, whole.folder, names, options.repeat)
            # A scan that is no slower than the empty one is too short to be measured.
            if total <= empty:
                raise ToolError(f"{whole.size / MB:.1f} MB of {name} are too little to be timed: raise --rows and --mb")
            _, found_in_part = _scan(scan, folder, part.folder, names, 1)
            true = frozenset(found_in_part & part.planted)
            ours[names, name] = Timed(whole.size / MB, total - empty, empty, true)
            _print_quality(f"scan --names {names}, {name}, the same part", part, found_in_part)
            _print_quality(f"scan --names {names}, {name}, all {whole.size / MB:.1f} MB", whole, found)
    return ours


def _scan_command(given: Path | None) -> Path:
    beside = Path(sys.executable).parent
    for path in [given] if given else [beside / "scan", beside / "scan.exe"]:
        if path.is_file():
            return path
    raise ToolError(f"there is no scan command at {given or beside}. Install this project there: pip install -e .")


def _scan(scan: Path, folder: Path, target: Path, names: str, repeat: int) -> tuple[float, set[Planted]]:
    """Processor seconds of the command and its worker, the fewest of the runs, and what it found."""
    out = folder / "out" / "report.parquet"
    out.parent.mkdir(exist_ok=True)
    command = [
        str(scan), str(target), "--out", str(out), "--jobs", "1", "--names", names, "--values", "clear",
        "--home", str(folder / "home"), "--fresh", "--quiet",
    ]  # fmt: skip
    best = float("inf")
    for _ in range(repeat):
        try:
            spent, _ = timed(command)
        except RuntimeError as error:
            raise ToolError(str(error)) from error
        best = min(best, spent)
    rows = pq.read_table(out, columns=["item", "entity_type", "value"]).to_pylist()
    # A mail of a mailbox is a member of it.
    return best, _comparable((row["item"].partition("!/")[0], row["entity_type"], row["value"]) for row in rows)


def _presidio(folder: Path, corpus: Corpus, mode: str) -> tuple[Timed, set[Planted]]:
    """One call for each cell of a table, one for each paragraph of prose."""
    pieces, found = folder / "pieces.jsonl", folder / "found.jsonl"
    pieces.write_text("".join(json.dumps(piece) + "\n" for piece in corpus.pieces), encoding="utf-8")
    command = [sys.executable, str(HERE / "presidio_side.py"), str(pieces), str(found), mode]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ToolError(f"presidio ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    times = json.loads(done.stdout.splitlines()[-1])
    rows = map(json.loads, found.read_text(encoding="utf-8").splitlines())
    values = _comparable((file, kind, value) for file, kind, value, _ in rows)
    true = frozenset(values & corpus.planted)
    return Timed(corpus.size / MB, times["seconds"], times["load_seconds"], true), values


def _comparable(rows: Iterable[Planted]) -> set[Planted]:
    """Distinct values of the types that both programs know."""
    return {(file, kind, normalise(kind, value)) for file, kind, value in rows if kind in TYPES}


def _print_quality(title: str, corpus: Corpus, found: set[Planted]) -> None:
    print(f"\n{title}: distinct values found of those planted, and false ones")
    for kind in TYPES:
        gold = {row for row in corpus.planted if row[1] == kind}
        made = {row for row in found if row[1] == kind}
        share = f"{len(gold & made) / len(gold):8.2%}" if gold else "       –"
        print(f"    {kind:<14} {len(gold & made):>7,} of {len(gold):>7,} {share}   false {len(made - gold):>6,}")


def _print_speed(title: str, own: Timed) -> None:
    total = own.seconds + own.startup
    print(
        f"{title}: {own.speed:,.4g} MB/s ({own.megabytes:.3f} MB in {own.seconds:.2f} s; "
        f"start-up {own.startup:.2f} s, together {total:.2f} s)"
    )


if __name__ == "__main__":
    sys.exit(main())
