"""Many short texts and a hint in, which of them are worth a look out: one search over all, not one for each cell."""

import re
from bisect import bisect_right
from collections.abc import Sequence, Set
from itertools import accumulate

from detectors.types import Text

# Between the texts while they are searched as one. No hint may match it, so none runs from one text into the next.
BORDER = "\x00"


def joined(texts: Sequence[Text]) -> str:
    """All texts as one, with a border between them."""
    return BORDER.join([text.text for text in texts])


def holding(texts: Sequence[Text], hint: re.Pattern[str]) -> Set[int]:
    """The numbers of the texts in which the hint occurs. To its look-arounds a border is what the end of a text is."""
    whole = joined(texts)
    match = hint.search(whole)
    if match is None:
        return frozenset()
    numbers = set()
    ends = list(accumulate(len(text.text) + len(BORDER) for text in texts))
    while match is not None:
        number = bisect_right(ends, match.start())
        numbers.add(number)
        match = hint.search(whole, ends[number])
    return numbers


def mentions(texts: Sequence[Text], words: Sequence[str]) -> bool:
    """Whether any of these pieces of words, in lower case, stands anywhere in the texts, in any case."""
    lowered = joined(texts).lower()
    return any(word in lowered for word in words)
