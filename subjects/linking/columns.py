"""A column of words in, the distinct words and each row's number of its word out."""

import numpy as np
import pyarrow as pa

from subjects.linking.keysets import Ints


def coded(column: pa.ChunkedArray) -> tuple[tuple[str, ...], Ints]:
    """The distinct words of a column, and for each row the number of its word (-1 = null)."""
    encoded = column.cast(pa.string()).combine_chunks().dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return tuple(encoded.dictionary.to_pylist()), codes
