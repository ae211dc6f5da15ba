"""The published file of Rampart goes in, the frame of detectors/rampart_whole.py comes out: a graph with holes.

python -m training.rampart_whole
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import GraphProto, ModelProto, NodeProto, helper, numpy_helper

from detectors.rampart import MODEL_FILE, installed_files
from detectors.rampart_whole import FRAME, HOLES, RAMPART, Blocks, in_seven_bits, whole_model

FOLDER = Path(__file__).parents[1] / "detectors"
LARGE = 10_000  # bytes of a tensor from which the frame has a hole for it: the scales of weights are smaller
MIDDLE = "whole_middle"
Addition = tuple[NDArray[np.float32], dict[str, Any]]
_CONSTANTS: dict[str, Any] = {
    "whole_last_axis": np.array([-1], np.int64),
    "whole_greatest": np.float32(127),
    "whole_tiny": np.float32(1e-8),
    "whole_one": np.float32(1),
    MIDDLE: np.uint8(128),
}


def main() -> None:
    """Write the frame and its holes, and check that they give the model."""
    published = installed_files()[MODEL_FILE]
    model = onnx.load_from_string(published)
    framed(RAMPART, model, published, in_whole_numbers(model.graph, published))


def framed(
    name: str, model: ModelProto, published: bytes, filled: dict[str, dict[str, Any]], adapter: bytes = b""
) -> None:
    """Write a frame and its holes: where `filled` says what makes a tensor, and where a large one is as published."""
    made = model.SerializeToString()
    onnx.checker.check_model(model)
    originals = {one.name: one.raw_data for one in onnx.load_from_string(published).graph.initializer}
    large = [one for one in model.graph.initializer if len(one.raw_data) > LARGE]
    holes, pieces, at = list[dict[str, Any]](), list[bytes](), 0
    for place, tensor in sorted((made.index(one.raw_data), one) for one in large):
        if tensor.name not in filled and originals.get(tensor.name) != tensor.raw_data:
            continue
        pieces.append(made[at:place])
        hole: dict[str, Any] = {"at": sum(map(len, pieces))}
        if tensor.name in filled:
            hole |= filled[tensor.name]
        else:
            hole |= {"copied": published.index(tensor.raw_data), "length": len(tensor.raw_data)}
        holes.append(hole)
        at = place + len(tensor.raw_data)
    frame = b"".join([*pieces, made[at:]])
    (FOLDER / FRAME.format(name)).write_bytes(frame)
    sums = {"frame": hashlib.sha256(frame + adapter).hexdigest(), "sha256": hashlib.sha256(made).hexdigest()}
    record = json.dumps({**sums, "holes": holes}, separators=(",", ":"))
    (FOLDER / HOLES.format(name)).write_text(record + "\n", encoding="utf-8")
    if whole_model(published, name) != made:
        raise SystemExit("the frame does not give the model")


def in_whole_numbers(
    graph: GraphProto, published: bytes, added: Callable[[NodeProto, Blocks], Addition] | None = None
) -> dict[str, dict[str, Any]]:
    """Put whole numbers in the place of each product; tells of each tensor of weights of what it is made.

    `added` gives what is added to the weights of a product, and where that stands in the adapter.
    """
    tensors = {one.name: one for one in graph.initializer}
    nodes, known, scaled = list[NodeProto](), dict[str, dict[str, Any]](), set[str]()
    for node in graph.node:
        if node.op_type != "MatMulNBits":
            nodes.append(node)
            continue
        size = {one.name: one.i for one in node.attribute}
        row, numbers, scales = node.input
        blocks = Blocks(size["K"], size["N"], *(published.index(tensors[one].raw_data) for one in (numbers, scales)))
        known[f"{numbers}_weights"] = {"blocks": asdict(blocks)}
        more = None
        if added:
            more, place = added(node, blocks)
            known[f"{numbers}_weights"]["added"] = place
        weights, scale = in_seven_bits(published, blocks, more)
        for part, array in (("weights", weights), ("scales", scale)):
            graph.initializer.append(numpy_helper.from_array(array, f"{numbers}_{part}"))
        if row not in scaled:
            nodes += _scaled(row)
            scaled.add(row)
        product = f"{node.output[0]}_unscaled"
        inputs = [f"{row}_whole", f"{numbers}_weights", "whole_one", f"{numbers}_scales", MIDDLE]
        nodes.append(
            helper.make_node("MatMulIntegerToFloat", inputs, [product], domain="com.microsoft", name=node.name)
        )
        nodes.append(helper.make_node("Mul", [product, f"{row}_scale"], list(node.output)))
    graph.initializer.extend(numpy_helper.from_array(np.asarray(one), name) for name, one in _CONSTANTS.items())
    used = {name for node in nodes for name in node.input}
    kept = [one for one in graph.initializer if one.name in used]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(kept)
    return known


def _scaled(row: str) -> list[NodeProto]:
    """What makes whole numbers of a tensor, each row by its own scale."""
    return [
        helper.make_node("Abs", [row], [f"{row}_size"]),
        helper.make_node("ReduceMax", [f"{row}_size", "whole_last_axis"], [f"{row}_most"], keepdims=1),
        helper.make_node("Max", [f"{row}_most", "whole_tiny"], [f"{row}_held"]),
        helper.make_node("Div", [f"{row}_held", "whole_greatest"], [f"{row}_scale"]),
        helper.make_node("Div", [row, f"{row}_scale"], [f"{row}_even"]),
        helper.make_node("QuantizeLinear", [f"{row}_even", "whole_one", MIDDLE], [f"{row}_whole"]),
    ]


if __name__ == "__main__":
    main()
