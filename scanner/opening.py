"""The first parts of an item go in, the class of document that they make of it comes out."""

from itertools import islice
from pathlib import PurePosixPath

from detectors.documents import BEGINNING, classify
from scanner.model import Column, Segment

_ROWS = 20  # of a column: what kind of table it is, its first rows tell


class Opening:
    """Collects the beginning of one item; of a mail its subject and body, not who sent it."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._labels: dict[str, None] = {}
        self._length = 0
        self._known: str | None = None

    def read(self, part: Segment | Column) -> None:
        """Take over what is still missing of the beginning."""
        if self._known is not None or self._length >= BEGINNING:
            return
        if part.label:
            self._labels[part.label] = None
        if isinstance(part, Column):
            texts = [value[:200] for value in islice(part.values, _ROWS)]
        elif part.role or part.quoted:
            return
        else:
            texts = [part.text[: BEGINNING - self._length]]
        self._texts += texts
        self._length += sum(map(len, texts))

    def close(self) -> None:
        """What comes now is no beginning any more."""
        self._known = self._known or ""

    def document_class(self, path: str) -> str:
        """The class of the item at this path, "" for none; decided when first asked for with something to read."""
        if self._known is None and self._texts:
            name = PurePosixPath(path.rpartition("!/")[2]).name
            self._known = classify("\n".join(self._texts), name, list(self._labels)).document_class
            self._texts = []
        return self._known or ""
