"""A labelled set goes in, what whosedata finds in it at the default score comes out."""

import re
import tempfile

from gold import Labelled, Mention

from detectors.countries import read_countries
from detectors.loose import weigh_loose
from detectors.overlaps import resolve
from detectors.registry import load_detectors
from detectors.running import detect_all
from detectors.types import DetectorOptions, Text
from scanner import scan

MIN_SCORE = 0.5
_SPECIAL = re.compile(r"[*?\[]")


def find_ours(labelled: Labelled, *, jobs: int = 2) -> list[Mention]:
    """Texts are read as a scan reads prose, each a file of its own; tables and files are scanned as a user does."""
    return _texts(labelled) if labelled.form == "texts" else _scanned(labelled, jobs)


def _texts(labelled: Labelled) -> list[Mention]:
    named = "PERSON" in labelled.kinds
    options = DetectorOptions(
        names="standard" if named or "ADDRESS" in labelled.kinds else "off",
        countries=read_countries(labelled.countries),
    )
    detectors = load_detectors(options)
    texts = [Text(unit.text, unit.label) for unit in labelled.units]
    found, _ = detect_all(detectors, texts)
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
            labelled.path, home=home, values="clear", executor="processes", jobs=jobs,
            countries=read_countries(labelled.countries), include=patterns(labelled),
        )  # fmt: skip
    rows = report.findings.select(["item", "location", "entity_type", "value"]).to_pylist()
    if labelled.form == "table":
        known = {unit.key for unit in labelled.units}
        mentions = [Mention(_cell(row["location"]), row["entity_type"], row["value"]) for row in rows]
        return [one for one in mentions if one.unit in known]
    units = {one.unit for one in labelled.wanted}
    mentions = [Mention(row["item"].partition("!/")[0], row["entity_type"], row["value"]) for row in rows]
    return [one for one in mentions if one.unit in units]


def patterns(labelled: Labelled) -> list[str]:
    """The files of a set in gitignore syntax: what no list names need not be read."""
    units = sorted({one.unit for one in labelled.wanted}) if labelled.form == "files" else []
    return ["/" + _SPECIAL.sub(r"[\g<0>]", unit) for unit in units]


def _cell(location: str) -> str:
    """`table=Customer;row=3;col=2;chars=0-5` -> `Customer;3;2`, as gold_tables calls a cell."""
    steps = dict(step.split("=", 1) for step in location.split(";") if "=" in step)
    key = f"{steps.get('row')};{steps.get('col')}"
    return f"{steps['table']};{key}" if "table" in steps else key
