"""Many short texts and a hint in, which of them are worth a look out: one search over all, not one for each cell."""

import re
from collections.abc import Iterator, Mapping, Sequence, Set

from detectors.batch import Batch, Near
from detectors.types import Span, Text


def holding(texts: Sequence[Text], hint: re.Pattern[str], near: Near | None = None) -> Set[int]:
    """The numbers of the texts in which the hint occurs. To its look-arounds a border is what the end of a text is.

    `near`: where each match lies, with all that its look-arounds look at.
    """
    return Batch.of(texts).holding(hint, near)


def spread(texts: Sequence[Text], found: Mapping[int, list[Span]]) -> Iterator[list[Span]]:
    """What was found in some of the texts, as one list for each."""
    return (found.get(number, []) for number in range(len(texts)))


def mentions(texts: Sequence[Text], words: Sequence[str]) -> bool:
    """Whether any of these pieces of words, in lower case, stands anywhere in the texts, in any case."""
    return Batch.of(texts).mentions(words)
