"""Number formats and raw cell values of a spreadsheet go in; text as a reader of the sheet would see it comes out."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from scanner.model import Location, Segment

_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DATE = re.compile(r"[dmyhs]|am/pm", re.IGNORECASE)
_MASK = re.compile(r"(?:0|[-/ .()+]|\\.|\"[^\"]*\")+")
_NUMBER = re.compile(r"-?\d+")
_USUAL_TITLE = re.compile(r"(?:sheet|tabelle|feuil|hoja|foglio|blad|ark|list|chart|table)\s*\d*", re.IGNORECASE)
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")

Kind = str  # "" as it is, "date", or a mask such as "00-00-00"


def sheet_title(title: str, where: Location) -> Iterator[Segment]:
    """The name of a sheet as text, unless the program gave it: some offices keep a sheet for each person."""
    if title.strip() and not _USUAL_TITLE.fullmatch(title.strip()):
        yield Segment(title, where.then(title=1))


def kind_of_format(number: int, code: str) -> Kind:
    """What a number format makes of a number: a date, a fixed number of digits (sort codes, telephones) or itself."""
    if number in _BUILT_IN_DATES:
        return "date"
    if not code or code.lower() == "general":
        return ""
    first = code.split(";", 1)[0]
    if "0" in first and "." not in _QUOTED.sub("", first) and first.count("0") > 1 and _MASK.fullmatch(first):
        return first
    return "date" if _DATE.search(_QUOTED.sub("", first)) else ""


def number_text(raw: str, kind: Kind, since_1904: bool) -> str:
    """The text of a number cell: 4.4770090012300001E+11 becomes 447700900123, a day number becomes YYYY-MM-DD."""
    if not kind and raw.isdecimal():
        return raw
    try:
        value = float(raw)
    except ValueError:
        return raw
    if kind == "date":
        return _date(value, raw, since_1904)
    whole = raw if _NUMBER.fullmatch(raw) else (str(int(value)) if value.is_integer() and abs(value) < 1e16 else "")
    if not whole:
        return f"{value:.15g}"
    return _masked(whole, kind) if kind and not whole.startswith("-") else whole


def _masked(digits: str, mask: Kind) -> str:
    """Put digits into the zeros of a mask, from the right, as Excel does: 12345 in 00-00-00 is 01-23-45."""
    signs = re.findall(r'\\.|"[^"]*"|.', mask)
    digits = digits.zfill(sum(sign == "0" for sign in signs))
    out: list[str] = []
    left = len(digits)
    for sign in reversed(signs):
        if sign == "0":
            left -= 1
            out.append(digits[left])
        else:
            out.append(sign[1:] if sign.startswith("\\") else sign.strip('"'))
    return digits[:left] + "".join(reversed(out))


def _date(value: float, raw: str, since_1904: bool) -> str:
    if not 0 <= value < 2958466:  # after the year 9999: no date
        return raw
    if value < 1 and not since_1904:
        return str(timedelta(seconds=round(value * 86400))).zfill(8)
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30 if value >= 60 else 31)
    when = start + timedelta(days=int(value), seconds=round((value - int(value)) * 86400))
    return when.strftime("%Y-%m-%d" if value == int(value) else "%Y-%m-%d %H:%M:%S").zfill(10)


def place(reference: str) -> tuple[int, int]:
    """Row and column, both from 1, of a reference such as C5; (0, 0) when it is none."""
    found = _REFERENCE.match(reference)
    if found is None:
        return 0, 0
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column
