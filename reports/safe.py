"""Any text goes in, text comes out that no spreadsheet takes for a formula and no terminal for a command."""

import re

# OWASP "CSV injection": what makes a spreadsheet take a cell for a formula, also behind blanks.
_FORMULA = re.compile(r"^\s*[=+\-@\t\r\u2212\uff0b\uff0d\uff1d\uff20]")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
# C0 and C1 controls, what turns the direction of text around, and halves of characters, which no stream can print.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def cell(text: str) -> str:
    """A spreadsheet cell that stays text: a leading `=`, `+`, `-` or `@` gets an apostrophe in front; numbers stay."""
    clean = _CONTROL.sub(" ", text)
    # As it came and as it is written: a control in front of the sign becomes a blank.
    formula = _FORMULA.match(text) or _FORMULA.match(clean)
    return f"'{clean}" if formula and not _PLAIN_NUMBER.fullmatch(clean) else clean


def printable(text: str) -> str:
    """One line for a terminal: control and direction characters are shown as their code."""
    return _CONTROL.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
