"""People with common names in plain sentences in which a thing could stand as well: nearly all are to be found."""

import close_calls
import pytest
from name_systems import ours


@pytest.mark.parametrize(("mode", "least"), [("fast", 0.98), ("standard", 0.985)])
def test_people_in_plain_sentences_are_found(mode: str, least: float) -> None:
    gold = close_calls.plain(0, 1)
    assert len(gold) == 800
    found = ours(mode)([text for text, _ in gold])
    spans = [own for _, (own,) in gold]
    reached = [any(a < end and start < b for a, b in own) for (start, end), own in zip(spans, found, strict=True)]
    missed = [text for (text, _), is_found in zip(gold, reached, strict=True) if not is_found]
    assert len(missed) <= (1 - least) * len(gold), missed
