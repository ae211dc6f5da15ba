"""Path patterns of rules and of ropa.yaml go in, which of many paths they cover comes out."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_TOKEN = re.compile(r"\*\*/?|\*|\?|[^*?]+")


def covered(paths: pa.ChunkedArray, pattern: str) -> np.ndarray:
    """A boolean for each path: whether the pattern covers it.

    `*` and `?` stay within a name, `**` goes over folders; a pattern that names a folder or an archive covers all that
    is in it. Paths begin with the root's label; a pattern may leave that out. Large and small letters are the same.
    """
    found = pc.match_substring_regex(paths, f"(?i){as_regex(pattern)}")
    return np.asarray(pc.fill_null(found, False))


def as_regex(pattern: str) -> str:
    """In the dialect of RE2."""
    parts = []
    for token in _TOKEN.findall(pattern.strip().strip("/")):
        if token.startswith("**"):
            parts.append("(?:.*/)?" if token.endswith("/") else ".*")
        else:
            parts.append({"*": "[^/]*", "?": "[^/]"}.get(token) or re.escape(token).replace(r"\/", "/"))
    return rf"^(?:[^/]+/)?{''.join(parts)}(?:$|/|!/)"
