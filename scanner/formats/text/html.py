"""An HTML page goes in, its text by block, its hidden values and its simple tables come out."""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import IO, Any
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from scanner.encoding import decode
from scanner.formats.tables.grid import Grid, is_known_label
from scanner.formats.tables.json import unescaped
from scanner.formats.text.prose import Prose
from scanner.limits import MB, Budget
from scanner.model import Location, Lost, Part, Reason, Segment

# selectolax needs quadratic time on nested elements: 16,000 levels 0.3 s, 200,000 levels 163 s (measured).
_DEEPEST = 10_000
_WHOLE = 64 * MB
# Put behind a page to see whether the parser came to its end.
_END_ID = "whosedata-end-of-page"
_END = f"<i id={_END_ID}></i>"
_PATH_STEPS = 8

_INLINE_TAGS = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr output q ruby s samp "
    "small span strike strong sub sup time tt u var wbr rt rp"
)
_ZEROS = re.compile(r"&#0+(?=[0-9])")
_NO_CHARACTER = re.compile(r"&#[0-9]{8,};?")
_INLINE = frozenset(_INLINE_TAGS.split())
_SELF_CLOSING = "area base br col embed hr img input link meta param source track wbr p li td tr th option"
_VOID = frozenset(_SELF_CLOSING.split())
_CELL = frozenset(("td", "th"))
_TABLE_PARTS = frozenset(("tbody", "thead", "tfoot", "colgroup", "col", "caption", "br", "p"))
_TEXT_ATTRIBUTES = ("alt", "title", "placeholder", "aria-label", "summary", "label", "srcdoc", "datetime", "cite")
_URL_ATTRIBUTES = ("href", "src", "action", "formaction", "data", "content")
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_MARKUP = re.compile(r"<!--|-->|<(/?[a-zA-Z][a-zA-Z0-9]*)([^<>]*)>")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_ADDRESS = re.compile(r"[\w.+-]@[\w-]")
# The way that always fails is there for old Pythons: see scanner/formats/dumps/sqldump_values.py.
_CONDITIONAL = re.compile(r"(?is)\A\[if [^\]]*\]>|<style\b(?:[^<]++|<(?!/style)|(?!))*+|<[^<>]*>")


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:  # noqa: ARG001 - a format's signature
    """Read a page with its comments, hidden elements, form values, mail links and scripts, not its style sheets."""
    data = stream.read(_WHOLE + 1)
    if len(data) > _WHOLE:
        yield Lost("", Reason.LIMIT, f"only the first {_WHOLE // MB} MB of this page were read")
        data = data[:_WHOLE]
    yield from page_parts(data)


def page_parts(data: bytes, declared: str = "") -> Iterator[Part]:
    """The parts of a page that is held as a whole, such as a chapter of a book."""
    yield from _parts(_decoded(data, declared))


def text_of(data: bytes, declared: str = "") -> str:
    """The text of an HTML mail body, tables included, without places."""
    parts = _parts(_decoded(data, declared), tables=False)
    segments = (part for part in parts if isinstance(part, Segment))
    return "\n".join(f"{part.label}: {part.text}" if part.label else part.text for part in segments)


def _decoded(data: bytes, declared: str) -> str:
    found = _CHARSET.search(data[:4096])
    return decode(data, declared or (found[1].decode("ascii") if found else ""))


def _parts(page: str, tables: bool = True) -> Iterator[Part]:
    if not page.strip():
        return
    if _depth(page) > _DEEPEST:
        yield Segment(_without_tags(page))
        return
    parser = LexborHTMLParser(page.replace("\x00", "") + _END)
    if (end := parser.css_first(f"i#{_END_ID}")) is not None:
        end.decompose()
    elif _END_ID not in (parser.html or ""):
        # A quote that is never closed, or a frameset: a browser, and the parser, drop what comes behind.
        yield Segment(_without_tags(page))
        return
    else:  # in a script, a comment, a form field that is never closed: read as the text of that
        parser = LexborHTMLParser(page.replace("\x00", ""))
    if (root := parser.root) is not None:
        yield from _Reader(tables).read(root)


def _depth(page: str) -> int:
    """Most elements open at once, counted without a parser; elements that close themselves do not count."""
    if page.count("<") <= _DEEPEST:
        return 0
    depth = deepest = 0
    for tag in _TAG.finditer(page):
        if tag[2].lower() not in _VOID:
            depth += -1 if tag[1] else 1
            deepest = max(deepest, depth)
    return deepest


def _without_tags(page: str) -> str:
    """The text of a page that is too deeply nested to parse; attributes stay when they may hold an address."""

    def replaced(tag: re.Match[str]) -> str:
        if tag[1] is None:
            return "\n"
        gap = "" if tag[1].lstrip("/").lower() in _INLINE else "\n"
        return f"{gap}{tag[2]}{gap}" if "@" in unquote(_characters(tag[2])) or '="' in tag[2] else gap

    return re.sub(r"\n\s*\n+", "\n", _characters(_MARKUP.sub(replaced, page)))


def _characters(text: str) -> str:
    """Text with characters in place of their names and numbers; Python refuses to read a number of 5,000 digits."""
    return unescape(_NO_CHARACTER.sub("\ufffd", _ZEROS.sub("&#", text)))


def _of_comment(text: str) -> str:
    """A comment as it is; of one that Outlook and Word write for themselves ("[if gte mso 9]…") the text alone.

    Their style sheets name styles that look like names of people ("Normale Tabelle").
    """
    if not text.startswith("[if "):
        return text
    return _CONDITIONAL.sub(lambda tag: f" {tag[0]} " if "@" in tag[0] else " ", text.removesuffix("<![endif]"))


@dataclass(slots=True)
class _Level:
    """An open element on the way down: its path, how many children of each tag came, where its text goes."""

    node: Any
    step: str
    tag: str
    seen: dict[str, int] = field(default_factory=dict)


class _Reader:
    """Walks a page without recursion. Blocks end lines; what stands in attributes follows the line it belongs to."""

    def __init__(self, tables: bool) -> None:
        self._tables = tables
        self._levels: list[_Level] = []
        self._line: list[str] = []
        self._place: Location | None = None
        self._after: list[tuple[str, Location]] = []
        self._prose = Prose()

    def read(self, root: Any) -> Iterator[Part]:
        """Read all below `root`, and what stands beside it (comments before the first element)."""
        node = root
        while node.prev is not None:
            node = node.prev
        while node is not None:
            descend = yield from self._enter(node)
            if descend:
                node = node.child
                continue
            while node is not None and node.next is None:
                node = node.parent
                if node is None or not self._levels:
                    node = None
                    break
                yield from self._leave()
            node = node.next if node is not None else None
        yield from self._end_line()
        yield from self._prose.rest()

    def _enter(self, node: Any) -> Generator[Part, None, bool]:
        """Read one node; the generator's result says whether its children come next."""
        if node.is_text_node:
            self._text(node.text_content or "")
        elif node.is_comment_node:
            self._aside(_of_comment(node.comment_content or ""), self._path("comment()"))
        elif node.is_element_node:
            return (yield from self._element(node))
        return False

    def _element(self, node: Any) -> Generator[Part, None, bool]:
        tag = node.tag
        if tag == "style":
            self._style(node, tag)
            return False
        step = self._step(tag)
        yield from self._attributes(node, tag, step)
        if tag in {"script", "template", "textarea"}:
            yield from self._special(node, tag, step)
            return False
        if tag not in _INLINE and tag not in _CELL:
            yield from self._end_line()
        if tag == "table" and self._tables and (rows := _simple_table(node)):
            yield from self._table(node, rows, step)
            return False
        if node.child is None:
            return False
        self._levels.append(_Level(node, step, tag))
        return True

    def _style(self, node: Any, tag: str) -> None:
        """Names of styles look like people: only addresses count, and a page that it swallows at its end."""
        text = "".join(child.text_content or "" for child in node.iter(include_text=True))
        if _ADDRESS.search(text) or _TAG.search(text):
            self._aside(_without_tags(text), self._path(self._step(tag)))

    def _leave(self) -> Iterator[Part]:
        level = self._levels.pop()
        if level.tag in _CELL:
            if self._line:
                self._line.append("\t")
        elif level.tag not in _INLINE:
            yield from self._end_line()

    def _special(self, node: Any, tag: str, step: str) -> Iterator[Part]:
        """Elements whose text is not page text: scripts (JSON in them), templates (a page of their own), form text."""
        if tag == "template":
            content = re.sub(r"^<template[^>]*>|</template>$", "", node.html or "")
            self._aside(_without_tags(content), self._path(step))
            return
        text = "".join(child.text_content or "" for child in node.iter(include_text=True))
        if tag == "script":
            self._aside(unescaped(text), self._path(step))
        elif text.strip():
            yield Segment(text, self._path(step), label=_field_name(node.attributes))

    def _attributes(self, node: Any, tag: str, step: str) -> Iterator[Part]:
        values = node.attributes
        if not values:
            return
        if tag == "meta":
            text, label = values.get("content") or "", values.get("name") or values.get("property") or ""
            if text.strip() and label and label.lower() not in {"viewport", "generator", "robots", "theme-color"}:
                author = "author" if label.lower() in {"author", "dc.creator", "article:author"} else ""
                yield Segment(text, self._path(step, "content"), label=author or label, role=author)
            return
        for name, value in values.items():
            if not value or not value.strip():
                continue
            where = self._path(step, name)
            if name == "value" and tag in {"input", "button", "data", "meter", "param"}:
                yield Segment(value, where, label=_field_name(values))
            elif name == "srcdoc":
                self._aside(_without_tags(value), where)
            elif name == "value" or name in _TEXT_ATTRIBUTES or name.startswith("data-"):
                self._after.append((value, where))
            elif name in _URL_ATTRIBUTES and not value.startswith("data:") and _holds_value(value):
                self._after.append((unquote(value), where))

    def _table(self, node: Any, rows: list[list[Any]], step: str) -> Iterator[Part]:
        """A simple table as columns; what is in attributes and comments within it still comes as text."""
        where = self._path(step)
        for caption in node.css("caption"):
            self._aside(_cell_text(caption), where)
        grid = Grid(where, sure_heading=_is_heading(rows[0]))
        for number, row in enumerate(rows, start=1):
            cells = [(column, _cell_text(cell)) for column, cell in enumerate(row, start=1)]
            yield from grid.add(number, cells)
        yield from grid.close()
        for inner in node.traverse(include_text=False):
            if inner.is_element_node and inner.mem_id != node.mem_id:
                yield from self._attributes(inner, inner.tag, step)
        yield from self._end_line()

    def _text(self, text: str) -> None:
        kept = _SPACES.sub(" ", text) if not self._levels or self._levels[-1].tag != "pre" else text
        if kept.strip() or (kept and self._line):
            if self._place is None:
                self._place = self._path()
            self._line.append(kept)

    def _aside(self, text: str, where: Location) -> None:
        if text.strip():
            self._after.append((text.strip(), where))

    def _end_line(self) -> Iterator[Segment]:
        text = "".join(self._line).strip()
        if text and self._place is not None:
            yield from self._prose.add(text, self._place)
        self._line.clear()
        self._place = None
        for aside, where in self._after:
            yield from self._prose.add(aside, where)
        self._after.clear()

    def _step(self, tag: str) -> str:
        if not self._levels:
            return tag
        seen = self._levels[-1].seen
        seen[tag] = seen.get(tag, 0) + 1
        return f"{tag}[{seen[tag]}]" if seen[tag] > 1 or tag in {"p", "div", "tr", "td", "li", "table"} else tag

    def _path(self, *more: str) -> Location:
        levels = self._levels if len(self._levels) <= 20 else [*self._levels[:3], *self._levels[-20:]]
        steps = [level.step for level in levels if level.tag not in _INLINE and level.tag != "html"]
        steps += [f"@{name}" if index else name for index, name in enumerate(more)]
        if len(steps) > _PATH_STEPS:
            steps = [*steps[:2], "…", *steps[2 - _PATH_STEPS :]]
        return Location.of(path="/".join(steps))


def _simple_table(table: Any) -> list[list[Any]]:
    """The cells of a rectangular table with a heading and nothing in its cells but text; otherwise no rows."""
    rows: list[list[Any]] = []
    for node in table.traverse(include_text=True):
        if node.is_comment_node:
            return []
        if not node.is_element_node or node.mem_id == table.mem_id:
            continue
        if node.tag == "tr":
            rows.append([])
        elif node.tag in _CELL:
            spans = {node.attributes.get("colspan") or "1", node.attributes.get("rowspan") or "1"}
            if not rows or spans != {"1"}:
                return []
            rows[-1].append(node)
        elif node.tag not in _INLINE and node.tag not in _TABLE_PARTS:
            return []
    if len(rows) < 2 or len(rows[0]) < 2 or any(len(row) != len(rows[0]) for row in rows):
        return []
    return rows if _is_heading(rows[0]) or all(is_known_label(_cell_text(cell)) for cell in rows[0]) else []


def _is_heading(row: list[Any]) -> bool:
    return all(cell.tag == "th" for cell in row)


def _cell_text(cell: Any) -> str:
    words = []
    for node in cell.traverse(include_text=True):
        if node.is_text_node:
            words.append(_SPACES.sub(" ", node.text_content or ""))
        elif node.is_element_node and node.tag in {"br", "p"}:
            words.append("\n")
    return "".join(words).strip()


def _holds_value(url: str) -> bool:
    return "@" in url or "%40" in url or url.lower().startswith(("tel:", "sms:", "callto:", "skype:", "mailto:"))


def _field_name(attributes: dict[str, str | None]) -> str:
    return next((name for key in ("name", "aria-label", "placeholder", "id") if (name := attributes.get(key))), "")
