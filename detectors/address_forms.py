"""A text and the place of a postcode go in, the address in front of it comes out, read piece by piece."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from detectors.checksums import CHECKS

MOST_PIECES = 8

POSTCODE = re.compile(
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
    "|mansions|bungalow|centre|mill|point|building|buildings|heights|steading|steadings|schoolhouse|bothy|smithy|manse"
)
_NUMBER = r"[0-9]{1,4}[A-Za-z]?(?: ?[-\u2013/&] ?[0-9]{1,4}[A-Za-z]?)?"
# "10 minutes walk", "20 people in the park": a number and a street word that are no address.
_NO_NAME = r"(?!(?:minutes?|mins?|people|miles|years?|days|hours?|weeks|months|am|pm|km|of)\b)"
_NAME = rf"(?:{_NO_NAME}[\w'\u2019.-]{{1,25}}[ \u00a0]{{1,2}})"
_STREET = re.compile(rf"(?<![\w.\-\u00a3$]){_NUMBER}[ \u00a0]{{1,2}}{_NAME}{{0,4}}?(?:{_TYPES})\b\.?", re.IGNORECASE)
# In prose, without a postcode to hold on to: every word of the street has its capital.
OPEN_STREET = re.compile(
    rf"(?:(?:[Ff]lat|[Uu]nit|[Aa]partment) [0-9]{{1,4}}[A-Za-z]?,? )?(?<![\w.\-\u00a3$]){_NUMBER}[ \u00a0]"
    rf"(?:[A-Z][\w'\u2019.-]{{1,25}}[ \u00a0]){{1,3}}(?:{_TYPES.title()})\b\.?"
)
_NO_STREET_WORD = r"(?!(?:bed|bedrooms?|rooms?|stars?|different|more|other|such|or|and|to|in|of)\b)"
# In small letters only right behind words that leave no doubt: "i live at 22 kingsway gardens, hull".
SAID_STREET = re.compile(
    rf"\b(?:(?:live[sd]?|living|resid(?:e[sd]?|ing)|staying) at|address(?: is|:)|moved (?:in)?to|home is) "
    rf"(?P<street>(?:(?:flat|unit|apartment) [0-9]{{1,4}}[a-z]?,? )?{_NUMBER} "
    rf"{_NO_STREET_WORD}{_NAME}{{1,3}}?(?:{_TYPES})\b"
    r"(?:, [a-z'\u2019-]{3,24}\b)?)",
    re.IGNORECASE,
)
# In every one of these, and quickly seen not to be there.
SAID_NUMBER = re.compile(r"(?:at|is|:|to) (?:(?:flat|unit|apartment) )?[0-9]", re.IGNORECASE)
_NO_TOWN = (
    r"(?!(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)(?:day)?\b|(?:Dear|Yours|Tel|Telephone|Phone|Mobile|Email|Fax|Date|Ref|Re|Hi"
    r"|Hello|Thank|Thanks|The|This|We|Please)\b)"
)
_TOWN_WORD = r"[A-Z][a-z'\u2019]{2,24}"
_TOWN = re.compile(
    rf"(?:, | in |,?[ \t]{{0,3}}\r?\n[ \t]{{0,20}}(?=[A-Z][\w'\u2019 -]{{2,40}},?[ \t]{{0,3}}(?:[\r\n]|\Z))){_NO_TOWN}"
    rf"{_TOWN_WORD}(?:(?: (?:upon|under|le|de) |-(?:[a-z]{{1,5}}-){{0,2}}| ){_TOWN_WORD}){{0,2}}"
)
_SHORT = re.compile(r"\b(?:St|Rd|Ave|Av|Ln|Cl|Dr|Ct|Pl|Sq|Terr|Cres|Gdns)\.\Z")
_PLACED = re.compile(r"\b(?:at|of|to|from|near|on|outside|visit|and|address:?) (?:the )?\Z", re.IGNORECASE)
_BARE_STREET = re.compile(rf"(?:the )?{_NAME}{{1,4}}?(?:{_TYPES})\b\.?", re.IGNORECASE)
BOX = re.compile(r"\b(?:p\.? ?o\.? ?box|gpo box|bfpo) ?[0-9]{1,6}\b", re.IGNORECASE)
FLAT = re.compile(
    r"(?:\b(?:flat|unit|apartment|apt|suite|room|studio|block|plot|caravan|maisonette)\.? ?(?:no\.? ?)?[\w/-]{1,6}"
    r"|\bcroft (?:no\.? ?)?[0-9]{1,3}[a-z]?"
    r"|\b(?:basement|ground|first|second|third|top|garden|[0-9]{1,2}(?:st|nd|rd|th)) (?:floor|flat)(?: flat)?)\s*\Z",
    re.IGNORECASE,
)
# "Unit 4B Riverside Park": what is taken for the number of the street is that of the unit.
_UNIT = re.compile(r"\b(?:flat|unit|apartment|apt|suite|room|studio|plot|no)\.? \Z", re.IGNORECASE)
_ITS_NUMBER = re.compile(rf"(?:\A|\b(?:at|of|is|to|in) )(?:No\.? ?|Number )?({_NUMBER})\Z")
# Scottish tenements: 3F2 is the second door of the third floor, 3/2 the same; PF2, GF1, BF. On a piece of their own.
_TENEMENT = re.compile(
    r"(?:flat )?(?:[0-9]{1,2}F[0-9]{1,2}|[0-9]{1,2}[/-][0-9]{1,2}[A-Za-z]?|[GBTPL]F[0-9]{0,2})", re.IGNORECASE
)
_WELSH = "Ty|T\u0177|Bryn|Plas|Pen|Maes|Llys|Tan|Hafod|Cefn|Nant|Glan|Pant|Erw|Gwel"
_NAMED = re.compile(rf"(?:The|{_WELSH})(?: ?[A-Z][\w'\u2019-]{{1,20}}){{1,3}}")
# A number and a name that has no word for a street ("136 Kingsway", "64 Llys y Coed"): only as a whole piece.
_LITTLE = "upon|under|next|with|near|the|and|on|in|by|le|la|de|y|yr|cum|super|sub|of|o|a|juxta|over"
_NO_STREET = (
    r"(?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,7}\b"
    r"|(?:Mr|Mrs|Ms|Dr|Copies|Pages?|People|Days?|Years?)\b)"
)
_NUMBERED_NAME = re.compile(
    rf"(?:^|(?:\b(?:at|of|is|to|from|in|address)|:) )({_NUMBER}[ \u00a0]{{1,2}}{_NO_STREET}[A-Z][\w'\u2019.-]{{2,24}}"
    rf"(?:[ -](?:[A-Z][\w'\u2019.-]{{1,24}}|(?:{_LITTLE})\b)){{0,3}})\Z"
)
_HOUSE = re.compile(rf"(?:\b[A-Z][\w'\u2019-]{{0,20}} ){{1,4}}(?:{_KINDS}|{_KINDS.upper()}|{_KINDS.title()})\s*\Z")
_CARE_OF = re.compile(r"\bc/o [^\d,\n]{2,40}\Z", re.IGNORECASE)
_LABEL = re.compile(
    r"\s{0,9}(?:home |postal |billing |delivery )?(?:address(?: ?line)? ?[0-9]?|street|town|city|county|post ?code"
    r"|locality|town/city|region|country)\s{0,4}[:=]\s{0,9}",
    re.IGNORECASE,
)
_PLACE = re.compile(r"[^\W\d_][\w'\u2019.& -]{1,40}", re.UNICODE)
_BREAK = re.compile(r"[,;\n\r\t|]+")


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands between two commas or line ends: its offsets in the text, without a label such as `Town:`."""

    start: int
    end: int
    written: str


@dataclass(frozen=True, slots=True)
class FoundAddress:
    """The start of an address, how it was known, and its pieces in order."""

    start: int
    form: str
    pieces: tuple[str, ...]


def open_streets(text: str) -> Iterator[tuple[int, int, bool]]:
    """Streets with a number, and the towns behind them, wherever they stand in a sentence.

    (start, end, whether a town or a word such as "at" shows that it is a place: "12 Garden Close tables" has neither).
    """
    for match in SAID_STREET.finditer(text):
        if not any(map(str.isupper, match["street"])):
            yield *match.span("street"), True
    for match in OPEN_STREET.finditer(text):
        town = _TOWN.match(text, match.end())
        end = town.end() if town else match.end() - (match.group().endswith(".") and not _SHORT.search(match.group()))
        yield match.start(), end, bool(town or _PLACED.search(text, max(0, match.start() - 20), match.start()))


def named(body: str) -> bool:
    """A street without a number, a flat or a named house, on a piece of its own."""
    return any(
        _BARE_STREET.fullmatch(piece) or FLAT.search(piece) or _HOUSE.search(piece)
        for piece in map(str.strip, _BREAK.split(body))
    )


def walk_back(text: str, low: int, postcode: int) -> FoundAddress | None:
    """Read piece by piece from the postcode towards its house; None when there is no street, box or house."""
    found: FoundAddress | None = None
    behind: list[str] = []  # the pieces read so far, the last one first
    pieces = list(islice(_pieces_back(text, low, postcode), MOST_PIECES))
    for index, piece in enumerate(pieces):
        step = _step(piece, found, behind)
        if step is None and found and _is_place(piece.written) and _is_flat(pieces[index + 1 : index + 2]):
            # "Flat 18, The Gables, 121 Castle Hill": the building stands between the flat and the street.
            step = replace(found, start=piece.start, pieces=(piece.written, *reversed(behind)))
        if step is None:
            # Places may stand between street and postcode; in front of the house they belong to something else.
            if found or not _is_place(piece.written):
                return found
        else:
            found = step
        behind.append(piece.written)
    return found


def _is_flat(pieces: Sequence[_Piece]) -> bool:
    return any(FLAT.match(piece.written) or _TENEMENT.fullmatch(piece.written) for piece in pieces)


def _step(piece: _Piece, found: FoundAddress | None, behind: Sequence[str]) -> FoundAddress | None:
    """The address when this piece is taken into it; None when the piece adds nothing that starts an address."""
    rest = tuple(reversed(behind))
    if found is None or not found.form.startswith("number"):
        numbered = _with_number(piece, rest, new=found is None)
        if numbered:
            return numbered
    if found is None:
        return _without_number(piece, rest)
    form, at = _in_front(piece.written, found.form)
    if form:
        return FoundAddress(piece.start + at, form, (piece.written[at:], *rest))
    for pattern in (FLAT, _HOUSE, _CARE_OF):
        front = pattern.search(piece.written)
        if front:
            form = found.form if found.form.startswith("number") else "house and postcode"
            return FoundAddress(piece.start + front.start(), form, (piece.written[front.start() :], *rest))
    return None


def _with_number(piece: _Piece, rest: tuple[str, ...], *, new: bool) -> FoundAddress | None:
    """A street or a box with its number; a name with a number only as the first thing that is known of an address."""
    written = piece.written
    for pattern, form in ((_STREET, "number, street and postcode"), (BOX, "box and postcode")):
        *_, match = (None, *pattern.finditer(written))
        if match and _is_places(written[match.end() :]):
            start = match.start()
            inner = FLAT.search(written[:start].rstrip(" ,")) or _UNIT.search(written[:start])
            start = inner.start() if inner and form.startswith("number") else start
            return FoundAddress(piece.start + start, form, (written[start:], *rest))
    named_only = _NUMBERED_NAME.search(written) if new else None
    if named_only is None:
        return None
    return FoundAddress(piece.start + named_only.start(1), "number, name and postcode", (named_only[1], *rest))


def _without_number(piece: _Piece, rest: tuple[str, ...]) -> FoundAddress | None:
    """A flat, a named house or a bare street, nearest to the postcode."""
    for pattern in (FLAT, _HOUSE):
        front = pattern.search(piece.written)
        if front:
            return FoundAddress(
                piece.start + front.start(), "house and postcode", (piece.written[front.start() :], *rest)
            )
    if _BARE_STREET.fullmatch(piece.written) and piece.written[:1].isupper():
        return FoundAddress(piece.start, "street and postcode", (piece.written, *rest))
    return None


def _in_front(written: str, form: str) -> tuple[str, int]:
    """The form of the address when the piece ends with a flat, a number or the name of its house, and where; or ""."""
    if _TENEMENT.fullmatch(written):
        return form, 0
    if form == "street and postcode":
        if _NAMED.fullmatch(written):
            return "house and postcode", 0
        number = _ITS_NUMBER.search(written)
        if number:
            return "number, street and postcode", number.start(1)
    return "", 0


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
    words = [
        word for word in written.split() if len(word) > 3 and word not in {"upon", "under", "next", "with", "near"}
    ]
    return all(word[0].isupper() for word in words) or written.islower()


def spaced(postcode: str) -> str:
    whole = "".join(postcode.split()).upper()
    return f"{whole[:-3]} {whole[-3:]}"


def address_value(pieces: Sequence[str]) -> str:
    """Upper case, single blanks, no commas or full stops, the postcode in two: one form for all layouts."""
    whole = " ".join(re.sub(r"[,.;|]", " ", " ".join(pieces)).split()).upper()
    return POSTCODE.sub(
        lambda one: spaced(one.group()) if CHECKS["postcode"].passes(one.group()) else one.group(), whole
    )
