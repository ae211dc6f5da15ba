"""Real Office files, cut off or with bytes changed: each ends in a typed outcome, and in the same one twice."""

import io
import random
from pathlib import Path

import pytest

from scanner.formats import formats, load_format
from scanner.limits import Budget, Limits
from scanner.model import Child, Column, Lost, Segment, Skip
from scanner.pipeline import DAMAGE
from scanner.sniff import media_type

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "documents"
SUFFIXES = ("doc", "ppt", "xls", "xlsb", "rtf", "odt", "ods", "pptx", "docx", "xlsx", "bin", "ole2")
FILES, MUTANTS = 8, 6  # of each kind, and of each of them


def mutant(data: bytes, chance: random.Random) -> bytes:
    """One way of damage, that disks, mails and programs do to files."""
    changed = bytearray(data)
    kind = chance.randrange(4)
    if kind == 0:
        return data[: chance.randrange(len(data))]
    if kind == 1:
        at, size = chance.randrange(len(data)), chance.randrange(1, 4096)
        changed[at : at + size] = bytes(len(changed[at : at + size]))
    elif kind == 2:
        at = chance.randrange(len(data))
        changed[at:at] = changed[at : at + 512]
    else:
        for _ in range(chance.randrange(1, 40)):
            changed[chance.randrange(len(data))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
    return bytes(changed)


def outcome(data: bytes, kind: str) -> list[object]:
    """What a format makes of it; whatever is no typed outcome is raised."""
    budget = Budget(Limits(max_extracted=200_000_000), len(data))
    found: list[object] = []
    try:
        for part in load_format(formats()[kind])(io.BytesIO(data), budget):
            if isinstance(part, Child):
                with part.open() as source, budget.spooled(source) as stream:
                    found.append((part.name, len(stream.read())))
            elif isinstance(part, (Segment, Column, Lost)):
                found.append(part)
                repr(part).encode("utf-8", "backslashreplace")
                if isinstance(part, Segment):
                    part.text.encode("utf-8")
    except (Skip, *DAMAGE) as error:
        found.append(repr(error))
    return found


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/data")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_damaged_files_end_in_a_typed_outcome(suffix: str) -> None:
    chance = random.Random(suffix)
    paths = sorted(SHARED.rglob(f"*.{suffix}"))
    for path in chance.sample(paths, min(FILES, len(paths))):
        data = path.read_bytes()
        kind = media_type(data[: 64 * 1024], path.name, io.BytesIO(data))
        if kind not in formats() or not data:
            continue
        for _ in range(MUTANTS):
            broken = mutant(data, chance)
            assert outcome(broken, kind) == outcome(broken, kind), path.name
