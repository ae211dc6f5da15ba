"""Binary workbooks and electronic books: places, numbers, comments, chapters and what they say of themselves."""

import io
import struct
import zipfile

from old_office import bits, long, xlsb
from placed import columns, parts, places, roles

from scanner.formats.office import epub
from scanner.formats.sheets import xlsb as binary
from scanner.model import About, Child, Lost, Reason


def cell(kind: int, column: int, content: bytes, look: int = 0) -> bytes:
    return bits(kind, struct.pack("<LL", column, look) + content)


def row(number: int, *cells: bytes) -> bytes:
    return bits(0, struct.pack("<L", number) + bytes(13)) + b"".join(cells)


STYLES = (
    bits(44, struct.pack("<H", 164) + long("00000000000"))
    + bits(617, struct.pack("<L", 3))
    + bits(47, struct.pack("<HHHHHH", 0, 0, 0, 0, 0, 0))
    + bits(47, struct.pack("<HHHHHH", 0, 164, 0, 0, 0, 0))
    + bits(47, struct.pack("<HHHHHH", 0, 14, 0, 0, 0, 0))
    + bits(618)
)


def test_absolute_places_shared_texts_and_numbers_as_shown() -> None:
    sheet = row(9, *(cell(6, at, long(name)) for at, name in enumerate(("Name", "Phone", "Born", "Age"), start=2)))
    sheet += row(
        10,
        cell(7, 2, struct.pack("<L", 1)),
        cell(5, 3, struct.pack("<d", 7700900123.0), look=1),
        cell(9, 4, struct.pack("<dH", 36526.0, 0), look=2),
        cell(2, 5, struct.pack("<L", 7 << 2 | 2)),
    )
    shared = bits(19, b"\0" + long("Other")) + bits(19, b"\0" + long("Ann Łem"))
    found = columns(parts(binary.extract, xlsb(sheet, {"xl/sharedStrings.bin": shared, "xl/styles.bin": STYLES})))
    assert found["Name"] == (("Ann Łem",), 11, 3)
    assert found["Phone"] == (("07700900123",), 11, 4)
    assert found["Born"] == (("2000-01-01",), 11, 5)
    assert found["Age"] == (("7",), 11, 6)


def test_comments_headers_links_and_what_other_sheets_left() -> None:
    header = bits(479, b"\0\0" + long("&LHead Ann&P") + struct.pack("<L", 0xFFFFFFFF))
    link = bits(494, bytes(16) + long("r9") + long("") + long("ask Dan") + long("x@x.example"))
    comments = bits(632, long("Eve Ash")) + bits(635, struct.pack("<LLLLL", 0, 4, 4, 1, 1) + bytes(16))
    comments += bits(637, b"\0" + long("is it Fay?"))
    rels = (
        '<Relationships><Relationship Id="c" Type="a/comments" Target="../comments1.bin"/><Relationship Id="r9" '
        'Type="a/hyperlink" Target="mailto:gus@x.example" TargetMode="External"/></Relationships>'
    )
    others = {
        "xl/comments1.bin": comments,
        "xl/worksheets/_rels/sheet1.bin.rels": rels,
        "xl/externalLinks/externalLink1.bin": bits(579, long("Hal Ray")),
    }
    found = parts(binary.extract, xlsb(row(0, cell(6, 0, long("x"))) + header + link, others))
    assert places(found) == {
        "Staff": "sheet=Staff;title=1",
        "Head Ann": "sheet=Staff;header=1",
        "ask Dan\nx@x.example": "sheet=Staff;hint=1",
        "mailto:gus@x.example": "sheet=Staff;link=target",
        "is it Fay?": "sheet=Staff;row=5;col=2;comment=1",
        "Eve Ash": "sheet=Staff;row=5;col=2;comment=1;author=1",
        "Hal Ray": "part=externalLinks/externalLink1",
    }
    assert roles(found) == {"Eve Ash": "author"}


def test_a_record_that_claims_too_much_is_damage_and_what_came_before_stays() -> None:
    found = parts(binary.extract, xlsb(row(0, cell(6, 0, long("Ann"))) + b"\x06\xff\xff\xff\x7f" + b"x" * 50))
    assert "Ann" in repr(found)
    assert [part.reason for part in found if isinstance(part, Lost)] == [Reason.DAMAGED]


def test_a_cell_in_the_last_row_and_column_costs_nothing() -> None:
    found = parts(binary.extract, xlsb(row(1_048_575, cell(6, 16_383, long("Ann Lee")))))
    assert columns(found)[""] == (("Ann Lee",), 1_048_576, 16_384)


def book(members: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in {"mimetype": "application/epub+zip", **members}.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_chapters_with_their_places_and_the_people_of_a_book() -> None:
    package = (
        "<package xmlns:dc='d'><metadata><dc:title>Lives</dc:title><dc:creator>Ann Lee</dc:creator><dc:date>2020-01-01</dc:date>"  # noqa: E501
        "<meta property='dcterms:modified'>2024-03-05T10:00:00Z</meta></metadata></package>"
    )
    page = "<html><body><p>Bob Ray</p><table><tr><th>Name</th><th>Email</th></tr><tr><td>Cleo</td><td>c@x.example</td></tr></table></body></html>"  # noqa: E501
    found = parts(
        epub.extract, book({"OPS/a.opf": package, "OPS/1.xhtml": page, "OPS/notes.txt": "Dan", "OPS/x.css": "p"})
    )
    assert places(found)["Bob Ray"] == "part=OPS/1.xhtml;path=body/p[1]"
    assert columns(found)["Email"] == (("c@x.example",), 2, 2)
    assert roles(found) == {"Ann Lee": "author"}
    assert About(content_date=1709632800.0) in found
    assert [part.name for part in found if isinstance(part, Child)] == ["OPS/notes.txt"]
