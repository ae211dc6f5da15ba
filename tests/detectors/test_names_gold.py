"""Precision and recall of names on labelled text that is not ours: floors a little under what was measured."""

import json
from pathlib import Path

import pytest

from detectors.names import load
from detectors.types import DetectorOptions, Text

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
Gold = list[tuple[str, list[tuple[int, int]]]]


def presidio_texts(most: int) -> Gold:
    path = SHARED / "text_gold" / "presidio-research" / "generated_small.json"
    if not path.exists():
        pytest.skip("the shared labelled texts are not here")
    found: Gold = []
    for one in json.loads(path.read_text(encoding="utf-8"))[:most]:
        people = [span for span in one["spans"] if span["entity_type"] == "PERSON"]
        found.append((one["full_text"], [(span["start_position"], span["end_position"]) for span in people]))
    return found


def mail_texts(most: int) -> Gold:
    path = SHARED / "ner" / "uner_ewt-dev.iob2"
    if not path.exists():
        pytest.skip("the shared labelled texts are not here")
    found: Gold = []
    for sentence in path.read_text(encoding="utf-8").split("\n\n")[::5][:most]:
        text, spans = "", []
        for line in sentence.splitlines():
            if line.startswith("#"):
                continue
            _, word, kind, *_ = line.split("\t")
            start = len(text)
            text += word + " "
            if kind == "I-PER" and spans:
                spans[-1] = (spans[-1][0], len(text) - 1)
            elif kind == "B-PER":
                spans.append((start, len(text) - 1))
        found.append((text, spans))
    return found


@pytest.mark.parametrize(
    ("gold", "mode", "precision", "recall"),
    [
        (presidio_texts, "standard", 0.85, 0.65),
        (presidio_texts, "thorough", 0.85, 0.7),
        (mail_texts, "standard", 0.7, 0.65),
        (presidio_texts, "fast", 0.8, 0.7),
        (mail_texts, "fast", 0.65, 0.65),
    ],
)
def test_overlap_with_gold(gold, mode: str, precision: float, recall: float) -> None:
    texts = gold(400)
    (detector,) = load(DetectorOptions(names=mode))
    right = made = met = wanted = 0
    for (_, people), spans in zip(texts, detector.detect([Text(text) for text, _ in texts]), strict=True):
        sure = [span for span in spans if span.score >= 0.5]
        right += sum(any(span.start < end and start < span.end for start, end in people) for span in sure)
        met += sum(any(span.start < end and start < span.end for span in sure) for start, end in people)
        made, wanted = made + len(sure), wanted + len(people)
    assert right / made >= precision, f"precision {right / made:.3f}"
    assert met / wanted >= recall, f"recall {met / wanted:.3f}"
