"""Pointers into an opened PDF go in, its texts come out, whatever the damage: strings, the text layer of a page."""

import ctypes
import re
from collections.abc import Callable
from typing import Any

from pypdfium2 import raw

# pdfium marks a hyphen at a line's end that only breaks the word; a soft hyphen does the same.
_BROKEN_WORD = re.compile("[\ufffe\x02\xad]\r?\n?")
# An address that a narrow column breaks.
_BEFORE_AT = re.compile(r"(?<=\w)[ \t]{0,9}\n[ \t]{0,9}(?=@[\w-]{1,63}\.\w)")
_BEHIND_AT = re.compile(r"(?<=\w@)[ \t]{0,9}\n[ \t]{0,9}(?=[\w-]{1,63}\.\w)")
_IN_DOMAIN = re.compile(r"(@[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}[.-])[ \t]{0,9}\n[ \t]{0,9}(?=[a-z0-9])")
_LIGATURES = str.maketrans({
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st",
    "\x00": None,
})  # fmt: skip
_UNKNOWN = re.compile("[\x01-\x08\x0e-\x1f\ue000-\uf8ff\ufffd]")
_SAMPLED = 300
_GARBLED = 0.3


def text_of(text_page: Any) -> tuple[str, bool]:
    """The text layer of a page in reading order, and whether its font does not say which letters its shapes are."""
    text = text_page.get_text_range().replace("\r\n", "\n")
    garbled = bool(text.strip()) and _share_unknown(text_page, text) > _GARBLED
    return _mended(text), garbled


def _mended(text: str) -> str:
    text = _BROKEN_WORD.sub("", text).translate(_LIGATURES)
    if "@" in text:
        text = _BEHIND_AT.sub("", _BEFORE_AT.sub("", text))
        text = _IN_DOMAIN.sub(r"\1", text)
    return text


def _share_unknown(text_page: Any, text: str) -> float:
    count = text_page.count_chars()
    step = max(1, count // _SAMPLED)
    asked = range(0, count, step)
    errors: int = sum(raw.FPDFText_HasUnicodeMapError(text_page.raw, index) == 1 for index in asked)
    return max(errors / max(len(asked), 1), len(_UNKNOWN.findall(text)) / len(text))


def string(getter: Callable[..., int], *keys: Any) -> str:
    """One of pdfium's UTF-16 texts: the first call gives its size in bytes, the second fills the buffer.

    pypdfium2's own getters raise UnicodeDecodeError on a damaged text; here such characters are replaced.
    """
    size = getter(*keys, None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    getter(*keys, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")


def byte_string(getter: Callable[..., int], *keys: Any) -> str:
    """One of pdfium's texts in bytes, such as the target of a link."""
    size = getter(*keys, None, 0)
    if size <= 1:
        return ""
    buffer = ctypes.create_string_buffer(size)
    getter(*keys, buffer, size)
    return buffer.raw[: size - 1].decode("utf-8", "replace")


def page_numbers(numbers: list[int], most: int = 50) -> str:
    """Page numbers as "pages 1-3, 7 have", "page 2 has"; a long list is cut."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    shown = [str(first) if first == last else f"{first}-{last}" for first, last in ranges]
    if len(shown) > most:
        shown = [*shown[:most], f"... ({len(numbers)} pages)"]
    return f"pages {', '.join(shown)} have" if len(numbers) > 1 else f"page {numbers[0]} has"
