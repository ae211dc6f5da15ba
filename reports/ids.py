"""64-bit ids of findings and values to the 16 letters that people see and type, and back."""

import re

_SIGNED = re.compile(r"-[0-9]{1,19}|[0-9]{17,19}")
_HEX = re.compile(r"[0-9a-f]{4,16}")


def format_id(number: int) -> str:
    """Signed 64-bit number -> 16 hexadecimal letters."""
    return f"{number & (2**64 - 1):016x}"


def id_range(typed: str) -> tuple[int, int] | None:
    """The lowest and highest unsigned id that begin with what was typed (4 to 16 letters); None if it is no id.

    A signed number, as a data frame shows it, is one id.
    """
    letters = typed.strip().lower()
    if _SIGNED.fullmatch(letters):
        number = int(letters) & (2**64 - 1)
        return number, number
    if not _HEX.fullmatch(letters):
        return None
    return int(letters.ljust(16, "0"), 16), int(letters.ljust(16, "f"), 16)
