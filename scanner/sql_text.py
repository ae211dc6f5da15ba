"""The beginning of a text goes in, whether it is a script of SQL with tables or rows comes out."""

import re

_BLANK = re.compile(
    r"(?:\s+|--[^\n]*(?:\n|\Z)|#[^\n]*(?:\n|\Z)|/\*.*?\*/;?|\\[a-z]+[^\n]*(?:\n|\Z)|(?:REM|PROMPT)\b[^\n]*\n)*",
    re.DOTALL | re.IGNORECASE,
)
_FIRST_WORDS = (
    "ALTER|ATTACH|BEGIN|CONNECT|COPY|CREATE|DECLARE|DELETE|DELIMITER|DROP|EXEC|EXECUTE|GO|GRANT|IF|INSERT|INTO|LOCK"
    "|MERGE|PRAGMA|PRINT|REPLACE|SELECT|SET|SPOOL|START|TRUNCATE|UPDATE|USE|WHENEVER"
)
_FIRST = re.compile(rf"(?:{_FIRST_WORDS})\b", re.IGNORECASE)
_NAME = r"(?:\"[^\"\n]+\"|`[^`\n]+`|\[[^\]\n]+\]|[\w$#@]+)"
_NAMES = rf"{_NAME}(?:\s*\.\s*{_NAME}){{0,3}}"
_ROWS = re.compile(
    rf"^[ \t]*(?:(?:INSERT|REPLACE)\s[^\n;']{{0,80}}?{_NAMES}\s*(?:\([^()';]{{0,20000}}\)\s*)?"
    rf"(?:OVERRIDING\s\w+\sVALUE\s+)?(?:VALUES?\s*\(|SELECT\b|SET\b|VALUES?\s*\Z|\Z)"
    rf"|COPY\s+{_NAMES}\s*(?:\([^()';]{{0,20000}}\)\s*)?FROM\s+stdin\b"
    rf"|CREATE\s+(?:\w+\s+){{0,3}}TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?{_NAMES}\s*(?:\(|AS\b|PARTITION\b|\Z))",
    re.IGNORECASE | re.MULTILINE,
)
_MADE_BY = re.compile(
    # Possessive: two runs of blanks that may share theirs took a minute on 60 KB of nothing else.
    r"\s*+(?:/\*M?!.*\n)?\s*+(?:--\s*+)*+"
    r"(?:MySQL dump|MariaDB dump|PostgreSQL database (?:cluster )?dump|phpMyAdmin SQL Dump)"
)


def is_sql(text: str) -> bool:
    """Whether a text begins with SQL and makes tables or fills them; a letter that quotes a statement does not."""
    text = text.lstrip("\ufeff")
    if _MADE_BY.match(text):
        return True
    start = _BLANK.match(text)
    at = start.end() if start else 0
    return bool(_FIRST.match(text, at)) and bool(_ROWS.search(text))
