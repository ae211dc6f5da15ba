"""Parquet, Arrow, Feather and Avro: leaves by their paths, odd types, damage, and what would fill the memory."""

import bz2
import contextlib
import datetime as dt
import io
import warnings
import zlib
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.feather
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest
from avro_files import MARK, avro, long, text

from scanner.formats import formats, load_format
from scanner.formats.tables.parquet_footer import read_chunks
from scanner.limits import Budget, Limits
from scanner.model import Child, Column, Lost, Part, Reason, Segment, Skip
from scanner.sniff import media_type

PEOPLE = [
    {
        "name": "Ann Lee", "born": dt.date(1990, 2, 3), "tel": 447700900123.0, "pay": Decimal("12.50"),
        "home": {"town": "Leeds", "codes": [7, 8]}, "mails": ["ann@x.example", "a.lee@x.example"],
        "kin": [{"who": "Bob"}, {"who": "Eve"}], "notes": [("pet", "cat")], "raw": b"Ann", "at": None,
    },
    {
        "name": None, "born": None, "tel": float("nan"), "pay": None, "home": None, "mails": [], "kin": None,
        "notes": None, "raw": None, "at": dt.datetime(2024, 5, 6, 7, 8, 9),
    },
    {
        "name": "Bob Ray", "born": dt.date(1980, 1, 1), "tel": 1.5, "pay": Decimal("3.00"),
        "home": {"town": None, "codes": None}, "mails": ["bob@x.example"], "kin": [], "notes": [],
        "raw": b"%PDF-1.4 " + b"x" * 300, "at": dt.datetime(2024, 5, 6),
    },
]  # fmt: skip
SCHEMA = pa.schema(
    {
        "name": pa.string(), "born": pa.date32(), "tel": pa.float64(), "pay": pa.decimal128(9, 2),
        "home": pa.struct({"town": pa.string(), "codes": pa.list_(pa.int32())}), "mails": pa.list_(pa.string()),
        "kin": pa.list_(pa.struct({"who": pa.string()})), "notes": pa.map_(pa.string(), pa.string()),
        "raw": pa.binary(), "at": pa.timestamp("us"),
    }
)  # fmt: skip
CELLS = {
    1: {"name": "Ann Lee", "born": "1990-02-03", "tel": "447700900123", "pay": "12.50", "home.town": "Leeds",
        "home.codes": "7|8", "mails": "ann@x.example|a.lee@x.example", "kin.who": "Bob|Eve", "notes": "pet: cat",
        "raw": "Ann"},
    2: {"at": "2024-05-06 07:08:09"},
    3: {"name": "Bob Ray", "born": "1980-01-01", "tel": "1.5", "pay": "3.00", "mails": "bob@x.example",
        "at": "2024-05-06"},
}  # fmt: skip


def parts(data: bytes, limits: Limits | None = None) -> list[Part]:
    kind = media_type(data[: 64 * 1024], "", io.BytesIO(data))
    found = []
    budget = Budget(limits or Limits(), len(data))
    for part in load_format(formats()[kind])(io.BytesIO(data), budget):
        if isinstance(part, Column):
            budget.charge_text(sum(map(len, part.values)))  # as the pipeline does
            budget.charge_cells(len(part.values))
        elif isinstance(part, Segment):
            budget.charge_text(len(part.text))
        found.append(part)
    return found


def cells(found: list[Part]) -> dict[int, dict[str, str]]:
    rows: dict[int, dict[str, str]] = {}
    for part in found:
        if isinstance(part, Column):
            for index, value in enumerate(part.values):
                if value:
                    row = rows.setdefault(part.row(index), {})
                    row[part.label] = f"{row[part.label]}|{value}" if part.label in row else value
    return rows


def lost(found: list[Part]) -> list[Reason]:
    return [part.reason for part in found if isinstance(part, Lost)]


def test_long_lists_share_their_last_cell() -> None:
    mails = [[f"a{number}@x.example" for number in range(20)], ["b@x.example"], None]
    schema = {"type": "record", "name": "R", "fields": [{"name": "m", "type": {"type": "array", "items": "string"}}]}
    for data in (parquet(pa.table({"m": mails})), avro(schema, [[{"m": own or []} for own in mails]])):
        found = [part for part in parts(data) if isinstance(part, Column)]
        assert [part.number for part in found] == list(range(1, 17))
        assert found[0].values == ("a0@x.example", "b@x.example", "")
        assert found[15].values == ("\n".join(mails[0][15:]), "", "")  # type: ignore[index]


def parquet(table: pa.Table, **options: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


def arrow(table: pa.Table, stream: bool = False) -> bytes:
    out = io.BytesIO()
    make = pa.ipc.new_stream if stream else pa.ipc.new_file
    with make(out, table.schema) as writer:
        writer.write_table(table, max_chunksize=2)
    return out.getvalue()


def feather(table: pa.Table, version: int) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(action="ignore"):  # of the first version: nobody should write it any more
        pa.feather.write_feather(table, out, version=version)
    return out.getvalue()


TABLE = pa.Table.from_pylist(PEOPLE, schema=SCHEMA)
PLAIN = TABLE.select(["name", "born", "tel"])


@pytest.mark.parametrize(
    "data",
    [parquet(TABLE), parquet(TABLE, row_group_size=1, compression="zstd"), arrow(TABLE), arrow(TABLE, stream=True)],
    ids=["parquet", "row groups", "arrow", "arrow stream"],
)
def test_every_leaf_has_its_path_and_every_row_its_number(data: bytes) -> None:
    found = parts(data)
    assert cells(found) == CELLS
    assert [part.name for part in found if isinstance(part, Child)] == ["raw/3"]
    assert lost(found) == []


@pytest.mark.parametrize("version", [1, 2])
def test_feather(version: int) -> None:
    data = feather(pa.table({"name": ["Ann Lee", "Bob"], "n": [7, 8]}), version)
    assert cells(parts(data)) == {1: {"name": "Ann Lee", "n": "7"}, 2: {"name": "Bob", "n": "8"}}


def test_dictionaries_texts_that_are_no_utf8_and_times_without_a_name() -> None:
    broken = pa.array([b"J\xf6rg", b"Ann"]).view(pa.string())
    late = pa.array([2**62, 0], pa.int64()).cast(pa.timestamp("s"), safe=False)
    found = parts(arrow(pa.table({"a": broken, "b": pa.array(["x", "x"]).dictionary_encode(), "c": late})))
    assert [cells(found)[row]["a"] for row in (1, 2)] == ["Jörg", "Ann"]
    assert cells(found)[2]["b"] == "x"
    assert cells(found)[1]["c"]


def test_a_damaged_row_group_costs_itself() -> None:
    names = [f"person{number}@x.example" for number in range(3000)]
    data = bytearray(parquet(pa.table({"mail": names}), row_group_size=1000, compression="none", use_dictionary=False))
    place = data.find(b"person1500@")
    data[place - 4 : place] = b"\xff\xff\xff\x7f"  # the length of a value
    found = parts(bytes(data))
    assert set(cells(found)) >= {*range(1, 1001), *range(2001, 3001)}
    assert cells(found)[3000] == {"mail": "person2999@x.example"}
    assert lost(found) == [Reason.DAMAGED]


def test_rows_without_end_meet_the_limit() -> None:
    data = parquet(pa.table({"a": pa.nulls(30_000_000, pa.string())}), compression="zstd")
    with pytest.raises(Skip) as skip:
        parts(data, Limits(max_cells=1_000_000))
    assert skip.value.reason is Reason.LIMIT
    same = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), pa.array(["x" * 100_000]))
    with pytest.raises(Skip) as skip:
        parts(parquet(pa.table({"a": same}), compression="zstd"))
    assert skip.value.reason is Reason.LIMIT


def test_lists_within_lists_at_the_end_of_a_parquet_file_have_an_end() -> None:
    """A thousand bytes of Thrift that open a list each: one field, then lists of one list."""
    told = b"\x19" + b"\x19" * 5000
    assert read_chunks(io.BytesIO(b"PAR1" + told + len(told).to_bytes(4, "little") + b"PAR1")) == []


def test_a_parquet_file_whose_end_is_damaged_ends_no_process() -> None:
    data = parquet(TABLE.select(["name", "mails"]))
    for place in range(data.rfind(b"schema") - 40, len(data) - 8):
        for value in (0, data[place] ^ 1, 255):
            with contextlib.suppress(Skip):
                parts(data[:place] + bytes([value]) + data[place + 1 :])


def test_a_list_without_end_in_one_row_is_not_held() -> None:
    nothing = pa.array([[None] * 20_000_000], pa.list_(pa.int8()))
    found = parts(parquet(pa.table({"a": nothing}), compression="zstd"))
    assert lost(found) == [Reason.LIMIT]


def test_an_arrow_file_that_points_outside_of_itself_is_damaged() -> None:
    data = arrow(pa.table({"name": ["Ann Lee", "Bob Ray"]}))
    place = data.find(b"Ann LeeBob Ray")
    start = data.rfind((7).to_bytes(4, "little"), 0, place)  # where the first value ends
    for end in (-9, 2**31 - 1):
        broken = data[:start] + end.to_bytes(4, "little", signed=True) + data[start + 4 :]
        with pytest.raises(Skip) as skip:
            parts(broken)
        assert skip.value.reason is Reason.DAMAGED


AVRO = {
    "type": "record", "name": "Person", "namespace": "x",
    "fields": [
        {"name": "name", "type": ["null", "string"]},
        {"name": "born", "type": {"type": "int", "logicalType": "date"}},
        {"name": "home", "type": {"type": "record", "name": "Home", "fields": [{"name": "town", "type": "string"}]}},
        {"name": "mails", "type": {"type": "array", "items": "string"}},
        {"name": "notes", "type": {"type": "map", "values": ["null", "string"]}},
        {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["staff", "guest"]}},
        {"name": "pay", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
        {"name": "boss", "type": ["null", "Person"]},
    ],
}  # fmt: skip


def person(name: str | None, boss: object = None) -> dict[str, object]:
    return {
        "name": name, "born": 7338, "home": {"town": "Leeds"}, "mails": ["a@x.example", "b@x.example"],
        "notes": {"pet": "cat"}, "kind": "guest", "pay": b"\x04\xe2", "boss": boss,
    }  # fmt: skip


def raw_deflate(data: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-15)
    return engine.compress(data) + engine.flush()


def snappy(data: bytes) -> bytes:
    return bytes(pa.Codec("snappy").compress(data, asbytes=True)) + zlib.crc32(data).to_bytes(4, "big")


@pytest.mark.parametrize(
    ("codec", "pack"), [("null", bytes), ("deflate", raw_deflate), ("bzip2", bz2.compress), ("snappy", snappy)]
)
def test_avro(codec: str, pack: Any) -> None:
    found = parts(avro(AVRO, [[person("Ann Lee", person("Bob"))], [person(None)]], codec, pack))
    told = {"born": "1990-02-03", "home.town": "Leeds", "mails": "a@x.example|b@x.example", "notes": "pet: cat",
            "kind": "guest", "pay": "12.50"}  # fmt: skip
    boss = {f"boss.{label}": value for label, value in told.items()}
    assert cells(found) == {1: {"name": "Ann Lee", "boss.name": "Bob", **told, **boss}, 2: told}
    assert lost(found) == []


def test_a_damaged_block_of_avro_costs_itself() -> None:
    data = avro(AVRO, [[person("Ann")], [person("Bob")], [person("Eve")]])
    broken = data.replace(b"\x02\x06Bob", b"\x77\x06Bob")
    assert [row["name"] for row in cells(parts(broken)).values()] == ["Ann", "Eve"]
    assert lost(parts(broken)) == [Reason.DAMAGED]
    size = data.replace(MARK + long(1), MARK + long(-5), 2).replace(MARK + long(-5), MARK + long(1), 1)
    assert [row["name"] for row in cells(parts(size)).values()] == ["Ann", "Eve"]
    assert lost(parts(size)) == [Reason.DAMAGED]


def test_lists_without_end_in_avro() -> None:
    schema = {"type": "record", "name": "R", "fields": [{"name": "a", "type": {"type": "array", "items": "null"}}]}
    data = avro(schema, [])
    found = parts(data + long(1) + text(long(1 << 40) + long(0)) + MARK)
    assert lost(found) == [Reason.DAMAGED]
