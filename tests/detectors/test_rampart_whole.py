"""Rampart in whole numbers: the model that was measured or none, weights within half a step, the published names."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from detectors import rampart, rampart_whole, second_reader
from detectors.onnx_session import one_thread_session
from detectors.rampart_whole import (
    BLOCK,
    FRAME,
    GREATEST,
    HOLES,
    RAMPART,
    Added,
    Blocks,
    FrameError,
    added_weights,
    in_seven_bits,
    whole_model,
)

LINES = [
    "Please ask Margaret Thorpe about it before Monday.", "Dear Mr Okonkwo, thank you for the cheque.",
    "Minutes: Priya Nair (Chair), Tomasz Wójcik, S. Gallagher", "The Thorpe Trust met in Leeds.",
    "Value: Søren Nörgaard", "Surname: Ogunbiyi", "Tell Wing that the hall is free in June.",
    "From: Chen Wei <chen.wei@example.org>", "Mark my words, Frank advice is welcome.", "Kind regards\nSiobhan",
    "Ms El-Khatib and Rhys ap Gwilym signed for the keys at 14 Mill Lane, York.", "Stock: 12 boxes of paper",
]  # fmt: skip


@pytest.fixture(scope="module")
def published() -> bytes:
    return rampart.installed_files()[rampart.MODEL_FILE]


@pytest.fixture
def fresh() -> Iterator[None]:
    for reader in (rampart, second_reader):
        reader.load_model.cache_clear()
    yield
    for reader in (rampart, second_reader):
        reader.load_model.cache_clear()


def test_weights_are_within_half_a_step_of_the_published_ones() -> None:
    rng, rows, columns = np.random.default_rng(3), 2 * BLOCK, 5
    packed = rng.integers(0, 256, columns * rows // 2, dtype=np.uint8)
    scales = rng.uniform(0.01, 0.2, columns * 2).astype(np.float32)
    content = b"head" + packed.tobytes() + scales.tobytes()
    weights, scale = in_seven_bits(content, Blocks(rows, columns, 4, 4 + packed.size))
    for column in range(columns):
        for row in range(rows):
            byte = int(packed[(column * rows + row) // 2])
            number = (byte >> 4 if row % 2 else byte & 15) - 8
            exact = number * scales[column * 2 + row // BLOCK]
            assert abs(weights[row, column] * scale[column] - exact) <= scale[column] * 0.501
    assert (np.abs(weights).max(axis=0) == GREATEST).all()


def test_what_the_adapter_adds_is_exact_and_kept_within_half_a_step() -> None:
    rng, rows, columns, rank = np.random.default_rng(4), 2 * BLOCK, 5, 3
    packed = rng.integers(0, 256, columns * rows // 2, dtype=np.uint8)
    content = packed.tobytes() + rng.uniform(0.01, 0.2, columns * 2).astype(np.float32).tobytes()
    down, up = rng.integers(-127, 128, (rows, rank)), rng.integers(-127, 128, (rank, columns))
    adapter = b"head" + down.astype(np.int8).tobytes() + up.astype(np.int8).tobytes()
    blocks = Blocks(rows, columns, 0, packed.size)
    added = added_weights(adapter, blocks, Added(rank, 4, 4 + rows * rank, 0.25))
    assert (added == (down @ up) * 0.25).all()
    plain, plain_scale = in_seven_bits(content, blocks)
    weights, scale = in_seven_bits(content, blocks, added)
    both = plain * plain_scale + added
    assert (np.abs(weights * scale - both) <= scale * 0.501 + plain_scale * 0.501).all()


@pytest.mark.parametrize("name", [RAMPART, second_reader.NAME])
def test_the_model_is_the_one_that_was_recorded(name: str, published: bytes) -> None:
    recorded = json.loads((files("detectors") / HOLES.format(name)).read_text(encoding="utf-8"))["sha256"]
    assert hashlib.sha256(whole_model(published, name)).hexdigest() == recorded


CHANGES = ["another published file", "another frame", "no frame", "no record", "another record"]
OF_ADAPTER = ["another adapter", "no adapter"]


@pytest.mark.parametrize(
    ("name", "change"),
    [*((RAMPART, one) for one in CHANGES), *((second_reader.NAME, one) for one in [*CHANGES, *OF_ADAPTER])],
)
def test_another_model_is_refused(
    name: str, change: str, published: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh: None
) -> None:
    (tmp_path / "weights").mkdir()
    frame, record, adapter = (tmp_path / one.format(name) for one in (FRAME, HOLES, rampart_whole.ADAPTER))
    for path in (frame, record, adapter):
        original = files("detectors") / "weights" / path.name
        if original.is_file():
            path.write_bytes(original.read_bytes())
    changed = adapter if change in OF_ADAPTER else frame
    if change in {"no frame", "no adapter"}:
        changed.unlink()
    elif change in {"another frame", "another adapter"}:
        changed.write_bytes(changed.read_bytes()[:-1] + b"\x63")
    elif change.endswith("record"):
        record.write_text("[]" if change == "no record" else '{"holes": []}', encoding="utf-8")
    monkeypatch.setattr(rampart_whole, "files", lambda _: tmp_path)
    with pytest.raises(FrameError, match="install whosedata again"):
        whole_model(_with_one_bit_changed(published) if change == "another published file" else published, name)
    if change != "another published file":
        reader = rampart if name == RAMPART else second_reader
        for use in (reader.load_model, reader.check):
            with pytest.raises(rampart.ModelError, match="install whosedata again"):
                use()


def _with_one_bit_changed(published: bytes) -> bytes:
    middle = len(published) // 2  # in the vectors of words, which are copied
    return published[:middle] + bytes([published[middle] ^ 1]) + published[middle + 1 :]


def test_the_published_model_finds_the_same_names(published: bytes) -> None:
    model = rampart.load_model()
    exact = replace(model, session=one_thread_session(published))
    ours, theirs = (rampart.tag(LINES, 0.01, one) for one in (model, exact))
    for line, own, other in zip(LINES, ours, theirs, strict=True):
        sure, known = ({one[1:3] for one in tags if one.score >= 0.5} for tags in (own, other))
        assert sure == known, line
        scores = {one.start: one.score for one in other}
        assert all(abs(scores.get(one.start, 0.0) - one.score) < 0.15 for one in own), line


def test_what_stands_beside_a_text_changes_nothing_of_it() -> None:
    alone = [rampart.tag([line], 0.01)[0] for line in LINES]
    together = rampart.tag([*LINES, "Nothing here. " * 90, "x", "Dear Piotr Kowalski, " * 40], 0.01)[: len(LINES)]
    for one, other in zip(alone, together, strict=True):
        assert [tag[1:3] for tag in one] == [tag[1:3] for tag in other]
        assert all(abs(a.score - b.score) <= 0.002 for a, b in zip(one, other, strict=True))
