"""An address goes in, office files come out that hide it in far cells, deep tables, entities and side parts."""

import io
import zipfile
from collections.abc import Callable

import old_office

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
_MAIN = "application/vnd.openxmlformats-officedocument."
_TYPES = {
    "docx": ("word/document.xml", _MAIN + "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", _MAIN + "spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", _MAIN + "presentationml.presentation.main+xml"),
}
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def zipped(members: dict[str, str | bytes]) -> bytes:
    """A ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def related(*pairs: tuple[str, str], external: bool = False) -> str:
    """A part of relationships; (type, target) pairs."""
    mode = ' TargetMode="External"' if external else ""
    inner = "".join(
        f'<Relationship Id="r{number}" Type="{_RELATION}{kind}" Target="{target}"{mode}/>'
        for number, (kind, target) in enumerate(pairs, 1)
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'
    )


def package(kind: str, main: str, **others: str | bytes) -> bytes:
    """An Office file; names of other parts with `__` for `/` and `_1` for `.`."""
    place, media = _TYPES[kind]
    types = f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/{place}" ContentType="{media}"/></Types>'
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": types,
        "_rels/.rels": related(("officeDocument", place)),
        place: main,
    }
    members |= {name.replace("__", "/").replace("_1", "."): data for name, data in others.items()}
    return zipped(members)


def word(body: str, before: str = "", **others: str | bytes) -> bytes:
    """A DOCX with this body."""
    first = "<w:p><w:r><w:t>first</w:t></w:r></w:p>"
    return package("docx", f"{before}<w:document {W} {R} {A}><w:body>{first}{body}</w:body></w:document>", **others)


def para(text: str) -> str:
    """A paragraph."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def workbook(rows: str, before: str = "", state: str = "", name: str = "Staff", **others: str | bytes) -> bytes:
    """An XLSX with these rows on its one sheet."""
    book = f'<workbook {S} {R}><sheets><sheet name="{name}" sheetId="1"{state} r:id="r1"/></sheets></workbook>'
    others.setdefault("xl___rels__workbook_1xml_1rels", related(("worksheet", "worksheets/sheet1.xml")))
    sheet = f"{before}<worksheet {S} {R}><sheetData>{rows}</sheetData></worksheet>"
    return package("xlsx", book, xl__worksheets__sheet1_1xml=sheet, **others)


def cell(text: str, place: str = "A1") -> str:
    """A cell in a row of its own."""
    row = "".join(filter(str.isdigit, place))
    return f'<row r="{row}"><c r="{place}" t="inlineStr"><is><t>{text}</t></is></c></row>'


def far(place: str) -> Callable[[str], bytes]:
    """A workbook with nothing but the address at one place."""
    return lambda canary: workbook(cell(canary, place))


def slides(shape: str, **others: str | bytes) -> bytes:
    """A PPTX with these shapes on its one slide."""
    slide = f"<p:sld {P} {A} {R}><p:cSld><p:spTree>{shape}</p:spTree></p:cSld></p:sld>"
    show = f'<p:presentation {P} {R}><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst></p:presentation>'
    others.setdefault("ppt___rels__presentation_1xml_1rels", related(("slide", "slides/slide1.xml")))
    return package("pptx", show, ppt__slides__slide1_1xml=slide, **others)


def shape(text: str) -> str:
    """A text box."""
    return f"<p:sp><p:nvSpPr><p:cNvPr id='2' name='x'/></p:nvSpPr><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"


def odf(kind: str, body: str, **others: str) -> bytes:
    """An OpenDocument file."""
    spaces = "".join(
        f" xmlns:{name}='{name}'" for name in ("office", "text", "table", "draw", "dc", "meta", "style", "xlink")
    )
    content = f"<office:document-content{spaces}><office:body>{body}</office:body></office:document-content>"
    members = {"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": content}
    named = {
        name.replace("_1", "."): f"<office:document{spaces}>{text}</office:document>" for name, text in others.items()
    }
    return zipped({**members, **named})


def deep_word(depth: int) -> Callable[[str], bytes]:
    """A table within tables."""
    table = "<w:tbl><w:tr><w:tc>"
    return lambda c: word(table * depth + para(c) + "</w:tc></w:tr></w:tbl>" * depth)


ENTITY = "<?xml version='1.0'?><!DOCTYPE d [<!ENTITY e 'text'>]>"
LAUGHS = "<?xml version='1.0'?><!DOCTYPE d [<!ENTITY a 'lol'><!ENTITY b '&a;&a;'>]>"
PART = f"<w:x {W}>{{}}</w:x>"
WORD: dict[str, Callable[[str], bytes]] = {
    **{f"deep tables {depth}.docx": deep_word(depth) for depth in (5, 60, 300, 4000)},
    "behind an entity.docx": lambda c: word(para(f"text &e; {c}"), ENTITY),
    "behind entities.docx": lambda c: word(para("&b;") + para(c), LAUGHS),
    "split into runs.docx": lambda c: word("<w:p>" + "".join(f"<w:r><w:t>{x}</w:t></w:r>" for x in c) + "</w:p>"),
    "million characters.docx": lambda c: word(para("word " * 250_000 + c)),
    "many paragraphs.docx": lambda c: word(para("x") * 40_000 + para(c)),
    "header.docx": lambda c: word("", word__header1_1xml=PART.format(para(c))),
    "footer.docx": lambda c: word("", word__footer9_1xml=PART.format(para(c))),
    "footnote.docx": lambda c: word("", word__footnotes_1xml=PART.format(para(c))),
    "endnote.docx": lambda c: word("", word__endnotes_1xml=PART.format(para(c))),
    "comment.docx": lambda c: word(
        "", word__comments_1xml=PART.format(f"<w:comment w:author='A'>{para(c)}</w:comment>")
    ),
    "author of a comment.docx": lambda c: word(
        "", word__comments_1xml=PART.format(f"<w:comment w:author='{c}'>{para('x')}</w:comment>")
    ),
    "glossary.docx": lambda c: word("", word__glossary__document_1xml=PART.format(para(c))),
    "text box.docx": lambda c: word(f"<w:p><w:r><w:pict><w:txbxContent>{para(c)}</w:txbxContent></w:pict></w:r></w:p>"),
    "deleted.docx": lambda c: word(f"<w:p><w:del w:author='A'><w:r><w:delText>{c}</w:delText></w:r></w:del></w:p>"),
    "author of a change.docx": lambda c: word(f"<w:p><w:ins w:author='{c}'><w:r><w:t>x</w:t></w:r></w:ins></w:p>"),
    "hidden.docx": lambda c: word(f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{c}</w:t></w:r></w:p>"),
    "field.docx": lambda c: word(f'<w:p><w:r><w:instrText> HYPERLINK "mailto:{c}" </w:instrText></w:r></w:p>'),
    "simple field.docx": lambda c: word(f"<w:p><w:fldSimple w:instr='HYPERLINK mailto:{c}'/></w:p>"),
    "link.docx": lambda c: word(
        "<w:p><w:hyperlink r:id='r1'/></w:p>",
        word___rels__document_1xml_1rels=related(("hyperlink", f"mailto:{c}"), external=True),
    ),
    "page within.docx": lambda c: word("<w:altChunk r:id='r1'/>", word__afchunk_1html=f"<html><p>{c}</p></html>"),
    "custom XML.docx": lambda c: word("", customXml__item1_1xml=f"<a><b>{c}</b></a>"),
    "properties.docx": lambda c: word("", docProps__core_1xml=f"<c xmlns:dc='dc'><dc:creator>{c}</dc:creator></c>"),
    "own properties.docx": lambda c: word(
        "", docProps__custom_1xml=f"<c><property name='a'><lpwstr>{c}</lpwstr></property></c>"
    ),
    "manager.docx": lambda c: word("", docProps__app_1xml=f"<Properties><Manager>{c}</Manager></Properties>"),
    "alternative text.docx": lambda c: word(
        f"<w:p><w:r><w:drawing><wp:docPr xmlns:wp='wp' id='1' descr='{c}'/></w:drawing></w:r></w:p>"
    ),
    "diagram.docx": lambda c: word("", word__diagrams__data1_1xml=f"<d {A}><a:t>{c}</a:t></d>"),
    "chart.docx": lambda c: word("", word__charts__chart1_1xml=f"<c:chart xmlns:c='c'><c:v>{c}</c:v></c:chart>"),
    "embedded.docx": lambda c: word("", word__embeddings__a_1docx=word(para(c))),
    "variable.docx": lambda c: word(
        "", word__settings_1xml=f"<w:settings {W}><w:docVar w:name='a' w:val='{c}'/></w:settings>"
    ),
    "people.docx": lambda c: word(
        "", word__people_1xml=f"<w15:people xmlns:w15='w15'><w15:person w15:author='{c}'/></w15:people>"
    ),
    "list entry.docx": lambda c: word(
        f"<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:displayText='{c}' w:value='1'/></w:dropDownList></w:sdtPr></w:sdt>"
    ),
    "content control.docx": lambda c: word(f"<w:sdt><w:sdtContent>{para(c)}</w:sdtContent></w:sdt>"),
    "form field.docx": lambda c: word(
        f"<w:p><w:r><w:fldChar><w:ffData><w:textInput><w:default w:val='{c}'/></w:textInput></w:ffData></w:fldChar></w:r></w:p>"
    ),
    "fallback.docx": lambda c: word(
        f"<mc:AlternateContent xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'><mc:Choice Requires='x'/><mc:Fallback>{para(c)}</mc:Fallback></mc:AlternateContent>"
    ),
    "cut off.docx": lambda c: word(para(c) + para("x") * 3000)[:-400],
    "broken XML.docx": lambda c: word(f"<w:p><w:r></w:p>{para(c)}"),
    "letters of a symbol.docx": lambda c: word(
        f"<w:p><w:r><w:t>{c.partition('@')[0]}</w:t></w:r><w:r><w:sym w:char='0040'/></w:r><w:r><w:t>{c.partition('@')[2]}</w:t></w:r></w:p>"
    ),
    "unknown part.docx": lambda c: word("", word__unknown_1xml=f"<a>{c}</a>"),
}


SHARED = f"<sst {S}><si><t>x</t></si><si><r><t>{{}}</t></r></si></sst>"
INDEX = '<row r="1"><c r="A1" t="s"><v>1</v></c></row>'
SHEET_PART = f"<x {S} {A}>{{}}</x>"
SHEETS: dict[str, Callable[[str], bytes]] = {
    **{f"far cell {place}.xlsx": far(place) for place in ("A1048576", "XFD1", "XFD1048576", "ZZ70000")},
    "dimension that lies.xlsx": lambda c: workbook(cell("x") + cell(c, "C9"), before=""),
    "hidden sheet.xlsx": lambda c: workbook(cell(c), state=' state="hidden"'),
    "very hidden sheet.xlsx": lambda c: workbook(cell(c), state=' state="veryHidden"'),
    "shared string.xlsx": lambda c: workbook(INDEX, xl__sharedStrings_1xml=SHARED.format(c)),
    "shared string out of range.xlsx": lambda c: workbook(
        INDEX.replace(">1<", ">9<"), xl__sharedStrings_1xml=SHARED.format(c)
    ),
    "unused shared string.xlsx": lambda c: workbook(cell("x"), xl__sharedStrings_1xml=SHARED.format(c)),
    "result of a formula.xlsx": lambda c: workbook(f'<row r="1"><c r="A1" t="str"><f>A2</f><v>{c}</v></c></row>'),
    "in a formula.xlsx": lambda c: workbook(f'<row r="1"><c r="A1" t="str"><f>IF(1,"","{c}")</f><v></v></c></row>'),
    "rows without numbers.xlsx": lambda c: workbook(f'<row><c t="inlineStr"><is><t>{c}</t></is></c></row>'),
    "rows out of order.xlsx": lambda c: workbook(cell("x", "A9") + cell(c, "B2")),
    "two cells at one place.xlsx": lambda c: workbook(cell("x") + cell(c)),
    "many columns.xlsx": lambda c: workbook(
        '<row r="1">'
        + '<c t="inlineStr"><is><t>x</t></is></c>' * 9000
        + f'<c t="inlineStr"><is><t>{c}</t></is></c></row>'
    ),
    "many rows.xlsx": lambda c: workbook("".join(cell("x", f"A{n}") for n in range(1, 20_000)) + cell(c, "A20000")),
    "long cell.xlsx": lambda c: workbook(cell("x " * 300_000 + c)),
    "comment.xlsx": lambda c: workbook(
        cell("x"),
        xl__comments1_1xml=SHEET_PART.format(
            f"<commentList><comment ref='A1'><text><t>{c}</t></text></comment></commentList>"
        ),
    ),
    "threaded comment.xlsx": lambda c: workbook(
        cell("x"),
        xl__threadedComments__threadedComment1_1xml=SHEET_PART.format(
            f"<threadedComment ref='A1'><text>{c}</text></threadedComment>"
        ),
    ),
    "person.xlsx": lambda c: workbook(
        cell("x"), xl__persons__person_1xml=SHEET_PART.format(f"<person displayName='{c}' id='1'/>")
    ),
    "page header.xlsx": lambda c: workbook(
        cell("x") + f"</sheetData><headerFooter><oddHeader>{c}</oddHeader></headerFooter><sheetData>"
    ),
    "hint of a list.xlsx": lambda c: workbook(
        cell("x")
        + f'</sheetData><dataValidations><dataValidation><formula1>"{c},b"</formula1></dataValidation></dataValidations><sheetData>'
    ),
    "link.xlsx": lambda c: workbook(
        cell("x"), xl__worksheets___rels__sheet1_1xml_1rels=related(("hyperlink", f"mailto:{c}"), external=True)
    ),
    "drawing.xlsx": lambda c: workbook(cell("x"), xl__drawings__drawing1_1xml=SHEET_PART.format(f"<a:t>{c}</a:t>")),
    "old drawing.xlsx": lambda c: workbook(cell("x"), xl__drawings__vmlDrawing1_1vml=f"<xml><div>{c}</div></xml>"),
    "chart.xlsx": lambda c: workbook(cell("x"), xl__charts__chart1_1xml=f"<c:c xmlns:c='c'><c:v>{c}</c:v></c:c>"),
    "pivot.xlsx": lambda c: workbook(
        cell("x"),
        xl__pivotCache__pivotCacheDefinition1_1xml=SHEET_PART.format(f"<sharedItems><s v='{c}'/></sharedItems>"),
    ),
    "pivot records.xlsx": lambda c: workbook(
        cell("x"), xl__pivotCache__pivotCacheRecords1_1xml=SHEET_PART.format(f"<r><s v='{c}'/></r>")
    ),
    "other book.xlsx": lambda c: workbook(
        cell("x"), xl__externalLinks__externalLink1_1xml=SHEET_PART.format(f"<cell r='A1'><v>{c}</v></cell>")
    ),
    "connection.xlsx": lambda c: workbook(
        cell("x"), xl__connections_1xml=SHEET_PART.format(f"<connection name='a' description='{c}'/>")
    ),
    "table heading.xlsx": lambda c: workbook(
        cell("x"), xl__tables__table1_1xml=SHEET_PART.format(f"<tableColumn name='{c}'/>")
    ),
    "name of a sheet.xlsx": lambda c: workbook(cell("x"), name=c),
    "defined name.xlsx": lambda c: package(
        "xlsx",
        f'<workbook {S} {R}><sheets><sheet name="A" r:id="r1"/></sheets><definedNames><definedName name="a">"{c}"</definedName></definedNames></workbook>',
        xl__worksheets__sheet1_1xml=f"<worksheet {S}><sheetData>{cell('x')}</sheetData></worksheet>",
        xl___rels__workbook_1xml_1rels=related(("worksheet", "worksheets/sheet1.xml")),
    ),
    "sheet that the book does not name.xlsx": lambda c: workbook(
        cell("x"), xl__worksheets__sheet7_1xml=f"<worksheet {S}><sheetData>{cell(c)}</sheetData></worksheet>"
    ),
    "properties.xlsx": lambda c: workbook(
        cell("x"), docProps__core_1xml=f"<c xmlns:dc='dc'><dc:creator>{c}</dc:creator></c>"
    ),
    "behind an entity.xlsx": lambda c: workbook(
        cell(f"a &e; {c}"), before="<?xml version='1.0'?><!DOCTYPE d [<!ENTITY e 'text'>]>"
    ),
    "phonetic.xlsx": lambda c: workbook(
        f'<row r="1"><c r="A1" t="inlineStr"><is><t>x</t><rPh><t> {c}</t></rPh></is></c></row>'
    ),
    "embedded.xlsx": lambda c: workbook(cell("x"), xl__embeddings__a_1docx=word(para(c))),
    "broken sheet.xlsx": lambda c: workbook(cell("x") + "<row></c>" + cell(c, "A5")),
    "strict.xlsx": lambda c: workbook(cell(c)).replace(
        b"schemas.openxmlformats.org/spreadsheetml/2006/main", b"purl.oclc.org/ooxml/spreadsheetml/main0000000000"
    ),
}


SLIDE_PART = f"<x {A} {P}>{{}}</x>"
GROUP = "<p:grpSp>"
SLIDES: dict[str, Callable[[str], bytes]] = {
    "deep groups.pptx": lambda c: slides(GROUP * 300 + shape(c) + "</p:grpSp>" * 300),
    "many shapes.pptx": lambda c: slides(shape("x") * 10_000 + shape(c)),
    "notes.pptx": lambda c: slides(shape("x"), ppt__notesSlides__notesSlide1_1xml=SLIDE_PART.format(shape(c))),
    "comment.pptx": lambda c: slides(
        shape("x"), ppt__comments__comment1_1xml=SLIDE_PART.format(f"<p:cm><p:text>{c}</p:text></p:cm>")
    ),
    "master.pptx": lambda c: slides(shape("x"), ppt__slideMasters__slideMaster1_1xml=SLIDE_PART.format(shape(c))),
    "layout.pptx": lambda c: slides(shape("x"), ppt__slideLayouts__slideLayout1_1xml=SLIDE_PART.format(shape(c))),
    "slide that the show does not name.pptx": lambda c: slides(
        shape("x"), ppt__slides__slide9_1xml=SLIDE_PART.format(shape(c))
    ),
    "diagram.pptx": lambda c: slides(shape("x"), ppt__diagrams__data1_1xml=SLIDE_PART.format(f"<a:t>{c}</a:t>")),
    "alternative text.pptx": lambda c: slides(
        f"<p:pic><p:nvPicPr><p:cNvPr id='3' name='a' descr='{c}'/></p:nvPicPr></p:pic>"
    ),
    "tag.pptx": lambda c: slides(shape("x"), ppt__tags__tag1_1xml=SLIDE_PART.format(f"<p:tag name='A' val='{c}'/>")),
    "author.pptx": lambda c: slides(
        shape("x"), ppt__commentAuthors_1xml=SLIDE_PART.format(f"<p:cmAuthor id='0' name='{c}'/>")
    ),
    "split into runs.pptx": lambda c: slides(
        "<p:sp><p:cNvPr id='2'/><a:p>" + "".join(f"<a:r><a:t>{x}</a:t></a:r>" for x in c) + "</a:p></p:sp>"
    ),
}


ODF_ROW = "<table:table-row><table:table-cell{}><text:p>{}</text:p></table:table-cell></table:table-row>"
ODF_TABLE = "<office:spreadsheet><table:table table:name='S'{}>{}</table:table></office:spreadsheet>"
REPEATED = " table:number-rows-repeated='1048000'"
SECTION = "<text:section>"
OPEN: dict[str, Callable[[str], bytes]] = {
    "deep sections.odt": lambda c: odf("text", SECTION * 5000 + f"<text:p>{c}</text:p>" + "</text:section>" * 5000),
    "spans.odt": lambda c: odf("text", "<text:p>" + "".join(f"<text:span>{x}</text:span>" for x in c) + "</text:p>"),
    "million characters.odt": lambda c: odf("text", f"<text:p>{'word ' * 250_000}{c}</text:p>"),
    "comment.odt": lambda c: odf(
        "text",
        f"<text:p>x<office:annotation><dc:creator>a</dc:creator><text:p>{c}</text:p></office:annotation></text:p>",
    ),
    "deletion.odt": lambda c: odf(
        "text",
        f"<text:tracked-changes><text:deletion><text:p>{c}</text:p></text:deletion></text:tracked-changes><text:p>x</text:p>",
    ),
    "page header.odt": lambda c: odf(
        "text", "<text:p>x</text:p>", styles_1xml=f"<style:header><text:p>{c}</text:p></style:header>"
    ),
    "own property.odt": lambda c: odf(
        "text", "<text:p>x</text:p>", meta_1xml=f"<meta:user-defined>{c}</meta:user-defined>"
    ),
    "link.odt": lambda c: odf("text", f"<text:p><text:a xlink:href='mailto:{c}'>x</text:a></text:p>"),
    "hidden.odt": lambda c: odf("text", f"<text:p><text:hidden-text text:string-value='{c}'/>x</text:p>"),
    "variable.odt": lambda c: odf(
        "text",
        f"<text:user-field-decls><text:user-field-decl text:name='a' office:string-value='{c}'/></text:user-field-decls><text:p>x</text:p>",
    ),
    "behind repeated rows.ods": lambda c: odf(
        "spreadsheet",
        ODF_TABLE.format(
            "", f"<table:table-row{REPEATED}><table:table-cell/></table:table-row>" + ODF_ROW.format("", c)
        ),
    ),
    "behind repeated columns.ods": lambda c: odf(
        "spreadsheet",
        ODF_TABLE.format(
            "",
            f"<table:table-row><table:table-cell table:number-columns-repeated='16000'/><table:table-cell><text:p>{c}</text:p></table:table-cell></table:table-row>",
        ),
    ),
    "hidden table.ods": lambda c: odf("spreadsheet", ODF_TABLE.format(" table:display='false'", ODF_ROW.format("", c))),
    "comment.ods": lambda c: odf(
        "spreadsheet",
        ODF_TABLE.format(
            "", ODF_ROW.format("", f"x</text:p><office:annotation><text:p>{c}</text:p></office:annotation><text:p>")
        ),
    ),
    "value beside the text.ods": lambda c: odf(
        "spreadsheet",
        ODF_TABLE.format("", ODF_ROW.format(f" office:value-type='string' office:string-value='{c}'", "x")),
    ),
    "formula.ods": lambda c: odf(
        "spreadsheet", ODF_TABLE.format("", ODF_ROW.format(f' table:formula=\'of:=IF(1;"x";"{c}")\'', "x"))
    ),
    "name of a table.ods": lambda c: odf(
        "spreadsheet", ODF_TABLE.format("", ODF_ROW.format("", "x")).replace("'S'", f"'{c}'")
    ),
    "notes.odp": lambda c: odf("presentation", f"<draw:page><text:p>x</text:p><text:p>{c}</text:p></draw:page>"),
}


RTF = rb"{\rtf1\ansi Dear Ann\par %s}"
OLD: dict[str, Callable[[str], bytes]] = {
    "long.doc": lambda c: old_office.doc("word " * 60_000 + c),
    "footnote.doc": lambda c: old_office.doc("x\r", f"\x02 {c}\r"),
    "far cell.xls": lambda c: old_office.xls({"S": [old_office.label(65535, 255, c)]}),
    "hidden.rtf": lambda c: RTF % (rb"{\v " + c.encode() + b"}"),
    "deep groups.rtf": lambda c: RTF % (b"{" * 3000 + c.encode() + b"}" * 3000),
    "very deep groups.rtf": lambda c: RTF % (b"{" * 100_000 + c.encode() + b"}" * 100_000),
    "escapes.rtf": lambda c: RTF % b"".join(b"\\'%02x" % x for x in c.encode()),
    "unicode escapes.rtf": lambda c: RTF % "".join(f"\\u{ord(x)}?" for x in c).encode(),
    "unknown destination.rtf": lambda c: RTF % (rb"{\*\unknown " + c.encode() + b"}"),
    "annotation.rtf": lambda c: RTF % (rb"x{\*\annotation " + c.encode() + b"}"),
    "header.rtf": lambda c: RTF % (rb"{\header " + c.encode() + b"}"),
    "field.rtf": lambda c: RTF % (rb'{\field{\*\fldinst HYPERLINK "mailto:' + c.encode() + rb'"}{\fldrslt x}}'),
    "behind binary.rtf": lambda c: RTF % (rb"\bin9 }}}{{{\\x " + c.encode()),
    "unbalanced.rtf": lambda c: RTF % (b"}}} " + c.encode()),
    "million characters.rtf": lambda c: RTF % (b"word " * 250_000 + c.encode()),
    "info.rtf": lambda c: rb"{\rtf1\ansi{\info{\doccomm " + c.encode() + rb"}}x\par}",
    "user property.rtf": lambda c: (
        rb"{\rtf1\ansi{\*\userprops{\propname a}\proptype30{\staticval " + c.encode() + rb"}}x\par}"
    ),
}


CASES = {**WORD, **SHEETS, **SLIDES, **OPEN, **OLD}
