"""Word, PowerPoint and Excel files of 1987 to 2003: every text in its place, properties, locked and embedded files."""

import io
import struct
import zlib

import olefile
import pytest
import xlsxwriter
from msoffcrypto.method.ecma376_agile import ECMA376Agile
from old_office import biff, box, doc, emf, holder, label, number, ppt, record, short, summary, wide, wmf, xls
from placed import columns, members, parts, places, roles

from scanner.formats import unlock
from scanner.formats.office import doc as word
from scanner.formats.office import ole_storage
from scanner.formats.office import ppt as slides
from scanner.formats.pictures import metafile
from scanner.formats.sheets import xls as excel
from scanner.model import About, Lost, Reason, Skip

PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)


def test_every_text_of_a_word_file_has_its_part() -> None:
    data = doc("Dear Ann,\rsee Bob.\r", "Foot Cleo\r", "Head Dan\r", "", "Remark Eve\r", "End Fay\r", "Box Gus\r")
    assert places(parts(word.extract, data)) == {
        "Dear Ann,": "part=document;para=1",
        "see Bob.": "part=document;para=2",
        "Foot Cleo": "part=footnotes;para=1",
        "Head Dan": "part=headers;para=1",
        "Remark Eve": "part=comments;para=1",
        "End Fay": "part=endnotes;para=1",
        "Box Gus": "part=textboxes;para=1",
    }


def test_characters_beyond_16_bits_and_fields_with_addresses() -> None:
    body = '😀 😀 Ann\r\x13 PAGE \x147\x15 of 9\r\x13 HYPERLINK "mailto:ann@x.example" \x14here\x15\rZoë Łem\r'
    found = places(parts(word.extract, doc("x" * 200 + "\r", body.translate({0x1F600: "\ud83d\ude00"}))))
    assert any("😀 Ann" in text for text in found)
    assert "7 of 9" in found
    assert found['here\nHYPERLINK "mailto:ann@x.example"'] == "part=footnotes;para=3"
    assert found["Zoë Łem"] == "part=footnotes;para=4"


def test_a_table_of_a_word_file_becomes_columns_under_their_headings() -> None:
    body = "Staff\rName\x07Email\x07\x07Ann Lee\x07ann@x.example\x07\x07Bob Ray\x07bob@x.example\x07\x07End\r"
    rows = tuple(at for at in range(1, len(body)) if body[at - 1 : at + 1] == "\x07\x07")
    found = parts(word.extract, doc(body, rows=rows))
    assert columns(found) == {
        "Name": (("Ann Lee", "Bob Ray"), 2, 1),
        "Email": (("ann@x.example", "bob@x.example"), 2, 2),
    }
    assert places(found)["Staff"] == "part=document;para=1"
    assert "End" in places(found)


def test_properties_macros_and_embedded_files_of_a_word_file() -> None:
    source = b'Attribute VB_Name = "M"\r\n\' ask ann@x.example\r\n'
    packed = b"".join(b"\0" + source[at : at + 8] for at in range(0, len(source), 8))
    chunk = struct.pack("<H", 0x8000 | 0x3000 | (len(packed) - 1)) + packed
    module = b"compiled code" + b"\x01" + chunk
    inner = summary(author="Inner")
    others = {
        "\x05SummaryInformation": summary(title="Letter", author="Ann Lee", last="Bob Ray", saved="1709632800"),
        "Macros/VBA/Module1": module,
        "ObjectPool/_1/Workbook": b"W" * 5000,
        "ObjectPool/_1/\x05SummaryInformation": inner,
        "ObjectPool/_2/Package": b"PK\x03\x04rest",
        "Data": struct.pack("<HHL", 0x6E00, 0xF01E, 17 + len(PNG)) + bytes(17) + PNG,
    }
    found = parts(word.extract, doc("x\r", others=others))
    assert roles(found) == {"Ann Lee": "author", "Bob Ray": "author"}
    assert About(content_date=1709632800.0) in found
    assert places(found)["' ask ann@x.example"] == "part=macro Module1"
    embedded = members(found)
    assert embedded["ObjectPool/_2"] == b"PK\x03\x04rest"
    again = olefile.OleFileIO(io.BytesIO(embedded["ObjectPool/_1"]))
    assert again.openstream("Workbook").read() == b"W" * 5000
    assert again.openstream("\x05SummaryInformation").read() == inner


def test_a_word_6_file_is_read_in_the_language_of_its_properties() -> None:
    text = "Дорогая Анна\r".encode("cp1251")
    header = bytearray(0x300)
    struct.pack_into("<HHHH", header, 0, 0xA5DC, 0x65, 0, 0x409)
    struct.pack_into("<L", header, 0x18, 0x300)
    struct.pack_into("<L", header, 0x34, len(text))
    told = summary(title="x").replace(struct.pack("<LHH", 2, 1252, 0), struct.pack("<LHH", 2, 1251, 0))
    data = box({"WordDocument": bytes(header) + text, "\x05SummaryInformation": told})
    assert places(parts(word.extract, data))["Дорогая Анна"] == "part=document;para=1"


def test_slides_outline_notes_and_comments_of_the_last_saved_state() -> None:
    listing = holder(
        0x0FF0, record(0x03F3, struct.pack("<LLLLL", 5, 0, 0, 256, 0)), record(0x0FA8, b"Title Ann\rLine two")
    )
    comment = holder(
        0x2EE0,
        record(0x0FBA, wide("Cleo Day")),
        record(0x0FBA, wide("Ask Bob"), instance=1),
        record(0x0FBA, wide("CD"), instance=2),
    )
    shown = holder(0x03EE, holder(0x040C, record(0x0FA0, wide("Box Łem"))), comment)
    notes = holder(0x03F0, record(0x0FA8, b"Note for Dan"))
    master = holder(0x03F8, record(0x0FA8, b"Click to edit Master title style\rOwner Eve"))
    garbage = holder(0x03EE, record(0x0FA8, b"Old Fay"))
    data = ppt({5: shown, 6: notes, 7: master}, document=listing, garbage=garbage)
    found = parts(slides.extract, data)
    assert places(found) == {
        "Title Ann": "slide=1;part=outline;para=1",
        "Line two": "slide=1;part=outline;para=2",
        "Box Łem": "slide=1;para=1",
        "Cleo Day": "slide=1;comment=1;author=1",
        "Ask Bob": "slide=1;comment=1",
        "Note for Dan": "notes=1;para=1",
        "Owner Eve": "master=1;para=2",
    }


def test_a_show_without_its_directory_is_read_record_by_record() -> None:
    data = box({"PowerPoint Document": holder(0x03EE, record(0x0FA8, b"Ann Lee"))})
    assert places(parts(slides.extract, data)) == {"Ann Lee": "slide=1;para=1"}


def test_an_excel_sheet_with_absolute_places_and_numbers_as_shown() -> None:
    formats = (
        biff(0x41E, struct.pack("<H", 164) + short("00000000000")),
        biff(0xE0, struct.pack("<HHHH", 0, 0, 0, 0) + bytes(12)),
        biff(0xE0, struct.pack("<HHHH", 0, 164, 0, 0) + bytes(12)),
        biff(0xE0, struct.pack("<HHHH", 0, 14, 0, 0) + bytes(12)),
    )
    rows = [
        biff(0xFD, struct.pack("<HHHL", 4, 2, 0, 0)),
        *(label(4, 3 + at, text) for at, text in enumerate(("Phone", "Mobile", "Born", "Age", "Ref"))),
        label(5, 2, "Ann Lee"),
        number(5, 3, 447700900123.0),
        number(5, 4, 7700900456.0, look=1),
        number(5, 5, 36526.0, look=2),
        biff(0xBD, struct.pack("<HHHLHLH", 5, 6, 0, 7 << 2 | 2, 0, (100 << 2 | 3) & 0xFFFFFFFF, 7)),
        biff(0xFD, struct.pack("<HHHL", 6, 2, 0, 1)),
        number(6, 3, 447700900999.0),
    ]
    found = columns(parts(excel.extract, xls({"Staff": rows}, texts=("Name", "Bob Łem"), first=formats)))
    assert found["Name"] == (("Ann Lee", "Bob Łem"), 6, 3)
    assert found["Phone"] == (("447700900123", "447700900999"), 6, 4)
    assert found["Mobile"] == (("07700900456",), 6, 5)
    assert found["Born"] == (("2000-01-01",), 6, 6)
    assert found["Age"] == (("7",), 6, 7)
    assert found["Ref"] == (("1",), 6, 8)


def test_comments_boxes_headers_links_names_and_formulas_of_an_excel_sheet() -> None:
    url = bytes.fromhex("d0c9ea79f9bace118c8200aa004ba90b020000000300000000000000".replace("00000000000000", "000000"))
    moniker = bytes.fromhex("e0c9ea79f9bace118c8200aa004ba90b")
    target = wide("mailto:link@x.example\0")
    link = struct.pack("<HHHH", 2, 2, 0, 0) + url + moniker + struct.pack("<L", len(target)) + target
    box_record = biff(0x5D, struct.pack("<HHHH", 0x15, 0x12, 0x19, 7) + bytes(14))
    text = biff(0x1B6, bytes(10) + struct.pack("<HHL", 8, 0, 0)) + biff(0x3C, b"\0Ask Cleo") + biff(0x3C, bytes(16))
    rows = [
        label(0, 0, "x"),
        biff(0x06, struct.pack("<HHH", 1, 1, 0) + b"\0\0\0\0\0\0\xff\xff" + bytes(8)),
        biff(0x207, short("ann@x.example")),
        biff(0x14, short("&LHead Dan&RPage &P")),
        box_record,
        text,
        biff(0x1C, struct.pack("<HHHH", 9, 3, 0, 7) + short("Eve Ash")),
        biff(0x1B8, link),
    ]
    named = biff(0x18, struct.pack("<HBBHHHBBBB", 0, 0, 5, 10, 0, 0, 0, 0, 0, 0) + b"\0Owner" + b"\x17\x07\0Fay Ray")
    writer = biff(0x5C, short("Gus Hill"))
    found = parts(excel.extract, xls({"A": rows}, first=(named, writer)))
    assert places(found) == {
        "A": "sheet=A;title=1",
        "Gus Hill": "part=workbook;writer=1",
        "Fay Ray": "name=Owner",
        "Ask Cleo": "sheet=A;row=10;col=4;comment=1",
        "Eve Ash": "sheet=A;row=10;col=4;comment=1;author=1",
        "Head Dan Page": "sheet=A;header=header",
        "mailto:link@x.example": "sheet=A;row=3;col=1;link=target",
    }
    assert columns(found)[""][0] in {("x",), ("ann@x.example",)}
    assert roles(found) == {"Gus Hill": "author", "Eve Ash": "author"}


def test_shared_texts_over_the_end_of_a_record() -> None:
    first = struct.pack("<LL", 2, 2) + short("Ann") + struct.pack("<HB", 8, 0) + b"Bob "
    texts = biff(0xFC, first) + biff(0x3C, b"\x01" + wide("Łemx"))
    rows = [biff(0xFD, struct.pack("<HHHL", row, 0, 0, row)) for row in (0, 1)]
    found = parts(excel.extract, xls({"A": rows}, first=(texts,)))
    assert columns(found)[""] == (("Ann", "Bob Łemx"), 1, 1)


def test_a_deleted_sheet_lives_on_in_a_pivot_table() -> None:
    cache = biff(0xCD, short("Ann Lee")) + biff(0xCD, short("Bob Ray"))
    found = parts(excel.extract, xls({"A": [label(0, 0, "x")]}, others={"_SX_DB_CUR/0001": cache}))
    assert places(found)["Ann Lee\nBob Ray"] == "part=pivot 0001"


def test_a_chart_within_a_sheet_does_not_end_it() -> None:
    chart = (
        biff(0x809, struct.pack("<HHLL", 0x600, 0x20, 0, 0))
        + biff(0x100D, b"\0\0" + short("Pay of Ann", "B"))
        + biff(0x0A)
    )
    found = parts(excel.extract, xls({"A": [chart, label(0, 0, "Bob")]}))
    assert places(found)["Pay of Ann"] == "sheet=A;part=chart"
    assert columns(found)[""][0] == ("Bob",)


def test_a_workbook_that_is_cut_off_gives_what_is_left_and_says_so() -> None:
    whole = olefile.OleFileIO(io.BytesIO(xls({"A": [label(0, 0, "Ann"), label(1, 0, "Bob")]}))).openstream("Workbook")
    found = parts(excel.extract, box({"Workbook": whole.read()[:-16]}))
    assert "Ann" in repr(found)
    assert [part.reason for part in found if isinstance(part, Lost)] == [Reason.DAMAGED]


def test_an_excel_4_file_needs_no_box() -> None:
    data = (
        struct.pack("<HHHHH", 0x409, 6, 0, 0x10, 0)
        + struct.pack("<HHHHHH", 0x204, 11, 0, 0, 0, 3)
        + b"Ann"
        + struct.pack("<HHHHHd", 0x203, 14, 1, 0, 0, 5.0)
        + biff(0x0A)
    )
    assert columns(parts(excel.extract, data))["Ann"] == (("5",), 2, 1)


@pytest.mark.parametrize(
    ("extract", "data"),
    [
        (word.extract, doc("Ann\r", locked=True)),
        (
            slides.extract,
            box({"PowerPoint Document": b"x" * 20, "Current User": bytes(12) + b"\xdf\xc4\xd1\xf3" + bytes(8)}),
        ),
        (excel.extract, box({"Workbook": biff(0x809, bytes(16)) + biff(0x2F, b"\1\0\1\0\1\0" + bytes(48))})),
    ],
)
def test_a_locked_file_is_listed_as_encrypted(extract, data: bytes) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Skip) as raised:
        parts(extract, data, ((1, "wrong"),))
    assert raised.value.reason is Reason.ENCRYPTED
    assert "wrong" not in raised.value.detail


def test_what_is_packed_in_an_embedded_object_comes_out_with_its_name() -> None:
    native = b"\2\0letter\0C:\\tmp\\letter.txt\0" + struct.pack("<HHL", 0, 3, 4) + b"abc\0"
    native += struct.pack("<L", 7) + b"Ann Lee"
    data = box({"\x01Ole10Native": struct.pack("<L", len(native)) + native, "\x01CompObj": b"x" * 20})
    assert members(parts(ole_storage.extract, data)) == {"letter.txt": b"Ann Lee"}


def test_unknown_streams_are_given_as_members_not_passed_over() -> None:
    data = box({"Notes": b"Ann Lee", "\x03ObjInfo": b"xx", "Zeros": bytes(20)})
    assert members(parts(ole_storage.extract, data)) == {"Notes": b"Ann Lee"}


@pytest.fixture(scope="module")
def locked() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("Staff").write_row(0, 0, ["Ann Lee", "ann@x.example"])
    out.seek(0)
    return bytes(ECMA376Agile.encrypt("open sesame", out, spin_count=1000))


def test_passwords_are_tried_and_the_line_of_the_one_that_fits_is_told(locked: bytes) -> None:
    found = parts(unlock.extract, locked, ((2, "wrong"), (5, "open sesame")))
    assert found[0] == About(password_line=5)
    assert "ann@x.example" in repr(found)


def test_without_the_password_nothing_is_read(locked: bytes) -> None:
    for passwords in ((), ((1, "wrong"),)):
        with pytest.raises(Skip) as raised:
            parts(unlock.extract, locked, passwords)
        assert raised.value.reason is Reason.ENCRYPTED


def test_the_texts_of_windows_drawings() -> None:
    assert places(parts(metafile.extract, emf("Dear Ann", "Bob Łem"))) == {"Dear Ann": "line=1", "Bob Łem": "line=2"}
    assert places(parts(metafile.extract, wmf("Анна", charset=204, page="cp1251"))) == {"Анна": "line=1"}


def test_a_drawing_that_is_only_a_picture_needs_ocr() -> None:
    drawn = emf()[:88] + struct.pack("<LL", 81, 30_000) + bytes(29_992)
    assert [part.reason for part in parts(metafile.extract, drawn) if isinstance(part, Lost)] == [Reason.NEEDS_OCR]


def test_packed_drawings_and_pictures_within_a_document_are_members() -> None:
    packed = zlib.compress(emf("Ann Lee"))
    drawing = struct.pack("<HHL", 0x3D40, 0xF01A, 50 + len(packed)) + bytes(16) + bytes(32) + b"\x00\xfe" + packed
    picture = struct.pack("<HHL", 0x6E00, 0xF01E, 17 + len(PNG)) + bytes(17) + PNG
    found = parts(word.extract, doc("x\r", others={"Data": bytes(68) + drawing + picture}))
    assert members(found) == {"picture1.emf": emf("Ann Lee"), "picture2.png": PNG}


def test_a_sheet_that_bears_a_name_is_read() -> None:
    found = places(parts(excel.extract, xls({"Ann Lee": [label(0, 0, "x")], "Sheet2": [label(0, 0, "y")]})))
    assert found == {"Ann Lee": "sheet=Ann Lee;title=1"}
