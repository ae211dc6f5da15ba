"""Excel files: headings, absolute rows, hidden sheets, number formats, comments, and sheets made to break readers."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from scanner.formats.sheets.cells import kind_of_format, number_text, place
from scanner.formats.sheets.xlsx import extract
from scanner.limits import Budget, Limits
from scanner.model import Child, Column, Location, Lost, Part, Reason, Segment, Skip

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def book_of(*rows: tuple[object, ...]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "Staff"
    for row in rows:
        book.active.append(row)
    return book


def raw(sheet: str, members: dict[str, str | bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet>{sheet}</worksheet>")
        for name, content in (members or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


def parts(data: bytes, limits: Limits | None = None) -> list[Part]:
    return list(extract(io.BytesIO(data), Budget(limits or Limits(), len(data))))


def columns(found: list[Part]) -> dict[str, Column]:
    return {part.label: part for part in found if isinstance(part, Column)}


def text(found: list[Part]) -> str:
    return "\n".join(part.text for part in found if isinstance(part, Segment))


def test_columns_have_the_heading_and_the_rows_of_excel() -> None:
    book = book_of(("Membership report",), (), (None, "Name", "E-mail"), (None, "Ann", "ann@x.example"), (None, "Bo"))
    found = parts(saved(book))
    mail = columns(found)["E-mail"]
    assert (mail.values, mail.row(0), mail.number, mail.table) == (
        ("ann@x.example",),
        4,
        3,
        Location.of(sheet="Staff"),
    )
    title = next(part for part in found if isinstance(part, Segment) and part.pieces)
    assert (title.text, str(title.pieces[0].where)) == ("Membership report", "sheet=Staff;row=1;col=1")


def test_a_sheet_without_heading_loses_no_row() -> None:
    found = columns(parts(saved(book_of(("Ann Field", "London"), ("Bo Hill", "Leeds")))))
    assert {value for column in found.values() for value in column.values} >= {"London", "Leeds"}
    both = [part for part in parts(saved(book_of(("Ann Field",), ("Bo Hill",)))) if isinstance(part, Column)]
    assert [(column.label, column.values) for column in both] == [("", ("Ann Field", "Bo Hill"))]


def test_a_value_never_becomes_a_label() -> None:
    heading = ("Name", "E-mail", "Phone", "Town", "jo@x.example")
    found = parts(saved(book_of(heading, ("Ann", "ann@x.example", "1", "Bath", "bo@x.example"))))
    assert columns(found)["Town"].values == ("Bath",)
    assert all("@" not in part.label for part in found if isinstance(part, Column | Segment))
    assert "jo@x.example" in text(found) + str(columns(found))


def test_a_second_table_below_has_its_own_heading() -> None:
    rows = [("Name", "Age")] + [(f"Person {number}", number) for number in range(40)]
    found = columns(parts(saved(book_of(*rows, (), ("Surname", "Phone"), ("Hill", "020 7946 0958")))))
    assert found["Phone"].values == ("020 7946 0958",)
    assert found["Phone"].row(0) == 44


def test_numbers_and_dates_look_as_in_the_sheet() -> None:
    book = book_of(
        ("Phone", "Sort code", "Big", "Born", "Seen", "Amount"),
        (7700900123, 12345, 447700900123.0, date(1984, 2, 9), datetime(2024, 5, 6, 7, 8, 9), 1.5),
    )
    sheet = book.active
    assert sheet is not None
    sheet["A2"].number_format = "00000000000"
    sheet["B2"].number_format = "00-00-00"
    found = {label: column.values for label, column in columns(parts(saved(book))).items()}
    assert found == {
        "Phone": ("07700900123",),
        "Sort code": ("01-23-45",),
        "Big": ("447700900123",),
        "Born": ("1984-02-09",),
        "Seen": ("2024-05-06 07:08:09",),
        "Amount": ("1.5",),
    }


@pytest.mark.parametrize(
    ("raw_value", "kind", "since_1904", "expected"),
    [
        ("4.4770090012300001E+11", "", False, "447700900123"),
        ("0.1", "", False, "0.1"),
        ("-5", "", False, "-5"),
        ("00012", "", False, "00012"),
        ("30721.5", "date", False, "1984-02-09 12:00:00"),
        ("59", "date", False, "1900-02-28"),
        ("1", "date", False, "1900-01-01"),
        ("0.5", "date", False, "12:00:00"),
        ("0", "date", True, "1904-01-01"),
        ("99999999", "date", False, "99999999"),
        ("12345678901234567890", "", False, "12345678901234567890"),
        ("no number", "", False, "no number"),
        ("nan", "", False, "nan"),
        ("inf", "date", False, "inf"),
    ],
)
def test_number_text(raw_value: str, kind: str, since_1904: bool, expected: str) -> None:
    assert number_text(raw_value, kind, since_1904) == expected


@pytest.mark.parametrize(
    ("number", "code", "kind"),
    [
        (14, "", "date"),
        (0, "General", ""),
        (-1, "dd/mm/yyyy", "date"),
        (-1, '"day" 0.00', ""),
        (-1, "[Red]0.00", ""),
        (-1, "00-00-00", "00-00-00"),
        (-1, "#,##0", ""),
        (-1, "0", ""),
    ],
)
def test_kind_of_format(number: int, code: str, kind: str) -> None:
    assert kind_of_format(number, code) == kind


def test_place() -> None:
    assert [place(reference) for reference in ("A1", "C5", "AA10", "XFD1048576", "$B$2", "", "7")] == [
        (1, 1),
        (5, 3),
        (10, 27),
        (1048576, 16384),
        (2, 2),
        (0, 0),
        (0, 0),
    ]


def test_hidden_sheets_comments_links_headers_names_and_authors() -> None:
    book = book_of(("x",))
    sheet = book.active
    assert sheet is not None
    hidden = book.create_sheet("away")
    hidden.sheet_state = "veryHidden"
    hidden["C7"] = "hidden@x.example"
    sheet["B2"] = "=1+1"
    sheet["B2"].comment = Comment("ask note@x.example", "Jo Field")
    sheet["C3"].hyperlink = "mailto:link@x.example"
    sheet.oddFooter.left.text = "by foot@x.example"
    book.properties.creator = "Al Hill"
    book.defined_names["owner"] = openpyxl.workbook.defined_name.DefinedName("owner", attr_text='"name@x.example"')
    found = parts(saved(book))
    (away,) = [part for part in found if isinstance(part, Column) and part.table == Location.of(sheet="away")]
    assert (away.values, away.row(0), away.number) == (("hidden@x.example",), 7, 3)
    assert all(f"{who}@x.example" in text(found) for who in ("note", "link", "foot", "name"))
    by_label = {part.text: part for part in found if isinstance(part, Segment)}
    assert str(by_label["ask note@x.example"].where) == "sheet=Staff;row=2;col=2;comment=1"
    assert {by_label["Jo Field"].role, by_label["Al Hill"].role} == {"author"}


def test_rich_text_shared_strings_and_reading_aids() -> None:
    strings = "<sst><si><r><t>ann@</t></r><r><t>x.example</t></r><rPh><t>furigana</t></rPh></si></sst>"
    data = raw(
        '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>', {"xl/sharedStrings.xml": strings}
    )
    column, aid = parts(data)
    assert isinstance(aid, Segment)
    assert (aid.text, str(aid.where)) == ("furigana", "part=aids")
    assert isinstance(column, Column)
    assert column.values == ("ann@x.example",)


def test_more_shared_strings_than_fit_in_memory_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    strings = "<sst>" + "".join(f"<si><t>a{number}@x.example</t></si>" for number in range(50)) + "</sst>"
    cells = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>49</v></c></row>'
    data = raw(f"<sheetData>{cells}</sheetData>", {"xl/sharedStrings.xml": strings})
    assert not [part for part in parts(data) if isinstance(part, Lost)]
    monkeypatch.setattr("scanner.formats.sheets.shared.MOST_MEMORY", 5_000)
    found = parts(data)
    assert [part.values for part in found if isinstance(part, Column)] == [("a0@x.example",)]
    assert "a20@x.example" in text(found)
    [lost] = [part for part in found if isinstance(part, Lost)]
    assert (lost.reason, lost.detail) == (Reason.LIMIT, "27 of its shared strings have no room in memory")


def test_threads_charts_drawings_and_caches_are_read_once() -> None:
    relations = "".join(
        f'<Relationship Id="r{kind}" Type="x/{kind}" Target="../{target}"/>'
        for kind, target in (("comments", "comments1.xml"), ("threadedComment", "threadedComments/t1.xml"))
    )
    note = '<comments><comment ref="A1"><text><t>[Threaded comment] thread@x.example</t></text></comment></comments>'
    thread = '<T><threadedComment ref="A1" personId="p"><text>thread@x.example</text></threadedComment></T>'
    data = raw(
        "<sheetData/>",
        {
            "xl/worksheets/_rels/sheet1.xml.rels": f"<Relationships>{relations}</Relationships>",
            "xl/comments1.xml": note,
            "xl/threadedComments/t1.xml": thread,
            "xl/persons/person.xml": '<l><person id="p" displayName="Jo Field" userId="jo@x.example"/></l>',
            "xl/drawings/drawing1.xml": "<d><p><r><t>box@</t></r><r><t>x.example</t></r></p></d>",
            "xl/pivotCache/pivotCacheDefinition1.xml": '<p><s v="cache@x.example"/></p>',
            "xl/embeddings/letter.docx": b"PK",
        },
    )
    found = parts(data)
    lines = text(found).split("\n")
    assert text(found).count("thread@x.example") == 1
    assert {"box@x.example", "cache@x.example", "Jo Field jo@x.example"} <= set(lines)
    assert [part.name for part in found if isinstance(part, Child)] == ["xl/embeddings/letter.docx"]


def test_one_cell_in_the_last_corner_costs_nothing() -> None:
    data = raw(
        '<dimension ref="A1:XFD1048576"/><sheetData><row r="1048576"><c r="XFD1048576"><v>7</v></c></row></sheetData>'
    )
    (column,) = parts(data)
    assert isinstance(column, Column)
    assert (column.row(0), column.number) == (1048576, 16384)


def test_ten_thousand_rows_a_block() -> None:
    rows = "".join(f'<row r="{number}"><c r="A{number}"><v>{number}</v></c></row>' for number in range(1, 25_001))
    blocks = [part for part in parts(raw(f"<sheetData>{rows}</sheetData>")) if isinstance(part, Column)]
    assert [len(block.values) for block in blocks] == [10_000, 10_000, 5_000]
    assert [block.first_row for block in blocks] == [1, 10_001, 20_001]


def test_cells_without_references() -> None:
    (first, second) = parts(
        raw("<sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData>")
    )
    assert isinstance(first, Column)
    assert isinstance(second, Column)
    assert (first.values, second.values, second.number) == (("1", "3"), ("2",), 2)


def test_a_cell_that_names_another_row_stands_in_the_column_that_it_names() -> None:
    found = parts(raw('<sheetData><row r="1"><c r="C7" t="str"><v>ann@x.example</v></c></row></sheetData>'))
    [column] = [part for part in found if isinstance(part, Column)]
    assert (column.first_row, column.number, column.values) == (7, 3, ("ann@x.example",))


def test_a_broken_sheet_is_read_as_far_as_it_goes() -> None:
    found = parts(raw('<sheetData><row r="1"><c r="A1" t="str"><v>ann@x.example</v></c><c r="B1"'))
    assert "ann@x.example" in str(found)
    assert [part.reason for part in found if isinstance(part, Lost)] == [Reason.DAMAGED]


def test_entities_are_not_expanded() -> None:
    levels = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 10))
    strings = f'<!DOCTYPE sst [<!ENTITY l0 "lol">{levels}]><sst><si><t>&l9;ann@x.example</t></si></sst>'
    data = raw(
        '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>', {"xl/sharedStrings.xml": strings}
    )
    found = parts(data)
    assert next(part for part in found if isinstance(part, Column)).values == ("ann@x.example",)
    assert [part.reason for part in found if isinstance(part, Lost)] == [Reason.DAMAGED]


def test_a_bomb_ends_at_the_limit() -> None:
    with pytest.raises(Skip) as skipped:
        parts(raw(" " * 60_000_000))
    assert skipped.value.reason is Reason.LIMIT


def test_a_locked_workbook_is_skipped() -> None:
    with pytest.raises(Skip) as skipped:
        parts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert skipped.value.reason is Reason.ENCRYPTED


def test_real_exports_keep_all_values() -> None:
    if not SHARED.exists():
        pytest.skip("../shared is not here: no real Excel files to read")
    found = columns(parts((SHARED / "subjects/contact_exports/members.xlsx").read_bytes()))
    assert len(found["E-mail"].values) == len(found["Born"].values) == 12
    assert found["Born"].values[0] == "1995-09-16"
    for file in sorted(SHARED.glob("documents/poi/*.xlsx")):
        parts(file.read_bytes())


def test_headings_without_anything_below_them_are_text() -> None:
    found = parts(
        saved(book_of(("Name", "Phone", "Address"), ("Ann Lee", "07700 900123"), ("Bo Hill", "07700 900456")))
    )
    assert set(columns(found)) == {"Name", "Phone"}
    rest = [part for part in found if isinstance(part, Segment) and part.text == "Address"]
    assert [str(part.pieces[0].where) for part in rest] == ["sheet=Staff;row=1;col=3"]
