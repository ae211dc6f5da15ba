"""Pictures of text go in, Segments come out whose pieces say where each word stands and how surely it was read."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib import import_module
from typing import Protocol, cast

from PIL import Image

from scanner.formats.pictures.words import Reading, Word
from scanner.formats.pictures.zone_repair import repaired
from scanner.limits import Budget
from scanner.model import Location, Piece, Reason, Segment

_ENGINE = "scanner.formats.pictures.tesseract"
MOST_PIXELS = 12_000_000  # of a picture that is read: A4 at 350 dpi; more costs time and finds no more
_REMEMBERED = 500
# tesseract likes to put a blank before the sign and after a dot within an address.
_BEHIND = re.compile(r"@[\w-]+(\.[\w-]+)+\W*\Z")
_BEFORE = re.compile(r"[\w.+-]*\w\Z")
_LOCAL = re.compile(r"\w+[._]\w+\Z")
_REST = re.compile(r"\d{1,4}@[\w.-]+\Z")
_DOMAIN = re.compile(r"[\w-]+(\.[\w-]+)+\W*\Z")


class Recognise(Protocol):
    """What reads a picture of mode L within so many seconds."""

    def __call__(self, picture: Image.Image, resolution: int, seconds: float) -> Reading:
        """`resolution` in dots per inch, as far as it is known."""
        ...


@dataclass(frozen=True, slots=True)
class Picture:
    """A grey picture (mode L) and where it stands.

    Boxes in locations are counted in `unit` pixels of it, from the upper left.
    """

    image: Image.Image
    where: Location
    resolution: int = 200
    unit: float = 1.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a picture is not read (to its end), to be put behind "a picture of text" or "the picture on page 3"."""

    reason: Reason
    detail: str


def refusal(budget: Budget) -> Refusal | None:
    """Why no (further) picture of this top-level item can be read; None when it can."""
    if budget.ocr == "off":
        return Refusal(Reason.NEEDS_OCR, "reading pictures is switched off (--ocr)")
    if _engine() is None:
        return Refusal(Reason.NEEDS_OCR, "to read pictures, install whosedata[ocr]")
    if budget.ocr_seconds >= budget.limits.ocr_item_seconds:
        minutes = budget.limits.ocr_item_seconds / 60
        return Refusal(Reason.LIMIT, f"reading pictures took more than {minutes:.0f} minutes (ocr_item_seconds)")
    return None


def read(picture: Picture, budget: Budget) -> tuple[Segment, Refusal | None]:
    """The text of a picture, empty when there is none, and why it is not the whole text; ask refusal() before.

    `page=2;line=14;word=3;box=120,340,320,371`: lines and words from 1, the box is left, top, right and bottom.
    """
    reading = _recognised(picture, budget)
    cut = None
    if not reading.complete:
        seconds = budget.limits.ocr_page_seconds
        cut = Refusal(Reason.LIMIT, f"it was not read within {seconds:.0f} seconds (ocr_page_seconds)")
    return _segment(reading.words, picture), cut


def _recognised(picture: Picture, budget: Budget) -> Reading:
    """One picture, such as the logo in every mail of a mailbox, is read once for each top-level item."""
    recognise = cast("Recognise", _engine())
    key = blake2b(picture.image.tobytes() + repr(picture.image.size).encode(), digest_size=16).digest()
    known = budget.recognised.get(key)
    if known is not None:
        return cast("Reading", known)
    start = time.process_time()
    reading = recognise(picture.image, picture.resolution, budget.limits.ocr_page_seconds)
    budget.ocr_seconds += time.process_time() - start
    if len(budget.recognised) < _REMEMBERED:
        budget.recognised[key] = reading
    return reading


def _segment(words: Sequence[Word], picture: Picture) -> Segment:
    pieces: list[Piece] = []
    text: list[str] = []
    length = line = place = 0
    before = ""
    for word in repaired(words):
        blank = _between(before, word)
        text += (blank, word.text)
        length += len(blank)
        line, place = (line + 1, 1) if word.starts_line else (line, place + 1)
        box = ",".join(str(round(edge / picture.unit)) for edge in word.box)
        pieces.append(Piece(length, picture.where.then(line=line, word=place, box=box), word.confidence))
        length += len(word.text)
        before = word.text
    return Segment("".join(text), picture.where, tuple(pieces))


def _between(before: str, word: Word) -> str:
    """What stands between two words: an empty line between paragraphs, nothing within an address."""
    if not before:
        return ""
    if word.starts_line:
        return "\n\n" if word.starts_block else "\n"
    torn = (
        (_BEHIND.match(word.text) and _BEFORE.search(before))
        or (_REST.match(word.text) and _LOCAL.search(before))
        or (before.endswith("@") and _DOMAIN.match(word.text))
    )
    return "" if torn else " "


@cache
def _engine() -> Recognise | None:
    """The reader, or None where it is not installed."""
    try:
        return cast("Recognise", import_module(_ENGINE).load())
    except (ImportError, RuntimeError):
        return None
