"""Texts go in, the name tags of our own small model come out, in the form of those of Rampart and many times faster.

Each distinct word is described once: its rows of the table are added up to a vector. A narrow network then reads the
vectors of many texts as one long row. The recipe is training/names, its CARD.md the card of the model.
"""

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from io import BytesIO
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detectors.onnx_session import one_thread_session
from detectors.rampart import ModelError, Tag
from detectors.tagger_words import rows, split

FOLDER = "weights"
SUMS = "names.sha256"
REACH = 15  # words to each side that the network sees: so many empty ones keep two texts apart
ROW = 768  # words that are read at once: so the layers stay in the cache of a core
WORDS = 1 << 15  # distinct words that are kept
DESCRIBED = 256  # new words whose rows are added up at once: more leave the cache of a core, and take memory
THRESHOLD = 0.08
THING = 0.97  # mean chance of a thing from which words are one: whom the lists know is seldom one
AROUND = 1000  # characters to each side in which that is read
OTHER, GIVEN, SURNAME, TITLE, FIRM, STREET, PLACE = range(7)
_BLANK = re.compile(r"\s")
LABELS = {GIVEN: "GIVEN_NAME", SURNAME: "SURNAME"}


@dataclass(slots=True)
class _Words:
    """The vectors of the words that were met; number 0 is the gap between texts."""

    numbers: dict[str, int]
    vectors: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Model:
    session: Any
    table: NDArray[np.int8]
    scale: NDArray[np.float32]
    rare: tuple[frozenset[int], frozenset[int]]
    words: _Words = field(repr=False)


def tag(texts: Sequence[str], threshold: float = THRESHOLD) -> list[list[Tag]]:
    """The words of each text that may be names, in order of their start.

    Raises:
        ModelError: the weights are missing or are not those that the recipe recorded.
    """
    model = load_model()
    pieces = [split(text) for text in texts]
    row = _numbered(model, pieces)
    if not len(row):
        return [[] for _ in texts]
    chances = _read(model, row)
    people, things = _of_people(chances), _of_things(chances)
    found, at = [], REACH
    for words in pieces:
        own = slice(at, at + len(words))
        found.append(_tags(words, people[own], things[own], chances[own], threshold))
        at += len(words) + REACH
    return found


def street_chance(text: str, start: int, end: int) -> float:
    """The highest chance that a word of `text[start:end]` is part of the name of a street, 0 to 1.

    Raises:
        ModelError: as tag() does.
    """
    _, chances = _within(text, start, end)
    return float(chances[:, STREET].max(initial=0.0))


def takes_for_thing(text: str, start: int, end: int) -> bool:
    """Whether the tagger takes the words of `text[start:end]` for a firm, a place or another thing.

    Raises:
        ModelError: as tag() does.
    """
    return thing_chance(text, start, end) >= THING


def thing_chance(text: str, start: int, end: int) -> float:
    """The mean chance that the words of `text[start:end]` belong to a firm, a place or another thing, 0 to 1.

    Raises:
        ModelError: as tag() does.
    """
    # Cut at blanks, so that no word becomes another: the first keeps the blank before it.
    low = _BLANK.search(text, max(0, start - AROUND), start) if start > AROUND else None
    high = max(text.rfind(blank, end, end + AROUND) for blank in " \n\t") if len(text) > end + AROUND else -1
    first = low.start() if low else max(0, start - 1) if start > AROUND else 0
    words, chances = _within(text[first : high if high > 0 else end + AROUND], start - first, end - first)
    chances = chances[[word.strip(" ")[:1].isalpha() for word in words]]
    return float(_of_things(chances).mean()) if len(chances) else 0.0


def _within(text: str, start: int, end: int) -> tuple[list[str], NDArray[np.float32]]:
    """The words of `text[start:end]` and the chances of their tags; no word beyond the network's reach is read."""
    model, words = load_model(), split(text)
    ends = list(accumulate(map(len, words)))
    first, last = bisect_right(ends, start), bisect_left(ends, end) + 1
    low = max(0, first - REACH)
    if not words[first:last]:
        return [], np.zeros((0, PLACE + 1), np.float32)
    row = _numbered(model, [words[low : last + REACH]])
    return words[first:last], _read(model, row)[REACH + first - low : REACH + last - low]


def _of_people(chances: NDArray[np.float32]) -> NDArray[np.float32]:
    return chances[:, GIVEN] + chances[:, SURNAME]


def _of_things(chances: NDArray[np.float32]) -> NDArray[np.float32]:
    return chances[:, FIRM] + chances[:, STREET] + chances[:, PLACE]


def installed_files() -> dict[str, bytes]:
    """The bytes of the model's files.

    Raises:
        ModelError: a file is missing or is not the one that the recipe recorded.
    """
    folder = files("detectors") / FOLDER
    found: dict[str, bytes] = {}
    try:
        recorded = (folder / SUMS).read_text(encoding="utf-8")
        for line in recorded.splitlines():
            expected, name = line.split()
            found[name] = (folder / name).read_bytes()
            if hashlib.sha256(found[name]).hexdigest() != expected:
                raise ModelError(f"{FOLDER}/{name} of whosedata is not the file that {SUMS} records; install it again")
    except (OSError, ValueError) as error:
        if isinstance(error, ModelError):
            raise
        raise ModelError(f"the weights of the name tagger are incomplete ({error}); install whosedata again") from error
    return found


@cache
def load_model() -> _Model:
    """The model, loaded and checked once per process."""
    content = installed_files()
    session = one_thread_session(content["names.onnx"])
    table, scale, given, surnames = (
        np.load(BytesIO(content[f"names_{name}.npy"]), allow_pickle=False)
        for name in ("table", "scale", "given", "surnames")
    )
    rare = (frozenset(given.tolist()), frozenset(surnames.tolist()))
    empty = _Words({"": 0}, np.zeros((1024, table.shape[1]), np.float32))
    return _Model(session, table, scale, rare, empty)


def _numbered(model: _Model, pieces: Sequence[list[str]]) -> NDArray[np.int32]:
    """The texts' words as numbers in one row, with gaps before, between and behind."""
    if len(model.words.numbers) > WORDS:
        model.words.numbers = {"": 0}
    numbers = model.words.numbers
    new = [word for word in dict.fromkeys(word for words in pieces for word in words) if word not in numbers]
    if new:
        _describe(model, new)
    gap = [0] * REACH
    row = list(gap)
    for words in pieces:
        row += map(numbers.__getitem__, words)
        row += gap
    return np.asarray(row if len(row) > REACH else (), dtype=np.int32)


def _describe(model: _Model, new: Sequence[str]) -> None:
    """Give each new word its number and its vector."""
    words = model.words
    first, last = len(words.numbers), len(words.numbers) + len(new)
    if last > len(words.vectors):
        more = np.zeros((last * 2 - len(words.vectors), words.vectors.shape[1]), np.float32)
        words.vectors = np.concatenate([words.vectors, more])
    words.numbers.update(zip(new, range(first, last), strict=True))
    for low in range(0, len(new), DESCRIBED):
        vectors = _vectors(model, new[low : low + DESCRIBED])
        words.vectors[first + low : first + low + len(vectors)] = vectors


def _vectors(model: _Model, words: Sequence[str]) -> NDArray[np.float32]:
    """The sum of each word's rows, of its triples of letters the mean."""
    flat, starts, shares = list[int](), list[int](), list[float]()
    for word in words:
        added, triples = rows(word, model.rare)
        starts.append(len(flat))
        flat += added
        flat += triples
        shares += [1.0] * len(added) + [1 / max(1, len(triples))] * len(triples)
    weight = model.scale[flat] * np.asarray(shares, np.float32)
    vectors: NDArray[np.float32] = np.add.reduceat(model.table[flat] * weight[:, None], starts, axis=0)
    return vectors


def _read(model: _Model, row: NDArray[np.int32]) -> NDArray[np.float32]:
    """The chances of each word's tags: the row is read in stretches that overlap as far as the network sees."""
    found = []
    for first in range(0, len(row), ROW):
        low = max(0, first - REACH)
        vectors = model.words.vectors[row[low : first + ROW + REACH]]
        (chances,) = model.session.run(None, {"vectors": vectors})
        found.append(chances[first - low : first - low + ROW])
    return np.concatenate(found)


def _tags(
    words: Sequence[str],
    people: NDArray[np.float32],
    things: NDArray[np.float32],
    chances: NDArray[np.float32],
    threshold: float,
) -> list[Tag]:
    likely = np.flatnonzero(people >= threshold)
    if not len(likely):
        return []
    ends = np.cumsum(np.fromiter(map(len, words), np.int64, len(words)))
    found = []
    for place in likely.tolist():
        word = words[place]
        bare = word.lstrip(" ")
        if not bare[:1].isalpha():
            continue
        end = int(ends[place])
        label = LABELS[GIVEN if chances[place, GIVEN] > chances[place, SURNAME] else SURNAME]
        score, thing = round(float(people[place]), 3), round(float(things[place]), 3)
        found.append(Tag(label, end - len(bare), end, score, thing))
    return found
