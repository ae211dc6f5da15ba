"""What a worker tells goes in, bytes go through its pipe, and only what a worker may tell comes out at the other end.

No pickle: whoever takes over a parser writes into this pipe, and unpickling what comes would run it in the parent. And
nothing that unpacks to much more than it is.
"""

import json
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, TypeAlias, get_args, get_type_hints

import pyarrow as pa

from scanner.executors.tables import STEP, Layout, put, take
from scanner.messages import Begun, Mark, Message, Outcome, Pulse, Rows, Surveyed
from scanner.model import Reason, Status
from scanner.rows import part_schema
from scanner.slices import Survey

LONGEST = 128 * 1024 * 1024  # a message of twenty-three thousand findings with their keys took 18 MB
LONGEST_LINE = 8 * 1024 * 1024  # read, the worst of it takes twenty times as much
_HEAD = struct.Struct("!I")
_WHOLE = 1 << 63
_SECONDS = 1e11  # a time beyond this is none
# What reading nonsense raises; Arrow's own errors are kinds of the first three.
_UNREADABLE = (
    ValueError,
    OSError,
    MemoryError,
    TypeError,
    KeyError,
    IndexError,
    OverflowError,
    RecursionError,
    StopIteration,
    struct.error,
    pa.ArrowException,
)
_LONE = re.compile(r"\\u[dD][89a-fA-F]")


class GarbledError(Exception):
    """No worker of ours wrote that."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A worker has loaded all that it needs; `sandbox` is what it gave up before (scanner/sandbox)."""

    pid: int
    sandbox: str = ""


# Why it cannot work at all; that it is ready; what it tells of item number so and so (None = that is all).
Answer: TypeAlias = str | Ready | tuple[int, Message | None]


def pack(answer: Answer) -> bytes:
    """An answer as bytes: the length of a line of JSON, that line, and behind it the tables of Rows."""
    tables = b""
    if isinstance(answer, str):
        told: list[Any] = ["refused", answer]
    elif isinstance(answer, Ready):
        told = ["ready", answer.pid, answer.sandbox]
    else:
        top, message = answer
        told = ["told", top, *_told(message)]
        if isinstance(message, Rows):
            (findings, first), (keys, second) = put(message.findings), put(message.keys)
            told += [findings, keys, len(first)]
            tables = first + second
    # A lone surrogate has no bytes: a name that holds one must not make its file unreadable.
    line = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
    line += b" " * (-(_HEAD.size + len(line)) % STEP)  # tables begin where a number of any type may stand
    return _HEAD.pack(len(line)) + line + tables


def unpack(raw: bytes) -> Answer:
    """The inverse of pack(); raises GarbledError for whatever pack() cannot have made."""
    try:
        text, tables = _line(raw)
        told = json.loads(text)
        if _LONE.search(text):
            json.dumps(told, ensure_ascii=False).encode("utf-8")
        return _answer(told, tables)
    except GarbledError:
        raise
    except _UNREADABLE as error:
        raise GarbledError(type(error).__name__) from error


def _line(raw: bytes) -> tuple[str, memoryview]:
    (length,) = _HEAD.unpack_from(raw)
    if length > LONGEST_LINE:
        raise GarbledError("a line that is too long")
    end = _HEAD.size + length
    return raw[_HEAD.size : end].decode("utf-8"), memoryview(raw)[end:]


def _told(message: Message | None) -> list[Any]:
    match message:
        case None:
            told: list[Any] = ["end"]
        case Begun():
            told = ["begun", message.path]
        case Pulse():
            told = ["pulse", message.characters]
        case Mark():
            told = ["mark", message.path, message.place, message.budget, message.progress]
        case Surveyed():
            told = ["surveyed", message.survey.printed()]
        case Rows():
            told = ["rows"]
        case Outcome():
            told = ["outcome", [getattr(message, field.name) for field in fields(Outcome)]]
    return told


def _answer(told: Any, tables: memoryview) -> Answer:
    kind, *rest = _checked(told, list)
    if kind == "refused":
        (why,) = rest
        return str(_checked(why, str))
    if kind == "ready":
        pid, sandbox = rest
        return Ready(_checked(pid, int), _checked(sandbox, str))
    if kind != "told":
        raise GarbledError("no such answer")
    top, name, *values = rest
    return _checked(top, int), None if name == "end" else _MESSAGES[name](values, tables)


def _begun(values: list[Any], _: memoryview) -> Message:
    (path,) = values
    return Begun(_checked(path, str))


def _pulse(values: list[Any], _: memoryview) -> Message:
    (characters,) = values
    return Pulse(_checked(characters, int))


def _mark(values: list[Any], _: memoryview) -> Message:
    path, place, budget, progress = values
    steps = tuple(_checked(step, int, str) for step in _checked(place, list))
    spent = tuple(_checked(number, int) for number in _checked(budget, list))
    return Mark(_checked(path, str), steps, spent, _checked(progress, str))


def _surveyed(values: list[Any], _: memoryview) -> Message:
    (printed,) = values
    return Surveyed(Survey.parse(_checked(printed, str)))


def _rows(values: list[Any], tables: memoryview) -> Message:
    findings, keys, length = values
    if not 0 <= _checked(length, int) <= len(tables):
        raise GarbledError("tables that are not what came")
    return Rows(
        take(_layout(findings), tables[:length], part_schema("findings")),
        take(_layout(keys), tables[length:], part_schema("keys")),
    )


def _layout(value: Any) -> Layout:
    lengths, sizes = _checked(value, list)
    for numbers in (lengths, sizes):
        if not {int}.issuperset(map(type, _checked(numbers, list))):
            raise GarbledError("a size that is no number")
        if not -_WHOLE <= min(numbers, default=0) <= max(numbers, default=0) < _WHOLE:
            raise GarbledError("a number out of range")
    return lengths, sizes


def _outcome(values: list[Any], _: memoryview) -> Message:
    (told,) = values
    read: dict[str, Any] = {}
    for (name, kinds), value in zip(_outcome_kinds(), told, strict=True):
        if name == "losses":
            read[name] = tuple((Reason(reason), str(_checked(detail, str))) for reason, detail in value)
        elif name == "status":
            read[name] = Status(value)
        elif name == "reason":
            read[name] = None if value is None else Reason(value)
        else:
            read[name] = _checked(value, *kinds)
    return Outcome(**read)


_MESSAGES: dict[str, Callable[[list[Any], memoryview], Message]] = {
    "begun": _begun, "pulse": _pulse, "mark": _mark, "surveyed": _surveyed, "rows": _rows, "outcome": _outcome,
}  # fmt: skip


@cache
def _outcome_kinds() -> tuple[tuple[str, tuple[type, ...]], ...]:
    """Name and types of each field of an Outcome."""
    hints = get_type_hints(Outcome)
    return tuple((field.name, get_args(hints[field.name]) or (hints[field.name],)) for field in fields(Outcome))


def _checked(value: Any, *kinds: type) -> Any:
    """A value of one of these types and of a size that every file and table takes."""
    exact = type(value)
    if exact not in kinds and not (exact is int and float in kinds):
        raise GarbledError("a value of another type")
    if (exact is int and not -_WHOLE <= value < _WHOLE) or (exact is float and not -_SECONDS < value < _SECONDS):
        raise GarbledError("a number out of range")
    return value
