"""Text with the colour codes of a terminal goes in, text of the same length with blanks in their place comes out."""

import re

# ECMA-48: a control sequence. Its last letter would else become part of the word behind it.
_CODE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")


def without_codes(text: str) -> str:
    """For a detector; every other character keeps its place."""
    return _CODE.sub(lambda code: " " * len(code[0]), text) if "\x1b" in text else text
