"""Word files: every part that holds text, tables, changes, text boxes, and packages that are broken or hostile."""

import contextlib
import io
import random
import zipfile
from pathlib import Path

import pytest

from scanner.formats.office.docx import extract
from scanner.limits import Budget, Limits
from scanner.model import Child, Column, Location, Lost, Part, Reason, Segment, Skip

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def package(members: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def word(body: str, others: dict[str, str | bytes] | None = None) -> bytes:
    document = f"<w:document {W} {MC} {R}><w:body>{body}</w:body></w:document>"
    return package({"[Content_Types].xml": "<Types/>", "word/document.xml": document, **(others or {})})


def para(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def row(*cells: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{para(cell)}</w:tc>" for cell in cells) + "</w:tr>"


def parts(data: bytes) -> list[Part]:
    return list(extract(io.BytesIO(data), Budget(Limits(), len(data))))


def text(found: list[Part]) -> str:
    return "\n".join(part.text for part in found if isinstance(part, Segment))


def places(found: list[Part]) -> dict[str, str]:
    """Line of text -> where it stands."""
    out = {}
    for part in found:
        if isinstance(part, Segment):
            ends = [*(piece.start for piece in part.pieces[1:]), len(part.text)][: len(part.pieces)]
            for piece, end in zip(part.pieces, ends, strict=True):
                out[part.text[piece.start : end].strip()] = str(piece.where)
    return out


def test_runs_join_and_paragraphs_have_their_numbers() -> None:
    runs = "<w:p><w:r><w:t>ann@x</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>.example</w:t></w:r></w:p>"
    found = parts(word(para("Hello") + runs))
    assert places(found) == {"Hello": "part=document;para=1", "ann@x.example": "part=document;para=2"}


def test_a_table_with_a_heading_is_columns() -> None:
    table = f"<w:tbl>{row('Name', 'E-mail')}{row('Ann', 'ann@x.example')}{row('Bo', 'bo@x.example')}</w:tbl>"
    found = parts(word(para("Members") + table))
    mail = next(part for part in found if isinstance(part, Column) and part.label == "E-mail")
    assert mail.values == ("ann@x.example", "bo@x.example")
    assert mail.row(1) == 3
    assert mail.table == Location.of(part="document", table=1)
    assert text(found) == "Members"


def test_a_form_gives_its_fields_as_labels() -> None:
    found = parts(word(f"<w:tbl>{row('Name:', 'Ann Field')}{row('Telephone:', '020 7946 0958')}</w:tbl>"))
    fields = {part.label: (part.text, str(part.where)) for part in found if isinstance(part, Segment)}
    assert fields["Telephone"] == ("020 7946 0958", "part=document;table=1;row=2;col=2")


def test_layout_and_nested_tables_are_text_with_places() -> None:
    inner = f"<w:tbl>{row('ann@x.example')}</w:tbl>"
    outer = f"<w:tbl><w:tr><w:tc>{para('Dear Ann,')}{inner}</w:tc><w:tc>{para('yours')}</w:tc></w:tr></w:tbl>"
    assert places(parts(word(outer))) == {
        "Dear Ann,": "part=document;table=1;row=1;col=1",
        "yours": "part=document;table=1;row=1;col=2",
        "ann@x.example": "part=document;table=2;row=1;col=1",
    }


@pytest.mark.parametrize("part", ["header1", "footer2", "footnotes", "endnotes", "comments", "glossary/document"])
def test_other_parts(part: str) -> None:
    found = parts(word(para("x"), {f"word/{part}.xml": f"<w:hdr {W}>{para('ann@x.example')}</w:hdr>"}))
    assert "ann@x.example" in text(found)


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{para('ann@x.example')}</w:txbxContent>"
    choice = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    found = text(parts(word(f"<w:p><w:r><w:t>before</w:t>{choice}</w:r><w:r><w:t> after</w:t></w:r></w:p>")))
    assert found.count("ann@x.example") == 1
    assert "before after" in found
    only = f"<mc:AlternateContent><mc:Choice/><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    assert "ann@x.example" in text(parts(word(f"<w:p><w:r>{only}</w:r></w:p>")))


def test_deleted_text_is_read_beside_what_replaced_it() -> None:
    change = (
        "<w:p><w:r><w:t>Call </w:t></w:r>"
        '<w:del w:author="Jo Field"><w:r><w:delText>07700 900123</w:delText></w:r></w:del>'
        '<w:ins w:author="Jo Field"><w:r><w:t>07700 900456</w:t></w:r></w:ins><w:r><w:t> now</w:t></w:r></w:p>'
    )
    found = parts(word(change))
    assert places(found)["Call 07700 900456 now"] == "part=document;para=1"
    assert places(found)["07700 900123"] == "part=document;para=1;change=deleted"
    authors = [part for part in found if isinstance(part, Segment) and part.role == "author"]
    assert [author.text for author in authors] == ["Jo Field"]


def test_links_fields_and_alternative_text() -> None:
    relation = '<Relationship Id="r1" Type="x/hyperlink" Target="mailto:ann%40x.example" TargetMode="External"/>'
    found = text(
        parts(
            word(
                '<w:p><w:fldSimple w:instr="HYPERLINK mailto:bo@x.example"><w:r><w:t>Bo</w:t></w:r></w:fldSimple>'
                '<w:r><w:instrText>HYPERLINK "mailto:</w:instrText><w:instrText>cy@x.example"</w:instrText></w:r>'
                '<w:r><w:drawing><docPr descr="photo of Dee"/></w:drawing></w:r></w:p>',
                {"word/_rels/document.xml.rels": f"<Relationships>{relation}</Relationships>"},
            )
        )
    )
    assert all(wanted in found for wanted in ("mailto:ann@x.example", "bo@x.example", "cy@x.example", "photo of Dee"))


def test_properties_name_their_people() -> None:
    people = "<dc:creator>Jo Field</dc:creator><c:lastModifiedBy>Al Hill</c:lastModifiedBy>"
    core = f'<c:p xmlns:c="c" xmlns:dc="d">{people}</c:p>'
    custom = '<Properties><property name="Client"><lpwstr>Mo Lee</lpwstr></property></Properties>'
    found = parts(word(para("x"), {"docProps/core.xml": core, "docProps/custom.xml": custom}))
    roles = {part.text: (part.label, part.role) for part in found if isinstance(part, Segment)}
    assert roles["Jo Field"] == ("author", "author")
    assert roles["Al Hill"] == ("last modified by", "author")
    assert roles["Mo Lee"] == ("Client", "")


def test_embedded_files_are_children() -> None:
    found = parts(
        word(para("x"), {"word/embeddings/list.xlsx": b"PK", "word/media/logo.png": b"png", "word/a.html": b"<p>"})
    )
    children = [part for part in found if isinstance(part, Child)]
    assert [child.name for child in children] == ["word/embeddings/list.xlsx", "word/a.html"]
    data = word(para("x"), {"word/embeddings/a.bin": b"inside"})
    for part in extract(io.BytesIO(data), Budget(Limits(), len(data))):
        if isinstance(part, Child):
            with part.open() as member:
                assert member.read() == b"inside"


def test_pictures_without_text_need_ocr() -> None:
    (lost,) = parts(word("<w:p/>", {"word/media/scan.jpeg": b"jpeg"}))
    assert isinstance(lost, Lost)
    assert lost.reason is Reason.NEEDS_OCR


def test_a_document_type_definition_is_reported_and_text_behind_its_entity_kept() -> None:
    document = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y "yy">]>'
    found = parts(package({"word/document.xml": f"{document}<w:d {W}>{para('a &x;&y; ann@x.example')}</w:d>"}))
    assert "ann@x.example" in text(found)
    assert "root:" not in text(found)
    assert [part.reason for part in found if isinstance(part, Lost)] == [Reason.DAMAGED]


def test_a_broken_part_is_read_as_far_as_it_goes() -> None:
    broken = f"<w:d {W}><w:body><w:p><w:r><w:t>ann@x.example</w:t></w:r></w:p><w:p><w:r><w:t>bo@x.exa"
    found = parts(package({"word/document.xml": broken, "word/header1.xml": f"<w:hdr {W}>{para('head')}</w:hdr>"}))
    assert all(wanted in text(found) for wanted in ("ann@x.example", "bo@x.exa", "head"))
    assert [part.reason for part in found if isinstance(part, Lost)] == [Reason.DAMAGED]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.DAMAGED),
        (word(para("x"))[:-60], Reason.DAMAGED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Reason.ENCRYPTED),
    ],
)
def test_what_is_no_readable_package_is_skipped(data: bytes, reason: Reason) -> None:
    with pytest.raises(Skip) as skipped:
        parts(data)
    assert skipped.value.reason is reason


def test_a_bomb_ends_at_the_limit() -> None:
    data = word("<w:p/>" * 3_000_000)
    with pytest.raises(Skip) as skipped:
        for _ in extract(io.BytesIO(data), Budget(Limits(), len(data))):
            pass
    assert skipped.value.reason is Reason.LIMIT


def test_a_hundred_thousand_tables_within_each_other() -> None:
    data = word("<w:tbl><w:tr><w:tc>" * 100_000 + para("ann@x.example"))
    assert "ann@x.example" in text(list(extract(io.BytesIO(data), Budget(Limits(max_ratio=10**9), len(data)))))


def test_real_documents_are_read_without_loss() -> None:
    if not SHARED.exists():
        pytest.skip("../shared is not here: no real Word files to read")
    files = sorted(SHARED.glob("documents/**/*.docx"))
    assert files
    for file in files:
        with file.open("rb") as stream:
            found = list(extract(stream, Budget(Limits(), file.stat().st_size)))
        assert not [part for part in found if isinstance(part, Lost)], file.name


def test_damaged_bytes_raise_nothing_but_skip() -> None:
    table = f"<w:tbl>{row('Name', 'E-mail')}{row('Ann', 'ann@x.example')}</w:tbl>"
    core = "<c><creator>Jo</creator></c>"
    whole = word(para("x") + table, {"word/embeddings/a.bin": b"inside", "docProps/core.xml": core})
    chance = random.Random(7)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 5, 30))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with contextlib.suppress(Skip):
            parts(bytes(data[: chance.choice((len(data), chance.randrange(len(data))))]))


def test_an_encoding_that_does_not_exist_is_taken_for_utf8() -> None:
    document = f'<?xml version="1.0" encoding="UTX-8"?><w:d {W}>{para("Jürgen")}</w:d>'
    assert "Jürgen" in text(parts(package({"word/document.xml": document})))
