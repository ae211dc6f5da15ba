"""What all sheets of an Excel workbook share goes in: its strings, also those that no cell shows, and its formats."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from scanner.formats.office.ooxml import Handler, Package, local
from scanner.formats.sheets.cells import Kind, kind_of_format
from scanner.formats.text.prose import Prose
from scanner.limits import MB
from scanner.model import Location, Lost, Reason, Segment

# Strings that a cell may ask for must all be in memory: beside its text each costs so much.
MOST_MEMORY = 1024 * MB
_EACH = 200


@dataclass(frozen=True, slots=True)
class Shared:
    """Strings by number as the cells write it, kinds of formats, and the day from which days are counted."""

    strings: dict[str, str]
    kinds: dict[str, Kind]
    since_1904: bool
    aids: tuple[str, ...] = ()
    left_out: int = 0  # strings that memory has no room for
    used: set[str] = field(default_factory=set)

    def text(self, number: str) -> str:
        """The string of this number, which a cell shows."""
        self.used.add(number)
        return self.strings.get(number, "")

    def unseen(self) -> Iterator[Segment | Lost]:
        """Strings that no cell shows (programs leave those of deleted cells), and how others are to be read aloud."""
        if self.left_out:
            yield Lost("", Reason.LIMIT, f"{self.left_out:,} of its shared strings have no room in memory")
        for part, texts in (
            ("strings", (text for number, text in self.strings.items() if number not in self.used)),
            ("aids", self.aids),
        ):
            prose = Prose(Location.of(part=part))
            for number, text in enumerate(texts, start=1):
                yield from prose.add(text, Location.of(part=part, number=number))
            yield from prose.rest()


def read_shared(package: Package, targets: dict[str, str], since_1904: bool) -> Shared:
    """Read the parts of strings and styles; `targets` are the workbook's relationships by kind."""
    strings, styles = _Strings(), _Styles()
    for kind, usual, handler in (
        ("sharedStrings", "xl/sharedStrings.xml", strings),
        ("styles", "xl/styles.xml", styles),
    ):
        name = targets.get(kind, usual)
        if name in package.names:
            for _ in package.events(name, handler):
                pass
    return Shared(strings.found, styles.kinds, since_1904, tuple(strings.aids), strings.left_out)


class _Strings(Handler):
    """The shared strings; reading aids for Chinese and Japanese (rPh) are kept apart."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.aids: list[str] = []
        self.left_out = 0
        self._room = MOST_MEMORY
        self._text: list[str] = []
        self._aid_text: list[str] = []
        self._into: list[str] | None = None
        self._aid = 0

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        own = local(name) if ":" in name else name
        self._into = (self._aid_text if self._aid else self._text) if own == "t" else None
        self._aid += own == "rPh"

    def characters(self, text: str) -> None:
        if self._into is not None:
            self._into.append(text)

    def end(self, name: str) -> None:
        own = local(name) if ":" in name else name
        self._into = None
        if own == "si":
            self._room -= _EACH + sum(map(len, self._text)) + sum(map(len, self._aid_text))
            if self._room > 0:
                self.found[str(len(self.found))] = "".join(self._text)
            else:
                self.left_out += 1
                self._aid_text.clear()
            self._text.clear()
            if self._aid_text:
                self.aids.append("".join(self._aid_text))
                self._aid_text.clear()
        elif own == "rPh":
            self._aid -= 1


class _Styles(Handler):
    """For each cell style, what its number format makes of a number."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds: dict[str, Kind] = {}
        self._codes: dict[str, str] = {}
        self._within = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        own = local(name)
        if own == "numFmt":
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif own == "cellXfs":
            self._within = True
        elif own == "xf" and self._within:
            number = attributes.get("numFmtId", "0")
            code = self._codes.get(number, "")
            self.kinds[str(len(self.kinds))] = kind_of_format(
                int(number) if number.isdigit() and not code else -1, code
            )

    def end(self, name: str) -> None:
        self._within = self._within and local(name) != "cellXfs"
