"""PowerPoint files: slides in order, shapes, tables, notes, comments, diagrams, masters, properties and broken ones."""

import io
import zipfile

from scanner.formats.office.pptx import extract
from scanner.limits import Budget, Limits
from scanner.model import About, Child, Column, Lost, Part, Reason, Segment

RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def package(members: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def rels(**targets: str) -> str:
    """Relationships r1=kind:target; a target with "@" leads outside."""
    found = []
    for key, target in targets.items():
        kind, _, where = target.partition("|")
        mode = ' TargetMode="External"' if "@" in where else ""
        found.append(f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{where}"{mode}/>')
    return f"<Relationships xmlns='{RELATIONS}'>{''.join(found)}</Relationships>"


def slide(*shapes: str) -> str:
    return f"<p:sld xmlns:p='p' xmlns:a='a' xmlns:r='r' xmlns:mc='mc'>{''.join(shapes)}</p:sld>"


def shape(number: int, *lines: str, holder: str = "") -> str:
    place = f"<p:nvPr><p:ph type='{holder}'/></p:nvPr>" if holder else "<p:nvPr/>"
    paragraphs = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in lines)
    return (
        f"<p:sp><p:nvSpPr><p:cNvPr id='{number}' name='x'/>{place}</p:nvSpPr><p:txBody>{paragraphs}</p:txBody></p:sp>"
    )


def table(*rows: tuple[str, ...]) -> str:
    cells = "".join(
        "<a:tr>"
        + "".join(f"<a:tc><a:txBody><a:p><a:t>{cell}</a:t></a:p></a:txBody></a:tc>" for cell in row)
        + "</a:tr>"
        for row in rows
    )
    return f"<p:graphicFrame><p:cNvPr id='9' name='t'/><a:tbl>{cells}</a:tbl></p:graphicFrame>"


def deck(slides: dict[str, str], others: dict[str, str | bytes] | None = None) -> bytes:
    return package(
        {
            "[Content_Types].xml": "<Types/>",
            **{f"ppt/slides/{name}.xml": text for name, text in slides.items()},
            **(others or {}),
        }
    )


def parts(data: bytes) -> list[Part]:
    return list(extract(io.BytesIO(data), Budget(Limits(), len(data))))


def places(found: list[Part]) -> dict[str, str]:
    out = {}
    for part in found:
        if isinstance(part, Segment):
            ends = [*(piece.start for piece in part.pieces[1:]), len(part.text)]
            for piece, end in zip(part.pieces, ends, strict=False):
                out[part.text[piece.start : end].strip()] = str(piece.where)
            if not part.pieces:
                out[part.text] = str(part.where)
    return out


def test_slides_come_in_the_order_of_the_presentation() -> None:
    data = deck(
        {"slide1": slide(shape(2, "Ann Lee", "ann@x.example")), "slide2": slide(shape(2, "Bob Ray"))},
        {
            "ppt/presentation.xml": "<p:presentation xmlns:p='p' xmlns:r='r'><p:sldIdLst><p:sldId id='256' r:id='b'/>"
            "<p:sldId id='257' r:id='a'/></p:sldIdLst></p:presentation>",
            "ppt/_rels/presentation.xml.rels": rels(a="slide|slides/slide1.xml", b="slide|slides/slide2.xml"),
        },
    )
    assert places(parts(data)) == {
        "Bob Ray": "slide=1;shape=2;para=1",
        "Ann Lee": "slide=2;shape=2;para=1",
        "ann@x.example": "slide=2;shape=2;para=2",
    }


def test_a_table_becomes_columns_and_a_value_over_several_runs_stays_whole() -> None:
    rows = (("Name", "Email"), ("Ann Lee", "ann@x</a:t><a:t>.example"), ("Bob Ray", "bob@x.example"))
    found = parts(deck({"slide1": slide(table(*rows))}))
    columns = {part.label: (part.values, part.first_row, str(part.table)) for part in found if isinstance(part, Column)}
    assert columns["Email"] == (("ann@x.example", "bob@x.example"), 2, "slide=1;shape=9")


def test_notes_comments_diagrams_and_links_belong_to_their_slide() -> None:
    others = {
        "ppt/slides/_rels/slide1.xml.rels": rels(
            n="notesSlide|../notesSlides/notesSlide7.xml",
            c="comments|../comments/comment3.xml",
            d="diagramData|../diagrams/data1.xml",
            h="hyperlink|mailto:link@x.example",
        ),
        "ppt/notesSlides/notesSlide7.xml": slide(shape(3, "Call 07700 900123")),
        "ppt/comments/comment3.xml": "<p:cmLst xmlns:p='p'><p:cm authorId='0'><p:text>Ask Bob</p:text></p:cm></p:cmLst>",  # noqa: E501
        "ppt/commentAuthors.xml": "<p:cmAuthorLst xmlns:p='p'><p:cmAuthor id='0' name='Cleo Day'/></p:cmAuthorLst>",
        "ppt/diagrams/data1.xml": "<d xmlns:a='a'><a:p><a:t>Head: </a:t><a:t>Dan Fox</a:t></a:p></d>",
        "ppt/diagrams/drawing1.xml": "<d xmlns:a='a'><a:p><a:t>Head: Dan Fox</a:t></a:p></d>",
    }
    found = parts(deck({"slide1": slide(shape(2, "x"))}, others))
    assert places(found) == {
        "x": "slide=1;shape=2;para=1",
        "mailto:link@x.example": "slide=1;link=target",
        "Call 07700 900123": "slide=1;part=notes;shape=3;para=1",
        "Ask Bob": "slide=1;comment=1",
        "Cleo Day": "slide=1;comment=1;author=1",
        "Head: Dan Fox": "slide=1;part=diagrams/data1",
    }
    assert [part.role for part in found if isinstance(part, Segment) and part.text == "Cleo Day"] == ["author"]


def test_new_comments_and_their_answers_have_their_own_writers() -> None:
    comments = (
        "<m:cmLst xmlns:m='m' xmlns:a='a'><m:cm authorId='{1}'><m:replyLst><m:reply authorId='{2}'><m:txBody><a:p><a:t>"
        "No</a:t></a:p></m:txBody></m:reply></m:replyLst><m:txBody><a:p><a:t>Is it Ann?</a:t></a:p></m:txBody></m:cm></m:cmLst>"  # noqa: E501
    )
    authors = "<m:authorLst xmlns:m='m'><m:author id='{1}' name='Cleo Day'/><m:author id='{2}' name='Dan Fox' userId='dan@x.example'/></m:authorLst>"  # noqa: E501
    found = places(
        parts(
            deck(
                {"slide1": slide()},
                {"ppt/comments/modernComment_1.xml": comments, "ppt/authors.xml": authors},
            )
        )
    )
    where = "part=comments/modernComment_1;comment="
    assert found["No"] == f"{where}2"
    assert found["Is it Ann?"] == f"{where}1"
    assert found["Dan Fox dan@x.example"] == f"{where}2;author=1"


def test_alternatives_come_once_and_prompts_of_a_master_not_at_all() -> None:
    twice = f"<mc:AlternateContent><mc:Choice>{shape(2, 'Ann')}</mc:Choice><mc:Fallback>{shape(2, 'Ann')}</mc:Fallback></mc:AlternateContent>"  # noqa: E501
    master = slide(shape(2, "Click to edit", holder="title"), shape(3, "Footer of Bob", holder="ftr"), shape(4, "Own"))
    found = parts(deck({"slide1": slide(twice)}, {"ppt/slideMasters/slideMaster1.xml": master}))
    texts = [part.text for part in found if isinstance(part, Segment)]
    assert texts == ["Ann", "Footer of Bob\nOwn"]


def test_properties_date_and_embedded_files() -> None:
    core = (
        "<c xmlns:dc='d' xmlns:t='t'><dc:creator>Ann Lee</dc:creator><t:modified>2024-03-05T10:00:00Z</t:modified></c>"
    )
    found = parts(deck({"slide1": slide(shape(2, "x"))}, {"docProps/core.xml": core, "ppt/embeddings/a.xlsx": b"PK"}))
    assert About(content_date=1709632800.0) in found
    assert [part.name for part in found if isinstance(part, Child)] == ["ppt/embeddings/a.xlsx"]


def test_a_deck_of_pictures_only_may_be_scanned() -> None:
    found = parts(deck({"slide1": slide()}, {"ppt/media/image1.wmf": b"\x01\x00\x09\x00"}))
    assert [part.reason for part in found if isinstance(part, Lost)] == [Reason.NEEDS_OCR]


def test_text_of_a_broken_table_before_its_first_row_has_a_place_of_a_table() -> None:
    broken = slide("<p:cNvPr id='9' name='t'/><a:tbl><a:p><a:t>Ann Lee</a:t></a:p>").removesuffix("</p:sld>")
    assert places(parts(deck({"slide1": broken}))) == {"Ann Lee": "slide=1;shape=9;row=1;col=1"}
