"""A reader of texts goes in, one that remembers what it lately said of short texts comes out.

The same subject, footer, list's name or heading stands in thousands of files, and a slow model would read it in each.
"""

from collections.abc import Callable, Sequence

from detectors.rampart import Tag

KEPT = 1 << 18  # characters of the texts that are kept: with their tags at most some 5 MB
LONGEST = 300  # characters of one of them

Reader = Callable[[Sequence[str]], list[list[Tag]]]


class Remembering:
    """Asks `read`, whose answer on a text must not depend on the texts beside it, only about what it did not just read.

    What was asked longest ago is forgotten first. Nothing is written: it ends with the process.
    """

    def __init__(self, read: Reader, kept: int = KEPT) -> None:
        self._read = read
        self._kept = kept
        self._said: dict[str, list[Tag]] = {}
        self._size = 0

    def __call__(self, texts: Sequence[str]) -> list[list[Tag]]:
        """The tags of each text, as `read` gives them."""
        distinct = dict.fromkeys(texts)
        new = [text for text in distinct if text not in self._said]
        read = dict(zip(new, self._read(new), strict=True)) if new else {}
        known = read | {text: self._said.pop(text) for text in distinct if text not in read}
        self._size += sum(len(text) for text in new if len(text) <= LONGEST)
        self._said |= {text: tags for text, tags in known.items() if len(text) <= LONGEST}
        while self._size > self._kept:
            oldest = next(iter(self._said))
            del self._said[oldest]
            self._size -= len(oldest)
        return [known[text] for text in texts]
