"""A place in SQL text goes in, the values of a row come out: as they are written, and as the database holds them."""

import re
from dataclasses import dataclass
from functools import lru_cache

from scanner.formats.tables.db_rows import Cell, printed

# Strings with escapes (MySQL, and PostgreSQL's E'...'), and strings in which only a doubled quote means anything.
# Possessive groups (they keep nothing in memory, atomic ones 100 bytes a turn) end with `|(?!)`, which fails where it
# stands: before Python 3.11.5, and Debian 12 has 3.11.2, they go on behind what the last try took in vain (gh-106052).
ESCAPED = r"'(?:[^'\\]++|\\.|''|(?!))*+'"
STANDARD = r"'(?:[^']++|''|(?!))*+'"
_DOUBLE = r'"(?:[^"\\]++|\\.|""|(?!))*+"'
_ORACLE = r"[nN]?[qQ]'(?:\[.*?\]|\{.*?\}|\(.*?\)|<.*?>|!.*?!|\|.*?\||#.*?#|\^.*?\^|~.*?~)'"
_DOLLAR = r"\$(\w*)\$.*?\$\1\$"
_DEEPEST = 4  # functions within each other: an exporter nests three

_CONSTANTS = {"NULL": "", "DEFAULT": "", "TRUE": "true", "FALSE": "false", "": ""}
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_HEX = re.compile(r"0[xX]((?:[0-9a-fA-F]{2})*)")
_BYTEA = re.compile(r"\\\\?x((?:[0-9a-fA-F]{2})+)")
_CALL = re.compile(r"\s*([A-Za-z_][\w.]*)\s*\(", re.ASCII)
_MYSQL_ESCAPE = re.compile(r"\\(.)|''", re.DOTALL)
_MYSQL = {"0": "\0", "b": "\b", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a", "%": "\\%", "_": "\\_"}
_POSTGRES_ESCAPE = re.compile(
    r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|''", re.DOTALL
)
_POSTGRES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_UNICODE = re.compile(r"\\(?:([0-9a-fA-F]{4})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|\+([0-9a-fA-F]{6})|(\\))")
_AS_BYTES = frozenset(("unhex", "hextoraw", "from_hex"))


@dataclass(frozen=True, slots=True)
class Grammar:
    """How values are written: `backslash` says that it escapes within every string."""

    backslash: bool

    @property
    def string(self) -> str:
        """Expression for one string of any kind but Oracle's q'[...]' and PostgreSQL's $$...$$."""
        return ESCAPED if self.backslash else rf"(?:(?<=[eE]){ESCAPED}|(?<![eE]){STANDARD})"


@lru_cache(maxsize=256)
def row_pattern(grammar: Grammar, width: int) -> re.Pattern[str]:
    """A row of so many plain values; two groups for each (a string without escapes, anything else), then the comma.

    One match of a compiled expression for each row: two times faster than one for each value.
    """
    plain = r"[^'\\]*+" if grammar.backslash else r"[^']*+"
    other = rf"(?:[A-Za-z_]\w*+&?\s*+)?{grammar.string}|{_DOUBLE}|[^'\"(),;$]*+"
    value = rf"\s*+(?:'({plain})'(?=\s*+[,)])|({other}))\s*+"
    return re.compile(rf"\({','.join([value] * width)}\)\s*+(,\s*+(?=\())?", re.DOTALL)


@lru_cache(maxsize=4)
def _expressions(grammar: Grammar) -> tuple[re.Pattern[str], ...]:
    """One value of any kind with the sign behind it; everything that may stand in a row; one string; one operand."""
    string = rf"{_ORACLE}|{grammar.string}|{_DOUBLE}"
    inner = rf"(?:[^'\"()]++|{string}|(?!))"
    for _ in range(_DEEPEST):
        inner = rf"(?:[^'\"()]++|{string}|\({inner}*+\)|(?!))"
    atom = rf"{string}|\({inner}*+\)|\[(?:[^\[\]'\"]++|{string}|(?!))*+\]"
    rest = r"[^'\"(),;$\[]++|\[|\$(?!\w*\$)"
    value = re.compile(rf"((?:{_DOLLAR.replace('1', '2')}|{atom}|{rest}|(?!))*+)([,)])", re.DOTALL)
    anything = re.compile(rf"\((?:{_DOLLAR}|{atom}|{rest}|,|(?!))*+", re.DOTALL)
    operand = re.compile(rf"((?:{atom}|[^'\"()|+\[]++|(?!))++)(?:\|\||\+|\Z)", re.DOTALL)
    return value, anything, re.compile(string, re.DOTALL), operand


def split_row(text: str, at: int, grammar: Grammar) -> tuple[list[str], int] | None:
    """The values of the row that begins at this bracket, as written, and where it ends; None where there is no row."""
    value = _expressions(grammar)[0]
    at += 1
    values = []
    while found := value.match(text, at):
        values.append(found[1])
        at = found.end()
        if found[3] == ")":
            return values, at
    return None


def is_cut_off(text: str, at: int, grammar: Grammar) -> bool:
    """Whether what follows this bracket may become a row when more text comes; else it is broken for good."""
    found = _expressions(grammar)[1].match(text, at)
    if found is None:
        return True
    end = found.end()
    return end >= len(text) or text[end] in "'\"($" or not text[end:].strip()


def value_of(raw: str, grammar: Grammar, binary: bool = False) -> Cell:
    """What a value as written stands for; `binary`: its column holds bytes."""
    raw = raw.strip()
    if len(raw) < 8 and (constant := _CONSTANTS.get(raw.upper())) is not None:
        return constant
    if _NUMBER.fullmatch(raw):
        return printed(float(raw)) if "e" in raw.lower() or raw.endswith(".0") else raw
    if found := _HEX.fullmatch(raw):
        return bytes.fromhex(found[1])
    literal = _literal(raw, grammar)
    value = _expression(raw, grammar) if literal is None else literal
    if isinstance(value, str) and (binary or value.startswith(("\\x", "\\\\x"))):
        return as_bytes(value) if binary or _BYTEA.fullmatch(value) else value
    return value


def as_bytes(value: str) -> bytes:
    """The bytes of a string in a column of bytes: PostgreSQL writes hexadecimal digits behind \\x."""
    if found := _BYTEA.fullmatch(value):
        return bytes.fromhex(found[1])
    return value.encode("utf-8", "surrogateescape")


def _literal(raw: str, grammar: Grammar) -> Cell | None:
    """The value of one string with or without a sign before it; None for anything else."""
    quote = raw.find("'")
    if quote < 0 or raw.startswith('"'):
        whole = re.fullmatch(_DOUBLE, raw, re.DOTALL)
        return _unescaped(raw[1:-1], grammar).replace('""', '"') if whole else _dollar(raw)
    sign = raw[:quote].strip().lower()
    if sign and not re.fullmatch(r"_?[a-z]\w*&?", sign):
        return _dollar(raw)
    if sign in ("q", "nq") and re.fullmatch(_ORACLE, raw, re.DOTALL):
        return raw[quote + 2 : -2]
    whole = re.fullmatch(ESCAPED if grammar.backslash or sign == "e" else STANDARD, raw[quote:], re.DOTALL)
    return None if whole is None else _signed(sign, whole[0][1:-1], grammar)


def _signed(sign: str, body: str, grammar: Grammar) -> Cell:
    if sign == "x" and re.fullmatch(r"(?:[0-9a-fA-F]{2})*", body):
        return bytes.fromhex(body)
    if sign == "b" and re.fullmatch(r"[01]{1,64}", body):
        return str(int(body, 2))
    if sign == "e":
        text = _POSTGRES_ESCAPE.sub(_postgres, body)
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if sign == "u&":
        return _UNICODE.sub(_unicode, body.replace("''", "'"))
    text = _unescaped(body, grammar)
    return text.encode("utf-8", "surrogateescape") if sign == "_binary" else text


def _dollar(raw: str) -> str | None:
    found = re.fullmatch(r"\$(\w*)\$(.*)\$\1\$", raw, re.DOTALL)
    return found[2] if found else None


def _unescaped(body: str, grammar: Grammar) -> str:
    if grammar.backslash and "\\" in body:
        return _MYSQL_ESCAPE.sub(_mysql, body)
    return body.replace("''", "'") if "''" in body else body


def _mysql(found: re.Match[str]) -> str:
    return _MYSQL.get(found[1], found[1]) if found[1] else "'"


def _postgres(found: re.Match[str]) -> str:
    octal, hexadecimal, short, long, other = found.groups()
    if octal or hexadecimal:
        # Bytes of UTF-8, put together again with the other characters that could not be decoded.
        code = int(octal, 8) & 255 if octal else int(hexadecimal, 16)
        return chr(code) if code < 128 else chr(0xDC00 + code)
    if short or long:
        return _character(short or long)
    return _POSTGRES.get(other, other) if other else "'"


def _unicode(found: re.Match[str]) -> str:
    return "\\" if found[5] else _character(next(filter(None, found.groups()), "0"))


def _character(digits: str) -> str:
    code = int(digits, 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _expression(raw: str, grammar: Grammar) -> Cell:
    """Strings joined, or the result of the functions that exporters write; of others the strings in them."""
    string = _expressions(grammar)[2]
    call = _CALL.match(raw)
    if call and (found := split_row(raw, call.end() - 1, grammar)) and not raw[found[1] :].strip():
        name = call[1].lower()
        if name in ("char", "chr") and found[0][0].strip().isdecimal():
            return _character(f"{int(found[0][0]) & 0x1FFFFF:x}")
        if len(found[0]) == 1 and name in ("cast", "try_cast"):
            first = string.search(found[0][0])
            return value_of(first[0] if first else found[0][0].strip().partition(" ")[0], grammar)
        return _called(name, [_text(value_of(argument, grammar)) for argument in found[0]])
    operands = _operands(raw, grammar)
    if len(operands) > 1:
        return "".join(_text(value_of(operand, grammar)) for operand in operands)
    values = [_text(_literal(found[0], grammar) or "") for found in string.finditer(raw)]
    return " ".join(values) if values else raw


def _operands(raw: str, grammar: Grammar) -> list[str]:
    """What || or + joins."""
    operand, at, operands = _expressions(grammar)[3], 0, []
    while at < len(raw) and (found := operand.match(raw, at)) and found.end() > at:
        operands.append(found[1])
        at = found.end()
    return operands if at >= len(raw) and "'" in raw else []


def _called(name: str, arguments: list[str]) -> Cell:
    if name == "replace" and len(arguments) == 3:
        return arguments[0].replace(arguments[1], arguments[2]) if arguments[1] else arguments[0]
    if name == "unistr":
        return _UNICODE.sub(_unicode, arguments[0])
    if name == "concat":
        return "".join(arguments)
    if name in _AS_BYTES and re.fullmatch(r"(?:[0-9a-fA-F]{2})*", arguments[0]):
        return bytes.fromhex(arguments[0])
    return arguments[0] if name.startswith(("to_", "cast", "conv", "date", "time", "str_to")) else " ".join(arguments)


def _text(value: Cell) -> str:
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value
