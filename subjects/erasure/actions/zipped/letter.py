"""A letter (DOCX) goes in, the same without some words comes out; every part that is not concerned keeps every byte.

Body, headers, notes, comments, tracked changes, text boxes, properties and custom XML are all searched.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import IO

from subjects.erasure.actions import CannotErase, Cut, Cuts
from subjects.erasure.actions.occurrences import Edit, Occurrences, smallest, spliced
from subjects.erasure.actions.zipped.entries import SAME, rewrite_entries
from subjects.erasure.actions.zipped.xml_text import as_text, elements, escaped, readables

_ROWS = frozenset({"tr"})


def rewrite(source: IO[bytes], target: IO[bytes], cuts: Cuts) -> None:
    """Replace words and empty rows of tables; raises CannotErase for macros, signatures and embedded files."""
    if cuts.inside or cuts.members:
        raise CannotErase("it is in a file within the letter")
    seen = Occurrences([cut for cut in cuts.cuts if not cut.whole_row], [cut for cut in cuts.cuts if cut.whole_row])
    rows = _by_row(cuts.cuts)
    emptied: set[str] = set()

    def change(name: str, content: Callable[[], bytes], _place: int) -> bytes | None:
        require_plain(name)
        if not is_xml(name):
            return SAME
        data = content()
        text = as_text(data)
        gone = []
        if name.startswith("word/") and "<" in text and rows:
            areas = [(row.start, row.end, words_of(text[row.start : row.end])) for row in elements(text, _ROWS)]
            for place, mine in rows.items():
                fit = smallest(areas, {cut.text for cut in mine})
                if len(fit) > 1 or (fit and place in emptied):
                    raise CannotErase("it is not sure which row of a table is meant")
                emptied.update([place] if fit else [])
                gone += fit
        edits = edits_in(text, seen, gone)
        return spliced(text, edits).encode() if edits else SAME

    rewrite_entries(source, target, change)
    if len(emptied) != len(rows):
        raise CannotErase("a row of a table is not there any more")
    seen.check()


def require_plain(name: str) -> None:
    """Raises CannotErase when this part makes a package one that a program must not change."""
    low = name.lower()
    if low.startswith("_xmlsignatures/"):
        raise CannotErase("it is signed, and a change would break the signature")
    if "vbaproject" in low:
        raise CannotErase("it holds macros, in which the data may stand, too")


def is_xml(name: str) -> bool:
    """Whether a part is text that may name somebody."""
    return name.lower().endswith((".xml", ".rels", ".vml")) and name != "[Content_Types].xml"


def edits_in(text: str, seen: Occurrences, emptied: Sequence[tuple[int, int]] = ()) -> list[Edit]:
    """The edits of one XML part; of the areas that are emptied all text goes."""
    edits: list[Edit] = []
    for readable in readables(text):
        first = readable.spans[0][0] if readable.spans else 0
        if any(start <= first < end for start, end in emptied):
            if text[first - 1] == ">":
                edits += readable.edits(0, len(readable.text), "")
        else:
            edits += seen.edits(readable, escaped)
    return edits


def words_of(text: str) -> str:
    """All that can be read in a piece of XML."""
    return "\n".join(readable.text for readable in readables(text))


def _by_row(cuts: Sequence[Cut]) -> dict[str, list[Cut]]:
    rows = defaultdict(list)
    for cut in cuts:
        if cut.whole_row:
            rows[cut.location.partition(";col=")[0]].append(cut)
    return rows
