"""A rich text file (RTF) goes in; its text with headers, notes, comments, fields, tables and embedded files comes out.

A reader of our own: striprtf leaves out headers and properties and hangs on some damaged files.
"""

import io
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import IO

from scanner.formats import formats
from scanner.formats.content_dates import plausible
from scanner.formats.office.ole import MAGIC, native
from scanner.formats.office.rtf_codes import (
    APART,
    CHARACTERS,
    CHARSETS,
    CODE_PAGES,
    IGNORED,
    LABELLED,
    PEOPLE,
    READ,
    SIGNS,
    Kind,
    Token,
    tokens,
)
from scanner.formats.office.rtf_flow import Flow, whole
from scanner.limits import MB, Budget
from scanner.model import About, Child, Location, Lost, Part, Reason, Segment
from scanner.sniff import media_type

_WHOLE = 256 * MB
_DEEPEST = 10_000
_ADDRESS = re.compile(r"@|HYPERLINK|mailto:", re.IGNORECASE)
_SHAPE_TEXTS = frozenset(("wzDescription", "gtextUNICODE", "wzTooltip"))
_DATES = ("revtim", "creatim")


@dataclass(slots=True)
class _State:
    """What a group inherits, and its end takes back. `sink` is where text goes, None = nowhere."""

    sink: list[str] | None
    flow: Flow
    encoding: str = "cp1252"
    skip: int = 1  # characters after a Unicode one that stand in for it in old programs
    group: str = ""  # what the group is: "fonts", "hex", the name of a date
    deleted: bool = False
    either: bool = False  # its first group says in other words what the next one says in Unicode
    at_end: Callable[[], Iterator[Part]] | None = None


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read all text as para=N, tables as table=N;row=N;col=N, what stands apart as header=N, footnote=N, comment=N."""
    data = stream.read(_WHOLE + 1)
    budget.charge_bytes(len(data))
    if len(data) > _WHOLE:
        yield Lost("", Reason.LIMIT, f"only the first {_WHOLE // MB} MB of this file were read")
        data = data[:_WHOLE]
    yield from _Reader(budget).read(data)


class _Reader:
    """One pass over the tokens of the file."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        main = Flow(Location())
        self._state = _State(main.text, main)
        self._main = main
        self._stack: list[_State] = []
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._page = "cp1252"
        self._counted: dict[str, int] = {}
        self._raw = bytearray()
        self._passed = 0  # stand-ins that are still to be passed over
        self._starred = False
        self._property = ""
        self._date: dict[str, int] = {}
        self._dates: dict[str, float] = {}

    def read(self, data: bytes) -> Iterator[Part]:
        """All parts; a file that is cut off is read as far as it goes."""
        for token in tokens(data):
            if token.kind is Kind.TEXT or token.kind is Kind.BYTE:
                self._bytes(token.data)
                continue
            self._flush()
            if token.kind is Kind.OPEN:
                self._open()
            elif token.kind is Kind.CLOSE:
                yield from self._close()
            elif token.kind is Kind.BINARY:
                self._put(token.data.hex() if self._state.group == "hex" else "")
            elif token.kind is Kind.SIGN:
                self._sign(token.name)
            else:
                yield from self._word(token)
        self._flush()
        cut = bool(self._stack)
        while self._stack:
            yield from self._close()
        yield from self._main.rest()
        yield from self._when()
        if cut:
            yield Lost("", Reason.DAMAGED, "this RTF file is cut off; it was read as far as possible")

    def _open(self) -> None:
        if len(self._stack) < _DEEPEST:
            self._stack.append(self._state)
            self._state = replace(self._state, at_end=None, either=False)
            if self._stack[-1].either:
                self._state.sink = None
        self._starred = False
        self._passed = 0

    def _close(self) -> Iterator[Part]:
        self._passed = 0
        if self._state.at_end is not None:
            yield from self._state.at_end()
        if self._stack:
            ended, self._state = self._state, self._stack.pop()
            if ended.flow is not self._state.flow:
                yield from ended.flow.rest()

    def _bytes(self, data: bytes) -> None:
        if self._passed:
            data, self._passed = data[self._passed :], max(0, self._passed - len(data))
        if self._state.sink is not None:
            self._raw += data

    def _flush(self) -> None:
        if self._raw:
            raw, self._raw = bytes(self._raw), bytearray()
            self._put(raw.decode(self._state.encoding, "replace"))

    def _put(self, text: str) -> None:
        if self._state.sink is not None:
            deleted = self._state.deleted and self._state.sink is self._state.flow.text
            (self._state.flow.deleted if deleted else self._state.sink).append(text)

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self._starred = True
        elif self._passed:
            self._passed -= 1
        else:
            self._put(SIGNS.get(sign, ""))

    def _word(self, token: Token) -> Iterator[Part]:
        name, number = token.name, token.number
        starred, self._starred = self._starred, False
        if name == "u" and number is not None:
            self._put(chr(number & 0xFFFF))
            self._passed = self._state.skip
        elif name in CHARACTERS:
            self._put(CHARACTERS[name])
        elif name in _MARKS:
            if self._state.sink is self._state.flow.text:
                yield from self._state.flow.mark(_MARKS[name])
        elif setting := _SETTINGS.get(name):
            setting(self, 1 if number is None else number)
        elif name in self._date or self._state.group in _DATES:
            self._date[name] = number or 0
        elif self._is_ignored(name, starred):
            if starred and name not in IGNORED and self._state.sink is not None:
                self._collect(self._state, _Reader._unknown)
            else:
                self._state.sink = None
        else:
            self._destination(name)

    def _is_ignored(self, name: str, starred: bool) -> bool:
        known = name in READ or name in APART or name in LABELLED or (name == "ud" and self._stack)
        return (name in IGNORED or (starred and not known)) and not (name == "ud" and self._ends_either())

    def _ends_either(self) -> bool:
        """The Unicode words of a pair begin: they are read where the pair stands."""
        if self._stack and self._stack[-1].either:
            self._state.sink = self._stack[-1].sink
            return True
        return False

    def _destination(self, name: str) -> None:
        """A word that makes its group something of its own."""
        state = self._state
        if state.sink is None and name not in {"pict", "objdata"}:
            return
        if name in APART:
            kind = APART[name]
            self._counted[kind] = self._counted.get(kind, 0) + 1
            state.flow = Flow(Location.of(**{kind: self._counted[kind]}))
            state.sink = state.flow.text
        elif name in LABELLED:
            state.sink = []
            state.at_end = partial(self._labelled, LABELLED[name], state.sink)
        elif collected := _COLLECTED.get(name):
            self._collect(state, collected)
            state.group = "hex" if name in {"pict", "objdata"} else ""
        elif name == "fonttbl":
            state.sink, state.group = None, "fonts"
        elif name in _DATES:
            state.sink, state.group = None, name
            self._date = {}
            state.at_end = partial(self._dated, name)
        elif name == "upr":
            state.either = True

    def _collect(self, state: _State, at_end: "Callable[[_Reader, list[str], Flow], Iterator[Part]]") -> None:
        state.sink = []
        state.at_end = partial(at_end, self, state.sink, state.flow)

    def _unknown(self, sink: list[str], flow: Flow) -> Iterator[Part]:
        """A group of some program's own, which others may pass over: an address in it is read all the same."""
        text = whole("".join(sink)).strip()
        if "@" in text:
            flow.aside.append(text)
        yield from ()

    def _set_page(self, number: int) -> None:
        name = CODE_PAGES.get(number, f"cp{number}")
        try:
            b"a".decode(name)
        except LookupError:
            return
        self._page = self._state.encoding = name

    def _set_font(self, number: int) -> None:
        if self._state.group == "fonts":
            self._font = number
        else:
            self._state.encoding = self._fonts.get(number, self._page)

    def _set_charset(self, number: int) -> None:
        if self._state.group == "fonts" and number in CHARSETS:
            self._fonts[self._font] = CHARSETS[number]

    def _labelled(self, label: str, sink: list[str]) -> Iterator[Part]:
        text = whole("".join(sink)).strip(" ;")
        if text:
            self._counted[label] = self._counted.get(label, 0) + 1
            where = Location.of(part="properties", property=label, number=self._counted[label])
            role = "author" if label in PEOPLE else ""
            yield Segment(text, where, label=label, record=role and str(where), role=role)

    def _revisers(self, sink: list[str], _flow: Flow) -> Iterator[Part]:
        for person in whole("".join(sink)).split(";"):
            if person.strip() not in {"", "Unknown"}:
                yield from self._labelled("author", [person])

    def _field(self, sink: list[str], flow: Flow) -> Iterator[Part]:
        instruction = whole("".join(sink)).strip()
        if _ADDRESS.search(instruction):
            flow.aside.append(instruction)
        yield from ()

    def _shape_name(self, sink: list[str], _flow: Flow) -> Iterator[Part]:
        self._property = whole("".join(sink)).strip()
        yield from ()

    def _shape_value(self, sink: list[str], flow: Flow) -> Iterator[Part]:
        text = whole("".join(sink)).strip()
        if self._property in _SHAPE_TEXTS and text:
            flow.aside.append(text)
        yield from ()

    def _picture(self, sink: list[str], _flow: Flow) -> Iterator[Part]:
        data = _unhexed(sink)
        if data and media_type(data[:1024], "") in formats():
            yield self._member("picture", data)

    def _object(self, sink: list[str], _flow: Flow) -> Iterator[Part]:
        """An embedded file behind its name, its topic and its item ([MS-OLEDS] 2.2.4)."""
        data = _unhexed(sink)
        at = 8
        try:
            for _ in range(3):
                at += 4 + int(struct.unpack_from("<L", data, at)[0])
            content = data[at + 4 : at + 4 + struct.unpack_from("<L", data, at)[0]]
        except struct.error:
            return
        if content.startswith(MAGIC):
            yield self._member("object", content)
        elif b"Package\0" in data[:64]:
            self._budget.charge_member()
            yield from native(b"\0\0\0\0" + content, "object")

    def _member(self, kind: str, data: bytes) -> Child:
        self._budget.charge_member()
        self._counted[kind] = self._counted.get(kind, 0) + 1
        return Child(f"{kind}{self._counted[kind]}", partial(io.BytesIO, data), len(data))

    def _dated(self, name: str) -> Iterator[Part]:
        found, self._date = self._date, {}
        try:
            when = datetime(
                found["yr"], found["mo"], found["dy"], found.get("hr", 0), found.get("min", 0), tzinfo=UTC
            ).timestamp()
        except (KeyError, ValueError, OverflowError):
            return
        if plausible(when) is not None:
            self._dates.setdefault(name, when)
        yield from ()

    def _when(self) -> Iterator[Part]:
        for name in _DATES:
            if name in self._dates:
                yield About(content_date=self._dates[name])
                return


def _unhexed(sink: list[str]) -> bytes:
    digits = re.sub(r"[^0-9a-fA-F]", "", "".join(sink))
    return bytes.fromhex(digits[: len(digits) & ~1])


def _set_skip(reader: _Reader, number: int) -> None:
    reader._state.skip = min(max(number, 0), 100)


def _set_deleted(reader: _Reader, number: int) -> None:
    reader._state.deleted = bool(number)


def _set_table(reader: _Reader, number: int) -> None:
    reader._state.flow.in_table = bool(number)


def _plain(reader: _Reader, _: int) -> None:
    reader._state.deleted = False
    reader._state.encoding = reader._page


_COLLECTED: dict[str, Callable[[_Reader, list[str], Flow], Iterator[Part]]] = {
    "fldinst": _Reader._field,
    "revtbl": _Reader._revisers,
    "sn": _Reader._shape_name,
    "sv": _Reader._shape_value,
    "pict": _Reader._picture,
    "objdata": _Reader._object,
}
_MARKS = {"par": "\r", "sect": "\r", "page": "\r", "cell": "\x07", "row": "\x08"}
_SETTINGS: dict[str, Callable[[_Reader, int], None]] = {
    "ansicpg": _Reader._set_page,
    "mac": lambda reader, _: reader._set_page(10000),
    "pc": lambda reader, _: reader._set_page(437),
    "pca": lambda reader, _: reader._set_page(850),
    "f": _Reader._set_font,
    "fcharset": _Reader._set_charset,
    "uc": _set_skip,
    "deleted": _set_deleted,
    "plain": _plain,
    "intbl": _set_table,
    "pard": lambda reader, _: _set_table(reader, 0),
}
