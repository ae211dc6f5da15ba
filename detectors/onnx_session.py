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
    # Weights in memory of their own: that of what is computed would grow by powers of two with them.
    options.add_session_config_entry("session.use_device_allocator_for_initializers", "1")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
