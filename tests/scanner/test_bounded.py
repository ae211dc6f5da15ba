"""A length that lies costs a row, not the worker: nobody sets aside what a damaged file asks for."""

import io
import struct
from pathlib import Path

import old_office
import pytest
from samples import SAMPLES

from scanner import scan
from scanner.bounded import BoundedReader
from scanner.limits import spool

ARROW = "application/vnd.apache.arrow.file"


def sectors_of_sixteen_gigabytes() -> bytes:
    """An OLE file whose header says that a sector has 2 to the 34th bytes (MS-CFB 2.2: 2 to the 9th or 12th)."""
    data = bytearray(old_office.doc("Ann Lee"))
    data[30:32] = struct.pack("<H", 34)
    return bytes(data)


def metadata_of_two_gigabytes() -> bytes:
    """An Arrow stream whose first message says that it is as long (Arrow columnar format: encapsulated messages)."""
    data = bytearray(SAMPLES[ARROW]())
    at = data.index(b"\xff\xff\xff\xff") + 4
    data[at : at + 4] = struct.pack("<L", 0x7FFFFFF0)
    return bytes(data[:-40])


@pytest.mark.parametrize("build", [sectors_of_sixteen_gigabytes, metadata_of_two_gigabytes])
def test_a_length_that_lies_is_damage(build, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a").write_bytes(build())
    report = scan(tmp_path / "in", home=tmp_path / "home", names="off", executor="processes", jobs=1)
    [row] = [row for row in report.items.to_pylist() if row["parent"] is None]
    assert row["reason"] == "damaged", row


def test_reading_is_as_of_any_file(tmp_path: Path) -> None:
    data = bytes(range(256)) * 20_000
    path = tmp_path / "a"
    path.write_bytes(data)
    with spool() as copy:
        copy.write(data)
        for stream in (BoundedReader(io.FileIO(path)), copy):
            stream.seek(0)
            assert stream.read(10) == data[:10]
            assert stream.read(1 << 40) == data[10:]
            assert stream.read(1 << 40) == b""
            stream.seek(3_000_000)
            assert stream.read(1 << 62) == data[3_000_000:]
            stream.seek(len(data) + 7)
            assert stream.read(1 << 40) == b""
            stream.seek(0)
            assert stream.read() == data
            stream.seek(5)
            assert stream.read(-1) == data[5:]
