"""Seeded pages drawn here go in; how many of their e-mail addresses, names, numbers and words are read comes out.

    python benchmarks/ocr.py

Each page has 30 lines with a name, an address, a telephone number and a few words, as a clean print, as a scan (turned
by half a degree, blurred, speckled), as a fax and as a photograph of a screen. The font is pillow's own (Aileron, CC0).
"""

import io
import random
import time
from collections.abc import Callable, Iterator

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from detectors.registry import load_detectors
from detectors.running import detect_all
from detectors.types import DetectorOptions, Text
from scanner.formats.pictures.image import extract
from scanner.limits import Budget, Limits
from scanner.model import Segment

FORENAMES = "Ann Grace Olive Marcus Priya Tomasz Helen Idris Ruth Declan Fiona Owen Nadia Peter Yusuf".split()  # noqa: SIM905
SURNAMES = "Fenwick Okafor Marchbank Tolliver Sandhu Kowalski Birch Ashdown Penhale Quirke Rowley Haddad".split()  # noqa: SIM905
PHRASES = ("can be reached at", "asked us to write to", "gave the address", "now uses")
PAGES = 4
LINES = 30


def lines(chance: random.Random) -> Iterator[tuple[str, str, str, str]]:
    """(line, e-mail address, name, telephone number)."""
    for _ in range(LINES):
        name = f"{chance.choice(FORENAMES)} {chance.choice(SURNAMES)}"
        mail = f"{name.lower().replace(' ', '.')}{chance.randrange(100)}@wren-close.example"
        phone = f"07700 900{chance.randrange(1000):03d}"
        yield f"{name} {chance.choice(PHRASES)} {mail} or {phone}", mail, name, phone


def drawn(texts: list[str], dots: int, points: float) -> Image.Image:
    """An A4 page at `dots` per inch."""
    image = Image.new("L", (round(8.27 * dots), round(11.69 * dots)), 255)
    pen = ImageDraw.Draw(image)
    size = points * dots / 72
    for number, text in enumerate(texts):
        pen.text((0.6 * dots, 0.8 * dots + number * size * 1.9), text, font=ImageFont.load_default(size), fill=0)
    return image


def scanned(image: Image.Image, chance: random.Random) -> Image.Image:
    """Turned a little, soft, with grains."""
    image = image.rotate(chance.uniform(-0.6, 0.6), fillcolor=255).filter(ImageFilter.GaussianBlur(0.7))
    grain = Image.effect_noise(image.size, 30)
    return Image.blend(image, grain, 0.15)


def faxed(image: Image.Image, chance: random.Random) -> Image.Image:
    """Black and white, 204 x 196 dots."""
    return scanned(image, chance).point(lambda value: 255 * (value > 140)).convert("1")


def photographed(image: Image.Image, _: random.Random) -> Image.Image:
    """Of half the size, as a JPEG of middling quality."""
    out = io.BytesIO()
    image.reduce(2).save(out, "JPEG", quality=60)
    return Image.open(out)


KINDS: dict[str, tuple[int, float, Callable[[Image.Image, random.Random], Image.Image]]] = {
    "print, 200 dpi, 11 pt": (200, 11, lambda image, _: image),
    "print, 200 dpi, 8 pt": (200, 8, lambda image, _: image),
    "print, 300 dpi, 11 pt": (300, 11, lambda image, _: image),
    "print, 150 dpi, 11 pt": (150, 11, lambda image, _: image),
    "scan, 200 dpi, 11 pt": (200, 11, scanned),
    "fax, 200 dpi, 11 pt": (200, 11, faxed),
    "photograph, 100 dpi, 11 pt": (200, 11, photographed),
}


def read(image: Image.Image) -> tuple[str, float]:
    """The text that a scan would see, and the processor seconds that it took."""
    out = io.BytesIO()
    image.save(out, "TIFF" if image.mode == "1" else "PNG")
    begun = time.process_time()
    parts = list(extract(io.BytesIO(out.getvalue()), Budget(Limits(), len(out.getvalue()))))
    seconds = time.process_time() - begun
    return "\n".join(part.text for part in parts if isinstance(part, Segment) and part.pieces), seconds


def main() -> None:
    """Draw, read, detect, print a table."""
    detectors = load_detectors(DetectorOptions())
    read(drawn(["to load the model"], 200, 11))
    print(
        "| page of 30 lines | CPU s | words | e-mail addresses | names | telephone numbers |\n|---|---|---|---|---|---|"
    )
    for kind, (dots, points, spoil) in KINDS.items():
        total = found_words = words = 0
        seconds = 0.0
        right = {"EMAIL_ADDRESS": 0, "PERSON": 0, "PHONE_NUMBER": 0}
        for seed in range(PAGES):
            chance = random.Random(seed)
            planted = list(lines(chance))
            text, took = read(spoil(drawn([line for line, *_ in planted], dots, points), chance))
            seconds += took
            got = set(text.split())
            wanted = [word for line, *_ in planted for word in line.split()]
            words, found_words = words + len(wanted), found_words + sum(word in got for word in wanted)
            ((spans,), _) = detect_all(detectors, [Text(text)])
            found = {(span.entity_type, "".join(text[span.start : span.end].split())) for span in spans}
            for _, mail, name, phone in planted:
                total += 1
                for entity, value in zip(right, (mail, name, phone), strict=True):
                    right[entity] += (entity, "".join(value.split())) in found
        shares = " | ".join(f"{count} of {total}" for count in right.values())
        print(f"| {kind} | {seconds / PAGES:.2f} | {found_words / words:.3f} | {shares} |")


if __name__ == "__main__":
    main()
