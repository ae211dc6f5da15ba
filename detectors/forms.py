"""A text goes in, its filled-in forms come out: blocks of `Label: value` lines, each about one person's slot."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from detectors.labels import expected_types, form_types, is_alone, label_words

_LONGEST_TEXT = 256 * 1024
_LINE = re.compile(
    r"^[ \t>]{0,12}(?:[-*\u2022][ \t]+|[0-9a-z]{1,2}[.)][ \t]+)?\*{0,2}"
    r"(?P<label>[^\W\d_][\w'\u2019/()&.,?\- ]{0,47}?)\*{0,2}[ \t]{0,24}"
    r"(?:(?P<colon>:)(?!//)|(?P<gap>\t|(?<=[ ]{3})|(?<=\w)[ ]?=(?=[ ])|(?<=\?)(?=[ ][^:\n]*$)))\*{0,2}"
    r"[ \t]{0,40}(?P<value>[^\n\r]*)",
    re.MULTILINE,
)
_BOX = re.compile(
    r"^[ \t>]{0,12}(?:[-*\u2022][ \t]+|[0-9a-z]{1,2}[.)][ \t]+)?\*{0,2}(?P<label>[A-Za-z][A-Za-z' -]{2,40}\??)\*{0,2}"
    r"(?P<colon>(?!))?(?P<gap>(?!))?(?P<value>)[ \t]{0,24}\r?$",
    re.MULTILINE,
)
# What forms print above a box of its own: "Medical", "Unspent convictions?", without a colon.
_BOXED = ("HEALTH", "RELIGION", "ETHNICITY", "POLITICS", "UNION", "SEX_LIFE", "CRIMINAL")
# Instructions and rules are not what somebody filled in.
_NOT_FILLED_IN = re.compile(
    r"\A\W{0,2}(?:please|if (?:yes|so|you|any|the)|yes ?/ ?no|y ?/ ?n|tick|delete as|give details|e\.?g\b)"
    r"|\b(?:must|should|shall|we|our|you|your|staff|employees|members|everyone|policy|please)\b",
    re.IGNORECASE,
)
_LONGEST_BOXED = 160
# "Ethnic origin: White British    Religion: Quaker": two fields on one line.
_BESIDE = re.compile(
    r"(?:(?<! ) {3,}+|\t[ \t]*+|(?<! ) *+\|[ \t]*+)(?P<label>[A-Z][\w'\u2019/()& -]{1,40}):(?!//)[ \t]{0,40}"
)
_MOST_WORDS = 7
_LONGEST_VALUE = 4_000
# Under these, what somebody wrote may go on over several paragraphs.
_FREE_TEXT = re.compile(
    r"\b(?:comments?|messages?|enquiry|inquiry|query|notes?|questions?|details|remarks|feedback|reasons?)$"
)
_END_OF_TEXT = re.compile(r"^[ \t]*(?:-{2,}|_{3,}|={3,}|\*{3,})[ \t]*\r?$", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_LINE_BELOW = re.compile(r"\s{0,4}?\n[ \t]*(?P<line>[^\n]+)")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form: its label, where the label begins, and where the value stands (empty: nothing filled in)."""

    label: str
    start: int
    value_start: int
    value_end: int
    boxed: bool = False  # without a sign between label and value: only beside other fields is it one


@dataclass(frozen=True, slots=True)
class Form:
    """Fields that follow each other; at least two."""

    fields: tuple[Field, ...]

    @property
    def start(self) -> int:
        """Where the first label begins."""
        return self.fields[0].start

    @property
    def end(self) -> int:
        """Where the last value ends."""
        return self.fields[-1].value_end

    def field_at(self, place: int) -> Field | None:
        """The field whose value holds a place."""
        at = bisect_right(self.fields, place, key=lambda field: field.value_start) - 1
        return self.fields[at] if at >= 0 and place < self.fields[at].value_end else None


def forms_in(text: str) -> list[Form]:
    """The forms of a text in their order. A label that comes again begins the next person's form."""
    if len(text) > _LONGEST_TEXT:
        return []
    forms: list[Form] = []
    fields: list[Field] = []
    for field in _fields(text):
        apart = fields and not _follows(text, fields[-1], field)
        again = fields and label_words(field.label) == label_words(fields[0].label)
        if apart or again:
            forms += [Form(tuple(fields))] if _is_form(fields) else []
            fields = []
        fields.append(field)
    return [*forms, Form(tuple(fields))] if _is_form(fields) else forms


def _is_form(fields: Sequence[Field]) -> bool:
    return len(fields) > 1 and not all(field.boxed for field in fields)


def form_at(forms: Sequence[Form], place: int) -> Form | None:
    """The form that a place stands in."""
    at = bisect_right(forms, place, key=lambda form: form.start) - 1
    return forms[at] if at >= 0 and place < forms[at].end else None


def _fields(text: str) -> list[Field]:
    lines = [match for match in _LINE.finditer(text) if _is_field(match)]
    if lines:
        known = {match.start("label") for match in lines}
        boxes = (match for match in _BOX.finditer(text) if is_alone(match["label"], _BOXED))
        lines = sorted([*lines, *(box for box in boxes if box.start("label") not in known)], key=_start)
    found: list[Field] = []
    for number, match in enumerate(lines):
        limit = lines[number + 1].start() if number + 1 < len(lines) else len(text)
        if match["colon"] is None and match["gap"] is None:
            found += _below(text, match, limit)
            continue
        on_line = _on_line(text, match)
        for (before, begin, value), (_, after, _) in pairwise(on_line):
            found.append(Field(before.strip(), begin, value, value + len(text[value:after].rstrip(" \t|"))))
        label, begin, start = on_line[-1]
        free = bool(_FREE_TEXT.search(label_words(label)))
        found.append(Field(label.strip(), begin, start, _value_end(text, start, match.end(), limit, free)))
    return found


def _start(match: re.Match[str]) -> int:
    return match.start("label")


def _below(text: str, match: re.Match[str], limit: int) -> Iterator[Field]:
    """The field of a label that stands alone on its line, when what stands below was filled in."""
    end = _value_end(text, match.end(), match.end(), limit, free=False)
    value = text[match.end() : end].strip()
    if 0 < len(value) <= _LONGEST_BOXED and not _NOT_FILLED_IN.search(value):
        yield Field(match["label"], match.start("label"), match.end(), end, boxed=True)


def _on_line(text: str, match: re.Match[str]) -> list[tuple[str, int, int]]:
    """(label, where it begins, where its value begins) of each field of a line."""
    fields = [(match["label"], match.start("label"), match.start("value"))]
    if match["colon"]:
        beside = _BESIDE.finditer(text, *match.span("value"))
        fields += [(one["label"], one.start("label"), one.end()) for one in beside]
    return fields


def _is_field(match: re.Match[str]) -> bool:
    label = match["label"]
    if len(label.split()) > _MOST_WORDS:
        return False
    if match["colon"]:
        return True
    # Without a colon only what is known as a label counts, and a heading of columns is no field.
    if not form_types(label) or not match["value"].strip() or expected_types(match["value"][:60]):
        return False
    return not label.rstrip().endswith("?") or not _NOT_FILLED_IN.search(match["value"])


def _value_end(text: str, start: int, end: int, limit: int, free: bool) -> int:
    """Where a value ends: with its line; below an empty line of a form, and under comments, with what follows."""
    limit = min(limit, start + _LONGEST_VALUE)
    if text[start:end].strip() and not free:
        return end
    if stop := _END_OF_TEXT.search(text, end, limit):
        limit = stop.start()
    if free:
        return max(end, start + len(text[start:limit].rstrip()))
    # The label stands alone on its line: the value is the line below, if any.
    below = _LINE_BELOW.match(text, end, limit)
    if below and not _BLANK_LINE.search(text, end, below.start("line")):
        return below.end("line")
    return end


def _follows(text: str, one: Field, other: Field) -> bool:
    between = text[max(one.value_end, one.value_start) : other.start]
    return len(_BLANK_LINE.findall(between)) <= 2 and not re.search(r"\w", between)
