"""The invented papers that the name tagger learns from: seeded, marked where names stand, not the benchmark's."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from detectors.name_lists import look_up
from training.names.corpus import REACH, UNSURE, distinct_words, encode, invented
from training.names.invent import FIRM, FOLDER, GIVEN, PLACE, STREET, SURNAME, Inventor, Page
from training.names.people import Person, Pool, read_pool

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


def test_no_five_words_in_a_row_of_the_part_that_is_kept_aside_are_in_a_template() -> None:
    """Slots apart. The parts "first" and "second" have taught us: the figures are those of "last"."""
    kept = {run for path in (ROOT / "benchmarks/office").glob("*_last.txt") for run in five_words(path)}
    assert len(kept) > 500
    assert not {run for path in FOLDER.glob("*.txt") for run in five_words(path)} & kept


def test_things_that_are_called_like_people_are_marked_as_things(pool: Pool) -> None:
    page = Page()
    Inventor(pool, 3).fill(page, "Ask {1f} for the {xf} whisky from «Ted Baker».", {"1": Person("Will", "Page")})
    marked = {page.text[mark.start : mark.end]: mark.kind for mark in page.marks}
    assert marked.pop("Ted Baker") == FIRM
    assert (marked.pop("Will"), marked.pop("Page")) == (GIVEN, SURNAME)
    assert list(marked.values()) == [FIRM]
    assert page.text.startswith("Ask Will Page for the ")
    assert page.text.endswith(" whisky from Ted Baker.")


def test_a_template_names_somebody_in_full_or_by_one_part(pool: Pool) -> None:
    page = Page()
    Inventor(pool, 3).fill(page, "‹Mary Ann Field›, ‹g:Grace› and Mr ‹s:Lake›", {})
    assert page.text == "Mary Ann Field, Grace and Mr Lake"
    assert [(page.text[mark.start : mark.end], mark.kind) for mark in page.marks] == [
        ("Mary", GIVEN), ("Ann", GIVEN), ("Field", SURNAME), ("Grace", GIVEN), ("Lake", SURNAME),
    ]  # fmt: skip


def test_sentences_about_nobody_have_no_slot_for_a_person(pool: Pool) -> None:
    inventor = Inventor(pool, 1)
    assert len(inventor.things) > 1000
    assert len(inventor.beside) > 600
    somebody = re.compile(r"\{\d[fgstTrRikumF]\}|‹")
    assert not [line for line in inventor.things + inventor.nobody if somebody.search(line)]
    assert not [line for line in inventor.beside if not somebody.search(line)]


def test_streets_and_places_that_a_template_names_are_marked_as_such(pool: Pool) -> None:
    page = Page()
    Inventor(pool, 3).fill(page, "«Dean Street», «Kelso» and «Ted Baker»", {})
    assert [mark.kind for mark in page.marks] == [STREET, PLACE, FIRM]


def test_many_sentences_are_among_things_and_some_people_are_called_like_them(pool: Pool) -> None:
    inventor = Inventor(pool, 2)
    beside, things, namesakes = set(inventor.beside), set(inventor.things), set(inventor.namesakes + inventor.many_bear)
    drawn = [(inventor.line(True), inventor.line(False)) for _ in range(400)]
    assert 120 < sum(line in beside for line, _ in drawn) < 200
    assert 120 < sum(line in things for _, line in drawn) < 200
    assert 100 < sum(bool(namesakes & set(inventor.cast().values())) for _ in range(400)) < 220


def test_names_that_are_words_or_things_are_borne(pool: Pool) -> None:
    assert {"Will", "Mark", "Rose"} <= set(pool.words_given)
    assert {"Sharp", "Page"} <= set(pool.words_surnames)
    assert {"Everton", "Winston"} <= set(pool.things_given)
    assert not {"She", "You", "The"} & {*pool.things_given, *pool.things_surnames}


def test_somebody_may_be_called_like_a_thing(pool: Pool) -> None:
    namesakes = Inventor(pool, 1).namesakes
    assert Person("Ted", "Baker") in namesakes
    assert not [one for one in namesakes if one.given[0].islower() or not look_up(one.given).given]
    assert len(namesakes) > 100


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
