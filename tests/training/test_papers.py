"""The invented papers that the name tagger learns from: seeded, marked where names stand, not the benchmark's."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

import close_calls
import numpy as np
import office_texts
import pytest

from detectors.name_kinds import kinds
from training.names.corpus import REACH, UNSURE, distinct_words, encode, invented
from training.names.invent import FIRM, GIVEN, PLACE, STREET, SURNAME, Inventor, Page
from training.names.people import Person, Pool, read_pool, somebody
from training.names.sentences import FOLDER, sentences

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


@pytest.mark.parametrize("part", ["last", "kept"])
def test_no_five_words_in_a_row_of_a_part_that_is_kept_aside_are_in_a_template(part: str) -> None:
    """Slots apart. The parts "first" and "second" have taught us: the figures are those of "last" and "kept"."""
    kept = {run for path in (ROOT / "benchmarks/office").glob(f"*_{part}.txt") for run in five_words(path)}
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
    assert len(inventor.prose) > 1000
    assert len(inventor.prose_of_things) > 500
    somebody = re.compile(r"\{\d[fgstTrRikumF]\}|‹")
    nobody = inventor.things + inventor.nobody + inventor.prose_of_things
    assert not [line for line in nobody if somebody.search(line)]
    assert not [line for line in inventor.beside + inventor.prose if not somebody.search(line)]


def test_whole_papers_have_people_and_only_slots_that_are_filled(pool: Pool) -> None:
    inventor = Inventor(pool, 6)
    assert len(inventor.papers) > 800
    assert len(set(inventor.papers)) == len(inventor.papers)
    assert not [paper for paper in inventor.papers if not re.search(r"\{\d[fgstTrRi]\}", paper)]
    for template in inventor.papers:
        page = Page()
        inventor.fill(page, template, inventor.cast())
        assert not re.search(r"[{}]", page.text), template


def test_whole_papers_are_among_the_invented_ones_unless_they_are_left_out(pool: Pool) -> None:
    """The second reader learns without them; each of both recipes is one stream of chance."""
    lines = {line.casefold() for one in Inventor(pool, 3).papers for line in one.split("\n") if "{" not in line}
    longer = {line for line in lines if len(line) > 30}
    with_them, without = (
        sum(not longer.isdisjoint(text.casefold().split("\n")) for text, _ in invented(pool, 3, 1000, whole_too=too))
        for too in (True, False)
    )
    assert with_them > 20
    assert without == 0


def test_some_people_have_letters_that_english_lacks(pool: Pool) -> None:
    rng = random.Random(4)
    people = [somebody(pool, rng) for _ in range(2000)]
    foreign = [one for one in people if not one.given.isascii() and one.given[-1:].isalpha()]
    assert 40 < len(foreign) < 400
    assert all(len(one.given) > 1 for one in foreign)


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
    assert Person("Burges", "Salmon") not in namesakes
    assert len(namesakes) > 100


def test_no_five_words_in_a_row_of_the_close_calls_are_in_a_template() -> None:
    office = ROOT / "benchmarks/office"
    plain = (office / "plain.txt").read_text(encoding="utf-8").splitlines()[1:]
    lines = [*close_calls.SENTENCES, *close_calls.LONE, *plain, *(text for text, _ in close_calls.people())]
    kept = {run for line in lines for run in words_in_a_row(line)} | set(five_words(office / "trapped_wide.txt"))
    assert len(kept) > 1500
    sentences = [path for path in FOLDER.glob("*.txt") if path.name != "lists.txt"]  # a prize has a name of five words
    assert not {run for path in sentences for run in five_words(path)} & kept


def test_no_sentence_of_the_close_calls_is_a_template_with_other_slots() -> None:
    sentences = [*close_calls.SENTENCES, *close_calls.LONE, *close_calls.SHORT]
    for file in ("plain.txt", "close_people.txt"):
        sentences += (ROOT / "benchmarks/office" / file).read_text(encoding="utf-8").splitlines()
    templates = {without_names(line) for path in FOLDER.glob("*.txt") for line in path.open(encoding="utf-8")}
    assert without_names("{1f} is at ‹Will Page›'s.") == without_names("{} is at [Jane Roe]'s") == "{} is at {} 's"
    assert not {without_names(line) for line in sentences if line} & templates


def test_plain_office_sentences_speak_of_no_kind() -> None:
    """Somebody called like a thing must not be lost: nine in ten of the kinds are told of by at most five sentences."""
    lines = [line.lower() for line in sentences("sentences.txt")[0]]
    patterns = [re.compile(rf"\b(?:{'|'.join(map(re.escape, said))})\b") for said in kinds().said]
    told = sorted(sum(bool(pattern.search(line)) for line in lines) for pattern in patterns)
    assert len(lines) > 500
    assert told[len(told) * 9 // 10] <= 5, told
    usual = {word for said in kinds().said for word in said if sum(f" {word} " in f" {line} " for line in lines) > 2}
    assert not usual


def without_names(line: str) -> str:
    """The words of a line, and where a slot or a name is marked in it."""
    slots = re.sub(r"\{[^}]*\}|«[^»]*»|‹[^›]*›|\[[^]]*\]", " {} ", line.lower())
    return " ".join(re.findall(r"[a-z']+|\{\}", slots))


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
