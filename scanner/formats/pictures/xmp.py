"""An XMP packet (of a PDF or a picture) goes in, its texts come out: who made it, what it is called, when."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from scanner.formats.content_dates import iso_date
from scanner.model import About, Location, Segment

_MOST = 1024 * 1024
_PEOPLE = frozenset(
    ("dc:creator", "pdf:Author", "tiff:Artist", "photoshop:CaptionWriter", "aux:OwnerName", "exifEX:CameraOwnerName")
)
_PREFIXES = frozenset(
    ("dc", "pdf", "photoshop", "Iptc4xmpCore", "Iptc4xmpExt", "xmpRights", "MPReg", "mwg-rs", "plus", "cc", "pdfx")
)
_MORE = frozenset(("tiff:Artist", "tiff:ImageDescription", "exif:UserComment", "aux:OwnerName"))
_TECHNICAL = frozenset(
    ("dc:format", "dc:Format", "dc:type", "dc:language", "pdf:Producer", "pdf:PDFVersion", "pdf:Trapped")
)
_PICTURE = ("photoshop:ColorMode", "photoshop:ICCProfile", "photoshop:Instructions", "photoshop:DateCreated")
_DATES = ("exif:DateTimeOriginal", "photoshop:DateCreated", "xmp:ModifyDate", "xmp:CreateDate")


@dataclass(slots=True)
class _Packet:
    """Properties met so far, and the open elements."""

    found: list[tuple[str, str]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.open.append(name)
        self.text = []
        for key, value in attributes.items():
            self._note(key, value)

    def end(self, _: str) -> None:
        name = next((name for name in reversed(self.open) if not name.startswith("rdf:")), "")
        self._note(name, "".join(self.text))
        self.text = []
        self.open.pop()

    def characters(self, text: str) -> None:
        self.text.append(text)

    def _note(self, name: str, value: str) -> None:
        if value.strip() and not name.startswith(("xmlns", "xml:", "rdf:", "x:")):
            self.found.append((name, value.strip()))


def read_xmp(packet: bytes) -> list[tuple[str, str]]:
    """("dc:creator", "Jo Field") and so on, in order; what stands before a damage."""
    kept = _Packet()
    parser = expat.ParserCreate()
    parser.StartElementHandler = kept.start
    parser.EndElementHandler = kept.end
    parser.CharacterDataHandler = kept.characters
    parser.EntityDeclHandler = _no_entities
    try:
        parser.Parse(packet[:_MOST].strip(b"\0 \r\n"), True)
    except expat.ExpatError:
        return kept.found
    return kept.found


def texts(properties: Iterable[tuple[str, str]], known: Iterable[str] = ()) -> Iterator[Segment]:
    """Who and what the properties name, each text once and none that is `known` already."""
    seen = {text.strip() for text in known}
    for name, text in properties:
        prefix = name.partition(":")[0]
        wanted = (prefix in _PREFIXES and name not in _TECHNICAL and name not in _PICTURE) or name in _MORE
        if not wanted or text in seen:
            continue
        seen.add(text)
        where = Location.of(part="properties", property=name)
        yield text_of(text, where, name.rpartition(":")[2], person=name in _PEOPLE)


def text_of(text: str, where: Location, label: str, person: bool) -> Segment:
    """One property; the one that names who made the thing is the author's."""
    if person:
        return Segment(text, where, label="author", record="properties", role="author")
    return Segment(text, where, label=label.lower())


def made(properties: Iterable[tuple[str, str]]) -> About | None:
    """When the content was made: a picture taken, a document last changed."""
    values: dict[str, str] = {}
    for name, text in properties:
        values.setdefault(name, text)
    for name in _DATES:
        if (moment := iso_date(values.get(name, ""))) is not None:
            return About(content_date=moment)
    return None


def _no_entities(*_: object) -> None:
    """An entity that is declared may grow without end."""
    raise expat.ExpatError("entities are not followed")
