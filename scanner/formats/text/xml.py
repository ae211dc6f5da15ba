"""An XML document goes in, Columns for repeated elements, labelled Segments for single ones and prose come out.

Python's own expat reads it, not lxml: it tells of each entity reference that it does not follow (lxml drops what an
attribute or a recovered document refers to without a word), knows no depth limit of 256, and holds no tree.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import IO, Protocol
from xml.parsers import expat

from scanner.encoding import decode_stream
from scanner.formats.archives.nested import Leaf, Records, is_data, short_path
from scanner.formats.text.prose import Prose, plain_lines
from scanner.limits import Budget
from scanner.model import Location, Lost, Part, Reason

_CHUNK = 256 * 1024
_DEEPEST = 10_000  # open elements; a document with more is read as plain text from there on
_TEXT = 64 * 1024  # characters of one element that are held back to see whether it is prose
_CUT = 1000  # characters at its end that stay for the next piece, from a blank on: no value is torn apart
_LEAVES = 1000
_DECLARED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9_.:-]+)")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(
    r"<!\[CDATA\[(?:(?!<!\[CDATA\[).)*?\]\]>|&(?:(\w[\w.-]{0,31});|#x?[0-9a-fA-F]{1,8};)?", re.DOTALL
)
_TORN = re.compile(r"&#?[\w.-]*\Z")
_PREDEFINED = frozenset(("amp", "lt", "gt", "quot", "apos"))
_TAGS = re.compile(r"<!--|-->|<!\[CDATA\[|\]\]>|</?[^<>]*>")
_BLANKS = re.compile(r"[ \t]*\n\s*|[ \t]+")
_LAST_WORDS = re.compile(r"\s")
_BREAKS = frozenset(("br", "p", "lb", "para", "tr", "li"))
_NAMED_TAGS = "field column col property entry attribute data item param value key string var cell element"
_NAMED = frozenset(_NAMED_TAGS.split())
_NAMING = frozenset(("name", "key", "field", "label", "column", "n", "property"))
_TABLE_TAGS = "table table_data table_structure worksheet sheet dataset database object list class"
_TABLES = frozenset(_TABLE_TAGS.split())
_IDENTIFIER = re.compile(r"[A-Za-z_][\w.:-]{0,40}")


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:  # noqa: ARG001 - a format's signature
    """Read a document element by element; where it is broken, the rest is read as plain text and reported."""
    yield from read_document(stream, _Reader())


class Reader(Protocol):
    """Collects parts while expat calls: what it has `started` with, `skipped`, and hands over."""

    parser: expat.XMLParserType
    started: bool
    skipped: int

    def drain(self) -> Iterator[Part]:
        """What has come together since the last call."""
        ...

    def finish(self) -> None:
        """Close what is open, and give all that waits."""
        ...


def quiet_parser() -> expat.XMLParserType:
    """A parser that opens nothing and expands nothing."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    # With a default handler expat expands no entity by itself, and with a foreign DTD an unknown one is no error.
    parser.DefaultHandler = lambda _: None
    parser.UseForeignDTD(True)
    parser.ExternalEntityRefHandler = lambda *_: 1
    return parser


def read_document(stream: IO[bytes], reader: Reader) -> Iterator[Part]:
    """Read a document with a reader of one's own; the rest of a broken one is plain text."""
    parser = reader.parser
    chunks = _mended(_chunks(stream))
    fed = 0
    chunk = ""
    try:
        for chunk in chunks:
            data = chunk.encode("utf-8", "replace")
            parser.Parse(data, False)
            fed += len(data)
            yield from reader.drain()
        chunk = ""
        parser.Parse(b"", True)
    except (expat.ExpatError, _TooDeepError) as error:
        parser.buffer_text = False  # hands over the text that was held back
        reader.finish()
        yield from reader.drain()
        if reader.started or chunk:
            yield from _as_text(_unread(chunk, parser.CurrentByteIndex - fed), chunks, parser.CurrentLineNumber)
            if isinstance(error, _TooDeepError):
                yield Lost("", Reason.LIMIT, f"more than {_DEEPEST} elements within each other; read as plain text")
            else:
                detail = f"not valid XML from line {parser.CurrentLineNumber} on; the rest was read as plain text"
                yield Lost("", Reason.DAMAGED, detail)
    else:
        reader.finish()
        yield from reader.drain()
    if reader.skipped:
        detail = f"text from outside files or from entities within entities was left out in {reader.skipped} places"
        yield Lost("", Reason.DAMAGED, detail)


def _chunks(stream: IO[bytes]) -> Iterator[str]:
    found = _DECLARED.search(stream.read(1024))
    stream.seek(0)
    return decode_stream(stream, found[1].decode("ascii") if found else "")


def _mended(chunks: Iterator[str]) -> Iterator[str]:
    """What XML forbids and real files hold made harmless: control characters, bare ampersands, HTML's entities."""
    carried = ""
    own_entities = False
    for chunk in chunks:
        text = carried + chunk
        own_entities = own_entities or "<!DOCTYPE" in text
        # A reference or a CDATA section may be torn apart at the end of a chunk.
        cut = text.rfind("<![CDATA[")
        if cut < 0 or "]]>" in text[cut:] or len(text) - cut > _CHUNK:
            torn = _TORN.search(text, max(0, len(text) - 40))
            cut = torn.start() if torn else -1
        text, carried = (text[:cut], text[cut:]) if cut >= 0 else (text, "")
        yield _mend(text, own_entities)
    yield _mend(carried, own_entities)


def _mend(text: str, own_entities: bool) -> str:
    text = _ILLEGAL.sub(" ", text)
    if "&" not in text:
        return text

    def replaced(match: re.Match[str]) -> str:
        if match[1] is None or match[1] in _PREDEFINED or own_entities:
            return match[0] if match[0] != "&" else "&amp;"
        return unescape(match[0])

    return _REFERENCE.sub(replaced, text)


def _unread(chunk: str, place: int) -> str:
    """The part of the last chunk, from the broken tag on, that the parser did not read."""
    start = len(chunk.encode("utf-8", "replace")[: max(place, 0)].decode("utf-8", "ignore"))
    tag = chunk.rfind("<", 0, start + 1)
    return chunk[tag if tag >= 0 and ">" not in chunk[tag:start] else start :]


def _as_text(unread: str, chunks: Iterator[str], line: int) -> Iterator[Part]:
    while unread:
        yield from plain_lines(_without_tags(unread), first_line=line)
        line += unread.count("\n")
        unread = next(chunks, "")


def _without_tags(text: str) -> str:
    """Text between tags, and whole tags that hold attribute values."""
    return unescape(
        _TAGS.sub(lambda tag: f" {tag[0][1:-1]} " if "=" in tag[0] else " " + "\n" * tag[0].count("\n"), text)
    )


class _TooDeepError(Exception):
    """More open elements than are worth holding."""


@dataclass(slots=True)
class _Open:
    """An open element: what it has given so far, as a record (leaves) and as prose (text)."""

    tag: str
    step: str  # in paths
    name: str  # in labels
    line: int
    attributes: list[Leaf]
    leaves: list[Leaf] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    length: int = 0
    children: bool = False
    mixed: bool = False  # text beside elements
    spaced: bool = False  # elements with a blank between them on one line, as words have
    broken: bool = False  # elements on lines of their own
    row: int = 0
    singles: dict[str, tuple[str, list[Leaf]]] = field(default_factory=dict)  # step -> (label, leaves)
    many: set[str] = field(default_factory=set)


class _Reader:
    """Collects parts while expat calls; `drain` hands them over."""

    def __init__(self) -> None:
        self.skipped = 0
        self.started = False
        self._parts: list[Part] = []
        self._open: list[_Open] = []
        self._records = Records("/")
        self._prose = Prose()
        self._rows: dict[str, int] = {}
        self._entities: dict[str, str] = {}
        self.parser = quiet_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.CommentHandler = self._aside
        self.parser.ProcessingInstructionHandler = lambda _, data: self._aside(data)
        self.parser.EntityDeclHandler = self._declared
        self.parser.SkippedEntityHandler = self._skipped
        self.parser.ExternalEntityRefHandler = self._external

    def drain(self) -> Iterator[Part]:
        """What has come together since the last call."""
        parts, self._parts = self._parts, []
        yield from parts

    def finish(self) -> None:
        """Close what is open (a broken document leaves elements open) and give all that waits."""
        while self._open:
            self._end("")
        self._parts += self._prose.rest()
        self._parts += self._records.rest()

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= _DEEPEST:
            raise _TooDeepError
        self.started = True
        tag = tag.rpartition(":")[2]
        step = label = tag
        leaves: list[Leaf] = []
        for name, value in attributes.items():
            if name.startswith(("xmlns", "xsi:", "xml:")) or not value.strip():
                continue
            own = name.rpartition(":")[2]
            if tag.lower() in _NAMED and own.lower() in _NAMING and _is_name(attributes, value):
                step = label = value
            elif tag.lower() in _TABLES and own.lower() in _NAMING and len(value) <= 64:
                step = f"{tag}[{value}]"
            else:
                leaves.append((own, value))
        if is_data(tag):
            self._aside(tag)
        if self._open:
            self._open[-1].children = True
        # A table's name is part of its path: tables with columns in common must not run together.
        self._open.append(_Open(tag, step, label, self.parser.CurrentLineNumber, leaves))

    def _characters(self, text: str) -> None:
        if not self._open:
            return
        element = self._open[-1]
        if text.isspace():
            element.broken = element.broken or "\n" in text
            element.spaced = element.spaced or ("\n" not in text and element.children)
            if element.children and not element.mixed:
                text = text[:1]
        elif element.children:
            element.mixed = True
        element.text.append(text)
        element.length += len(text)
        if element.length > _TEXT:
            self._trim(element)

    def _trim(self, element: _Open) -> None:
        """An element of much text: prose is handed over as it comes, blanks between records are forgotten."""
        rest = ""
        if element.mixed or not element.children:
            text = "".join(element.text)
            words = _LAST_WORDS.search(text, len(text) - _CUT)
            rest = text[words.start() :] if words else ""
            self._say(text[: len(text) - len(rest)], element)
            # What follows is prose too, even if it has no child.
            element.mixed = True
            element.leaves.clear()
        element.text = [rest]
        element.length = len(rest)

    def _end(self, _: str) -> None:
        element = self._open.pop()
        outer = self._open[-1] if self._open else None
        text = "".join(element.text)
        inline = element.spaced and not element.broken and not element.singles and not element.many
        leaves = list(element.attributes)
        if element.mixed or (inline and element.leaves):
            if outer is not None and outer.mixed:
                outer.text.append(text)
                outer.length += len(text)
            else:
                self._say(text, element)
        elif element.children:
            leaves += element.leaves
        elif text.strip():
            if outer is not None:
                self._hand_up(outer, element.tag, text)
            if outer is None or not outer.mixed:
                if outer is not None and not leaves:
                    outer.leaves.append((element.name, text.strip()))
                    self._spill(outer)
                    return
                leaves.append(("", text.strip()))
        for name, inner in element.singles.values():
            leaves += [(_joined(name, label), value) for label, value in inner]
        self._record(element, outer, leaves)

    def _hand_up(self, outer: _Open, tag: str, text: str) -> None:
        outer.text.append(f"\n{text}\n" if tag.lower() in _BREAKS else text)
        outer.length += len(text)
        if outer.length > _TEXT:
            self._trim(outer)

    def _spill(self, outer: _Open) -> None:
        """A list of very many values is handed over before its element ends."""
        if len(outer.leaves) < _LEAVES:
            return
        path = self._path()
        if not outer.row:
            outer.row = self._rows[path] = self._rows.get(path, 0) + 1
        self._parts += self._records.add(path, outer.row, outer.leaves)
        outer.leaves.clear()
        outer.text.clear()
        outer.length = 0

    def _record(self, element: _Open, outer: _Open | None, leaves: list[Leaf]) -> None:
        """Leaves of an element that comes once belong to the element around it, of one that repeats to a row."""
        if not leaves:
            return
        if outer is None or element.row or element.step in outer.many:
            self._row(element, leaves)
        elif element.step in outer.singles:
            outer.many.add(element.step)
            self._row(element, outer.singles.pop(element.step)[1])
            self._row(element, leaves)
        else:
            outer.singles[element.step] = element.name, leaves

    def _row(self, element: _Open, leaves: list[Leaf]) -> None:
        path = self._path(element.step)
        row = element.row
        if not row:
            row = self._rows[path] = self._rows.get(path, 0) + 1
        self._parts += self._records.add(path, row, [(label or element.name, value) for label, value in leaves])

    def _say(self, text: str, element: _Open) -> None:
        where = Location.of(path=self._path(element.step), line=element.line)
        self._parts += self._prose.add(_BLANKS.sub(_blank, text).strip(), where)

    def _aside(self, text: str) -> None:
        line = self.parser.CurrentLineNumber
        where = Location.of(path=self._path(), line=line) if self._open else Location.of(line=line)
        self._parts += self._prose.add(text.strip(), where)

    def _path(self, *more: str) -> str:
        steps = self._open if len(self._open) < 20 else [*self._open[:3], *self._open[-16:]]
        return short_path("/".join([*(element.step for element in steps), *more]))

    def _declared(
        self, name: str, parameter: bool, value: str | None, _base: object, system: str | None, *_: object
    ) -> None:
        """Keep the value of a plain entity; read it even if nothing refers to it."""
        if value and not parameter and len(self._entities) < _LEAVES:
            if len(value) <= 200 and not set("&<%") & set(value):
                self._entities[name] = value
            self._aside(_REFERENCE.sub(" ", value))
        elif system:
            self._aside(system)

    def _skipped(self, name: str, parameter: bool) -> None:
        text = self._entities.get(name) or unescape(f"&{name};")
        if parameter or text == f"&{name};":
            self.skipped += 1
            text = " "
        self._characters(text)

    def _external(self, context: str | None, _base: object, system: str | None, _public: object) -> int:
        if context and system:  # without either it is the foreign DTD of which we told the parser
            self.skipped += 1
            self._characters(" ")
        return 1


def _is_name(attributes: dict[str, str], value: str) -> bool:
    """Whether the only attribute of an element names a field, as in <field name="email">."""
    return sum(not name.startswith(("xmlns", "xsi:")) for name in attributes) == 1 and bool(
        _IDENTIFIER.fullmatch(value)
    )


def _blank(blank: re.Match[str]) -> str:
    return "\n" if "\n" in blank[0] else " "


def _joined(step: str, label: str) -> str:
    """The label seen from one element further up, at most four steps."""
    return ".".join([step, *label.split(".")][-4:]) if label else step
