"""A labelled set goes in, what other tools find in it comes out: presidio with its defaults, and ferret-scan.

presidio reads no files. It is handed what our formats read from them, in the same pieces: texts, and tables cell by
cell with the heading as context. ferret-scan reads files: texts are written one to a file; what it cannot open
(archives, databases) it does not find. Both at their own default threshold: every finding counts.
"""

import csv
import io
import json
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from gold import Labelled, Mention, Unit, cell
from ours import patterns

from detectors.types import Span, Text
from scanner.home import load_key
from scanner.model import Item
from scanner.pipeline import ItemScanner
from scanner.plan import make_plan, make_roots
from scanner.sources.folder import walk

HERE = Path(__file__).parent
# presidio's type -> ours. Its places and dates count where they meet an address or a birth date that is wanted, and
# are not held against it elsewhere: it never claimed that they are addresses or birth dates.
PRESIDIO = {"LOCATION": "ADDRESS", "DATE_TIME": "DATE_OF_BIRTH"}
PRESIDIO_UNCLAIMED = frozenset(PRESIDIO.values())
# ferret-scan's validator -> our type; of its bank accounts only the IBAN has one of ours.
FERRET = {
    "email": "EMAIL_ADDRESS", "phone": "PHONE_NUMBER", "creditcard": "CREDIT_CARD", "ssn": "US_SSN",
    "person_name": "PERSON", "physical_address": "ADDRESS", "dob": "DATE_OF_BIRTH", "ipaddress": "IP_ADDRESS",
    "iban": "IBAN_CODE",
}  # fmt: skip


class PeerError(Exception):
    """Another tool is not there or failed."""


def find_presidio(labelled: Labelled) -> list[Mention]:
    """Findings of presidio of every score, by our names of the types.

    Raises:
        PeerError: presidio or its model is not installed.
    """
    pieces: dict[tuple[str, str], list[str]] = defaultdict(list)
    for unit in labelled.units if labelled.form != "files" else pieces_of(labelled):
        pieces[unit.text, unit.label].append(unit.key)
    with tempfile.TemporaryDirectory() as folder:
        work, found = Path(folder, "work.jsonl"), Path(folder, "found.jsonl")
        lines = ((number, text, *label.split()) for number, (text, label) in enumerate(pieces))
        work.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
        command = [sys.executable, str(HERE / "presidio_side.py"), str(work), str(found)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise PeerError(f"presidio ended with {done.returncode}: {done.stderr.strip()[-400:]}")
        rows = [json.loads(line) for line in found.read_text(encoding="utf-8").splitlines()]
    keys = list(pieces.values())
    return [Mention(key, PRESIDIO.get(kind, kind), value) for at, kind, value, _ in rows for key in keys[at]]


class _Recorder:
    """A detector that finds nothing and keeps what it is shown."""

    name = "recorder"
    entity_types: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.texts: list[Text] = []

    def detect(self, texts: Sequence[Text]) -> Iterator[list[Span]]:
        self.texts += texts
        yield from ([] for _ in texts)


def pieces_of(labelled: Labelled) -> Iterator[Unit]:
    """The texts and cells of the files of a set, each once, with the name of its file."""
    plan = make_plan(make_roots([labelled.path]), {}, names="off", include=patterns(labelled))
    with tempfile.TemporaryDirectory() as home:
        key = load_key(Path(home))
    for item in walk(plan.roots[0], plan, frozenset()):
        if isinstance(item, Item):
            recorder = _Recorder()
            for _ in ItemScanner(plan, key, [recorder]).scan(0, item):
                pass
            for text in dict.fromkeys(recorder.texts):
                yield Unit(item.path, text.text, text.label)


def ferret_command(given: str = "") -> str:
    """Path of the command, "" where it is not installed."""
    return given or shutil.which("ferret-scan") or ""


def find_ferret(labelled: Labelled, command: str) -> list[Mention]:
    """Findings of ferret-scan of every confidence, by our names of the types.

    Raises:
        PeerError: it failed.
    """
    if labelled.form == "files":
        return [_mention(row, row["filename"]) for row in _ferret(labelled.path, command) if _kind(row)]
    if labelled.form == "table":
        return list(_in_cells(labelled, _ferret(labelled.path, command)))
    with tempfile.TemporaryDirectory() as folder:
        for number, unit in enumerate(labelled.units):
            text = f"{unit.label}: {unit.text}" if unit.label else unit.text
            Path(folder, f"{number}.txt").write_text(f"{text}\n", encoding="utf-8")
        rows = _ferret(Path(folder), command)
    return [_mention(row, labelled.units[int(Path(row["filename"]).stem)].key) for row in rows if _kind(row)]


def _ferret(path: Path, command: str) -> list[dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "found.json")
        options = ["--recursive", "--format", "json", "--show-match", "--limit", "0", "--quiet", "--output", str(out)]
        done = subprocess.run(
            [command, "--file", str(path), *options], capture_output=True, text=True, check=False, cwd=folder
        )
        if not out.exists():
            raise PeerError(f"ferret-scan ended with {done.returncode}: {done.stderr.strip()[-400:]}")
        rows: list[dict[str, str]] = json.loads(out.read_text(encoding="utf-8")).get("results") or []
    return rows


def _kind(row: dict[str, str]) -> str:
    name = "iban" if row["type"] == "IBAN" else row["validator"].lower()
    return FERRET.get(name, "")


def _mention(row: dict[str, str], unit: str) -> Mention:
    return Mention(unit, _kind(row), row["text"])


def _in_cells(labelled: Labelled, rows: list[dict[str, str]]) -> Iterator[Mention]:
    """Its findings have a line and no column: the cell of that line that holds them is meant."""
    if labelled.path.suffix != ".csv":
        return
    texts = {unit.key: unit.text for unit in labelled.units}
    reader = csv.reader(io.StringIO(labelled.path.read_text(encoding="utf-8", errors="replace"), newline=""))
    number_of, begin = {}, 0
    for number, line in enumerate(reader, start=1):
        number_of.update({at: (number, len(line)) for at in range(begin + 1, reader.line_num + 1)})
        begin = reader.line_num
    for row in rows:
        number, width = number_of.get(int(row["line_number"]), (0, 0))
        if kind := _kind(row):
            for column in range(1, width + 1):
                if row["text"] in texts.get(cell(number, column), ""):
                    yield Mention(cell(number, column), kind, row["text"])
                    break
