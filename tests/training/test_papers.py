"""The invented papers that the name tagger learns from: seeded, marked where names stand, not the benchmark's."""

import re
from collections.abc import Iterator
from pathlib import Path

import close_calls
import numpy as np
import office_texts
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


def test_no_five_words_in_a_row_of_the_close_calls_are_in_a_template() -> None:
    office = ROOT / "benchmarks/office"
    lines = [*close_calls.SENTENCES, *close_calls.LONE, *(text for text, _ in close_calls.people())]
    kept = {run for line in lines for run in words_in_a_row(line)} | set(five_words(office / "trapped_wide.txt"))
    assert len(kept) > 1500
    assert not {run for path in FOLDER.glob("s*.txt") for run in five_words(path)} & kept


def test_the_wide_part_has_many_names_of_each_group_and_lines_of_its_own() -> None:
    assert len(office_texts.groups("wide")) == 11
    for group in office_texts.groups("wide"):
        assert min(len(set(group.given)), len(set(group.surnames))) >= 30, group.group
    written = [len(set(office_texts._templates(part))) for part in ("first", "second", "wide")]
    assert written[2] == written[0] + written[1]
    papers = office_texts.papers("wide", 60)
    names = {paper.text[start:end].split()[0].lower() for paper in papers for start, end in paper.people}
    assert len(names) > 200
    assert not [paper for paper in papers if "{" in paper.text]
    assert len(set(office_texts.traps("wide"))) == 260


def test_brackets_tell_where_people_stand_in_the_close_calls() -> None:
    lines = close_calls.people()
    assert len(lines) == 260
    assert all(spans and not set("[]") & set(text) for text, spans in lines)
    text, spans = lines[0]
    assert [text[start:end] for start, end in spans] == ["Priya Nair"]
    (text, [(start, end)]), *_ = close_calls.ordinary(1, 3)
    assert len(text[start:end].split()) == 2
    assert [len(words) for words in close_calls.words()] == [66, 107]


def five_words(path: Path) -> Iterator[tuple[str, ...]]:
    """The runs of five words within the lines of a file that hold no slot."""
    for line in path.read_text(encoding="utf-8").splitlines():
        yield from words_in_a_row(line)


def words_in_a_row(line: str) -> Iterator[tuple[str, ...]]:
    """The runs of five words of a line that hold no slot."""
    for piece in re.split(r"\{\w*\}|\\[nt]", line.lower()):
        words = re.findall(r"[a-z']+", piece)
        yield from zip(*(words[at:] for at in range(5)), strict=False)


def test_a_stretch_with_more_distinct_words_than_fit_is_refused() -> None:
    words = np.asarray([7, 0, 7, 9, 3, 3], np.int32)
    padded, places = distinct_words(words, 5)
    assert (padded[places].tolist(), len(padded)) == (words.tolist(), 5)
    with pytest.raises(ValueError, match="4 distinct words in a stretch of 6, and room for 3"):
        distinct_words(words, 3)
