"""Labelled material goes in, precision, recall and F1 per entity type come out, beside presidio's and ferret-scan's.

    python benchmarks/accuracy.py ../shared/data --full --markdown README.md

Scored is what a user gets: files and tables are scanned, texts are read as a scan reads prose, at the default score of
0.5. Matching rule: a mention is found when the same unit (text, cell, or file with its members) has a finding of the
type with the same letters and digits (e-mail addresses, cards and all other numbers), or one that overlaps it (names,
addresses, dates); in a table the cell decides. Equal values of a unit count once. A finding that is in no list counts
against precision only where the list claims to be complete.

Presidio is its AnalyzerEngine with spaCy's en_core_web_sm and all defaults, ferret-scan its command with all defaults;
what they are handed and how their types are mapped stands in peers.py. They see a sample of each set, drawn with a
fixed seed, and ours is measured on the same sample in the same run.
"""

import argparse
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import gold_files
import gold_numbers
import gold_tables
import gold_texts
from gold import Labelled, Score, compare
from ours import find_ours
from peers import PRESIDIO_UNCLAIMED, PeerError, ferret_command, find_ferret, find_presidio, pieces_of

HERE = Path(__file__).parent
SEED = 20260401
LONGEST = 20_000
MOST_NAMES = 800  # sentences of a set of names: some have ten thousand
QUICK = 60  # texts of a set, or rows of a table
# What a quick run leaves out: long files.
SLOW = re.compile(r"Spanish|dumps|Chinook|btc|gum|re3d|train")
SHARED = (
    gold_texts.research_texts, gold_texts.named_texts, gold_texts.spanish_texts, gold_texts.american_addresses,
    gold_numbers.cards_and_british, gold_numbers.phones, gold_numbers.national_ids,
    gold_tables.contact_tables, gold_tables.database_tables,
    gold_files.mailboxes, gold_files.documents, gold_files.dumps, gold_files.contact_files,
)  # fmt: skip
Tools = dict[str, dict[str, Score]]  # tool -> entity type -> score


def labelled_sets(data: Path | None) -> Iterator[Labelled]:
    """The sample share, an invented office, and all sets of the folder of labelled material where there is one."""
    yield gold_files.sample_share()
    with tempfile.TemporaryDirectory() as folder:
        yield gold_files.invented_office(Path(folder))
    for sets in SHARED if data else ():
        yield from sets(data)


def quick_scores(data: Path | None) -> Iterator[tuple[str, dict[str, Score]]]:
    """Name and scores of the sets that are read within a minute, a sample of each: the same in every run."""
    for labelled in labelled_sets(data):
        if not SLOW.search(labelled.name):
            part = labelled if labelled.form == "files" else sampled(labelled, QUICK)
            yield labelled.name, compare(part, find_ours(part, jobs=0))


def sampled(labelled: Labelled, count: int) -> Labelled:
    """At most so many units of a set, drawn with a fixed seed: texts, rows of a table, files that are not long."""
    if labelled.form == "files":
        return _short_files(labelled, count)
    rows = sorted({_row(labelled, unit.key) for unit in labelled.units})
    chosen = frozenset(random.Random(SEED).sample(rows, min(count, len(rows))))
    return labelled.only(frozenset(unit.key for unit in labelled.units if _row(labelled, unit.key) in chosen))


def _short_files(labelled: Labelled, count: int) -> Labelled:
    """Files with some text, and not more than presidio reads in a second: others would say nothing, or take all day."""
    if labelled.whole:
        return labelled
    sizes: Counter[str] = Counter()
    for unit in pieces_of(labelled):
        sizes[unit.key] += len(unit.text)
    short = sorted({one.unit for one in labelled.wanted if 0 < sizes[one.unit] <= LONGEST})
    return labelled.only(frozenset(random.Random(SEED).sample(short, min(count, len(short)))))


def _row(labelled: Labelled, key: str) -> str:
    return key.rpartition(";")[0] if labelled.form == "table" else key


def main() -> int:
    """Measure and print; 0, or 2 where there is nothing to measure."""
    options = _options()
    data = options.data if options.data.is_dir() else None
    if data is None:
        print(f"accuracy: {options.data} does not exist: the sample share alone is measured.", file=sys.stderr)
    if options.quick:
        scores = dict(quick_scores(data))
        print(_card(scores, {}))
        if options.floors:
            options.floors.write_text(_floors(scores), encoding="utf-8")
        return 0
    whole: dict[str, dict[str, Score]] = {}
    pooled: dict[str, dict[str, Score]] = defaultdict(lambda: defaultdict(Score))
    tools = _tools(options)
    for labelled in labelled_sets(data):
        if options.only and not re.search(options.only, labelled.name):
            continue
        begun = time.monotonic()
        most = sampled(labelled, MOST_NAMES) if labelled.name.startswith("names") else labelled
        whole[labelled.name] = compare(most, find_ours(most))
        _print_set(labelled.name, whole[labelled.name], time.monotonic() - begun)
        if options.misses:
            _write_misses(options.misses, labelled.name, whole[labelled.name])
        if tools:
            _beside(sampled(labelled, options.sample), tools, pooled)
    card = _card(whole, pooled)
    print(f"\n{card}")
    if options.markdown:
        text = options.markdown.read_text(encoding="utf-8")
        text = re.sub(r"(?s)(<!-- accuracy -->\n).*?(<!-- end -->)", lambda found: found[1] + card + found[2], text)
        options.markdown.write_text(text, encoding="utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Recall and precision on labelled material.")
    shared = HERE.parents[1] / "shared" / "data"
    parser.add_argument("data", type=Path, nargs="?", default=shared, help="folder with the labelled material")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} texts or rows of each set that is not slow")
    parser.add_argument("--floors", type=Path, help="with --quick: write the floors that CI holds recall to")
    parser.add_argument("--full", action="store_true", help="also presidio and, where installed, ferret-scan")
    parser.add_argument("--sample", type=int, default=100, help="texts or rows that the others see (default: 100)")
    parser.add_argument("--only", default="", help="sets whose name has this in it (a regular expression)")
    parser.add_argument("--markdown", type=Path, help="file whose block <!-- accuracy --> is replaced")
    parser.add_argument("--misses", type=Path, help="folder for lists of what was missed and what was false")
    parser.add_argument("--ferret", default="", help="the ferret-scan command (default: the one on the PATH)")
    return parser.parse_args()


def _tools(options: argparse.Namespace) -> dict[str, str]:
    if not options.full:
        return {}
    command = ferret_command(options.ferret)
    if not command:
        print("accuracy: ferret-scan is not installed (pip install ferret-scan); it is left out.", file=sys.stderr)
    return {"whosedata": "", "presidio": "", **({"ferret-scan": command} if command else {})}


def _beside(part: Labelled, tools: dict[str, str], pooled: dict[str, dict[str, Score]]) -> None:
    """All tools on the same part of a set; their scores are added to the pool of each type."""
    for tool, command in tools.items() if part.units or part.wanted else ():
        try:
            if tool == "whosedata":
                found = find_ours(part)
            else:
                found = find_presidio(part) if tool == "presidio" else find_ferret(part, command)
        except PeerError as error:
            print(f"accuracy: {part.name}: {error}", file=sys.stderr)
            continue
        for kind, score in compare(part, found).items():
            score.judged = score.judged and not (tool == "presidio" and kind in PRESIDIO_UNCLAIMED)
            pooled[kind][tool].add(score)
            print(f"    {tool:<12} {kind:<20} {_cells(score)}", flush=True)


def _print_set(name: str, scores: dict[str, Score], seconds: float) -> None:
    print(f"{name} ({seconds:.0f} s)")
    for kind, score in scores.items():
        print(f"    {kind:<20} {score.wanted:>6,} {_cells(score)}", flush=True)


def _cells(score: Score) -> str:
    false = f" {score.found - score.right} false" if score.judged and not score.wanted else ""
    return " | ".join(_number(value) for value in (score.recall, score.precision, score.f1)) + false


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _write_misses(folder: Path, name: str, scores: dict[str, Score]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{re.sub(r'[^A-Za-z0-9]+', '_', name)}.tsv").open("w", encoding="utf-8") as out:
        for kind, score in scores.items():
            for what, mentions in (("missed", score.missed), ("false", score.false if score.judged else [])):
                out.writelines(f"{what}\t{kind}\t{one.unit}\t{one.value!r}\n" for one in mentions)


def _floors(scores: dict[str, dict[str, Score]]) -> str:
    lines = [
        "# Recall of a quick run that no change may lower: set -> entity type -> recall. Raised by",
        "#     python benchmarks/accuracy.py --quick --floors tests/golden/floors.toml",
    ]
    for name, kinds in scores.items():
        lines += ["", f"[{json.dumps(name, ensure_ascii=False)}]"]
        # Cut, not rounded: the floor is never above what was measured.
        lines += [f"{kind} = {int(score.recall * 1000) / 1000}" for kind, score in kinds.items() if score.recall]
    return "\n".join(lines) + "\n"


def _card(whole: dict[str, dict[str, Score]], pooled: dict[str, dict[str, Score]]) -> str:
    """Two tables: each type beside the other tools, and each set by itself (recall / precision of so many mentions)."""
    lines = []
    if pooled:
        tools = list(dict.fromkeys(tool for scores in pooled.values() for tool in scores))
        heads = " | ".join(f"{tool}: recall | precision | F1" for tool in tools)
        lines += [f"| entity type | mentions | {heads} |", f"|{'---|' * (2 + 3 * len(tools))}"]
        for kind, scores in sorted(pooled.items()):
            if scores[tools[0]].wanted:
                cells = " | ".join(_cells(scores[tool]) for tool in tools)
                lines.append(f"| `{kind}` | {scores[tools[0]].wanted:,} | {cells} |")
        lines.append("")
    lines += ["| set | whosedata, the whole set: recall / precision (mentions) |", "|---|---|"]
    lines += [f"| {name} | {_in_short(scores)} |" for name, scores in whole.items()]
    return "\n".join(lines) + "\n"


def _in_short(scores: dict[str, Score]) -> str:
    wanted = [
        f"{kind} {_number(score.recall)} / {_number(score.precision)} ({score.wanted:,})"
        for kind, score in scores.items()
        if score.wanted
    ]
    false = sum(score.found - score.right for score in scores.values() if score.judged and not score.wanted)
    others = [f"{false} false of types that are not there"] if false or not wanted else []
    return ", ".join(wanted + others)


if __name__ == "__main__":
    sys.exit(main())
