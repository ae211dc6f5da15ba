"""The published file of Rampart goes in, the same model comes out, but that it multiplies whole numbers of eight bits.

It reads twice as fast, and what it finds differs only where the published one is undecided. Each row of a product is
scaled by its own greatest number, so that a text is read alike whatever stands beside it, and sums of whole numbers are
alike on every processor. Weights have seven bits: two products of eight by seven bits fit the sixteen bits in which
processors without VNNI add them up.

training/rampart_whole.py makes the frame: the model as a file with holes where its large tensors stand.
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

FRAME, HOLES = "weights/rampart.frame", "weights/rampart.json"
BLOCK = 32  # numbers of four bits that share a scale
NOTHING = 8  # what stands for zero in four bits
GREATEST = 63  # of a weight in seven bits


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
class Frame:
    """The model with holes, what belongs in each, and the SHA-256 of the model without holes."""

    content: bytes
    holes: Sequence[dict[str, Any]]
    result: str


def whole_model(published: bytes) -> bytes:
    """The model to run, made of the bytes of `onnx/model_q4.onnx`: some 0.2 s.

    Raises:
        FrameError: the frame is missing, or the result is not the one that was recorded.
    """
    frame = read_frame()
    try:
        made = _filled(frame.content, frame.holes, published)
    except (LookupError, TypeError, ValueError) as error:
        raise FrameError(f"{HOLES} of whosedata cannot be used ({error}); install whosedata again") from error
    if hashlib.sha256(made).hexdigest() != frame.result:
        raise FrameError(f"{FRAME} of whosedata does not give the model that was measured; install whosedata again")
    return made


def read_frame() -> Frame:
    """The frame as it is installed.

    Raises:
        FrameError: it is missing or is not the one that was recorded.
    """
    try:
        content = (files("detectors") / FRAME).read_bytes()
        record = json.loads((files("detectors") / HOLES).read_text(encoding="utf-8"))
        frame, recorded = Frame(content, record["holes"], record["sha256"]), record["frame"]
    except (OSError, LookupError, TypeError, ValueError) as error:
        raise FrameError(f"{FRAME} of whosedata is incomplete ({error}); install whosedata again") from error
    if hashlib.sha256(content).hexdigest() != recorded:
        raise FrameError(f"{FRAME} of whosedata is not the file that {HOLES} records; install whosedata again")
    return frame


def _filled(frame: bytes, holes: Sequence[dict[str, Any]], published: bytes) -> bytes:
    """The frame with what belongs in its holes."""
    made, at = BytesIO(), 0
    for hole in holes:
        made.write(frame[at : hole["at"]])
        at = hole["at"]
        if "copied" in hole:
            made.write(published[hole["copied"] : hole["copied"] + hole["length"]])
        else:
            made.write(in_seven_bits(published, Blocks(**hole["blocks"]))[0].tobytes())
    made.write(frame[at:])
    return made.getvalue()


def in_seven_bits(published: bytes, blocks: Blocks) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """The weights (rows, columns) from -63 to 63, and the scale of each column."""
    many = blocks.rows // BLOCK
    packed = np.frombuffer(published, np.uint8, blocks.columns * blocks.rows // 2, blocks.numbers)
    scales = np.frombuffer(published, "<f4", blocks.columns * many, blocks.scales)
    numbers = np.stack([packed & 15, packed >> 4], axis=-1).reshape(blocks.columns, many, BLOCK)  # the lower half first
    exact = (numbers.astype(np.float32) - NOTHING) * scales.reshape(blocks.columns, many, 1)
    exact = exact.reshape(blocks.columns, blocks.rows)
    scale = np.maximum(np.abs(exact).max(axis=1), np.float32(1e-12)) / np.float32(GREATEST)
    return np.ascontiguousarray(np.rint(exact / scale[:, None]).astype(np.int8).T), scale
