"""An opened picture goes in, what is written beside its pixels comes out: EXIF, IPTC, XMP, comments, place and date."""

import re
import warnings
from collections.abc import Iterator
from typing import Any

from PIL import ExifTags, Image, ImageFile, IptcImagePlugin

from scanner.formats.content_dates import iso_date
from scanner.formats.pictures.xmp import made, read_xmp, text_of, texts
from scanner.model import About, Location, Segment

_LONGEST = 64 * 1024  # characters of one note
_EXIF_DATE = re.compile(r"(\d{4}):(\d\d):(\d\d)(?: (\d\d:\d\d:\d\d))?")
_DATES = (ExifTags.Base.DateTimeOriginal, ExifTags.Base.DateTimeDigitized, ExifTags.Base.DateTime)
_ZONES = (ExifTags.Base.OffsetTimeOriginal, ExifTags.Base.OffsetTimeDigitized, ExifTags.Base.OffsetTime)
_PEOPLE = frozenset(("Artist", "XPAuthor", "CameraOwnerName", "By-line", "Author"))
_OTHER = "Copyright ImageDescription UserComment DocumentName HostComputer XPTitle XPComment XPKeywords XPSubject"
_NOTES = _PEOPLE | frozenset(_OTHER.split())
# IPTC-IIM, record 2.
_IPTC = {
    5: "Title", 25: "Keywords", 80: "By-line", 105: "Headline", 110: "Credit", 116: "Copyright", 118: "Contact",
    120: "Caption", 122: "Caption writer",
}  # fmt: skip
_TECHNICAL = frozenset(("Software", "XML:com.adobe.xmp", "Creation Time"))
_CHARACTER_CODES = {b"ASCII\0\0\0": "ascii", b"UNICODE\0": "utf-16", b"JIS\0\0\0\0\0": "shift_jis"}


def notes(image: Image.Image) -> Iterator[Segment | About]:
    """Each text once, labelled; who made the picture with the role of author, where it was taken, and when."""
    known: set[str] = set()
    exif = _exif(image)
    for name, text in (*_texts(exif), *_iptc(image), *_comments(image)):
        shown = text.replace("\0", "").strip()[:_LONGEST]
        if shown and shown not in known:
            known.add(shown)
            yield text_of(shown, Location.of(part="properties", property=name), name, person=name in _PEOPLE)
    xmp = read_xmp(_xmp(image))
    yield from texts(xmp, known)
    if place := _position(exif):
        yield Segment(place, Location.of(part="properties", property="GPS"), label="GPS position")
    date = _date(exif) or made(xmp)
    if date is not None:
        yield date


def _exif(image: Image.Image) -> dict[int, Any]:
    """EXIF fields with those of its two inner directories, the GPS fields behind 0x10000."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exif = image.getexif()
            place = exif.get_ifd(ExifTags.IFD.GPSInfo)
            return {
                **exif, **exif.get_ifd(ExifTags.IFD.Exif), **{0x10000 + tag: value for tag, value in place.items()}
            }  # fmt: skip
    except Exception:  # noqa: BLE001 - pillow raises anything on damaged EXIF; the pixels are still to be read
        return {}


def _texts(exif: dict[int, Any]) -> Iterator[tuple[str, str]]:
    for tag, value in exif.items():
        name = ExifTags.TAGS.get(tag, "")
        if name in _NOTES:
            yield name, _text(name, value)


def _text(name: str, value: object) -> str:
    """Windows writes its fields in UTF-16, a user comment says its code in eight bytes, the rest is whatever it is."""
    if isinstance(value, tuple) and all(isinstance(part, int) and 0 <= part < 256 for part in value):
        value = bytes(value)
    if not isinstance(value, bytes):
        return value if isinstance(value, str) else ""
    if name.startswith("XP"):
        return value.decode("utf-16-le", "replace")
    if name == "UserComment":
        code = _CHARACTER_CODES.get(value[:8], "")
        value = value[8:] if code or value[:8] == bytes(8) else value
        return value.decode(code or "utf-8", "replace")
    return value.decode("utf-8", "replace")


def _iptc(image: Image.Image) -> Iterator[tuple[str, str]]:
    if not isinstance(image, ImageFile.ImageFile):
        return
    try:
        found = IptcImagePlugin.getiptcinfo(image) or {}
    except Exception:  # noqa: BLE001 - as for EXIF
        return
    for key, values in found.items():
        name = _IPTC.get(key[1], "") if isinstance(key, tuple) and key[0] == 2 else ""
        for value in values if isinstance(values, list) else [values]:
            if name and isinstance(value, bytes):
                yield name, value.decode("utf-8", "replace")


def _comments(image: Image.Image) -> Iterator[tuple[str, str]]:
    """Comments of JPEG and GIF, text chunks of PNG."""
    # Not image.text: it unpacks all pixels first, whatever their number.
    for name, value in image.info.items() if image.format == "PNG" else ():
        if isinstance(value, str) and name not in _TECHNICAL and not str(name).startswith("Raw profile"):
            yield str(name), value
    comment = image.info.get("comment")
    if isinstance(comment, bytes):
        yield "comment", comment.decode("utf-8", "replace")


def _xmp(image: Image.Image) -> bytes:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    return packet.encode("utf-8", "replace") if isinstance(packet, str) else bytes(packet)


def _position(exif: dict[int, Any]) -> str:
    """Degrees north and east, as `51.50070, -0.12460`; nothing for a camera that knew no place."""
    north = _degrees(exif, ExifTags.GPS.GPSLatitude, "S")
    east = _degrees(exif, ExifTags.GPS.GPSLongitude, "W")
    if north is None or east is None or not (abs(north) <= 90 and abs(east) <= 180) or north == east == 0:
        return ""
    return f"{north:.5f}, {east:.5f}"


def _degrees(exif: dict[int, Any], tag: int, negative: str) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in exif[0x10000 + tag])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    return -value if str(exif.get(0x10000 + tag - 1, "")).startswith(negative) else value


def _date(exif: dict[int, Any]) -> About | None:
    for tag, zone in zip(_DATES, _ZONES, strict=True):
        found = _EXIF_DATE.match(str(exif.get(tag, "")))
        if found:
            year, month, day, clock = found.groups()
            moment = iso_date(f"{year}-{month}-{day}T{clock or '00:00:00'}{str(exif.get(zone, '')).strip()}")
            if moment is not None:
                return About(content_date=moment)
    return None
