"""Plain text of any size and encoding goes in, Segments that know their lines come out."""

from collections.abc import Iterator
from typing import IO

from scanner.encoding import decode_places
from scanner.formats.archives.zip_members import Directory
from scanner.limits import Budget
from scanner.model import Lost, Part, Place, Reason
from scanner.segment import cut_segments
from scanner.text_places import text_from


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:  # noqa: ARG001 - a format's signature
    """Read text window by window: a line of 2 GB needs no more memory than a short one."""
    if next(Directory(stream).entries(), None):
        yield Lost(
            "", Reason.UNSUPPORTED, "a ZIP archive stands behind this text; give it a file of its own and scan it"
        )
    stream.seek(0)
    yield from cut_segments((text, place, 0) for text, place in decode_places(stream))


def extract_from(stream: IO[bytes], budget: Budget, place: Place) -> Iterator[Part]:  # noqa: ARG001
    """The same from one of its cuts on."""
    context, line, char, *rest = place
    yield from cut_segments(text_from(stream, tuple(rest)), context=int(context), line=int(line), char=int(char))
