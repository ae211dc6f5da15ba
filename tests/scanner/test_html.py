"""HTML: blocks and inline elements, what is hidden in attributes and comments, tables, and hostile nesting."""

import io
import time

import pytest

from scanner.formats.text.html import extract, text_of
from scanner.limits import Budget, Limits
from scanner.model import Column, Location, Part, Segment


def parts(page: str | bytes) -> list[Part]:
    data = page if isinstance(page, bytes) else page.encode()
    return list(extract(io.BytesIO(data), Budget(Limits(), len(data))))


def text(found: list[Part]) -> str:
    return "\n".join(part.text for part in found if isinstance(part, Segment))


def test_inline_elements_join_and_blocks_break() -> None:
    lines = text(parts("<p>4012<b>8888</b>8888<i>1881</i></p><p>next<br>line</p><ul><li>one<li>two</ul>")).split("\n")
    assert lines == ["4012888888881881", "next", "line", "one", "two"]


@pytest.mark.parametrize(
    "page",
    [
        '<a href="mailto:jo@x.example">mail</a>',
        '<a href="https://x.example/?m=jo%40x.example">link</a>',
        "<p>&#106;&#111;&#64;x.example</p>",
        "<!-- jo@x.example -->",
        '<div style="display:none">jo@x.example</div>',
        '<script>var u = {"m": "jo\\u0040x.example"}</script>',
        '<img alt="jo@x.example">',
        '<p title="jo@x.example">',
        '<p data-mail="jo@x.example">',
        '<input name="m" value="jo@x.example">',
        '<input placeholder="jo@x.example">',
        "<textarea>jo@x.example</textarea>",
        "<template><p>jo@x.example</p></template>",
        '<iframe srcdoc="&lt;p&gt;jo@x.example&lt;/p&gt;"></iframe>',
        '<meta name="reply-to" content="jo@x.example">',
        "<table><tr><th>Name<th>Mail<tr><td>Jo<td><a href='mailto:jo@x.example'>write</a></table>",
        "<table><caption>jo@x.example</caption><tr><th>Name<th>Age<tr><td>Jo<td>3</table>",
        "<noscript>jo@x.example</noscript>",
        "<title>jo@x.example</title>",
        "<html></html><!-- jo@x.example -->",
    ],
)
def test_nothing_that_can_hold_an_address_is_overlooked(page: str) -> None:
    assert "jo@x.example" in text(parts(page))


def test_form_fields_and_authors_are_labelled() -> None:
    field, author = parts('<input name="email" value="jo@x.example"><meta name="author" content="Jo Field">')
    assert isinstance(field, Segment)
    assert isinstance(author, Segment)
    assert (field.label, author.label, author.role) == ("email", "author", "author")


def test_a_table_with_a_heading_is_columns_and_nothing_comes_twice() -> None:
    rows = "<tr><td>Ann<td>ann@x.example</tr><tr><td>Bo<td>bo@x.example</tr>"
    name, mail = parts(f"<table><tr><th>Name<th>Mail</tr>{rows}</table>")
    assert isinstance(name, Column)
    assert isinstance(mail, Column)
    assert (mail.label, mail.values, mail.row(0)) == ("Mail", ("ann@x.example", "bo@x.example"), 2)
    assert mail.table == Location.of(path="body/table[1]")


def test_a_layout_table_is_prose_with_a_row_on_a_line() -> None:
    found = parts("<table><tr><td>Dear Ann, <td>please call</tr><tr><td colspan=2>soon</tr></table>")
    assert text(found).split("\n") == ["Dear Ann, \tplease call", "soon"]
    assert not any(isinstance(part, Column) for part in found)


def test_pieces_name_the_place() -> None:
    (segment,) = parts("<p>one</p><div><p>two</p></div>")
    assert isinstance(segment, Segment)
    assert [(piece.start, str(piece.where)) for piece in segment.pieces] == [
        (0, "path=body/p[1]"),
        (4, "path=body/div[1]/p[1]"),
    ]


@pytest.mark.parametrize("depth", [4_000, 200_000])
def test_deep_nesting_loses_no_text_and_no_time(depth: int) -> None:
    begin = time.process_time()
    assert "jo@x.example" in text(parts("<div>" * depth + "jo@x.example"))
    assert "jo@x.example" in text(parts('<div class="a">' * depth + '<a href="mailto:jo@x.example">x</a>'))
    assert time.process_time() - begin < 20


def test_the_page_says_its_own_encoding() -> None:
    assert "Jürgen" in text(parts('<meta charset="iso-8859-1"><p>Jürgen</p>'.encode("latin-1")))


def test_text_of_a_mail_body() -> None:
    rows = b"<tr><th>Name</th><th>Mail</th></tr><tr><td>Ann</td><td>ann@x.example</td></tr>"
    body = text_of(b"<table>" + rows + b"</table><p>Bye</p>")
    assert body.split("\n") == ["Name\tMail", "Ann\tann@x.example", "Bye"]
    assert text_of("<p>Jürgen</p>".encode("latin-1"), "latin-1") == "Jürgen"
    assert text_of(b"") == ""


def test_style_sheets_that_outlook_hides_in_comments_are_no_text() -> None:
    page = (
        "<!--[if gte mso 9]><xml><o:Author>Jo Reed</o:Author><w:LsdException Name='Elegant Table'/></xml><![endif]-->"
        '<!--[if gte mso 10]><style>table.N {mso-style-name:"Normale Tabelle";}</style><![endif]-->'
        "<!--[if mso]><a href='mailto:jo@x.example'>write</a><![endif]--><p>page</p>"
    )
    found = text(parts(page))
    assert "Jo Reed" in found
    assert "jo@x.example" in found
    assert "write" in found
    assert "Tab" not in found


def test_style_sheets_without_end_in_comments_cost_no_time() -> None:
    begun = time.process_time()
    parts("<!--[if mso]>" + "<style><" * 200_000 + "-->")
    assert time.process_time() - begun < 10


@pytest.mark.parametrize("number", ["9" * 5000, "0" * 5000 + "9" * 9, "0" * 5000 + "64"])
def test_a_character_of_five_thousand_digits_hides_nothing(number: str) -> None:
    """Python refuses to read such a number: the whole page was lost."""
    assert "jo@x.example" in text(parts(f"<style>&#{number}; <b>jo@x.example</b></style>"))
    assert "jo" in text(parts("<div>" * 3000 + f"&#{number};jo@x.example"))
