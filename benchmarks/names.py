"""Labelled texts and tables go in, precision, recall and F1 of names of people come out, for each system.

    python benchmarks/names.py ../shared/data --part last
    python benchmarks/names.py ../shared/data --systems standard,thorough --texts 200 --hidden 0.4
    python benchmarks/names.py ../shared/data --pooled --systems rampart,fast,standard,thorough,spacy-md

Overlap: a person is found when a span touches the name. Strict: the span is the name, titles and possessives apart.
A span that touches no name of the list counts as false, also where the list forgot one. In brackets: 95 % by Wilson.
"""

import argparse
import csv
import json
import math
import re
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import office_texts
from gold_tables import HEADINGS
from gold_texts import sentences
from name_pools import print_pools
from name_systems import MAKERS

from detectors import name_lists
from detectors.columns import detect_column
from detectors.names import load
from detectors.types import DetectorOptions

Spans = list[tuple[int, int]]
Gold = list[tuple[str, Spans]]
CONLL = ("wikigold.conll", "uner_ewt-dev.iob2", "wnut17-train.conll", "btc_a.conll")
_TITLE = re.compile(r"(?:(?:mrs?|ms|miss|mx|dr|prof|rev|cllr|sir|dame|lord|lady|sister)\.?\s+)+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['\u2019]s$|[.,;:]$")


@dataclass(slots=True)
class Score:
    """Counts of one set: names in the list, of them found (by overlap, strictly), spans made, of them on a name."""

    wanted: int = 0
    found: int = 0
    exact: int = 0
    made: int = 0
    right: int = 0
    characters: int = 0

    def line(self, system: str, name: str) -> str:
        """A row of the table."""
        recall, precision = share(self.found, self.wanted), share(self.right, self.made)
        false = self.made - self.right
        return (
            f"| {name} | {system} | {self.wanted} | {recall} | {precision} | {f1(self.found, self.right, self)} "
            f"| {f1(self.exact, self.exact, self)} | {1000 * false / max(1, self.characters):.2f} |"
        )


def share(count: int, total: int) -> str:
    """A share and its interval."""
    if not total:
        return "–"
    rate, z = count / total, 1.96
    middle, half = rate + z * z / (2 * total), z * math.sqrt(rate * (1 - rate) / total + z * z / (4 * total * total))
    low, high = ((middle + sign * half) / (1 + z * z / total) for sign in (-1, 1))
    low, high = max(0.0, low), min(1.0, high)
    return f"{rate:.3f} ({low:.2f}–{high:.2f})"


def f1(found: int, right: int, score: Score) -> str:
    """F1 of hits counted on both sides."""
    recall, precision = found / max(1, score.wanted), right / max(1, score.made)
    return f"{2 * recall * precision / (recall + precision):.3f}" if recall + precision else "–"


def compare(gold: Gold, found: Iterable[Spans]) -> Score:
    """The score of one system on one set."""
    score = Score()
    for (text, wanted), spans in zip(gold, found, strict=True):
        bare = {_bare(text, *one) for one in spans}
        score.characters += len(text)
        score.wanted += len(wanted)
        score.made += len(spans)
        score.found += sum(any(a < end and start < b for a, b in spans) for start, end in wanted)
        score.right += sum(any(a < end and start < b for start, end in wanted) for a, b in spans)
        score.exact += sum(_bare(text, *one) in bare for one in wanted)
    return score


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    title = _TITLE.match(text, start, end)
    behind = _POSSESSIVE.search(text[start:end])
    return title.end() if title else start, start + behind.start() if behind else end


def texts_of(data: Path, part: str, most: int) -> Iterator[tuple[str, Gold]]:
    """The labelled texts by name of the set."""
    papers = office_texts.papers(part, min(most, 200))
    plain = [one for one in papers if not set(one.forms) & {"lower", "upper"}]
    yield f"office papers ({part})", [(one.text, list(one.people)) for one in plain]
    yield "– lower case or capitals throughout", [(one.text, list(one.people)) for one in papers if one not in plain]
    yield f"lines that only sound like people ({part})", [(line, []) for line in office_texts.traps(part)]
    path = data / "text_gold/presidio-research/generated_large.json"
    if path.exists():
        rows = json.loads(path.read_text(encoding="utf-8"))[: 2 * most]
        yield "presidio-research, generated_large", [(row["full_text"], _persons(row["spans"])) for row in rows]
    for file in CONLL:
        if (data / "ner" / file).exists():
            every = list(sentences(data / "ner" / file))
            yield file, every[:: max(1, len(every) // (4 * most))][: 4 * most]


def _persons(spans: Sequence[dict[str, object]]) -> Spans:
    """Persons; a title that stands as one of its own is none."""
    people = [
        one for one in spans if one["entity_type"] == "PERSON" and not _TITLE.fullmatch(f"{one['entity_value']} ")
    ]
    return [(int(str(one["start_position"])), int(str(one["end_position"]))) for one in people]


def tables_of(data: Path, part: str, most: int) -> Iterator[tuple[str, list[tuple[str, list[tuple[str, bool]]]]]]:
    """Columns of tables by name of the set: heading, and cells with whether each is a person."""
    yield f"office tables ({part})", office_texts.columns(part)
    for path, columns in HEADINGS.items():
        if not (data / path).exists():
            continue
        with (data / path).open(encoding="utf-8-sig", errors="replace", newline="") as file:
            heads, *rows = list(csv.reader(file))
        made = []
        for number, head in enumerate(heads):
            cells = [row[number] for row in rows[: 2 * most] if len(row) > number and row[number].strip()]
            made.append((head.strip(), [(cell, "PERSON" in columns.get(head.strip(), "")) for cell in cells]))
        yield Path(path).name, made


def table_score(mode: str, columns: list[tuple[str, list[tuple[str, bool]]]]) -> Score:
    """Cells, of which each is a person or none."""
    detectors, score = load(DetectorOptions(names=mode)), Score()
    for heading, cells in columns:
        steps = detect_column(detectors, heading, [cell for cell, _ in cells])
        try:
            while True:
                next(steps)
        except StopIteration as done:
            spans, *_ = done.value
        for (cell, person), found in zip(cells, spans, strict=True):
            hit = any(one.score >= 0.5 for one in found)
            score.characters += len(cell)
            score.wanted += person
            score.made += hit
            score.found += hit and person
            score.right += hit and person
            score.exact += hit and person
    return score


def hide(hidden: float) -> None:
    """Take a share of all names out of the lists: what is left is how well rarer names are found."""
    given, surnames, words = name_lists._lists()
    kept = {name for name in given | surnames if zlib.crc32(name.encode()) / 2**32 >= hidden}
    name_lists._lists = lambda: (given & kept, surnames & kept, words)  # type: ignore[assignment]
    name_lists.look_up.cache_clear()


def main() -> None:
    """Print the tables and how fast each system was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--part", choices=["first", "second", "wide", "last", "kept"], default="last")
    parser.add_argument("--systems", default="presidio,rampart,fast,standard,thorough")
    parser.add_argument(
        "--pooled", action="store_true", help="print pooled F1, groups, cases, speed and memory instead"
    )
    parser.add_argument("--texts", type=int, default=100)
    parser.add_argument(
        "--hidden", type=float, default=0.0, help="share of the lists of names that is hidden from ours"
    )
    parser.add_argument("--mail", type=Path, help="with --pooled: a folder of mails on which speed is measured, too")
    options = parser.parse_args()
    if options.hidden:
        hide(options.hidden)
    systems = options.systems.split(",")
    sets = list(texts_of(options.data, options.part, options.texts))
    if options.pooled:
        print_pools(systems, sets, options.part, options.mail)
        return
    print("| set | system | names | recall | precision | F1 | F1 strict | false per 1,000 characters |")
    print("|---|---|---|---|---|---|---|---|")
    seconds: dict[str, float] = {}
    for system in systems:
        find = MAKERS[system]()
        find(["Margaret Thorpe met Piotr."])
        for name, gold in sets:
            began = time.process_time()
            found = find([text for text, _ in gold])
            seconds[system] = seconds.get(system, 0.0) + time.process_time() - began
            print(compare(gold, found).line(system, name), flush=True)
    for system in set(systems) & {"fast", "standard", "thorough"}:
        for name, columns in tables_of(options.data, options.part, options.texts):
            print(table_score(system, columns).line(system, name), flush=True)
    total = sum(len(text) for _, gold in sets for text, _ in gold)
    print("\n" + "; ".join(f"{system}: {total / spent:,.0f} characters a second" for system, spent in seconds.items()))


if __name__ == "__main__":
    main()
