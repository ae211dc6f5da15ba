"""A folder in, the findings of the detection stage and its time out: what lies between reading and writing.

The files are read beforehand, and no row or key is made: so our detectors are compared with engines that only search.
Names of people are off: the model's speed is measured by benchmarks/names.py.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from engines import EMAIL, Match, files

from detectors.columns import ColumnProfile, detect_column
from detectors.registry import load_detectors
from detectors.running import detect_all
from detectors.table_rows import Cells, read_rows
from detectors.types import Detector, DetectorOptions, Span, Text
from scanner.collecting import seldom_collected
from scanner.formats.tables import tabular
from scanner.formats.text import text
from scanner.limits import Budget, Limits
from scanner.model import Column, Part, Segment
from scanner.segment import locate, split
from scanner.settling import settle_block, settle_segments

LEAST = 0.5  # as --min-score is by default
Found = Iterator[tuple[Segment | tuple[Column, int], Span]]  # a segment, or a column and the index of the cell


@dataclass(frozen=True, slots=True)
class Detected:
    """Processor seconds of the stage, bytes of the files, number of findings, and the mail addresses with places."""

    seconds: float
    size: int
    findings: int
    emails: Counter[Match]


def detect(folder: Path) -> Detected:
    """Run the structured detectors over the texts and tables of a folder (ASCII, one line for each row)."""
    detectors = load_detectors(DetectorOptions(names="off"))
    read = [(path, _read(path)) for path in files(folder)]
    begun = time.process_time()
    with seldom_collected():  # as a scan is
        found = [(path, where, span) for path, parts in read for where, span in _stage(detectors, parts)]
    seconds = time.process_time() - begun
    lines = {path: path.read_text(encoding="utf-8").split("\n") for path, _ in read}
    emails = Counter(_place(path, lines[path], where, span) for path, where, span in found if span.entity_type == EMAIL)
    return Detected(seconds, sum(path.stat().st_size for path, _ in read), len(found), emails)


def _read(path: Path) -> list[Part]:
    form = tabular if path.suffix == ".csv" else text
    with path.open("rb") as stream:
        return list(form.extract(stream, Budget(Limits(), path.stat().st_size)))


def _stage(detectors: Sequence[Detector], parts: Sequence[Part]) -> Found:
    yield from _in_prose(detectors, [part for part in parts if isinstance(part, Segment)])
    profiles: dict[int, ColumnProfile] = {}
    columns = [part for part in parts if isinstance(part, Column)]
    for _, block in groupby(columns, lambda column: column.first_row):
        yield from _in_block(detectors, list(block), profiles)


def _in_prose(detectors: Sequence[Detector], segments: Sequence[Segment]) -> Found:
    windows = [window for segment in segments for window in split(segment)]
    spans, failures = detect_all(detectors, [Text(segment.text, segment.label) for segment, *_ in windows])
    if failures:  # quick, and of no worth
        raise RuntimeError(f"A detector failed: {failures}")
    settled = settle_segments([segment for segment, *_ in windows], spans, "")
    for (segment, start, end), own in zip(windows, settled, strict=True):
        yield from ((segment, span) for span in own if start <= span.start < end and span.score >= LEAST)


def _in_block(detectors: Sequence[Detector], block: list[Column], profiles: dict[int, ColumnProfile]) -> Found:
    cells = []
    for column in block:
        looking = detect_column(detectors, column.label, column.values, profiles.get(column.number))
        try:
            while True:
                next(looking)
        except StopIteration as end:
            spans, profiles[column.number], _ = end.value
        cells.append(Cells(column.number, column.label, column.values, spans))
    for column, settled in zip(block, settle_block(block, read_rows(detectors, cells), ""), strict=True):
        for index, own in enumerate(settled):
            yield from (((column, index), span) for span in own if span.score >= LEAST)


def _place(path: Path, lines: Sequence[str], where: Segment | tuple[Column, int], span: Span) -> Match:
    if isinstance(where, Segment):
        steps = dict(locate(where, span.start, span.end).steps)
        number, start = int(steps["line"]), int(steps["chars"].partition("-")[0])
        value = where.text[span.start : span.end]
    else:
        column, index = where
        number, value = column.row(index), column.values[index][span.start : span.end]
        start = lines[number - 1].index(value)
    return path.name, number, start, start + len(value), value
