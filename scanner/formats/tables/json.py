"""A JSON document or JSON lines go in, Columns for arrays of objects and labelled Segments for the rest come out.

Documents over 64 MB are read as plain text: no key paths then, but every character.
"""

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any, TypeAlias

from scanner.encoding import decode, decode_stream
from scanner.formats.archives.nested import Leaf, Records, is_data, short_label
from scanner.formats.tables.grid import Grid, is_label
from scanner.formats.text.prose import plain_lines
from scanner.limits import MB, Budget
from scanner.model import Cut, Location, Lost, Part, Place, Reason
from scanner.segment import stream_segments

_WHOLE = 64 * MB
_LINE = 16 * MB
_CUT = MB  # bytes between two places where lines can be taken up ...
_STATE = 64 * 1024  # ... unless more must be known there
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))')
# A line break stays on its line, so that the numbers of lines stay those of the file.
_PLAIN = {"b": " ", "f": " ", "n": " ", "r": " ", "t": "\t"}
_KINDS = frozenset(("kind", "type", "label", "name", "key", "field", "system", "use"))
_BROKEN = "is not valid JSON; it was read as plain text, so check it by hand"

# An object is a tuple of pairs, so that a key that comes twice keeps both values; an array is a list.
Object: TypeAlias = tuple[tuple[str, Any], ...]


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Read one JSON document; what is not valid JSON is read as plain text and reported as damaged."""
    data = stream.read(_WHOLE + 1)
    if len(data) > _WHOLE:
        stream.seek(0)
        yield from stream_segments(unescaped(chunk) for chunk in decode_stream(stream))
        return
    text = decode(data).lstrip("\ufeff")
    if not text.strip():
        return
    try:
        value = _parse(text)
    except ValueError as error:
        # A file of JSON lines may well be called .json.
        if "\n" in text.strip() and _starts_with_json_line(text):
            stream.seek(0)
            yield from extract_lines(stream, budget)
            return
        line = f" from line {error.lineno} on" if isinstance(error, json.JSONDecodeError) else ""
        yield from plain_lines(unescaped(text))
        yield Lost("", Reason.DAMAGED, f"this file{line} {_BROKEN}")
        return
    except RecursionError:
        yield from plain_lines(unescaped(text))
        return
    records = Records(".")
    yield from _walk(value, "$", 1, records, {})
    yield from records.rest()


@dataclass(slots=True)
class _Passed:
    """What stands before a place in JSON lines: bytes, lines, those with something in them, those that are broken."""

    at: int = 0
    lines: int = 0
    filled: int = 0
    broken: int = 0


def extract_lines(stream: IO[bytes], budget: Budget) -> Iterator[Part]:  # noqa: ARG001 - a format's signature
    """Read JSON lines, one record a line, in bounded memory; rows are line numbers."""
    yield from _records_of(_lines(stream), Records("."), {}, _Passed())


def extract_lines_from(stream: IO[bytes], budget: Budget, place: Place) -> Iterator[Part]:  # noqa: ARG001
    """The same from one of its cuts on."""
    passed = _Passed(*map(int, place[:4]))
    tables, counts = json.loads(str(place[4]))
    stream.seek(passed.at)
    yield from _records_of(_narrow_lines(stream), Records(".", tables), counts, passed)


def _records_of(
    lines: Iterator[tuple[str, int]], records: Records, counts: dict[str, int], passed: _Passed
) -> Iterator[Part]:
    """Parts of lines, each with the place behind it; `counts` are of nested records.

    Where arrays of values may be a table whose heading stands anywhere above, no cut is made.
    """
    grid: Grid | None = None
    for line, behind in lines:
        passed.lines += 1
        text = line.strip().strip("\ufeff\x1e")
        passed.filled += bool(text)
        try:
            value = _parse(text) if text else ()
        except (ValueError, RecursionError) as error:
            passed.broken += isinstance(error, ValueError)
            yield from plain_lines(unescaped(text), first_line=passed.lines)
        else:
            if isinstance(value, list) and _is_flat(value):
                grid = grid or Grid(Location())
                yield from grid.add(passed.lines, _cells(value))
            elif text:
                counts[""] = passed.lines - 1
                yield from _walk([value], "", passed.lines, records, counts)
        if behind - passed.at >= _CUT and grid is None:
            passed.at = behind
            yield from records.rest()
            state = json.dumps([records.printed(), counts])
            if len(state) <= _STATE:
                yield Cut((passed.at, passed.lines, passed.filled, passed.broken, state), passed.at)
    yield from records.rest()
    yield from grid.close() if grid else ()
    if passed.broken:
        words = f"{passed.broken} of {passed.filled} lines are not valid JSON; read as plain text"
        yield Lost("", Reason.DAMAGED, words)


def unescaped(text: str) -> str:
    """JSON text with its escapes resolved, so that a broken document shows an address as a reader would see it."""
    return _ESCAPE.sub(_character, text)


def _character(escape: re.Match[str]) -> str:
    if escape[1]:
        char = chr(int(escape[1], 16))
        return "\ufffd" if "\ud800" <= char <= "\udfff" else char
    return _PLAIN.get(escape[2], escape[2])


def _parse(text: str) -> Any:
    """Numbers stay as they are written: leading digits, long account numbers and 1.10 survive."""
    keep: Callable[[str], str] = str
    return json.loads(
        text, parse_int=keep, parse_float=keep, parse_constant=lambda _: None, object_pairs_hook=tuple, strict=False
    )


def _starts_with_json_line(text: str) -> bool:
    try:
        _parse(text.lstrip().split("\n", 1)[0])
    except (ValueError, RecursionError):
        return False
    return True


def _lines(stream: IO[bytes]) -> Iterator[tuple[str, int]]:
    """Lines, and where each ends in the stream; 0 where nobody knows."""
    head = stream.read(4)
    stream.seek(0)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in head:
        wide = (
            "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-16-le" if head[1:2] == b"\0" else "utf-16-be")
        )
        return ((line, 0) for line in io.TextIOWrapper(stream, encoding=wide, errors="replace"))
    return _narrow_lines(stream)


def _narrow_lines(stream: IO[bytes]) -> Iterator[tuple[str, int]]:
    behind = stream.tell()
    while line := stream.readline(_LINE):
        behind += len(line)
        try:
            yield line.decode("utf-8"), behind
        except UnicodeDecodeError:
            yield decode(line), behind


@dataclass(frozen=True, slots=True)
class _Record:
    """An object that is a record of its own."""

    pairs: Object


@dataclass(slots=True)
class _Frame:
    """One open object or array. Frames of one record share its `leaves`; the one that owns them hands them on."""

    entries: Iterator[tuple[str, Any]]
    path: str
    steps: tuple[str, ...]
    leaves: list[Leaf] = field(default_factory=list)
    row: int = 0  # 0: part of the record of the frame above
    inside: bool = False  # below a record that is one of several


def _walk(value: Any, root: str, row: int, records: Records, counts: dict[str, int]) -> Iterator[Part]:
    """Hand every scalar of the document to the records. A stack of our own: depth must not matter."""
    stack = [_Frame(iter((("", value),)), root, (), row=row)]
    while stack:
        frame = stack[-1]
        for key, inner in frame.entries:
            if isinstance(inner, str):
                name = _name(frame, key)
                if inner:
                    frame.leaves.append((short_label((*frame.steps, name)), inner))
            elif isinstance(inner, _Record):
                counts[frame.path] = counts.get(frame.path, 0) + 1
                stack.append(_Frame(iter(inner.pairs), frame.path, (), row=counts[frame.path], inside=True))
                break
            elif isinstance(inner, tuple | list) and inner:
                name = _name(frame, key)
                path = f"{frame.path}.{name}" if name and frame.path else name or frame.path
                if _is_matrix(inner):
                    yield from _matrix(list(inner), path)
                else:
                    stack.append(_inner(frame, name, path, inner))
                    break
            else:  # null, true, {} ...: nothing but the key may be data
                _name(frame, key)
        else:
            stack.pop()
            if frame.row:
                yield from records.add(frame.path, frame.row, frame.leaves)


def _name(frame: _Frame, key: str) -> str:
    """The key as a step of labels and paths; a key that is itself a value is read as one and replaced."""
    if not is_data(key):
        return key
    frame.leaves.append((short_label((*frame.steps, "key")), key))
    return "*"


def _inner(frame: _Frame, name: str, path: str, value: Any) -> _Frame:
    """The frame for an object or an array: part of the record around it, or a list of records."""
    steps = (*frame.steps, name)
    if isinstance(value, tuple):
        if not _is_map(value, frame.inside):
            return _Frame(iter(value), path, steps, frame.leaves, inside=frame.inside)
        # A map of objects by id or name is a table whose key is one more column.
        value = [(("key", key), *inner) for key, inner in value]
    return _Frame(_members(value, frame.inside), path, steps, frame.leaves, inside=frame.inside)


def _is_map(value: Object, inside: bool) -> bool:
    if len(value) < 2 or not all(isinstance(inner, tuple) and inner for _, inner in value):
        return False
    keys = [{key for key, _ in inner} for _, inner in value]
    alike = all(len(own & keys[0]) * 2 > len(keys[0]) for own in keys)
    return alike and (any(is_data(key) for key, _ in value) or (not inside and len(value) > 2))


def _members(members: list[Any], inside: bool) -> Iterator[tuple[str, Any]]:
    """Scalars and small objects belong to the record around the array; bigger objects are records of their own."""
    for member in members:
        if not isinstance(member, tuple):
            yield "", member
        elif inside and len(member) <= 3 and not any(isinstance(inner, tuple | list) for _, inner in member):
            yield from _pair(member)
        else:
            yield "", _Record(member)


def _pair(member: Object) -> Iterator[tuple[str, Any]]:
    """An object like {"kind": "tel", "value": "032 304"} is one field with the name "tel"."""
    texts = [(key, text) for key, text in member if isinstance(text, str)]
    if len(texts) == 2 and texts[0][0].lower() in _KINDS and is_label(texts[0][1]) and " " not in texts[0][1]:
        yield texts[0][1], texts[1][1]
    else:
        yield from texts


def _is_matrix(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, list) and _is_flat(row) for row in value)


def _is_flat(row: list[Any]) -> bool:
    return not any(isinstance(cell, tuple | list) for cell in row)


def _cells(row: list[Any]) -> list[tuple[int, str]]:
    return [(column, cell) for column, cell in enumerate(row, start=1) if isinstance(cell, str)]


def _matrix(rows: list[list[Any]], path: str) -> Iterator[Part]:
    grid = Grid(Location.of(path=path))
    for number, row in enumerate(rows, start=1):
        yield from grid.add(number, _cells(row))
    yield from grid.close()
