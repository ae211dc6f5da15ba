"""The published weights of Rampart go in as arrays, its first layers with an adapter come out as a function of tokens.

The architecture is BERT (Devlin et al., 2018); the adapter adds to each product of a layer one of two narrow matrices
(LoRA: Hu et al., 2021), and has its own biases, scales, kinds of tokens and tags.
"""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import onnx
from onnx import numpy_helper

from detectors.rampart import MODEL_FILE, installed_files
from detectors.rampart_whole import Blocks, exact_weights
from detectors.token_kinds import KINDS

LAYERS = 4  # of six: the others make it slower by half, and after a hundred steps hardly better
RANK = 16
HEADS, WIDTH, TAGS = 12, 384, 7
PRODUCTS = ("query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense")
NORMS = ("attention.output.LayerNorm", "output.LayerNorm")
# Rampart's classes (0 is nothing; then each label twice) from which the tags begin: nothing, forename, surname, street,
# town. Titles and firms it does not know.
_BEGINNINGS = {0: 0, 1: 1, 2: 3, 5: 25, 6: 29}
Arrays = dict[str, Any]


def place(product: str) -> str:
    """The name of a product within its layer of the published file."""
    return f"attention.self.{product}" if product in PRODUCTS[:3] else product


def published() -> Arrays:
    """Rampart's weights by their names in the published file; those of products as (inputs, outputs)."""
    content = installed_files()[MODEL_FILE]
    model = onnx.load_from_string(content)
    tensors = {one.name: one for one in model.graph.initializer}
    found: Arrays = {}
    for name, tensor in tensors.items():
        if name.endswith("weight_quantized"):
            numbers, zero, scale = (
                numpy_helper.to_array(tensors[name.removesuffix("quantized") + part])
                for part in ("quantized", "zero_point", "scale")
            )
            found[name.removesuffix("_quantized")] = (numbers.astype(np.float32) - float(zero)) * float(scale)
        elif name.endswith((".bias", "LayerNorm.weight")):
            found[name] = numpy_helper.to_array(tensor)
    for node in model.graph.node:
        if node.op_type == "MatMulNBits":
            size = {one.name: one.i for one in node.attribute}
            at = (content.index(tensors[one].raw_data) for one in node.input[1:])
            found[product_name(node.name)] = exact_weights(content, Blocks(size["K"], size["N"], *at)).T
    return found


def product_name(node: str) -> str:
    """The name of a product's weights by the name of the node that multiplies with them."""
    return node.strip("/").removesuffix("/MatMul_Q4").replace("/", ".") + ".weight"


def first_adapter(weights: Arrays, seed: int) -> Arrays:
    """Where training begins: the published reader, without what the adapter adds."""
    rng = np.random.default_rng(seed)
    kinds = np.repeat(weights["bert.embeddings.token_type_embeddings.weight"][:1], KINDS, axis=0)
    head, bias = rng.normal(0, 0.02, (WIDTH, TAGS)).astype(np.float32), np.full(TAGS, -3, np.float32)
    for tag, number in _BEGINNINGS.items():
        head[:, tag], bias[tag] = weights["classifier.weight"][:, number], weights["classifier.bias"][number]
    made: Arrays = {"kinds": kinds, "head": head, "head.bias": bias}
    for layer in range(LAYERS):
        for product in PRODUCTS:
            rows, columns = weights[layer_name(layer, f"{place(product)}.weight")].shape
            made[f"{layer}.{product}.down"] = rng.normal(0, rows**-0.5, (rows, RANK)).astype(np.float32)
            made[f"{layer}.{product}.up"] = np.zeros((RANK, columns), np.float32)
            made[f"{layer}.{product}.bias"] = weights[layer_name(layer, f"{place(product)}.bias")]
        for norm in NORMS:
            for part in ("weight", "bias"):
                made[f"{layer}.{norm}.{part}"] = weights[layer_name(layer, f"{norm}.{part}")]
    return made


def layer_name(layer: int, part: str) -> str:
    """The name of a tensor of a layer in the published file."""
    return f"bert.encoder.layer.{layer}.{part}"


def logits(weights: Arrays, adapter: Arrays, ids: Any, of_tokens: Any, there: Any) -> Any:
    """The tags of each token (units, tokens, TAGS), before they are made chances."""
    words = weights["bert.embeddings.word_embeddings.weight"][ids]
    places = weights["bert.embeddings.position_embeddings.weight"][: ids.shape[1]]
    hidden = _even(words + places + adapter["kinds"][of_tokens], *_norm(weights, "bert.embeddings.LayerNorm"))
    unseen = jnp.where(there[:, None, None, :] > 0, 0.0, -1e9)
    for layer in range(LAYERS):
        hidden = _layer(weights, adapter, layer, hidden, unseen)
    return hidden @ adapter["head"] + adapter["head.bias"]


def _layer(weights: Arrays, adapter: Arrays, layer: int, hidden: Any, unseen: Any) -> Any:
    def product(rows: Any, name: str) -> Any:
        fixed = rows @ weights[layer_name(layer, f"{place(name)}.weight")]
        own = f"{layer}.{name}"
        return fixed + (rows @ adapter[f"{own}.down"]) @ adapter[f"{own}.up"] + adapter[f"{own}.bias"]

    units, tokens, _ = hidden.shape
    query, key, value = (
        product(hidden, name).reshape(units, tokens, HEADS, -1).transpose(0, 2, 1, 3) for name in PRODUCTS[:3]
    )
    shares = jax.nn.softmax(query @ key.transpose(0, 1, 3, 2) / np.sqrt(WIDTH // HEADS) + unseen)
    seen = (shares @ value).transpose(0, 2, 1, 3).reshape(units, tokens, WIDTH)
    hidden = _even(hidden + product(seen, PRODUCTS[3]), *_norm(adapter, f"{layer}.{NORMS[0]}"))
    wide = jax.nn.gelu(product(hidden, PRODUCTS[4]), approximate=False)
    return _even(hidden + product(wide, PRODUCTS[5]), *_norm(adapter, f"{layer}.{NORMS[1]}"))


def _norm(arrays: Arrays, name: str) -> tuple[Any, Any]:
    return arrays[f"{name}.weight"], arrays[f"{name}.bias"]


def _even(rows: Any, weight: Any, bias: Any) -> Any:
    mean = rows.mean(-1, keepdims=True)
    spread = jnp.sqrt(((rows - mean) ** 2).mean(-1, keepdims=True) + 1e-12)
    return (rows - mean) / spread * weight + bias
