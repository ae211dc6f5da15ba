"""The name tagger: words that join to the text, tags in their places, weights that are what the recipe recorded."""

import contextlib
import shutil
import time
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner

from detectors import rampart, tagger
from detectors.names import load
from detectors.rampart import ModelError
from detectors.tagger_words import GRAM_ROWS, ROWS, rows, split
from detectors.types import DetectorOptions, Text
from subjects.cli import scan_command

NOBODY = (frozenset[int](), frozenset[int]())
ODD = [
    "",
    " ",
    "\n\n\n",
    "\ud83d half",
    "a\u0000b",
    "\u202eabc",
    "l'été d'O'Brien's\t\tx",
    "𝒜lice 🎉🎉",
    "x" * 5000,
    "-" * 99,
]


def tagged(text: str) -> list[str]:
    (tags,) = tagger.tag([text], 0.5)
    return [text[one.start : one.end] for one in tags]


@pytest.mark.parametrize("text", [*ODD, "Dear Ms O'Brien-Smith,\r\n\r\n  12.5 m\u00a0of rope  "])
def test_words_join_to_the_text(text: str) -> None:
    assert "".join(split(text)) == text


@pytest.mark.parametrize("word", [" Smith", "Smith", "\n", "12", "…", "ß", "É", "\ud83d", " x"])
def test_rows_lie_in_the_table(word: str) -> None:
    added, triples = rows(word, NOBODY)
    assert added
    assert all(GRAM_ROWS <= row < ROWS for row in added)
    assert all(0 <= row < GRAM_ROWS for row in triples)


def test_people_are_tagged_where_they_stand() -> None:
    text = "Dear Ms Thorpe,\n\nI spoke to Piotr Nowak about the boiler on Monday.\n\nKind regards\nMargaret"
    assert tagged(text) == ["Thorpe", "Piotr", "Nowak", "Margaret"]
    (tags,) = tagger.tag([text], 0.5)
    assert {one.label for one in tags} <= rampart.NAME_LABELS


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_cost_nothing(text: str) -> None:
    (tags,) = tagger.tag([text])
    assert all(0 <= one.start < one.end <= len(text) for one in tags)


def test_no_text_knows_of_its_neighbours() -> None:
    text = "Please ask Margaret Thorpe about it."
    (alone,) = tagger.tag([text])
    others = ["Mr Smith said", "", "x" * 900, "Dear Jane, " * 2000]
    for number, around in enumerate(others):
        assert tagger.tag([*others[:number], text, around])[number] == alone
    assert tagger.tag([]) == []


def test_a_long_text_is_tagged_as_a_short_one() -> None:
    line = "Please ask Margaret Thorpe about it.\n"
    (tags,) = tagger.tag([line * 3000], 0.5)
    assert len(tags) == 6000
    assert {(one.start - 11) % len(line) for one in tags} == {0, 9}


def test_what_words_are_kept_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagger, "WORDS", 50)
    text = " ".join(f"w{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(300))
    for _ in range(3):
        tagger.tag([text])
        assert tagged("Please ask Margaret Thorpe.") == ["Margaret", "Thorpe"]
    assert len(tagger.load_model().words.numbers) < 400


def test_the_weights_are_small() -> None:
    assert sum(map(len, tagger.installed_files().values())) <= 8_000_000


@pytest.mark.parametrize("change", ["other", "missing", "unlisted"])
def test_other_weights_are_refused(change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "detectors"
    shutil.copytree(str(files("detectors") / tagger.FOLDER), package / tagger.FOLDER)
    monkeypatch.setattr(tagger, "files", lambda _: package)
    assert tagger.installed_files()
    weights = package / tagger.FOLDER / "names_table.npy"
    if change == "other":
        content = bytearray(weights.read_bytes())
        content[-1] ^= 1
        weights.write_bytes(content)
    elif change == "missing":
        weights.unlink()
    else:
        (package / tagger.FOLDER / tagger.SUMS).unlink()
    with pytest.raises(ModelError, match="install"):
        tagger.installed_files()


def test_fast_asks_no_other_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(rampart, "tag", never)
    (detector,) = load(DetectorOptions(names="fast"))
    text = "please ask Margaret Thorpe, or Kwabena Asante-Boateng of Thorpe & Hall Solicitors."
    (spans,) = detector.detect([Text(text)])
    assert [text[one.start : one.end] for one in spans if one.score >= 0.5] == [
        "Margaret Thorpe",
        "Kwabena Asante-Boateng",
    ]


def test_fast_runs_in_worker_processes(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    for number in range(3):
        (tmp_path / "share" / f"{number}.txt").write_text(
            "Please ask Margaret Thorpe about it. " * 2000, encoding="utf-8"
        )
    words = ["share", "--names", "fast", "--out", "out.parquet", "--home", "home", "--jobs", "2"]
    with contextlib.chdir(tmp_path):
        done = CliRunner().invoke(scan_command, words)
    assert done.exit_code == 0, done.output
    assert "2,000 PERSON" in " ".join(done.output.split())


def test_hostile_text_takes_no_time_with_the_small_model() -> None:
    (detector,) = load(DetectorOptions(names="fast"))
    began = time.process_time()
    for text in ("A" * 200_000, "a-" * 100_000, "Mr. " * 50_000, "<@" * 30_000, '"a' * 30_000, "Jane " * 20_000):
        list(detector.detect([Text(text)]))
    assert time.process_time() - began < 15


NAME = "Edmund Gardner"
TUG = "The tug Edmund Gardner is open to visitors at noon."
GUEST = "I told Mr Edmund Gardner, who is our treasurer, to ring the visitors at noon."


@pytest.mark.parametrize("tail", [" We met at the harbour.", "\nWe\nmet\nat\nthe\nharbour."])
@pytest.mark.parametrize("lead", ["", "We met at the harbour.\n" * 400, "x" * 3000 + "\t", "a" + " " * 1500, "\n\n\n"])
def test_a_thing_is_told_by_the_words_around_it_wherever_it_stands(lead: str, tail: str) -> None:
    text = lead + TUG + tail * 300
    start = text.index(NAME)
    assert tagger.takes_for_thing(text, start, start + len(NAME))
    text = lead + GUEST + tail * 300
    start = text.index(NAME)
    assert not tagger.takes_for_thing(text, start, start + len(NAME))


def test_what_stands_far_off_tells_nothing_of_a_thing() -> None:
    text = f"{'We met at the harbour. ' * 200}{TUG}{' We met at the harbour.' * 200}"
    start = text.index(NAME)
    words, chances = tagger._within(text, start, start + len(NAME))
    near = text[start - 400 : start + 400]
    same, others = tagger._within(near, 400, 400 + len(NAME))
    assert words == same == [" Edmund", " Gardner"]
    assert chances == pytest.approx(others, abs=1e-4)


@pytest.mark.parametrize("text", ["", "...", "\ud83d", " \n "])
def test_where_no_word_stands_there_is_no_thing(text: str) -> None:
    assert not tagger.takes_for_thing(text, 0, len(text))
