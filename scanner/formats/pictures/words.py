"""What a reader of pictures makes of one: words with their places, and how surely each was read; plain data."""

from dataclasses import dataclass

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Word:
    """Characters without blanks; `box` is left, top, right, bottom in pixels, `confidence` 0 to 100."""

    text: str
    box: Box
    confidence: int
    starts_line: bool
    starts_block: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """The words in reading order, and whether the whole picture was looked at before the time was over."""

    words: tuple[Word, ...]
    complete: bool = True
