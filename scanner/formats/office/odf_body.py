"""Events of an OpenDocument part go in; its paragraphs, tables, notes, comments and deleted text come out, placed."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from scanner.formats.office.ooxml import Handler, local
from scanner.formats.sheets.cells import number_text, sheet_title
from scanner.formats.tables.grid import Grid
from scanner.formats.text.prose import Prose
from scanner.model import Location, Part, Segment

_REPEATS = 100  # the same text in so many cells or rows side by side is enough: no value is lost by it
_FARTHEST = 1_048_576
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_GROUPED = re.compile(r"\d{1,3}(?:[,.'\u00a0\u202f ]\d{3})+")
# Elements within a paragraph whose text is not the document's own.
_NOT_TEXT = frozenset(("note-citation", "ruby-text", "binary-data"))
# Attributes that a reader sees, or that hold what somebody filled in: (element, attribute).
_SAID = frozenset(
    (
        ("help-message", "title"),
        ("error-message", "title"),
        ("content-validation", "condition"),
        ("named-range", "name"),
        ("hidden-text", "string-value"),
        ("conditional-text", "string-value-if-true"),
        ("conditional-text", "string-value-if-false"),
        ("variable-set", "string-value"),
        ("user-field-decl", "string-value"),
        ("dropdown", "label"),
        ("label", "value"),
        ("text", "value"),
        ("text", "current-value"),
        ("textarea", "current-value"),
        ("formatted-text", "current-value"),
        ("date", "current-value"),
        ("combobox", "current-value"),
        ("item", "label"),
        ("option", "label"),
        ("checkbox", "label"),
        ("fixed-text", "label"),
    )
)


@dataclass(slots=True)
class _Paragraph:
    where: Location
    text: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    depth: int = 0  # of the tables around it


@dataclass(slots=True)
class _Table:
    grid: Grid
    where: Location
    number: int
    row: int = 0
    column: int = 0
    row_repeats: int = 1
    repeats: int = 1
    value: str = ""  # as the attributes of the cell give it, where that says more than what is shown
    worded: bool = False  # the value is a text of its own
    cells: list[tuple[int, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Note:
    """A comment or footnote: it stands within a paragraph, and is a text of its own."""

    where: Location
    by: list[str] = field(default_factory=list)
    paragraphs: int = 0


class Body(Handler):
    """Reads content.xml or styles.xml of a text, presentation, drawing or workbook."""

    def __init__(self, where: Location) -> None:
        super().__init__()
        self._home = self._where = where
        self._prose = Prose(where)
        self._paragraphs: list[_Paragraph] = []
        self._loose = _Paragraph(where)
        self._tables: list[_Table] = []
        self._notes: list[_Note] = []
        self._counted = dict.fromkeys(("para", "table", "slide", "note", "comment"), 0)
        self._open: list[str] = []
        self._workbook = False
        self._people: dict[str, None] = {}
        self._creator: list[str] = []
        self.letters = 0

    def rest(self) -> Iterator[Part]:
        """Close what a broken part left open, then give what waits and the people who changed or commented."""
        while self._paragraphs:
            self._end_paragraph()
        while self._tables:
            self._end_cell()
            self._end_row()
            self._end_table()
        self._paragraphs.append(self._loose)
        self._end_paragraph()
        yield from self.drain()
        yield from self._prose.rest()
        for number, person in enumerate(self._people, start=1):
            where = self._home.then(author=number)
            yield Segment(person, where, label="author", record=str(where), role="author")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        own = local(name)
        self._open.append(own)
        if begin := _START.get(own):
            begin(self, {local(key): value for key, value in attributes.items()})
        if attributes:
            self._attributes(own, attributes)

    def end(self, name: str) -> None:
        own = local(name)
        if self._open:
            self._open.pop()
        if finish := _END.get(own):
            finish(self)

    def characters(self, text: str) -> None:
        around, within = (["", "", *self._open])[-2:]
        if around in {"annotation", "change-info"} and within not in {"p", "h"}:  # who and when
            if within == "creator":
                (self._notes[-1].by if self._notes else self._creator).append(text)
        elif self._paragraphs and within not in _NOT_TEXT:
            self._paragraphs[-1].text.append(text)
        elif within in {"title", "desc"} and text.strip():
            self._loose.aside.append(text)

    def _attributes(self, own: str, attributes: dict[str, str]) -> None:
        for key, value in attributes.items():
            if not value or key.startswith("xmlns"):
                continue
            plain = local(key)
            link = plain == "href" and ("@" in value or value.startswith(("tel:", "sms:", "callto:")))
            if link or ((own, plain) in _SAID and len(value) > 1):
                self._paragraph.aside.append(value)
            elif own == "user-info" and plain == "string-value":
                self._people[value] = None

    @property
    def _paragraph(self) -> _Paragraph:
        return self._paragraphs[-1] if self._paragraphs else self._loose

    def _start_paragraph(self, _: dict[str, str]) -> None:
        if self._notes:
            note = self._notes[-1]
            note.paragraphs += 1
            where = note.where.then(para=note.paragraphs)
        elif "deletion" in self._open:
            self._counted["para"] += 1
            where = self._where.then(para=self._counted["para"], change="deleted")
        else:
            self._counted["para"] += 1
            where = self._where.then(para=self._counted["para"])
        self._paragraphs.append(_Paragraph(where, depth=0 if self._notes else len(self._tables)))

    def _end_paragraph(self) -> None:
        if not self._paragraphs:
            return
        paragraph = self._paragraphs.pop()
        text = "".join(paragraph.text)
        self.letters += len(text.strip())
        if paragraph.depth and paragraph.depth == len(self._tables):
            table = self._tables[-1]
            table.lines.append(text)
            where = table.where.then(row=table.row, col=table.column)
        else:
            where = paragraph.where
            self.parts += self._prose.add(text, where)
        for aside in paragraph.aside:
            self.parts += self._prose.add(aside, where)

    def _spaces(self, attributes: dict[str, str]) -> None:
        count = attributes.get("c", "1")
        self._paragraph.text.append(" " * (min(int(count), 100) if count.isdecimal() else 1))

    def _start_note(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("note-class", "footnote")
        self._counted["note"] += 1
        self._notes.append(_Note(self._where.then(**{kind: self._counted["note"]})))

    def _start_comment(self, _: dict[str, str]) -> None:
        self._counted["comment"] += 1
        where = self._where
        if self._tables:
            where = self._tables[-1].where.then(row=self._tables[-1].row, col=max(1, self._tables[-1].column))
        self._notes.append(_Note(where.then(comment=self._counted["comment"])))

    def _end_note(self) -> None:
        if self._notes:
            note = self._notes.pop()
            if person := "".join(note.by).strip():
                self.parts.append(
                    Segment(person, note.where.then(author=1), label="author", record=str(note.where), role="author")
                )

    def _end_creator(self) -> None:
        if person := "".join(self._creator).strip():
            self._people[person] = None
        self._creator.clear()

    def _start_slide(self, _: dict[str, str]) -> None:
        self._counted["slide"] += 1
        self._counted["para"] = 0
        self._where = Location.of(slide=self._counted["slide"])

    def _end_slide(self) -> None:
        self._where = self._home

    def _start_slide_notes(self, _: dict[str, str]) -> None:
        if self._counted["slide"]:
            self._where = Location.of(slide=self._counted["slide"], part="notes")
            self._counted["para"] = 0

    def _start_sheets(self, _: dict[str, str]) -> None:
        self._workbook = True

    def _start_table(self, attributes: dict[str, str]) -> None:
        self._counted["table"] += 1
        top = self._workbook and not self._tables
        number = self._counted["table"]
        where = Location.of(sheet=attributes.get("name", str(number))) if top else self._where.then(table=number)
        self._tables.append(_Table(Grid(where, loose=not top), where, number))
        if top:
            self._where = where
            self.parts += sheet_title(attributes.get("name", ""), where)

    def _start_row(self, attributes: dict[str, str]) -> None:
        if self._tables:
            table = self._tables[-1]
            table.row += 1
            table.row_repeats = _count(attributes, "number-rows-repeated")
            table.column = 0

    def _start_cell(self, attributes: dict[str, str]) -> None:
        if not self._tables:
            return
        table = self._tables[-1]
        table.column += 1
        table.repeats = _count(attributes, "number-columns-repeated")
        table.value = _value(attributes)
        table.worded = attributes.get("value-type") == "string"
        formula = attributes.get("formula", "")
        if "@" in formula and '"' in formula:  # addresses that are written into it
            self._loose.aside.append(formula)

    def _end_cell(self) -> None:
        if not self._tables:
            return
        table = self._tables[-1]
        shown = "\n".join(line for line in table.lines if line.strip())
        table.lines = []
        text = table.value if table.value and (not shown or _says_more(table.value, shown)) else shown
        if table.worded and table.value and " ".join(table.value.split()) != " ".join(shown.split()):
            text = f"{shown}\n{table.value}".strip()
        if text:
            table.cells += [(table.column + more, text) for more in range(min(table.repeats, _REPEATS))]
        table.column = min(table.column + table.repeats - 1, _FARTHEST)
        table.value = ""

    def _end_row(self) -> None:
        if self._tables:
            table = self._tables[-1]
            if table.cells:
                for more in range(min(table.row_repeats, _REPEATS)):
                    self.parts += table.grid.add(table.row + more, table.cells)
            table.row = min(table.row + table.row_repeats - 1, 2**31)
            table.cells = []

    def _sure_heading(self, _: dict[str, str]) -> None:
        if self._tables and not self._workbook and not self._tables[-1].row:
            self._tables[-1].grid.sure_heading = True

    def _end_table(self) -> None:
        if self._tables:
            self.parts += self._tables.pop().grid.close()
            if not self._tables and self._workbook:
                self._where = self._home


def _count(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return max(1, min(int(text), _FARTHEST)) if text.isdecimal() and len(text) < 10 else 1


def _value(attributes: dict[str, str]) -> str:
    """The value of a cell as its attributes have it: a whole number or a date that the cell may show in short."""
    kind = attributes.get("value-type", "")
    if kind == "date":
        date = attributes.get("date-value", "")
        return date.replace("T", " ")[:19] if _DATE.match(date) else ""
    if kind == "float":
        return number_text(attributes.get("value", "").strip(), "", since_1904=False)
    return attributes.get("string-value", "") if kind == "string" else ""


def _says_more(value: str, shown: str) -> bool:
    """Whether the value is to be taken instead of what is shown: a date, or digits that are rounded off or grouped."""
    if _DATE.match(value):
        return True
    return _digits(value) > _digits(shown) or (value.isdecimal() and bool(_GROUPED.fullmatch(shown)))


def _digits(text: str) -> int:
    return sum(char.isdecimal() for char in text)


def _into_paragraph(text: str) -> Callable[[Body, dict[str, str]], None]:
    return lambda body, _: body._paragraph.text.append(text)


_START: dict[str, Callable[[Body, dict[str, str]], None]] = {
    "p": Body._start_paragraph,
    "h": Body._start_paragraph,
    "s": Body._spaces,
    "tab": _into_paragraph("\t"),
    "line-break": _into_paragraph("\n"),
    "note": Body._start_note,
    "annotation": Body._start_comment,
    "page": Body._start_slide,
    "notes": Body._start_slide_notes,
    "spreadsheet": Body._start_sheets,
    "table": Body._start_table,
    "table-row": Body._start_row,
    "table-cell": Body._start_cell,
    "covered-table-cell": Body._start_cell,
    "table-header-rows": Body._sure_heading,
}
_END: dict[str, Callable[[Body], None]] = {
    "p": Body._end_paragraph,
    "h": Body._end_paragraph,
    "note": Body._end_note,
    "annotation": Body._end_note,
    "creator": Body._end_creator,
    "page": Body._end_slide,
    "table": Body._end_table,
    "table-row": Body._end_row,
    "table-cell": Body._end_cell,
    "covered-table-cell": Body._end_cell,
}
