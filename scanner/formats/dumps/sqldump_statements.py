"""A place in SQL text goes in, where the remark or the statement that begins there ends comes out."""

import re

from scanner.formats.dumps.sqldump_values import ESCAPED, STANDARD

REMARK = re.compile(r"--|#|/\*(?!M?!)|\\[a-zA-Z]|(?:REM|PROMPT)\b|GO[ \t]*\r?(?:\n|\Z)", re.IGNORECASE)
_QUOTED = {
    '"': re.compile(r'"(?:[^"\\]++|\\.|""|(?!))*+"', re.DOTALL),
    "`": re.compile(r"`(?:[^`]++|``|(?!))*+`"),
    "$": re.compile(r"\$(\w*)\$.*?\$\1\$", re.DOTALL),
    "/": re.compile(r"/\*.*?\*/", re.DOTALL),
    "-": re.compile(r"--[^\n]*"),
}
_STRINGS = {True: re.compile(ESCAPED, re.DOTALL), False: re.compile(STANDARD)}
_SIGN = re.compile(r"[;'\"`$]|/\*|--")
# At the beginning of a line these begin a statement whatever stands before: a quote that is never closed ends there.
_NEXT = re.compile(
    r"^[ \t]*(?:INSERT\s+(?:INTO|IGNORE)\s|REPLACE\s+INTO\s|INSERT\s+\[|COPY\s[^\n;]*FROM\s+stdin|CREATE\s+TABLE\s"
    r"|LOCK\s+TABLES\s|DELIMITER\s|GO[ \t]*\r?$|-- (?:Table structure|Dumping data|Name:))",
    re.IGNORECASE | re.MULTILINE,
)
_ROUTINE = re.compile(
    r"CREATE\s+(?:(?:OR\s+(?:REPLACE|ALTER)|DEFINER\s*=\s*\S+|TEMP|TEMPORARY|CONSTRAINT|EDITIONABLE)\s+)*"
    r"(?:FUNCTION|PROCEDURE|PROC|TRIGGER|PACKAGE|EVENT)\b",
    re.IGNORECASE,
)
_BEGINS = re.compile(r";|\bBEGIN\b", re.IGNORECASE)
_ROUTINE_END = re.compile(
    r"^[ \t]*(?:GO|/)[ \t]*\r?$|(?:^|;\s*)END\b(?!\s+(?:IF|LOOP|CASE|WHILE|REPEAT)\b)[^\n;]{0,60};",
    re.IGNORECASE | re.MULTILINE,
)


def end_of_remark(text: str, at: int) -> int:
    """Behind a comment, or a line that a client program reads; the end of the text where it is not closed."""
    mark = "*/" if text.startswith("/*", at) else "\n"
    end = text.find(mark, at)
    return len(text) if end < 0 else end + len(mark)


def end_of_statement(text: str, at: int, backslash: bool) -> int | None:
    """Behind the statement; None where its end does not stand in the text."""
    if routine := _ROUTINE.match(text, at):
        body = _BEGINS.search(text, routine.end())
        if body and body[0] != ";" and "$" not in text[routine.end() : body.start()]:
            end = _ROUTINE_END.search(text, body.end())
            return end.end() if end else None
    following = None if routine else _NEXT.search(text, at + 1)
    limit = following.start() if following else len(text)
    place = at
    while sign := _SIGN.search(text, place, limit):
        if sign[0] == ";":
            return sign.end()
        quoted = _STRINGS[backslash] if sign[0] == "'" else _QUOTED[sign[0][0]]
        whole = quoted.match(text, sign.start(), limit)
        if whole is None and sign[0] == "$":
            place = sign.end()
        elif whole is None:
            break
        else:
            place = whole.end()
    return limit if following else None
