"""The published file of Rampart goes in, the same model comes out, but that it multiplies whole numbers of eight bits.

It reads twice as fast, and what it finds differs only where the published one is undecided. Each row of a product is
scaled by its own greatest number, so that a text is read alike whatever stands beside it, and sums of whole numbers are
alike on every processor. Weights have seven bits: two products of eight by seven bits fit the sixteen bits in which
processors without VNNI add them up.

training/rampart_whole.py makes the frame: the model as a file with holes where its large tensors stand. That of the
second reader is made by training/second_reader; to the weights in its holes an adapter is added, for each the product
of two narrow matrices of whole numbers. A product of such numbers is exact in any order, so it is the same everywhere.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

RAMPART = "rampart"
FRAME, HOLES, ADAPTER = "weights/{}.frame", "weights/{}.json", "weights/{}.adapter"
BLOCK = 32  # numbers of four bits that share a scale
NOTHING = 8  # what stands for zero in four bits
GREATEST = 63  # of a weight in seven bits
_AGAIN = "install whosedata again"


class FrameError(ValueError):
    """The frame is missing, or what comes out is not the model that was measured."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """Where the weights of one product stand in the published file: `columns` sums over `rows` numbers of four bits."""

    rows: int
    columns: int
    numbers: int
    scales: int


@dataclass(frozen=True, slots=True)
class Added:
    """Where what is added to a product's weights stands in the adapter: `down` (rows, rank), `up` (rank, columns)."""

    rank: int
    down: int
    up: int
    scale: float


@dataclass(frozen=True, slots=True)
class Frame:
    """The model with holes, what belongs in each, what is added there, and the SHA-256 of the model without holes."""

    content: bytes
    holes: Sequence[dict[str, Any]]
    adapter: bytes
    result: str


def whole_model(published: bytes, name: str = RAMPART) -> bytes:
    """The model to run, made of the bytes of `onnx/model_q4.onnx`: some 0.2 s.

    Raises:
        FrameError: the frame is missing, or the result is not the one that was recorded.
    """
    frame = read_frame(name)
    try:
        made = _filled(frame, published)
    except (LookupError, TypeError, ValueError) as error:
        raise FrameError(f"{HOLES.format(name)} of whosedata cannot be used ({error}); {_AGAIN}") from error
    if hashlib.sha256(made).hexdigest() != frame.result:
        raise FrameError(f"{FRAME.format(name)} of whosedata does not give the model that was measured; {_AGAIN}")
    return made


def read_frame(name: str = RAMPART) -> Frame:
    """The frame as it is installed.

    Raises:
        FrameError: it is missing or is not the one that was recorded.
    """
    shown = FRAME.format(name)
    try:
        content = (files("detectors") / shown).read_bytes()
        record = json.loads((files("detectors") / HOLES.format(name)).read_text(encoding="utf-8"))
        has_adapter = any("added" in hole for hole in record["holes"])
        adapter = (files("detectors") / ADAPTER.format(name)).read_bytes() if has_adapter else b""
        frame, recorded = Frame(content, record["holes"], adapter, record["sha256"]), record["frame"]
    except (OSError, LookupError, TypeError, ValueError) as error:
        raise FrameError(f"{shown} of whosedata is incomplete ({error}); {_AGAIN}") from error
    if hashlib.sha256(content + adapter).hexdigest() != recorded:
        raise FrameError(f"{shown} of whosedata is not the file that {HOLES.format(name)} records; {_AGAIN}")
    return frame


def _filled(frame: Frame, published: bytes) -> bytes:
    """The frame with what belongs in its holes."""
    made, at = BytesIO(), 0
    for hole in frame.holes:
        made.write(frame.content[at : hole["at"]])
        at = hole["at"]
        if "copied" in hole:
            made.write(published[hole["copied"] : hole["copied"] + hole["length"]])
        else:
            blocks = Blocks(**hole["blocks"])
            added = added_weights(frame.adapter, blocks, Added(**hole["added"])) if "added" in hole else None
            made.write(in_seven_bits(published, blocks, added)[0].tobytes())
    made.write(frame.content[at:])
    return made.getvalue()


def added_weights(adapter: bytes, blocks: Blocks, added: Added) -> NDArray[np.float32]:
    """What the adapter adds to the weights of a product (rows, columns)."""
    down, up = (
        np.frombuffer(adapter, np.int8, size, at).astype(np.float32)
        for size, at in ((blocks.rows * added.rank, added.down), (added.rank * blocks.columns, added.up))
    )
    exact: NDArray[np.float32] = down.reshape(blocks.rows, added.rank) @ up.reshape(added.rank, blocks.columns)
    scaled: NDArray[np.float32] = exact * np.float32(added.scale)
    return scaled


def in_seven_bits(
    published: bytes, blocks: Blocks, added: NDArray[np.float32] | None = None
) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """The weights (rows, columns) from -63 to 63, and the scale of each column; `added` to them: (rows, columns)."""
    exact = exact_weights(published, blocks)
    if added is not None:
        exact = exact + added.T
    scale = np.maximum(np.abs(exact).max(axis=1), np.float32(1e-12)) / np.float32(GREATEST)
    return np.ascontiguousarray(np.rint(exact / scale[:, None]).astype(np.int8).T), scale


def exact_weights(published: bytes, blocks: Blocks) -> NDArray[np.float32]:
    """The published weights (columns, rows)."""
    many = blocks.rows // BLOCK
    packed = np.frombuffer(published, np.uint8, blocks.columns * blocks.rows // 2, blocks.numbers)
    scales = np.frombuffer(published, "<f4", blocks.columns * many, blocks.scales)
    numbers = np.stack([packed & 15, packed >> 4], axis=-1).reshape(blocks.columns, many, BLOCK)  # the lower half first
    exact = (numbers.astype(np.float32) - NOTHING) * scales.reshape(blocks.columns, many, 1)
    whole: NDArray[np.float32] = exact.reshape(blocks.columns, blocks.rows)
    return whole
