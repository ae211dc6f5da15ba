"""Files to begin fuzzing with: our samples, the sample share, and real files of every kind where they are at hand."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from samples import SAMPLES

ROOT = Path(__file__).parents[2]
SHARE = ROOT / "sample_data"
SHARED = ROOT.parent / "shared" / "data"
SEEDS = 200
MOST_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Seed:
    """A valid file, with a name that tells where it is from."""

    name: str
    data: bytes


def seeds() -> list[Seed]:
    """At most SEEDS files, the same in every run: all samples and the sample share, then real ones, of every kind."""
    ours = [*_samples(), *_files(SHARE, ("share", "trouble"))]
    real = [seed for kind in _kinds(_files(SHARED, ("documents", "archives", "db", "mailbox", "images", "encodings"))) for seed in kind]  # fmt: skip  # noqa: E501
    return [*ours, *real][:SEEDS]


def _samples() -> Iterator[Seed]:
    for media_type, build in SAMPLES.items():
        try:
            data = build()
        except pytest.skip.Exception:
            continue
        if len(data) <= MOST_BYTES:
            yield Seed(media_type.replace("/", "-"), data)


def _files(top: Path, folders: tuple[str, ...]) -> Iterator[Seed]:
    for folder in folders:
        for path in sorted((top / folder).rglob("*")):
            if path.is_file() and not path.is_symlink() and 0 < path.stat().st_size <= MOST_BYTES:
                yield Seed(path.relative_to(top).as_posix(), path.read_bytes())


def _kinds(found: Iterator[Seed]) -> Iterator[list[Seed]]:
    """One of each kind of file, then a second of each, and so on."""
    by_kind: dict[str, list[Seed]] = {}
    for seed in found:
        by_kind.setdefault(Path(seed.name).suffix.lower(), []).append(seed)
    for kind in by_kind.values():
        random.Random(0).shuffle(kind)
    for place in range(max(map(len, by_kind.values()), default=0)):
        yield [kind[place] for _, kind in sorted(by_kind.items()) if place < len(kind)]
