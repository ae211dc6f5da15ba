"""The published file of Rampart goes in, the frame of detectors/rampart_whole.py comes out: a graph with holes.

python -m training.rampart_whole
"""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import GraphProto, NodeProto, helper, numpy_helper

from detectors.rampart import MODEL_FILE, installed_files
from detectors.rampart_whole import Blocks, in_seven_bits, whole_model

FOLDER = Path(__file__).parents[1] / "detectors"
LARGE = 10_000  # bytes of a tensor from which the frame has a hole for it: the scales of weights are smaller
MIDDLE = "whole_middle"
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
    tensors = {one.name: one for one in model.graph.initializer}
    sources = {name: published.index(one.raw_data) for name, one in tensors.items() if len(one.raw_data) > LARGE}
    blocks = _in_whole_numbers(model.graph, tensors, published)
    made = model.SerializeToString()
    onnx.checker.check_model(model)
    holes, pieces, at = list[dict[str, Any]](), list[bytes](), 0
    places = sorted((made.index(one.raw_data), one) for one in model.graph.initializer if len(one.raw_data) > LARGE)
    for place, tensor in places:
        pieces.append(made[at:place])
        hole: dict[str, Any] = {"at": sum(map(len, pieces))}
        if tensor.name in blocks:
            hole["blocks"] = asdict(blocks[tensor.name])
        else:
            hole |= {"copied": sources[tensor.name], "length": len(tensor.raw_data)}
        holes.append(hole)
        at = place + len(tensor.raw_data)
    frame = b"".join([*pieces, made[at:]])
    (FOLDER / "weights/rampart.frame").write_bytes(frame)
    record = {"frame": hashlib.sha256(frame).hexdigest(), "sha256": hashlib.sha256(made).hexdigest(), "holes": holes}
    (FOLDER / "weights/rampart.json").write_text(json.dumps(record, separators=(",", ":")) + "\n", encoding="utf-8")
    if whole_model(published) != made:
        raise SystemExit("the frame does not give the model")


def _in_whole_numbers(graph: GraphProto, tensors: dict[str, Any], published: bytes) -> dict[str, Blocks]:
    """Put whole numbers in the place of each product; tells of each tensor of weights of which blocks it is made."""
    nodes, known, scaled = list[NodeProto](), dict[str, Blocks](), set[str]()
    for node in graph.node:
        if node.op_type != "MatMulNBits":
            nodes.append(node)
            continue
        size = {one.name: one.i for one in node.attribute}
        row, numbers, scales = node.input
        blocks = Blocks(size["K"], size["N"], *(published.index(tensors[one].raw_data) for one in (numbers, scales)))
        weights, scale = in_seven_bits(published, blocks)
        for part, array in (("weights", weights), ("scales", scale)):
            graph.initializer.append(numpy_helper.from_array(array, f"{numbers}_{part}"))
        known[f"{numbers}_weights"] = blocks
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
