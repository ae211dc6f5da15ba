"""Places in, rows out: walk, open, extract, detect, mask, key, write. `from scanner import scan` is the Python call."""

from scanner.run import scan

__all__ = ["scan"]
