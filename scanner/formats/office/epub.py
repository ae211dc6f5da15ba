"""An electronic book (EPUB) goes in; the text of its chapters and what it says of itself come out."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import IO

from scanner.formats.content_dates import iso_date
from scanner.formats.office.ooxml import BROKEN, Handler, Package, local, opened
from scanner.formats.text import html
from scanner.limits import MB, Budget
from scanner.model import About, Column, Location, Lost, Part, Reason, Segment

_CHAPTER = re.compile(r"\.(?:x?html?|xht)$", re.IGNORECASE)
_LOOKS = re.compile(r"\.(?:css|ttf|otf|woff2?|ncx|opf|js|smil|pls)$|(?:^|/)(?:mimetype|META-INF/.*)$", re.IGNORECASE)
_WHOLE = 64 * MB
_PEOPLE = {"creator": "author", "contributor": "contributor"}
_SAID = frozenset(("title", "description", "publisher", "subject", "rights", "identifier", *_PEOPLE))


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read each chapter as part=NAME;path=PLACE, in the order of the package."""
    with opened(stream, budget, "EPUB") as package:
        for name in package.names:
            if name.lower().endswith(".opf"):
                reader = _Properties()
                yield from package.events(name, reader)
                yield from reader.rest()
        chapters = [name for name in package.names if _CHAPTER.search(name)]
        for name in chapters:
            for part in _chapter(package, name):
                yield _within(part, Location.of(part=name))
        yield from package.children({*chapters, *(name for name in package.names if _LOOKS.search(name))})
        if not chapters:
            yield Lost("", Reason.DAMAGED, "no chapter could be found in this EPUB file")
        yield from package.losses()


def _chapter(package: Package, name: str) -> Iterator[Part]:
    data = b""
    try:
        for chunk in package.chunks(name):
            data += chunk
            if len(data) > _WHOLE:
                yield Lost("", Reason.LIMIT, f"only the first {_WHOLE // MB} MB of a chapter were read")
                break
    except BROKEN:
        package.damaged.setdefault(name, "cannot be unpacked")
    yield from html.page_parts(data[:_WHOLE])


def _within(part: Part, outer: Location) -> Part:
    """The same part, placed in its chapter."""
    if isinstance(part, Segment):
        pieces = tuple(replace(piece, where=Location(outer.steps + piece.where.steps)) for piece in part.pieces)
        return replace(part, where=Location(outer.steps + part.where.steps), pieces=pieces)
    if isinstance(part, Column):
        return replace(part, table=Location(outer.steps + part.table.steps))
    return part


class _Properties(Handler):
    """Title, people and date of the book."""

    def __init__(self) -> None:
        super().__init__()
        self._text: list[str] = []
        self._property = ""
        self._dates: dict[str, float] = {}

    def rest(self) -> Iterator[About]:
        """When it was last changed, or at least published."""
        for name in ("modified", "date"):
            if name in self._dates:
                yield About(content_date=self._dates[name])
                return

    def start(self, _name: str, attributes: dict[str, str]) -> None:
        self._text.clear()
        self._property = attributes.get("property", "")

    def characters(self, text: str) -> None:
        self._text.append(text)

    def end(self, name: str) -> None:
        own, text = local(name), "".join(self._text).strip()
        self._text.clear()
        when = own if own == "date" else self._property.rpartition(":")[2]
        if when in {"date", "modified"} and (date := iso_date(text)) is not None:
            self._dates[when] = date
        elif text and own in _SAID:
            label = _PEOPLE.get(own, own)
            role = "author" if own in _PEOPLE else ""
            where = Location.of(part="properties", property=own)
            self.parts.append(Segment(text, where, label=label, record=role and own, role=role))
