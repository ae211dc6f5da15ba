"""Text of vCards and calendars goes in, its properties come out: unfolded, decoded, in linear time on any text."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from scanner.encoding import decode

_LONGEST = 16 * 1024 * 1024  # characters of one property; a longer one comes in pieces
_NAME = re.compile(r"(?:[A-Za-z0-9-]{1,64}\.)?([A-Za-z][A-Za-z0-9_-]{0,63})(?=[;:])")
_PARAMETER = re.compile(r';((?:"[^"]*"|[^;:"])*)')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_STRUCTURE = re.compile(r"(?:[^\\;]|\\.)+|;", re.DOTALL)
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]+")


@dataclass(frozen=True, slots=True)
class Property:
    """`NAME;PARAM=value:raw value`. The name is in upper case, "" for a line that is none; so are parameter names."""

    name: str
    parameters: dict[str, str]
    raw: str

    def text(self) -> str:
        """The value with its escapes undone."""
        return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], self.raw)

    def fields(self) -> list[str]:
        """The fields of a structured value, such as an address."""
        out = [""]
        for piece in _STRUCTURE.findall(self.raw):
            if piece == ";":
                out.append("")
            else:
                out[-1] += _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], piece)
        return [field.strip() for field in out]

    def data(self) -> bytes | None:
        """The bytes of a value in base64, a photo for instance; None for text."""
        raw = self.raw
        if raw[:5].lower() == "data:" and ";base64," in raw[:200].lower():
            raw = raw[raw.lower().index(";base64,") + 8 :]
        elif self.parameters.get("ENCODING", "").upper() not in {"B", "BASE64"}:
            return None
        letters = _NOT_BASE64.sub("", raw)
        letters = letters[:-1] if len(letters) % 4 == 1 else letters
        return binascii.a2b_base64(letters + "=" * (-len(letters) % 4))


def properties(chunks: Iterator[str]) -> Iterator[Property]:
    """The properties in their order. A line that is no property is given without a name: nothing is passed over."""
    waiting: list[str] = []
    length = 0
    fold = ""  # what stands for a line break within a value: vCard 2.1 breaks at blanks and keeps them
    for line in _lines(chunks):
        soft = bool(waiting) and waiting[-1].endswith("=") and _is_quoted_printable(waiting[0])
        if waiting and (soft or line[:1] in {" ", "\t"}) and length < _LONGEST:
            waiting[-1] = waiting[-1][:-1] if soft else waiting[-1]
            waiting.append(line if soft else fold + line[1:])
        else:
            if waiting:
                entry = _property("".join(waiting))
                if entry.name == "VERSION":
                    fold = " " if entry.raw.strip() == "2.1" else ""
                yield entry
            waiting, length = [line], 0
        length += len(line)
    if waiting:
        yield _property("".join(waiting))


def _lines(chunks: Iterator[str]) -> Iterator[str]:
    """Lines without their ends; blank ones are left out, and a line of many megabytes comes in pieces."""
    rest: list[str] = []
    length = 0
    for chunk in chunks:
        first, *lines = chunk.split("\n")
        rest.append(first)
        length += len(first)
        for line in lines:
            if whole := "".join(rest).rstrip("\r"):
                yield whole
            rest, length = [line], len(line)
        if length > _LONGEST:
            yield "".join(rest)
            rest, length = [], 0
    if whole := "".join(rest).rstrip("\r"):
        yield whole


def _is_quoted_printable(line: str) -> bool:
    return "QUOTED-PRINTABLE" in line[:400].upper().partition(":")[0]


def _property(line: str) -> Property:
    found = _NAME.match(line)
    if not found:
        return Property("", {}, line.strip())
    parameters: dict[str, str] = {}
    at = found.end()
    while parameter := _PARAMETER.match(line, at):
        at = parameter.end()
        name, sign, value = parameter[1].partition("=")
        if not sign:  # vCard 2.1: `TEL;HOME;VOICE:`
            name, value = ("ENCODING" if name.upper() in {"QUOTED-PRINTABLE", "BASE64"} else "TYPE"), name
        key = name.strip().upper()
        value = value.replace('"', "").strip()
        parameters[key] = f"{parameters[key]},{value}" if key in parameters else value
    raw = line[at + 1 :] if line[at : at + 1] == ":" else line[at:]
    if parameters.get("ENCODING", "").upper() == "QUOTED-PRINTABLE":
        # The text came decoded: the signs that an encoding would give are made bytes again.
        raw = decode(binascii.a2b_qp(raw.encode("utf-8", "replace")), parameters.get("CHARSET", ""))
    return Property(found[1].upper(), parameters, raw)
