"""PDF files: pages, metadata, notes, links, fields, attachments, scans, locks and damage."""

import contextlib
import io
import random
import zlib
from pathlib import Path

import pytest

from scanner.formats.pdf.pdf import extract
from scanner.formats.pdf.pdf_text import page_numbers
from scanner.limits import Budget, Limits
from scanner.model import Child, Location, Lost, Part, Reason, Segment, Skip

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def pdf(pages: list[bytes], extra: list[bytes] | None = None, catalog: bytes = b"", trailer: bytes = b"") -> bytes:
    """A PDF of pages, each the inside of a dictionary. Objects: 1 catalog, 2 tree, 3 font, 4 and on pages, extra."""
    kids = b" ".join(b"%d 0 R" % (4 + index) for index in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R %s>>" % catalog,
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), kids),
        FONT,
        *(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]%s>>" % page for page in pages),
        *(extra or []),
    ]
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
    out.write(b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, start))
    return out.getvalue()


def stream(content: bytes, inside: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), inside, content)


def page(number: int, more: bytes = b"") -> bytes:
    return b"/Resources<</Font<</F 3 0 R>>/XObject<</I 9 0 R>>>>/Contents %d 0 R%s" % (number, more)


def show(text: str) -> bytes:
    return stream(b"BT /F 12 Tf 50 700 Td (%s) Tj ET" % text.encode("latin-1"))


def parts(data: bytes, ocr: str = "off", passwords: tuple[tuple[int, str], ...] = ()) -> list[Part]:
    return list(extract(io.BytesIO(data), Budget(Limits(), len(data), passwords, ocr)))


def segments(found: list[Part]) -> dict[str, Segment]:
    return {part.text: part for part in found if isinstance(part, Segment)}


IMAGE = stream(
    zlib.compress(bytes(10_000)),
    b"/Type/XObject/Subtype/Image/Width 100/Height 100/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode",
)
PICTURE = stream(b"q 600 0 0 800 0 0 cm /I Do Q")


def test_each_page_is_a_segment() -> None:
    found = parts(pdf([page(6), page(7)], [show("Dear Ann,"), show("call bo@x.example")]))
    assert {str(part.where): part.text for part in found if isinstance(part, Segment)} == {
        "page=1": "Dear Ann,",
        "page=2": "call bo@x.example",
    }


def test_metadata_names_its_people() -> None:
    data = pdf([page(5)], [show("x"), b"<</Author(Jo Field)/Title(Staff list)>>"], trailer=b"/Info 6 0 R")
    found = segments(parts(data))
    assert (found["Jo Field"].label, found["Jo Field"].role) == ("author", "author")
    assert found["Staff list"].label == "title"


def test_notes_links_and_form_fields() -> None:
    data = pdf(
        [page(5, b"/Annots[6 0 R 7 0 R 8 0 R]")],
        [
            show("x"),
            b"<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(ask ann@x.example)/T(Jo Field)>>",
            b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(mailto:bo%40x.example)>>>>",
            b"<</Type/Annot/Subtype/Widget/Rect[0 0 9 9]/FT/Tx/T(email)/V(cy@x.example)>>",
        ],
        catalog=b"/AcroForm<</Fields[8 0 R]>>",
    )
    found = segments(parts(data))
    assert str(found["ask ann@x.example"].where) == "page=1;note=1"
    assert found["Jo Field"].role == "author"
    assert str(found["mailto:bo@x.example"].where) == "page=1;link=target"
    assert found["cy@x.example"].label == "email"


def test_attachments_are_children() -> None:
    data = pdf(
        [page(5)],
        [
            show("x"),
            b"<</Type/Filespec/F(list.csv)/UF(list.csv)/EF<</F 7 0 R>>>>",
            stream(b"name,mail\nAnn,ann@x.example\n", b"/Type/EmbeddedFile"),
        ],
        catalog=b"/Names<</EmbeddedFiles<</Names[(list.csv) 6 0 R]>>>>",
    )
    found = []
    for part in extract(io.BytesIO(data), Budget(Limits(), len(data))):
        if isinstance(part, Child):
            with part.open() as member:
                found.append((part.name, part.size, member.read()))
    assert found == [("list.csv", 28, b"name,mail\nAnn,ann@x.example\n")]


def test_bookmarks_are_read() -> None:
    data = pdf(
        [page(5)],
        [show("x"), b"<</Type/Outlines/First 7 0 R/Last 7 0 R/Count 1>>", b"<</Title(Ann Field)/Parent 6 0 R>>"],
        catalog=b"/Outlines 6 0 R",
    )
    assert segments(parts(data))["Ann Field"].where == Location.of(part="bookmarks")


def test_pages_that_are_only_pictures_need_ocr_in_one_row() -> None:
    texts = [PICTURE, show("typed"), stream(b""), PICTURE, PICTURE]
    pages = [page(10 + index) for index in range(5)]
    found = parts(pdf(pages, [IMAGE, *texts]))
    assert [part for part in found if isinstance(part, Lost)] == [
        Lost(
            "",
            Reason.NEEDS_OCR,
            "pages 1, 4-5 have no text, only a picture of it: reading pictures is switched off (--ocr)",
        )
    ]
    assert "typed" in segments(found)


def test_a_stamp_on_a_scan_does_not_hide_that_the_page_is_a_picture() -> None:
    stamped = stream(b"q 600 0 0 800 0 0 cm /I Do Q BT /F 12 Tf 50 700 Td (Page 1) Tj ET")
    small = stream(b"q 60 0 0 60 0 0 cm /I Do Q BT /F 12 Tf 50 700 Td (Dear Ann) Tj ET")
    found = parts(pdf([page(10), page(11)] + [page(10)] * 3, [IMAGE, stamped, small]))
    (lost,) = [part for part in found if isinstance(part, Lost)]
    assert lost.detail.startswith("pages 1, 3-5 have pictures beside their text")


def test_page_numbers_read_well() -> None:
    assert page_numbers([2]) == "page 2 has"
    assert page_numbers([1, 2, 3, 7]) == "pages 1-3, 7 have"
    assert page_numbers(list(range(1, 400, 2))).endswith("99, ... (200 pages) have")


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\nnonsense", b"not a PDF at all"])
def test_damage_is_a_skip(data: bytes) -> None:
    with pytest.raises(Skip) as skipped:
        parts(data)
    assert skipped.value.reason is Reason.DAMAGED


def test_a_stream_without_readinto_will_do() -> None:
    class Plain:
        def __init__(self, data: bytes) -> None:
            self.read = io.BytesIO(data).read

    found = extract(Plain(pdf([page(5)], [show("Dear Ann,")])), Budget(Limits(), 1))  # type: ignore[arg-type] # on purpose
    assert "Dear Ann," in segments(list(found))


@pytest.mark.parametrize(
    ("name", "readable"),
    [("protected/user_rc4.pdf", False), ("protected/user_aes256.pdf", False), ("protected/owner_only.pdf", True)],
)
def test_locked_files(name: str, readable: bool) -> None:
    file = SHARED / "hostile" / name
    if not file.exists():
        pytest.skip("../shared is not here: no locked PDFs to read")
    if readable:
        assert any("locked09@widgets-dev.example" in text for text in segments(parts(file.read_bytes())))
        return
    with pytest.raises(Skip) as skipped:
        parts(file.read_bytes())
    assert skipped.value.reason is Reason.ENCRYPTED


def test_damaged_bytes_raise_nothing_but_skip() -> None:
    info = b"<</Author(\xfe\xff\x00J\xd8\x00o)/Title(Staff)>>"
    contents = [show("x"), b"<</Subtype/Text/Contents(y)>>", info]
    whole = pdf([page(6, b"/Annots[7 0 R]"), page(6)], contents, trailer=b"/Info 8 0 R")
    parts(whole)
    chance = random.Random(7)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 5, 30))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with contextlib.suppress(Skip):
            parts(bytes(data))
