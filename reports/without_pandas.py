"""A process that needs no pandas goes in; Arrow, which imports it to see whether it is there, is told that it is not."""  # noqa: E501

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

import pyarrow as pa


class _Absent(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Only pandas is not found."""
        del path, target
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)
        return None


def keep_pandas_out() -> None:
    """Have Arrow make its first array without pandas: to import that takes longer than all else that a worker imports.

    Arrow asks once in each process, so `to_pandas()` cannot be used in this one. Where pandas is imported already
    nothing changes; who imports it later gets it.
    """
    if "pandas" in sys.modules:
        return
    absent = _Absent()
    sys.meta_path.insert(0, absent)
    try:
        pa.array([0])
    finally:
        sys.meta_path.remove(absent)
