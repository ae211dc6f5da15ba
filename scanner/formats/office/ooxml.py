"""The zip package of an Office file goes in; its parts as charged streams of XML events, its members come out."""

import codecs
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import IO
from urllib.parse import unquote
from xml.parsers import expat

from scanner.formats import formats
from scanner.formats.content_dates import iso_date
from scanner.limits import Budget
from scanner.model import About, Child, Location, Lost, Part, Reason, Segment, Skip
from scanner.sniff import media_type

_CHUNK = 256 * 1024
_DECLARED = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z0-9_.:-]+)")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)

# Members that hold no text of a person: looks, fonts, settings of printers, computed things.
_LOOKS = re.compile(
    r"(?:^|/)(?:\[Content_Types\]\.xml|theme/.*|styles\w*\.xml|stylesWithEffects\.xml|settings\.xml|webSettings\.xml"
    r"|fontTable\.xml|numbering\.xml|calcChain\.xml|metadata\.xml|volatileDependencies\.xml|printerSettings\d*\.bin"
    r"|thumbnail\.\w+|fonts/.*|(?:style|colors)\d+\.xml|itemProps\d*\.xml|tables/.*|mimetype|persons?/.*|.*\.rels"
    r"|activeX\d*\.bin|_xmlsignatures/.*)$",
    re.IGNORECASE,
)
PICTURES = re.compile(r"\.(?:png|jpe?g|gif|bmp|tiff?|emf|wmf|svg|wdp|webp|ico)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a relationship leads: a member of the package, or something outside it."""

    kind: str
    target: str
    outside: bool


class Package:
    """An open Office package. Everything that is read through it is charged to the budget."""

    def __init__(self, archive: zipfile.ZipFile, budget: Budget) -> None:
        self._archive = archive
        self._budget = budget
        self.names = dict.fromkeys(name for name in archive.namelist() if name and not name.endswith("/"))
        self.damaged: dict[str, str] = {}

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a member, charged as they come."""
        with self._archive.open(name) as stream:
            while data := stream.read(_CHUNK):
                self._budget.charge_bytes(len(data))
                yield data

    def events(self, name: str, handler: "Handler") -> Iterator[Part]:
        """Feed a member to a handler and give what it makes. A damaged member is noted, what came before it stays."""
        parser = expat.ParserCreate(self._encoding(name))
        parser.buffer_text = True
        parser.StartElementHandler = handler.start
        parser.EndElementHandler = handler.end
        parser.CharacterDataHandler = handler.characters

        # Entities have no place in an Office file: they are not expanded, and the part is reported.
        def doctype(_name: str, _system: str | None, _public: str | None, internal: bool) -> None:
            if internal:
                self.damaged.setdefault(name, "holds a document type definition")

        parser.StartDoctypeDeclHandler = doctype
        parser.SkippedEntityHandler = lambda *_: self.damaged.setdefault(name, "uses entities that are not known")
        parser.DefaultHandler = lambda _: None
        parser.UseForeignDTD(True)
        parser.ExternalEntityRefHandler = lambda *_: 1
        try:
            for data in self.chunks(name):
                parser.Parse(data, False)
                yield from handler.drain()
            parser.Parse(b"", True)
        except (expat.ExpatError, *BROKEN) as error:
            parser.buffer_text = False  # hands over the text that was held back
            what = "is not valid XML" if isinstance(error, expat.ExpatError) else "cannot be unpacked"
            self.damaged.setdefault(name, f"{what} from line {parser.CurrentLineNumber} on")
        yield from handler.drain()

    def _encoding(self, name: str) -> str | None:
        """UTF-8 for a part that declares an encoding that does not exist, else nothing: expat knows by itself."""
        try:
            with self._archive.open(name) as stream:
                found = _DECLARED.search(stream.read(200))
            codecs.lookup(found[1].decode("ascii") if found else "utf-8")
        except LookupError:
            return "utf-8"
        except BROKEN:
            pass  # reading the part tells of it
        return None

    def relations(self, name: str) -> dict[str, Target]:
        """Relationships of a member ("" = of the package): id -> target."""
        folder, _, own = name.rpartition("/")
        rels = posixpath.join(folder, "_rels", f"{own}.rels")
        if rels not in self.names:
            return {}
        handler = _Relations(folder)
        for _ in self.events(rels, handler):
            pass
        return handler.found

    def children(self, read: set[str]) -> Iterator[Part]:
        """Embedded files as members of their own: whatever was not read, is no picture and not just looks."""
        for name in self.names:
            if name in read or _LOOKS.search(name) or (PICTURES.search(name) and not self._is_readable(name)):
                continue
            self._budget.charge_member()
            try:
                self._archive.open(name).close()
            except BROKEN:
                yield Lost(name, Reason.DAMAGED, "this embedded file cannot be unpacked")
            else:
                yield Child(name, partial(self._archive.open, name), self._archive.getinfo(name).file_size)

    def pictures(self) -> int:
        """How many pictures the file holds that nothing here reads."""
        return sum(
            bool(PICTURES.search(name)) and "thumbnail" not in name.lower() and not self._is_readable(name)
            for name in self.names
        )

    def _is_readable(self, picture: str) -> bool:
        """Whether there is a reader for this picture; the small view of the first page is a copy of it."""
        if "thumbnail" in picture.lower():
            return False
        try:
            with self._archive.open(picture) as stream:
                kind = media_type(stream.read(1024), picture)
        except BROKEN:
            return False
        return kind in formats() and kind.startswith(("image/", "application/xml"))  # SVG is XML

    def losses(self) -> Iterator[Lost]:
        """What could not be read, one row for each damaged part."""
        for name, why in self.damaged.items():
            yield Lost("", Reason.DAMAGED, f"part {name} {why}; it was read as far as possible")


@contextmanager
def opened(stream: IO[bytes], budget: Budget, what: str) -> Iterator[Package]:
    """Open an Office file; raises Skip when it is locked by a password or no zip."""
    head = stream.read(8)
    stream.seek(0)
    if head == _OLE:
        raise Skip(
            Reason.ENCRYPTED, f"this {what} file is locked with a password; save a copy without it and scan again"
        )
    if not head:
        raise Skip(Reason.DAMAGED, f"this {what} file is empty")
    try:
        archive = zipfile.ZipFile(stream)
    except BROKEN as error:
        raise Skip(Reason.DAMAGED, f"this {what} file is damaged: its list of contents cannot be read") from error
    with archive:
        if len(archive.infolist()) > budget.limits.max_members:
            raise Skip(Reason.LIMIT, f"more than {budget.limits.max_members} members")
        if any(info.flag_bits & 1 for info in archive.infolist()):
            raise Skip(Reason.ENCRYPTED, f"this {what} file is locked with a password")
        yield Package(archive, budget)


class Handler:
    """What a part's reader must have; names come without their prefix."""

    def __init__(self) -> None:
        self.parts: list[Part] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def characters(self, text: str) -> None:
        """Text within the innermost open element."""

    def drain(self) -> Iterator[Part]:
        """What has come together since the last call."""
        parts, self.parts = self.parts, []
        yield from parts


def local(name: str) -> str:
    """The name of an element or attribute without its prefix: files use any, and two namespaces mean the same."""
    return name.rpartition(":")[2] if ":" in name else name


class _Relations(Handler):
    def __init__(self, folder: str) -> None:
        super().__init__()
        self._folder = folder
        self.found: dict[str, Target] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) != "Relationship":
            return
        target = attributes.get("Target", "")
        outside = attributes.get("TargetMode") == "External"
        if not outside:
            target = posixpath.normpath(posixpath.join("/", self._folder, unquote(target))).lstrip("/")
        kind = attributes.get("Type", "").rpartition("/")[2]
        self.found[attributes.get("Id", "")] = Target(kind, target, outside)


class Leaves(Handler):
    """Every text of a part that has no better reader, and the attributes named: charts, caches, custom data."""

    def __init__(self, where: Location, attributes: tuple[str, ...] = (), separate: bool = True) -> None:
        super().__init__()
        self._where = where
        self._wanted = attributes
        self._text: list[str] = []
        self._separate = separate
        self.letters = 0
        self.lines: list[str] = []

    def start(self, _name: str, attributes: dict[str, str]) -> None:
        self.lines += [attributes[wanted] for wanted in self._wanted if attributes.get(wanted)]

    def characters(self, text: str) -> None:
        self._text.append(text)
        self.letters += len(text)

    def end(self, name: str) -> None:
        # The runs of a paragraph belong together: a value may change its looks in the middle.
        if self._text and (self._separate or local(name) in {"p", "text", "si"}):
            self.lines.append("".join(self._text))
            self._text.clear()

    def drain(self) -> Iterator[Part]:
        if self.lines and sum(map(len, self.lines)) > _CHUNK:
            yield from self._collected()

    def rest(self) -> Iterator[Segment]:
        """The lines collected so far as one segment, with text of a paragraph that never ended."""
        if self._text:
            self.lines.append("".join(self._text))
            self._text.clear()
        yield from self._collected()

    def _collected(self) -> Iterator[Segment]:
        text = "\n".join(line for line in self.lines if line.strip())
        self.lines.clear()
        if text:
            yield Segment(text, self._where)


_PEOPLE = {"creator": "author", "lastModifiedBy": "last modified by", "Manager": "manager"}


_PROPERTIES_WITHOUT_PEOPLE = (
    "Application AppVersion DocSecurity Template TotalTime Pages Words Characters Lines Paragraphs created modified "
    "ScaleCrop LinksUpToDate SharedDoc HyperlinksChanged CharactersWithSpaces revision lastPrinted HLinks HeadingPairs "
    "TitlesOfParts language PresentationFormat Slides Notes HiddenSlides MMClips"
)
_SKIPPED = frozenset(_PROPERTIES_WITHOUT_PEOPLE.split())


class _Properties(Handler):
    """Document properties as labelled segments; the people named in them get their role."""

    def __init__(self) -> None:
        super().__init__()
        self._name = ""
        self._text: list[str] = []
        self._open: list[str] = []
        self._dates: dict[str, float] = {}

    def rest(self) -> Iterator[About]:
        """When the document was last changed, or at least made."""
        for name in ("modified", "created"):
            if name in self._dates:
                yield About(content_date=self._dates[name])
                return

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._open.append(local(name))
        self._text.clear()
        if local(name) == "property":
            self._name = attributes.get("name", "")

    def characters(self, text: str) -> None:
        self._text.append(text)

    def end(self, _name: str) -> None:
        own = self._open.pop()
        text = "".join(self._text).strip()
        self._text.clear()
        if own in {"created", "modified"} and (when := iso_date(text)) is not None:
            self._dates[own] = when
        if not text or _SKIPPED & {own, *self._open}:
            return
        custom = "property" in self._open
        label = self._name if custom else own
        role = "author" if own in _PEOPLE else ""
        where = Location.of(part="properties", property=label)
        self.parts.append(Segment(text, where, label=_PEOPLE.get(label, label), record=role and label, role=role))


def properties(package: Package) -> Iterator[Part]:
    """Author, title, company and the like."""
    for name in ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml"):
        if name in package.names:
            reader = _Properties()
            yield from package.events(name, reader)
            yield from reader.rest()


def links(package: Package, name: str, where: Location) -> Iterator[Segment]:
    """Addresses that the links of a part lead to: mail, telephone, and web addresses that hold a mail address."""
    seen = dict.fromkeys(
        unquote(found.target) for found in package.relations(name).values() if found.outside and found.target
    )
    wanted = [link for link in seen if "@" in link or link.lower().startswith(("tel:", "sms:", "callto:"))]
    if wanted:
        yield Segment("\n".join(wanted), where.then(link="target"))
