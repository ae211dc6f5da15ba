"""A PowerPoint file of 1997 to 2003 (PPT) goes in; its slides, notes, comments, links and embedded files come out."""

import io
import re
import struct
import zlib
from collections.abc import Iterator
from functools import partial
from typing import IO

from scanner.formats.office.ole import Box, opened
from scanner.formats.office.ole_storage import macros
from scanner.formats.pictures import blips
from scanner.formats.text.prose import Prose
from scanner.formats.unlock import unlocked
from scanner.limits import Budget
from scanner.model import About, Child, Location, Lost, Part, Reason, Segment, Skip

# Types of records ([MS-PPT] 2.13.24).
_DOCUMENT, _SLIDE, _NOTES, _MASTER, _HANDOUT = 0x03E8, 0x03EE, 0x03F0, 0x03F8, 0x0FC9
_LIST, _LISTED = 0x0FF0, 0x03F3
_WIDE, _NARROW, _STRING = 0x0FA0, 0x0FA8, 0x0FBA
_EDIT, _PERSIST = 0x0FF5, 0x1772
_COMMENT, _LINK, _OBJECT = 0x2EE0, 0x0FD7, 0x1011
_PLACES = {_SLIDE: "slide", _NOTES: "notes", _MASTER: "master", _HANDOUT: "handout"}
_DEEPEST = 40
_LOCKED = 0xF3D1C4DF  # what the Current User stream begins with when the file is locked
_PROMPT = re.compile(r"\*|Click to edit|(?:Second|Third|Fourth|Fifth) level", re.IGNORECASE)
# Names of looks, fonts and programs stand in strings, too: below these records nobody's words are found.
_TECHNICAL = frozenset((0x0407, 0x0FF2, 0x07D5, 0x07F0, 0x0FB7, 0x1388, 0x138A, 0x0FCC, 0x0FCE, 0x0FC1, 0x0FC3))
_ADDRESS = re.compile(r"@|mailto:|tel:", re.IGNORECASE)


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read all slides as slide=N;para=N with their notes; raises Skip(encrypted) for a locked one."""
    with opened(stream, budget, "PowerPoint") as box:
        line = None
        if box.read("Current User")[12:16] == _LOCKED.to_bytes(4, "little"):
            plain, line = unlocked(stream, budget)
        else:
            yield from _parts(box, budget)
            return
    if line is not None:
        yield About(password_line=line)
    with opened(plain, budget, "PowerPoint") as box:
        yield from _parts(box, budget)


def _parts(box: Box, budget: Budget) -> Iterator[Part]:
    data = box.read("PowerPoint Document")
    if not data:
        old = " of before 1997; save it as PPTX and scan again" if box.has("PP40") else ""
        raise Skip(
            Reason.UNSUPPORTED if old else Reason.DAMAGED, f"no slides can be found in this PowerPoint file{old}"
        )
    show = _Show(data, budget)
    yield from show.read(_edit_offset(box))
    yield from box.properties()
    yield from macros(box)
    shown = box.read("Pictures")
    offered = 0
    for member in blips.members(shown, budget):
        offered += 1
        yield member
    if not offered and not show.letters and shown:
        yield Lost("", Reason.NEEDS_OCR, "no text, only pictures: they may be scanned pages")
    if show.damaged:
        yield Lost("", Reason.DAMAGED, "some records of this PowerPoint file are broken; the rest was read")
    yield from box.losses()


def _edit_offset(box: Box) -> int:
    current = box.read("Current User")
    return int.from_bytes(current[16:20], "little") if len(current) >= 20 else 0


class _Show:
    """The records of the main stream. Only what the last saved state refers to is read; earlier states lie about."""

    def __init__(self, data: bytes, budget: Budget) -> None:
        self._data = data
        self._budget = budget
        self._seen: set[int] = set()
        self._numbers: dict[int, tuple[str, int]] = {}
        self._prose = Prose()
        self._paragraphs = 0
        self.letters = 0
        self.damaged = False

    def read(self, edit: int) -> Iterator[Part]:
        """All parts, by the directory that the last edit left, or by all records when that is lost."""
        places = self._directory(edit)
        tops = sorted(places.items()) or [(0, at) for at in self._tops()]
        documents = [at for _, at in tops if self._type(at) == _DOCUMENT]
        for at in documents:
            yield from self._document(at)
        counted = dict.fromkeys(_PLACES.values(), 0)
        for key, at in tops:
            kind = self._type(at)
            if kind in _PLACES:
                name = _PLACES[kind]
                counted[name] += 1
                listed, number = self._numbers.get(key, (name, counted[name]))
                yield from self._texts(at, Location.of(**{listed: number}))
            elif kind == _OBJECT:
                yield from self._object(at)
        yield from self._prose.rest()

    def _head(self, at: int) -> tuple[int, int, int, int]:
        """Version, instance, type and end of the record at a place; type 0 where there is none."""
        if at < 0 or at + 8 > len(self._data):
            return 0, 0, 0, at
        mixed, kind, size = struct.unpack_from("<HHL", self._data, at)
        return mixed & 0xF, mixed >> 4, kind, at + 8 + size

    def _type(self, at: int) -> int:
        return self._head(at)[2]

    def _tops(self) -> Iterator[int]:
        at = 0
        while at + 8 <= len(self._data):
            yield at
            at = self._head(at)[3]

    def _directory(self, edit: int) -> dict[int, int]:
        """Number of an object -> where it stands; later edits come first and win."""
        places: dict[int, int] = {}
        while edit not in self._seen and self._type(edit) == _EDIT:
            self._seen.add(edit)
            edit_before, directory = struct.unpack_from("<LL", self._data.ljust(edit + 32, b"\0"), edit + 16)
            _, _, kind, end = self._head(directory)
            at = directory + 8
            while kind == _PERSIST and at + 4 <= min(end, len(self._data)):
                (mixed,) = struct.unpack_from("<L", self._data, at)
                first, count = mixed & 0xFFFFF, mixed >> 20
                at += 4
                count = min(count, (min(end, len(self._data)) - at) // 4)
                for index, place in enumerate(struct.unpack_from(f"<{count}L", self._data, at)):
                    places.setdefault(first + index, place)
                at += count * 4
            edit = edit_before
        self._seen.clear()
        return {key: at for key, at in places.items() if self._type(at)}

    def _records(self, at: int, depth: int = 0) -> Iterator[tuple[int, int, bytes]]:
        """(type, instance, content) of all records within one, in their order; containers come with b""."""
        _, _, _, end = self._head(at)
        if end > len(self._data):
            self.damaged = True
        end = min(end, len(self._data))
        at += 8
        while at + 8 <= end:
            version, instance, kind, after = self._head(at)
            if version == 0xF and kind not in _TECHNICAL and depth < _DEEPEST:
                yield kind, instance, b""
                yield from self._records(at, depth + 1)
            elif version != 0xF:
                yield kind, instance, self._data[at + 8 : min(after, end)]
            at = after

    def _document(self, at: int) -> Iterator[Part]:
        """The order of the slides, the outline with its texts, links, and names of custom shows."""
        if at in self._seen:
            return
        self._seen.add(at)
        names = {0: "slide", 1: "master", 2: "notes"}
        listing, number, where = 0, 0, Location.of(part="document")
        inside = False
        for kind, instance, content in self._records(at):
            if kind == _LIST:
                listing, number, inside = instance, 0, True
            elif kind == _LISTED and inside and len(content) >= 4:
                number += 1
                name = names.get(listing, "slide")
                self._numbers[int.from_bytes(content[:4], "little")] = (name, number)
                where = Location.of(**{name: number}).then(part="outline")
                self._paragraphs = 0
            elif kind in {_WIDE, _NARROW}:
                yield from self._text(kind, content, where)
            elif kind == _STRING and _ADDRESS.search(text := content.decode("utf-16-le", "replace")):
                yield from self._prose.add(text, Location.of(part="links"))
            elif kind == _STRING and instance in {1, 2} and not inside:  # header and footer of all pages
                yield from self._prose.add(content.decode("utf-16-le", "replace"), Location.of(part="footers"))

    def _texts(self, at: int, where: Location) -> Iterator[Part]:
        if at in self._seen:
            return
        self._seen.add(at)
        self._paragraphs = comments = 0
        footers = {0: "date", 1: "header", 2: "footer"}
        for kind, instance, content in self._records(at):
            if kind == _COMMENT:
                comments += 1
            elif kind in {_WIDE, _NARROW}:
                yield from self._text(kind, content, where)
            elif kind == _STRING and comments:
                # Author, text and initials of a comment.
                text = content.decode("utf-16-le", "replace").strip("\0")
                place = where.then(comment=comments)
                if instance == 0 and text:
                    yield Segment(text, place.then(author=1), label="author", record=str(place), role="author")
                elif instance == 1:
                    yield Segment(text, place, label="comment")
            elif kind == _STRING and instance in footers:
                text = content.decode("utf-16-le", "replace").strip("\0")
                if not text.startswith("___PPT"):
                    yield from self._prose.add(text, where.then(part=footers[instance]))

    def _text(self, kind: int, content: bytes, where: Location) -> Iterator[Part]:
        text = content.decode("utf-16-le" if kind == _WIDE else "latin-1", "replace")
        prompts = where.steps[0][0] != "slide"
        for line in re.split(r"[\r\n]", text.replace("\x0b", "\n")):
            self._paragraphs += 1
            if not prompts or not _PROMPT.match(line):
                self.letters += len(line.strip())
                yield from self._prose.add(line, where.then(para=self._paragraphs))

    def _object(self, at: int) -> Iterator[Part]:
        """An embedded file, packed or not."""
        _, instance, _, end = self._head(at)
        content = self._data[at + 8 : end]
        if instance == 1:
            packer = zlib.decompressobj()
            try:
                content = packer.decompress(content[4:], 64 * 1024 * 1024)
            except zlib.error:
                yield Lost(f"object{at}", Reason.DAMAGED, "this embedded file cannot be unpacked")
                return
            self._budget.charge_bytes(len(content))
            if packer.unconsumed_tail:
                yield Lost(f"object{at}", Reason.LIMIT, "this embedded file is larger than 64 MB")
                return
        self._budget.charge_member()
        if content:
            yield Child(f"object{at}", partial(io.BytesIO, content), len(content))
