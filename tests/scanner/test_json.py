"""JSON and JSON lines: labels, rows, literal numbers, and documents that are broken, deep or big."""

import io

from hypothesis import given
from hypothesis import strategies as st

import scanner.formats.tables.json as json_format
from scanner.formats.tables.json import extract, extract_lines
from scanner.limits import Budget, Limits
from scanner.model import Column, Location, Lost, Part, Reason, Segment


def parts(data: bytes) -> list[Part]:
    return list(extract(io.BytesIO(data), Budget(Limits(), len(data))))


def line_parts(data: bytes) -> list[Part]:
    return list(extract_lines(io.BytesIO(data), Budget(Limits(), len(data))))


def columns(found: list[Part]) -> dict[str, Column]:
    return {part.label: part for part in found if isinstance(part, Column)}


def every_text(found: list[Part]) -> str:
    texts = [part.text for part in found if isinstance(part, Segment)]
    return "\n".join(texts + [value for part in found if isinstance(part, Column) for value in part.values])


def test_an_array_of_objects_is_a_table_with_key_paths_as_labels() -> None:
    ann = b'{"name":"Ann","address":{"postcode":"SW1A 1AA"}}'
    bob = b'{"name":"Bob","address":{"postcode":"M1 1AE"}}'
    found = columns(parts(b'{"people":[' + ann + b"," + bob + b"]}"))
    assert found["address.postcode"].values == ("SW1A 1AA", "M1 1AE")
    assert found["address.postcode"].table == Location.of(path="$.people")
    assert [found["name"].row(index) for index in (0, 1)] == [1, 2]


def test_single_leaves_are_labelled_segments_of_one_record() -> None:
    name, mail = parts(b'{"name": "Ann", "contact": {"email": "ann@x.example"}}')
    assert isinstance(name, Segment)
    assert isinstance(mail, Segment)
    assert (mail.label, mail.text, mail.where) == (
        "contact.email",
        "ann@x.example",
        Location.of(path="$.contact.email"),
    )
    assert name.record == mail.record != ""


def test_a_missing_value_does_not_shift_rows() -> None:
    found = columns(parts(b'[{"a":"1","b":"x"},{"a":"2"},{"a":"3","b":null},{"a":"4","b":"y"}]'))
    assert [found["b"].row(index) for index in range(2)] == [1, 4]


def test_lists_and_typed_pairs_stay_with_their_person() -> None:
    person = b'{"name":"%s","mails":["a@x.example","b@x.example"],"contact":[{"kind":"tel","value":"020 7946 0958"}]}'
    found = columns(parts(b"[" + person % b"Ann" + b"," + person % b"Bob" + b"]"))
    assert found["mails"].values == ("b@x.example", "b@x.example")  # each place of a list is a column
    assert found["mails"].number == 3
    assert found["contact.tel"].values == ("020 7946 0958", "020 7946 0958")


def test_numbers_keep_their_digits() -> None:
    found = every_text(parts(b'{"phone": 07700900123}')) + every_text(
        parts(b'{"a": 447700900123, "b": 1.10, "c": 12345678901234567890123, "d": true}')
    )
    for literal in ("07700900123", "447700900123", "1.10", "12345678901234567890123"):
        assert literal in found
    assert "True" not in found


def test_duplicate_keys_nan_bom_and_lone_surrogates() -> None:
    document = b'{"m":"x@a.example","m":"y@a.example","n":NaN,"u":"\\ud83d","e":"\\u0061b@c.example"}'
    found = every_text(parts(b"\xef\xbb\xbf" + document))
    assert {"x@a.example", "y@a.example", "ab@c.example"} <= set(found.split("\n"))
    found.encode("utf-8")


def test_keys_that_are_values_are_read() -> None:
    found = parts(b'{"ann@x.example": {"age": 3, "n": 1}, "bob@x.example": {"age": 4, "n": 2}}')
    assert columns(found)["key"].values == ("ann@x.example", "bob@x.example")
    assert all("@" not in part.label for part in found if isinstance(part, Segment | Column))


def test_rows_of_arrays_are_a_table_with_a_heading() -> None:
    found = columns(parts(b'[["name","email"],["Ann","ann@x.example"],["Bob","bob@x.example"]]'))
    assert found["email"].values == ("ann@x.example", "bob@x.example")


def test_a_broken_document_is_read_as_text_and_reported() -> None:
    *texts, lost = parts(b'{"mail": "ann\\u0040x.example", "other": "bob@x.example"')
    assert "ann@x.example" in every_text(list(texts))
    assert "bob@x.example" in every_text(list(texts))
    assert isinstance(lost, Lost)
    assert lost.reason is Reason.DAMAGED


def test_a_document_too_deep_for_the_parser_is_still_read() -> None:
    found = parts(b"[" * 20_000 + b'"ann@x.example"' + b"]" * 20_000)
    assert "ann@x.example" in every_text(found)


def test_deep_but_valid_nesting_keeps_its_value() -> None:
    found = parts(b'{"k":' * 200 + b'"ann@x.example"' + b"}" * 200)
    assert every_text(found) == "ann@x.example"


def test_two_million_digits() -> None:
    assert len(every_text(parts(b'{"n": ' + b"7" * 2_000_000 + b"}"))) == 2_000_000


def test_json_lines_use_line_numbers_as_rows_and_count_broken_ones() -> None:
    found = line_parts(b'{"m":"a@x.example"}\n\n{"m":"b@x.example",}\nnot json c@x.example\n{"m":"d@x.example"}\n')
    mails = columns(found)["m"]
    assert [mails.row(index) for index in range(2)] == [1, 5]
    text = every_text(found)
    assert all(address in text for address in ("b@x.example", "c@x.example"))
    broken = next(part for part in found if isinstance(part, Segment))
    assert broken.first_line == 3
    assert found[-1] == Lost("", Reason.DAMAGED, "2 of 4 lines are not valid JSON; read as plain text")


def test_json_lines_under_a_json_name() -> None:
    found = parts(b'{"m":"a@x.example"}\n{"m":"b@x.example"}\n')
    assert columns(found)["m"].values == ("a@x.example", "b@x.example")
    assert not any(isinstance(part, Lost) for part in found)


def test_json_lines_come_in_blocks() -> None:
    lines = b"".join(b'{"id": %d}\n' % number for number in range(25_000))
    blocks = [part for part in line_parts(lines) if isinstance(part, Column)]
    assert [len(block.values) for block in blocks] == [10_000, 10_000, 5_000]
    assert blocks[2].row(4_999) == 25_000
    assert len({block.number for block in blocks}) == 1


def test_a_very_big_document_is_read_as_text(monkeypatch) -> None:  # type: ignore[no-untyped-def] # pytest's fixture
    monkeypatch.setattr(json_format, "_WHOLE", 100)
    found = parts(b"[" + b",\n".join(b'"u%d@x.example"' % number for number in range(50)) + b"]")
    text = every_text(found)
    assert all(f"u{number}@x.example" in text for number in range(50))


values = st.recursive(
    st.text(st.characters(categories=("L", "N")), min_size=1),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def leaves(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value
    return [leaf for entry in inner for leaf in leaves(entry)]  # type: ignore[attr-defined] # a list by then


@given(values)
def test_no_value_is_lost_or_doubled(value: object) -> None:
    data = json_format.json.dumps(value).encode()
    found = parts(data)
    got = [part.text for part in found if isinstance(part, Segment)]
    got += [text for part in found if isinstance(part, Column) for text in part.values]
    labels = [label for part in found if isinstance(part, Segment | Column) for label in [part.label]]
    for leaf in leaves(value):
        # A heading word may have become a label, the kind of a pair too.
        assert any(leaf in text for text in (*got, *labels))
