"""The property streams of an OLE file (SummaryInformation) go in; author, title, dates and the like come out."""

import codecs
import struct
from collections.abc import Iterator
from typing import TypeAlias

from scanner.encoding import decode
from scanner.formats.content_dates import filetime
from scanner.model import About, Location, Part, Segment

Value: TypeAlias = str | float

_UTF_16 = 1200
_MOST = 500  # properties of a section
_LONGEST = 64 * 1024
# [MS-OLEPS] 3.1: property identifiers of SummaryInformation, and of DocumentSummaryInformation.
_SUMMARY = {
    2: "title", 3: "subject", 4: "author", 5: "keywords", 6: "comments", 8: "last modified by", 11: "printed",
    12: "created", 13: "modified",
}  # fmt: skip
_DOCUMENT = {2: "category", 14: "manager", 15: "company", 26: "content type", 27: "status"}
_PEOPLE = frozenset(("author", "last modified by", "manager"))
_DATES = ("modified", "created")
_TECHNICAL = frozenset((0, 1, -2147483648))  # dictionary, code page and locale


def summary(data: bytes) -> Iterator[Part]:
    """Parts of a SummaryInformation stream, and the date of the document. A damaged stream gives what can be read."""
    found = dict(_named(data, 0, _SUMMARY))
    for label, value in found.items():
        if isinstance(value, str):
            yield from _said(label, value)
    for label in _DATES:
        if isinstance(date := found.get(label), float):
            yield About(content_date=date)
            return


def document_summary(data: bytes) -> Iterator[Part]:
    """Parts of a DocumentSummaryInformation stream: company, manager, and what the users named themselves."""
    for label, value in _named(data, 0, _DOCUMENT):
        if isinstance(value, str):
            yield from _said(label, value)
    for label, value in _named(data, 1, None):
        if isinstance(value, str):
            yield from _said(label, value)


def code_page(data: bytes) -> str:
    """Python's name of the encoding of a SummaryInformation stream, cp1252 when it says none or an unusable one."""
    try:
        (start,) = struct.unpack_from("<L", data, 44)
        (number,) = struct.unpack_from("<L", data, start + 4)
        table = dict(struct.unpack_from("<lL", data, start + 8 + i * 8) for i in range(min(number, _MOST)))
        name = _encoding(_code_page(data, start + table[1]))
        return codecs.lookup(name).name if name != "cp1200" else "cp1252"
    except (struct.error, KeyError, LookupError):
        return "cp1252"


def _encoding(page: int) -> str:
    names = {65001: "utf-8", 10000: "mac_roman", 932: "shift_jis", 936: "gbk", 949: "cp949", 950: "big5"}
    return names.get(page, f"cp{page}")


def _said(label: str, value: str) -> Iterator[Segment]:
    text = value.strip("\0 \r\n\t")
    if text:
        role = "author" if label in _PEOPLE else ""
        where = Location.of(part="properties", property=label)
        yield Segment(text, where, label=label, record=role and label, role=role)


def _named(data: bytes, section: int, names: dict[int, str] | None) -> Iterator[tuple[str, Value]]:
    """(name, value) of one section; `names` None: the section has a dictionary of its own names."""
    try:
        (count,) = struct.unpack_from("<L", data, 24)
        if section >= count:
            return
        (start,) = struct.unpack_from("<L", data, 28 + section * 20 + 16)
        (number,) = struct.unpack_from("<L", data, start + 4)
        table = [struct.unpack_from("<lL", data, start + 8 + i * 8) for i in range(min(number, _MOST))]
    except struct.error:
        return
    places = {key: start + offset for key, offset in table}
    page = _code_page(data, places.get(1, 0))
    if names is None:
        names = _dictionary(data, places.get(0, 0), page)
    for key, place in places.items():
        if key in names and key not in _TECHNICAL:
            try:
                value = _value(data, place, page)
            except (struct.error, IndexError):
                continue
            if value is not None:
                yield names[key], value


def _code_page(data: bytes, place: int) -> int:
    try:
        return int(struct.unpack_from("<H", data, place + 4)[0]) if place else 1252
    except struct.error:
        return 1252


def _dictionary(data: bytes, place: int, page: int) -> dict[int, str]:
    names: dict[int, str] = {}
    try:
        (count,) = struct.unpack_from("<L", data, place)
        at = place + 4
        for _ in range(min(count, _MOST) if place else 0):
            key, length = struct.unpack_from("<lL", data, at)
            size = length * 2 if page == _UTF_16 else length
            if size > 1024:
                break
            names[key] = _text(data[at + 8 : at + 8 + size], page)
            at += 8 + (size + 3 & ~3 if page == _UTF_16 else size)
    except struct.error:
        pass
    return names


def _value(data: bytes, place: int, page: int) -> Value | None:
    (kind,) = struct.unpack_from("<H", data, place)
    if kind == 64:
        return filetime(struct.unpack_from("<Q", data, place + 4)[0])
    if kind in {30, 31}:
        (length,) = struct.unpack_from("<L", data, place + 4)
        size = min(length * 2 if kind == 31 else length, _LONGEST)
        return _text(data[place + 8 : place + 8 + size], _UTF_16 if kind == 31 else page)
    if kind in {2, 3}:
        return str(struct.unpack_from("<h" if kind == 2 else "<l", data, place + 4)[0])
    return None


def _text(raw: bytes, page: int) -> str:
    if page == _UTF_16:
        return raw.decode("utf-16-le", "replace").partition("\0")[0]
    raw = raw.partition(b"\0")[0]
    return decode(raw, _encoding(page))
