"""Parts go in; what a test asks about them comes out."""

import io
from collections.abc import Callable, Iterator
from typing import IO

from scanner.limits import Budget, Limits
from scanner.model import Child, Column, Part, Segment

Passwords = tuple[tuple[int, str], ...]


def parts(extract: Callable[[IO[bytes], Budget], Iterator[Part]], data: bytes, passwords: Passwords = ()) -> list[Part]:
    """All parts of a file."""
    return list(extract(io.BytesIO(data), Budget(Limits(), len(data), passwords)))


def places(found: list[Part]) -> dict[str, str]:
    """Text -> where it stands, piece by piece."""
    out = {}
    for part in found:
        if isinstance(part, Segment):
            ends = [*(piece.start for piece in part.pieces[1:]), len(part.text)]
            for piece, end in zip(part.pieces, ends, strict=False):
                out[part.text[piece.start : end].strip()] = str(piece.where)
            if not part.pieces:
                out[part.text] = str(part.where)
    return out


def columns(found: list[Part]) -> dict[str, tuple[tuple[str, ...], int, int]]:
    """Label -> values, first row, number of the column."""
    return {part.label: (part.values, part.first_row, part.number) for part in found if isinstance(part, Column)}


def members(found: list[Part]) -> dict[str, bytes]:
    """Name -> bytes of what is embedded."""
    return {part.name: part.open().read() for part in found if isinstance(part, Child)}


def roles(found: list[Part]) -> dict[str, str]:
    """Text -> role, of those that have one."""
    return {part.text: part.role for part in found if isinstance(part, Segment) and part.role}
