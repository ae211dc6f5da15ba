"""A checkpoint of the adapter goes in, detectors/weights/second_reader.* come out: a frame with holes, and the adapter.

python -m training.second_reader.export second-reader-checkpoint.pickle
"""

import argparse
from dataclasses import asdict
from pathlib import Path

import numpy as np
import onnx
from onnx import GraphProto, ModelProto, NodeProto, numpy_helper

from detectors.rampart import MODEL_FILE, installed_files
from detectors.rampart_whole import ADAPTER, Added, Blocks, added_weights
from detectors.second_reader import NAME
from training.checkpoint import written
from training.rampart_whole import FOLDER, Addition, framed, in_whole_numbers
from training.second_reader.network import (
    LAYERS,
    NORMS,
    PRODUCTS,
    RANK,
    TAGS,
    Arrays,
    layer_name,
    place,
    product_name,
)

KINDS = "bert.embeddings.token_type_embeddings"
LAST, LOGITS = f"/bert/encoder/layer.{LAYERS - 1}/output/LayerNorm/LayerNormalization_output_0", "logits"


def main() -> None:
    """Write the frame, its holes and the adapter, and check that they give the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    adapter, *_ = written(parser.parse_args().checkpoint)
    content, places = packed(adapter)
    (FOLDER / ADAPTER.format(NAME)).write_bytes(content)
    published = installed_files()[MODEL_FILE]
    model = onnx.load_from_string(published)
    _shorten(model, adapter)

    def added(node: NodeProto, blocks: Blocks) -> Addition:
        own = places[product_name(node.name)]
        return added_weights(content, blocks, own), asdict(own)

    framed(NAME, model, published, in_whole_numbers(model.graph, published, added), content)


def packed(adapter: Arrays) -> tuple[bytes, dict[str, Added]]:
    """The adapter in whole numbers of eight bits, and by the name of a product's weights where its part stands."""
    content, places = b"", {}
    for layer in range(LAYERS):
        for product in PRODUCTS:
            own, scale, starts = f"{layer}.{product}", 1.0, []
            for part in ("down", "up"):
                step = float(np.abs(adapter[f"{own}.{part}"]).max()) / 127
                starts.append(len(content))
                content += np.rint(adapter[f"{own}.{part}"] / step).astype(np.int8).tobytes()
                scale *= step
            name = layer_name(layer, f"{place(product)}.weight")
            places[name] = Added(RANK, *starts, scale)
    return content, places


def _shorten(model: ModelProto, adapter: Arrays) -> None:
    """Let the tags follow on the last layer that is read, with the adapter's small tensors in their places."""
    graph = model.graph
    own = {
        "second_reader.kinds": adapter["kinds"],
        "second_reader.head": adapter["head"],
        "classifier.bias": adapter["head.bias"],
    }
    for layer in range(LAYERS):
        own |= {layer_name(layer, f"{place(one)}.bias"): adapter[f"{layer}.{one}.bias"] for one in PRODUCTS}
        own |= {
            layer_name(layer, f"{norm}.{part}"): adapter[f"{layer}.{norm}.{part}"]
            for norm in NORMS
            for part in ("weight", "bias")
        }
    nodes = []
    for node in graph.node:
        if node.op_type == "Gather" and node.input[0].startswith(KINDS):
            node.input[0], node.output[0] = "second_reader.kinds", node.output[0].removesuffix("_quantized")
        elif node.op_type == "DequantizeLinear" and node.input[1].startswith(KINDS):
            continue
        elif node.name == "/classifier/MatMul_Q4":
            nodes.append(onnx.helper.make_node("MatMul", [LAST, "second_reader.head"], list(node.output)))
            continue
        nodes.append(node)
    _replace(graph, _needed(nodes, LOGITS), own)
    del graph.value_info[:]
    graph.output[0].type.tensor_type.shape.dim[2].dim_value = TAGS


def _needed(nodes: list[NodeProto], output: str) -> list[NodeProto]:
    """The nodes on which an output rests, in their order."""
    wanted, kept = {output}, []
    for node in reversed(nodes):
        if wanted & set(node.output):
            kept.append(node)
            wanted |= set(node.input)
    return kept[::-1]


def _replace(graph: GraphProto, nodes: list[NodeProto], own: Arrays) -> None:
    """Give the graph these nodes, and of the tensors those that they use, `own` in the place of others."""
    used = {name for node in nodes for name in node.input}
    kept = [one for one in graph.initializer if one.name in used and one.name not in own]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(kept)
    graph.initializer.extend(
        numpy_helper.from_array(np.asarray(array, np.float32), name) for name, array in own.items()
    )


if __name__ == "__main__":
    main()
