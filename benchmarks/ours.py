"""A labelled set goes in, what whosedata finds in it at the default score comes out."""

import re
import tempfile
from collections.abc import Iterator

from gold import Labelled, Mention

from detectors.countries import read_countries
from detectors.loose import weigh_loose
from detectors.overlaps import resolve
from detectors.registry import load_detectors
from detectors.running import detect_all
from detectors.types import DetectorOptions, Text
from scanner import scan

MIN_SCORE = 0.5
# What may be put together from several cells of a row.
JOINED = frozenset({"ADDRESS", "UK_BANK_ACCOUNT"})
_SPECIAL = re.compile(r"[*?\[]")


def find_ours(labelled: Labelled, jobs: int = 2) -> list[Mention]:
    """Texts are read as a scan reads prose, each a file of its own; tables and files are scanned as a user does.

    `jobs` 0 reads all in this process: models are loaded once for many sets.
    """
    return _texts(labelled) if labelled.form == "texts" else _scanned(labelled, jobs)


def _texts(labelled: Labelled) -> list[Mention]:
    named = "PERSON" in labelled.kinds
    options = DetectorOptions(
        names="standard" if named or "ADDRESS" in labelled.kinds else "off",
        countries=read_countries(labelled.countries),
    )
    detectors = load_detectors(options)
    texts = [Text(unit.text, unit.label) for unit in labelled.units]
    found, failures = detect_all(detectors, texts)
    if failures:  # what they would have found must not pass for missed
        raise RuntimeError(f"A detector failed: {failures}")
    mentions = []
    for unit, text, spans in zip(labelled.units, texts, found, strict=True):
        [weighed], _ = weigh_loose(detectors, [text], [spans], {})
        mentions += [
            Mention(unit.key, span.entity_type, text.text[span.start : span.end])
            for span in resolve(weighed)
            if span.score >= MIN_SCORE
        ]
    return mentions


def _scanned(labelled: Labelled, jobs: int) -> list[Mention]:
    with tempfile.TemporaryDirectory() as home:
        report = scan(
            labelled.path, home=home, values="clear",
            executor="processes" if jobs else "serial", jobs=jobs or 1,
            countries=read_countries(labelled.countries), include=patterns(labelled),
        )  # fmt: skip
    rows = report.findings.select(["item", "location", "entity_type", "value"]).to_pylist()
    if labelled.form == "table":
        return list(_in_cells(labelled, rows))
    return [Mention(row["item"].partition("!/")[0], row["entity_type"], row["value"] or "") for row in rows]


def _in_cells(labelled: Labelled, rows: list[dict[str, str]]) -> Iterator[Mention]:
    """A finding that is put together from several cells of a row (an address, a pair) is one in each of them."""
    texts: dict[str, dict[str, str]] = {}
    for unit in labelled.units:
        texts.setdefault(unit.key.rpartition(";")[0], {})[unit.key] = _letters(unit.text)
    for row in rows:
        own, value = _cell(row["location"]), _letters(row["value"] or "")
        cells = texts.get(own.rpartition(";")[0], {})
        joined = row["entity_type"] in JOINED and (own not in cells or value not in cells[own])
        for key, text in cells.items():
            if (len(text) > 2 and text in value) if joined else key == own:
                yield Mention(key, row["entity_type"], row["value"] or "")


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text).casefold()


def patterns(labelled: Labelled) -> list[str]:
    """The files of a set in gitignore syntax: what no list names need not be read."""
    listed = labelled.form == "files" and not labelled.whole
    units = sorted({one.unit for one in labelled.wanted}) if listed else []
    return ["/" + _SPECIAL.sub(r"[\g<0>]", unit) for unit in units]


def _cell(location: str) -> str:
    """`table=Customer;row=3;col=2;chars=0-5` -> `Customer;3;2`, as gold_tables calls a cell."""
    steps = dict(step.split("=", 1) for step in location.split(";") if "=" in step)
    key = f"{steps.get('row')};{steps.get('col')}"
    return f"{steps['table']};{key}" if "table" in steps else key
