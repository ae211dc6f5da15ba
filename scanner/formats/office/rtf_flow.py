"""Marks of paragraphs, cells and rows of one text go in, with what stands between them; placed parts come out."""

from collections.abc import Iterator

from scanner.formats.tables.grid import Grid
from scanner.formats.text.prose import Prose
from scanner.model import Location, Part


class Flow:
    """The main text, or one header, note, comment or box. Put text into `text`, then give the mark that ends it."""

    def __init__(self, where: Location) -> None:
        self._where = where
        self.text: list[str] = []
        self.deleted: list[str] = []
        self.aside: list[str] = []  # what fields and shapes hold
        self.in_table = False
        self._prose = Prose(where)
        self._paragraphs = self._tables = self._row = 0
        self._grid: Grid | None = None
        self._cells: list[tuple[int, str]] = []
        self._lines: list[str] = []

    def mark(self, sign: str) -> Iterator[Part]:
        r"""A paragraph (\r), a cell (\x07) or a row (\x08) ends here."""
        text = whole("".join(self.text))
        self.text.clear()
        self._paragraphs += 1
        where = self._where.then(para=self._paragraphs)
        if sign == "\r" and not self.in_table:
            yield from self._end_table()
            yield from self._prose.add(text, where)
        else:
            if self._grid is None:
                self._tables += 1
                self._row = 0
                self._grid = Grid(self._where.then(table=self._tables), loose=True)
            where = self._where.then(table=self._tables, row=self._row + 1, col=len(self._cells) + 1)
            if text.strip():
                self._lines.append(text)
            yield from self._cell(sign)
        for aside in self.aside:
            yield from self._prose.add(whole(aside), where)
        self.aside.clear()
        if self.deleted:
            yield from self._prose.add(whole("".join(self.deleted)), where.then(change="deleted"))
            self.deleted.clear()

    def rest(self) -> Iterator[Part]:
        """What waits when the text ends."""
        self.in_table = self.in_table and self._grid is not None
        yield from self.mark("\r")
        yield from self._end_table()
        yield from self._prose.rest()

    def _cell(self, sign: str) -> Iterator[Part]:
        if sign != "\r":
            if sign == "\x07" or self._lines:
                self._cells.append((len(self._cells) + 1, "\n".join(self._lines)))
            self._lines = []
        if sign == "\x08" and self._grid is not None:
            self._row += 1
            yield from self._grid.add(self._row, self._cells)
            self._cells = []

    def _end_table(self) -> Iterator[Part]:
        if self._grid is None:
            return
        yield from self._cell("\x07" if self._lines else "\r")
        if self._cells:
            yield from self._cell("\x08")
        yield from self._grid.close()
        self._grid = None


def whole(text: str) -> str:
    """Text in which the halves of surrogate pairs, which RTF gives one by one, are joined."""
    if not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
