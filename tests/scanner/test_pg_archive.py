"""Archives of pg_dump: the tables of each form with their names, and what is damaged told."""

import io

import pg_archives
import pytest

from scanner.formats.dumps.pg_archive import extract, extract_tar
from scanner.limits import Budget, Limits
from scanner.model import Child, Column, Lost, Part, Reason, Segment, Skip
from scanner.sniff import media_type


def parts(data: bytes, limits: Limits | None = None) -> list[Part]:
    kind = media_type(data[: 64 * 1024], "", io.BytesIO(data))
    read = {"application/x-postgresql-dump": extract, "application/x-postgresql-tar": extract_tar}[kind]
    return list(read(io.BytesIO(data), Budget(limits or Limits(), len(data))))


def staff(found: list[Part]) -> dict[tuple[int, str], str]:
    return {
        (part.row(index), part.label): value
        for part in found
        if isinstance(part, Column) and str(part.table) == "table=staff"
        for index, value in enumerate(part.values)
        if value
    }


ROWS = {
    (7, "id"): "7", (7, "name"): "Ann Lee", (7, "mail"): "ann@x.example", (7, "photo"): "Ann",
    (9, "id"): "9", (9, "name"): "Bob\tRay",
}  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        pg_archives.custom(),
        pg_archives.custom(0),
        pg_archives.tarred(),
        pg_archives.newer(2),
        pg_archives.newer(3),
    ],
    ids=["gzip", "not packed", "tar", "lz4", "zstd"],
)
def test_rows_have_their_names_and_keys(data: bytes) -> None:
    found = parts(data)
    assert staff(found) == ROWS
    assert [part for part in found if isinstance(part, Lost)] == []
    assert "CREATE TABLE public.staff" in next(part.text for part in found if isinstance(part, Segment))


def test_large_objects_are_read() -> None:
    (text,) = (part for part in parts(pg_archives.custom()) if isinstance(part, Segment) and "Dear" in part.text)
    assert (str(text.where), text.text) == ("object=77", "Dear Ann Lee")
    assert [part.name for part in parts(pg_archives.tarred()) if isinstance(part, Child)] == [
        "blob_77.dat",
        "restore.sql",
    ]


def test_a_damaged_block_costs_the_rows_behind_the_damage() -> None:
    rows = b"".join(b"%d\tAnn\tann%d@x.example\t\\N\n" % (number, number) for number in range(1, 60_000))
    whole = pg_archives.custom(rows=rows)
    data = bytearray(whole)
    data[len(data) // 2] ^= 255
    found = parts(bytes(data))
    assert 0 < len(staff(found)) < 3 * 60_000
    assert Reason.DAMAGED in [part.reason for part in found if isinstance(part, Lost)]
    assert any(isinstance(part, Segment) and "Dear Ann" in part.text for part in found)
    cut = parts(whole[: len(whole) // 2])
    assert 0 < len(staff(cut)) < 3 * 60_000
    assert Reason.DAMAGED in [part.reason for part in cut if isinstance(part, Lost)]


def test_a_bomb_meets_the_limit() -> None:
    data = pg_archives.custom(rows=b"1\tx\n" * 4_000_000)
    with pytest.raises(Skip) as skip:
        parts(data, Limits(max_extracted=4_000_000))
    assert skip.value.reason is Reason.LIMIT


def test_a_way_of_packing_of_the_future_is_said() -> None:
    with pytest.raises(Skip) as skip:
        parts(pg_archives.newer(7))
    assert (skip.value.reason, skip.value.detail) == (Reason.UNSUPPORTED, "data compressed in the way number 7")


def test_a_version_of_the_future_is_not_guessed() -> None:
    data = bytearray(pg_archives.custom())
    data[6] = 99
    with pytest.raises(Skip) as skip:
        parts(bytes(data))
    assert skip.value.reason is Reason.UNSUPPORTED
