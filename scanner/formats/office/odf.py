"""An OpenDocument file goes in; its text, slides, sheets, notes, comments, changes, properties and objects come out."""

import re
from collections.abc import Iterator
from typing import IO

from scanner.formats.content_dates import iso_date
from scanner.formats.office.odf_body import Body
from scanner.formats.office.odf_unlock import Manifest, unlocked
from scanner.formats.office.ooxml import Handler, Package, local, opened
from scanner.limits import Budget
from scanner.model import About, Location, Lost, Part, Reason, Segment

# Parts of the document itself and of the objects in it (Object 1/content.xml): what holds text, and what does not.
_TEXTS = re.compile(r"(?:^|/)(?:content|styles)\.xml$")
_LOOKS = re.compile(
    r"(?:^|/)(?:settings\.xml|manifest\.rdf|layout-cache|mimetype|meta\.xml)$|(?:^|/)(?:META-INF|Configurations2|Thumbnails"
    r"|ObjectReplacements)/",
    re.IGNORECASE,
)
_PEOPLE = {"creator": "last modified by", "initial-creator": "author", "printed-by": "printed by"}
_PLAIN = frozenset(("title", "subject", "description", "keyword", "user-defined", *_PEOPLE))


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read every part: part=NAME;para=N, slide=N;para=N or sheet=NAME;row=N;col=N."""
    with opened(stream, budget, "OpenDocument") as package:
        if (manifest := _manifest(package)).locked:
            plain, line, lost = unlocked(package, manifest, budget)
            yield About(password_line=line)
            for name in lost:
                yield Lost("", Reason.DAMAGED, f"part {name} is not opened by the password that opens the others")
            yield from extract(plain, budget)
            return
        texts = sorted((name for name in package.names if _TEXTS.search(name)), key=_order)
        letters = 0
        for name in texts:
            body = Body(_where(name))
            yield from package.events(name, body)
            yield from body.rest()
            letters += body.letters
        yield from properties(package)
        if not letters and package.pictures():
            yield Lost("", Reason.NEEDS_OCR, f"no text, only {package.pictures()} pictures: it may be a scanned letter")
        looks = {name for name in package.names if _LOOKS.search(name)}
        yield from package.children({*texts, *looks})
        if "content.xml" not in package.names:
            yield Lost("", Reason.DAMAGED, "the document itself is missing in this OpenDocument file")
        yield from package.losses()


def _order(name: str) -> tuple[int, str]:
    return ("content.xml", "styles.xml").index(name) if name.count("/") == 0 else 2, name


def _where(name: str) -> Location:
    """The document itself needs no part name in the places of its sheets and slides; headers and objects have one."""
    folder, _, own = name.rpartition("/")
    own = own.removesuffix(".xml")
    return Location.of(part=f"{folder}/{own}" if folder else own)


def _manifest(package: Package) -> Manifest:
    manifest = Manifest()
    if "META-INF/manifest.xml" in package.names:
        for _ in package.events("META-INF/manifest.xml", manifest):
            pass
        package.damaged.pop("META-INF/manifest.xml", None)  # no text of the document
    return manifest


def properties(package: Package) -> Iterator[Part]:
    """Author, title and the like of a document, from its meta.xml, and its date."""
    if "meta.xml" in package.names:
        reader = _Properties()
        yield from package.events("meta.xml", reader)
        yield from reader.rest()


class _Properties(Handler):
    def __init__(self) -> None:
        super().__init__()
        self._label = ""
        self._text: list[str] = []
        self._dates: dict[str, float] = {}

    def rest(self) -> Iterator[About]:
        """When the document was last changed, or at least made."""
        for name in ("date", "creation-date"):
            if name in self._dates:
                yield About(content_date=self._dates[name])
                return

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._text.clear()
        self._label = next((value for key, value in attributes.items() if local(key) == "name"), "") or local(name)

    def characters(self, text: str) -> None:
        self._text.append(text)

    def end(self, name: str) -> None:
        own, text = local(name), "".join(self._text).strip()
        self._text.clear()
        if own in {"date", "creation-date"} and (when := iso_date(text)) is not None:
            self._dates.setdefault(own, when)
        if not text or own not in _PLAIN:
            return
        label = _PEOPLE.get(own, self._label)
        role = "author" if own in _PEOPLE else ""
        where = Location.of(part="properties", property=self._label)
        self.parts.append(Segment(text, where, label=label, record=role and own, role=role))
