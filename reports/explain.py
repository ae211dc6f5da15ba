"""A report and the id of a finding go in, the reasons for that finding come out in plain words."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reports.ids import format_id
from reports.lookup import look_up
from reports.safe import printable

_LAYERS = (
    ("pattern", "Pattern", "it has the form of"),
    ("validator", "Check", "it passes"),
    ("context", "Words near it", ""),
    ("label", "Label", "it stands under"),
    ("document", "Document", "it looks like a"),
)


def explain(findings: Path, typed: str) -> Iterator[str]:
    """Lines that say what was found where, by which detector, and what each layer of evidence said.

    Raises:
        ReportError: what was typed is no id, or no finding or several findings begin with it.
    """
    [row] = look_up(findings, [typed])
    return _lines(row)


def _lines(row: dict[str, Any]) -> Iterator[str]:
    yield printable(f"{row['entity_type']}  {row['preview']}  score {row['score']:.2f}")
    yield f"  Finding        {format_id(row['finding_id'])}"
    yield f"  Where          {printable(row['root'])}/{printable(row['item'])}"
    yield f"                 {printable(row['location'])}"
    if row["record"]:
        yield f"  Person slot    {printable(row['record'])} ({printable(row['role'] or 'self')})"
    yield printable(f"  Why            {row['reason']} (detector: {row['detector']})")
    evidence = row["evidence"]
    for name, title, words in _LAYERS:
        if evidence.get(name):
            # Of a model the pattern is its reason: "it has the form of a name by the model" says nothing.
            told = name == "pattern" and evidence[name] in row["reason"]
            yield f"  {title:<14} {_layer('' if told else words, evidence[name])}"
    if evidence["column_total"]:
        where, what = ("Column", "values") if "col=" in row["location"] else ("Text", "loose numbers of this form")
        yield f"  {where:<14} {evidence['column_valid']} of its {evidence['column_total']} {what} pass the check"
    for key, text in row["facts"] or []:
        if key == "ocr":
            yield printable(f"  Picture        read from one; the reader is {text} percent sure of its least sure word")
        else:
            yield printable(f"  {key.capitalize():<14} {text}")
    if row["is_test"]:
        yield "  Test value     a published test number, or one reserved for drama: it belongs to nobody"
    if row["quoted"]:
        yield "  Quoted         stands in a quoted reply; counts leave it out"


def _layer(words: str, said: str) -> str:
    """Evidence that speaks against a finding begins with `not:`."""
    if said.startswith("not: "):
        return f"speaks against it: {printable(said.removeprefix('not: '))}"
    return f"{words} {printable(said)}".strip()
