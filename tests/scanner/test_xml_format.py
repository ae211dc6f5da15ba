"""XML: records as columns, prose, entities, and documents that are broken, deep or in the wrong encoding."""

import io

import pytest

from scanner.formats.text.xml import extract
from scanner.limits import Budget, Limits
from scanner.model import Column, Location, Lost, Part, Reason, Segment


def parts(page: str | bytes) -> list[Part]:
    data = page if isinstance(page, bytes) else page.encode()
    return list(extract(io.BytesIO(data), Budget(Limits(), len(data))))


def columns(found: list[Part]) -> dict[str, Column]:
    return {part.label: part for part in found if isinstance(part, Column)}


def text(found: list[Part]) -> str:
    texts = [part.text for part in found if isinstance(part, Segment)]
    return "\n".join(texts + [value for part in found if isinstance(part, Column) for value in part.values])


def losses(found: list[Part]) -> list[Reason]:
    return [part.reason for part in found if isinstance(part, Lost)]


def test_repeated_records_are_columns() -> None:
    person = '<person id="%d"><name>%s</name><address><pc>M1 1AE</pc></address></person>'
    found = columns(parts(f"<people>{person % (1, 'Ann')}{person % (2, 'Bo')}</people>"))
    assert found["name"].values == ("Ann", "Bo")
    assert found["address.pc"].row(1) == 2
    assert found["id"].table == Location.of(path="people/person")


def test_records_of_attributes_and_of_named_fields() -> None:
    found = columns(parts('<u><r name="Ann" mail="a@x.example"/><r name="Bo" mail="b@x.example"/></u>'))
    assert found["mail"].values == ("a@x.example", "b@x.example")
    row = '<row><field name="email">%s</field></row>'
    found = columns(parts(f"<t>{row % 'a@x.example'}{row % 'b@x.example'}</t>"))
    assert found["email"].values == ("a@x.example", "b@x.example")


def test_tables_with_a_column_in_common_do_not_run_together() -> None:
    table = '<table name="%s"><row><id>1</id></row><row><id>2</id></row></table>'
    found = [part for part in parts(f"<db>{table % 'a'}{table % 'b'}</db>") if isinstance(part, Column)]
    tables = {str(part.table) for part in found if part.label == "id"}
    assert tables == {"path=db/table[a]/row", "path=db/table[b]/row"}


def test_single_values_are_labelled_segments_of_one_record() -> None:
    found = parts("<letter><sender><mail>a@x.example</mail></sender><subject>Hello</subject></letter>")
    mail = next(part for part in found if isinstance(part, Segment) and "@" in part.text)
    assert (mail.label, str(mail.where)) == ("sender.mail", "path=letter/sender/mail")
    assert {part.record for part in found if isinstance(part, Segment)} == {"letter"}


def test_mixed_text_is_prose_in_order_and_links_are_kept() -> None:
    found = parts('<l>\n<p>Dear <b>Ann</b>, call <a href="mailto:bo@x.example">me</a> now</p>\n</l>')
    assert "Dear Ann, call me now" in text(found)
    assert "mailto:bo@x.example" in text(found)


def test_ten_thousand_rows_and_more_come_in_blocks() -> None:
    rows = "".join(f"<r><m>u{number}@x.example</m><n>1</n></r>" for number in range(12_000))
    blocks = [part for part in parts(f"<t>{rows}</t>") if isinstance(part, Column) and part.label == "m"]
    assert [len(block.values) for block in blocks] == [10_000, 2_000]
    assert blocks[1].row(1_999) == 12_000


def test_text_after_an_outside_entity_is_not_lost_and_the_loss_is_told(tmp_path) -> None:  # type: ignore[no-untyped-def] # fixture
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP SECRET")
    found = parts(f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]><d>hello &x; ann@x.example</d>')
    assert "ann@x.example" in text(found)
    assert "TOP SECRET" not in text(found)
    assert losses(found) == [Reason.DAMAGED]


def test_plain_entities_are_put_in_place() -> None:
    found = parts('<!DOCTYPE d [<!ENTITY who "Ann Smith">]><d><a>&who; &amp; Co</a><b>x</b></d>')
    assert "Ann Smith & Co" in text(found)
    assert losses(found) == []


def test_an_entity_bomb_is_not_expanded() -> None:
    levels = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 10))
    found = parts(f'<!DOCTYPE d [<!ENTITY l0 "lol">{levels}]><d>&l9; ann@x.example</d>')
    assert len(text(found)) < 1000
    assert "ann@x.example" in text(found)
    assert losses(found) == [Reason.DAMAGED]


@pytest.mark.parametrize(
    "page",
    [
        "<a><b>x</b><c>y</a><d>ann@x.example</d>",
        "<a><b>ann@x.example",
        "<a>ann@x.example</a><b>",
        "<a>ann@x.example</b>",
        "<a b=ann@x.example>text</a>",
        "no markup, ann@x.example",
        "<a>text <b attribute='x'> <<< ann@x.example </a>",
    ],
)
def test_what_stands_in_or_behind_a_broken_place_is_read_and_reported(page: str) -> None:
    found = parts(page)
    assert "ann@x.example" in text(found)
    assert losses(found) == [Reason.DAMAGED]


def test_bare_ampersands_and_entities_of_html_are_no_damage() -> None:
    found = parts('<a t="Tom&nbsp;Smith">Tom & Co &eacute; <![CDATA[a & b]]></a>')
    assert "Tom\xa0Smith" in text(found)
    assert "Tom & Co é a & b" in text(found)
    assert losses(found) == []


def test_references_torn_apart_between_chunks() -> None:
    for padding in range(262_100, 262_160):
        assert "tom&jerry@x.example" in text(parts(f"<a>{'x' * padding} tom&amp;jerry@x.example</a>"))


def test_long_text_is_cut_between_words_only() -> None:
    words = " ".join(f"user{number}@x.example" for number in range(20_000))
    assert text(parts(f"<a><b>{words}</b></a>")).split() == words.split()


def test_depth() -> None:
    shallow = parts("<a>" * 8_000 + "ann@x.example" + "</a>" * 8_000)
    assert "ann@x.example" in text(shallow)
    assert losses(shallow) == []
    deep = parts("<a>" * 30_000 + "ann@x.example" + "</a>" * 30_000)
    assert "ann@x.example" in text(deep)
    assert losses(deep) == [Reason.LIMIT]


def test_encodings() -> None:
    assert "Jürgen" in text(parts('<?xml version="1.0" encoding="iso-8859-1"?><a>Jürgen</a>'.encode("latin-1")))
    assert "Jürgen" in text(parts('<?xml version="1.0" encoding="utf-16"?><a>Jürgen</a>'.encode("utf-16")))
    assert "Jürgen" in text(parts("<a>Jürgen \x01\x02</a>"))


def test_comments_and_instructions_are_read() -> None:
    assert "ann@x.example" in text(parts("<a><!-- ann@x.example -->x</a>"))
    assert "ann@x.example" in text(parts("<?owner ann@x.example?><a>x</a>"))


def test_an_empty_document() -> None:
    assert losses(parts(b"")) == []
    assert parts("<a/>") == []
