"""Rows of words go in, chances of tags come out: the network as it is trained, and as ONNX for reading."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from detectors.tagger_words import ROWS

WIDTH = 64
DILATIONS = (1, 2, 4, 8)
TAGS = 7
Weights = dict[str, Any]


def first_weights(seed: int) -> Weights:
    """Where training begins."""
    rng = np.random.default_rng(seed)
    made: Weights = {"table": rng.normal(0, 0.1, (ROWS, WIDTH)).astype(np.float32)}
    for number in range(len(DILATIONS)):
        made[f"w{number}"] = rng.normal(0, (3 * WIDTH) ** -0.5, (3 * WIDTH, 2 * WIDTH)).astype(np.float32)
        made[f"b{number}"] = np.zeros(2 * WIDTH, np.float32)
        made[f"n{number}"] = np.ones(WIDTH, np.float32)
    made["out"] = rng.normal(0, WIDTH**-0.5, (WIDTH, TAGS)).astype(np.float32)
    made["bias"] = np.zeros(TAGS, np.float32)
    return made


def logits(weights: Weights, vectors: Any) -> Any:
    """The tags of each word of one long row, before they are made chances."""
    hidden = vectors
    for number, step in enumerate(DILATIONS):
        padded = jnp.pad(hidden, ((step, step), (0, 0)))
        seen = jnp.concatenate([padded[: -2 * step], hidden, padded[2 * step :]], axis=1)
        mixed = seen @ weights[f"w{number}"] + weights[f"b{number}"]
        hidden = hidden + mixed[:, :WIDTH] * jax.nn.sigmoid(mixed[:, WIDTH:])
        hidden = hidden * weights[f"n{number}"] / jnp.sqrt(jnp.mean(hidden**2, axis=1, keepdims=True) + 1e-3)
    return hidden @ weights["out"] + weights["bias"]


def word_vectors(table: Any, added: Any, grams: Any) -> Any:
    """A vector for each word: its rows added up, and the mean of its triples of letters; -1 is no row."""
    whole = jnp.where(added[..., None] >= 0, table[added], 0).sum(axis=1)
    there = (grams >= 0)[..., None]
    triples = jnp.where(there, table[grams], 0).sum(axis=1) / jnp.maximum(there.sum(axis=1), 1)
    return whole + triples


def as_onnx(weights: Weights) -> bytes:
    """The network behind the table as a model that takes vectors (words, WIDTH) and gives chances (words, TAGS)."""
    constants = {name: np.asarray(value, np.float32) for name, value in weights.items() if name != "table"}
    constants |= {"tiny": np.float32(1e-3), "half": np.int64([WIDTH, WIDTH])}
    nodes, hidden = [], "vectors"
    for number, step in enumerate(DILATIONS):
        n = str(number)
        edge = np.zeros((step, WIDTH), np.float32)
        constants |= {f"edge{n}": edge, f"zero{n}": np.int64([0]), f"from{n}": np.int64([2 * step]),
                      f"to{n}": np.int64([-2 * step]), f"far{n}": np.int64([2**31 - 1])}  # fmt: skip
        nodes += [
            helper.make_node("Concat", [f"edge{n}", hidden, f"edge{n}"], [f"padded{n}"], axis=0),
            helper.make_node("Slice", [f"padded{n}", f"zero{n}", f"to{n}", f"zero{n}"], [f"before{n}"]),
            helper.make_node("Slice", [f"padded{n}", f"from{n}", f"far{n}", f"zero{n}"], [f"behind{n}"]),
            helper.make_node("Concat", [f"before{n}", hidden, f"behind{n}"], [f"seen{n}"], axis=1),
            helper.make_node("Gemm", [f"seen{n}", f"w{n}", f"b{n}"], [f"mixed{n}"]),
            helper.make_node("Split", [f"mixed{n}", "half"], [f"value{n}", f"gate{n}"], axis=1),
            helper.make_node("Sigmoid", [f"gate{n}"], [f"open{n}"]),
            helper.make_node("Mul", [f"value{n}", f"open{n}"], [f"let{n}"]),
            helper.make_node("Add", [hidden, f"let{n}"], [f"sum{n}"]),
            helper.make_node("Mul", [f"sum{n}", f"sum{n}"], [f"square{n}"]),
            helper.make_node("ReduceMean", [f"square{n}"], [f"mean{n}"], axes=[1], keepdims=1),
            helper.make_node("Add", [f"mean{n}", "tiny"], [f"safe{n}"]),
            helper.make_node("Sqrt", [f"safe{n}"], [f"size{n}"]),
            helper.make_node("Div", [f"sum{n}", f"size{n}"], [f"unit{n}"]),
            helper.make_node("Mul", [f"unit{n}", f"n{n}"], [f"hidden{n}"]),
        ]
        hidden = f"hidden{n}"
    nodes += [
        helper.make_node("Gemm", [hidden, "out", "bias"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["chances"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "names",
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["words", WIDTH])],
        [helper.make_tensor_value_info("chances", TensorProto.FLOAT, ["words", TAGS])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())
