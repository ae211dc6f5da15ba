"""Texts go in, spans of British postal addresses come out: from the house to the postcode, or whole cells by label."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detectors.checksums import CHECKS
from detectors.labels import announced
from detectors.scoring import weigh
from detectors.types import Detector, DetectorOptions, Span, Text

ADDRESS = "ADDRESS"
WORDS = (
    "address", "addr", "live", "lives", "living at", "lived", "resident", "residence", "reside", "resides", "home",
    "deliver", "delivery", "post to", "moved", "moving to", "occupier", "tenant", "property", "registered office",
)  # fmt: skip
BACK = 220  # characters before the postcode in which the rest of its address stands
MOST_PIECES = 8

_POSTCODE = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{1,2}[0-9][A-Za-z0-9]?[ \u00a0]{0,2}[0-9][A-Za-z]{2}(?![A-Za-z0-9])", re.ASCII
)
_TYPES = (
    "street st road rd lane ln avenue ave av close cl drive dr crescent cres court ct gardens gdns grove"
    " terrace terr way place pl square sq hill park row mews walk rise view green parade wharf yard gate quay"
    " path embankment mount vale bank broadway boulevard esplanade promenade circus croft fold dene common"
    " heath meadow meadows parkway highway bridge estate arcade cottages villas buildings mansions chase mead"
    " lea garth fields orchard spinney paddock paddocks wynd brae loan approach bypass causeway copse dale"
    " down drove end field glade glen hollow keep knoll leys mall north south east west oval pasture ride"
    " ridge side spur strand track turn walks warren wood woodlands"
).replace(" ", "|")
_KINDS = (
    "cottage|house|farm|farmhouse|lodge|barn|villa|manor|rectory|vicarage|grange|hall|court|tower|towers|chambers|works"
    "|mansions|bungalow|centre|mill|point|building|buildings|heights"
)
_NUMBER = r"[0-9]{1,4}[A-Za-z]?(?: ?[-\u2013/&] ?[0-9]{1,4}[A-Za-z]?)?"
# "10 minutes walk", "20 people in the park": a number and a street word that are no address.
_NO_NAME = r"(?!(?:minutes?|mins?|people|miles|years?|days|hours?|weeks|months|am|pm|km|of)\b)"
_NAME = rf"(?:{_NO_NAME}[\w'\u2019.-]{{1,25}}[ \u00a0]{{1,2}})"
_STREET = re.compile(rf"(?<![\w.\-\u00a3$]){_NUMBER}[ \u00a0]{{1,2}}{_NAME}{{0,4}}?(?:{_TYPES})\b\.?", re.IGNORECASE)
_BARE_STREET = re.compile(rf"(?:the )?{_NAME}{{1,4}}?(?:{_TYPES})\b\.?", re.IGNORECASE)
_BOX = re.compile(r"\b(?:p\.? ?o\.? ?box|gpo box|bfpo) ?[0-9]{1,6}\b", re.IGNORECASE)
_FLAT = re.compile(
    r"(?:\b(?:flat|unit|apartment|apt|suite|room|studio|block|plot|caravan|maisonette)\.? ?(?:no\.? ?)?[\w/-]{1,6}"
    r"|\b(?:basement|ground|first|second|third|top|garden|[0-9]{1,2}(?:st|nd|rd|th)) (?:floor|flat)(?: flat)?)\s*\Z",
    re.IGNORECASE,
)
_HOUSE = re.compile(rf"(?:\b[A-Z][\w'\u2019-]{{0,20}} ){{1,4}}(?:{_KINDS}|{_KINDS.upper()}|{_KINDS.title()})\s*\Z")
_CARE_OF = re.compile(r"\bc/o [^\d,\n]{2,40}\Z", re.IGNORECASE)
_LABEL = re.compile(
    r"\s*(?:home |postal |billing |delivery )?(?:address(?: ?line)? ?[0-9]?|street|town|city|county|post ?code|locality"
    r"|town/city|region|country)\s*[:=]\s*",
    re.IGNORECASE,
)
_PLACE = re.compile(r"[^\W\d_][\w'\u2019.& -]{1,40}", re.UNICODE)
_NUMBERED = re.compile(r"(?<![\w.])[0-9]{1,5}[A-Za-z]?(?![\w.])")
_LETTERS = re.compile(r"[^\W\d_]{3}")
_BREAK = re.compile(r"[,;\n\r\t|]+")


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands between two commas or line ends: its offsets in the text, without a label such as `Town:`."""

    start: int
    end: int
    written: str


@dataclass(frozen=True, slots=True)
class _Found:
    """The start of an address, how it was known, and its pieces in order."""

    start: int
    form: str
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AddressDetector:
    """Finds addresses that end in a postcode, and cells under a label of addresses."""

    name: str = "addresses"
    entity_types: tuple[str, ...] = (ADDRESS,)

    def detect(self, texts: Sequence[Text]) -> Iterator[list[Span]]:
        """One list of spans for each text."""
        for text in texts:
            spans = [] if ADDRESS in announced(text.label).excluded else list(self._anchored(text))
            cell = self._cell(text)
            yield [cell] if cell else spans

    def _anchored(self, text: Text) -> Iterator[Span]:
        last = 0
        for match in _POSTCODE.finditer(text.text):
            if not CHECKS["postcode"].passes(match.group()):
                continue
            found = _walk_back(text.text, max(last, match.start() - BACK), match.start())
            if found:
                value = address_value((*found.pieces, _spaced(match.group())))
                yield self._span(text, found.start, match.end(), found.form, value)
            last = match.end()

    def _cell(self, text: Text) -> Span | None:
        """The whole value under a label of addresses, when it has anything of an address besides the label."""
        body = text.text.strip()
        if not 5 <= len(body) <= BACK or ADDRESS not in announced(text.label).expected or "@" in body:
            return None
        postcode = next((one for one in _POSTCODE.finditer(body) if CHECKS["postcode"].passes(one.group())), None)
        rest = body.replace(postcode.group(), "") if postcode else body
        if postcode and not _LETTERS.search(rest):
            return None  # a postcode alone is found as one
        numbered = _NUMBERED.search(body) and _LETTERS.search(body)  # "Avenida Noruega 42": the label says the rest
        if not (postcode or numbered or _BOX.search(body) or _named(body)):
            return None
        start = len(text.text) - len(text.text.lstrip())
        value = body.replace(postcode.group(), _spaced(postcode.group())) if postcode else body
        return self._span(text, start, start + len(body), "a cell of addresses", address_value((value,)))

    def _span(self, text: Text, start: int, end: int, form: str, value: str) -> Span:
        score, evidence = weigh(
            ADDRESS, _BASE[form], text, start, end, words=WORDS, pattern=form,
            validator="" if form == "a cell of addresses" else "postcode area",
        )  # fmt: skip
        return Span(ADDRESS, start, end, score, self.name, form, value, evidence)


_BASE = {
    "number, street and postcode": 0.8,
    "box and postcode": 0.7,
    "house and postcode": 0.65,
    "street and postcode": 0.55,
    "a cell of addresses": 0.5,
}


def _named(body: str) -> bool:
    """A street without a number, a flat or a named house, on a piece of its own."""
    return any(
        _BARE_STREET.fullmatch(piece) or _FLAT.search(piece) or _HOUSE.search(piece)
        for piece in map(str.strip, _BREAK.split(body))
    )


def _walk_back(text: str, low: int, postcode: int) -> _Found | None:
    """Read piece by piece from the postcode towards its house; None when there is no street, box or house."""
    found: _Found | None = None
    behind: list[str] = []  # the pieces read so far, the last one first
    for piece in _pieces_back(text, low, postcode):
        step = _step(piece, found, behind)
        if step is None:
            # Places may stand between street and postcode; in front of the house they belong to something else.
            if found or not _is_place(piece.written):
                return found
        else:
            found = step
        behind.append(piece.written)
        if len(behind) > MOST_PIECES:
            return found
    return found


def _step(piece: _Piece, found: _Found | None, behind: Sequence[str]) -> _Found | None:
    """The address when this piece is taken into it; None when the piece adds nothing that starts an address."""
    written, rest = piece.written, tuple(reversed(behind))
    if found is None or found.form != "number, street and postcode":
        for pattern, form in ((_STREET, "number, street and postcode"), (_BOX, "box and postcode")):
            *_, match = (None, *pattern.finditer(written))
            if match and _is_places(written[match.end() :]):
                start = match.start()
                inner = _FLAT.search(written[:start].rstrip(" ,")) if form.startswith("number") else None
                start = inner.start() if inner else start
                return _Found(piece.start + start, form, (written[start:], *rest))
    if found and found.form == "street and postcode" and re.fullmatch(_NUMBER, written):
        return _Found(piece.start, "number, street and postcode", (written, *rest))
    for pattern in (_FLAT, _HOUSE, _CARE_OF):
        front = pattern.search(written)
        if front and (found or pattern is not _CARE_OF):
            form = found.form if found and found.form.startswith("number") else "house and postcode"
            return _Found(piece.start + front.start(), form, (written[front.start() :], *rest))
    if found is None and _BARE_STREET.fullmatch(written) and written[:1].isupper():
        return _Found(piece.start, "street and postcode", (written, *rest))
    return None


def _pieces_back(text: str, low: int, high: int) -> Iterator[_Piece]:
    """The pieces of `text[low:high]`, the last one first; a blank line ends an address."""
    blank = max(text.rfind("\n\n", low, high), text.rfind("\n\r\n", low, high))
    low = max(low, blank + 1)
    borders = [low, *(edge for match in _BREAK.finditer(text, low, high) for edge in match.span()), high]
    for start, end in reversed(list(zip(borders[::2], borders[1::2], strict=True))):
        label = _LABEL.match(text, start, end)
        begin = label.end() if label else start
        written = text[begin:end].rstrip(" .\u00a0")
        lead = len(written) - len(written.lstrip())
        if written.strip():
            yield _Piece(begin + lead, begin + len(written), written.strip())


def _is_places(rest: str) -> bool:
    """What follows the street on its own piece: nothing, or a town."""
    rest = rest.strip(" .,")
    return not rest or _is_place(rest)


def _is_place(written: str) -> bool:
    """A town, district or county: up to five words, none of them a number; a capital somewhere unless all is small."""
    if not _PLACE.fullmatch(written) or len(written.split()) > 5:
        return False
    words = [word for word in written.split() if len(word) > 3]
    return all(word[0].isupper() for word in words) or written.islower()


def _spaced(postcode: str) -> str:
    whole = "".join(postcode.split()).upper()
    return f"{whole[:-3]} {whole[-3:]}"


def address_value(pieces: Sequence[str]) -> str:
    """Upper case, single blanks, no commas or full stops, the postcode in two: one form for all layouts."""
    whole = " ".join(re.sub(r"[,.;|]", " ", " ".join(pieces)).split()).upper()
    return _POSTCODE.sub(
        lambda one: _spaced(one.group()) if CHECKS["postcode"].passes(one.group()) else one.group(), whole
    )


def load(options: DetectorOptions) -> list[Detector]:
    """The detector of addresses; it has no settings."""
    del options
    return [AddressDetector()]
