"""Taught passages, tweets and invented papers go in, the weights of the name tagger come out. Seeded.

    python -m training.names.learn ../shared/data [--rounds 4] [--seed 1] [--checkpoint PATH]

Nine minutes on one quiet core. What is written is a running mean of the weights, which erred no
more than the last ones. After each round it is written, and a checkpoint from which a later run goes on.
"""

import argparse
import random
import time
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from detectors.name_lists import plain
from detectors.tagger_words import IDENTITY, LISTS_FROM, checksum, rows
from training.adam import first_moments, stepped
from training.checkpoint import CheckpointError, digest, keep, kept
from training.names import corpus
from training.names.export import write
from training.names.headings import headings, vocabulary
from training.names.network import Weights, first_weights, logits, word_vectors
from training.names.people import read_pool
from training.names.sentences import FOLDER

TAUGHT = Path(__file__).parent / "taught.jsonl.xz"
WORDS, DISTINCT = 8192, 4096  # of one step
ADDED, GRAMS = 24, 24
PAPERS = 51_000  # of one round
HEADINGS, HEADINGS_FROM = 25_000, 3  # of the last round, when it knows names: the others are about people
RATE, LEAST_RATE = 3e-3, 1e-4
SEED = 1  # of those tried the best by the figures of CARD.md that keeps every floor of the tests
EVERY, NEW = 10, 0.02  # the running mean takes in the weights of every tenth step by this share
_UNKNOWN_WORD, _NO_LISTS, _NO_GRAMS = 0.25, 0.2, 0.15  # how often a word is shown without them


class Rows:
    """The rows of every word that was seen, as arrays that grow."""

    def __init__(self, rare: tuple[frozenset[int], frozenset[int]]) -> None:
        self.rare, self.added, self.grams = rare, np.zeros((0, ADDED), np.int32), np.zeros((0, GRAMS), np.int32)

    def grow(self, numbers: dict[str, int]) -> None:
        """Make the rows of the words that are new."""
        old, words = len(self.added), list(numbers)
        added = np.full((len(words) - old, ADDED), -1, np.int32)
        grams = np.full((len(words) - old, GRAMS), -1, np.int32)
        for place, word in enumerate(words[old:]):
            if word:
                whole, triples = rows(word, self.rare)
                added[place, : len(whole)] = whole
                grams[place, : len(triples)] = triples
        self.added, self.grams = np.concatenate([self.added, added]), np.concatenate([self.grams, grams])


def loss(weights: Weights, added: Any, grams: Any, places: Any, tags: Any) -> Any:
    """The mean surprise at the tags of one row of words."""
    vectors = word_vectors(weights["table"], added, grams)[places]
    chances = jax.nn.log_softmax(logits(weights, vectors))
    known = tags >= 0
    own = jnp.take_along_axis(chances, jnp.maximum(tags, 0)[:, None].astype(jnp.int32), axis=1)[:, 0]
    return -(own * known).sum() / jnp.maximum(known.sum(), 1)


@partial(jax.jit, donate_argnums=(0, 1))
def step(weights: Weights, moments: Any, rate: Any, turn: Any, batch: tuple[Any, ...]) -> tuple[Weights, Any, Any]:
    """One step of Adam."""
    value, slopes = jax.value_and_grad(loss)(weights, *batch)
    weights, moments = stepped(weights, moments, slopes, rate, turn)
    return weights, moments, value


@jax.jit
def blended(mean: Weights, weights: Weights) -> Weights:
    """The running mean with the weights of one more step in it."""
    return jax.tree.map(lambda old, new: (1 - NEW) * old + NEW * new, mean, weights)


def hidden_now_and_then(rng: np.random.Generator, added: Any, grams: Any) -> tuple[Any, Any]:
    """The rows of a step's words, some without which word it is, some without the lists, some without triples."""
    added, grams = added.copy(), grams.copy()
    added[rng.random(len(added)) < _UNKNOWN_WORD, :IDENTITY] = -1
    added[rng.random(len(added)) < _NO_LISTS, LISTS_FROM:] = -1
    grams[rng.random(len(grams)) < _NO_GRAMS] = -1
    return added, grams


def texts_of_round(number: int, data: Path, pool: Any) -> list[corpus.Labelled]:
    """What one round reads, in its order."""
    rng = random.Random(f"round {number}")
    passages = corpus.taught(TAUGHT)
    real = passages * 2 + [one for one in corpus.tweets(data) for _ in range(3)]
    texts = [corpus.cased(one, rng) for one in real]
    named = [one for one in real if any(mark.kind in {corpus.GIVEN, corpus.SURNAME} for mark in one[1])]
    texts += [corpus.cased(corpus.renamed(one, pool, rng), rng) for one in named]
    texts += corpus.invented(pool, 1000 + number, PAPERS)
    if number >= HEADINGS_FROM:
        texts += headings(vocabulary(passages), number, HEADINGS)
    rng.shuffle(texts)
    return texts


def main() -> None:
    """Train, round by round."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--checkpoint", type=Path, default=Path("names-checkpoint.pickle"))
    options = parser.parse_args()
    pool = read_pool(options.data)
    rare = tuple(frozenset(checksum(plain(name)) for name in names) for names in (pool.rare_given, pool.rare_surnames))
    table, numbers = Rows(rare), {"": 0}
    templates = (path.read_bytes() for path in sorted(FOLDER.glob("*.txt")))
    made_of = digest((f"{options.seed}, {options.rounds}".encode(), TAUGHT.read_bytes(), *templates))
    try:
        state = kept(options.checkpoint, made_of) or (first_weights(options.seed), None, 0, 0, None)
    except CheckpointError as error:
        parser.error(str(error))
    weights, moments, turn, begun, mean = state
    weights = jax.tree.map(jnp.asarray, weights)
    moments = jax.tree.map(jnp.asarray, moments) or first_moments(weights)
    mean = jax.tree.map(jnp.array, mean or weights)  # a copy: a step gives its own away
    for number in range(begun, options.rounds):
        words, tags = corpus.encode(texts_of_round(number, options.data, pool), numbers)
        table.grow(numbers)
        rng, began, sum_of_losses = np.random.default_rng(number + 1000 * (options.seed - 1)), time.time(), 0.0
        steps = len(words) // WORDS
        for place in range(steps):
            stretch = slice(place * WORDS, (place + 1) * WORDS)
            padded, places = corpus.distinct_words(words[stretch], DISTINCT)
            rows_of = hidden_now_and_then(rng, table.added[padded], table.grams[padded])
            turn += 1
            done = (number + place / steps) / options.rounds
            rate = (LEAST_RATE + (RATE - LEAST_RATE) * 0.5 * (1 + np.cos(np.pi * done))) * min(1, turn / 100)
            batch = (*rows_of, places, tags[stretch])
            weights, moments, value = step(weights, moments, np.float32(rate), np.float32(turn), batch)
            sum_of_losses += float(value)
            mean = blended(mean, weights) if place % EVERY == EVERY - 1 else mean
            if place % 50 == 49:
                print(f"round {number} step {place + 1} of {steps}: loss {sum_of_losses / 50:.4f}, "
                      f"{(place + 1) * WORDS / (time.time() - began):,.0f} words a second", flush=True)  # fmt: skip
                sum_of_losses = 0.0
        own = [jax.tree.map(np.asarray, one) for one in (weights, moments, mean)]
        keep(options.checkpoint, (*own[:2], turn, number + 1, own[2]), made_of)
        write(own[2], rare)


if __name__ == "__main__":
    main()
