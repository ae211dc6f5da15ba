"""What every format keeps to, whatever the bytes: the pipeline relies on it without asking."""

import io
from pathlib import Path

import pytest
from drained import drain
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reopened import not_given_back
from samples import WHO, sample

from scanner import scan
from scanner.formats import FORMATS, load_format
from scanner.model import Lost
from scanner.sniff import media_type

FORMAT_ROWS = pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.media_type)
RUNS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@FORMAT_ROWS
def test_a_valid_sample_is_recognised_and_read_twice_alike(row) -> None:  # type: ignore[no-untyped-def]
    data = sample(row.media_type)
    assert media_type(data[: 64 * 1024], "", io.BytesIO(data)) == row.media_type
    found, raised = drain(load_format(row), data)
    assert not raised
    assert not [part for part in found if isinstance(part, Lost)]
    assert WHO.get(row.media_type, b"Ann") in repr(found).encode()
    assert drain(load_format(row), data) == (found, raised)


@FORMAT_ROWS
def test_every_location_reopens_to_its_text(row, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "sample").write_bytes(sample(row.media_type))
    report = scan(tmp_path / "share", values="clear", home=tmp_path / "home")
    assert report.to_arrow().num_rows or row.media_type == "application/applefile"  # of a few words in all
    assert not not_given_back(tmp_path / "share", report, tmp_path / "home")


@FORMAT_ROWS
def test_cut_off_anywhere(row) -> None:  # type: ignore[no-untyped-def]
    data, target = sample(row.media_type), load_format(row)
    for end in range(0, len(data), max(1, len(data) // 60)):
        assert drain(target, data[:end]) == drain(target, data[:end])


@FORMAT_ROWS
@RUNS
@given(noise=st.binary(max_size=1500), kept=st.floats(0, 1))
def test_any_bytes(row, noise: bytes, kept: float) -> None:  # type: ignore[no-untyped-def]
    data = sample(row.media_type)
    drain(load_format(row), data[: int(len(data) * kept)] + noise)
    drain(load_format(row), noise)


@FORMAT_ROWS
@RUNS
@given(changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_flipped_bytes(row, changes: list[tuple[float, int]]) -> None:  # type: ignore[no-untyped-def]
    data = bytearray(sample(row.media_type))
    for place, value in changes:
        data[int(place * (len(data) - 1))] = value
    drain(load_format(row), bytes(data))
