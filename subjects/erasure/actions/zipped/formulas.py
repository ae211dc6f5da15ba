"""A formula and rows of a sheet go in, whether it refers to one of them comes out."""

import re
from collections.abc import Collection
from html import unescape

_SHEET = r"(?:(?:'((?:[^']|'')+)'|([\w.]+))!)?"
_CELLS = re.compile(rf"{_SHEET}\$?[A-Z]{{1,3}}\$?([0-9]+)(?::\$?[A-Z]{{1,3}}\$?([0-9]+))?(?![\w(])")
_COLUMNS = re.compile(rf"{_SHEET}\$?[A-Z]{{1,3}}:\$?[A-Z]{{1,3}}(?![\w(])")
_ROWS = re.compile(rf"{_SHEET}\$?([0-9]+):\$?([0-9]+)")
# What finds its cells only when it is worked out, and references to tables by their name.
_UNSURE = re.compile(r"\b(?:INDIRECT|OFFSET)\s*\(|\[", re.IGNORECASE)


def refers_to(formula: str, own: str, sheet: str, rows: Collection[int]) -> bool:
    """Whether a formula that stands on the sheet `own` reads one of these rows of `sheet`; unsure counts as yes."""
    text = unescape(re.sub(r"<[^>]*>", "", formula))
    if _UNSURE.search(text):
        return True
    for found in _CELLS.finditer(text):
        first, last = int(found[3]), int(found[4] or found[3])
        if _named(found, own) == sheet and any(min(first, last) <= row <= max(first, last) for row in rows):
            return True
    for found in _ROWS.finditer(text):
        if _named(found, own) == sheet and any(int(found[3]) <= row <= int(found[4]) for row in rows):
            return True
    return any(_named(found, own) == sheet for found in _COLUMNS.finditer(text))


def _named(found: re.Match[str], own: str) -> str:
    return (found[1] or "").replace("''", "'") or found[2] or own
