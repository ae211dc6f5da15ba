"""Pictures: what is read in them, where it stands, what is written beside the pixels, and what is left unread."""

import contextlib
import io
import random
import zlib
from collections.abc import Callable
from importlib.util import find_spec

import pytest
from PIL import ExifTags, Image, ImageDraw, ImageFont, PngImagePlugin, TiffImagePlugin

from scanner.formats import formats, load_format
from scanner.formats.pictures.ocr import refusal
from scanner.limits import Budget, Limits
from scanner.model import About, Lost, Part, Reason, Segment, Skip
from scanner.sniff import media_type

HAS_OCR = find_spec("tesserocr") is not None
needs_ocr = pytest.mark.skipif(not HAS_OCR, reason="tesserocr is not installed: pictures cannot be read here")
LINES = ("Dear Ann Field,", "please write to bo.ray@wren-close.example", "or call 07700 900123.")


def drawn(lines: tuple[str, ...] = LINES, mode: str = "L", size: tuple[int, int] = (1100, 400)) -> Image.Image:
    image = Image.new("L", size, 255)
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        pen.text((40, 40 + number * 60), line, font=ImageFont.load_default(36), fill=0)
    return image.convert(mode)


def saved(image: Image.Image, kind: str = "PNG", **more: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def parts(data: bytes, ocr: str = "auto", limits: Limits | None = None) -> list[Part]:
    media = media_type(data[: 64 * 1024], "", io.BytesIO(data))
    return list(load_format(formats()[media])(io.BytesIO(data), Budget(limits or Limits(), len(data), ocr=ocr)))


def text_of(found: list[Part]) -> str:
    return "\n".join(part.text for part in found if isinstance(part, Segment) and part.pieces)


def labelled(found: list[Part]) -> dict[str, Segment]:
    return {part.text: part for part in found if isinstance(part, Segment) and part.label}


def losses(found: list[Part]) -> list[Lost]:
    return [part for part in found if isinstance(part, Lost)]


@needs_ocr
@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "L"), ("PNG", "1"), ("PNG", "P"), ("PNG", "I;16"), ("JPEG", "RGB"), ("JPEG", "CMYK"), ("TIFF", "1"),
     ("BMP", "RGB"), ("GIF", "P"), ("WEBP", "RGB")],
)  # fmt: skip
def test_every_kind_is_read(kind: str, mode: str) -> None:
    image = drawn(mode="I").point(lambda value: value * 256).convert("I;16") if mode == "I;16" else drawn(mode=mode)
    found = parts(saved(image, kind))
    assert not losses(found)
    for line in LINES:
        assert line in text_of(found)


@needs_ocr
def test_white_letters_on_a_transparent_ground_are_dark_enough_to_read() -> None:
    black = drawn().point(lambda value: 255 - value)
    image = Image.merge("LA", (Image.new("L", black.size, 0), black))
    assert LINES[1] in text_of(parts(saved(image)))


@needs_ocr
def test_each_word_has_its_line_its_box_and_how_surely_it_was_read() -> None:
    (segment,) = [part for part in parts(saved(drawn())) if isinstance(part, Segment)]
    start = segment.text.index("bo.ray@")
    (piece,) = [piece for piece in segment.pieces if piece.start == start]
    steps = dict(piece.where.steps)
    assert (steps["line"], steps["word"]) == ("2", "4")
    left, top, right, bottom = map(int, steps["box"].split(","))
    assert 200 < left < right < 800
    assert 95 < top < bottom < 150
    assert piece.confidence is not None
    assert 60 < piece.confidence <= 100


@needs_ocr
@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_on_its_side_is_turned(degrees: int) -> None:
    page = drawn(LINES * 6, size=(1100, 1200))
    found = parts(saved(page.rotate(degrees, expand=True, fillcolor=255)))
    assert text_of(found).count(LINES[1]) == 6


@needs_ocr
def test_a_camera_held_sideways_says_so_and_boxes_are_those_of_the_upright_picture() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    sideways = saved(drawn().rotate(90, expand=True), "JPEG", exif=exif, quality=95)
    (segment,) = [part for part in parts(sideways) if isinstance(part, Segment) and part.pieces]
    assert LINES[1] in segment.text
    last = dict(segment.pieces[-1].where.steps)["box"].split(",")
    assert int(last[2]) > int(last[3])


@needs_ocr
def test_pages_of_a_scan() -> None:
    pages = [drawn((f"Page of {name}",)) for name in ("Ann", "Bob", "Cy")]
    found = parts(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    assert [str(part.where) for part in found if isinstance(part, Segment)] == ["page=1", "page=2", "page=3"]
    assert "Page of Cy" in text_of(found)


@needs_ocr
def test_an_address_that_the_reader_tears_apart_is_one_word() -> None:
    lines = tuple(f"{name} at {name}.birch{number}@wren-close.example" for number, name in enumerate(
        ["helen", "ann", "marcus", "ruth", "tomasz", "olive", "priya", "idris"], 71))  # fmt: skip
    text = text_of(parts(saved(drawn(lines, size=(1100, 560)))))
    assert sum(line.split()[-1] in text for line in lines) >= 7


@needs_ocr
def test_pictures_without_text_and_tiny_ones_are_examined() -> None:
    for image in (Image.new("RGB", (600, 400), "teal"), Image.new("L", (20, 20)), Image.radial_gradient("L")):
        found = parts(saved(image))
        assert not losses(found)
        assert not text_of(found).strip()


def test_without_reading_a_picture_is_a_row_and_its_notes_are_read() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Jo Field"
    found = parts(saved(drawn(), exif=exif), ocr="off")
    assert [lost.reason for lost in losses(found)] == [Reason.NEEDS_OCR]
    assert labelled(found)["Jo Field"].role == "author"


@needs_ocr
def test_the_time_for_pictures_is_over_one_day() -> None:
    limits = Limits(ocr_item_seconds=0.001)
    pages = [drawn((f"Page of {name}",)) for name in ("Ann", "Bob", "Cy")]
    found = parts(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]), limits=limits)
    assert "Page of Ann" in text_of(found)
    (lost,) = losses(found)
    assert lost.reason is Reason.LIMIT
    assert "ocr_item_seconds" in lost.detail


@needs_ocr
def test_a_page_that_takes_too_long_is_a_limit() -> None:
    (lost,) = losses(parts(saved(drawn(LINES * 20, size=(1100, 4000))), limits=Limits(ocr_page_seconds=0.01)))
    assert (lost.reason, "ocr_page_seconds" in lost.detail) == (Reason.LIMIT, True)


@needs_ocr
def test_the_same_logo_is_read_once() -> None:
    budget = Budget(Limits(), 1)
    data = saved(drawn())
    reader = load_format(formats()["image/png"])
    once = list(reader(io.BytesIO(data), budget))
    known = dict(budget.recognised)
    assert list(reader(io.BytesIO(data), budget)) == once
    assert budget.recognised == known
    assert len(known) == 1


def header_only(width: int, height: int) -> bytes:
    """A PNG that says how large it is and holds nothing."""
    data = bytearray(saved(Image.new("1", (8, 8))))
    head = data.index(b"IHDR") + 4
    data[head : head + 8] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    data[head + 13 : head + 17] = zlib.crc32(bytes(data[head - 4 : head + 13])).to_bytes(4, "big")
    return bytes(data)


@pytest.mark.parametrize("size", [(13_000, 13_000), (50_000, 50_000)])
def test_more_pixels_than_anybody_scans_are_not_unpacked(size: tuple[int, int]) -> None:
    try:
        (lost,) = losses(parts(header_only(*size)))
    except Skip as skip:
        lost = Lost("", skip.reason, skip.detail)
    assert (lost.reason, lost.detail) == (Reason.LIMIT, "a picture of more than 120 million pixels (max_pixels)")


@needs_ocr
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_a_picture_that_is_cut_off_is_read_as_far_as_it_goes(kind: str) -> None:
    data = saved(drawn(LINES * 5, size=(1100, 1000)), kind, **({"quality": 90} if kind == "JPEG" else {}))
    found = parts(data[: len(data) * 3 // 4])
    assert [lost.reason for lost in losses(found)] == [Reason.DAMAGED]
    assert LINES[1] in text_of(found)


def photo() -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Jo Field"
    exif[ExifTags.Base.Copyright] = "Wren Close Trust"
    exif[ExifTags.Base.XPComment] = "garden of Ann".encode("utf-16-le")
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    inner[ExifTags.Base.DateTimeOriginal] = "2024:05:06 07:08:09"
    inner[ExifTags.Base.OffsetTimeOriginal] = "+01:00"
    inner[ExifTags.Base.UserComment] = b"ASCII\0\0\0taken by Bo"
    inner[0xA430] = "Cy Reed"
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place.update({1: "N", 2: (51.0, 30.0, 2.52), 3: "W", 4: (0.0, 7.0, 28.56)})
    xmp = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="p:" '
        b'photoshop:Credit="Di Marsh">'
        b"<dc:creator><rdf:Seq><rdf:li>Jo Field</rdf:li><rdf:li>Ed Oak</rdf:li></rdf:Seq></dc:creator>"
        b"</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    return saved(Image.new("RGB", (60, 60), "teal"), "JPEG", exif=exif, xmp=xmp, comment=b"seen by Fay")


def test_notes_beside_the_pixels() -> None:
    found = parts(photo(), ocr="off")
    said = labelled(found)
    for author in ("Jo Field", "Cy Reed", "Ed Oak"):
        assert (said[author].label, said[author].role) == ("author", "author")
    assert said["Wren Close Trust"].label == "copyright"
    assert {"garden of Ann", "taken by Bo", "Di Marsh", "seen by Fay"} <= set(said)
    assert sum(isinstance(part, Segment) and part.text == "Jo Field" for part in found) == 1
    assert said["51.50070, -0.12460"].label == "GPS position"
    assert [part for part in found if isinstance(part, About)] == [About(content_date=1714975689.0)]


def test_text_chunks_and_iptc() -> None:
    chunks = PngImagePlugin.PngInfo()
    chunks.add_text("Description", "portrait of Ann Field")
    assert "portrait of Ann Field" in labelled(parts(saved(drawn(), pnginfo=chunks), ocr="off"))
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[33723] = b"\x1c\x02\x50\x00\x08Jo Field\x1c\x02\x78\x00\x09at Bo Ray"
    tags.tagtype[33723] = 7
    said = labelled(parts(saved(drawn(), "TIFF", tiffinfo=tags), ocr="off"))
    assert said["Jo Field"].role == "author"
    assert said["at Bo Ray"].label == "caption"


def mutants(whole: bytes, number: int, chance: random.Random) -> list[bytes]:
    made = []
    for _ in range(number):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 4, 20))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        made.append(bytes(data[: chance.choice((len(data), chance.randrange(1, len(data))))]))
    return made


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP"])
def test_damaged_bytes_raise_nothing_but_skip(kind: str) -> None:
    small: Callable[[], bytes] = lambda: saved(drawn(LINES[:1], "RGB", (200, 60)), kind)  # noqa: E731
    reader = load_format(formats()[f"image/{kind.lower()}"])
    for data in [*mutants(small(), 30, random.Random(7)), *mutants(photo(), 10, random.Random(8))]:
        with contextlib.suppress(Skip):
            list(reader(io.BytesIO(data), Budget(Limits(ocr_page_seconds=2), len(data))))


def test_why_nothing_is_read() -> None:
    assert refusal(Budget(Limits(), 1, ocr="off")) is not None
    assert (refusal(Budget(Limits(), 1)) is None) is HAS_OCR
