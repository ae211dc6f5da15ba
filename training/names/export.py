"""Trained weights go in, the files of detectors/weights come out, and the checksums by which they are known."""

import hashlib
from pathlib import Path

import numpy as np

from training.names.network import Weights, as_onnx

FOLDER = Path(__file__).parents[2] / "detectors" / "weights"


def write(weights: Weights, rare: tuple[frozenset[int], ...]) -> None:
    """Write the network, the table in whole numbers of eight bits, and the long lists as checksums."""
    FOLDER.mkdir(exist_ok=True)
    table = np.asarray(weights["table"], np.float32)
    scale = np.maximum(np.abs(table).max(axis=1), 1e-6) / 127
    arrays = {
        "table": np.round(table / scale[:, None]).astype(np.int8),
        "scale": scale.astype(np.float32),
        "given": np.array(sorted(rare[0]), np.uint32),
        "surnames": np.array(sorted(rare[1]), np.uint32),
    }
    for name, array in arrays.items():
        np.save(FOLDER / f"names_{name}.npy", array, allow_pickle=False)
    (FOLDER / "names.onnx").write_bytes(as_onnx(weights))
    made = [path for path in sorted(FOLDER.glob("names*.*")) if path.suffix != ".sha256"]
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" for path in made]
    (FOLDER / "names.sha256").write_text("\n".join(lines) + "\n", encoding="utf-8")
