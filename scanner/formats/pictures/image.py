"""A picture or a scan goes in; the text that is read in its pages and what is written beside its pixels come out."""

import logging
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import IO

from PIL import ExifTags, Image, ImageFile

from scanner.formats.pictures.ocr import MOST_PIXELS, Picture, read, refusal
from scanner.formats.pictures.picture_notes import notes
from scanner.limits import Budget
from scanner.model import Location, Lost, Part, Reason, Skip

# Never let pillow choose: of its other readers one starts a program (EPS).
_KINDS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP")
_TINY = 32  # pixels: icons and bullets
_LOWEST = 8  # pixels: lines and shades
_ENLARGED_TO = 1800  # pixels on the long side: photographs of cards and of screens have small letters
_MOST_ENLARGED = 3.0
_A4_INCHES = 11.7
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Text of the picture as line=1;word=2;box=..., in a TIFF behind page=1 and so on, then its notes.

    Of a picture that moves the first frame is read.
    """
    try:
        with _no_warnings(), _unlogged():
            image = Image.open(stream, formats=_KINDS)
    except Image.DecompressionBombError as error:
        raise Skip(Reason.LIMIT, too_many(budget)) from error
    except (MemoryError, Skip):
        raise
    except Exception as error:
        raise Skip(Reason.DAMAGED, f"not a picture that can be opened ({type(error).__name__})") from error
    yield from read_image(image, budget)


def read_image(image: Image.Image, budget: Budget) -> Iterator[Part]:
    """All pages of an opened picture, then its notes; what cannot be read is told once for each reason."""
    lost: dict[tuple[Reason, str], None] = {}
    with _unlogged():
        for number in count(1):
            if number > 1 and not _turn_to(image, number, lost):
                break
            budget.charge_page(number, 0)
            yield from _page(image, number, budget, lost)
        yield from notes(image)
    yield from (Lost("", *why) for why in lost)


@contextmanager
def _unlogged() -> Iterator[None]:
    """Pillow writes every note of a picture into its log, which would hold names of people."""
    log = logging.getLogger("PIL")
    before = log.level
    log.setLevel(logging.WARNING)
    try:
        yield
    finally:
        log.setLevel(before)


def _turn_to(image: Image.Image, number: int, lost: dict[tuple[Reason, str], None]) -> bool:
    """Go to a further page of a TIFF; no other kind has pages."""
    if image.format != "TIFF":
        return False
    try:
        with _no_warnings():
            image.seek(number - 1)
    except EOFError:
        return False
    except (MemoryError, Skip):
        raise
    except Exception as error:  # noqa: BLE001 - pillow raises anything on damaged files
        lost[Reason.DAMAGED, f"page {number} and what follows cannot be opened ({type(error).__name__})"] = None
        return False
    return True


def _page(image: Image.Image, number: int, budget: Budget, lost: dict[tuple[Reason, str], None]) -> Iterator[Part]:
    width, height = image.size
    if max(width, height) < _TINY or min(width, height) < _LOWEST:
        return
    if width * height > budget.limits.max_pixels:
        lost[Reason.LIMIT, too_many(budget)] = None
        return
    if stop := refusal(budget):
        lost[stop.reason, f"a picture: {stop.detail}"] = None
        return
    start = time.process_time()
    grey, damage = _grey(image)
    budget.ocr_seconds += time.process_time() - start
    if damage:
        lost[Reason.DAMAGED, damage] = None
    if grey is None:
        return
    # Turned by EXIF or not, its long side was as long as that of the file.
    unit = max(grey.size) / max(width, height)
    resolution = min(max(round(max(grey.size) / _A4_INCHES), 100), 400)
    where = Location.of(page=number) if image.format == "TIFF" else Location()
    text, cut = read(Picture(grey, where, resolution, unit), budget)
    yield text
    if cut:
        lost[cut.reason, f"a picture: {cut.detail}"] = None


def _grey(image: Image.Image) -> tuple[Image.Image | None, str]:
    """The picture upright, in shades of grey, of a size that letters are well read at; or as far as it is whole."""
    wanted = _wanted(*image.size)
    damage = ""
    try:
        with _no_warnings():
            image.draft("L", wanted)  # a JPEG is unpacked in grey, and smaller
            image.load()
    except (MemoryError, Skip):
        raise
    except Exception as error:  # noqa: BLE001 - pillow raises anything on damaged files
        damage = f"the picture is broken or cut off ({type(error).__name__})"
    try:
        if damage and isinstance(image, ImageFile.ImageFile):
            image.tile = []  # what has been unpacked so far counts as the picture
        shown = _upright(_flat(_smaller(image)), image)
        scale = max(wanted) / max(shown.size)
        if abs(scale - 1) < 0.05:
            return shown, damage
        size = (max(1, round(shown.width * scale)), max(1, round(shown.height * scale)))
        return shown.resize(size, Image.Resampling.LANCZOS), damage
    except (MemoryError, Skip):
        raise
    except Exception as error:  # noqa: BLE001 - as above
        return None, damage or f"the picture cannot be unpacked ({type(error).__name__})"


def _smaller(image: Image.Image) -> Image.Image:
    """A very large picture is made smaller before it is turned into other modes: each would be a copy of it."""
    times = int((image.width * image.height / MOST_PIXELS) ** 0.5)
    return image.reduce(times) if times > 1 and image.mode in {"L", "LA", "RGB", "RGBA", "CMYK"} else image


def _upright(grey: Image.Image, image: Image.Image) -> Image.Image:
    """Turned as the camera says that it was held."""
    try:
        turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - damaged EXIF must not cost the pixels
        turn = None
    return grey if turn is None else grey.transpose(turn)


def _flat(image: Image.Image) -> Image.Image:
    """Mode L: what is transparent is white, 16 bits become eight."""
    if image.mode.startswith(("I", "F")):
        lowest, highest = image.getextrema()
        span = max(float(highest) - float(lowest), 1.0)  # type: ignore[arg-type]  # two numbers for one band
        return image.convert("F").point(lambda value: (value - lowest) * 255 / span).convert("L")
    if image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info:
        opaque = image.convert("RGBA")
        white = Image.new("RGBA", opaque.size, "white")
        white.alpha_composite(opaque)
        return white.convert("L")
    return image.convert("L")


def _wanted(width: int, height: int) -> tuple[int, int]:
    scale = min(max(_ENLARGED_TO / max(width, height), 1.0), _MOST_ENLARGED)
    if width * height * scale * scale > MOST_PIXELS:
        scale = (MOST_PIXELS / (width * height)) ** 0.5
    return max(1, round(width * scale)), max(1, round(height * scale))


@contextmanager
def _no_warnings() -> Iterator[None]:
    """What pillow has to say of a file is said in its row, not on the terminal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def too_many(budget: Budget) -> str:
    return f"a picture of more than {budget.limits.max_pixels // 1_000_000} million pixels (max_pixels)"
