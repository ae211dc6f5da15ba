"""An Outlook item, however stored, goes in as its properties; people, headers, texts and attachments come out."""

import io
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import IO, TypeAlias

from scanner.encoding import decode
from scanner.formats.mail.mail_headers import ROLES, header_text
from scanner.formats.mail.mail_segments import Alternatives, HeaderReader, body_segments, moment, plain_subject
from scanner.formats.mail.mime import headers
from scanner.formats.mail.ranges import Text
from scanner.formats.outlook import mapi_labels as label
from scanner.formats.outlook.compressed_rtf import decompressed
from scanner.formats.outlook.rtf_mail import HTML, unwrapped
from scanner.formats.text.html import text_of
from scanner.limits import MB, Budget
from scanner.model import About, Child, Location, Lost, Part, Reason, Segment
from scanner.records import role_of

Value: TypeAlias = str | bytes | int | float | tuple[str, ...]  # float = seconds since 1970
Properties: TypeAlias = Mapping[int, Value]
Named: TypeAlias = Mapping[int | str, Value]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_BODY = 2 * MB
_ID = re.compile(r"<[^<>\s]{1,998}>")
_ADDRESS = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,253}")
# An address book entry that was made for one mail: flags, kind of provider; then name, kind and address, zero-ended.
_ONE_OFF = bytes.fromhex("812b1fa4bea310199d6e00dd010f5402")
_UNICODE = 0x8000
_MOST_ENTRIES = 10_000
_WITHOUT_PERSONS = re.compile(
    r"x-ms-.*|acceptlanguage|content-.*|http://schemas\.microsoft.*|.*(?:id|guid|version|count|size|flags?|color|hash)"
    r"|urn:.*|x-mailer|user-agent|.*tracking.*|compliancetag|directdelivery.*|clientinfo|original(?:content|small).*"
    r"|original message class|retention category",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """What hangs on an item; `open` gives its bytes. `lost`: why it cannot be had."""

    name: str
    open: Callable[[], IO[bytes]]
    size: int | None = None
    hint: str = ""
    lost: tuple[Reason, str] | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """An item: mail, contact, appointment, task, note. Attachments are read one by one, when they are asked for."""

    properties: Properties
    named: Named = field(default_factory=dict)
    recipients: tuple[Properties, ...] = ()
    attachments: Iterable[Attachment] = ()


def parts(message: Message, budget: Budget) -> Iterator[Part]:
    """Everything in an item that may be about somebody."""
    reader = _Reader(message, budget)
    yield from reader.dates()
    yield from reader.people()
    yield from reader.transport_headers()
    yield from reader.fields()
    yield from reader.bodies()
    for attachment in message.attachments:
        if attachment.lost:
            yield Lost(attachment.name, *attachment.lost)
        else:
            yield Child(attachment.name, attachment.open, attachment.size, hint=attachment.hint)


def text_value(value: Value | None) -> str:
    """A value as text; "" for what is none."""
    if isinstance(value, bytes):
        return decode(value)
    if isinstance(value, tuple):
        return ", ".join(value)
    return value.strip("\0 ") if isinstance(value, str) else ""


class _Reader:
    def __init__(self, message: Message, budget: Budget) -> None:
        self._message = message
        self._properties = message.properties
        self._budget = budget
        self._thread = self._thread_of()
        self._said: set[str] = set()  # addresses and names, in lower case
        self._told: set[str] = set()  # values of fields: Outlook keeps addresses three times
        self._chars: dict[str, int] = {}
        self._persons: dict[str, int] = {}
        self._unpacked: bytes | None = None

    def _text(self, number: int) -> str:
        return text_value(self._properties.get(number))

    def _thread_of(self) -> str:
        for number in (label.REFERENCES, label.IN_REPLY_TO, label.MESSAGE_ID):
            if found := _ID.search(self._text(number)):
                return found[0]
        index = self._properties.get(label.CONVERSATION)
        if isinstance(index, bytes) and len(index) >= 22:
            return b64encode(index[:21]).decode("ascii")  # as in a Thread-Index header
        return plain_subject(self._text(label.TOPIC) or self._text(label.PLAIN_SUBJECT) or self._text(label.SUBJECT))

    def dates(self) -> Iterator[About]:
        """When it was sent, else received or made."""
        for number in (label.SUBMITTED, label.DELIVERED, label.CREATED):
            when = self._properties.get(number)
            if isinstance(when, float):
                yield About(content_date=when)
                return

    def people(self) -> Iterator[Segment]:
        """Sender, recipients and so on, each with name and address as one record."""
        yield from self._named()
        for name, role, shown, kind, address, smtp in label.PEOPLE:
            person = _person(self._text(shown), self._text(kind), self._text(address), self._text(smtp))
            # From and Sender are mostly the same person: said once, unless the words differ.
            if person and (name == "From" or person.casefold() not in self._said):
                yield from self._participant(name, role, person)
        for recipient in self._message.recipients:
            number = recipient.get(label.RECIPIENT_TYPE)
            name, role = label.RECIPIENTS.get(number & 0xF if isinstance(number, int) else 1, ("To", "to"))
            texts = (
                text_value(recipient.get(key)) for key in (label.DISPLAY_NAME, label.ADDRESS_TYPE, label.ADDRESS,
                                                           label.SMTP_ADDRESS)
            )  # fmt: skip
            if person := _person(*texts):
                yield from self._participant(name, role, person)
        if not self._message.recipients:
            for number, name, role in label.LISTS:
                for person in filter(None, map(str.strip, self._text(number).split(";"))):
                    yield from self._participant(name, role, person)
        entries = self._properties.get(label.REPLY_ENTRIES)
        for person in _one_offs(entries) if isinstance(entries, bytes) else ():
            yield from self._participant("Reply-To", "reply_to", person)

    def _named(self) -> Iterator[Segment]:
        for name, number in (("Subject", label.SUBJECT), ("Message-ID", label.MESSAGE_ID)):
            if text := self._text(number):
                yield Segment(text, Location.of(header=name), label=name, thread=self._thread)

    def _participant(self, name: str, role: str, person: str) -> Iterator[Segment]:
        self._said.add(person.casefold())
        self._said.update(found.casefold() for found in _ADDRESS.findall(person))
        self._persons[name] = number = self._persons.get(name, 0) + 1
        where = Location.of(header=name)
        yield Segment(
            person, where, first_char=self._chars.get(name, 0), label=name, record=str(where.then(n=number)), role=role,
            thread=self._thread,
        )  # fmt: skip
        self._chars[name] = self._chars.get(name, 0) + len(person) + 2

    def transport_headers(self) -> Iterator[Part]:
        """The headers with which a mail came. Addresses that the properties have said are not said again."""
        text = self._text(label.HEADERS)
        stream = io.BytesIO(text.encode("utf-8", "replace") + b"\n\n")
        reader = HeaderReader(Location.of(part="headers"), self._thread)
        cap = self._budget.limits.max_header
        for header in headers(Text(stream), (0, len(stream.getbuffer())), cap, top=True) if text else ():
            if isinstance(header, int) or header.name.lower() in {"subject", "message-id"}:
                continue
            if header.name.lower() == "date" and (when := moment(header_text(header.raw))) is not None:
                yield About(content_date=when)
            for segment in reader.read(header.name, header_text(header.raw), header.piece):
                person = segment.text.strip("\"'").casefold()
                addresses = [found.casefold() for found in _ADDRESS.findall(person)] or [person]
                if not (self._said.issuperset(addresses) and header.name.lower() in ROLES):
                    yield segment
        yield from reader.rest()

    def fields(self) -> Iterator[Segment]:
        """Fields of contacts, appointments and tasks, and those that somebody added under a name of their own."""
        is_contact = self._text(label.CLASS).upper().startswith(label.CONTACT_CLASSES)
        shown = {number: name for number, name in label.FIELDS.items() if number in self._properties}
        if is_contact and (name := self._text(label.DISPLAY_NAME) or self._text(label.SUBJECT)):
            yield self._field("Full name", name, "3001", is_contact)
        for number, name in shown.items():
            yield from self._valued(name, self._properties[number], f"{number:04x}", is_contact)
        for key, value in self._message.named.items():
            if isinstance(key, int) and key in label.LIST_MEMBERS and isinstance(value, bytes):
                for person in _one_offs(value):
                    if person.casefold() not in self._said:
                        yield from self._participant("Member", "to", person)
            elif isinstance(key, int) and key in label.NAMED:
                yield from self._valued(label.NAMED[key], value, f"{key:04x}", is_contact)
            elif isinstance(key, str) and isinstance(value, (str, tuple)) and not _WITHOUT_PERSONS.fullmatch(key):
                yield from self._valued(key, value, key, is_contact)

    def _valued(self, name: str, value: Value, place: str, is_contact: bool) -> Iterator[Segment]:
        text = text_value(value)
        if isinstance(value, float):
            text = _day(value)
        said = text.casefold() in self._said or text in self._told or text in self._text(label.HEADERS)
        if text and not said and not text.lower().startswith("/o="):
            self._told.add(text)
            yield self._field(name, text, place, is_contact)

    def _field(self, name: str, text: str, place: str, is_contact: bool) -> Segment:
        where = Location.of(property=place)
        role = role_of(name) if is_contact else ""
        record = ("contact" if role == "self" else f"contact;{role}") if is_contact else ""
        return Segment(text, where, label=name, record=record, role=role, thread=self._thread)

    def bodies(self) -> Iterator[Part]:
        """The text, and the same in HTML or RTF where it says more."""
        alternatives = Alternatives()
        is_silent = True
        for place, text in self._texts():
            is_silent = is_silent and not text.strip()
            if len(text) > _LONGEST_BODY:
                yield _member(f"{place} body", text.encode("utf-8", "replace"), "text/plain")
            elif text.strip() and not alternatives.says_nothing_new("", text):
                yield from body_segments(text, Location.of(part=place), self._thread)
        rtf = self._rtf()
        if rtf and is_silent and not unwrapped(rtf):
            yield _member("body.rtf", rtf, "application/rtf")

    def _texts(self) -> Iterator[tuple[str, str]]:
        """(name, text) of each form of the body."""
        yield "text", self._text(label.BODY)
        html = self._properties.get(label.HTML)
        if isinstance(html, str):
            yield "html", text_of(html.encode("utf-8", "replace"), "utf-8")
        elif isinstance(html, bytes) and html:
            page = self._properties.get(label.INTERNET_PAGE) or self._properties.get(label.CODE_PAGE)
            yield "html", text_of(html, charset_of(page))
        if wrapped := unwrapped(self._rtf()):
            kind, text = wrapped
            yield "rtf", text_of(text.encode("utf-8", "replace"), "utf-8") if kind == HTML else text

    def _rtf(self) -> bytes:
        if self._unpacked is None:
            packed = self._properties.get(label.RTF)
            self._unpacked = decompressed(packed, self._budget) if isinstance(packed, bytes) else b""
        return self._unpacked


def _member(name: str, data: bytes, hint: str) -> Child:
    return Child(name, partial(io.BytesIO, data), len(data), hint=hint)


def charset_of(page: Value | None) -> str:
    """The name of a code page."""
    if not isinstance(page, int) or not page:
        return ""
    return {65001: "utf-8", 1200: "utf-16-le", 20127: "us-ascii", 28591: "iso-8859-1"}.get(page, f"cp{page}")


def _person(name: str, kind: str, address: str, smtp: str) -> str:
    """`Name <address>`. An address within Exchange (/o=...) is no mail address."""
    reachable = smtp if "@" in smtp else address if "@" in address and kind.upper() != "EX" else ""
    name = name.strip("'\" ")
    if not reachable or reachable.casefold() == name.casefold():
        return reachable or name
    return f"{name} <{reachable}>" if name else reachable


def _day(seconds: float) -> str:
    try:
        return (_EPOCH + timedelta(seconds=seconds)).date().isoformat()
    except (OverflowError, ValueError):
        return ""


def _one_offs(data: bytes) -> Iterator[str]:
    """People in a list of address book entries that were made for one mail or one list."""
    at = data.find(_ONE_OFF)
    for _ in range(_MOST_ENTRIES):
        if at < 0:
            return
        start = at + len(_ONE_OFF)
        flags = int.from_bytes(data[start + 2 : start + 4], "little")
        start += 4
        encoding, zero = ("utf-16-le", b"\0\0") if flags & _UNICODE else ("cp1252", b"\0")
        texts = []
        for _ in range(3):
            end = _zero(data, start, zero)
            texts.append(data[start : min(end, start + 2000)].decode(encoding, "replace"))
            start = end + len(zero)
        if person := _person(texts[0], texts[1], texts[2], ""):
            yield person
        at = data.find(_ONE_OFF, start)


def _zero(data: bytes, at: int, zero: bytes) -> int:
    """Where a zero-ended text ends; a character of two bytes begins at an even distance."""
    end = data.find(zero, at)
    while end >= 0 and (end - at) % len(zero):
        end = data.find(zero, end + 1)
    return end if end >= 0 else len(data)
