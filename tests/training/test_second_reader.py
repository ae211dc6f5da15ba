"""What the second reader learns from: lines whose tokens bear the tags of their words; and its network."""

import random
from pathlib import Path

import numpy as np
import pytest

from detectors.rampart import load_model
from detectors.token_kinds import NO_WORD
from training.names.corpus import UNSURE
from training.names.invent import FIRM, GIVEN, SURNAME, Mark
from training.names.people import read_pool
from training.second_reader.units import LENGTHS, TOKENS, batches, encoded, short_lines

SHARED = Path(__file__).parents[3] / "shared" / "data"


def test_tokens_bear_the_tags_of_their_words() -> None:
    text = "Ask Jane O'Neill-Asante of Moss Ltd."
    model = load_model()
    marks = [Mark(4, 8, GIVEN), Mark(9, 23, SURNAME), Mark(27, 35, FIRM)]
    unit = encoded(model, text, marks)
    assert unit is not None
    tokens = model.tokenizer.encode(text, add_special_tokens=False)
    assert unit.ids == [model.begin, *tokens.ids, model.finish]
    assert unit.tags[0] == unit.tags[-1] == UNSURE
    assert unit.kinds[0] == unit.kinds[-1] == NO_WORD
    for (start, end), tag in zip(tokens.offsets, unit.tags[1:-1], strict=True):
        expected = next((kind for low, high, kind in marks if low <= start < high), 0)
        inside = expected in {GIVEN, SURNAME} and not text[start:end].isalnum()
        assert tag == (UNSURE if inside else expected), text[start:end]


def test_what_has_no_letter_or_is_too_long_is_left_out() -> None:
    model = load_model()
    assert encoded(model, "12 + 4", []) is None
    assert encoded(model, "", []) is None
    assert encoded(model, "word " * LENGTHS[-1], []) is None


def test_a_batch_holds_units_of_like_length_and_nothing_beyond_them() -> None:
    model = load_model()
    unit = encoded(model, "Ask Jane Smith.", [Mark(4, 8, GIVEN), Mark(9, 14, SURNAME)])
    assert unit is not None
    many = TOKENS // LENGTHS[0]
    ((ids, of_tokens, there, tags),) = batches([unit] * (many + 3), random.Random(1))
    assert ids.shape == of_tokens.shape == there.shape == tags.shape == (many, LENGTHS[0])
    size = len(unit.ids)
    assert ids[0, :size].tolist() == unit.ids
    assert tags[0, :size].tolist() == unit.tags
    assert there[:, :size].all()
    assert not there[:, size:].any()
    assert (tags[:, size:] == UNSURE).all()
    assert (of_tokens[:, size:] == NO_WORD).all()


def test_short_lines_are_mostly_about_people_whose_names_are_marked() -> None:
    if not (SHARED / "names").exists():
        pytest.skip("the shared lists of names are not here")
    lines = list(short_lines(read_pool(SHARED), 3, 400))
    assert lines == list(short_lines(read_pool(SHARED), 3, 400))
    named = [(text, marks) for text, marks in lines if {mark.kind for mark in marks} & {GIVEN, SURNAME}]
    assert 240 < len(named) < 320
    assert sum(text.startswith("Value: ") for text, _ in lines) > 100
    for text, marks in lines:
        assert "{" not in text
        assert all(text[mark.start : mark.end].strip() for mark in marks)


def test_without_what_the_adapter_adds_the_network_is_rampart(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("jax", reason="jax is not here: pip install 'whosedata[training]'")
    pytest.importorskip("onnx", reason="onnx is not here: pip install 'whosedata[training]'")
    from detectors.onnx_session import one_thread_session  # noqa: PLC0415 - only with jax
    from detectors.rampart import MODEL_FILE, installed_files  # noqa: PLC0415
    from training.second_reader import network  # noqa: PLC0415

    model, weights = load_model(), network.published()
    ids = np.array(
        [[model.begin, *model.tokenizer.encode("Ask Jane Smith.", add_special_tokens=False).ids, model.finish]]
    )
    first = network.first_adapter(weights, 1)
    found = np.asarray(network.logits(weights, first, ids, np.zeros_like(ids), np.ones_like(ids)))
    assert found.shape == (*ids.shape, network.TAGS)
    # With all layers and the head of Rampart it gives what the published file gives.
    monkeypatch.setattr(network, "LAYERS", 6)
    whole = network.first_adapter(weights, 1)
    whole["head"], whole["head.bias"] = weights["classifier.weight"], weights["classifier.bias"]
    found = np.asarray(network.logits(weights, whole, ids, np.zeros_like(ids), np.ones_like(ids)))
    feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    session = one_thread_session(installed_files()[MODEL_FILE])
    (published,) = session.run(None, {name: value.astype(np.int64) for name, value in feed.items()})
    assert np.abs(found - published).max() < 1e-3
