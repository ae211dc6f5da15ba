"""The beginning of a document, its name and labels go in, the class of document comes out: CV, payslip, invoice ...

A class lends or takes a little of the score of numbers for which nothing else near them speaks: the ten digits of a
medical letter are an NHS number sooner than those of an invoice.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from detectors.types import Span
from detectors.yaml_text import read_yaml

LEAST = 0.6
BEGINNING = 20_000  # characters that are read
LONGEST_LINE = 80
_KEYS = frozenset({"what", "weight", "names", "lines", "words", "regex", "at_least", "against"})
_KEY = re.compile(r"[^\W_]+")
_NAME_WORD = re.compile(r"[^\W\d_]+|[0-9]+")


@dataclass(frozen=True, slots=True)
class Classified:
    """The class of a document, how sure from 0 to 1, and why in words; "" when it is of none."""

    document_class: str = ""
    score: float = 0.0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Signal:
    """`at_least` different ones of its phrases, found in `where` ("names", "lines", "words", "regex"), make it hold."""

    what: str
    weight: float
    where: str
    phrases: tuple[str, ...]
    keys: tuple[str, ...]  # the longest word of each phrase
    regex: re.Pattern[str] | None
    at_least: int
    against: bool


@dataclass(frozen=True, slots=True)
class DocumentClass:
    """One class: its name, the words for it, its signals, and whose score it raises or lowers by which share."""

    name: str
    words: str
    signals: tuple[_Signal, ...]
    supports: Mapping[str, float]
    opposes: Mapping[str, float]


def classify(text: str, name: str = "", labels: Sequence[str] = ()) -> Classified:
    """The class of a document by its first BEGINNING characters, its file name and the labels of its columns or fields.

    One signal alone makes no class, however strong, unless it is nearly sure by itself.
    """
    beginning = text[:BEGINNING]
    short = (line for line in beginning.split("\n") if len(line) <= LONGEST_LINE)
    in_name = _NAME_WORD.findall(name.lower())
    words = f" {_plain(' '.join((beginning, *labels)))} "
    page = _Page(
        beginning,
        words,
        frozenset(_KEY.findall(words)),
        frozenset(_line(line) for line in (*short, *labels)),
        f" {' '.join(in_name)} ",
        frozenset(in_name),
    )
    found = (_judged(kind, page) for kind in document_classes().values())
    return max(found, key=lambda one: one.score, default=Classified())


@dataclass(frozen=True, slots=True)
class _Page:
    """The beginning of a document: as it is, in plain words, the set of these, its short lines, and the file's name.

    `name_words` is the set of the words of the name.
    """

    text: str
    words: str
    vocabulary: frozenset[str]
    lines: frozenset[str]
    name: str
    name_words: frozenset[str]


def _judged(kind: DocumentClass, page: _Page) -> Classified:
    doubt, opposed, reasons = 1.0, 1.0, []
    strongest = 0.0
    for signal in kind.signals:
        if not _holds(signal, page):
            continue
        if signal.against:
            opposed *= 1 - signal.weight
            continue
        doubt *= 1 - signal.weight
        strongest = max(strongest, signal.weight)
        reasons.append(signal.what)
    score = round((1 - doubt) * opposed, 3)
    if score < LEAST or (len(reasons) < 2 and strongest < 0.85):
        return Classified()
    return Classified(kind.name, score, tuple(reasons))


def _holds(signal: _Signal, page: _Page) -> bool:
    if signal.regex:
        return sum(1 for _ in signal.regex.finditer(page.text)) >= signal.at_least
    if signal.where == "lines":
        return len(page.lines.intersection(signal.phrases)) >= signal.at_least
    known, space = (page.name_words, page.name) if signal.where == "names" else (page.vocabulary, page.words)
    # A look into a set first: most phrases have a word that the page has not.
    near = [phrase for phrase, key in zip(signal.phrases, signal.keys, strict=True) if key in known]
    return len(near) >= signal.at_least and sum(_has_word(space, phrase) for phrase in near) >= signal.at_least


def _has_word(space: str, phrase: str) -> bool:
    """Whether a phrase stands in lower-case text, with a blank around it, as whole words."""
    at = space.find(phrase)
    while at >= 0:
        before, behind = space[at - 1 : at + 1], space[at + len(phrase) - 1 : at + len(phrase) + 1]
        if not before.isalnum() and not behind.isalnum():
            return True
        at = space.find(phrase, at + 1)
    return False


def _line(line: str) -> str:
    return _plain(line.strip(" \t\r:.*#-_=|"))


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("\u2019", "'").split())


def weigh_by_document(spans: Sequence[Span], document_class: str) -> list[Span]:
    """Spans of prose with the last layer of evidence: only where neither a word nor a label near them has spoken."""
    kind = document_classes().get(document_class)
    if kind is None or not (kind.supports or kind.opposes):
        return list(spans)
    return [_weighed(span, kind) for span in spans]


def _weighed(span: Span, kind: DocumentClass) -> Span:
    if span.evidence.context or span.evidence.label:
        return span
    gain, loss = kind.supports.get(span.entity_type, 0.0), kind.opposes.get(span.entity_type, 0.0)
    if not gain and not loss:
        return span
    score = span.score + (1 - span.score) * gain if gain else span.score * (1 - loss)
    said = kind.words if gain else f"not: {kind.words}"
    words = f"in a document that looks like a {kind.words}" + ("" if gain else ", which speaks against it")
    evidence = replace(span.evidence, document=said)
    return span._replace(score=round(score, 3), reason=f"{span.reason}; {words}", evidence=evidence)


@cache
def raw_classes() -> Mapping[str, Mapping[str, Any]]:
    """File name -> its content; the tests read the examples from here."""
    folder = files("detectors") / "rules" / "documents"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".yaml"))
    return {name: read_yaml((folder / name).read_text(encoding="utf-8")) for name in names}


@cache
def document_classes() -> Mapping[str, DocumentClass]:
    """All classes by name, in the order of their files.

    Raises:
        ValueError: a signal has a key that no signal has.
    """
    found = {}
    for file, raw in raw_classes().items():
        signals = tuple(_signal(file, signal) for signal in raw["signals"])
        kind = DocumentClass(raw["class"], raw["words"], signals, raw.get("supports", {}), raw.get("opposes", {}))
        found[kind.name] = kind
    return found


def _signal(file: str, raw: Mapping[str, Any]) -> _Signal:
    if unknown := set(raw) - _KEYS:
        raise ValueError(f"{file}: unknown keys {sorted(unknown)}")
    where = next(key for key in ("names", "lines", "words", "regex") if key in raw)
    phrases = () if where == "regex" else tuple(dict.fromkeys(str(phrase).lower() for phrase in raw[where]))
    regex = re.compile(raw["regex"]) if where == "regex" else None
    return _Signal(
        what=raw["what"],
        weight=float(raw["weight"]),
        where=where,
        phrases=phrases,
        keys=tuple(max(_KEY.findall(phrase), key=len) for phrase in phrases),
        regex=regex,
        at_least=int(raw.get("at_least", 1)),
        against=bool(raw.get("against")),
    )
