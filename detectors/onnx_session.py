"""The bytes of an ONNX model go in, a session that runs it in one thread comes out."""

from typing import Any

import onnxruntime


def one_thread_session(model: bytes) -> Any:
    """The processes of a scan share the cores among themselves; threads of one would only get in their way."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # every batch has another shape
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
