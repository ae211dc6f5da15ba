"""An XML part goes in, its readable texts come out: paragraphs, other text, values of attributes.

Each knows where its characters stand in the raw part, so that a value that is split over runs is found and taken out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from xml.sax.saxutils import escape

from subjects.erasure.actions import CannotErase
from subjects.erasure.actions.occurrences import Readable

_TOKEN = re.compile(
    r"<!--.*?-->|<!\[CDATA\[(?P<data>.*?)\]\]>|<[?!][^>]*>|<(?P<end>/)?(?P<name>[\w:.-]+)"
    r"(?P<attributes>(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*(?P<empty>/)?>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_CHAR = re.compile(r"&(?:#x[0-9a-fA-F]+|#[0-9]+|[a-z]+);|.", re.DOTALL)
# Elements whose text is read together, and those that end such a text.
_RUNS = {"t": "t", "delText": "del", "instrText": "code", "delInstrText": "code"}
_ENDS = frozenset({"p", "si", "is", "comment", "tc"})
_BROKEN = "a part of it is not well-formed XML"
_SPACES = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


@dataclass(frozen=True, slots=True)
class Element:
    """An element: its local name, where it stands, and its attributes."""

    name: str
    start: int
    end: int
    attributes: dict[str, str] = field(default_factory=dict)
    depth: int = 0


def as_text(data: bytes) -> str:
    """An XML part as text; raises CannotErase when it is not UTF-8 (what all office programs write)."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CannotErase("a part of it is written in an unusual encoding") from error
    if "<!ENTITY" in text or "<!DOCTYPE" in text:
        raise CannotErase("a part of it declares entities of its own")
    return text


def readables(text: str) -> Iterator[Readable]:
    """Every text that somebody can read in the part; each list of runs, each other text, each attribute."""
    runs: dict[str, Readable] = {}
    names: list[str] = []
    done = 0
    for token in _TOKEN.finditer(text):
        yield from _put(text, done, token.start(), names[-1] if names else "", runs)
        done = token.end()
        if token["data"] is not None:
            yield from _put(text, token.start("data"), token.end("data"), "", runs)
        if token["name"] is None:
            continue
        yield from _attributes(text, *token.span("attributes"))
        name = token["name"].rpartition(":")[2]
        if name in _SPACES and not token["end"] and "t" in runs:
            runs["t"].add(_SPACES[name], *token.span())
        if name in _ENDS:
            yield from runs.values()
            runs = {}
        _nest(names, name, token)
    if names:
        raise CannotErase(_BROKEN)
    yield from runs.values()


def _nest(names: list[str], name: str, token: re.Match[str]) -> None:
    """Keep the names of the elements that are open."""
    if not token["end"]:
        names += [] if token["empty"] else [name]
    elif not names or names.pop() != name:
        raise CannotErase(_BROKEN)


def _put(text: str, start: int, end: int, name: str, runs: dict[str, Readable]) -> Iterator[Readable]:
    kind = _RUNS.get(name) if start < end else None
    if kind is None and not text[start:end].strip():
        return
    readable = runs.setdefault(kind, Readable()) if kind else Readable()
    _fill(readable, text, start, end)
    if kind is None:
        yield readable


def _fill(readable: Readable, text: str, start: int, end: int) -> None:
    for char in _CHAR.finditer(text, start, end):
        readable.add(unescape(char[0]), *char.span())


def _attributes(text: str, start: int, end: int) -> Iterator[Readable]:
    for one in _ATTRIBUTE.finditer(text, start, end):
        group = 2 if one[2] is not None else 3
        if one[group] and not one[1].startswith("xmlns"):
            readable = Readable()
            _fill(readable, text, one.start(group), one.end(group))
            yield readable


def elements(text: str, wanted: frozenset[str]) -> Iterator[Element]:
    """Elements with one of these local names, each when it ends."""
    opened: list[Element] = []
    for token in _TOKEN.finditer(text):
        name = (token["name"] or "").rpartition(":")[2]
        if name not in wanted:
            continue
        if token["end"]:
            if not opened or opened[-1].name != name:
                raise CannotErase(_BROKEN)
            last = opened.pop()
            yield Element(last.name, last.start, token.end(), last.attributes, len(opened))
            continue
        attributes = {
            one[1].rpartition(":")[2]: unescape(one[2] if one[2] is not None else one[3])
            for one in _ATTRIBUTE.finditer(token["attributes"] or "")
        }
        element = Element(name, token.start(), token.end(), attributes, len(opened))
        if token["empty"]:
            yield element
        else:
            opened.append(element)


def escaped(words: str) -> str:
    """Words as text or value of an attribute."""
    return escape(words, {'"': "&quot;", "'": "&apos;"})
