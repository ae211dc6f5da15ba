"""Real Office files, cut off or with bytes changed: each ends in a typed outcome, and in the same one twice."""

import io
import random
from pathlib import Path

import pytest
from drained import drain
from mutants import mutant

from scanner.formats import formats, load_format
from scanner.sniff import media_type

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "documents"
SUFFIXES = ("doc", "ppt", "xls", "xlsb", "rtf", "odt", "ods", "pptx", "docx", "xlsx", "bin", "ole2")
FILES, MUTANTS = 8, 6  # of each kind, and of each of them


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
            if broken:
                found = drain(load_format(formats()[kind]), broken)
                assert drain(load_format(formats()[kind]), broken) == found, path.name
