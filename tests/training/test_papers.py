"""The invented papers that the name tagger learns from: seeded, marked where names stand, not the benchmark's."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from training.names.corpus import REACH, UNSURE, distinct_words, encode, invented
from training.names.invent import FOLDER, GIVEN, SURNAME
from training.names.people import Pool, read_pool

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="module")
def pool() -> Pool:
    if not (SHARED / "names").exists():
        pytest.skip("the shared lists of names are not here")
    return read_pool(SHARED)


def test_the_same_seed_makes_the_same_papers(pool: Pool) -> None:
    papers = list(invented(pool, 5, 100))
    assert papers == list(invented(pool, 5, 100))
    assert papers != list(invented(pool, 6, 100))


def test_marks_are_words_that_the_paper_has(pool: Pool) -> None:
    names = 0
    for text, marks in invented(pool, 7, 500):
        for mark in marks:
            assert 0 <= mark.start < mark.end <= len(text)
            assert text[mark.start : mark.end].strip() == text[mark.start : mark.end]
            names += mark.kind in {GIVEN, SURNAME}
        assert not re.search(r"\{\d?[a-zA-Z_]+\}", text), text
    assert names > 1000


def test_texts_stand_apart_in_a_row(pool: Pool) -> None:
    numbers = {"": 0}
    words, tags = encode([("Dear Ann-Marie Smith,", []), ("x", [])], numbers)
    assert len(words) == len(tags)
    assert list(words[:REACH]) == [0] * REACH
    assert set(tags[words == 0]) == {UNSURE}


def test_no_line_of_the_benchmark_is_a_template() -> None:
    office = ROOT / "benchmarks" / "office"
    seen = {line.strip() for path in office.glob("*.txt") if path.name != "names.txt" for line in path.open(encoding="utf-8")}  # fmt: skip  # noqa: E501
    seen = {line for line in seen if len(line) > 30}
    templates = {line.strip() for path in FOLDER.glob("*.txt") for line in path.open(encoding="utf-8")}
    assert not seen & templates


# A line that both had before this test: a debt until the weights are made anew, told in CARD.md.
SHARED_LINE = {("the", "grant", "will", "be", "paid"), ("grant", "will", "be", "paid", "in")}


def test_no_five_words_in_a_row_of_the_part_that_is_kept_aside_are_in_a_template() -> None:
    """Slots apart. The parts "first" and "second" have taught us: the figures are those of "last"."""
    kept = {run for path in (ROOT / "benchmarks/office").glob("*_last.txt") for run in five_words(path)}
    assert len(kept) > 500
    assert {run for path in FOLDER.glob("s*.txt") for run in five_words(path)} & kept == SHARED_LINE


def five_words(path: Path) -> Iterator[tuple[str, ...]]:
    """The runs of five words within the lines of a file that hold no slot."""
    for line in path.read_text(encoding="utf-8").splitlines():
        for piece in re.split(r"\{\w+\}|\\[nt]", line.lower()):
            words = re.findall(r"[a-z']+", piece)
            yield from zip(*(words[at:] for at in range(5)), strict=False)


def test_a_stretch_with_more_distinct_words_than_fit_is_refused() -> None:
    words = np.asarray([7, 0, 7, 9, 3, 3], np.int32)
    padded, places = distinct_words(words, 5)
    assert (padded[places].tolist(), len(padded)) == (words.tolist(), 5)
    with pytest.raises(ValueError, match="4 distinct words in a stretch of 6, and room for 3"):
        distinct_words(words, 3)
