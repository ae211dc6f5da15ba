"""PDFs whose text is not plain to see: scans, headers over scans, fonts without letters, torn words, locks, forms."""

import io
import zlib
from importlib.util import find_spec

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen import canvas

from scanner.formats.pdf.pdf import extract
from scanner.limits import Budget, Limits
from scanner.model import About, Child, Lost, Part, Reason, Segment, Skip

needs_ocr = pytest.mark.skipif(find_spec("tesserocr") is None, reason="tesserocr is not installed: scans stay unread")
SCANNED = ("Dear Ann Field,", "please write to bo.ray@wren-close.example")


def scan(lines: tuple[str, ...] = SCANNED, turned: int = 0) -> Image.Image:
    """An A4 page at 150 dpi."""
    image = Image.new("L", (1240, 1754), 255)
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        pen.text((120, 200 + number * 60), line, font=ImageFont.load_default(30), fill=0)
    return image.rotate(turned, expand=True)


def pdf(*pages: object, **options: object) -> bytes:
    """Pages drawn by functions that are given the canvas (595 x 842 points); lines from one drawn by reportlab."""
    out = io.BytesIO()
    paper = canvas.Canvas(out, pagesize=(595, 842), invariant=1, **options)
    for draw in pages:
        draw(paper)  # type: ignore[operator]  # a list of functions
        paper.showPage()
    paper.save()
    return out.getvalue()


def picture(paper: canvas.Canvas, image: Image.Image | None = None, height: int = 842) -> None:
    paper.drawInlineImage(image or scan(), 0, 0, 595, height)


def parts(data: bytes, ocr: str = "auto", passwords: tuple[tuple[int, str], ...] = ()) -> list[Part]:
    return list(extract(io.BytesIO(data), Budget(Limits(), len(data), passwords, ocr)))


def texts(found: list[Part]) -> dict[str, str]:
    """Where a text stands (its page), and the text; what was read in a picture is behind page=1;line."""
    return {
        str(part.where) + (";line" if part.pieces else ""): part.text for part in found if isinstance(part, Segment)
    }


def losses(found: list[Part]) -> list[Lost]:
    return [part for part in found if isinstance(part, Lost)]


@needs_ocr
def test_a_scanned_page_is_read_with_boxes_in_points() -> None:
    found = parts(pdf(picture, lambda paper: paper.drawString(50, 700, "typed")))
    assert not losses(found)
    (read,) = [part for part in found if isinstance(part, Segment) and part.pieces]
    assert read.text.split() == " ".join(SCANNED).split()
    assert texts(found)["page=2"].strip() == "typed"
    box = [int(edge) for edge in dict(read.pieces[0].where.steps)["box"].split(",")]
    assert 55 <= box[0] <= 62
    assert 94 <= box[1] < box[3] <= 115


@needs_ocr
@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_page_that_was_fed_sideways(turned: int) -> None:
    lines = tuple(SCANNED[index % 2] for index in range(12))
    out = io.BytesIO()
    scan(lines, turned).save(out, "PDF", resolution=150)
    found = parts(out.getvalue())
    assert texts(found)["page=1;line"].count(SCANNED[1]) == 6


@needs_ocr
def test_a_header_over_a_scan_is_not_read_twice() -> None:
    def page(paper: canvas.Canvas) -> None:
        picture(paper)
        paper.drawString(60, 815, "Received by fax on 3 May, page 1 of 2, transmission 0042")

    found = texts(parts(pdf(page)))
    assert found["page=1"].startswith("Received by fax")
    assert found["page=1;line"].split() == " ".join(SCANNED).split()


@needs_ocr
def test_pictures_beside_a_page_of_text_only_when_all_is_asked_for() -> None:
    def page(paper: canvas.Canvas) -> None:
        paper.drawInlineImage(scan().crop((0, 0, 1240, 620)), 0, 0, 595, 300)
        for line in range(10):
            paper.drawString(50, 800 - line * 20, "A line of a long letter that was typed and not scanned")

    assert "page=1;line" not in texts(parts(pdf(page)))
    read = texts(parts(pdf(page), ocr="all"))["page=1;line"]
    assert "bo.ray" in read
    assert "typed" not in read


@needs_ocr
def test_text_that_was_turned_into_shapes_is_read() -> None:
    def page(paper: canvas.Canvas) -> None:
        for left in range(60, 500, 30):  # the letter H, many times
            for x, y, width, height in ((0, 0, 4, 24), (12, 0, 4, 24), (0, 10, 16, 4)):
                paper.rect(left + x, 600 + y, width, height, stroke=0, fill=1)

    assert "HHH" in texts(parts(pdf(page)))["page=1;line"].replace(" ", "")


def test_an_empty_page_is_examined() -> None:
    found = parts(pdf(lambda paper: None, lambda paper: paper.line(0, 0, 99, 99)), ocr="off")
    assert not losses(found)


def raw_pdf(font: bytes, content: bytes, more: list[bytes] | None = None, catalog: bytes = b"") -> bytes:
    """One page with one font, by hand: reportlab always says which letters its shapes are. Extra objects from 6 on."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R %s>>" % catalog,
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 4 0 R>>>>/Contents 5 0 R>>",
        font,
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content),
        *(more or []),
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, each) for number, each in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF"


@needs_ocr
def test_a_font_that_does_not_say_its_letters_is_read_as_a_picture() -> None:
    """Its codes are shapes of its own; what they look like is all that there is. Here each is a block of three bars."""
    shape = b"600 0 0 0 600 700 d1 0 0 150 700 re 400 0 150 700 re 0 280 500 140 re f"
    font = (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 600 700]/FontMatrix[0.001 0 0 0.001 0 0]/FirstChar 1/LastChar 1"
        b"/Widths[700]/CharProcs<</g1 6 0 R>>/Encoding<</Type/Encoding/Differences[1/g1]>>>>"
    )
    more = [b"<</Length %d>>\nstream\n%s\nendstream" % (len(shape), shape)]
    found = texts(parts(raw_pdf(font, b"BT /F 30 Tf 60 600 Td (" + b"\x01" * 12 + b") Tj ET", more)))
    assert list(found) == ["page=1;line"]
    assert "HHH" in found["page=1;line"].replace(" ", "")


HELVETICA = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"(jane.doe@) Tj 0 -14 Td (wren-close.example now) Tj", "jane.doe@wren-close.example now"),
        (b"(jane.doe) Tj 0 -14 Td (@wren-close.example now) Tj", "jane.doe@wren-close.example now"),
        (b"(jane.doe@wren-close.) Tj 0 -14 Td (example now) Tj", "jane.doe@wren-close.example now"),
        (b"(Mr Fen\xad) Tj 0 -14 Td (wick called) Tj", "Mr Fenwick called"),
        (b"3 Tr (hidden ann@x.example) Tj", "hidden ann@x.example"),
        (b"1 g (white ann@x.example) Tj", "white ann@x.example"),
        (b"(12 Oak Lane) Tj 0 -14 Td (Leeds LS1 4DY) Tj", "12 Oak Lane\nLeeds LS1 4DY"),
        (b"(on 3 May.) Tj 0 -14 Td (ann@x.example wrote) Tj", "on 3 May.\nann@x.example wrote"),
    ],
)
def test_what_a_reader_would_see_as_one(content: bytes, text: str) -> None:
    found = texts(parts(raw_pdf(HELVETICA, b"BT /F 12 Tf 60 600 Td " + content + b" ET")))
    assert found["page=1"].strip() == text


def test_a_ligature_is_its_letters() -> None:
    unicodes = b"1 beginbfchar <01> <FB01> endbfchar"
    font = HELVETICA[:-2] + b"/ToUnicode 6 0 R>>"
    more = [b"<</Length %d>>\nstream\n%s\nendstream" % (len(unicodes), unicodes)]
    found = texts(parts(raw_pdf(font, b"BT /F 12 Tf 60 600 Td (Grif\x01th) Tj ET", more), ocr="off"))
    assert "fi" in found["page=1"]
    assert "\ufb01" not in found["page=1"]


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_rotated_page(degrees: int) -> None:
    def page(paper: canvas.Canvas) -> None:
        paper.setPageRotation(degrees)
        paper.drawString(50, 700, "Dear Ann, call bo@x.example")

    assert texts(parts(pdf(page)))["page=1"].strip() == "Dear Ann, call bo@x.example"


@pytest.mark.parametrize("strength", [40, 128])
def test_passwords_are_tried_and_told_by_their_line(strength: int) -> None:
    lock = StandardEncryption("open sesame", ownerPassword="owner", strength=strength)
    data = pdf(lambda paper: paper.drawString(50, 700, "Dear Ann"), encrypt=lock)
    found = parts(data, passwords=((1, "wrong"), (4, "open sesame"), (5, "more")))
    assert found[0] == About(password_line=4)
    assert texts(found)["page=1"].strip() == "Dear Ann"
    for passwords in ((), ((1, "wrong"),)):
        with pytest.raises(Skip) as skipped:
            parts(data, passwords=passwords)
        assert skipped.value.reason is Reason.ENCRYPTED
        assert "wrong" not in skipped.value.detail


def test_a_lock_on_changes_only_keeps_nobody_from_reading() -> None:
    lock = StandardEncryption("", ownerPassword="owner", canCopy=0)
    found = parts(pdf(lambda paper: paper.drawString(50, 700, "Dear Ann"), encrypt=lock))
    assert texts(found)["page=1"].strip() == "Dear Ann"
    assert all(part.password_line is None for part in found if isinstance(part, About))


XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="r"><rdf:Description '
    b'xmp:ModifyDate="2024-05-06T07:08:09Z" xmlns:xmp="x" xmlns:dc="d">'
    b"<dc:creator><rdf:Seq><rdf:li>Jo Field</rdf:li><rdf:li>Ed Oak</rdf:li></rdf:Seq>"
    b"</dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"
)


def test_xmp_tells_what_the_information_dictionary_does_not() -> None:
    more = [
        b"<</Author(Jo Field)>>",
        b"<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n%s\nendstream" % (len(XMP), XMP),
    ]
    data = raw_pdf(HELVETICA, b"", more, b"/Metadata 7 0 R").replace(b"/Root 1 0 R", b"/Root 1 0 R/Info 6 0 R")
    found = parts(data)
    authors = [part.text for part in found if isinstance(part, Segment) and part.role == "author"]
    assert authors == ["Jo Field", "Ed Oak"]
    assert About(content_date=1714979289.0) in found


def test_the_date_of_the_last_change() -> None:
    info = b"<</CreationDate(D:20200101)/ModDate(D:20240506080809+01'00')>>"
    data = raw_pdf(HELVETICA, b"", [info]).replace(b"/Root 1 0 R", b"/Root 1 0 R/Info 6 0 R")
    assert [part for part in parts(data) if isinstance(part, About)] == [About(content_date=1714979289.0)]


def test_the_data_of_an_xfa_form_are_members() -> None:
    packets = {b"config": b"<config/>", b"datasets": b"<xfa:datasets><name>Ann Field</name></xfa:datasets>"}
    packed = [zlib.compress(each) for each in packets.values()]
    more = [
        b"<</XFA[%s]/Fields[]>>" % b"".join(b"(%s) %d 0 R " % (name, 7 + at) for at, name in enumerate(packets)),
        *(b"<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream" % (len(each), each) for each in packed),
    ]
    found = parts(raw_pdf(HELVETICA, b"", more, b"/AcroForm 6 0 R"))
    (child,) = [part for part in found if isinstance(part, Child)]
    with child.open() as member:
        assert (child.name, member.read()) == ("xfa-datasets.xml", packets[b"datasets"])
    assert not losses(found)


def test_fields_with_their_names() -> None:
    def page(paper: canvas.Canvas) -> None:
        paper.acroForm.textfield(name="email", tooltip="E-mail", value="cy@x.example", x=50, y=600)
        paper.acroForm.choice(name="town", value="Leeds", options=["Leeds", "York"], x=50, y=500)

    fields = {part.label: part.text for part in parts(pdf(page), ocr="off") if isinstance(part, Segment) and part.label}
    assert fields["E-mail"] == "cy@x.example"
    assert fields["town"] == "Leeds"
