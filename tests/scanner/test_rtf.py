"""Rich text: encodings, what stands apart, tables, fields, properties, pictures and files, and files that are cut off."""  # noqa: E501

import struct
from datetime import UTC, datetime

import pytest
from placed import columns, members, parts, places, roles

from scanner.formats.office.rtf import extract
from scanner.model import About, Lost, Reason


def rtf(body: str, head: str = r"\ansi\ansicpg1252\deff0") -> bytes:
    return (r"{\rtf1" + head + " " + body + "}").encode("ascii")


def test_paragraphs_characters_and_hidden_text() -> None:
    found = places(parts(extract, rtf(r"Dear\~Ann\par{\b Zo}{\i \'eb} \{R\}\par\v hidden\v0\emdash x\par")))
    assert found == {"Dear Ann": "para=1", "Zoë {R}": "para=2", "hidden—x": "para=3"}


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"\u1051?\u1077?m", "Леm"),
        (r"{\uc2\u1051 xx}\u1077 yz", "Леz"),
        (r"\uc0\u1051\u1077 m", "Леm"),
        (r"\u1051\'cb\u1077\'e5", "Ле"),
        (r"\u-10179?\u-8704?", "😀"),
        (r"{\f1 \'c0\'ed\'ed\'e0} \'e9", "Анна é"),
        (r"{\f2 \'82\'a0\'82A}", "あ"),
    ],
)
def test_characters_in_every_way_that_programs_write_them(body: str, text: str) -> None:
    fonts = r"{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}{\f2\fcharset128 C;}}"
    assert text in "".join(places(parts(extract, rtf(fonts + body))))


def test_headers_notes_comments_boxes_and_index_stand_apart() -> None:
    body = (
        r"{\header Head Ann\par}{\footer Foot Bob\par}Text{\footnote see Cleo} goes on"
        r"{\*\atnid DF}{\*\atnauthor Dan Fox}{\*\annotation Is it Eve?}"
        r"{\shp{\*\shpinst{\sp{\sn wzDescription}{\sv Photo of Fay}}{\shptxt Box Gus\par}}{\shprslt Box Gus}}\par"
    )
    found = parts(extract, rtf(body))
    assert places(found) == {
        "Head Ann": "header=1;para=1",
        "Foot Bob": "footer=1;para=1",
        "see Cleo": "footnote=1;para=1",
        "Dan Fox": "part=properties;property=author;number=1",
        "Is it Eve?": "comment=1;para=1",
        "Box Gus": "textbox=1;para=1",
        "Text goes on\nPhoto of Fay": "para=1",
    }
    assert roles(found) == {"Dan Fox": "author"}


def test_a_table_becomes_columns() -> None:
    rows = "".join(
        rf"\trowd\pard\intbl {a}\cell {b}\cell\row " for a, b in (("Name", "Email"), ("Ann Lee", r"ann\u64?x.example"))
    )
    found = parts(extract, rtf(rf"Staff\par {rows}\pard End\par"))
    assert columns(found) == {"Name": (("Ann Lee",), 2, 1), "Email": (("ann@x.example",), 2, 2)}
    assert "End" in "".join(places(found))


def test_fields_form_fields_and_deleted_text() -> None:
    body = (
        r'{\field{\*\fldinst HYPERLINK "mailto:ann@x.example"}{\fldrslt write}} me {\deleted Old Bob}'
        r"{\field{\*\fldinst{FORMTEXT {\*\formfield{\ffname a}{\*\ffdeftext Cleo}}}}{\fldrslt x}}\par"
    )
    found = places(parts(extract, rtf(body)))
    assert found['write me x\nHYPERLINK "mailto:ann@x.example"'] == "para=1"
    assert found["Old Bob"] == "para=1;change=deleted"
    assert found["Cleo"] == "part=properties;property=form field;number=1"


def test_properties_people_of_changes_and_the_date() -> None:
    info = (
        r"{\info{\title Letter}{\author Ann Lee}{\operator Bob Ray}{\creatim\yr2020\mo1\dy1}"
        r"{\revtim\yr2024\mo3\dy5\hr10\min0}}{\*\userprops{\propname Client}\proptype30{\staticval Cleo Day}}"
        r"{\*\revtbl{Unknown;}{Dan Fox;}}{\upr{\title Caf?}{\*\ud{\title Caf\u233?}}}"
    )
    found = parts(extract, rtf(info + "x"))
    assert roles(found) == {"Ann Lee": "author", "Bob Ray": "author", "Dan Fox": "author"}
    assert {"Letter", "Cleo Day", "Café"} <= set(places(found))
    assert "Caf?" not in places(found)
    assert About(content_date=datetime(2024, 3, 5, 10, tzinfo=UTC).timestamp()) in found


def test_embedded_files() -> None:
    inner = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 50
    ole = (
        struct.pack("<LL", 0x501, 2)
        + struct.pack("<L", 5)
        + b"Word\0"
        + bytes(8)
        + struct.pack("<L", len(inner))
        + inner
    )
    found = members(
        parts(extract, rtf(r"{\object\objemb{\*\objclass Word}{\*\objdata " + ole.hex() + "}{\\result see}}"))
    )
    assert found == {"object1": inner}


def test_bytes_given_as_they_are_do_not_end_a_group() -> None:
    data = rtf(r"{\*\blob\bin4 ").removesuffix(b"}") + b"}}{{}" + rtf(r"Ann\par").removeprefix(rb"{\rtf1\ansi")
    assert "Ann" in "".join(places(parts(extract, data)))


def test_a_file_that_is_cut_off_gives_what_is_left_and_says_so() -> None:
    found = parts(extract, rtf(r"{\b Ann Lee\par Bob")[:-1])
    assert "Ann Lee" in "".join(places(found))
    assert [part.reason for part in found if isinstance(part, Lost)] == [Reason.DAMAGED]


def test_groups_without_end_need_no_more_memory_than_others() -> None:
    found = parts(extract, b"{\\rtf1" + b"{" * 200_000 + b"Ann Lee\\par")
    assert "Ann Lee" in "".join(places(found))
