"""Passages of real English go in, the people, firms and places that the teachers see in them come out as a file.

    python -m training.names.teach FOLDER_OF_PACKAGES training/names/taught.jsonl.xz

Teachers: Rampart and spaCy's medium model as `--names thorough` unites and checks them. Half an hour on one core.
"""

import json
import lzma
import sys
from collections.abc import Sequence
from pathlib import Path

from detectors import rampart
from detectors.names import NameDetector
from detectors.names_spacy import entities
from detectors.names_thorough import ORGANISATIONS, Entity
from detectors.types import Text
from training.names.texts import passages

BATCH = 64
LEAST = 0.5


def main() -> None:
    """Write one line of JSON for each passage."""
    folder, target = Path(sys.argv[1]), Path(sys.argv[2])
    seen: dict[str, list[Entity]] = {}

    def ask(texts: Sequence[str]) -> list[list[Entity]]:
        found = entities(texts)
        seen.update(zip(texts, found, strict=True))
        return found

    detector = NameDetector(rampart.tag, second=ask)
    every = list(passages(folder))
    with lzma.open(target, "wt", encoding="utf-8", preset=9) as out:
        for first in range(0, len(every), BATCH):
            batch = every[first : first + BATCH]
            for passage, spans in zip(batch, detector.detect([Text(one.text) for one in batch]), strict=True):
                kinds = seen[passage.text]
                row = {
                    "source": passage.source,
                    "text": passage.text,
                    "people": [[one.start, one.end, round(one.score, 2)] for one in spans],
                    "firms": [[one.start, one.end] for one in kinds if one.label in ORGANISATIONS],
                    "places": [[one.start, one.end] for one in kinds if one.label in {"GPE", "LOC"}],
                }
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
            seen.clear()
            print(first + len(batch), "of", len(every), flush=True)


if __name__ == "__main__":
    main()
