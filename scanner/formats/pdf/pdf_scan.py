"""A page of an opened PDF goes in; what is read in its pictures comes out, where its text layer does not say it."""

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from scanner.formats.pdf.pdf_text import page_numbers
from scanner.formats.pictures.ocr import MOST_PIXELS, Picture, read, refusal
from scanner.limits import Budget
from scanner.model import Location, Lost, Reason, Segment

_DOTS_PER_INCH = 200
_POINTS_PER_INCH = 72
# A page with fewer characters than this that is mostly a picture: a header, stamp or page number on a scan.
_HEADER = 200
_SHAPES = 10  # lines and areas without a letter: text that was turned into shapes
_DEEPEST = 4
_ASKED = 2000


@dataclass(slots=True)
class Scans:
    """Reads the pictures of text of one document, and remembers which pages could not be read, and why."""

    budget: Budget
    unread: defaultdict[tuple[Reason, str], list[int]] = field(default_factory=lambda: defaultdict(list))

    def page(self, page: Any, number: int, text: str, garbled: bool) -> Segment | None:
        """What is read on a page, in the boxes of page=2;line=3;word=1;box=…, in points from its upper left."""
        written = len(text.strip())
        if garbled or not written:
            wanted = garbled or _shows_something(page)
        else:
            wanted = (written < _HEADER and _half_a_picture(page)) or (self.budget.ocr == "all" and _has_picture(page))
        if not wanted:
            return None
        if stop := refusal(self.budget):
            self.unread[stop.reason, _what(written, garbled) + f": {stop.detail}"].append(number)
            return None
        start = time.process_time()
        try:
            if written and not garbled:
                _without_text(page)
            picture = _drawn(page, number)
        except pdfium.PdfiumError:
            self.unread[Reason.DAMAGED, "pictures that cannot be unpacked"].append(number)
            return None
        finally:
            self.budget.ocr_seconds += time.process_time() - start
        segment, cut = read(picture, self.budget)
        if cut:
            self.unread[cut.reason, f"a picture of text: {cut.detail}"].append(number)
        return segment

    def losses(self) -> Iterator[Lost]:
        """One row for each reason, with the numbers of its pages."""
        for (reason, what), numbers in self.unread.items():
            yield Lost("", reason, f"{page_numbers(numbers)} {what}")


def _what(written: int, garbled: bool) -> str:
    if garbled:
        return "text in a font that does not say its letters"
    return "pictures beside their text" if written else "no text, only a picture of it"


def _shows_something(page: Any) -> bool:
    """Whether a page without any character has a picture, letters that are no characters, or many shapes."""
    shapes = 0
    for asked, found in enumerate(page.get_objects(max_depth=_DEEPEST)):
        if found.type in {raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_SHADING}:
            return True
        shapes += found.type == raw.FPDF_PAGEOBJ_PATH
        if shapes >= _SHAPES or asked >= _ASKED:
            return True
    return False


def _half_a_picture(page: Any) -> bool:
    """Whether pictures cover half of a page; a scan may be cut into strips."""
    area = page.get_width() * page.get_height() or 1.0
    covered = 0.0
    for asked, found in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEPEST)):
        left, bottom, right, top = found.get_bounds()
        covered += max(right - left, 0) * max(top - bottom, 0)
        if covered * 2 >= area:
            return True
        if asked >= _ASKED:
            break
    return False


def _has_picture(page: Any) -> bool:
    return next(iter(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEPEST)), None) is not None


def _without_text(page: Any) -> None:
    """What the text layer says is not to be read twice. The document is never saved."""
    for found in list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=1)):
        page.remove_obj(found)


def _drawn(page: Any, number: int) -> Picture:
    """The page in shades of grey; a large one is drawn smaller. Notes and fields are read as text, and not drawn."""
    width, height = max(page.get_width(), 1.0), max(page.get_height(), 1.0)
    scale = min(_DOTS_PER_INCH / _POINTS_PER_INCH, (MOST_PIXELS / (width * height)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False, draw_annots=False)
    try:
        image = bitmap.to_pil().copy()
    finally:
        bitmap.close()
    return Picture(image, Location.of(page=number), round(scale * _POINTS_PER_INCH), scale)
