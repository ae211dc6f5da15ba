"""Plain text of any size and encoding goes in, Segments that know their lines come out."""

from collections.abc import Iterator
from typing import IO

from scanner.encoding import decode_stream
from scanner.limits import Budget
from scanner.model import Part
from scanner.segment import stream_segments


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:  # noqa: ARG001 - a format's signature
    """Read text window by window: a line of 2 GB needs no more memory than a short one."""
    yield from stream_segments(decode_stream(stream))
