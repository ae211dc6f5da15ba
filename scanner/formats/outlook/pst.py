"""An Outlook mailbox (PST, OST) goes in; every item in it comes out as a Child named by its folder and its number."""

import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, Any

import pypff

from scanner.formats.mail.transfer import Decoded
from scanner.formats.outlook import mapi_labels as label
from scanner.formats.outlook.mapi import Attachment, Message, Value, charset_of
from scanner.formats.outlook.mapi_bundle import bundled
from scanner.formats.outlook.mapi_values import BINARY, MULTIPLE, STRING8, UNICODE, names, split_named, value
from scanner.formats.outlook.msg import attachment_hint, attachment_name
from scanner.limits import Budget
from scanner.model import Child, Lost, Part, Reason, Skip, Tally

_BLOCK = 64 * 1024
_HINT = "application/vnd.ms-outlook"
_SEARCH_FOLDER, _KIND = 3, 31  # what a search folder lists lies in other folders
_ITEM_KINDS = frozenset((4, 8))  # items, and the settings and rules that folders keep in the same form
_COUNT, _SETTINGS_COUNT = 0x3602, 0x3617
_DEEPEST = 100
_CLOSED = 0x10  # Windows Information Protection: only Windows has the key
_METHOD_AT = {14: 461, 15: 461, 21: 513, 23: 513, 36: 513}  # by version: where the header says how it is encrypted
# What libpff raises for broken blocks, and for values that are not what they are said to be.
_BROKEN = (OSError, ValueError, OverflowError, MemoryError, SystemError, UnicodeError)


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read item by item, folder by folder, then those that no folder lists any more."""
    yield from extract_from(stream, budget, ())


def extract_from(stream: IO[bytes], budget: Budget, place: tuple[int, ...]) -> Iterator[Part]:
    """The same, behind the items at `place`: how many there are, and how many of them could be given."""
    header = stream.read(600)
    method = _METHOD_AT.get(int.from_bytes(header[10:12], "little"), 0)
    if method and header[method : method + 1] == bytes([_CLOSED]):
        raise Skip(Reason.ENCRYPTED, "protected by Windows; open it on a computer of its owner and export it anew")
    stream.seek(0)
    file = pypff.file()
    try:
        file.open_file_object(stream)
    except _BROKEN as error:
        raise Skip(Reason.DAMAGED, "this Outlook mailbox is damaged: its index cannot be read") from error
    try:
        yield from _Mailbox(file, budget).parts(place)
    finally:
        file.close()


class _Mailbox:
    """One pass over the folders."""

    def __init__(self, file: Any, budget: Budget) -> None:
        self._file = file
        self._budget = budget
        self._left = 2 * budget.packed_size  # bytes that stand in the file as they are: giving them out is no bomb
        self._expected = self._emitted = 0
        self._known = self._names()

    def _names(self) -> dict[int, int | str]:
        try:
            table = _Reading().properties(self._file.name_to_id_map, "")
        except _BROKEN:
            return {}
        entries, texts = table.get(3), table.get(4)
        return names(entries, texts) if isinstance(entries, bytes) and isinstance(texts, bytes) else {}

    def parts(self, place: tuple[int, ...]) -> Iterator[Part]:
        """All items but the first place[0], of which place[1] could be given; then the count of them."""
        done, self._emitted = place or (0, 0)
        number = 0
        for found in self._items():
            if isinstance(found, Lost):
                if number > done or not place:
                    yield found
                continue
            number += 1
            if number > done:
                yield from self._member(*found, (number - 1, self._emitted))
        if self._expected > number:
            yield Lost("", Reason.DAMAGED, f"{self._expected - number} items that folders count are not in their lists")
        yield Tally(max(self._expected, number), self._emitted)

    def _items(self) -> Iterator["tuple[str, Any] | Lost"]:
        """(name, item) of every item, and what could not be listed."""
        try:
            root = self._file.get_root_folder()
        except _BROKEN:
            root = None
            yield Lost("", Reason.DAMAGED, "the list of folders cannot be read")
        seen: set[int] = set()
        waiting = [("", root, 0)] if root is not None else []
        while waiting:
            path, folder, depth = waiting.pop()
            listed: list[tuple[str, Any, int]] = []
            for inner in self._folder(path, folder, seen):
                if isinstance(inner, (Lost, tuple)):
                    yield inner
                elif depth < _DEEPEST:
                    listed.append((_below(path, _name(inner)), inner, depth + 1))
            waiting.extend(reversed(listed))
        yield from self._orphans(seen)

    def _folder(self, path: str, folder: Any, seen: set[int]) -> Iterator[Any]:
        """Items of a folder as (name, item), folders within it as they are, and what is lost."""
        items = 0
        for index in range(_number(folder, "number_of_sub_items")):
            try:
                inner = folder.get_sub_item(index)
                kind, number = inner.identifier & _KIND, inner.identifier
            except _BROKEN:
                yield Lost("", Reason.DAMAGED, "items of a folder cannot be read")
                continue
            if number in seen or kind == _SEARCH_FOLDER:
                continue
            seen.add(number)
            if kind in _ITEM_KINDS:
                items += 1
                yield _below(path, str(number)), inner
            elif hasattr(inner, "number_of_sub_folders"):
                yield inner
        said = _Reading().properties(folder, "") if items else {}
        counts = [said.get(number) for number in (_COUNT, _SETTINGS_COUNT)]
        self._expected += max(items, sum(count for count in counts if isinstance(count, int) and 0 < count < 1 << 31))

    def _orphans(self, seen: set[int]) -> Iterator["tuple[str, Any] | Lost"]:
        """Items that no folder lists any more: deleted, and not yet written over."""
        for index in range(_number(self._file, "number_of_orphan_items")):
            try:
                item = self._file.get_orphan_item(index)
                kind, number = item.identifier & _KIND, item.identifier
            except _BROKEN:
                yield Lost("", Reason.DAMAGED, "items outside of all folders cannot be read")
                continue
            if kind in _ITEM_KINDS and number not in seen:
                seen.add(number)
                self._expected += 1
                yield f"orphans/{number}", item

    def _member(self, name: str, item: Any, place: tuple[int, ...]) -> Iterator[Part]:
        try:
            message, size = self._message(item)
        except _BROKEN:
            yield Lost(name, Reason.DAMAGED, "this item cannot be read")
            return
        budget = self._budget
        extracted, kept = budget.extracted, budget.kept
        yield Child(name, partial(bundled, lambda: message), hint=_HINT, place=place)
        self._emitted += 1
        given = min(size(), self._left)
        self._left -= given
        budget.extracted, budget.kept = max(extracted, budget.extracted - given), max(kept, budget.kept - given)

    def _message(self, item: Any) -> tuple[Message, Callable[[], int]]:
        """An item, and how many of its bytes have been read so far."""
        reading = _Reading()
        return self._read(item, reading), lambda: reading.size

    def _read(self, item: Any, reading: "_Reading") -> Message:
        raw = reading.properties(item, "")
        page = raw.get(label.CODE_PAGE) or raw.get(label.INTERNET_PAGE)
        charset = charset_of(page) or "cp1252"
        properties, named = split_named(reading.properties(item, charset), self._known)
        recipients = tuple(reading.tables(getattr(item, "recipients", None), charset))
        return Message(properties, named, recipients, self._attachments(item, charset, reading))

    def _attachments(self, item: Any, charset: str, reading: "_Reading") -> Iterator[Attachment]:
        if reading.broken:
            yield Attachment("", io.BytesIO, lost=(Reason.DAMAGED, "a part of this item cannot be read"))
        for index in range(_number(item, "number_of_attachments")):
            try:
                yield self._attachment(item.get_attachment(index), charset, reading)
            except _BROKEN:
                lost = (Reason.DAMAGED, "this attachment cannot be read")
                yield Attachment(f"attachment {index + 1}", io.BytesIO, lost=lost)

    def _attachment(self, attachment: Any, charset: str, reading: "_Reading") -> Attachment:
        properties = reading.properties(attachment, charset, without=label.DATA)
        name = attachment_name(properties)
        method = properties.get(label.METHOD)
        if method == label.EMBEDDED_MESSAGE and _number(attachment, "number_of_sub_items"):
            inner = attachment.get_sub_item(0)
            return Attachment(name or "message", partial(bundled, partial(self._read, inner, reading)))
        if method in label.BY_REFERENCE and not _number(attachment, "size"):
            return Attachment(name, io.BytesIO, lost=(Reason.UNSUPPORTED, "only a link to this file was sent"))
        size = attachment.size
        return Attachment(name, partial(reading.opened, attachment), size, attachment_hint(properties))


class _Reading:
    """The reading of one item: how many bytes came, and whether some could not be had."""

    def __init__(self) -> None:
        self.size = 0
        self.broken = False

    def properties(self, item: Any, charset: str, without: int = 0) -> dict[int, Value]:
        """The properties of an item; of several sets, such as rows of a table, the last."""
        found: dict[int, Value] = {}
        for index in range(_number(item, "number_of_record_sets")):
            found |= self._set(item.get_record_set(index), charset, without)
        return found

    def tables(self, rows: Any, charset: str) -> Iterator[dict[int, Value]]:
        """Each row of a table, such as the recipients, as properties of its own."""
        for index in range(_number(rows, "number_of_record_sets")):
            try:
                yield self._set(rows.get_record_set(index), charset, 0)
            except _BROKEN:
                self.broken = True

    def _set(self, rows: Any, charset: str, without: int) -> dict[int, Value]:
        found: dict[int, Value] = {}
        for index in range(_number(rows, "number_of_entries")):
            try:
                entry = rows.get_entry(index)
                number, kind = entry.entry_type, entry.value_type
                data = b"" if number is None or number == without else entry.data
            except _BROKEN:
                self.broken = True
                continue
            if data:
                self.size += len(data)
                said = _texts(kind, data, charset) if kind & MULTIPLE else value(kind, data, charset)
                if said is not None:
                    found[number] = _subject(said) if number == label.SUBJECT else said
        return found

    def opened(self, attachment: Any) -> IO[bytes]:
        """The bytes of an attachment."""
        return io.BufferedReader(Decoded(self._blocks(attachment)), _BLOCK)

    def _blocks(self, attachment: Any) -> Iterator[bytes]:
        attachment.seek_offset(0, io.SEEK_SET)
        while block := attachment.read_buffer(_BLOCK):
            self.size += len(block)
            yield block


def _texts(kind: int, data: bytes, charset: str) -> Value | None:
    """Several values: their count, where each begins, then they themselves."""
    single = kind & ~MULTIPLE
    if single not in {STRING8, UNICODE, BINARY}:
        return None
    count = int.from_bytes(data[:4], "little")
    starts = [int.from_bytes(data[at : at + 4], "little") for at in range(4, min(4 + 4 * count, len(data) - 3), 4)]
    pieces = [data[start:end] for start, end in zip(starts, [*starts[1:], len(data)], strict=False)]
    return b"".join(pieces) if single == BINARY else tuple(str(value(single, piece, charset)) for piece in pieces)


def _subject(said: Value) -> Value:
    """Without the two signs that tell how long its `Re:` is."""
    return said[2:] if isinstance(said, str) and said.startswith("\x01") else said


def _number(item: Any, name: str) -> int:
    """A count that the library may be unable to give."""
    try:
        return int(getattr(item, name, 0) or 0)
    except _BROKEN:
        return 0


def _name(folder: Any) -> str:
    try:
        return str(folder.name or "")
    except _BROKEN:
        return ""


def _below(path: str, name: str) -> str:
    name = name.replace("/", "_")
    return f"{path}/{name}" if path and name else path or name
