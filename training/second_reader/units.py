"""Papers, taught passages and labelled tweets go in, lines and sentences come out as tokens, their kinds and tags."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detectors.names_unsure import units
from detectors.rampart import Model
from detectors.token_kinds import NO_WORD, kinds
from training.names import corpus
from training.names.headings import headings, vocabulary
from training.names.invent import GIVEN, SURNAME, Inventor, Mark, Page
from training.names.people import Pool

TAUGHT = Path(__file__).parents[1] / "names" / "taught.jsonl.xz"
PAPERS, HEADINGS, SHORT = 8_000, 3_000, 5_000
OF_WORDS, OF_SMALL = 0.5, 0.25  # share of the units without a name that are kept: with capitals, without
UNNAMED = 0.3  # share of the passages without a name that are kept
UNLISTED = 0.15  # share of the units that are read without the lists
OF_PEOPLE = 0.7  # share of the short lines that are about people
_PEOPLE = ("{1f}", "{1f}", "{1f}", "{1f}", "{1g}", "{1s}", "{1i}", "{1t}", "{1r}")
_THINGS = (
    "{firm}", "{firm}", "{school}", "{hospital}", "{charity}", "{work}", "{pub}", "{street}", "{town}", "{dept}",
    "{words}",
)  # fmt: skip
LENGTHS = (16, 24, 32, 48, 64, 96, 128)  # tokens with the two marks; longer units are left out
TOKENS = 2048  # of one step


class Unit(NamedTuple):
    """The tokens of a line or sentence, their kinds, and the tags of those whose tag is asked for."""

    ids: list[int]
    kinds: list[int]
    tags: list[int]


def every_unit(model: Model, pool: Pool, data: Path, seed: int) -> list[Unit]:
    """All units of one training, in no order."""
    rng, found = random.Random(seed), list[Unit]()
    passages = corpus.taught(TAUGHT)
    of_papers = corpus.invented(pool, 5000 + seed, PAPERS, whole_too=False)
    papers = [*of_papers, *headings(vocabulary(passages), 5000 + seed, HEADINGS)]
    for labelled in (*papers, *short_lines(pool, 5000 + seed, SHORT)):
        found += _units(model, labelled, rng)
    for tweet in corpus.tweets(data):
        found += _twice(model, tweet, pool, rng)
    for passage in passages:
        if _is_named(passage) or rng.random() < UNNAMED:
            found += _twice(model, passage, pool, rng)
    return found


def short_lines(pool: Pool, seed: int, count: int) -> Iterator[corpus.Labelled]:
    """So many headings, subjects and cells of a few words, most with a name in them: "Re: Jane Smith"."""
    inventor = Inventor(pool, seed)
    for _ in range(count):
        page, rng = Page(), inventor.rng
        of_people = rng.random() < OF_PEOPLE
        if rng.random() < 0.5:  # as a cell is read, behind its heading
            page.add(f"{inventor.pick('header_other') if rng.random() < 0.3 else 'Value'}: ")
        slot = rng.choice(_PEOPLE if of_people else _THINGS)
        inventor.fill(page, inventor.shape("short").replace("{}", slot), inventor.cast())
        yield page.text, page.marks


def _twice(model: Model, labelled: corpus.Labelled, pool: Pool, rng: random.Random) -> Iterator[Unit]:
    """The units of a real text, and if it names somebody also with other names."""
    yield from _units(model, corpus.cased(labelled, rng), rng)
    if _is_named(labelled):
        yield from _units(model, corpus.cased(corpus.renamed(labelled, pool, rng), rng), rng)


def _is_named(labelled: corpus.Labelled) -> bool:
    return any(mark.kind in {GIVEN, SURNAME} for mark in labelled[1])


def _units(model: Model, labelled: corpus.Labelled, rng: random.Random) -> Iterator[Unit]:
    text, marks = labelled
    for low, high in units(text):
        piece = text[low:high]
        own = [Mark(max(a, low) - low, min(b, high) - low, kind) for a, b, kind in marks if a < high and b > low]
        capitals = sum(word[0].isupper() for word in piece.split())
        share = 1.0 if any(mark.kind for mark in own) else OF_WORDS if capitals > 1 or piece.islower() else OF_SMALL
        unit = encoded(model, piece, own, listed=rng.random() >= UNLISTED) if rng.random() < share else None
        if unit:
            yield unit


def encoded(model: Model, text: str, marks: Sequence[Mark], *, listed: bool = True) -> Unit | None:
    """A text with its marks as a unit; None if it has no letter or too many tokens."""
    tokens = model.tokenizer.encode(text, add_special_tokens=False)
    if not any(map(str.isalpha, text)) or not 0 < len(tokens.ids) <= LENGTHS[-1] - 2:
        return None
    of_letters = np.zeros(len(text) + 1, np.int8)
    for start, end, kind in marks:
        of_letters[start:end] = kind
    tags = []
    for start, _ in tokens.offsets:
        tag = int(of_letters[start])
        # A hyphen or a stop within a name is not asked for.
        tags.append(corpus.UNSURE if tag in {GIVEN, SURNAME} and not text[start].isalnum() else tag)
    of_tokens = kinds(text, tokens.offsets, listed=listed)
    return Unit(
        [model.begin, *tokens.ids, model.finish],
        [NO_WORD, *of_tokens, NO_WORD],
        [corpus.UNSURE, *tags, corpus.UNSURE],
    )


def batches(found: Sequence[Unit], rng: random.Random) -> list[tuple[NDArray[np.int32], ...]]:
    """Tokens, kinds, which of them are there, and tags (units, tokens): units of like length together, in no order."""
    by_length: dict[int, list[Unit]] = defaultdict(list)
    for unit in found:
        by_length[next(length for length in LENGTHS if len(unit.ids) <= length)].append(unit)
    made = []
    for length in LENGTHS:
        own, many = by_length[length], TOKENS // length
        rng.shuffle(own)
        made += [_padded(own[at : at + many], length) for at in range(0, len(own) - many + 1, many)]
    rng.shuffle(made)
    return made


def _padded(own: Sequence[Unit], length: int) -> tuple[NDArray[np.int32], ...]:
    shape = (len(own), length)
    ids, there = np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    of_tokens, tags = np.full(shape, NO_WORD, np.int32), np.full(shape, corpus.UNSURE, np.int32)
    for row, unit in enumerate(own):
        size = len(unit.ids)
        ids[row, :size], of_tokens[row, :size], tags[row, :size], there[row, :size] = *unit, 1
    return ids, of_tokens, there, tags
