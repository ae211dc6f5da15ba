"""A workbook (XLSX) goes in, the same without some rows and values comes out; all other parts keep every byte.

A row that goes is emptied, not moved up: no reference changes. Shared strings that nothing uses any more are emptied,
too. Comments, properties, links, names and text boxes are searched as well.
"""

import io
import zipfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from posixpath import normpath
from typing import IO

from scanner.model import Location
from subjects.erasure.actions import CannotErase, Cut, Cuts
from subjects.erasure.actions.occurrences import Occurrences, spliced
from subjects.erasure.actions.zipped.entries import SAME, rewrite_entries
from subjects.erasure.actions.zipped.formulas import refers_to
from subjects.erasure.actions.zipped.letter import edits_in, is_xml, require_plain
from subjects.erasure.actions.zipped.sheet_cells import Cell, Shared, changed_sheet
from subjects.erasure.actions.zipped.xml_text import as_text, elements

_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_STRINGS = "xl/sharedStrings.xml"
_COPIES = ("xl/pivotcache/", "xl/querytables/", "xl/externallinks/", "xl/model/", "xl/revisions/")


def rewrite(source: IO[bytes], target: IO[bytes], cuts: Cuts) -> None:
    """Empty rows and cells, replace words; raises CannotErase where formulas, macros or pivot tables know the data."""
    if cuts.inside or cuts.members:
        raise CannotErase("it is in a file within the workbook")
    try:
        with zipfile.ZipFile(source) as package:
            parts = {name: package.read(name) for name in package.namelist() if is_xml(name)}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise CannotErase("it is damaged or encrypted") from error
    cells, others = _by_sheet(cuts.cuts)
    sheets = _sheets(parts)
    if set(cells) - set(sheets):
        raise CannotErase("a sheet is not there any more")
    _check_formulas(parts, sheets, cells)
    changed = _changed_sheets(parts, sheets, cells)
    in_cells = [cut for mine in cells.values() for cell in mine.values() for cut in cell]
    seen = Occurrences(others, in_cells)
    emptied = _comments(parts, sheets, cells)

    def change(name: str, content: Callable[[], bytes], _place: int) -> bytes | None:
        require_plain(name)
        if name.lower().startswith(_COPIES):
            raise CannotErase("a pivot table or a link to other data keeps copies of its rows")
        if not is_xml(name):
            return SAME
        text = changed.get(name) or as_text(content())
        within = name in sheets.values() or name == _STRINGS
        edits = [] if within else edits_in(text, seen, emptied(name, text))
        if name in sheets.values():
            edits = _outside_cells(text, seen)
        if not edits and name not in changed:
            return SAME
        return spliced(text, edits).encode()

    source.seek(0)
    made = io.BytesIO()
    rewrite_entries(source, made, change)
    seen.check()
    target.write(made.getvalue())


def _by_sheet(cuts: Sequence[Cut]) -> tuple[dict[str, dict[Cell, list[Cut]]], list[Cut]]:
    """Cuts in cells by sheet and cell (column 0 = the whole row), and all others."""
    cells: dict[str, dict[Cell, list[Cut]]] = defaultdict(lambda: defaultdict(list))
    others = []
    for cut in cuts:
        steps = Location.parse(cut.location).steps
        if [name for name, _ in steps] == ["sheet", "row", "col", "chars"]:
            place = dict(steps)
            cells[place["sheet"]][int(place["row"]), int(place["col"])].append(cut)
        else:
            others.append(cut)
    return cells, others


def _sheets(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Name of a sheet -> name of its part."""
    if _WORKBOOK not in parts or _RELATIONS not in parts:
        raise CannotErase("it is not built as workbooks are")
    related = _related(as_text(parts[_RELATIONS]), "xl")
    listed = elements(as_text(parts[_WORKBOOK]), frozenset({"sheet"}))
    return {one.attributes["name"]: related.get(one.attributes.get("id", ""), "") for one in listed}


def _related(text: str, folder: str) -> dict[str, str]:
    """Id of a relation -> name of the part that it leads to."""
    found = {}
    for one in elements(text, frozenset({"Relationship"})):
        if one.attributes.get("TargetMode") != "External":
            goal = one.attributes.get("Target", "")
            inner = goal.lstrip("/") if goal.startswith("/") else normpath(f"{folder}/{goal}")
            found[one.attributes.get("Id", "")] = inner
    return found


def _check_formulas(
    parts: Mapping[str, bytes], sheets: Mapping[str, str], cells: Mapping[str, Mapping[Cell, Sequence[Cut]]]
) -> None:
    """Raises CannotErase when a formula would count differently, or bring a copy of the data."""
    for sheet, part in sheets.items():
        _check_part(as_text(parts[part]) if part in parts else "", sheet, cells)
    for name in parts:
        # A chart keeps copies of the cells that it shows; a name of cells may stand in any formula.
        if name.startswith("xl/charts/") or name == _WORKBOOK:
            _check_part(as_text(parts[name]), "", cells)


def _check_part(text: str, sheet: str, cells: Mapping[str, Mapping[Cell, Sequence[Cut]]]) -> None:
    for one in elements(text, frozenset({"f", "definedName"})):
        if one.attributes.get("name", "").startswith("_xlnm."):
            continue  # print areas, filters: nothing is counted with them
        formula = text[one.start : one.end]
        for goal, mine in cells.items():
            shared = one.attributes.get("t") == "shared" and sheet == goal
            if shared or refers_to(formula, sheet, goal, {row for row, _ in mine}):
                raise CannotErase("a formula or a chart refers to the row: it would change, or keep a copy")


def _changed_sheets(
    parts: Mapping[str, bytes], sheets: Mapping[str, str], cells: Mapping[str, Mapping[Cell, Sequence[Cut]]]
) -> dict[str, str]:
    """Name of a part -> its text with the cells changed, and the shared strings without what nothing uses now."""
    shared = Shared(as_text(parts[_STRINGS]) if _STRINGS in parts else "")
    made = {sheets[sheet]: changed_sheet(as_text(parts[sheets[sheet]]), mine, shared) for sheet, mine in cells.items()}
    if cells:
        for part in set(sheets.values()) - set(made):
            if part in parts:
                shared.use(as_text(parts[part]))
        for text in made.values():
            shared.use(text)
        if strings := shared.without_unused():
            made[_STRINGS] = strings
    return made


def _comments(
    parts: Mapping[str, bytes], sheets: Mapping[str, str], cells: Mapping[str, Mapping[Cell, Sequence[Cut]]]
) -> Callable[[str, str], list[tuple[int, int]]]:
    """What gives the comments of a part that belong to rows that go."""
    rows: dict[str, set[int]] = {}
    for sheet, mine in cells.items():
        folder, _, name = sheets[sheet].rpartition("/")
        relations = parts.get(f"{folder}/_rels/{name}.rels")
        gone = {row for (row, _), cuts in mine.items() if any(cut.whole_row for cut in cuts)}
        for part in _related(as_text(relations), folder).values() if relations else ():
            rows[part] = gone

    def emptied(name: str, text: str) -> list[tuple[int, int]]:
        gone = rows.get(name, set())
        return [
            (one.start, one.end)
            for one in elements(text, frozenset({"comment", "threadedComment"}))
            if (digits := one.attributes.get("ref", "").lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ$")).isdigit()
            and int(digits) in gone
        ]

    return emptied


def _outside_cells(text: str, seen: Occurrences) -> list[tuple[int, int, str]]:
    """Edits of a sheet outside its cells: headings of pages, texts of links."""
    data = next(((one.start, one.end) for one in elements(text, frozenset({"sheetData"}))), (len(text), len(text)))
    return [edit for edit in edits_in(text, seen) if edit[1] <= data[0] or edit[0] >= data[1]]
