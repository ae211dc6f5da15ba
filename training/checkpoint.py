"""The state of a training goes in, a file comes out from which the same training goes on, and no other."""

import hashlib
import pickle
from collections.abc import Iterable
from pathlib import Path
from typing import Any


class CheckpointError(ValueError):
    """A checkpoint is of another training, or cannot be read."""


def digest(pieces: Iterable[bytes]) -> str:
    """What a training is made of, as a checksum."""
    found = hashlib.sha256()
    for piece in pieces:
        found.update(piece)
    return found.hexdigest()


def kept(path: Path, made_of: str) -> Any:
    """The state that was written for this training; None if there is none yet.

    Raises:
        CheckpointError: the file is of another training, or is no checkpoint.
    """
    if not path.exists():
        return None
    state, own = _read(path)
    if own != made_of:
        raise CheckpointError(f"{path} was made with another seed or from other lines; move it away to begin anew")
    return state


def written(path: Path) -> Any:
    """The state in a checkpoint, of whatever training.

    Raises:
        CheckpointError: it is no checkpoint.
    """
    return _read(path)[0]


def _read(path: Path) -> tuple[Any, str]:
    try:
        state, made_of = pickle.loads(path.read_bytes())  # noqa: S301 - our own file
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError) as error:
        raise CheckpointError(f"{path} is no checkpoint of this recipe; move it away to begin anew") from error
    return state, made_of


def keep(path: Path, state: Any, made_of: str) -> None:
    """Write a state in one piece: whoever is killed meanwhile keeps the one before."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(pickle.dumps((state, made_of)))
    part.replace(path)
